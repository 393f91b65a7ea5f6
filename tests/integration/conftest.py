"""Fixtures of the tests inside Home Assistant."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .house import House, make_entry


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find the integration; the recorder must come first where it is used."""
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> House:
    """Return a house with a plugged-in car, the site not set up yet."""
    return House(hass, freezer)


@pytest.fixture
async def site_entry(house: House) -> MockConfigEntry:
    """Return the entry of a house that is set up and has been taken over."""
    entry = make_entry()
    await house.set_up(entry)
    await house.pass_time(15)
    return entry
