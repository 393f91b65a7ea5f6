"""What the house without its cars used in the hours of the last weeks, from the recorder's statistics."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import CONF_ENERGY_SENSOR, DOMAIN, SUBENTRY_CHARGER
from .dashboard import async_energy_sources
from .statistics import Hours, async_hours

HISTORY = timedelta(weeks=8)
_FLOWS: Mapping[str, Mapping[str, float]] = {
    "grid": {"stat_energy_from": 1.0, "stat_energy_to": -1.0},
    "solar": {"stat_energy_from": 1.0},
    "battery": {"stat_energy_from": 1.0, "stat_energy_to": -1.0},
}
"""What flows into the house is plus; by type of source and name of the counter."""


@dataclass(slots=True)
class _Counters:
    """What makes the house's load, by statistic; all must know an hour but the cars."""

    signs: dict[str, float] = field(default_factory=dict)
    cars: set[str] = field(default_factory=set)


async def async_house_hours(
    hass: HomeAssistant, entry: ConfigEntry, now: datetime
) -> list[tuple[datetime, float]]:
    """Return hours and the mean power of the house in each, in W.

    As our own sensor measured it; before there was one, what the Energy dashboard's counters of
    grid, sun and battery say, less those of the chargers. Never raises.
    """
    own = er.async_get(hass).async_get_entity_id(
        Platform.SENSOR, DOMAIN, f"{entry.entry_id}_home_power"
    )
    counters = _counters(await async_energy_sources(hass), entry)
    wanted = {*counters.signs, *counters.cars, *([own] if own else [])}
    hours = await async_hours(hass, wanted, now - HISTORY)
    measured = hours.get(own, {}) if own else {}
    return sorted((_balance(hours, counters) | measured).items())


def _counters(sources: Iterable[Mapping[str, Any]], entry: ConfigEntry) -> _Counters:
    found = _Counters()
    for source in sources:
        for key, sign in _FLOWS.get(str(source.get("type")), {}).items():
            if statistic_id := source.get(key):
                found.signs[statistic_id] = sign
    found.cars = {
        subentry.data[CONF_ENERGY_SENSOR]
        for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER)
        if subentry.data.get(CONF_ENERGY_SENSOR)
    }
    return found


def _balance(hours: Mapping[str, Hours], counters: _Counters) -> Hours:
    """Return what remains for the house in each hour that all counters know."""
    if not any(sign > 0.0 for sign in counters.signs.values()):
        return {}
    if not all(key in hours for key in counters.signs):
        return {}
    known = set.intersection(*(set(hours[key]) for key in counters.signs))
    balance: Hours = {}
    for hour in known:
        flow_w = sum(sign * hours[key][hour] for key, sign in counters.signs.items())
        cars_w = sum(hours.get(key, {}).get(hour, 0.0) for key in counters.cars)
        balance[hour] = max(0.0, flow_w - cars_w)
    return balance
