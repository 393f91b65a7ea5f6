"""Nord Pool of Home Assistant.

``nordpool.get_prices_for_date`` (homeassistant/components/nordpool/services.py) answers
``{area: [{start, end, price}]}`` for one delivery day, which is one in Central Europe, with prices
per MWh and quarters of an hour. A day that is not published is an empty list. The entities'
unique ids begin with their area: ``SE3-current_price``.
"""

from datetime import date

from ....engine.prices import PriceSpan
from ..request import PriceError, Request
from ..spans import Point, points, spans
from .daily import async_each_day

ZONE = "Europe/Brussels"
_PER_MWH = 0.001


async def async_nordpool(request: Request) -> list[PriceSpan]:
    """Return the published prices of the entity's area."""
    area = request.unique_id.rpartition("-")[0]
    entry_id = request.entry_id

    async def ask(day: date) -> list[Point]:
        answer = await request.async_call(
            "get_prices_for_date", config_entry=entry_id, date=day.isoformat()
        )
        if area not in answer:
            raise PriceError(
                f"there are no prices for the area {area or 'of the entity'}"
            )
        return points(
            answer[area], start="start", end="end", price="price", factor=_PER_MWH
        )

    return spans(await async_each_day(request.days(ZONE), ask))
