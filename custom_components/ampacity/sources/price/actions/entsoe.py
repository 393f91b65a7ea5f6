"""ENTSO-e, JaccoR/hass-entso-e.

``entsoe.get_energy_prices`` (custom_components/entsoe/services.py) answers
``{prices: [{timestamp, price}]}``, without ends, in the unit of the entities. It asks the server
where a day is not known yet, so the entity whose attributes list the prices is looked at first:
that of the average price, whose unique id ends in ``avg_price``.
"""

from datetime import date

from homeassistant.helpers import entity_registry as er

from ....engine.prices import PriceSpan
from ..attributes import from_attributes
from ..request import Request
from ..spans import Point, points, spans
from .daily import async_each_day


async def async_entsoe(request: Request) -> list[PriceSpan]:
    """Return the published prices, VAT and costs as set in the integration."""
    return _of_average(request) or await _async_asked(request)


def _of_average(request: Request) -> list[PriceSpan]:
    registry = er.async_get(request.hass)
    for entry in er.async_entries_for_config_entry(registry, request.entry_id):
        state = request.hass.states.get(entry.entity_id)
        if entry.unique_id.endswith("avg_price") and state is not None:
            return from_attributes(request.about(state, entry))
    return []


async def _async_asked(request: Request) -> list[PriceSpan]:
    entry_id, factor = request.entry_id, request.factor

    async def ask(day: date) -> list[Point]:
        answer = await request.async_call(
            "get_energy_prices",
            config_entry=entry_id,
            start=f"{day.isoformat()}T00:00:00",
            end=f"{day.isoformat()}T23:59:59",
        )
        return points(
            answer.get("prices"), start="timestamp", price="price", factor=factor
        )

    return spans(await async_each_day(request.days(), ask))
