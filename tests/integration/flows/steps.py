"""What a user enters in the dialogs, and how to go through them."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
import voluptuous as vol

from custom_components.ampacity.const import DOMAIN

from .texts import check

USER: dict[str, Any] = {
    "name": "Home",
    "phases": "3",
    "main_fuse": 25,
    "more": {"voltage": 230},
}
METER: dict[str, Any] = {
    "one_sensor": {"grid_power": "sensor.grid", "grid_inverted": False},
    "per_phase": {
        "grid_current_l1": "sensor.grid_l1",
        "grid_current_l2": "sensor.grid_l2",
        "grid_current_l3": "sensor.grid_l3",
    },
}
SOLAR: dict[str, Any] = {"solar_power": ["sensor.solar"]}
WINDOW: dict[str, Any] = {
    "days": ["mon", "tue"],
    "start": "22:00:00",
    "end": "06:00:00",
}
OFF_PEAK: dict[str, Any] = {
    "off_peak_windows": [WINDOW],
    "off_peak_entity": "schedule.cheap",
}
SITE_STEPS: dict[str, dict[str, Any]] = {
    "user": USER,
    "meter": METER,
    "solar": SOLAR,
    "battery": {},
    "off_peak": OFF_PEAK,
}
SITE_DATA: dict[str, Any] = {
    "phases": 3,
    "main_fuse": 25.0,
    "voltage": 230.0,
    "grid_power": "sensor.grid",
    "grid_inverted": False,
    "grid_current_l1": "sensor.grid_l1",
    "grid_current_l2": "sensor.grid_l2",
    "grid_current_l3": "sensor.grid_l3",
    "solar_power": ["sensor.solar"],
    "off_peak_windows": [WINDOW],
    "off_peak_entity": "schedule.cheap",
}

KINDS: dict[str, Any] = {
    "name": "Garage",
    "limit_kind": "number",
    "start_stop_kind": "switch",
    "status_kind": "sensor",
}
CONTROL: dict[str, Any] = {
    "limit_entity": "number.limit",
    "switch": "switch.charging",
    "switch_inverted": False,
    "status_sensor": "sensor.status",
}
STATUS_MAP: dict[str, Any] = {
    "disconnected": ["no_car"],
    "connected": ["ready"],
    "paused": ["paused"],
    "charging": ["charging"],
    "finished": ["finished"],
    "error": ["error"],
}
SENSORS: dict[str, Any] = {
    "power_sensor": "sensor.charging_power",
    "current_l1": "sensor.car_l1",
    "current_l2": "sensor.car_l2",
    "current_l3": "sensor.car_l3",
    "energy_sensor": "sensor.energy",
    "soc_sensor": "sensor.soc",
}
ELECTRICAL: dict[str, Any] = {
    "phases": "3",
    "phase_map": "l1_l2_l3",
    "min_current": 6,
    "max_current": 16,
    "advanced": {"safe_current": 0, "link": "local", "boost_duration": 60},
}
CHARGER_STEPS: dict[str, dict[str, Any]] = {
    "user": KINDS,
    "control": CONTROL,
    "status_map": STATUS_MAP,
    "sensors": SENSORS,
    "electrical": ELECTRICAL,
}
CHARGER_DATA: dict[str, Any] = {
    "limit_kind": "number",
    "start_stop_kind": "switch",
    "status_kind": "sensor",
    **CONTROL,
    "status_map": {
        "no_car": "disconnected",
        "ready": "connected",
        "paused": "paused",
        "charging": "charging",
        "finished": "finished",
        "error": "error",
    },
    **SENSORS,
    "phases": 3,
    "phase_map": "l1_l2_l3",
    "min_current": 6.0,
    "max_current": 16.0,
    "safe_current": 0.0,
    "link": "local",
    "boost_duration": 60.0,
}


async def start_site(hass: HomeAssistant) -> Any:
    """Open the dialog of a new site."""
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": "user"})


async def start_charger(hass: HomeAssistant, entry_id: str) -> Any:
    """Open the dialog of a new charger."""
    return await hass.config_entries.subentries.async_init(
        (entry_id, "charger"), context={"source": "user"}
    )


async def open_options(hass: HomeAssistant, entry_id: str, section: str) -> Any:
    """Open a section of a site's options from their menu."""
    flows = hass.config_entries.options
    result: Any = await flows.async_init(entry_id)
    check(result)
    assert section in result["menu_options"]
    return await send(flows, result, {"next_step_id": section})


async def send(manager: Any, result: Any, user_input: dict[str, Any]) -> Any:
    """Submit a form or choose from a menu; whatever comes next must have texts."""
    result = await manager.async_configure(result["flow_id"], user_input)
    check(result)
    return result


async def choose(hass: HomeAssistant, result: Any, option: str) -> Any:
    """Choose from the menu at the end of the site's dialog."""
    return await send(hass.config_entries.flow, result, {"next_step_id": option})


async def go_through(
    manager: Any, result: Any, steps: Mapping[str, dict[str, Any]], until: str = ""
) -> Any:
    """Submit each step's form as it comes, up to the one named or to the end."""
    while result["type"] == "form" and result["step_id"] != until:
        assert not result["errors"], result["errors"]
        result = await send(manager, result, steps[result["step_id"]])
    return result


def suggested(schema: vol.Schema | None) -> dict[str, Any]:
    """Return what a form has filled in, with its sections."""
    assert schema is not None
    values: dict[str, Any] = {}
    for key, value in schema.schema.items():
        if isinstance(value, section):
            values[str(key)] = suggested(value.schema)
        elif key.description is not None:
            values[str(key)] = key.description["suggested_value"]
    return values


def lost(filled: Mapping[str, Any], entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered and is not filled in when a form comes back."""
    missing: dict[str, Any] = {}
    for key, value in entered.items():
        if isinstance(value, dict) and isinstance(filled.get(key), dict):
            missing |= lost(filled[key], value)
        elif _plain(value) not in ("", _plain(filled.get(key))):
            missing[key] = value
    return missing


def _plain(value: Any) -> str:
    """Return a value as text, numbers all alike."""
    try:
        return str(float(value))
    except TypeError, ValueError:
        return str(value).strip()


def collapsed(schema: vol.Schema | None) -> dict[str, bool]:
    """Return which sections of a form are folded."""
    assert schema is not None
    return {
        str(key): value.options["collapsed"]
        for key, value in schema.schema.items()
        if isinstance(value, section)
    }
