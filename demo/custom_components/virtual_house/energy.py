"""The solar forecast of the virtual house, for the Energy dashboard and whoever else asks.

The house has endless noon, but its forecast believes in that for two hours only. Then it tells of
usual days in June, by the clock: so a plan has sun to use now and prices to look at for the rest.
"""

from datetime import UTC, datetime, timedelta
from random import Random

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from simulation.pv import ClearSkyPv

from .demo_house import PLANT

DAYS = 3
CLOUDS = 0.65
"""What clouds leave on average of a clear day."""
_SUMMER = (6, 21)
_NOON_H = 2
_NOON_W = 8000.0
_STEPS = 12


async def async_get_solar_forecast(
    hass: HomeAssistant, config_entry_id: str
) -> dict[str, dict[str, float]] | None:
    """Return the energies of today and the days to come in Wh, by the beginnings of their hours."""
    first = dt_util.as_utc(dt_util.start_of_local_day())
    hours = [first + timedelta(hours=index) for index in range(24 * DAYS)]
    now = dt_util.utcnow()
    noon = range(int((now - first) / timedelta(hours=1)), len(hours))[:_NOON_H]
    return {
        "wh_hours": {
            hour.isoformat(): _NOON_W if index in noon else _hour_wh(hour)
            for index, hour in enumerate(hours)
        }
    }


def _hour_wh(begin: datetime) -> float:
    """Return what an hour brings, as if its day were in June."""
    month, day = _SUMMER
    noon = begin.astimezone(UTC).replace(month=month, day=day)
    plant = ClearSkyPv(PLANT, noon, Random(0))
    powers_w = [plant.power_w(3600.0 * step / _STEPS) for step in range(_STEPS)]
    return round(sum(powers_w) / _STEPS * CLOUDS, 1)
