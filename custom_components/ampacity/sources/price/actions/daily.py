"""Sources that are asked for one day at a time."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..request import PriceError
from ..spans import Point


async def async_each_day(
    days: Iterable[date], ask: Callable[[date], Awaitable[list[Point]]]
) -> list[Point]:
    """Return the prices of all days that are published, in order.

    Days to come that fail or are empty are not published yet. Raises what a day up to today
    fails with.
    """
    found: list[Point] = []
    today = dt_util.now().date()
    for day in days:
        try:
            told = await ask(day)
        except HomeAssistantError, PriceError, TimeoutError:
            if day <= today:
                raise
            break
        if not told and day > today:
            break
        found += told
    return found
