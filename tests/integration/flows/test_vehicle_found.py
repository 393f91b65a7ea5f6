"""A car that Home Assistant knows is chosen before the vehicle's form, which is then filled in."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.discovery.devices import show
from tests.integration.discovery.test_vehicles import register

from .steps import send, suggested

pytestmark = pytest.mark.usefixtures("set_up")


async def start(hass: HomeAssistant, site: MockConfigEntry) -> Any:
    """Open the dialog of a new vehicle."""
    return await hass.config_entries.subentries.async_init(
        (site.entry_id, "vehicle"), context={"source": "user"}
    )


async def test_known_car(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """What its integration tells is filled in, and stored as it stands there."""
    car = register(hass, "kia_uvo", "EV6")
    assert car["soc"] is not None
    assert car["capacity"] is not None
    show(hass, car["soc"], 55, "%")
    show(hass, car["capacity"], 74, "kWh")
    register(hass, "polestar_api", "Polestar")
    flows = hass.config_entries.subentries
    result = await start(hass, site)
    assert result["step_id"] == "car"
    options = result["data_schema"].schema["found_car"].config["options"]
    assert [one["label"] for one in options] == ["EV6", "Polestar", "Another one"]

    result = await send(flows, result, {"found_car": options[0]["value"]})
    assert result["step_id"] == "user"
    filled = suggested(result["data_schema"])
    assert (filled["name"], filled["capacity"]) == ("EV6", 74.0)
    assert filled["soc_entity"] == car["soc"]
    assert filled["recognise"] == {
        "plug_entity": car["plug"],
        "location_entity": car["location"],
    }
    result = await send(flows, result, {**filled, "target_soc": 80, "min_soc": 20})
    assert result["type"] == "create_entry"
    assert result["data"]["soc_entity"] == car["soc"]
    assert "found_car" not in result["data"]


async def test_plug_with_words(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A plug that says more than on or off is left to the user."""
    car = register(hass, "polestar_api", "Polestar")
    result = await start(hass, site)
    (option, _) = result["data_schema"].schema["found_car"].config["options"]
    chosen = {"found_car": option["value"]}
    result = await send(hass.config_entries.subentries, result, chosen)
    filled = suggested(result["data_schema"])
    assert (filled["name"], filled["soc_entity"]) == ("Polestar", car["soc"])
    assert filled["recognise"] == {}


async def test_another_car(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """Who has still another car describes it from nothing."""
    register(hass, "volvo")
    result = await start(hass, site)
    chosen = {"found_car": "other"}
    result = await send(hass.config_entries.subentries, result, chosen)
    assert result["step_id"] == "user"
    assert "name" not in suggested(result["data_schema"])


async def test_no_cars(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """Without a known car the form comes at once."""
    assert (await start(hass, site))["step_id"] == "user"


async def test_car_that_is_a_vehicle_already(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """It is not offered twice, and one that is changed is not chosen again."""
    register(hass, "volvo")
    flows = hass.config_entries.subentries
    result = await start(hass, site)
    (option, _) = result["data_schema"].schema["found_car"].config["options"]
    result = await send(flows, result, {"found_car": option["value"]})
    filled = suggested(result["data_schema"])
    result = await send(flows, result, {**filled, "target_soc": 80, "min_soc": 0})
    assert result["type"] == "create_entry"
    assert (await start(hass, site))["step_id"] == "user"
    (vehicle,) = site.get_subentries_of_type("vehicle")
    result = await site.start_subentry_reconfigure_flow(hass, vehicle.subentry_id)
    assert result["step_id"] == "user"
