"""Integrations that tell their prices through an action."""

from collections.abc import Awaitable, Callable, Mapping

from ...engine.prices import PriceSpan
from .request import Request

type Action = Callable[[Request], Awaitable[list[PriceSpan]]]

_ACTIONS: Mapping[str, tuple[str, Action]] = {}
"""By the integration: the action that it must have, and who asks it."""


async def async_by_action(request: Request) -> list[PriceSpan]:
    """Return what the entity's integration answers; nothing where it has no such action.

    Raises PriceError, HomeAssistantError or vol.Invalid where it does not answer as it should.
    """
    name, action = _ACTIONS.get(request.platform, ("", None))
    if action is None or not request.has_action(name):
        return []
    return await action(request)
