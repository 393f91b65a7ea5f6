"""Repair issues: what only a person can put right, raised when it lasts, gone when it is over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from .chargers.config import configured_phase_map
from .chargers.detect import NativeFeature
from .const import DOMAIN, SUBENTRY_CHARGER
from .engine.decision import ReasonKey
from .engine.learned import contradiction
from .engine.phases import has_failed
from .engine.result import Result

_SOURCE_GONE_S = 30.0
"""An integration that reloads takes its entities away for a moment."""
_METER_FROZEN_S = 60.0
_LASTING_S = 300.0

_METER_LOST = frozenset(
    {ReasonKey.METER_STALE, ReasonKey.METER_ABSURD, ReasonKey.METER_RECOVERING}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that needs a person once it has lasted ``after_s``."""

    key: str
    about: str = ""
    """What of the site it is about: an entity or charger id."""
    after_s: float = 0.0
    placeholders: dict[str, str] = field(default_factory=dict, compare=False)
    repair: Mapping[str, str] | None = field(default=None, compare=False)
    """What the flow that repairs it has to know; None where there is no such flow."""


class IssueKeeper:
    """Raises and clears a config entry's repair issues.

    Time is the engine's clock, so that a clock that is set raises nothing.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Keep the issues of this entry."""
        self._hass = hass
        self._entry = entry
        self._since_s: dict[Trouble, float] = {}
        self._raised: dict[Trouble, str] = {}

    @callback
    def update(self, troubles: Iterable[Trouble], clock_s: float) -> None:
        """Raise what has lasted long enough and clear what is over.

        What a repair has taken away counts anew: it comes back if it did not help.
        """
        present = set(troubles)
        registry = ir.async_get(self._hass)
        for trouble, issue_id in list(self._raised.items()):
            if registry.async_get_issue(DOMAIN, issue_id) is None:
                del self._raised[trouble]
                self._since_s.pop(trouble, None)
        self._since_s = {
            trouble: self._since_s.get(trouble, clock_s) for trouble in present
        }
        for trouble in self._raised.keys() - present:
            ir.async_delete_issue(self._hass, DOMAIN, self._raised.pop(trouble))
        for trouble in present - self._raised.keys():
            if clock_s - self._since_s[trouble] >= trouble.after_s:
                self._raise(trouble)

    @callback
    def clear(self) -> None:
        """Clear all issues."""
        self.update((), 0.0)

    def _raise(self, trouble: Trouble) -> None:
        parts = (trouble.key, self._entry.entry_id, trouble.about)
        issue_id = "_".join(part for part in parts if part)
        self._raised[trouble] = issue_id
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            data={**trouble.repair} if trouble.repair else None,
            is_fixable=trouble.repair is not None,
            severity=ir.IssueSeverity.ERROR,
            translation_key=trouble.key,
            translation_placeholders={
                "site": self._entry.title,
                **trouble.placeholders,
            },
        )


def troubles(
    hass: HomeAssistant,
    entry: ConfigEntry,
    result: Result,
    uses: Iterable[tuple[str, str]],
    error: Exception | None,
) -> list[Trouble]:
    """Return what is wrong now.

    ``uses`` are the configured entities, each with the name of what uses it; ``error`` is what
    reading or deciding failed with.
    """
    found = [*_gone(hass, uses), *_meter(result), *_disobeying(entry, result)]
    found += _circuit_meters(entry, result)
    found += _miswired(entry, result)
    found += _stuck_phases(entry, result)
    found += _contradicted(entry, result)
    if result.state.operator.silent_s > 0.0:
        found.append(Trouble(key="operator_silent", after_s=_LASTING_S))
    if error is not None:
        text = f"{type(error).__name__}: {error}"
        found.append(Trouble(key="control_error", placeholders={"error": text}))
    return found


def battery_troubles(*, failed: bool) -> list[Trouble]:
    """Return what is wrong with the home battery, ``failed`` being whether it takes no commands."""
    return [Trouble(key="battery_not_holding")] if failed else []


def planning_troubles(
    error: Exception | None, missing_prices: Iterable[str] = ()
) -> list[Trouble]:
    """Return what is wrong with planning, ``error`` being what it last failed with.

    ``missing_prices`` are the entities that have told no price for long.
    """
    found = [
        Trouble(
            key="prices_missing",
            about=entity_id,
            after_s=_LASTING_S,
            placeholders={"entity_id": entity_id},
        )
        for entity_id in missing_prices
    ]
    if error is not None:
        text = f"{type(error).__name__}: {error}"
        found.append(Trouble(key="planning_failed", placeholders={"error": text}))
    return found


def native_troubles(
    entry: ConfigEntry, found: Iterable[tuple[ConfigSubentry, NativeFeature, str]]
) -> list[Trouble]:
    """Return what chargers do by themselves and must not.

    Each feature comes with its charger and its name in words.
    """
    return [
        Trouble(
            key="native_feature",
            about=f"{charger.subentry_id}_{feature.entity_id}",
            after_s=_LASTING_S,
            placeholders={
                "name": charger.title,
                "feature": name,
                "entity_id": feature.entity_id,
            },
            repair={
                "entry_id": entry.entry_id,
                "charger_id": charger.subentry_id,
                "entity_id": feature.entity_id,
            },
        )
        for charger, feature, name in found
        if feature.fights
    ]


def _gone(hass: HomeAssistant, uses: Iterable[tuple[str, str]]) -> list[Trouble]:
    """Return the entities that neither have a state nor stand in the registry."""
    if hass.state is not CoreState.running:
        return []
    registry = er.async_get(hass)
    return [
        Trouble(
            key="source_gone",
            about=entity_id,
            after_s=_SOURCE_GONE_S,
            placeholders={"entity_id": entity_id, "name": name},
        )
        for entity_id, name in uses
        if hass.states.get(entity_id) is None and registry.async_get(entity_id) is None
    ]


def _meter(result: Result) -> list[Trouble]:
    lost = result.state.meter.lost
    if lost == ReasonKey.METER_FROZEN:
        return [Trouble(key="meter_frozen", after_s=_METER_FROZEN_S)]
    if lost in (ReasonKey.METER_SIGN, ReasonKey.METER_IMPLAUSIBLE):
        return [Trouble(key=lost, after_s=_METER_FROZEN_S)]
    if lost in _METER_LOST:
        return [Trouble(key="meter_stale", after_s=_LASTING_S)]
    return []


def _circuit_meters(entry: ConfigEntry, result: Result) -> list[Trouble]:
    """Return the circuits whose own meter is not believed."""
    return [
        Trouble(
            key="circuit_meter_lost",
            about=key,
            after_s=_LASTING_S,
            placeholders={"name": subentry.title},
        )
        for key, watch in result.state.circuits.items()
        if watch.lost is not None
        and (subentry := entry.subentries.get(key)) is not None
    ]


def _disobeying(entry: ConfigEntry, result: Result) -> list[Trouble]:
    return [
        Trouble(
            key="not_obeying",
            about=decision.charger_id,
            after_s=_LASTING_S,
            placeholders={
                "name": subentry.title,
                "offered": f"{decision.offer_a:g}",
            },
        )
        for decision in result.decisions
        if decision.reason.key is ReasonKey.NOT_OBEYING
        and (subentry := entry.subentries.get(decision.charger_id)) is not None
    ]


def _stuck_phases(entry: ConfigEntry, result: Result) -> list[Trouble]:
    """Return the chargers that were told to switch their phases and did not."""
    return [
        Trouble(key="phases_failed", about=key, placeholders={"name": subentry.title})
        for key, subentry in entry.subentries.items()
        if has_failed(result.state.charger(key))
    ]


def _contradicted(entry: ConfigEntry, result: Result) -> list[Trouble]:
    """Return the cars whose word and whose charged energy do not fit together."""
    return [
        Trouble(
            key="soc_contradicted",
            about=key,
            after_s=_LASTING_S,
            placeholders={"name": subentry.title},
        )
        for key, memory in result.state.vehicles.items()
        if memory.contradicted and (subentry := entry.subentries.get(key)) is not None
    ]


def _miswired(entry: ConfigEntry, result: Result) -> list[Trouble]:
    """Return the chargers whose steps have shown another wiring than the configured one."""
    found = []
    for key, subentry in entry.subentries.items():
        if subentry.subentry_type != SUBENTRY_CHARGER:
            continue
        configured = configured_phase_map(subentry.data)
        learned = contradiction(result.state.charger(key).learned, configured)
        if configured is None or learned is None:
            continue
        found.append(
            Trouble(
                key="phase_map_differs",
                about=key,
                placeholders={
                    "name": subentry.title,
                    "configured": _phases(configured),
                    "learned": _phases(learned),
                },
                repair={"entry_id": entry.entry_id, "charger_id": key},
            )
        )
    return found


def _phases(phase_map: tuple[int, ...]) -> str:
    return ", ".join(f"L{phase + 1}" for phase in phase_map)
