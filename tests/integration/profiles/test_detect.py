"""What detection must stand: renaming, disabling, replacing, and things that only look alike."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.chargers.detect import async_detect
from custom_components.ampacity.chargers.known import find_known
from custom_components.ampacity.engine.model import Link

from .build import Built, load
from .conftest import CHARGER, Driven


async def make(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, profile_id: str
) -> Driven:
    """Return a charger that was built and found."""
    built = Built(hass, load(profile_id))
    (found,) = await async_detect(hass)
    return Driven(hass, freezer, built, found)


def rename(driven: Driven, name: str, entity_id: str) -> None:
    """Give an entity another id, as its owner does."""
    old = driven.built.entity_ids[name]
    er.async_get(driven.hass).async_update_entity(old, new_entity_id=entity_id)
    driven.hass.states.async_remove(old)
    driven.built.entity_ids[name] = entity_id
    driven.built.show(name, driven.built.fixture["entities"][name]["state"])


def subentry_data(driven: Driven) -> dict[str, Any]:
    """Return what is configured now."""
    assert driven.entry is not None
    return dict(driven.entry.subentries[CHARGER].data)


async def test_nothing_is_found_where_nothing_is(hass: HomeAssistant) -> None:
    """An empty house has no charger."""
    assert await async_detect(hass) == []


async def test_a_renamed_lever_is_followed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A rename while it runs does not break control."""
    driven = await make(hass, freezer, "peblar")
    await driven.set_up()
    rename(driven, "number.limit", "number.carport")
    await hass.async_block_till_done()
    (call,) = await driven.command(current_a=11.0)
    assert call == ("number.set_value", {"entity_id": "number.carport", "value": 11})


async def test_a_renamed_entity_in_an_actions_data_is_followed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """An entity that only an action's data names is followed, too."""
    driven = await make(hass, freezer, "blue_current")
    await driven.set_up()
    rename(driven, "button.stop", "button.halt")
    await hass.async_block_till_done()
    (call,) = await driven.command(enabled=False)
    assert call == ("button.press", {"entity_id": "button.halt"})


async def test_a_rename_that_nobody_saw_is_healed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Entities that got other ids while Ampacity was not loaded are found again."""
    driven = await make(hass, freezer, "peblar")
    await driven.set_up(max_current=13)
    assert driven.entry is not None
    await hass.config_entries.async_unload(driven.entry.entry_id)
    rename(driven, "number.limit", "number.carport")
    rename(driven, "sensor.state", "sensor.carport_status")
    await hass.config_entries.async_setup(driven.entry.entry_id)
    await hass.async_block_till_done()
    data = subentry_data(driven)
    assert data["limit_entity"] == "number.carport"
    assert data["status_sensor"] == "sensor.carport_status"
    assert data["max_current"] == 13


async def test_a_replaced_charger_is_taken_up(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The device is gone, another of its kind is there and free: it is the successor."""
    driven = await make(hass, freezer, "easee")
    await driven.set_up(max_current=13)
    assert driven.entry is not None
    assert driven.built.entry is not None
    await hass.config_entries.async_unload(driven.entry.entry_id)
    for entity_id in driven.built.entity_ids.values():
        hass.states.async_remove(entity_id)
    await hass.config_entries.async_remove(driven.built.entry.entry_id)
    other = Built(hass, load("easee"), 2)
    await hass.config_entries.async_setup(driven.entry.entry_id)
    await hass.async_block_till_done()
    data = subentry_data(driven)
    assert data["device"] == other.device_id
    assert data["limit_action_data"]["device_id"] == other.device_id
    assert data["status_sensor"] == other.entity_ids["sensor.status"]
    assert data["max_current"] == 13


async def test_a_recreated_entity_is_taken_up_at_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """An entity that comes back under another id is used without a restart."""
    driven = await make(hass, freezer, "peblar")
    await driven.set_up(max_current=13)
    built = driven.built
    er.async_get(hass).async_remove(built.entity_ids["number.limit"])
    hass.states.async_remove(built.entity_ids["number.limit"])
    await driven.pass_time(20)
    assert subentry_data(driven)["limit_entity"] == built.entity_ids["number.limit"]
    assert driven.coordinator.snapshot.chargers[CHARGER].status == "offline"
    registry = er.async_get(hass)
    taken = registry.async_get_or_create(
        "number", "other", "taken", suggested_object_id="geraet_1_0"
    )
    entity_id = built.add("number.limit", built.fixture["entities"]["number.limit"])
    assert entity_id != taken.entity_id
    await driven.pass_time(20)
    assert subentry_data(driven)["limit_entity"] == taken.entity_id
    registry.async_remove(taken.entity_id)
    await driven.pass_time(20)
    assert subentry_data(driven)["limit_entity"] == entity_id
    assert subentry_data(driven)["max_current"] == 13
    (call,) = await driven.command(current_a=11.0)
    assert call == ("number.set_value", {"entity_id": entity_id, "value": 11})
    assert driven.coordinator.snapshot.chargers[CHARGER].status != "offline"


async def test_a_charger_is_replaced_while_it_runs(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The successor is controlled within seconds, and its fail-safe is set, too."""
    driven = await make(hass, freezer, "heidelberg_energy_control")
    await driven.set_up(max_current=13, failsafe=True)
    assert driven.built.entry is not None
    for entity_id in driven.built.entity_ids.values():
        hass.states.async_remove(entity_id)
    await hass.config_entries.async_remove(driven.built.entry.entry_id)
    await driven.pass_time(20)
    driven.built = Built(hass, load("heidelberg_energy_control"), 2)
    driven.built.show("number.failsafe", 16)
    driven.listen()
    driven.calls.clear()
    await driven.pass_time(90)
    data = subentry_data(driven)
    assert data["device"] == driven.built.device_id
    assert data["limit_entity"] == driven.built.entity_ids["number.current"]
    assert data["max_current"] == 13
    failsafe = driven.built.entity_ids["number.failsafe"]
    assert ("number.set_value", {"entity_id": failsafe, "value": 6}) in driven.calls


async def test_of_two_successors_none_is_guessed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """With two candidates the configuration stays as it is."""
    driven = await make(hass, freezer, "easee")
    await driven.set_up()
    assert driven.entry is not None
    assert driven.built.entry is not None
    before = subentry_data(driven)
    await hass.config_entries.async_unload(driven.entry.entry_id)
    await hass.config_entries.async_remove(driven.built.entry.entry_id)
    for number in (2, 3):
        Built(hass, load("easee"), number)
    await hass.config_entries.async_setup(driven.entry.entry_id)
    assert subentry_data(driven) == before


async def test_a_charger_in_use_is_named(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What is already configured says as which charger, and is found again from its data."""
    driven = await make(hass, freezer, "keba")
    await driven.set_up()
    (found,) = await async_detect(hass)
    assert found.used_by == "KEBA KeContact P20, P30"
    again = find_known(hass, subentry_data(driven))
    assert again is not None
    assert again.parts == driven.found.parts
    assert find_known(hass, {"profile": "keba"}) is None
    assert find_known(hass, {}) is None


async def test_a_lever_that_is_disabled_must_be_enabled(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """SMA's limit is disabled at first: it is named with its range, and as needed."""
    driven = await make(hass, freezer, "smaev")
    (entity,) = driven.found.disabled
    assert (entity.field, entity.required, entity.by_user) == (
        "limit_entity",
        True,
        False,
    )
    assert driven.found.needs_enabling
    assert driven.found.data["max_current"] == 32
    peblar = Built(hass, load("peblar"))
    er.async_get(hass).async_update_entity(
        peblar.entity_ids["switch.charge"],
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    found = {one.profile.id: one for one in await async_detect(hass)}["peblar"]
    by_user = [one.field for one in found.disabled if one.by_user]
    assert by_user == ["switch"]


async def test_a_missing_lever_is_told(hass: HomeAssistant) -> None:
    """A charger without its switch is found as incomplete, and nothing is made up."""
    built = Built(hass, load("peblar"))
    er.async_get(hass).async_remove(built.entity_ids["switch.charge"])
    er.async_get(hass).async_remove(built.entity_ids["switch.single"])
    (found,) = await async_detect(hass)
    assert found.missing == ("start_stop",)
    assert "start_stop_kind" not in found.data
    assert "phases_kind" not in found.data


async def test_a_name_that_looks_alike_is_no_charger(hass: HomeAssistant) -> None:
    """Neither another integration's entity nor a lone one of a shared integration is taken."""
    registry = er.async_get(hass)
    registry.async_get_or_create("number", "demo", "x_charge_current_limit")
    registry.async_get_or_create("number", "mqtt", "pump_max_charging_current")
    registry.async_get_or_create("sensor", "peblar", "x_charge_current_limit")
    assert await async_detect(hass) == []


async def test_two_sockets_of_a_device_are_two_chargers(hass: HomeAssistant) -> None:
    """A charger with two sockets is found twice, each with its own entities."""
    built = Built(hass, load("alfen_wallbox"))
    for name, entity in load("alfen_wallbox")["entities"].items():
        uid = entity["uid"].replace("socket_1", "socket_2")
        if uid != entity["uid"]:
            built.fixture["entities"][f"{name}_2"] = entity | {"uid": uid}
            built.add(f"{name}_2", entity | {"uid": uid})
    found = sorted(await async_detect(hass), key=lambda one: one.parts["socket"])
    assert [one.parts for one in found] == [{"socket": "1"}, {"socket": "2"}]
    limits = [one.data["limit_entity"] for one in found]
    assert limits == [
        built.entity_ids["number.max"],
        built.entity_ids["number.max_2"],
    ]
    assert found[1].data["power_sensor"] == built.entity_ids["sensor.power_2"]


async def test_the_name_is_its_owners(hass: HomeAssistant) -> None:
    """A device that its owner has named keeps that name."""
    built = Built(hass, load("openevse"))
    assert built.device_id is not None
    dr.async_get(hass).async_update_device(built.device_id, name_by_user="Carport")
    (found,) = await async_detect(hass)
    assert found.name == "Carport"


async def test_what_the_kind_knows_gives_way_to_the_owner(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Link and settle time come from the kind of charger unless they are configured."""
    driven = await make(hass, freezer, "zaptec")
    await driven.set_up()
    config = driven.coordinator.configs[CHARGER]
    assert (config.link, config.settle_s, config.learns_settle) == (
        Link.CLOUD,
        60.0,
        False,
    )
    charger = driven.coordinator.site.chargers[0]
    assert (charger.raise_every_s, charger.writes_per_day) == (900.0, 150.0)
    assert driven.entry is not None
    hass.config_entries.async_update_subentry(
        driven.entry,
        driven.entry.subentries[CHARGER],
        data=subentry_data(driven) | {"link": "local", "settle_time": 5},
    )
    await hass.async_block_till_done()
    config = driven.coordinator.configs[CHARGER]
    assert (config.link, config.settle_s) == (Link.LOCAL, 5.0)


async def test_a_charger_without_a_limit_takes_all_or_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """It offers its one current or pauses, and is never asked for less."""
    driven = await make(hass, freezer, "myenergi_zappi")
    await driven.set_up(max_current=20)
    charger = driven.coordinator.site.chargers[0]
    assert (charger.min_a, charger.max_a, charger.levels_a) == (20.0, 20.0, (20.0,))
    assert charger.safe_a == 0.0
    assert await driven.command(current_a=20.0) == []
    (call,) = await driven.command(current_a=20.0, enabled=True)
    assert call[0] == "select.select_option"


async def test_detection_survives_an_entry_without_a_device(
    hass: HomeAssistant,
) -> None:
    """An entity whose device was deleted is still found, by itself."""
    entry = MockConfigEntry(domain="v2c")
    entry.add_to_hass(hass)
    er.async_get(hass).async_get_or_create(
        "number", "v2c", "x_intensity", config_entry=entry
    )
    (found,) = await async_detect(hass)
    assert found.device_id is None
    assert set(found.missing) == {"start_stop", "status"}
    assert found.name == "V2C Trydan"


async def test_two_sockets_of_a_station(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Each socket is a charger with its own levers; what belongs to the station is shared."""
    driven = await make(hass, freezer, "compleo_wallbox")
    built = driven.built
    other = "192.168.1.40_lp2"
    built.device(other, "Charger", built.device("192.168.1.40", "Station"))
    for name, entity in list(built.fixture["entities"].items()):
        if "_lp1_" not in entity["uid"]:
            continue
        uid = entity["uid"].replace("_lp1_", "_lp2_")
        twin = {**entity, "uid": uid, "device": other}
        built.fixture["entities"][f"{name}_2"] = twin
        built.add(f"{name}_2", twin)
    first, second = await async_detect(hass)
    assert {tuple(one.parts.values()) for one in (first, second)} == {("1",), ("2",)}
    assert first.device_id != second.device_id
    levers = ("limit_entity", "start_stop_select", "phases_entity", "status_sensor")
    assert all(first.data[key] != second.data[key] for key in levers)
    assert first.failsafe == second.failsafe is not None
