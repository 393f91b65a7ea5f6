"""A charger made of plain entities, for the tests beside this file."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from custom_components.ampacity.chargers.config import ChargerConfig

NUMBER = {"limit_kind": "number", "limit_entity": "number.limit"}
SELECT = {"limit_kind": "select", "limit_entity": "select.limit"}
ACTION = {
    "limit_kind": "action",
    "limit_action": "easee.set_charger_dynamic_limit",
    "limit_action_field": "current",
    "limit_action_data": {"device_id": "abc", "time_to_live": 0},
}
SWITCH = {"start_stop_kind": "switch", "switch": "switch.charge"}
INVERTED_SWITCH = SWITCH | {"switch_inverted": True}
BUTTONS = {
    "start_stop_kind": "buttons",
    "start_button": "button.start",
    "stop_button": "button.stop",
}
OPTIONS = {
    "start_stop_kind": "select",
    "start_stop_select": "select.mode",
    "start_option": "active",
    "stop_option": "disabled",
}
ACTIONS = {
    "start_stop_kind": "action",
    "start_action": "easee.action_command",
    "start_action_data": {"device_id": "abc", "action_command": "resume"},
    "stop_action": "easee.action_command",
    "stop_action_data": {"device_id": "abc", "action_command": "pause"},
}
ZERO = {"start_stop_kind": "zero"}
NEVER = {"start_stop_kind": "none"}
NO_STATUS = {"status_kind": "none"}
BINARY = {
    "status_kind": "binary",
    "plug_sensor": "binary_sensor.plug",
    "charging_sensor": "binary_sensor.charging",
}
SENSOR = {
    "status_kind": "sensor",
    "status_sensor": "sensor.status",
    "status_map": {
        "Available": "disconnected",
        "Waiting": "connected",
        "Paused": "paused",
        "Charging": "charging",
        "Complete": "finished",
        "1": "auth",
        "unknown": "offline",
        "Fault": "error",
    },
}


def charger(*parts: dict[str, Any], **data: Any) -> ChargerConfig:
    """Return a charger from parts of a subentry's data; the rest is a number and a switch."""
    whole: dict[str, Any] = NUMBER | SWITCH | NO_STATUS
    for part in parts:
        whole = whole | part
    return ChargerConfig.from_subentry(
        ConfigSubentry(
            data=MappingProxyType(whole | data),
            subentry_id="garage",
            subentry_type="charger",
            title="Garage",
            unique_id=None,
        )
    )


def show_limit(
    hass: HomeAssistant,
    state: object = 16,
    entity_id: str = "number.limit",
    **attributes: Any,
) -> None:
    """Set the number that limits the current: 0 to 32 A in whole amperes unless told."""
    hass.states.async_set(
        entity_id,
        str(state),
        {"min": 0, "max": 32, "step": 1, "unit_of_measurement": "A"} | attributes,
    )


def show_select(hass: HomeAssistant, state: str, options: list[str]) -> None:
    """Set the select that limits the current."""
    hass.states.async_set("select.limit", state, {"options": options})


def show_levers(hass: HomeAssistant) -> None:
    """Set the number and the switch of the charger that :func:`charger` returns."""
    show_limit(hass)
    hass.states.async_set("switch.charge", "on")
