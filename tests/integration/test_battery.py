"""A home battery beside the charger: its settings, and its control while a car charges."""

from collections.abc import Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.model import BatteryStrategy

from .house import ENTRY_ID, House, make_entry

BATTERY: dict[str, Any] = {
    "battery_power": ["sensor.battery"],
    "battery_soc": ["sensor.battery_soc"],
}
SELECT = {
    "battery_hold": "input_select.battery",
    "battery_hold_option": "Backup",
    "battery_release_option": "Self-use",
}
SWITCH = {"battery_hold": "input_boolean.no_discharge"}
ALLOW = {"battery_hold": "input_boolean.discharge", "battery_hold_inverted": True}
NUMBER = {"battery_hold": "input_number.discharge"}


class Control:
    """The battery's control: an entity that does as it is told, unless it is broken."""

    def __init__(self, hass: HomeAssistant, entity_id: str, usual: str) -> None:
        """Put it in place."""
        self.hass = hass
        self.entity_id = entity_id
        self.writes: list[str] = []
        self.broken = False
        self.show(usual)
        domain = entity_id.partition(".")[0]
        register = hass.services.async_register
        if domain == "input_select":
            register(domain, "select_option", self._on(lambda call: "option"))
        elif domain == "input_number":
            register(domain, "set_value", self._on(lambda call: "value"))

    @property
    def shown(self) -> str:
        """What it shows."""
        state = self.hass.states.get(self.entity_id)
        assert state is not None
        return state.state

    def show(self, value: str) -> None:
        """Let it show a value."""
        self.hass.states.async_set(self.entity_id, value, {"min": 0, "max": 5000})

    def _on(self, field: Callable[[ServiceCall], str]) -> Callable[[ServiceCall], None]:
        @callback
        def called(call: ServiceCall) -> None:
            if call.data["entity_id"] != self.entity_id:
                return
            value = str(call.data[field(call)])
            self.writes.append(value)
            if self.broken:
                raise HomeAssistantError("no answer")
            self.show(value)

        return called


@pytest.fixture
def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> House:
    """Return the house with a battery that does nothing just now."""
    hass.states.async_set("sensor.battery", "0", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.battery_soc", "55", {"unit_of_measurement": "%"})
    return House(hass, freezer)


def entry_with(hold: dict[str, Any], **options: Any) -> MockConfigEntry:
    """Return an entry of a site with a battery."""
    entry = make_entry(BATTERY | hold)
    known = {"feeds_cars": False} if hold else {}
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=entry.entry_id,
        title=entry.title,
        data=dict(entry.data),
        options=known | options,
        subentries_data=[
            {
                "data": dict(one.data),
                "subentry_id": one.subentry_id,
                "subentry_type": one.subentry_type,
                "title": one.title,
                "unique_id": None,
            }
            for one in entry.subentries.values()
        ],
    )


async def test_settings_of_the_battery(hass: HomeAssistant, house: House) -> None:
    """A number and a select on a device of its own; they outlive a reload."""
    entry = await house.set_up(entry_with({}, buffer_soc=80.0))
    number = house.entity_id("number", "battery_priority_soc", ENTRY_ID)
    select = house.entity_id("select", "battery_strategy", ENTRY_ID)
    await hass.services.async_call(
        "number", "set_value", {"entity_id": number, "value": 40}, blocking=True
    )
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": select, "option": "battery_first"},
        blocking=True,
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    battery = house.coordinator.site.battery
    assert battery is not None
    assert battery.priority_soc == 40.0
    assert battery.buffer_soc == 80.0
    assert battery.strategy is BatteryStrategy.BATTERY_FIRST
    assert battery.feeds_cars
    assert not battery.can_hold
    assert hass.states.is_state(number, "40.0")
    assert hass.states.is_state(select, "battery_first")
    device = dr.async_get(hass).async_get(house.device_id(f"{ENTRY_ID}_battery"))
    assert device is not None
    assert device.name == "Home battery"


async def test_battery_that_is_gone_takes_its_device_along(
    hass: HomeAssistant, house: House
) -> None:
    """Its entities go as well; a site without one has none."""
    entry = await house.set_up(entry_with({}))
    device_id = house.device_id(f"{ENTRY_ID}_battery")
    hass.config_entries.async_update_entry(entry, data=dict(make_entry().data))
    await hass.async_block_till_done()
    assert dr.async_get(hass).async_get(device_id) is None
    unique_ids = {
        one.unique_id
        for one in er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
    }
    assert f"{ENTRY_ID}_battery_priority_soc" not in unique_ids
    assert f"{ENTRY_ID}_battery_strategy" not in unique_ids
    assert house.coordinator.site.battery is None


async def test_silent_battery_is_not_counted(hass: HomeAssistant, house: House) -> None:
    """Unavailable, it corrects nothing, and that is told."""
    await house.set_up(entry_with({}))
    hass.states.async_set("sensor.battery", "unavailable")
    await house.pass_time(15)
    answer = await house.act("explain")
    assert answer is not None
    assert answer["site"]["battery_w"] is None
    assert answer["site"]["battery_role"] == "unknown"
    hass.states.async_set("sensor.battery", "-700", {"unit_of_measurement": "W"})
    await house.pass_time(15)
    answer = await house.act("explain")
    assert answer is not None
    assert answer["site"]["battery_w"] == -700.0
    assert answer["site"]["battery_role"] == "shares"


@pytest.mark.parametrize(
    ("hold", "usual", "held"),
    [(SELECT, "Self-use", "Backup"), (NUMBER, "2500.0", "0")],
)
async def test_battery_holds_while_a_car_charges_from_the_grid(
    hass: HomeAssistant, house: House, hold: dict[str, Any], usual: str, held: str
) -> None:
    """One write when it starts, one when it has finished, to what was before."""
    control = Control(hass, hold["battery_hold"], usual)
    await house.set_up(entry_with(hold))
    await house.pass_time(60)
    assert control.writes == []

    await house.choose("fast")
    await house.pass_time(120)
    assert house.taken_a > 6.0
    assert control.writes == [held]

    await house.choose("off")
    await house.pass_time(40)
    assert control.shown == held
    await house.pass_time(60)
    assert control.writes[0] == held
    assert len(control.writes) == 2
    assert control.shown in (usual, usual.removesuffix(".0"))


@pytest.mark.parametrize(
    ("hold", "usual", "held"), [(SWITCH, "off", "on"), (ALLOW, "on", "off")]
)
async def test_battery_held_by_a_switch(
    hass: HomeAssistant, house: House, hold: dict[str, Any], usual: str, held: str
) -> None:
    """One that holds, or one that allows discharging."""
    switch = hold["battery_hold"]
    calls: list[str] = []

    def turn(word: str) -> Callable[[ServiceCall], None]:
        @callback
        def called(call: ServiceCall) -> None:
            entity_id = call.data["entity_id"]
            if entity_id == switch:
                calls.append(word)
            hass.states.async_set(entity_id, word)

        return called

    hass.states.async_set(switch, usual)
    for word in ("on", "off"):
        hass.services.async_register("input_boolean", f"turn_{word}", turn(word))
    await house.set_up(entry_with(hold))
    await house.choose("fast")
    await house.pass_time(60)
    assert calls == [held]
    await house.choose("off")
    await house.pass_time(90)
    assert calls == [held, usual]


async def test_unload_and_reload_set_the_control_back(
    hass: HomeAssistant, house: House
) -> None:
    """Nobody holds the battery once we are gone."""
    control = Control(hass, "input_number.discharge", "2500")
    entry = await house.set_up(entry_with(NUMBER))
    await house.choose("fast")
    await house.pass_time(60)
    assert control.shown == "0"
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert control.shown == "2500"


async def test_hold_that_a_crash_left_is_ended(
    hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
) -> None:
    """What the control showed before was saved."""
    hass_storage[f"{DOMAIN}.{ENTRY_ID}"] = {
        "version": 1,
        "minor_version": 1,
        "key": f"{DOMAIN}.{ENTRY_ID}",
        "data": {"battery_hold": "2500"},
    }
    control = Control(hass, "input_number.discharge", "0")
    await house.set_up(entry_with(NUMBER))
    await house.pass_time(30)
    assert control.writes == ["2500"]


async def test_what_others_set_is_left_alone(hass: HomeAssistant, house: House) -> None:
    """A battery that holds already is not touched, nor one that was changed meanwhile."""
    control = Control(hass, "input_select.battery", "Backup")
    await house.set_up(entry_with(SELECT))
    await house.choose("fast")
    await house.pass_time(60)
    await house.choose("off")
    await house.pass_time(90)
    assert control.writes == []

    control.show("Self-use")
    await house.choose("fast")
    await house.pass_time(60)
    control.show("Holiday")
    await house.choose("off")
    await house.pass_time(90)
    assert control.writes == ["Backup"]
    assert control.shown == "Holiday"


async def test_control_that_does_not_answer(
    hass: HomeAssistant, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Logged once, tried again each half minute, told as an issue, gone when it works."""
    control = Control(hass, "input_select.battery", "Self-use")
    control.broken = True
    await house.set_up(entry_with(SELECT))
    await house.choose("fast")
    await house.pass_time(100)
    issue_id = f"battery_not_holding_{ENTRY_ID}"
    issues = ir.async_get(hass)
    assert issues.async_get_issue(DOMAIN, issue_id) is not None
    assert 3 <= len(control.writes) <= 4
    assert caplog.text.count("does not take commands: no answer") == 1

    control.broken = False
    await house.pass_time(50)
    assert control.shown == "Backup"
    assert issues.async_get_issue(DOMAIN, issue_id) is None


async def test_battery_that_may_feed_cars_is_not_held(
    hass: HomeAssistant, house: House
) -> None:
    """The usual case."""
    control = Control(hass, "input_select.battery", "Self-use")
    await house.set_up(entry_with(SELECT, feeds_cars=True))
    await house.choose("fast")
    await house.pass_time(60)
    assert control.writes == []
