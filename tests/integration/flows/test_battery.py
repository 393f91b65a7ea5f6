"""A home battery is described, changed and taken away again."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import (
    SITE_DATA,
    SITE_STEPS,
    choose,
    go_through,
    open_options,
    send,
    start_site,
)

pytestmark = pytest.mark.usefixtures("set_up")

POWER = {"unit_of_measurement": "W"}
BATTERY: dict[str, Any] = {
    "battery_power": ["sensor.battery"],
    "battery_inverted": True,
    "battery_soc": ["sensor.battery_soc"],
    "battery_capacity": 7.7,
    "battery_control": {
        "battery_hold": "select.battery_mode",
        "battery_hold_option": "Backup",
        "battery_release_option": "Self-use",
    },
}
STORED: dict[str, Any] = {
    "battery_power": ["sensor.battery"],
    "battery_inverted": True,
    "battery_soc": ["sensor.battery_soc"],
    "battery_capacity": 7.7,
    "battery_hold": "select.battery_mode",
    "battery_hold_inverted": False,
    "battery_hold_option": "Backup",
    "battery_release_option": "Self-use",
}


@pytest.fixture(autouse=True)
def battery(hass: HomeAssistant) -> None:
    """Have a battery that charges with 2 kW, plus being charging."""
    states = hass.states
    states.async_set("sensor.battery", "2000", POWER)
    states.async_set("sensor.battery_soc", "64", {"unit_of_measurement": "%"})
    states.async_set(
        "select.battery_mode", "Self-use", {"options": ["Self-use", "Backup"]}
    )


async def test_battery_is_stored_and_shown(hass: HomeAssistant) -> None:
    """What is read of it stands beside the meter's reading before all is stored."""
    flows = hass.config_entries.flow
    steps = SITE_STEPS | {"battery": BATTERY}
    result = await go_through(flows, await start_site(hass), steps)
    reading = result["description_placeholders"]["reading"]
    assert "Battery charging with 2.00 kW. Battery at 64 %." in reading
    result = await choose(hass, result, "finish")
    assert result["data"] == SITE_DATA | STORED


async def test_battery_comes_and_goes(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Reconfigured: a pair of sensors alone is enough, and nothing is left of it later."""
    flows = hass.config_entries.flow
    pair = {"battery_charge": ["sensor.a"], "battery_discharge": ["sensor.b"]}
    for entered, stored in (
        ({"battery_pair": pair}, pair),
        ({"battery_inverted": True}, {}),
    ):
        result = await site.start_reconfigure_flow(hass)
        result = await go_through(flows, result, SITE_STEPS | {"battery": entered})
        await choose(hass, result, "finish")
        found = {key: site.data[key] for key in site.data if key.startswith("battery")}
        found.pop("battery_hold_inverted", None)
        assert found == (stored | {"battery_inverted": False} if stored else {})


@pytest.mark.parametrize(
    ("entered", "errors"),
    [
        (
            {"battery_soc": ["sensor.battery_soc"]},
            {"battery_power": "battery_power_needed"},
        ),
        (
            BATTERY | {"battery_pair": {"battery_charge": ["sensor.a"]}},
            {"battery_pair": "battery_power_twice"},
        ),
        (
            {"battery_pair": {"battery_charge": ["sensor.a"]}},
            {"battery_pair": "battery_pair_incomplete"},
        ),
        (
            {"battery_power": ["sensor.battery_soc"]},
            {"battery_power": "wrong_unit"},
        ),
        ({"battery_power": ["sensor.grid"]}, {"battery_power": "entity_twice"}),
        (
            BATTERY | {"battery_capacity": 0.0},
            {"battery_capacity": "battery_capacity_range"},
        ),
        ({"battery_power": ["sensor.solar"]}, {"battery_power": "entity_twice"}),
        (
            BATTERY | {"battery_control": {"battery_hold": "select.battery_mode"}},
            {"battery_control": "battery_options_needed"},
        ),
        (
            BATTERY
            | {
                "battery_control": BATTERY["battery_control"]
                | {"battery_hold_option": "Holiday"}
            },
            {"battery_control": "battery_not_an_option"},
        ),
    ],
)
async def test_errors(
    hass: HomeAssistant, entered: dict[str, Any], errors: dict[str, str]
) -> None:
    """What cannot be is told, and can be put right."""
    flows = hass.config_entries.flow
    result = await go_through(
        flows, await start_site(hass), SITE_STEPS, until="battery"
    )
    result = await send(flows, result, entered)
    assert result["errors"] == errors
    result = await send(flows, result, BATTERY)
    assert result["step_id"] == "off_peak"


@pytest.mark.parametrize(
    ("entered", "error"),
    [
        ({"buffer_soc": 101}, "buffer_range"),
        ({"buffer_soc": 90, "feeds_cars": False}, None),
    ],
)
async def test_options_of_a_battery(
    hass: HomeAssistant,
    site: MockConfigEntry,
    entered: dict[str, Any],
    error: str | None,
) -> None:
    """They are asked for only where there is one."""
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "control")
    assert "buffer_soc" not in result["data_schema"].schema

    hass.config_entries.async_update_entry(site, data=site.data | STORED)
    result = await open_options(hass, site.entry_id, "control")
    usual = {
        "fuse_margin": 5,
        "start_delay": 60,
        "stop_delay": 180,
        "raise_delay": 60,
        "resume_delay": 120,
    }
    result = await send(flows, result, usual | entered)
    if error is not None:
        assert result["errors"] == {"buffer_soc": error}
        return
    assert site.options["buffer_soc"] == 90.0
    assert site.options["feeds_cars"] is False
