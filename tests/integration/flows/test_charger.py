"""A charger is described, whichever way it is driven."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import (
    CHARGER_DATA,
    CHARGER_STEPS,
    CONTROL,
    ELECTRICAL,
    KINDS,
    SENSORS,
    STATUS_MAP,
    USER,
    choose,
    collapsed,
    go_through,
    send,
    start_charger,
    start_site,
    suggested,
)

LIMITS: dict[str, dict[str, Any]] = {
    "number": {"limit_entity": "number.from_zero"},
    "select": {"limit_entity": "select.amps_or_off"},
    "action": {
        "limit_action": "keba.set_current",
        "limit_action_field": "current",
        "limit_action_data": {"device": "a"},
    },
}
STARTS: dict[str, dict[str, Any]] = {
    "switch": {"switch": "switch.charging", "switch_inverted": True},
    "buttons": {"start_button": "button.start", "stop_button": "button.stop"},
    "select": {
        "start_stop_select": "select.override",
        "start_option": "on",
        "stop_option": "off",
    },
    "action": {
        "start_action": "keba.enable",
        "start_action_data": {"device": "a"},
        "stop_action": "keba.disable",
    },
    "zero": {},
    "none": {},
}
STATUSES: dict[str, dict[str, Any]] = {
    "sensor": {"status_sensor": "sensor.status"},
    "binary": {
        "plug_sensor": "binary_sensor.plug",
        "charging_sensor": "binary_sensor.charging",
    },
    "none": {},
}
KIND_CASES = [
    *((limit, "switch", "sensor") for limit in LIMITS),
    *((limit, "zero", "none") for limit in LIMITS),
    *(("number", start, "binary") for start in STARTS),
]


@pytest.mark.parametrize(("limit", "start", "status"), KIND_CASES)
async def test_kinds(
    hass: HomeAssistant, site: MockConfigEntry, limit: str, start: str, status: str
) -> None:
    """Each kind asks for its own fields, and only they are stored."""
    flows = hass.config_entries.subentries
    kinds = {
        "limit_kind": limit,
        "start_stop_kind": start,
        "status_kind": status,
    }
    fields = LIMITS[limit] | STARTS[start] | STATUSES[status]
    steps = {
        "user": {"name": "Garage"} | kinds,
        "control": fields,
        "status_map": STATUS_MAP,
        "sensors": {},
        "electrical": {"phases": "3", "phase_map": "unknown", "min_current": 6, "max_current": 16},
    }  # fmt: skip
    result = await start_charger(hass, site.entry_id)
    result = await go_through(flows, result, steps)
    assert result["type"] == "create_entry"
    (charger,) = site.subentries.values()
    expected = (
        kinds
        | fields
        | {
            "phases": 3,
            "phase_map": "unknown",
            "min_current": 6.0,
            "max_current": 16.0,
            "link": "local",
            "boost_duration": 60.0,
        }
    )
    if status == "sensor":
        expected["status_map"] = CHARGER_DATA["status_map"]
    assert charger.title == "Garage"
    assert charger.data == expected


@pytest.mark.parametrize(
    ("kind", "entity_id", "low", "high"),
    [
        ("number", "number.limit", 6.0, 16.0),
        ("number", "number.from_zero", 6.0, 32.0),
        ("number", "number.milli", 6.0, 32.0),
        ("number", "number.odd", 6.0, 16.0),
        ("number", "number.not_there_yet", 6.0, 16.0),
        ("select", "select.amps", 6.0, 20.0),
        ("select", "select.not_there_yet", 6.0, 16.0),
    ],
)
async def test_currents_are_proposed(
    hass: HomeAssistant,
    site: MockConfigEntry,
    kind: str,
    entity_id: str,
    low: float,
    high: float,
) -> None:
    """What the limit's entity takes is filled in, within what chargers at home do."""
    steps = {
        "user": KINDS
        | {"limit_kind": kind, "start_stop_kind": "none", "status_kind": "none"},
        "control": {"limit_entity": entity_id},
        "sensors": {},
    }
    result = await go_through(
        hass.config_entries.subentries,
        await start_charger(hass, site.entry_id),
        steps,
        until="electrical",
    )
    filled = suggested(result["data_schema"])
    assert (filled["min_current"], filled["max_current"]) == (low, high)
    assert filled["phases"] == "3"
    assert filled["phase_map"] == "unknown"
    assert collapsed(result["data_schema"]) == {"advanced": True}


@pytest.mark.parametrize(
    ("sensor", "proposed", "choices"),
    [
        (
            "sensor.status",
            STATUS_MAP,
            ["no_car", "ready", "charging", "paused", "finished", "error"],
        ),
        ("sensor.free_words", {"connected": ["Wait Car"]}, ["Wait Car"]),
        ("sensor.gone", {}, []),
        ("sensor.not_there_yet", {}, []),
    ],
)
async def test_words_are_proposed(
    hass: HomeAssistant,
    site: MockConfigEntry,
    sensor: str,
    proposed: dict[str, list[str]],
    choices: list[str],
) -> None:
    """The words that the sensor is known to say are sorted as well as can be guessed."""
    steps = {"user": KINDS, "control": CONTROL | {"status_sensor": sensor}}
    result = await go_through(
        hass.config_entries.subentries,
        await start_charger(hass, site.entry_id),
        steps,
        until="status_map",
    )
    assert suggested(result["data_schema"]) == proposed
    selector = result["data_schema"].schema["charging"]
    assert selector.config["options"] == choices
    assert selector.config["custom_value"]


async def test_what_the_charger_says(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """The last step shows status, limit and power, and which entities are silent."""
    flows = hass.config_entries.subentries
    steps = CHARGER_STEPS | {"sensors": SENSORS | {"offered_sensor": "sensor.offered"}}
    result = await go_through(
        flows, await start_charger(hass, site.entry_id), steps, until="electrical"
    )
    said = "Status: charging. Limit 10.0 A. Power 6.90 kW."
    assert result["description_placeholders"] == {"reading": said}
    hass.states.async_set("sensor.charging_power", "unavailable")
    hass.states.async_set("sensor.offered", "unknown")
    hass.config.language = "de"
    result = await send(flows, result, ELECTRICAL | {"min_current": 5})
    assert result["description_placeholders"] == {
        "reading": (
            "Status: lädt. Von sensor.offered, sensor.charging_power wird noch nichts "
            "gelesen."
        )
    }


async def test_buttons_say_nothing(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A button that was never pressed is nothing to worry about, one that is not there is."""
    hass.states.async_remove("button.stop")
    steps = {
        "user": KINDS | {"start_stop_kind": "buttons", "status_kind": "none"},
        "control": {"limit_entity": "number.limit"} | STARTS["buttons"],
        "sensors": {},
    }
    result = await go_through(
        hass.config_entries.subentries,
        await start_charger(hass, site.entry_id),
        steps,
        until="electrical",
    )
    reading = result["description_placeholders"]["reading"]
    assert reading.endswith("Limit 10.0 A. Nothing is read from button.stop yet.")


async def test_one_phase_site(hass: HomeAssistant) -> None:
    """On a site with one phase nobody is asked for phases."""
    flows = hass.config_entries.flow
    meter = {"one_sensor": {"grid_power": "sensor.grid"}}
    site_steps = {"user": USER | {"phases": "1"}, "meter": meter, "solar": {}, "battery": {}, "off_peak": {}}  # fmt: skip
    result = await go_through(flows, await start_site(hass), site_steps)
    result = await choose(hass, result, "finish")
    charger = hass.config_entries.subentries.async_get(result["next_flow"][1])
    steps = CHARGER_STEPS | {
        "sensors": {"current_l1": "sensor.car_l1"},
        "electrical": {"min_current": 6, "max_current": 32},
    }
    subentries = hass.config_entries.subentries
    charger = await send(subentries, charger, KINDS)
    await go_through(subentries, charger, steps)
    (stored,) = result["result"].subentries.values()
    assert stored.data["phases"] == 1
    assert stored.data["phase_map"] == "l1"
    assert stored.data["current_l1"] == "sensor.car_l1"


async def test_one_phase_charger(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """The sensors of phases that a charger does not have are not stored."""
    electrical = ELECTRICAL | {"phases": "1", "phase_map": "l2"}
    result = await start_charger(hass, site.entry_id)
    steps = CHARGER_STEPS | {"electrical": electrical}
    await go_through(hass.config_entries.subentries, result, steps)
    (charger,) = site.subentries.values()
    assert charger.data["phase_map"] == "l2"
    assert "current_l1" in charger.data
    assert not {"current_l2", "current_l3"} & charger.data.keys()


async def add_charger(hass: HomeAssistant, site: MockConfigEntry) -> str:
    """Add the charger of the usual steps and return its id."""
    result = await start_charger(hass, site.entry_id)
    await go_through(hass.config_entries.subentries, result, CHARGER_STEPS)
    (charger,) = site.subentries
    return charger


async def test_reconfigure(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """All is filled in; what is emptied is gone, and the rest stays."""
    charger_id = await add_charger(hass, site)
    flows = hass.config_entries.subentries
    result = await site.start_subentry_reconfigure_flow(hass, charger_id)
    for step, entered in CHARGER_STEPS.items():
        assert result["step_id"] == step
        assert suggested(result["data_schema"]) == entered
        if step == "user":
            entered = KINDS | {"name": "Carport"}
        elif step == "status_map":
            entered = STATUS_MAP | {"error": [], "offline": ["error", "typed"]}
        elif step == "sensors":
            entered = {"power_sensor": "sensor.charging_power"}
        elif step == "electrical":
            assert collapsed(result["data_schema"]) == {"advanced": False}
            entered = ELECTRICAL | {"advanced": {"link": "cloud", "settle_time": 20}}
        result = await send(flows, result, entered)
    assert result["type"] == "abort"
    assert result["reason"] == "reconfigure_successful"
    charger = site.subentries[charger_id]
    assert charger.title == "Carport"
    expected = CHARGER_DATA | {"link": "cloud", "settle_time": 20.0}
    expected["status_map"] = CHARGER_DATA["status_map"] | {
        "error": "offline",
        "typed": "offline",
    }
    for gone in SENSORS.keys() - {"power_sensor"} | {"safe_current"}:
        del expected[gone]
    assert charger.data == expected


async def test_reconfigure_to_other_kinds(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Another kind starts empty, and nothing of the old one stays behind."""
    charger_id = await add_charger(hass, site)
    flows = hass.config_entries.subentries
    result = await site.start_subentry_reconfigure_flow(hass, charger_id)
    kinds = {
        "limit_kind": "select",
        "start_stop_kind": "buttons",
        "status_kind": "binary",
    }
    result = await send(flows, result, {"name": "Garage"} | kinds)
    assert suggested(result["data_schema"]) == {}
    fields = {"limit_entity": "select.amps"} | STARTS["buttons"] | STATUSES["binary"]
    result = await send(flows, result, fields)
    assert result["step_id"] == "sensors"
    await go_through(flows, result, CHARGER_STEPS)
    kept = {
        key: value
        for key, value in CHARGER_DATA.items()
        if key not in {*CONTROL, "status_map"}
    }
    assert site.subentries[charger_id].data == kept | kinds | fields


async def test_another_status_sensor(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """The words of another sensor are guessed anew; those of the same one stay as sorted."""
    charger_id = await add_charger(hass, site)
    flows = hass.config_entries.subentries
    result = await site.start_subentry_reconfigure_flow(hass, charger_id)
    result = await send(flows, result, KINDS)
    other = CONTROL | {"status_sensor": "sensor.free_words"}
    result = await send(flows, result, other)
    assert suggested(result["data_schema"]) == {"connected": ["Wait Car"]}
