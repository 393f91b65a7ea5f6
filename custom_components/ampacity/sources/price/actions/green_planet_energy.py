"""Green Planet Energy, Germany.

``green_planet_energy.get_prices`` (homeassistant/components/green_planet_energy/services.py)
answers ``{prices: [{start, end, price}]}`` in EUR per kWh and quarters of an hour, at most for the
24 hours from now on. It counts by the clock on the wall: on the day on which an hour comes twice,
the quarter before lasts through it.
"""

from ....engine.prices import PriceSpan
from ..request import Request
from ..spans import points, spans

_HOURS = 24


async def async_green_planet_energy(request: Request) -> list[PriceSpan]:
    """Return the prices of the next 24 hours, as far as they are published."""
    answer = await request.async_call(
        "get_prices", config_entry_id=request.entry_id, hours=_HOURS
    )
    return spans(points(answer.get("prices"), start="start", end="end", price="price"))
