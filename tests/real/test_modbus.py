"""A charger that Ampacity does not know, through Home Assistant's own Modbus integration."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests.integration.flows.steps import ELECTRICAL

from . import modbus_yaml, scenario
from .conftest import Open
from .devices.heidelberg import MAX_CURRENT, EnergyControl
from .place import Place

ANSWERS: dict[str, dict[str, Any]] = {
    "user": {
        "name": "Garage",
        "limit_kind": "number",
        "start_stop_kind": "zero",
        "status_kind": "sensor",
    },
    "control": {
        "limit_entity": "number.wallbox_current",
        "status_sensor": "sensor.wallbox_status",
    },
    "status_map": {
        "disconnected": ["2", "3"],
        "connected": ["5"],
        "paused": ["4", "6"],
        "charging": ["7", "8"],
        "error": ["9", "10", "11"],
    },
    "sensors": {
        "power_sensor": "sensor.wallbox_power",
        "current_l1": "sensor.wallbox_l1",
        "current_l2": "sensor.wallbox_l2",
        "current_l3": "sensor.wallbox_l3",
        "energy_sensor": "sensor.wallbox_energy",
    },
    "electrical": ELECTRICAL,
}
TELLS_S = 12
"""Its registers are read every five seconds, and a number follows its sensor."""


@pytest.fixture
async def place(open_place: Open) -> AsyncGenerator[Place]:
    """Return a house with an Energy Control that was set up by its entities."""
    device = EnergyControl()
    place = await open_place(device)
    await modbus_yaml.set_up(place.hass, device)
    await place.pass_time(20)
    await place.set_up_site()
    yield place
    await place.hass.services.async_call("modbus", "stop", {"hub": modbus_yaml.HUB})
    await place.settle()


async def test_is_controlled(place: Place) -> None:
    """Surplus, all it has, a pause by 0 A, a new start, and the car leaves."""
    device = place.device
    assert isinstance(device, EnergyControl)
    await place.add_by_entities(ANSWERS)
    await scenario.charge_on_sun(place)
    await scenario.charge_fast(place, 16.0, TELLS_S)
    await scenario.pause(place, TELLS_S)
    assert device.writes[-1] == (MAX_CURRENT, 0)
    charged_kwh = device.wallbox.total_wh / 1000
    assert place.number("energy") == pytest.approx(charged_kwh, abs=0.07)
    await scenario.charge_on_sun(place)
    await scenario.leave(place, TELLS_S)
    written = {value for _, value in device.writes}
    assert written <= {0, *range(60, 161)}


async def test_gone_and_back(place: Place) -> None:
    """A gateway that does not answer makes it offline, its last current counts on."""
    await place.add_by_entities(ANSWERS)
    await scenario.charge_on_sun(place)
    await scenario.vanish(place, 60)
    await scenario.come_back(place, 120)
