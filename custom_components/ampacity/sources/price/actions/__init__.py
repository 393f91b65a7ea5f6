"""Integrations that tell their prices through an action, one module each.

Each module has one function that asks and understands; what it raises is told as a reason.
"""

from collections.abc import Awaitable, Callable, Mapping

from ....engine.prices import PriceSpan
from ..request import Request
from .amberelectric import async_amber
from .easyenergy import async_easyenergy
from .ecosmart import async_ecosmart
from .energyzero import async_energyzero
from .entsoe import async_entsoe
from .green_planet_energy import async_green_planet_energy
from .nordpool import async_nordpool
from .omie import async_omie
from .tibber import async_tibber
from .tibber_prices import async_tibber_prices

type Action = Callable[[Request], Awaitable[list[PriceSpan]]]

_ACTIONS: Mapping[str, tuple[str, Action]] = {
    "amberelectric": ("get_forecasts", async_amber),
    "easyenergy": ("get_energy_usage_prices", async_easyenergy),
    "ecosmart": ("get_forecasts", async_ecosmart),
    "energyzero": ("get_energy_prices", async_energyzero),
    "entsoe": ("get_energy_prices", async_entsoe),
    "green_planet_energy": ("get_prices", async_green_planet_energy),
    "nordpool": ("get_prices_for_date", async_nordpool),
    "omie": ("get_prices_for_date", async_omie),
    "tibber": ("get_prices", async_tibber),
    "tibber_prices": ("get_chartdata", async_tibber_prices),
}
"""By the integration: the action that it must have, and who asks it."""


async def async_by_action(request: Request) -> list[PriceSpan]:
    """Return what the entity's integration answers; nothing where it has no such action.

    Raises PriceError, HomeAssistantError, vol.Invalid or TimeoutError where it does not answer
    as it should.
    """
    name, action = _ACTIONS.get(request.platform, ("", None))
    if action is None or not request.has_action(name):
        return []
    return await action(request)
