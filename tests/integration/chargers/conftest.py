"""Chargers that take commands."""

from homeassistant.core import HomeAssistant
import pytest

from .common import show_levers
from .wallbox import Wallbox


@pytest.fixture
def wallbox(hass: HomeAssistant) -> Wallbox:
    """Return a wallbox whose levers are at 16 A and on."""
    show_levers(hass)
    return Wallbox(hass)
