"""ecosmart, New Zealand.

``ecosmart.get_forecasts`` (homeassistant/components/ecosmart/services.py) answers
``{forecasts: [{start_time, price, price_excl_gst}]}`` in cents per kWh, without ends, for the
connection point of a device.
"""

from ....engine.prices import PriceSpan
from ..request import PriceError, Request
from ..spans import points, spans

_CENTS = 0.01


async def async_ecosmart(request: Request) -> list[PriceSpan]:
    """Return the wholesale forecast of the entity's connection point, tax included."""
    device_id = request.entry.device_id if request.entry else None
    if device_id is None:
        raise PriceError("the entity belongs to no connection point")
    answer = await request.async_call("get_forecasts", device_id=device_id)
    return spans(
        points(
            answer.get("forecasts"), start="start_time", price="price", factor=_CENTS
        )
    )
