"""Amber, Australia.

``amberelectric.get_forecasts`` (homeassistant/components/amberelectric/services.py) answers
``{forecasts: [{start_time, end_time, per_kwh, …}]}`` in dollars, in intervals of 5 or 30 minutes
which begin a second late; the present one is in the sensor only. What feeding in brings is positive.
"""

from ....engine.prices import PriceSpan
from ..request import Request
from ..spans import points, spans

_CHANNELS = {
    "feedIn": "feed_in",
    "feed_in": "feed_in",
    "controlledLoad": "controlled_load",
    "controlled_load": "controlled_load",
}


async def async_amber(request: Request) -> list[PriceSpan]:
    """Return the forecast of the entity's channel, the present interval included."""
    own = _CHANNELS.get(str(request.attributes.get("channel_type")), "general")
    answer = await request.async_call(
        "get_forecasts",
        config_entry_id=request.entry_id,
        channel_type="feed_in" if request.is_feed_in else own,
    )
    present = [request.attributes] if "per_kwh" in request.attributes else []
    forecasts = answer.get("forecasts")
    items = [*present, *(forecasts if isinstance(forecasts, list) else ())]
    return spans(points(items, start="start_time", end="end_time", price="per_kwh"))
