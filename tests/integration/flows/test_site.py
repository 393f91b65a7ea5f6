"""A site is described, step by step, to its end."""

from typing import Any
from unittest.mock import AsyncMock

from homeassistant.config_entries import FlowType
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN

from .steps import (
    CHARGER_DATA,
    CHARGER_STEPS,
    METER,
    OFF_PEAK,
    SITE_DATA,
    SITE_STEPS,
    SOLAR,
    USER,
    choose,
    collapsed,
    go_through,
    send,
    start_site,
    suggested,
)

pytestmark = pytest.mark.usefixtures("set_up")


async def test_site_and_first_charger(hass: HomeAssistant, set_up: AsyncMock) -> None:
    """A site is set up, and its dialog goes on to the first charger."""
    flows = hass.config_entries.flow
    result = await start_site(hass)
    assert suggested(result["data_schema"])["name"] == hass.config.location_name
    result = await go_through(flows, result, SITE_STEPS)
    assert result["type"] == "menu"
    assert result["menu_options"] == [
        "finish",
        "flip_sign",
        "meter",
        "solar",
        "battery",
        "off_peak",
    ]

    result = await choose(hass, result, "finish")
    assert result["type"] == "create_entry"
    assert result["title"] == "Home"
    assert result["data"] == SITE_DATA
    assert set_up.call_count == 1

    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    subentries = hass.config_entries.subentries
    charger = subentries.async_get(flow_id)
    assert charger["step_id"] == "user"
    charger = await send(subentries, charger, CHARGER_STEPS["user"])
    charger = await go_through(subentries, charger, CHARGER_STEPS)
    assert charger["type"] == "create_entry"
    (subentry,) = result["result"].subentries.values()
    assert subentry.title == "Garage"
    assert subentry.data == CHARGER_DATA


PHASE_POWERS = {f"grid_power_l{n}": f"sensor.p{n}" for n in (1, 2, 3)}


@pytest.mark.parametrize(
    ("meter", "stored"),
    [
        pytest.param(
            {"one_sensor": {"grid_power": "sensor.grid", "grid_inverted": True}},
            {"grid_power": "sensor.grid", "grid_inverted": True},
            id="one sensor, turned",
        ),
        pytest.param(
            {
                "two_sensors": {
                    "grid_import": "sensor.grid_import",
                    "grid_export": "sensor.grid_export",
                }
            },
            {
                "grid_import": "sensor.grid_import",
                "grid_export": "sensor.grid_export",
                "grid_inverted": False,
            },
            id="import and export",
        ),
        pytest.param(
            {"per_phase": PHASE_POWERS},
            PHASE_POWERS | {"grid_inverted": False},
            id="powers of entities that are not there yet",
        ),
        pytest.param(
            {"one_sensor": {}, "two_sensors": {}, "per_phase": METER["per_phase"]},
            METER["per_phase"] | {"grid_inverted": False},
            id="currents",
        ),
    ],
)
async def test_meters(
    hass: HomeAssistant, meter: dict[str, Any], stored: dict[str, Any]
) -> None:
    """Each kind of meter alone is enough; solar and cheap hours may be left out."""
    user = {"name": " Cabin ", "phases": "3", "main_fuse": 35}
    steps = {"user": user, "meter": meter, "solar": {}, "battery": {}, "off_peak": {}}
    result = await go_through(hass.config_entries.flow, await start_site(hass), steps)
    result = await choose(hass, result, "finish")
    assert result["title"] == "Cabin"
    assert result["data"] == {"phases": 3, "main_fuse": 35.0, "voltage": 230.0} | stored


async def test_one_phase(hass: HomeAssistant) -> None:
    """A site with one phase is only asked for one."""
    user = USER | {"phases": "1", "more": {"voltage": 120, "power_limit": 11}}
    flows = hass.config_entries.flow
    result = await send(flows, await start_site(hass), user)
    per_phase = result["data_schema"].schema["per_phase"].schema.schema
    assert [str(field) for field in per_phase] == [
        "grid_current_l1",
        "grid_power_l1",
        "grid_voltage_l1",
    ]
    meter = {
        "per_phase": {
            "grid_current_l1": "sensor.grid_l1",
            "grid_voltage_l1": "sensor.voltage_l1",
        }
    }
    steps = {"meter": meter, "solar": {}, "battery": {}, "off_peak": {}}
    result = await go_through(flows, result, steps)
    result = await choose(hass, result, "finish")
    assert (
        result["data"]
        == {
            "phases": 1,
            "main_fuse": 25.0,
            "voltage": 120.0,
            "power_limit": 11.0,
            "grid_inverted": False,
        }
        | meter["per_phase"]
    )


async def test_meter_is_changed_at_the_end(hass: HomeAssistant) -> None:
    """Other sensors can be chosen from the last step, which then comes back at once."""
    flows = hass.config_entries.flow
    result = await go_through(flows, await start_site(hass), SITE_STEPS)
    result = await choose(hass, result, "meter")
    assert result["step_id"] == "meter"
    assert suggested(result["data_schema"]) == METER | {"two_sensors": {}}
    assert collapsed(result["data_schema"]) == {
        "one_sensor": False,
        "two_sensors": True,
        "per_phase": False,
    }
    result = await send(flows, result, {"one_sensor": METER["one_sensor"]})
    assert result["type"] == "menu"
    result = await choose(hass, result, "finish")
    assert result["data"] == {
        key: value for key, value in SITE_DATA.items() if "current" not in key
    }


async def test_reconfigure(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """All is filled in; what is emptied is gone, and the rest stays."""
    flows = hass.config_entries.flow
    result = await site.start_reconfigure_flow(hass)
    for step, entered in SITE_STEPS.items():
        assert result["step_id"] == step
        filled = suggested(result["data_schema"])
        filled = {key: value for key, value in filled.items() if value != {}}
        assert filled == entered
        if step == "user":
            entered = {"name": "House", "phases": "3", "main_fuse": 63}
        elif step == "off_peak":
            entered = {}
        result = await send(flows, result, entered)
    result = await choose(hass, result, "finish")
    assert result["type"] == "abort"
    assert result["reason"] == "reconfigure_successful"
    assert site.title == "House"
    kept = {key: site.data[key] for key in site.data}
    expected = SITE_DATA | {"main_fuse": 63.0}
    del expected["off_peak_windows"], expected["off_peak_entity"]
    assert kept == expected


async def test_reconfigure_to_one_phase(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """The meter's sensors of phases that are gone go with them."""
    steps = {
        "user": USER | {"phases": "1"},
        "meter": {"per_phase": {"grid_current_l1": "sensor.grid_l1"}},
        "solar": SOLAR,
        "battery": {},
        "off_peak": OFF_PEAK,
    }
    result = await site.start_reconfigure_flow(hass)
    result = await go_through(hass.config_entries.flow, result, steps)
    await choose(hass, result, "finish")
    grid = {key: value for key, value in site.data.items() if key.startswith("grid")}
    assert grid == {"grid_inverted": False, "grid_current_l1": "sensor.grid_l1"}


@pytest.mark.parametrize(
    "charger",
    [
        {"phases": 3, "phase_map": "unknown"},
        {"phases": 1, "phase_map": "l2"},
    ],
)
async def test_one_phase_with_a_charger_on_others(
    hass: HomeAssistant, set_up: AsyncMock, charger: dict[str, Any]
) -> None:
    """A site does not lose phases on which a charger hangs."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        data=SITE_DATA,
        subentries_data=[
            {
                "data": charger,
                "subentry_id": "A",
                "subentry_type": "charger",
                "title": "Garage",
                "unique_id": None,
            }
        ],
    )
    entry.add_to_hass(hass)
    result = await entry.start_reconfigure_flow(hass)
    result = await send(hass.config_entries.flow, result, USER | {"phases": "1"})
    assert result["errors"] == {"phases": "charger_has_phases"}
    assert result["description_placeholders"]["charger"] == "Garage"
    result = await send(hass.config_entries.flow, result, USER)
    assert result["step_id"] == "meter"


async def test_one_phase_with_a_charger_on_it(hass: HomeAssistant) -> None:
    """A charger on L1 is no obstacle."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        data=SITE_DATA,
        subentries_data=[
            {
                "data": {"phases": 1, "phase_map": "l1"},
                "subentry_id": "A",
                "subentry_type": "charger",
                "title": "Garage",
                "unique_id": None,
            }
        ],
    )
    entry.add_to_hass(hass)
    result = await entry.start_reconfigure_flow(hass)
    result = await send(hass.config_entries.flow, result, USER | {"phases": "1"})
    assert result["step_id"] == "meter"
