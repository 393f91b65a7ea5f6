"""OMIE, the market of Spain and Portugal.

``omie.get_prices_for_date`` (homeassistant/components/omie/services.py) answers
``{country: [{start, end, price}]}`` for one market day, which is one in Spain, with prices per kWh
and quarters of an hour; a day that is not published is an error. The entities' unique ids are
``es_spot_price`` and ``pt_spot_price``.
"""

from datetime import date

from ....engine.prices import PriceSpan
from ..request import PriceError, Request
from ..spans import Point, points, spans
from .daily import async_each_day

ZONE = "Europe/Madrid"


async def async_omie(request: Request) -> list[PriceSpan]:
    """Return the published prices of the entity's country."""
    country = request.unique_id.partition("_")[0]

    async def ask(day: date) -> list[Point]:
        answer = await request.async_call(
            "get_prices_for_date", date=day.isoformat(), countries=[country]
        )
        if country not in answer:
            raise PriceError(f"there are no prices for the country {country}")
        return points(answer[country], start="start", end="end", price="price")

    return spans(await async_each_day(request.days(ZONE), ask))
