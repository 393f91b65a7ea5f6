"""Tibber of Home Assistant.

``tibber.get_prices`` (homeassistant/components/tibber/services.py) answers
``{prices: {home: [{start_time, price}]}}`` with prices per kWh, all taxes included, without ends,
in quarters of an hour or hours. A home is called by its name, as is its device, beside which
an address may stand.
"""

from collections.abc import Mapping
from typing import Any

from homeassistant.helpers import device_registry as dr

from ....engine.prices import PriceSpan
from ..request import PriceError, Request
from ..spans import points, spans


async def async_tibber(request: Request) -> list[PriceSpan]:
    """Return the published prices of the entity's home."""
    answer = await request.async_call(
        "get_prices", start=request.start.isoformat(), end=request.end.isoformat()
    )
    homes = answer.get("prices")
    if not isinstance(homes, Mapping):
        raise PriceError("tibber.get_prices answered without prices")
    return spans(points(_of_home(homes, request), start="start_time", price="price"))


def _of_home(homes: Mapping[str, Any], request: Request) -> Any:
    """Return what is told of the entity's home; raises PriceError where it cannot be known."""
    if len(homes) == 1:
        return next(iter(homes.values()))
    names = [request.attributes.get("app_nickname"), _device_name(request)]
    found = next((name for name in names if name in homes), None)
    if found is None:
        raise PriceError(f"none of the homes {', '.join(homes)} is the entity's")
    return homes[found]


def _device_name(request: Request) -> str | None:
    device_id = request.entry.device_id if request.entry else None
    device = dr.async_get(request.hass).async_get(device_id) if device_id else None
    return device.name if device else None
