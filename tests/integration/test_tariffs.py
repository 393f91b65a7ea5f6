"""Peak tariff and operator limit in Home Assistant: options, states, a restart, what is shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.ampacity.const import DOMAIN, EVENT_LIMIT_ACTIVE

from .house import ENTRY_ID, House, make_entry
from .test_restart import crash

NIGHT = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
CHEAP = "schedule.cheap"
SIGNAL = "binary_sensor.dim"
BELGIUM: dict[str, Any] = {
    "peak_preset": "belgium",
    "peak_floor": 2.5,
    "peak_accepted": 6.0,
    "peak_price": 4.0,
}
OPERATOR: dict[str, Any] = {"operator_entity": SIGNAL, "operator_rule": "each"}


@pytest.fixture(autouse=True)
async def utc(hass: HomeAssistant, freezer: Any) -> None:
    """Live where windows begin on the hour of UTC, and begin with one."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(NIGHT)
    hass.states.async_set(CHEAP, "on")
    hass.states.async_set(SIGNAL, "off")


async def set_up(house: House, options: dict[str, Any], mode: str) -> MockConfigEntry:
    """Set the house up with these options, its charger in a mode."""
    entry = make_entry({"off_peak_entity": CHEAP})
    entry.add_to_hass(house.hass)
    house.hass.config_entries.async_update_entry(entry, options=options)
    assert await house.hass.config_entries.async_setup(entry.entry_id)
    await house.hass.async_block_till_done()
    await house.pass_time(15)
    await house.choose(mode)
    return entry


def peak(house: House) -> State:
    """Return the sensor of the peak."""
    state = house.hass.states.get(house.entity_id("sensor", "peak_demand", ENTRY_ID))
    assert state is not None
    return state


async def test_off_peak_keeps_to_the_accepted_peak(house: House) -> None:
    """The house takes 0.92 kW, which leaves the car 7 A; after the window it is the peak."""
    await set_up(house, BELGIUM, "off_peak")
    await house.pass_time(900)
    assert house.offered_a == 7.0
    assert house.reason == "peak"
    await house.pass_time(900)
    state = peak(house)
    # 4 A of the house and 21 A of the car are 5.75 kW
    assert float(state.state) == pytest.approx(5.75, abs=0.02)
    assert state.attributes["allowed"] == 6.0
    assert state.attributes["cost"] == pytest.approx(23.0, abs=0.1)
    assert state.attributes["projected"] == pytest.approx(5.75, abs=0.02)
    assert state.attributes["until"] == "2026-11-20T22:45:00+00:00"


async def test_boost_makes_a_new_peak(house: House) -> None:
    """Who boosts wants it now: the limit of the tariff does not hold for that."""
    await set_up(house, BELGIUM, "off_peak")
    await house.act("boost", duration={"minutes": 40})
    await house.pass_time(900 + 120)
    assert house.offered_a == 16.0
    assert house.reason == "boost"
    assert float(peak(house).state) > 10.0


async def test_restart_in_mid_window(
    house: House, hass_storage: dict[str, Any]
) -> None:
    """Peaks of the month and what the window has imported are still known."""
    await set_up(house, BELGIUM, "off_peak")
    await house.pass_time(900 + 480)
    before = house.coordinator.state.peak
    assert before.peaks
    await crash(house, hass_storage, timedelta(seconds=120))
    await house.pass_time(10)
    after = house.coordinator.state.peak
    assert after.peaks == before.peaks
    assert after.window_start == before.window_start
    # What is on disk may be as old as the interval between two saves
    assert 100.0 <= after.measured_s <= before.measured_s + 90.0
    await house.pass_time(600)
    assert house.coordinator.state.peak.peaks[0][1] <= 6000.0
    assert house.offered_a == 7.0


async def test_no_sensor_without_a_tariff(house: House) -> None:
    """A tariff that is left takes its sensor along."""
    entry = await set_up(house, BELGIUM, "off_peak")
    await house.pass_time(60)
    house.hass.config_entries.async_update_entry(entry, options={})
    await house.hass.async_block_till_done()
    await house.pass_time(30)
    registry = er.async_get(house.hass)
    key = f"{ENTRY_ID}_peak_demand"
    assert registry.async_get_entity_id("sensor", DOMAIN, key) is None
    assert house.coordinator.site.peak is None


async def test_operator_limits_at_once(house: House) -> None:
    """The signal is answered when it comes, in fast mode as well, and told on the bus."""
    events = async_capture_events(house.hass, EVENT_LIMIT_ACTIVE)
    await set_up(house, OPERATOR, "fast")
    await house.pass_time(300)
    assert house.offered_a == 16.0
    house.hass.states.async_set(SIGNAL, "on")
    await house.hass.async_block_till_done()
    assert house.offered_a == 6.0
    await house.pass_time(5)
    assert house.reason == "operator"
    assert len(events) == 1
    limiting = house.entity_id("binary_sensor", "limiting", ENTRY_ID)
    assert house.hass.states.is_state(limiting, "on")

    house.hass.states.async_set(SIGNAL, "off")
    await house.pass_time(180)
    assert house.offered_a == 16.0


async def test_lost_signal(
    house: House, issue_registry: ir.IssueRegistry, hass_storage: dict[str, Any]
) -> None:
    """A limit outlasts its signal and a restart, but not for ever; a message says so."""
    await set_up(house, OPERATOR, "fast")
    house.hass.states.async_set(SIGNAL, "on")
    await house.pass_time(60)
    assert house.offered_a == 6.0
    house.hass.states.async_set(SIGNAL, "unavailable")
    await house.pass_time(240)
    issue_id = f"operator_silent_{ENTRY_ID}"
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    await house.pass_time(120)
    assert issue_registry.async_get_issue(DOMAIN, issue_id)
    await crash(house, hass_storage, timedelta(minutes=5))
    await house.pass_time(60)
    assert house.offered_a == 6.0
    assert house.reason == "operator"
    await house.pass_time(7200, step_s=30)
    assert house.offered_a == 16.0
    house.hass.states.async_set(SIGNAL, "off")
    await house.pass_time(20)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_renamed_signal_is_followed(
    house: House, entity_registry: er.EntityRegistry
) -> None:
    """The options name the entity by its new name, and its state is read."""
    house.hass.states.async_remove(SIGNAL)
    entity_registry.async_get_or_create(
        "binary_sensor", "test", "dim", suggested_object_id="dim"
    )
    entry = await set_up(house, OPERATOR, "fast")
    entity_registry.async_update_entity(SIGNAL, new_entity_id="binary_sensor.operator")
    await house.hass.async_block_till_done()
    assert entry.options["operator_entity"] == "binary_sensor.operator"
