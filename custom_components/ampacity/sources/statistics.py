"""What the recorder's long-term statistics say: hourly means of powers, hourly growth of counters."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
import logging
from math import isfinite
from typing import Any

from homeassistant.const import UnitOfEnergy, UnitOfPower
from homeassistant.core import HomeAssistant

_LOGGER = logging.getLogger(__name__)

TIMEOUT_S = 60.0
_UNITS = {
    "power": UnitOfPower.WATT.value,
    "energy": UnitOfEnergy.WATT_HOUR.value,
}

type Hours = dict[datetime, float]
"""Beginnings of hours in UTC and the mean power in each, in W."""


async def async_hours(
    hass: HomeAssistant, statistic_ids: Iterable[str], since: datetime
) -> dict[str, Hours]:
    """Return the hours of statistics, be they powers or energy counters, by their ids.

    An hour's growth of a counter in Wh is its mean power in W. What is not there is left out;
    empty without a recorder, or when it doesn't answer in time. Never raises.
    """
    wanted = set(statistic_ids)
    if not wanted or "recorder" not in hass.config.components:
        return {}
    try:
        async with asyncio.timeout(TIMEOUT_S):
            rows = await _async_rows(hass, wanted, since)
    except Exception:
        _LOGGER.warning("Statistics cannot be read", exc_info=True)
        return {}
    return {statistic_id: _hours(found) for statistic_id, found in rows.items()}


async def _async_rows(
    hass: HomeAssistant, statistic_ids: set[str], since: datetime
) -> dict[str, list[Any]]:
    # Imported late: an installation may do without a recorder.
    from homeassistant.components.recorder.statistics import statistics_during_period  # noqa: PLC0415
    from homeassistant.helpers.recorder import get_instance  # noqa: PLC0415

    rows: dict[str, list[Any]] = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        since,
        None,
        statistic_ids,
        "hour",
        _UNITS,
        {"mean", "change"},
    )
    return rows


def _hours(rows: Iterable[Any]) -> Hours:
    """Return the hours of one statistic; a counter's first one tells what was before it, too."""
    hours: Hours = {}
    for index, row in enumerate(rows):
        value = row.get("mean")
        if value is None and index > 0:
            value = row.get("change")
        if isinstance(value, (int, float)) and isfinite(value):
            hours[datetime.fromtimestamp(row["start"], UTC)] = float(value)
    return hours
