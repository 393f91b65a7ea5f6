"""Finds known chargers in the registries, and describes each as a charger's configuration."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import (
    CONF_DEVICE,
    CONF_DEVICE_PARTS,
    CONF_LIMIT_ENTITY,
    CONF_LIMIT_KIND,
    CONF_LINK,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_PHASES,
    CONF_PHASES_KIND,
    CONF_PROFILE,
    CONF_START_STOP_KIND,
    CONF_STATUS_KIND,
    DOMAIN,
    SUBENTRY_CHARGER,
)
from ..engine.model import MIN_CURRENT_A
from .limit import span_a
from .profile import Profile, async_load_profiles
from .profile_schema import FAILSAFE_CURRENT, FAILSAFE_TIMEOUT, Lever
from .scope import Scope

USUAL_MAX_A = 32.0
"""Proposed at most, whatever a number entity would take."""

_SHARED = frozenset({"mqtt", "esphome"})
"""Integrations with devices of all makes: one name in common proves nothing."""

_KINDS = {
    "limit": CONF_LIMIT_KIND,
    "start_stop": CONF_START_STOP_KIND,
    "status": CONF_STATUS_KIND,
    "phases": CONF_PHASES_KIND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DisabledEntity:
    """An entity that a charger needs and that is disabled in Home Assistant."""

    field: str
    """Of the charger's configuration."""
    entity_id: str
    by_user: bool
    """Its owner has disabled it; else its integration does so unless asked."""
    required: bool
    """The charger cannot be controlled without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeFeature:
    """A feature of the charger's own that works against Ampacity while it is not as wanted."""

    feature: str
    """Key of its name: ``selector.native_feature``."""
    entity_id: str
    wanted: str
    """State of the switch, option of the select."""
    state: str | None
    """The present one; None while nobody knows."""
    fine: tuple[str, ...] = ()
    """Other states in which it doesn't work against Ampacity either."""

    @property
    def fights(self) -> bool:
        """Whether it is known to be other than wanted."""
        return self.state is not None and self.state not in (self.wanted, *self.fine)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailSafe:
    """Where a charger can be told what to do when nobody talks to it any more."""

    current_entity: str | None = None
    """A number in A, or in W where it says so."""
    timeout_entity: str | None = None
    """A number in s; None where the charger has a fixed one."""
    action: Mapping[str, Any] | None = None
    """As in the profile: ``action``, ``current_field``, ``timeout_field``, ``data``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCharger:
    """A known charger that Home Assistant has."""

    profile: Profile
    device_id: str | None
    """None for integrations without devices."""
    parts: Mapping[str, str]
    """What tells it from others of its device: a socket, a connector."""
    name: str
    """That of the device."""
    data: Mapping[str, Any]
    """Proposed data of its subentry; entities that are disabled are named in it, too."""
    missing: tuple[str, ...]
    """Which of ``limit``, ``start_stop`` and ``status`` has no entity."""
    disabled: tuple[DisabledEntity, ...]
    native: tuple[NativeFeature, ...]
    failsafe: FailSafe | None
    used_by: str | None
    """The name of the charger in Ampacity that it already is."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Keys of texts that its owner must read: ``selector.charger_note``."""
        return self.profile.notes

    @property
    def needs_enabling(self) -> bool:
        """Whether something without which it cannot be controlled is disabled."""
        return any(entity.required for entity in self.disabled)


async def async_detect(hass: HomeAssistant) -> list[FoundCharger]:
    """Return all known chargers that Home Assistant has, by name."""
    return find_chargers(hass, (await async_load_profiles(hass)).values())


@callback
def find_chargers(
    hass: HomeAssistant, profiles: Iterable[Profile]
) -> list[FoundCharger]:
    """Return the chargers of these profiles, by name."""
    platforms: dict[str, list[er.RegistryEntry]] = {}
    for entry in er.async_get(hass).entities.values():
        platforms.setdefault(entry.platform, []).append(entry)
    found = [
        charger
        for profile in profiles
        for integration in profile.integrations
        for charger in _of_profile(hass, profile, platforms.get(integration, []))
    ]
    return sorted(found, key=lambda charger: charger.name.casefold())


def _of_profile(
    hass: HomeAssistant, profile: Profile, entries: list[er.RegistryEntry]
) -> Iterator[FoundCharger]:
    """Yield one charger for each entity by which such chargers are known."""
    if profile.anchor is None or not entries:
        return
    seen: set[tuple[object, ...]] = set()
    for entry in entries:
        scope = Scope.of_anchor(hass, profile.anchor, entry, entries)
        if scope is None or scope.identity in seen:
            continue
        seen.add(scope.identity)
        found = _describe(hass, profile, scope)
        if not (found.missing and entry.platform in _SHARED):
            yield found


def _describe(hass: HomeAssistant, profile: Profile, scope: Scope) -> FoundCharger:
    """Return what a profile and the entities of a device make together."""
    missing: list[str] = []
    disabled: list[DisabledEntity] = []
    data: dict[str, Any] = {
        CONF_PROFILE: profile.id,
        CONF_LINK: profile.quirks.link.value,
    }
    if scope.device_id:
        data[CONF_DEVICE] = scope.device_id
    if scope.parts:
        data[CONF_DEVICE_PARTS] = dict(scope.parts)
    if profile.phase_count:
        data[CONF_PHASES] = profile.phase_count
    for name, lever in _levers(profile):
        if not (fields := _fields(scope, name, lever, disabled)):
            if name in ("limit", "start_stop", "status"):
                missing.append(name)
            continue
        data |= fields
    data |= _range(hass, data.get(CONF_LIMIT_ENTITY))
    data |= profile.limits
    sensors = _fields(
        scope, "sensors", Lever(kind="sensors", refs=profile.sensors), disabled
    )
    return FoundCharger(
        profile=profile,
        device_id=scope.device_id,
        parts=scope.parts,
        name=scope.name or profile.name,
        data=data | sensors,
        missing=tuple(missing),
        disabled=tuple(disabled),
        native=tuple(_native(hass, profile, scope)),
        failsafe=_failsafe(profile, scope),
        used_by=_used_by(hass, data),
    )


def _levers(profile: Profile) -> Iterator[tuple[str, Lever]]:
    yield "limit", profile.limit
    yield "start_stop", profile.start_stop
    yield "status", profile.status
    if profile.phases:
        yield "phases", profile.phases


def _fields(
    scope: Scope, name: str, lever: Lever, disabled: list[DisabledEntity]
) -> dict[str, Any]:
    """Return the fields of a part of the configuration; none where a needed entity isn't there."""
    fields: dict[str, Any] = {}
    off: list[DisabledEntity] = []
    for field, refs in lever.refs.items():
        entry = scope.find(refs)
        optional = name == "sensors" or field in lever.optional
        if entry is None and not optional:
            return {}
        if entry is None:
            continue
        fields[field] = entry.entity_id
        if entry.disabled_by is not None:
            off.append(
                DisabledEntity(
                    field=field,
                    entity_id=entry.entity_id,
                    by_user=entry.disabled_by is er.RegistryEntryDisabler.USER,
                    required=not optional and name != "phases",
                )
            )
    if lever.kind == "binary" and not fields:
        return {}
    disabled += off
    values = {key: scope.fill(value) for key, value in lever.values.items()}
    kind = {_KINDS[name]: lever.kind} if name in _KINDS else {}
    return kind | fields | values


def _range(hass: HomeAssistant, entity_id: str | None) -> dict[str, float]:
    """Return the currents that a lever takes, as its state or the registry tells."""
    known = span_a(hass, entity_id) if entity_id else None
    if known is None or known[1] < MIN_CURRENT_A:
        return {}
    return {
        CONF_MIN_CURRENT: max(known[0], MIN_CURRENT_A),
        CONF_MAX_CURRENT: min(known[1], USUAL_MAX_A),
    }


def _native(
    hass: HomeAssistant, profile: Profile, scope: Scope
) -> Iterator[NativeFeature]:
    for native in profile.native:
        entry = scope.find((native.ref,))
        if entry is None or entry.disabled_by is not None:
            continue
        state = hass.states.get(entry.entity_id)
        known = state and state.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE)
        yield NativeFeature(
            feature=native.feature,
            entity_id=entry.entity_id,
            wanted=native.wanted,
            fine=native.fine,
            state=state.state if state and known else None,
        )


def _failsafe(profile: Profile, scope: Scope) -> FailSafe | None:
    lever = profile.failsafe
    if lever is None:
        return None
    if lever.kind == "action":
        return FailSafe(
            action={key: scope.fill(value) for key, value in lever.values.items()}
        )
    fields = _fields(scope, "failsafe", lever, [])
    if not fields:
        return None
    return FailSafe(
        current_entity=fields[FAILSAFE_CURRENT],
        timeout_entity=fields.get(FAILSAFE_TIMEOUT),
    )


def _used_by(hass: HomeAssistant, data: Mapping[str, Any]) -> str | None:
    """Return the name of the charger that is configured for the same device or entities."""
    keys = (CONF_PROFILE, CONF_DEVICE, CONF_DEVICE_PARTS)
    levers = {
        value
        for value in data.values()
        if isinstance(value, str)
        and value.startswith(("number.", "select.", "switch.", "button."))
    }
    for entry in hass.config_entries.async_entries(DOMAIN):
        for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER):
            theirs = subentry.data
            same = theirs.get(CONF_PROFILE) and all(
                theirs.get(key) == data.get(key) for key in keys
            )
            shared = levers.intersection(
                value for value in theirs.values() if isinstance(value, str)
            )
            if same or shared:
                return subentry.title
    return None
