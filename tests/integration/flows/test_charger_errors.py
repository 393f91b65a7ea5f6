"""What cannot be is told in words, keeps what was entered, and can be put right."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN

from .steps import (
    CHARGER_DATA,
    CHARGER_STEPS,
    CONTROL,
    ELECTRICAL,
    KINDS,
    SENSORS,
    SITE_DATA,
    STATUS_MAP,
    collapsed,
    go_through,
    lost,
    send,
    start_charger,
    suggested,
)

LIMIT = {"limit_entity": "number.limit"}
SENSOR = {"status_sensor": "sensor.status"}
SELECT = {"start_stop_select": "select.override"}
ENABLE = {"start_action": "keba.enable", "stop_action": "keba.disable"}
SET = {"limit_action": "keba.set_current", "limit_action_field": "current"}

type Case = tuple[dict[str, Any], dict[str, Any], dict[str, Any], str, str]
"""Kinds, what is wrong, what is right, the field and its error."""

CONTROL_ERRORS: list[Case] = [
    ({}, {"limit_entity": "number.tiny"}, CONTROL, "limit_entity", "no_usable_current"),
    ({}, {"limit_entity": "number.percent"}, CONTROL, "limit_entity", "wrong_unit"),
    (
        {"limit_kind": "select"},
        {"limit_entity": "select.override"},
        CONTROL | {"limit_entity": "select.amps"},
        "limit_entity",
        "no_usable_current",
    ),
    ({"start_stop_kind": "zero"}, LIMIT, LIMIT | {"limit_entity": "number.from_zero"}, "limit_entity", "no_zero"),
    (
        {"start_stop_kind": "zero", "limit_kind": "select"},
        {"limit_entity": "select.amps"},
        {"limit_entity": "select.amps_or_off"},
        "limit_entity",
        "no_zero",
    ),
    *(
        (
            {"limit_kind": "action", "start_stop_kind": "none"},
            SET | bad,
            SET,
            field,
            error,
        )
        for bad, field, error in (
            ({"limit_action": "keba"}, "limit_action", "action_format"),
            ({"limit_action": ".set"}, "limit_action", "action_format"),
            ({"limit_action": ""}, "limit_action", "action_format"),
            ({"limit_action": "keba.fly"}, "limit_action", "action_unknown"),
            ({"limit_action_field": " "}, "limit_action_field", "action_field_missing"),
            ({"limit_action_data": "x"}, "limit_action_data", "action_data_format"),
        )
    ),
    *(
        (
            {"start_stop_kind": "select"},
            LIMIT | SELECT | bad,
            LIMIT | SELECT | {"start_option": "on", "stop_option": "off"},
            field,
            error,
        )
        for bad, field, error in (
            ({"start_option": "on"}, "stop_option", "option_missing"),
            ({"stop_option": "off"}, "start_option", "option_missing"),
            ({"start_option": "go", "stop_option": "off"}, "start_option", "option_unknown"),
            ({"start_option": "on", "stop_option": "on"}, "stop_option", "same_option"),
        )
    ),
    *(
        ({"start_stop_kind": "action"}, LIMIT | ENABLE | bad, LIMIT | ENABLE, field, error)
        for bad, field, error in (
            ({"start_action": "keba"}, "start_action", "action_format"),
            ({"stop_action": "keba.fly"}, "stop_action", "action_unknown"),
            ({"stop_action": "keba.enable"}, "stop_action", "same_action"),
            ({"stop_action_data": ["x"]}, "stop_action_data", "action_data_format"),
        )
    ),
    (
        {"start_stop_kind": "buttons"},
        LIMIT | {"start_button": "button.start", "stop_button": "button.start"},
        LIMIT | {"start_button": "button.start", "stop_button": "button.stop"},
        "stop_button",
        "entity_twice",
    ),
    ({"status_kind": "binary"}, LIMIT, LIMIT | {"plug_sensor": "binary_sensor.plug"}, "base", "status_needed"),
    (
        {"status_kind": "binary"},
        LIMIT | {"plug_sensor": "binary_sensor.plug", "charging_sensor": "binary_sensor.plug"},
        LIMIT | {"charging_sensor": "binary_sensor.charging"},
        "charging_sensor",
        "entity_twice",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kinds", "bad", "good", "field", "error"), CONTROL_ERRORS)
async def test_control_errors(
    hass: HomeAssistant,
    site: MockConfigEntry,
    kinds: dict[str, Any],
    bad: dict[str, Any],
    good: dict[str, Any],
    field: str,
    error: str,
) -> None:
    """A lever that cannot work is told, and can be put right."""
    flows = hass.config_entries.subentries
    chosen = KINDS | kinds
    if chosen["start_stop_kind"] == "switch":
        bad, good = ({"switch": "switch.charging"} | step for step in (bad, good))
    if chosen["status_kind"] == "sensor":
        bad, good = (SENSOR | step for step in (bad, good))
    result = await send(flows, await start_charger(hass, site.entry_id), chosen)
    result = await send(flows, result, bad)
    assert (result["type"], result["step_id"]) == ("form", "control")
    assert result["errors"] == {field: error}
    assert lost(suggested(result["data_schema"]), bad) == {}

    result = await send(flows, result, good)
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"


async def test_options_come_with_the_select(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Once the select is chosen its options can be picked from a list."""
    flows = hass.config_entries.subentries
    result = await start_charger(hass, site.entry_id)
    result = await send(flows, result, KINDS | {"start_stop_kind": "select"})
    assert result["data_schema"].schema["start_option"].config["options"] == []
    result = await send(flows, result, LIMIT | SENSOR | SELECT)
    assert result["errors"] == {
        "start_option": "option_missing",
        "stop_option": "option_missing",
    }
    selector = result["data_schema"].schema["start_option"]
    assert selector.config["options"] == ["on", "off", "auto"]
    picked = {"start_option": "auto", "stop_option": "off"}
    result = await send(flows, result, LIMIT | SENSOR | SELECT | picked)
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"


STEP_ERRORS: list[tuple[str, dict[str, Any], dict[str, str], dict[str, str]]] = [
    ("user", KINDS | {"name": " "}, {"name": "name_missing"}, {}),
    ("status_map", {}, {"base": "words_needed"}, {}),
    (
        "status_map",
        STATUS_MAP | {"paused": ["paused", "Charging"]},
        {"charging": "state_twice"},
        {"state": "charging"},
    ),
    (
        "sensors",
        {"power_sensor": "sensor.temperature"},
        {"power_sensor": "wrong_unit"},
        {"entity": "sensor.temperature", "unit": "°C", "needed": "W, kW, MW, mW"},
    ),
    (
        "sensors",
        SENSORS | {"current_l2": "sensor.car_l1"},
        {"current_l2": "entity_twice"},
        {"entity": "sensor.car_l1"},
    ),
    (
        "sensors",
        {"current_l1": "sensor.car_l1", "current_l3": "sensor.car_l3"},
        {"current_l1": "currents_incomplete"},
        {},
    ),
    (
        "sensors",
        {"current_l2": "sensor.car_l2"},
        {"current_l2": "currents_incomplete"},
        {},
    ),
    *(
        ("electrical", ELECTRICAL | bad, errors, {})
        for bad, errors in (
            ({"min_current": 5.9}, {"min_current": "min_too_low"}),
            ({"min_current": "nan"}, {"min_current": "min_too_low"}),
            ({"max_current": 81}, {"max_current": "max_too_high"}),
            ({"max_current": "inf"}, {"max_current": "max_too_high"}),
            ({"min_current": 17}, {"min_current": "min_above_max"}),
            ({"phases": "1"}, {"phase_map": "phase_map_mismatch"}),
            ({"phase_map": "l2"}, {"phase_map": "phase_map_mismatch"}),
            ({"advanced": {"safe_current": 3}}, {"advanced": "safe_range"}),
            ({"advanced": {"safe_current": 17}}, {"advanced": "safe_range"}),
            ({"advanced": {"safe_current": "nan"}}, {"advanced": "safe_range"}),
            ({"advanced": {"settle_time": 0}}, {"advanced": "settle_range"}),
            ({"advanced": {"boost_duration": -5}}, {"advanced": "boost_range"}),
        )
    ),
]


@pytest.mark.parametrize(("step", "bad", "errors", "names"), STEP_ERRORS)
async def test_errors(
    hass: HomeAssistant,
    site: MockConfigEntry,
    step: str,
    bad: dict[str, Any],
    errors: dict[str, str],
    names: dict[str, str],
) -> None:
    """The step comes back with what was entered, and goes on once it is right."""
    flows = hass.config_entries.subentries
    result = await start_charger(hass, site.entry_id)
    if step != "user":
        result = await go_through(flows, result, CHARGER_STEPS, until=step)
    result = await send(flows, result, bad)
    assert (result["type"], result["step_id"]) == ("form", step)
    assert result["errors"] == errors
    assert names.items() <= result["description_placeholders"].items()
    assert lost(suggested(result["data_schema"]), bad) == {}
    for part in errors.keys() & collapsed(result["data_schema"]).keys():
        assert not collapsed(result["data_schema"])[part]

    result = await send(flows, result, CHARGER_STEPS[step])
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"
    (charger,) = site.subentries.values()
    assert charger.data == CHARGER_DATA


async def test_three_phases_with_one_current(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A charger with three phases leads back to its sensors when two of them have none."""
    flows = hass.config_entries.subentries
    one = {"current_l1": "sensor.car_l1", "soc_sensor": "sensor.soc"}
    result = await start_charger(hass, site.entry_id)
    steps = CHARGER_STEPS | {"sensors": one}
    result = await go_through(flows, result, steps, until="electrical")
    result = await send(flows, result, ELECTRICAL)
    assert result["step_id"] == "sensors"
    assert result["errors"] == {"current_l1": "currents_incomplete"}
    assert suggested(result["data_schema"]) == one
    result = await send(flows, result, SENSORS)
    assert suggested(result["data_schema"]) == ELECTRICAL
    await send(flows, result, ELECTRICAL)
    (charger,) = site.subentries.values()
    assert charger.data == CHARGER_DATA


def taken(site: str, data: dict[str, Any]) -> MockConfigEntry:
    """Return another site with a charger."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=site,
        data=SITE_DATA,
        subentries_data=[
            {
                "data": data,
                "subentry_id": site,
                "subentry_type": "charger",
                "title": "Barn",
                "unique_id": None,
            }
        ],
    )


@pytest.mark.parametrize(
    ("theirs", "field"),
    [
        ({"limit_entity": "number.limit"}, "limit_entity"),
        ({"switch": "switch.charging"}, "switch"),
    ],
)
async def test_levers_of_another_charger(
    hass: HomeAssistant, site: MockConfigEntry, theirs: dict[str, Any], field: str
) -> None:
    """Two chargers are not commanded by the same entity, of whichever site they are."""
    taken("Farm", theirs).add_to_hass(hass)
    hass.states.async_set("switch.other", "off")
    flows = hass.config_entries.subentries
    result = await send(flows, await start_charger(hass, site.entry_id), KINDS)
    result = await send(flows, result, CONTROL)
    assert result["errors"] == {field: "other_charger"}
    assert result["description_placeholders"] == {
        "entity": theirs[field],
        "charger": "Barn",
    }
    own = {"limit_entity": "number.from_zero", "switch": "switch.other"}
    result = await send(flows, result, CONTROL | own)
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"


@pytest.mark.parametrize(
    ("theirs", "errors"),
    [
        ({}, {"limit_action": "other_charger"}),
        ({"limit_action_data": {"device": "b"}}, {}),
    ],
)
async def test_actions_of_another_charger(
    hass: HomeAssistant,
    site: MockConfigEntry,
    theirs: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """The same action may serve two chargers when its other fields tell them apart."""
    taken("Farm", SET | theirs).add_to_hass(hass)
    flows = hass.config_entries.subentries
    kinds = KINDS | {
        "limit_kind": "action",
        "start_stop_kind": "none",
        "status_kind": "none",
    }
    result = await send(flows, await start_charger(hass, site.entry_id), kinds)
    result = await send(flows, result, SET)
    assert result["errors"] == (errors or {})
    apart = SET | {"limit_action_data": {"device": "a"}}
    if errors:
        result = await send(flows, result, apart)
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"


async def test_name_of_another_charger(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Two chargers of a site have different names."""
    flows = hass.config_entries.subentries
    result = await start_charger(hass, site.entry_id)
    await go_through(flows, result, CHARGER_STEPS)
    result = await send(flows, await start_charger(hass, site.entry_id), KINDS)
    assert result["errors"] == {"name": "name_taken"}
    result = await send(flows, result, KINDS | {"name": "Carport"})
    own = {"limit_entity": "number.from_zero", "switch": "switch.other"}
    result = await send(flows, result, CONTROL | own)
    result = await go_through(flows, result, CHARGER_STEPS)
    assert [charger.title for charger in site.subentries.values()] == [
        "Garage",
        "Carport",
    ]
