"""A car is described, changed, and told when it cannot be."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import go_through, lost, send, suggested

FULL: dict[str, Any] = {
    "name": " Zoe ",
    "capacity": 52,
    "soc_entity": "sensor.zoe",
    "target_soc": 90,
    "min_soc": 20,
    "recognise": {
        "plug_entity": "binary_sensor.zoe",
        "location_entity": "device_tracker.zoe",
    },
    "more": {"max_current": 16, "car_phases": "2", "consumption": 17.5},
}
DATA: dict[str, Any] = {
    "capacity": 52.0,
    "soc_entity": "sensor.zoe",
    "target_soc": 90.0,
    "min_soc": 20.0,
    "plug_entity": "binary_sensor.zoe",
    "location_entity": "device_tracker.zoe",
    "max_current": 16.0,
    "car_phases": "2",
    "consumption": 17.5,
}


@pytest.fixture(autouse=True)
def cars_entities(hass: HomeAssistant) -> None:
    """Let the car's own integration say something."""
    hass.states.async_set("sensor.zoe", "55", {"unit_of_measurement": "%"})
    hass.states.async_set("sensor.zoe_range", "210", {"unit_of_measurement": "km"})
    hass.states.async_set("sensor.text", "half", {"unit_of_measurement": "%"})


def add(
    hass: HomeAssistant, entry: MockConfigEntry, kind: str, name: str, **data: Any
) -> ConfigSubentry:
    """Add a car or a charger without its dialog."""
    subentry = ConfigSubentry(
        data=MappingProxyType(data),
        subentry_id=name.lower(),
        subentry_type=kind,
        title=name,
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    return subentry


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Open the dialog of a new car."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "vehicle"), context={"source": "user"}
    )


def entered(**changes: Any) -> dict[str, Any]:
    """Return the least that can be entered, with some of it replaced."""
    least: dict[str, Any] = {
        "name": "Zoe",
        "target_soc": 80,
        "min_soc": 0,
        "recognise": {},
        "more": {"car_phases": "3"},
    }
    return least | changes


async def test_all_there_is_to_know(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """It is stored flat, and there is no usual charger while there are none."""
    flows = hass.config_entries.subentries
    result = await start(hass, site)
    recognise = result["data_schema"].schema["recognise"].schema.schema
    assert "default_charger" not in recognise
    result = await go_through(flows, result, {"user": FULL})
    assert result["type"] == "create_entry"
    (car,) = site.subentries.values()
    assert (car.title, car.subentry_type) == ("Zoe", "vehicle")
    assert car.data == DATA


async def test_name_is_enough(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """All else has its usual value or stays unknown."""
    flows = hass.config_entries.subentries
    await go_through(flows, await start(hass, site), {"user": entered()})
    (car,) = site.subentries.values()
    assert car.data == {"target_soc": 80.0, "min_soc": 0.0, "car_phases": "3"}


async def test_reconfigure(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """What is known is filled in; a usual charger that is gone is not."""
    flows = hass.config_entries.subentries
    add(hass, site, "vehicle", "Zoe", **DATA, default_charger="gone")
    result = await site.start_subentry_reconfigure_flow(hass, "zoe")
    filled = suggested(result["data_schema"])
    assert lost(filled, FULL | {"name": "Zoe"}) == {}
    assert "default_charger" not in filled["recognise"]
    result = await send(flows, result, entered(name="Zoe II", capacity=41))
    assert result["reason"] == "reconfigure_successful"
    car = site.subentries["zoe"]
    assert car.title == "Zoe II"
    assert car.data == {
        "capacity": 41.0,
        "target_soc": 80.0,
        "min_soc": 0.0,
        "car_phases": "3",
    }


@pytest.mark.parametrize(
    ("changes", "place", "error"),
    [
        ({"name": " "}, "name", "name_missing"),
        ({"name": "guest"}, "name", "name_reserved"),
        ({"name": "automatic"}, "name", "name_reserved"),
        ({"name": "Bus"}, "name", "name_taken"),
        ({"capacity": 0}, "capacity", "capacity_range"),
        ({"capacity": 52_000}, "capacity", "capacity_range"),
        ({"soc_entity": "sensor.zoe_range"}, "soc_entity", "wrong_unit"),
        ({"soc_entity": "sensor.text"}, "soc_entity", "not_a_number"),
        ({"soc_entity": "sensor.bus"}, "soc_entity", "other_car"),
        ({"target_soc": 0}, "target_soc", "target_soc_range"),
        ({"target_soc": 101}, "target_soc", "target_soc_range"),
        ({"min_soc": -1}, "min_soc", "min_soc_range"),
        ({"min_soc": 90}, "min_soc", "min_above_target"),
        ({"recognise": {"plug_entity": "binary_sensor.bus"}}, "recognise", "other_car"),
        ({"more": {"car_phases": "3", "max_current": 3}}, "more", "max_current_range"),
        ({"more": {"car_phases": "3", "consumption": 170}}, "more", "consumption_range"),
    ],
)  # fmt: skip
async def test_errors_can_be_put_right(
    hass: HomeAssistant,
    site: MockConfigEntry,
    changes: dict[str, Any],
    place: str,
    error: str,
) -> None:
    """What was entered stays, the error says what is wrong, and the dialog goes on."""
    flows = hass.config_entries.subentries
    other = {"soc_entity": "sensor.bus", "plug_entity": "binary_sensor.bus"}
    add(hass, site, "vehicle", "Bus", **other)
    result = await send(flows, await start(hass, site), entered(**changes))
    assert result["errors"] == {place: error}
    assert lost(suggested(result["data_schema"]), entered(**changes)) in (
        {},
        {"name": " "},
    )
    result = await send(flows, result, entered())
    assert result["type"] == "create_entry"


async def test_own_entities_are_no_problem(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A car that is changed may keep its name and its entities."""
    flows = hass.config_entries.subentries
    add(hass, site, "vehicle", "Zoe", **DATA)
    result = await site.start_subentry_reconfigure_flow(hass, "zoe")
    result = await send(flows, result, FULL)
    assert result["reason"] == "reconfigure_successful"
