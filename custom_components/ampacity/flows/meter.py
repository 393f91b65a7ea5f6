"""What a site's and a circuit's meter have in common: their checks, and turning their signs."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ..circuits import circuit_subentries
from ..const import (
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_EXPORT,
    CONF_GRID_IMPORT,
    CONF_GRID_INVERTED,
    CONF_GRID_POWER,
    CONF_GRID_POWER_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
    CONF_PHASES,
    DOMAIN,
)
from ..sources.reading import Quantity
from .common_checks import check_measured, check_once
from .form import Problem

GRID_FIELDS: dict[str, Quantity] = {
    CONF_GRID_POWER: Quantity.POWER,
    CONF_GRID_IMPORT: Quantity.POWER,
    CONF_GRID_EXPORT: Quantity.POWER,
    **dict.fromkeys(CONF_GRID_POWER_PHASES, Quantity.POWER),
    **dict.fromkeys(CONF_GRID_CURRENT_PHASES, Quantity.CURRENT),
    **dict.fromkeys(CONF_GRID_VOLTAGE_PHASES, Quantity.VOLTAGE),
}

_PER_PHASE = (
    CONF_GRID_POWER_PHASES,
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
)
_MEASURES_LOAD = GRID_FIELDS.keys() - set(CONF_GRID_VOLTAGE_PHASES)
_SIGNED = {CONF_GRID_POWER, *CONF_GRID_POWER_PHASES, *CONF_GRID_CURRENT_PHASES}


def measures_load(data: Mapping[str, Any]) -> bool:
    """Return whether anything tells how much flows."""
    return bool(_MEASURES_LOAD & data.keys())


def check_meter(
    hass: HomeAssistant, data: Mapping[str, Any], owner_id: str | None
) -> Iterator[Problem]:
    """Check a meter's entities, each and together.

    ``owner_id`` is the site or circuit whose meter is changed, None for a new one.
    """
    for field, quantity in GRID_FIELDS.items():
        yield from check_measured(hass, field, data.get(field), quantity)
    yield from check_once((field, data.get(field)) for field in GRID_FIELDS)
    yield from _elsewhere(hass, data, owner_id)
    if CONF_GRID_EXPORT in data and CONF_GRID_IMPORT not in data:
        yield Problem(field=CONF_GRID_EXPORT, error="export_alone")
    if CONF_GRID_IMPORT in data and CONF_GRID_EXPORT not in data:
        yield Problem(field=CONF_GRID_IMPORT, error="import_alone")
    for fields in _PER_PHASE:
        given = [field for field in fields if field in data]
        if given and len(given) < data[CONF_PHASES]:
            yield Problem(field=given[0], error="phases_incomplete")


def _elsewhere(
    hass: HomeAssistant, data: Mapping[str, Any], owner_id: str | None
) -> Iterator[Problem]:
    """Tell when another site or circuit has the same meter."""
    for other_id, name, theirs in _meters(hass):
        if other_id == owner_id:
            continue
        taken = {theirs[field] for field in GRID_FIELDS if field in theirs}
        for field in GRID_FIELDS:
            if data.get(field) in taken:
                names = {"entity": data[field], "name": name}
                yield Problem(field=field, error="other_meter", placeholders=names)


def _meters(hass: HomeAssistant) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield id, name and configuration of all sites and circuits."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        yield entry.entry_id, entry.title, entry.data
        for circuit in circuit_subentries(entry):
            yield circuit.subentry_id, circuit.title, circuit.data


def flipped(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with import taken for export and export for import."""
    if data.keys() & _SIGNED:
        return {**data, CONF_GRID_INVERTED: not data.get(CONF_GRID_INVERTED, False)}
    return {
        **data,
        CONF_GRID_IMPORT: data[CONF_GRID_EXPORT],
        CONF_GRID_EXPORT: data[CONF_GRID_IMPORT],
    }
