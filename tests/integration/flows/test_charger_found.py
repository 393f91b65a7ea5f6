"""A charger that Home Assistant has is picked by its device, and nothing known is asked."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.ampacity.const import DOMAIN
from tests.integration.discovery.dashboard import grid, set_energy
from tests.integration.discovery.devices import show
from tests.integration.discovery.known_meters import KNOWN
from tests.integration.discovery.test_meters import register
from tests.integration.profiles.build import Built, load

from .steps import CHARGER_STEPS, SITE_DATA, go_through, send, start_charger, suggested
from .test_proposal import FUSE, PHASES, Screens


async def pick(hass: HomeAssistant, entry_id: str, choice: str = "0") -> Any:
    """Open the dialog and choose from the list."""
    result = await start_charger(hass, entry_id)
    assert result["step_id"] == "device"
    flows = hass.config_entries.subentries
    return await send(flows, result, {"found_charger": choice})


async def submit(hass: HomeAssistant, result: Any, **changed: Any) -> Any:
    """Submit the form as it is proposed, but for what is changed."""
    filled = result["data_schema"]({**suggested(result["data_schema"])})
    return await send(hass.config_entries.subentries, result, filled | changed)


def labels(result: Any) -> list[str]:
    """Return what a list of chargers offers."""
    field = result["data_schema"].schema["found_charger"]
    return [option["label"] for option in field.config["options"]]


async def test_five_screens_three_values(
    hass: HomeAssistant, hass_storage: dict[str, Any], set_up: Any
) -> None:
    """From "add integration" to the first charger: four screens, one value typed."""
    data = register(hass, KNOWN["HomeWizard P1"])
    show(hass, data["grid_power"], 1200, "W")
    for n in PHASES:
        show(hass, data[f"grid_current_l{n}"], 2, "A")
        show(hass, data[f"grid_power_l{n}"], 460, "W")
        show(hass, data[f"grid_voltage_l{n}"], 231, "V")
    set_energy(hass, hass_storage, grid(stat_rate=data["grid_power"]))
    built = Built(hass, load("webasto_next_modbus"))
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE)
    result = await screens.choose(result, "finish")
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    flows = hass.config_entries.subentries
    (progress,) = flows.async_progress()
    assert result["next_flow"][1] == progress["flow_id"]
    seen = [*screens.seen]
    result = await flows.async_configure(progress["flow_id"])
    while result["type"] == "form":
        seen.append(result["step_id"])
        # Whatever had to be typed would be missing here
        result = await submit(hass, result)
    assert result["type"] == "create_entry"
    assert seen == ["user", "confirm", "device", "found"]
    assert screens.typed == 1
    (charger,) = entry.subentries.values()
    assert charger.title == "Charger 1"
    assert charger.data["device"] == built.device_id
    assert charger.data["limit_entity"] in built.entity_ids.values()


async def test_says_what_it_reads_and_can(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Status, limit and power in words; what can be done, what fights, what is disabled."""
    built = Built(hass, load("goecharger_api2"))
    for name in ("select.frc", "select.psm"):
        built.show(name, "2")
    result = await pick(hass, site.entry_id)
    names = result["description_placeholders"]
    assert names["kind"] == "go-e Charger (API v2)"
    assert "Status: no car. Limit 16.0 A. Power 10.50 kW." in names["reading"]
    assert names["about"].splitlines()[:2] == [
        "- Ampacity can set its current, start and pause charging, "
        "switch between one and three phases.",
        "- This is on and would work against Ampacity: "
        "**Its own solar charging**, **Its own charging mode**.",
    ]
    calls = [
        *(async_mock_service(hass, "switch", "turn_off"),),
        *(async_mock_service(hass, "select", "select_option"),),
    ]
    result = await submit(hass, result)
    assert result["type"] == "create_entry"
    told = [call.data for service in calls for call in service]
    assert told == [
        {"entity_id": built.entity_ids["switch.fup"]},
        {"entity_id": built.entity_ids["select.lmo"], "option": "3"},
    ]
    (charger,) = site.subentries.values()
    assert charger.data["watch_native"] is True
    assert "native_off" not in charger.data


async def test_native_features_may_stay(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Who unticks that keeps them, and is not told of them later."""
    Built(hass, load("goecharger_api2"))
    calls = async_mock_service(hass, "switch", "turn_off")
    result = await submit(hass, await pick(hass, site.entry_id), native_off=False)
    assert result["type"] == "create_entry"
    assert not calls
    (charger,) = site.subentries.values()
    assert charger.data["watch_native"] is False


async def test_native_feature_that_cannot_be_switched_off(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """It is said, the form keeps what was entered, and the charger can be added without."""
    Built(hass, load("openevse")).show("switch.divert", "on")

    async def refuse(_: ServiceCall) -> None:
        raise HomeAssistantError("locked")

    hass.services.async_register("switch", "turn_off", refuse)
    result = await pick(hass, site.entry_id)
    result = await submit(hass, result, name="Carport")
    assert result["errors"] == {"native_off": "native_failed"}
    assert result["description_placeholders"]["error"] == "locked"
    assert suggested(result["data_schema"])["name"] == "Carport"
    result = await submit(hass, result, native_off=False)
    assert result["type"] == "create_entry"
    assert result["title"] == "Carport"


async def test_not_in_the_list(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """Who has another charger describes it as ever."""
    Built(hass, load("openevse"))
    result = await pick(hass, site.entry_id, "other")
    assert result["step_id"] == "user"
    flows = hass.config_entries.subentries
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"
    assert "profile" not in result["data"]


async def test_used_ones_are_left_out(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A second charger of a kind is offered alone, under a name of its own."""
    for number in (1, 2):
        Built(hass, load("openevse"), number)
    Built(hass, load("tessie"))
    result = await start_charger(hass, site.entry_id)
    assert labels(result) == [
        "Charger 1 – OpenEVSE",
        "Charger 2 – OpenEVSE",
        "Charger 1 – Tesla (Tessie)",
        "My charger isn't listed",
    ]
    flows = hass.config_entries.subentries
    result = await send(flows, result, {"found_charger": "0"})
    result = await submit(hass, result, native_off=False)
    assert result["title"] == "Charger 1"
    result = await start_charger(hass, site.entry_id)
    assert "Charger 1 – OpenEVSE" not in labels(result)
    assert labels(result)[0] == "Charger 2 – OpenEVSE"


async def test_disabled_entities(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """They are named and enabled; without one that is needed there is no control."""
    built = Built(hass, load("easee"))
    registry = er.async_get(hass)
    result = await pick(hass, site.entry_id)
    off = [
        entity_id
        for entity_id in built.entity_ids.values()
        if registry.async_get(entity_id).disabled_by  # type: ignore[union-attr]
    ]
    about = result["description_placeholders"]["about"]
    named = [one for one in off if one in about]
    assert named
    assert not any(
        one in result["description_placeholders"]["reading"] for one in named
    )
    async_mock_service(hass, "switch", "turn_off")
    result = await submit(hass, result)
    assert result["type"] == "create_entry"
    assert not any(registry.async_get(one).disabled_by for one in named)  # type: ignore[union-attr]


async def test_needed_entity_stays_disabled(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """That is refused where nothing could be controlled, and left out where it is a sensor."""
    raw = load("webasto_next_modbus")
    number = "number.current"
    raw["entities"][number]["disabled"] = "user"
    Built(hass, raw)
    result = await submit(hass, await pick(hass, site.entry_id), enable_entities=False)
    assert result["errors"] == {"enable_entities": "enabling_needed"}
    result = await submit(hass, result, enable_entities=True)
    assert result["type"] == "create_entry"


async def test_optional_sensor_stays_disabled(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A sensor that its owner wants disabled is not used."""
    raw = load("webasto_next_modbus")
    raw["entities"]["sensor.l2"]["disabled"] = "integration"
    built = Built(hass, raw)
    result = await submit(hass, await pick(hass, site.entry_id), enable_entities=False)
    data = result["data"]
    assert not {"current_l1", "current_l2", "current_l3"} & data.keys()
    entry = er.async_get(hass).async_get(built.entity_ids["sensor.l2"])
    assert entry is not None
    assert entry.disabled_by is not None


async def test_unknown_current_is_asked(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A number that tells nothing yet leaves the highest current to be typed."""
    raw = load("webasto_next_modbus")
    number = "number.current"
    for key in ("min", "max"):
        raw["entities"][number].pop(key)
    Built(hass, raw)
    result = await pick(hass, site.entry_id)
    assert "max_current" in result["data_schema"].schema
    filled = {"name": "Garage", "max_current": 100}
    result = await send(hass.config_entries.subentries, result, filled)
    assert result["errors"] == {"max_current": "max_too_high"}
    result = await submit(hass, result, max_current=20)
    assert (result["data"]["min_current"], result["data"]["max_current"]) == (6.0, 20)


async def test_one_phase_house(hass: HomeAssistant, set_up: Any) -> None:
    """Phases are neither asked nor switched where there is one."""
    entry = MockConfigEntry(domain=DOMAIN, data=SITE_DATA | {"phases": 1})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    Built(hass, load("goecharger_api2"))
    for service in ("turn_off", "turn_on"):
        async_mock_service(hass, "switch", service)
    async_mock_service(hass, "select", "select_option")
    result = await pick(hass, entry.entry_id)
    assert not {"phases", "phase_map"} & {
        str(key) for key in result["data_schema"].schema
    }
    result = await submit(hass, result)
    assert result["data"]["phases"] == 1
    assert result["data"]["phase_map"] == "l1"
    assert "phases_kind" not in result["data"]
    assert "current_l2" not in result["data"]


async def test_no_limit_is_said(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """What cannot be set on this make stands there before it is added."""
    Built(hass, load("blue_current"))
    result = await pick(hass, site.entry_id)
    about = result["description_placeholders"]["about"]
    assert "Not possible with this charger: set its current" in about
    assert "Its current cannot be set from Home Assistant." in about


async def test_incomplete_charger(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """One that lacks an entity is described by hand, with all that was found filled in."""
    raw = load("webasto_next_modbus")
    del raw["entities"]["sensor.state"]
    built = Built(hass, raw)
    result = await pick(hass, site.entry_id)
    assert result["step_id"] == "user"
    filled = suggested(result["data_schema"])
    assert (filled["name"], filled["limit_kind"]) == ("Charger 1", "number")
    kinds = filled | {"status_kind": "none", "phases_kind": "none"}
    result = await send(hass.config_entries.subentries, result, kinds)
    assert result["step_id"] == "control"
    assert suggested(result["data_schema"]) == {
        "limit_entity": built.entity_ids["number.current"]
    }


async def test_replaced_device(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A charger becomes another device of its kind; what its owner has set stays."""
    Built(hass, load("webasto_next_modbus"))
    flows = hass.config_entries.subentries
    result = await submit(hass, await pick(hass, site.entry_id), phase_map="l2_l3_l1")
    (charger,) = site.subentries.values()
    before = dict(charger.data)
    result = await site.start_subentry_reconfigure_flow(hass, charger.subentry_id)
    assert result["step_id"] == "user"  # nothing to replace it with
    flows.async_abort(result["flow_id"])

    second = Built(hass, load("webasto_next_modbus"), 2)
    result = await site.start_subentry_reconfigure_flow(hass, charger.subentry_id)
    assert result["menu_options"] == ["user", "replace"]
    result = await send(flows, result, {"next_step_id": "replace"})
    assert labels(result) == ["Charger 2 – Webasto Next, Unite (Modbus)"]
    result = await send(flows, result, {"found_charger": "0"})
    assert result["reason"] == "reconfigure_successful"
    (charger,) = site.subentries.values()
    assert charger.title == "Charger 1"
    assert charger.data["device"] == second.device_id
    assert charger.data["limit_entity"] in second.entity_ids.values()
    assert charger.data["phase_map"] == "l2_l3_l1"
    same = {key for key in before if charger.data.get(key) == before[key]}
    assert {"phases", "min_current", "max_current", "status_map"} <= same


async def test_settings_of_a_picked_charger(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Going through its settings keeps what it is."""
    built = Built(hass, load("webasto_next_modbus"))
    Built(hass, load("webasto_next_modbus"), 2)
    await submit(hass, await pick(hass, site.entry_id))
    (charger,) = site.subentries.values()
    before = dict(charger.data)
    flows = hass.config_entries.subentries
    result = await site.start_subentry_reconfigure_flow(hass, charger.subentry_id)
    result = await send(flows, result, {"next_step_id": "user"})
    while result["type"] == "form":
        result = await submit(hass, result)
    assert result["reason"] == "reconfigure_successful"
    (charger,) = site.subentries.values()
    assert dict(charger.data) == before
    assert charger.data["device"] == built.device_id


@pytest.mark.parametrize(("picked", "chosen"), [(True, False), (False, True)])
async def test_failsafe_is_chosen_later(
    hass: HomeAssistant, site: MockConfigEntry, picked: bool, chosen: bool
) -> None:
    """Who thinks better of it changes that in the charger's settings."""
    Built(hass, load("webasto_next_modbus"))
    await submit(hass, await pick(hass, site.entry_id), failsafe=picked)
    (charger,) = site.subentries.values()
    assert charger.data["failsafe"] is picked
    result = await site.start_subentry_reconfigure_flow(hass, charger.subentry_id)
    while result["step_id"] != "electrical":
        result = await submit(hass, result)
    assert suggested(result["data_schema"])["failsafe"] is picked
    result = await submit(hass, result, failsafe=chosen)
    assert result["reason"] == "reconfigure_successful"
    (charger,) = site.subentries.values()
    assert charger.data["failsafe"] is chosen


async def test_no_failsafe_is_asked_for_where_there_is_none(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A charger without one is not asked about it."""
    Built(hass, load("peblar"))
    await submit(hass, await pick(hass, site.entry_id), native_off=False)
    (charger,) = site.subentries.values()
    result = await site.start_subentry_reconfigure_flow(hass, charger.subentry_id)
    while result["step_id"] != "electrical":
        result = await submit(hass, result)
    assert "failsafe" not in suggested(result["data_schema"])


async def test_name_by_its_owner(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A device that was renamed is listed so."""
    built = Built(hass, load("webasto_next_modbus"))
    assert built.device_id is not None
    dr.async_get(hass).async_update_device(built.device_id, name_by_user="Carport")
    assert (
        labels(await start_charger(hass, site.entry_id))[0]
        == "Carport – Webasto Next, Unite (Modbus)"
    )
