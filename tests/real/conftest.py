"""Fixtures of the tests with emulated devices."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from aiohttp import ClientConnectorError
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from .devices.device import Device
from .place import Place

type Open = Callable[[Device], Awaitable[Place]]


def _expect_lost_connections(loop: asyncio.AbstractEventLoop) -> None:
    """Leave out of what fails a test that some integrations forget to catch a lost connection."""
    usual = loop.get_exception_handler() or (lambda loop, context: None)

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), ClientConnectorError):
            usual(loop, context)

    loop.set_exception_handler(handle)


@pytest.fixture
async def open_place(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    enable_custom_integrations: None,
) -> AsyncGenerator[Open]:
    """Switch an emulated device on in a house; at the end everything is unloaded."""
    places: list[Place] = []
    _expect_lost_connections(hass.loop)

    async def start(device: Device) -> Place:
        await device.start()
        places.append(Place(hass, freezer, device))
        return places[-1]

    yield start
    for entry in hass.config_entries.async_entries():
        if entry.state.recoverable:
            await hass.config_entries.async_unload(entry.entry_id)
    for place in places:
        await place.settle()
        await place.device.stop()
