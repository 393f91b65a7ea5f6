"""easyEnergy, Netherlands.

``easyenergy.get_energy_usage_prices`` and ``get_energy_return_prices``
(homeassistant/components/easyenergy/services.py) answer ``{prices: [{timestamp, price}]}`` with
prices per kWh and hours, without ends. The unique ids of what feeding in brings name
``energy_return``.
"""

from datetime import date
from typing import Any

from ....engine.prices import PriceSpan
from ..request import Request
from ..spans import Point, points, spans
from .daily import async_each_day

ZONE = "Europe/Amsterdam"


async def async_easyenergy(request: Request) -> list[PriceSpan]:
    """Return the published market prices with VAT, of usage or of feeding in."""
    data: dict[str, Any] = {"config_entry": request.entry_id}
    if request.is_feed_in or "energy_return" in request.unique_id:
        action = "get_energy_return_prices"
    else:
        action = "get_energy_usage_prices"
        data["incl_vat"] = True

    async def ask(day: date) -> list[Point]:
        answer = await request.async_call(
            action, **data, start=day.isoformat(), end=day.isoformat()
        )
        return points(answer.get("prices"), start="timestamp", price="price")

    return spans(await async_each_day(request.days(ZONE), ask))
