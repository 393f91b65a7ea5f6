"""EnergyZero, Netherlands.

``energyzero.get_energy_prices`` (homeassistant/components/energyzero/services.py) answers
``{prices: [{timestamp, start, end, price}]}`` with prices per kWh; a local day that is not
published is an error. VAT is included here, so that the formula adds to what a consumer pays.
"""

from datetime import date

from ....engine.prices import PriceSpan
from ..request import Request
from ..spans import Point, points, spans
from .daily import async_each_day


async def async_energyzero(request: Request) -> list[PriceSpan]:
    """Return the published market prices with VAT, in quarters of an hour."""
    entry_id = request.entry_id

    async def ask(day: date) -> list[Point]:
        answer = await request.async_call(
            "get_energy_prices",
            config_entry=entry_id,
            incl_vat=True,
            interval="quarter",
            start=day.isoformat(),
            end=day.isoformat(),
        )
        return points(answer.get("prices"), start="timestamp", end="end", price="price")

    return spans(await async_each_day(request.days(), ask))
