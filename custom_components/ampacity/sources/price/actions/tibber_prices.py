"""Tibber Prices, jpawlowski/hass.tibber_prices.

``tibber_prices.get_chartdata`` (custom_components/tibber_prices/services/get_chartdata.py) answers
``{data: [{start_time, price_per_kwh}]}`` with prices in the currency's main unit unless told
otherwise, all taxes included, in quarters of an hour.
"""

from ....engine.prices import PriceSpan
from ..request import Request
from ..spans import points, spans


async def async_tibber_prices(request: Request) -> list[PriceSpan]:
    """Return the prices of today and of tomorrow."""
    answer = await request.async_call(
        "get_chartdata",
        entry_id=request.entry_id,
        day=["today", "tomorrow"],
        resolution="interval",
        output_format="array_of_objects",
    )
    return spans(points(answer.get("data"), start="start_time", price="price_per_kwh"))
