"""What a solar plant gave in the hours that have passed, from the recorder's statistics."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant

from .dashboard import async_energy_sources
from .statistics import Hours, async_hours


async def async_solar_hours(
    hass: HomeAssistant, power_ids: Iterable[str], since: datetime
) -> Hours:
    """Return the hours that the plant's power sensors know, else the dashboard's counters.

    An hour counts when all sensors, or all counters, have it. Never raises.
    """
    powers = list(power_ids)
    counters = _counters(await async_energy_sources(hass))
    hours = await async_hours(hass, {*powers, *counters}, since)
    return _sum(hours, counters) | _sum(hours, powers)


def _counters(sources: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        source["stat_energy_from"]
        for source in sources
        if source.get("type") == "solar" and source.get("stat_energy_from")
    ]


def _sum(hours: Mapping[str, Hours], statistic_ids: list[str]) -> Hours:
    """Return the sums of the hours that all of them have."""
    if not statistic_ids or not all(key in hours for key in statistic_ids):
        return {}
    known = set.intersection(*(set(hours[key]) for key in statistic_ids))
    return {
        hour: max(0.0, sum(hours[key][hour] for key in statistic_ids)) for hour in known
    }
