"""Tests of the levers: which service call sets a charger, given what its entity shows."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.chargers.write import LeverError

from .common import (
    ACTION,
    ACTIONS,
    BUTTONS,
    INVERTED_SWITCH,
    NEVER,
    OPTIONS,
    SELECT,
    ZERO,
    charger,
    show_levers,
    show_limit,
    show_select,
)

MILLI = {"min": 6000, "max": 32000, "step": 1000, "unit_of_measurement": "mA"}


@pytest.mark.parametrize(
    ("attributes", "current_a", "value"),
    [
        ({}, 10, 10),
        ({}, 10.9, 10),
        ({}, 6.0, 6),
        ({}, 0.0, 0),
        ({}, 40, 32),
        ({"max": 16}, 20, 16),
        ({"step": 0.1}, 10.37, 10.3),
        ({"step": 0.1}, 10.3, 10.3),
        ({"step": 0.5, "min": 6}, 7.4, 7),
        ({"step": 2, "min": 6}, 9, 8),
        ({"step": 5, "min": 6}, 15, 11),
        ({"min": None, "max": None, "step": None}, 10.5, 10.5),
        ({"min": "low", "max": "nan", "step": 0}, 10.5, 10.5),
        ({"unit_of_measurement": None}, 10, 10),
        (MILLI, 10, 10000),
        (MILLI, 10.7, 10000),
        (MILLI, 40, 32000),
        (MILLI | {"step": 1}, 10.7004, 10700),
    ],
)
def test_number(
    hass: HomeAssistant, attributes: dict[str, Any], current_a: float, value: float
) -> None:
    """A number is set inside its own range, on its steps, never above what is wanted."""
    show_limit(hass, "unknown", **attributes)
    write = charger().limit.write(hass, current_a)
    assert write.action == "number.set_value"
    assert write.data == {"entity_id": "number.limit", "value": value}
    assert write.short is None
    assert write.shown_s is None


def test_input_number(hass: HomeAssistant) -> None:
    """A helper has a service of its own."""
    show_limit(hass, 16, "input_number.limit")
    write = charger(limit_entity="input_number.limit").limit.write(hass, 10)
    assert write.action == "input_number.set_value"


@pytest.mark.parametrize(
    ("attributes", "wanted_a", "value"),
    [({"min": 8}, 6, 8), ({"min": 6}, 0, 6), (MILLI | {"min": 8000}, 6, 8000)],
)
def test_a_number_that_does_not_go_as_low(
    hass: HomeAssistant, attributes: dict[str, Any], wanted_a: float, value: float
) -> None:
    """It is set as low as it goes, and it is told that this is not enough."""
    show_limit(hass, **attributes)
    write = charger().limit.write(hass, wanted_a)
    assert write.data["value"] == value
    assert write.short is not None
    assert f"not to {wanted_a} A" in write.short


@pytest.mark.parametrize(
    ("shown", "attributes", "wanted_a", "is_shown"),
    [
        ("16", {}, 16, True),
        ("16.0", {}, 16.9, True),
        ("15.98", {}, 16, True),
        ("15", {}, 16, False),
        ("32", {"max": 32}, 40, True),
        ("16000", MILLI, 16, True),
        ("unknown", {}, 16, False),
        ("nan", {}, 16, False),
    ],
)
def test_a_number_that_is_set_so_already(
    hass: HomeAssistant,
    shown: str,
    attributes: dict[str, Any],
    wanted_a: float,
    is_shown: bool,
) -> None:
    """The write tells whether the number shows its value already."""
    show_limit(hass, shown, **attributes)
    assert (charger().limit.write(hass, wanted_a).shown_s is not None) is is_shown


AMPS = ["6 A", "10 A", "13 A", "16 A"]


@pytest.mark.parametrize(
    ("options", "current_a", "option"),
    [
        (AMPS, 16, "16 A"),
        (AMPS, 12.9, "10 A"),
        (AMPS, 13, "13 A"),
        (AMPS, 99, "16 A"),
        (["32", "6", "20"], 31, "20"),
        (["6.0", "10.0", "off"], 8, "6.0"),
        (["Max", "1 phase", "10", "16"], 12, "10"),
        (["0", "6", "16"], 0, "0"),
        (["6000 mA", "16000 mA"], 10, "6000 mA"),
    ],
)
def test_select(
    hass: HomeAssistant, options: list[str], current_a: float, option: str
) -> None:
    """The highest option that is not above what is wanted is chosen."""
    show_select(hass, "unknown", options)
    write = charger(SELECT).limit.write(hass, current_a)
    assert write.action == "select.select_option"
    assert write.data == {"entity_id": "select.limit", "option": option}
    assert write.short is None


def test_a_select_that_does_not_go_as_low(hass: HomeAssistant) -> None:
    """Its lowest option is chosen, and it is told that this is not enough."""
    show_select(hass, "16", ["10", "16"])
    write = charger(SELECT).limit.write(hass, 6)
    assert write.data["option"] == "10"
    assert write.short == "select.limit goes down to 10 A only, not to 6 A"


@pytest.mark.parametrize("options", [[], ["Auto", "Off"], None, "16"])
def test_a_select_without_currents(hass: HomeAssistant, options: Any) -> None:
    """A select that offers no current cannot limit."""
    show_select(hass, "Auto", options)
    with pytest.raises(LeverError, match="no option that is a current"):
        charger(SELECT).limit.write(hass, 10)


@pytest.mark.parametrize(
    ("data", "current_a", "sent"),
    [
        (ACTION, 10.0, {"device_id": "abc", "time_to_live": 0, "current": 10}),
        (ACTION, 10.25, {"device_id": "abc", "time_to_live": 0, "current": 10.25}),
        (
            ACTION
            | {
                "limit_action": "ocpp.set_charge_rate",
                "limit_action_field": "limit_amps",
                "limit_action_data": {"devid": "cp", "conn_id": 1},
            },
            16.0,
            {"devid": "cp", "conn_id": 1, "limit_amps": 16},
        ),
        (
            ACTION | {"limit_action": "keba.set_current", "limit_action_data": None},
            6.0,
            {"current": 6},
        ),
        (
            ACTION | {"limit_action_data": {"entity_id": "sensor.x", "current": 3}},
            0.0,
            {"entity_id": "sensor.x", "current": 0},
        ),
    ],
)
def test_action(
    hass: HomeAssistant, data: dict[str, Any], current_a: float, sent: dict[str, Any]
) -> None:
    """The current is filled into the action's other fields, a whole one as an integer."""
    write = charger(data).limit.write(hass, current_a)
    assert write.action == data["limit_action"]
    assert write.data == sent
    assert type(write.data[data["limit_action_field"]]) in (int, float)
    assert isinstance(write.data[data["limit_action_field"]], int) is (
        current_a.is_integer()
    )
    assert write.shown_s is None


@pytest.mark.parametrize(
    ("part", "states", "enabled", "action", "data"),
    [
        ({}, {}, True, "switch.turn_on", {"entity_id": "switch.charge"}),
        ({}, {}, False, "switch.turn_off", {"entity_id": "switch.charge"}),
        (INVERTED_SWITCH, {}, True, "switch.turn_off", {"entity_id": "switch.charge"}),
        (INVERTED_SWITCH, {}, False, "switch.turn_on", {"entity_id": "switch.charge"}),
        (
            {"switch": "input_boolean.charge"},
            {"input_boolean.charge": "unknown"},
            True,
            "input_boolean.turn_on",
            {"entity_id": "input_boolean.charge"},
        ),
        (
            BUTTONS,
            {"button.start": "unknown", "button.stop": "unavailable"},
            True,
            "button.press",
            {"entity_id": "button.start"},
        ),
        (
            BUTTONS | {"stop_button": "input_button.stop"},
            {"input_button.stop": "unknown"},
            False,
            "input_button.press",
            {"entity_id": "input_button.stop"},
        ),
        (
            OPTIONS,
            {"select.mode": "auto"},
            True,
            "select.select_option",
            {"entity_id": "select.mode", "option": "active"},
        ),
        (
            OPTIONS,
            {"select.mode": "auto"},
            False,
            "select.select_option",
            {"entity_id": "select.mode", "option": "disabled"},
        ),
        (
            ACTIONS,
            {},
            True,
            "easee.action_command",
            {"device_id": "abc", "action_command": "resume"},
        ),
        (
            ACTIONS,
            {},
            False,
            "easee.action_command",
            {"device_id": "abc", "action_command": "pause"},
        ),
        (
            ZERO,
            {},
            False,
            "number.set_value",
            {"entity_id": "number.limit", "value": 0},
        ),
        (
            ZERO | {"min_current": 8},
            {},
            True,
            "number.set_value",
            {"entity_id": "number.limit", "value": 8},
        ),
    ],
)
def test_start_stop(
    hass: HomeAssistant,
    part: dict[str, Any],
    states: dict[str, str],
    enabled: bool,
    action: str,
    data: dict[str, Any],
) -> None:
    """Each kind of start and stop makes its own call."""
    show_levers(hass)
    hass.states.async_set("switch.charge", "unknown")
    for entity_id, state in states.items():
        hass.states.async_set(entity_id, state)
    write = charger(part).start_stop.write(hass, enabled=enabled)
    assert (write.action, write.data) == (action, data)
    assert write.shown_s is None


@pytest.mark.parametrize(
    ("part", "entity_id", "state", "enabled", "is_shown"),
    [
        ({}, "switch.charge", "on", True, True),
        ({}, "switch.charge", "off", True, False),
        ({}, "switch.charge", "off", False, True),
        (INVERTED_SWITCH, "switch.charge", "off", True, True),
        (INVERTED_SWITCH, "switch.charge", "on", True, False),
        (OPTIONS, "select.mode", "active", True, True),
        (OPTIONS, "select.mode", "disabled", True, False),
        (OPTIONS, "select.mode", "disabled", False, True),
        (ZERO, "number.limit", "0", False, True),
        (BUTTONS, "button.start", "2026-11-02T10:00:00+00:00", True, False),
    ],
)
def test_a_lever_that_is_set_so_already(
    hass: HomeAssistant,
    part: dict[str, Any],
    entity_id: str,
    state: str,
    enabled: bool,
    is_shown: bool,
) -> None:
    """The write tells whether the lever shows its value already; a button never does."""
    hass.states.async_set(entity_id, state)
    write = charger(part).start_stop.write(hass, enabled=enabled)
    assert (write.shown_s is not None) is is_shown


@pytest.mark.parametrize("state", ["unavailable", None])
@pytest.mark.parametrize(
    "part", [{}, INVERTED_SWITCH, BUTTONS, OPTIONS, ZERO, SELECT | ZERO]
)
def test_start_stop_out_of_reach(
    hass: HomeAssistant, part: dict[str, Any], state: str | None
) -> None:
    """Home Assistant would drop the call without a word, so it is not made."""
    config = charger(part)
    if state is not None:
        for entity_id in config.entity_ids:
            hass.states.async_set(entity_id, state)
    with pytest.raises(LeverError, match=r"is unavailable|does not exist"):
        config.start_stop.write(hass, enabled=False)


def test_a_number_of_something_else_is_refused(hass: HomeAssistant) -> None:
    """16 kWh is no limit at all."""
    show_limit(hass, 10, unit_of_measurement="kWh")
    with pytest.raises(LeverError, match="in kWh, which is no current"):
        charger().limit.write(hass, 16)


def test_never_pauses(hass: HomeAssistant) -> None:
    """A charger that cannot be paused has nothing to write."""
    with pytest.raises(LeverError):
        charger(NEVER).start_stop.write(hass, enabled=False)
