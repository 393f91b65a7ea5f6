"""Carrying out the commands for chargers that nobody guards any more."""

import asyncio
from collections.abc import Iterable
import logging

from ..chargers.commander import Commander
from ..engine.decision import Command

_LOGGER = logging.getLogger(__name__)

STOP_TIMEOUT_S = 8.0
"""For lowering the chargers when we stop; Home Assistant waits 20 s at most."""


async def async_carry_out(work: Iterable[tuple[Commander, Command]]) -> None:
    """Carry commands out side by side; wait a few seconds at most."""
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await asyncio.gather(
                *(commander.async_apply(command) for commander, command in work)
            )
    except TimeoutError:
        _LOGGER.warning("Chargers did not confirm their safe current in time")
