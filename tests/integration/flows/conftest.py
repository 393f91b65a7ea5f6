"""A house of plain states to choose from."""

from collections.abc import Iterator
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.ampacity.const import DOMAIN

from .steps import SITE_DATA

_STATES: dict[str, tuple[str, str | None]] = {
    "sensor.grid": ("1240", "W"),
    "sensor.grid_l1": ("5.2", "A"),
    "sensor.grid_l2": ("-1.25", "A"),
    "sensor.grid_l3": ("1.4", "A"),
    "sensor.grid_import": ("0", "W"),
    "sensor.grid_export": ("500", "W"),
    "sensor.voltage_l1": ("231", "V"),
    "sensor.solar": ("3.1", "kW"),
    "sensor.solar_2": ("900", "W"),
    "schedule.cheap": ("off", None),
    "switch.charging": ("on", None),
    "button.start": ("unknown", None),
    "button.stop": ("unknown", None),
    "binary_sensor.plug": ("on", None),
    "binary_sensor.charging": ("off", None),
    "sensor.charging_power": ("6.9", "kW"),
    "sensor.car_l1": ("9.8", "A"),
    "sensor.car_l2": ("9.7", "A"),
    "sensor.car_l3": ("9.9", "A"),
    "sensor.energy": ("12", "kWh"),
    "sensor.soc": ("45", "%"),
    "sensor.offered": ("10", "A"),
    "sensor.temperature": ("21", "°C"),
    "sensor.word": ("sunny", "W"),
    "sensor.gone": ("unavailable", None),
}


@pytest.fixture(autouse=True)
def _entities(hass: HomeAssistant) -> None:
    """Fill the house with entities and actions."""
    for entity_id, (state, unit) in _STATES.items():
        attributes = {"unit_of_measurement": unit} if unit else {}
        hass.states.async_set(entity_id, state, attributes)
    current = {"min": 6, "max": 16, "step": 1, "unit_of_measurement": "A"}
    hass.states.async_set("number.limit", "10", current)
    hass.states.async_set("number.from_zero", "10", current | {"min": 0, "max": 63})
    hass.states.async_set("number.tiny", "1", current | {"min": 0, "max": 5})
    milli = {"min": 6000, "max": 32000, "unit_of_measurement": "mA"}
    hass.states.async_set("number.milli", "10000", milli)
    hass.states.async_set(
        "number.percent", "10", {"min": 0, "max": 100, "unit_of_measurement": "%"}
    )
    hass.states.async_set("number.odd", "10", {"min": "low"})
    hass.states.async_set("select.amps", "10 A", {"options": ["6 A", "10 A", "20 A"]})
    hass.states.async_set("select.amps_or_off", "0", {"options": ["0", "6", "16"]})
    hass.states.async_set("select.override", "on", {"options": ["on", "off", "auto"]})
    words = ["no_car", "ready", "charging", "paused", "finished", "error"]
    hass.states.async_set("sensor.status", "charging", {"options": words})
    hass.states.async_set("sensor.free_words", "Wait Car", {})
    for action in ("set_current", "enable", "disable"):
        async_mock_service(hass, "keba", action)


@pytest.fixture
def set_up() -> Iterator[AsyncMock]:
    """Stand in for the integration itself, which has tests of its own."""
    package = "custom_components.ampacity"
    with (
        patch(f"{package}.async_unload_entry", return_value=True),
        patch(f"{package}.async_setup_entry", return_value=True) as mock,
    ):
        yield mock


@pytest.fixture
async def site(hass: HomeAssistant, set_up: AsyncMock) -> MockConfigEntry:
    """Return a site without chargers."""
    entry = MockConfigEntry(domain=DOMAIN, title="Home", data=SITE_DATA)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    return entry
