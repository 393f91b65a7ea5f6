"""Circuits as their owner described them: parts of the site with a limit of their own.

What a circuit hangs on may be gone: its owner can remove any circuit at any time. Whatever hung on
it then hangs on what it hung on itself. Where even that is not known, it hangs on the main fuse,
whose limit always holds.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from .const import (
    CONF_CIRCUIT,
    CONF_FUSE,
    CONF_PARENT_CIRCUIT,
    CONF_PHASES,
    CONF_POWER_LIMIT,
    CONF_VOLTAGE,
    SUBENTRY_CIRCUIT,
)
from .engine.model import Circuit
from .sources.grid import GridSource

_SITE_KEYS = (CONF_PHASES, CONF_VOLTAGE)
"""What a circuit's meter has in common with the site's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitConfig:
    """One circuit."""

    id: str
    """That of the subentry."""
    name: str
    fuse_a: float | None
    power_limit_w: float | None
    parent_id: str | None
    """As configured; it need not be there."""
    meter: GridSource | None

    @classmethod
    def from_subentry(
        cls, subentry: ConfigSubentry, site: Mapping[str, Any]
    ) -> CircuitConfig:
        """Return the circuit that a subentry describes, at a site with this configuration."""
        data = subentry.data
        power_limit_kw = data.get(CONF_POWER_LIMIT)
        shared = {key: site[key] for key in _SITE_KEYS if key in site}
        meter = GridSource.from_config({**data, **shared})
        return cls(
            id=subentry.subentry_id,
            name=subentry.title,
            fuse_a=data.get(CONF_FUSE),
            power_limit_w=None if power_limit_kw is None else power_limit_kw * 1000.0,
            parent_id=data.get(CONF_PARENT_CIRCUIT),
            meter=meter if meter.entity_ids else None,
        )


def engine_circuits(configs: Mapping[str, CircuitConfig]) -> tuple[Circuit, ...]:
    """Return the circuits for the engine; a parent that is gone or goes round is the main fuse."""
    parents = {key: config.parent_id for key, config in configs.items()}
    return tuple(
        Circuit(
            id=key,
            fuse_a=config.fuse_a,
            power_limit_w=config.power_limit_w,
            parent_id=None
            if config.parent_id not in configs or goes_round(key, parents)
            else config.parent_id,
            has_meter=config.meter is not None,
        )
        for key, config in configs.items()
    )


def goes_round(circuit_id: str, parents: Mapping[str, str | None]) -> bool:
    """Return whether a circuit hangs on itself, by circuit and what it hangs on."""
    seen: set[str] = set()
    above = parents.get(circuit_id)
    while above is not None and above not in seen:
        if above == circuit_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def circuit_subentries(
    entry: ConfigEntry, but: str | None = None
) -> list[ConfigSubentry]:
    """Return the circuits of a site, all ``but`` one."""
    return [
        subentry
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_CIRCUIT and subentry.subentry_id != but
    ]


@callback
def async_adopt_orphans(
    hass: HomeAssistant, entry: ConfigEntry, before: Mapping[str, CircuitConfig]
) -> None:
    """Hang what hung on removed circuits on what those hung on; ``before`` has them still."""
    gone = before.keys() - entry.subentries.keys()
    for subentry in list(entry.subentries.values()) if gone else ():
        of_circuit = subentry.subentry_type == SUBENTRY_CIRCUIT
        key = CONF_PARENT_CIRCUIT if of_circuit else CONF_CIRCUIT
        if subentry.data.get(key) not in gone:
            continue
        data = {name: value for name, value in subentry.data.items() if name != key}
        heir = _heir(subentry.data[key], gone, before)
        if heir is not None:
            data[key] = heir
        hass.config_entries.async_update_subentry(entry, subentry, data=data)


def _heir(
    circuit_id: str, gone: Collection[str], before: Mapping[str, CircuitConfig]
) -> str | None:
    """Return the next circuit above that is still there; None for the main fuse."""
    left = set(gone)
    above: str | None = circuit_id
    while above in left:
        left.discard(above)
        above = before[above].parent_id
    return None if above in gone else above


def known_circuit(circuit_id: str | None, circuits: Iterable[Circuit]) -> str | None:
    """Return the circuit where it is there, None, which is the main fuse, where it is not."""
    return circuit_id if any(one.id == circuit_id for one in circuits) else None
