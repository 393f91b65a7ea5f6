"""Vehicles in a site: recognised, chosen, measured, charged to their targets."""

from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest

from custom_components.ampacity.const import DOMAIN, SUBENTRY_VEHICLE

from .house import CHARGER_ID, ENTRY_ID, SOC, House, make_entry

CAR_SOC = "sensor.zoe_battery"
CAR_PLUG = "binary_sensor.zoe_plug"
CAR_HOME = "device_tracker.zoe"
PERCENT = {"unit_of_measurement": "%"}
ZOE: dict[str, Any] = {
    "capacity": 50.0,
    "soc_entity": CAR_SOC,
    "target_soc": 80.0,
    "min_soc": 0.0,
    "car_phases": "3",
    "consumption": 17.0,
}


class Drive:
    """The house with a car of its own integration."""

    def __init__(self, house: House) -> None:
        """Take over the house."""
        self.house = house
        self.hass = house.hass

    def add(self, vehicle_id: str = "zoe", **data: Any) -> None:
        """Add a car as its dialog would; what is None is left out."""
        known = {key: one for key, one in (ZOE | data).items() if one is not None}
        subentry = ConfigSubentry(
            data=MappingProxyType(known),
            subentry_id=vehicle_id,
            subentry_type=SUBENTRY_VEHICLE,
            title=vehicle_id.title(),
            unique_id=None,
        )
        self.hass.config_entries.async_add_subentry(self.entry, subentry)

    @property
    def entry(self) -> Any:
        """The site's entry."""
        return self.hass.config_entries.async_get_entry(ENTRY_ID)

    def says(self, soc: float | str) -> None:
        """Let the car report its charge level."""
        self.hass.states.async_set(CAR_SOC, str(soc), PERCENT)

    def entity_id(self, platform: str, key: str, owner: str = CHARGER_ID) -> str:
        """Return an entity of the charger, or of the vehicle."""
        return self.house.entity_id(platform, key, owner)

    def state(self, platform: str, key: str, owner: str = CHARGER_ID) -> Any:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, key, owner))
        assert state is not None
        return state

    async def set(self, key: str, value: float) -> None:
        """Set a number of the charger."""
        data = {"entity_id": self.entity_id("number", key), "value": value}
        await self.hass.services.async_call("number", "set_value", data, blocking=True)

    async def choose(self, option: str) -> None:
        """Choose the car at the charger."""
        data = {"entity_id": self.entity_id("select", "vehicle"), "option": option}
        await self.hass.services.async_call(
            "select", "select_option", data, blocking=True
        )


@pytest.fixture
async def drive(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Drive:
    """Return a house whose only car charges at full current, with 50 % told."""
    house = House(hass, freezer)
    hass.states.async_remove(SOC)
    found = Drive(house)
    found.says(50.0)
    await house.set_up(make_entry(charger={"soc_sensor": None}))
    found.add()
    await hass.async_block_till_done()
    await house.choose("fast")
    await house.pass_time(120)
    assert house.offered_a == 16
    return found


async def test_entities_of_a_vehicle(drive: Drive) -> None:
    """The car has a device with its charge level and the range that was added."""
    device = dr.async_get(drive.hass).async_get_device_by_identifier(
        (DOMAIN, "zoe"), ENTRY_ID
    )
    assert device is not None
    assert device.name == "Zoe"
    drive.says(52)
    await drive.house.pass_time(600)
    soc = drive.state("sensor", "soc", "zoe")
    assert float(soc.state) == pytest.approx(55.4, abs=0.5)
    assert soc.attributes["source"] == "estimated"
    assert soc.attributes["contradicted"] is False
    range_km = float(drive.state("sensor", "range_added", "zoe").state)
    assert range_km == pytest.approx(11.04 / 6 * 0.88 / 0.17 * 1.15, rel=0.1)
    drive.says(56)
    await drive.house.pass_time(5)
    soc = drive.state("sensor", "soc", "zoe")
    assert (soc.state, soc.attributes["source"]) == ("56.0", "read")


async def test_without_consumption_there_is_no_range(drive: Drive) -> None:
    """Adding a car without it makes one sensor only; the first car charges on meanwhile."""
    drive.house.calls.clear()
    drive.add("bus", consumption=None, soc_entity=None)
    await drive.hass.async_block_till_done()
    assert drive.state("sensor", "soc", "bus").state == "unknown"
    with pytest.raises(AssertionError):
        drive.entity_id("sensor", "range_added", "bus")
    assert drive.house.calls == []
    assert drive.house.offered_a == 16


async def test_charges_to_the_target(drive: Drive) -> None:
    """It ends at the car's target, or at the one that is set at the charger."""
    assert drive.state("number", "target_soc").state == "80.0"
    drive.says(81)
    await drive.house.pass_time(30)
    drive.says(54)
    await drive.set("target_soc", 53)
    assert drive.state("number", "target_soc").state == "53.0"
    drive.says(53)
    await drive.house.pass_time(30)
    assert drive.house.reason == "target_reached"
    assert drive.house.offered_a == 0
    sentence = drive.state("sensor", "reason").attributes["sentence"]
    assert sentence == "The car has its target charge level of 53 %."
    await drive.set("target_soc", 80)
    await drive.house.pass_time(240)
    assert drive.house.offered_a == 16
    settings = drive.house.coordinator.settings.chargers[CHARGER_ID]
    assert settings.target_soc == 0.0


async def test_charges_the_target_energy(drive: Drive) -> None:
    """It ends when so much was charged since plug-in."""
    assert drive.state("number", "target_energy").state == "0.0"
    await drive.set("target_energy", 1.0)
    await drive.house.pass_time(600)
    assert drive.house.reason == "target_energy_reached"
    energy = float(drive.state("sensor", "session_energy").state)
    assert energy == pytest.approx(1.0, abs=0.1)
    await drive.set("target_energy", 0)
    await drive.house.pass_time(240)
    assert drive.house.reason == "fast"


async def test_minimum_is_charged_at_once(drive: Drive) -> None:
    """Without any sun, whatever the mode."""
    drive.says(18)
    await drive.house.choose("solar")
    drive.hass.config_entries.async_update_subentry(
        drive.entry,
        drive.entry.subentries["zoe"],
        data={**ZOE, "min_soc": 30.0},
    )
    await drive.hass.async_block_till_done()
    await drive.house.pass_time(240)
    assert drive.house.reason == "minimum_soc"
    assert drive.house.offered_a == 16


async def test_vehicle_is_chosen(drive: Drive) -> None:
    """The choice lasts until the car is unplugged."""
    drive.add("bus", soc_entity=None)
    await drive.hass.async_block_till_done()
    state = drive.state("select", "vehicle")
    assert state.state == "automatic"
    assert state.attributes["options"] == ["automatic", "Zoe", "Bus", "guest"]
    await drive.choose("Bus")
    state = drive.state("select", "vehicle")
    assert state.state == "Bus"
    assert state.attributes["plugged_in"] == "Bus"
    assert state.attributes["known_by"] == "chosen"
    await drive.choose("guest")
    assert drive.state("select", "vehicle").attributes["plugged_in"] is None
    assert drive.state("number", "target_soc").state == "unknown"
    drive.house.plugged = False
    await drive.house.pass_time(10)
    assert drive.state("select", "vehicle").state == "automatic"


async def test_vehicle_is_recognised_by_its_entities(drive: Drive) -> None:
    """Its plug tells, and a state that is neither on nor off tells nothing."""
    drive.add("bus", soc_entity=None, plug_entity=CAR_PLUG, location_entity=CAR_HOME)
    drive.house.plugged = False
    drive.hass.states.async_set(CAR_PLUG, "off")
    drive.hass.states.async_set(CAR_HOME, "home")
    await drive.house.pass_time(10)
    drive.house.plugged = True
    await drive.house.pass_time(10)
    drive.hass.states.async_set(CAR_PLUG, "unavailable")
    await drive.house.pass_time(10)
    assert drive.state("select", "vehicle").attributes["plugged_in"] is None
    drive.hass.states.async_set(CAR_PLUG, "on")
    await drive.hass.async_block_till_done()
    await drive.house.pass_time(5)
    state = drive.state("select", "vehicle")
    assert state.attributes["plugged_in"] == "Bus"
    assert state.attributes["known_by"] == "recognised"


async def test_contradiction_is_told(drive: Drive) -> None:
    """A charge level that does not move while a lot is charged is a matter for a person."""
    issues = ir.async_get(drive.hass)
    key = (DOMAIN, f"soc_contradicted_{ENTRY_ID}_zoe")
    for _ in range(24):
        drive.says(50)
        drive.hass.states.async_set(CAR_SOC, "50", PERCENT, force_update=True)
        await drive.house.pass_time(100, step_s=10)
    assert drive.state("sensor", "soc", "zoe").attributes["contradicted"] is True
    assert float(drive.state("sensor", "soc", "zoe").state) < 55.0
    issue = issues.async_get_issue(*key)
    assert issue is not None
    assert issue.translation_placeholders == {"site": "Home", "name": "Zoe"}
    drive.says(65)
    await drive.house.pass_time(10)
    assert issues.async_get_issue(*key) is None


@pytest.mark.parametrize("nonsense", ["unavailable", "unknown", "0", "140", "-3", "x"])
async def test_nonsense_is_left_out(drive: Drive, nonsense: str) -> None:
    """The estimate goes on meanwhile."""
    drive.says(nonsense)
    await drive.house.pass_time(300)
    soc = float(drive.state("sensor", "soc", "zoe").state)
    assert 51.0 < soc < 54.0


async def test_boost_uses_the_known_charge_level(drive: Drive) -> None:
    """It needs no sensor of the charger, and refuses what is reached."""
    await drive.house.act("boost", soc=90)
    drive.says(51)
    await drive.house.pass_time(10)
    with pytest.raises(ServiceValidationError) as refused:
        await drive.house.act("boost", soc=40)
    assert refused.value.translation_key == "soc_reached"
    await drive.choose("guest")
    with pytest.raises(ServiceValidationError) as unknown:
        await drive.house.act("boost", soc=90)
    assert unknown.value.translation_key == "soc_unknown"


async def test_removing_a_vehicle_in_use(drive: Drive) -> None:
    """Its entities go, and charging goes on untouched."""
    drive.house.calls.clear()
    assert drive.hass.config_entries.async_remove_subentry(drive.entry, "zoe")
    await drive.hass.async_block_till_done()
    registry = er.async_get(drive.hass)
    assert registry.async_get_entity_id("sensor", DOMAIN, "zoe_soc") is None
    await drive.house.pass_time(30)
    assert drive.house.offered_a == 16
    assert drive.house.calls == []
    assert drive.state("select", "vehicle").attributes["options"] == [
        "automatic",
        "guest",
    ]


async def test_restart_keeps_it(drive: Drive) -> None:
    """The estimate, the choice and the targets go on."""
    drive.add("bus", soc_entity=None)
    await drive.hass.async_block_till_done()
    await drive.set("target_soc", 70)
    await drive.set("target_energy", 30)
    drive.says("unavailable")
    await drive.house.pass_time(300)
    await drive.choose("Zoe")
    before = float(drive.state("sensor", "soc", "zoe").state)
    store = drive.house.coordinator
    await store.async_stop()
    saved = store.state.vehicles["zoe"]
    assert await drive.hass.config_entries.async_unload(ENTRY_ID)
    drive.house.freezer.tick(300)
    drive.house.measure()
    assert await drive.hass.config_entries.async_setup(ENTRY_ID)
    await drive.hass.async_block_till_done()
    await drive.house.pass_time(10)
    assert drive.house.coordinator.state.vehicles["zoe"].efficiency == saved.efficiency
    assert float(drive.state("sensor", "soc", "zoe").state) >= before
    assert drive.state("select", "vehicle").state == "Zoe"
    assert drive.state("number", "target_soc").state == "70.0"
    assert drive.state("number", "target_energy").state == "30.0"
    assert float(drive.state("sensor", "range_added", "zoe").state) > 3.0


async def test_renamed_entity_is_followed(drive: Drive) -> None:
    """A new entity id of the car's sensor is written into its configuration."""
    registry = er.async_get(drive.hass)
    entity = registry.async_get_or_create(
        "sensor", "car", "bus_soc", suggested_object_id="bus_soc"
    )
    drive.add("bus", soc_entity=entity.entity_id)
    await drive.hass.async_block_till_done()
    registry.async_update_entity(entity.entity_id, new_entity_id="sensor.bus_battery")
    await drive.hass.async_block_till_done()
    data = drive.entry.subentries["bus"].data
    assert data["soc_entity"] == "sensor.bus_battery"
