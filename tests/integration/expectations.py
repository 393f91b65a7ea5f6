"""What a house expects of the days to come, from forecasts and prices of a day in May."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.util import dt as dt_util

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.outlook import Outlook

from .house import ENTRY_ID, House, make_entry

KEY = f"{DOMAIN}.{ENTRY_ID}"
MIDNIGHT = datetime(2026, 5, 19, 22, tzinfo=UTC)
"""Of May 20 in Berlin."""
HOUR = timedelta(hours=1)


def by_hours(wh: float, hours: range = range(6, 20), days: int = 3) -> dict[str, float]:
    """Return the same energy for some hours of each day, keys in UTC."""
    return {
        (MIDNIGHT + (24 * day + hour) * HOUR).isoformat(): wh
        for day in range(days)
        for hour in hours
    }


async def set_up(house: House, options: dict[str, Any] | None = None) -> None:
    """Set the site up and let it ask all sources."""
    entry = make_entry()
    entry.add_to_hass(house.hass)
    house.hass.config_entries.async_update_entry(entry, options=options or {})
    assert await house.hass.config_entries.async_setup(entry.entry_id)
    await house.hass.async_block_till_done(wait_background_tasks=True)
    await house.pass_time(15)


async def next_slot(house: House) -> None:
    """Let a quarter of an hour go by, and all that it leads to."""
    await house.pass_time(900, step_s=30)
    await house.hass.async_block_till_done(wait_background_tasks=True)


def expected(house: House) -> Outlook:
    """Return what the coming decision reckons with."""
    outlook = house.coordinator.outlook.current(dt_util.utcnow())
    assert outlook is not None
    return outlook


def today(house: House) -> str:
    """Return the state of the sensor."""
    entity_id = house.entity_id("sensor", "solar_forecast_today", ENTRY_ID)
    state = house.hass.states.get(entity_id)
    assert state is not None
    return state.state
