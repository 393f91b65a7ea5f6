"""Fixtures of the tests inside Home Assistant."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .expectations import HOUR, MIDNIGHT
from .house import EVENING, House, make_entry
from .sun import Sun


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


@pytest.fixture
async def evening(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> House:
    """Return a house at six in the evening, with a price and a car at half its charge."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(EVENING)
    house.measure()
    entry = make_entry()
    await house.set_up(entry)
    prices = {"import_price": 0.30, "feed_in_price": 0.08}
    hass.config_entries.async_update_entry(entry, options=prices)
    await hass.async_block_till_done()
    await house.pass_time(15)
    return house


@pytest.fixture
async def berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let it be ten in the morning in Berlin, in May."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(MIDNIGHT + 10 * HOUR)


@pytest.fixture
def sun(hass: HomeAssistant) -> Sun:
    """Return an integration that forecasts."""
    return Sun(hass)
