"""What cannot be is told in words, keeps what was entered, and can be put right."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN

from .steps import (
    METER,
    SITE_DATA,
    SITE_STEPS,
    USER,
    WINDOW,
    choose,
    collapsed,
    go_through,
    lost,
    send,
    start_site,
    suggested,
)

pytestmark = pytest.mark.usefixtures("set_up")


def one(**fields: Any) -> dict[str, Any]:
    """Return the meter step with one sensor."""
    return {"one_sensor": fields}


def phases(**fields: Any) -> dict[str, Any]:
    """Return the meter step with sensors per phase."""
    return {"per_phase": fields}


USER_ERRORS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"name": "  "}, {"name": "name_missing"}),
    ({"main_fuse": 0}, {"main_fuse": "not_a_fuse"}),
    ({"main_fuse": -25}, {"main_fuse": "not_a_fuse"}),
    ({"main_fuse": 1000}, {"main_fuse": "not_a_fuse"}),
    ({"main_fuse": "nan"}, {"main_fuse": "not_a_fuse"}),
    ({"main_fuse": "inf"}, {"main_fuse": "not_a_fuse"}),
    ({"main_fuse": 5.9}, {"main_fuse": "fuse_range"}),
    ({"main_fuse": 201}, {"main_fuse": "fuse_range"}),
    ({"more": {"voltage": 12}}, {"more": "voltage_range"}),
    ({"more": {"voltage": "nan"}}, {"more": "voltage_range"}),
    ({"more": {"power_limit": 0}}, {"more": "power_limit_range"}),
    ({"more": {"power_limit": -3}}, {"more": "power_limit_range"}),
    (
        {"name": "", "main_fuse": 300},
        {"name": "name_missing", "main_fuse": "fuse_range"},
    ),
]

UNIT = {"entity": "sensor.temperature", "unit": "°C", "needed": "W, kW, MW, mW"}
METER_ERRORS: list[tuple[dict[str, Any], dict[str, str], dict[str, str]]] = [
    ({}, {"base": "meter_needed"}, {}),
    (one(grid_inverted=True), {"base": "meter_needed"}, {}),
    (phases(grid_voltage_l1="sensor.v1"), {"per_phase": "phases_incomplete", "base": "meter_needed"}, {}),
    ({"two_sensors": {"grid_export": "sensor.grid_export"}}, {"two_sensors": "export_alone"}, {}),
    ({"two_sensors": {"grid_import": "sensor.grid_import"}}, {"two_sensors": "import_alone"}, {}),
    (phases(grid_current_l1="sensor.grid_l1"), {"per_phase": "phases_incomplete"}, {}),
    (phases(grid_power_l1="sensor.a", grid_power_l3="sensor.b"), {"per_phase": "phases_incomplete"}, {}),
    (one(grid_power="sensor.temperature"), {"one_sensor": "wrong_unit"}, UNIT),
    (
        one(grid_power="sensor.word"),
        {"one_sensor": "not_a_number"},
        {"entity": "sensor.word", "state": "sunny"},
    ),
    (
        phases(**{f"grid_current_l{n}": "sensor.grid_l1" for n in (1, 2, 3)}),
        {"per_phase": "entity_twice"},
        {"entity": "sensor.grid_l1"},
    ),
    (
        {"two_sensors": {"grid_import": "sensor.grid", "grid_export": "sensor.grid"}},
        {"two_sensors": "entity_twice"},
        {"entity": "sensor.grid"},
    ),
]  # fmt: skip
SOLAR_ERRORS: list[tuple[list[str], str, dict[str, str]]] = [
    (["sensor.temperature"], "wrong_unit", UNIT),
    (["sensor.solar", "sensor.solar"], "entity_twice", {"entity": "sensor.solar"}),
    (["sensor.solar", "sensor.grid"], "entity_twice", {"entity": "sensor.grid"}),
]
WINDOW_ERRORS: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({"days": []}, "no_days", {}),
    ({"end": "22:00"}, "empty_window", {"time": "22:00:00"}),
]
CASES = [
    *(("user", USER | bad, errors, {}) for bad, errors in USER_ERRORS),
    *(("meter", bad, errors, names) for bad, errors, names in METER_ERRORS),
    *(
        ("solar", {"solar_power": bad}, {"solar_power": error}, names)
        for bad, error, names in SOLAR_ERRORS
    ),
    *(
        (
            "off_peak",
            {"off_peak_windows": [WINDOW, WINDOW | bad]},
            {"off_peak_windows": error},
            names,
        )
        for bad, error, names in WINDOW_ERRORS
    ),
]


@pytest.mark.parametrize(("step", "bad", "errors", "names"), CASES)
async def test_errors(
    hass: HomeAssistant,
    step: str,
    bad: dict[str, Any],
    errors: dict[str, str],
    names: dict[str, str],
) -> None:
    """The step comes back with what was entered, and goes on once it is right."""
    flows = hass.config_entries.flow
    result = await go_through(flows, await start_site(hass), SITE_STEPS, until=step)
    result = await send(flows, result, bad)
    assert (result["type"], result["step_id"]) == ("form", step)
    assert result["errors"] == errors
    assert result["description_placeholders"].items() >= names.items()
    assert lost(suggested(result["data_schema"]), bad) == {}
    for part in errors.keys() & collapsed(result["data_schema"]).keys():
        assert not collapsed(result["data_schema"])[part]

    result = await send(flows, result, SITE_STEPS[step])
    result = await go_through(flows, result, SITE_STEPS)
    result = await choose(hass, result, "finish")
    assert result["data"] == SITE_DATA


async def test_meter_of_another_site(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Two sites cannot have the same meter; a second one with its own can be added."""
    flows = hass.config_entries.flow
    result = await go_through(flows, await start_site(hass), SITE_STEPS, until="meter")
    result = await send(flows, result, METER)
    assert result["errors"] == {"one_sensor": "other_meter"}
    assert result["description_placeholders"] == {
        "entity": "sensor.grid",
        "name": "Home",
    }
    pair = {"grid_import": "sensor.grid_import", "grid_export": "sensor.grid_export"}
    result = await send(flows, result, {"two_sensors": pair})
    result = await go_through(flows, result, SITE_STEPS)
    result = await choose(hass, result, "finish")
    assert result["type"] == "create_entry"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2
