"""Reading, deciding and commanding in the course of time."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.ampacity.const import (
    EVENT_LIMIT_ACTIVE,
    EVENT_SESSION_FINISHED,
    EVENT_SESSION_STARTED,
)

from .house import CHARGER_ID, ENTRY_ID, STATUS, House


async def test_fast_charges_at_full_current(
    site_entry: MockConfigEntry, house: House
) -> None:
    """A mode is heard of at once, and the car gets all that the charger has."""
    assert house.offered_a == 0
    await house.choose("fast")
    await house.pass_time(90)
    assert house.offered_a == 16
    assert house.reason == "fast"


async def test_solar_follows_the_sun(site_entry: MockConfigEntry, house: House) -> None:
    """In the mode solar the car starts on surplus and takes no more than that."""
    house.solar_w = 9_000.0
    await house.pass_time(180)
    assert 6 <= house.offered_a <= 11
    house.solar_w = 0.0
    await house.pass_time(600)
    assert house.offered_a == 0


async def test_tick_needs_no_listener(
    site_entry: MockConfigEntry,
    house: House,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control goes on though no entity listens and nothing reports."""
    coordinator = house.coordinator
    monkeypatch.setattr(coordinator, "_listeners", {})
    before_s = coordinator.state.clock_s
    freezer.tick(timedelta(seconds=11))
    async_fire_time_changed(house.hass)
    await house.hass.async_block_till_done()
    monkeypatch.undo()
    assert coordinator.state.clock_s > before_s


async def test_plug_is_answered_at_once(
    site_entry: MockConfigEntry, house: House
) -> None:
    """An unplugged car is noticed with the charger's own event, not with the next tick."""
    house.hass.states.async_set(STATUS, "Unplugged")
    await house.hass.async_block_till_done()
    assert house.reason == "not_connected"


async def test_attributes_of_the_status_decide_nothing(
    site_entry: MockConfigEntry, house: House
) -> None:
    """Chargers that tell the time in an attribute would keep us busy otherwise."""
    before = len(list(house.coordinator.history))
    state = house.hass.states.get(STATUS)
    assert state is not None
    house.hass.states.async_set(STATUS, state.state, {"updated": "just now"})
    await house.hass.async_block_till_done()
    assert len(list(house.coordinator.history)) == before


async def test_sessions_are_announced(house: House) -> None:
    """Plug-in and unplug are events with the charger's device and what the session came to."""
    started = async_capture_events(house.hass, EVENT_SESSION_STARTED)
    finished = async_capture_events(house.hass, EVENT_SESSION_FINISHED)
    await house.set_up()
    assert [event.data["device_id"] for event in started] == [house.device_id()]

    await house.choose("fast")
    await house.pass_time(900)
    house.plugged = False
    await house.pass_time(15)
    assert len(finished) == 1
    data = finished[0].data
    assert data["device_id"] == house.device_id()
    assert data["config_entry_id"] == ENTRY_ID
    assert data["name"] == "Garage"
    charged_kwh = (house.energy_wh - 1_000_000.0) / 1000.0
    assert data["energy_kwh"] == pytest.approx(charged_kwh, rel=0.02)
    assert data["solar_share"] == 0
    assert data["started"] < data["ended"]
    assert len(started) == 1
    assert len(house.coordinator.sessions(CHARGER_ID)) == 1


async def test_limit_is_announced(site_entry: MockConfigEntry, house: House) -> None:
    """That the fuse begins to hold a charger back is an event that says which limit it is."""
    events = async_capture_events(house.hass, EVENT_LIMIT_ACTIVE)
    await house.choose("fast")
    house.base_a = (14.0, 2.0, 2.0)
    await house.pass_time(180)
    assert house.reason == "fuse"
    assert len(events) == 1
    assert events[0].data["reason"] == "fuse"
    assert events[0].data["device_id"] == house.device_id()


async def test_minimum_above_maximum_is_refused(
    site_entry: MockConfigEntry, house: House
) -> None:
    """The user hears why, and nothing changes."""
    number = {"entity_id": house.entity_id("number", "max_current"), "value": 8}
    await house.hass.services.async_call("number", "set_value", number, blocking=True)
    number = {"entity_id": house.entity_id("number", "min_current"), "value": 10}
    with pytest.raises(ServiceValidationError) as error:
        await house.hass.services.async_call(
            "number", "set_value", number, blocking=True
        )
    assert error.value.translation_key == "min_above_max"
    assert house.coordinator.settings.chargers[CHARGER_ID].min_a == 6


async def test_update_entity_action_decides(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """Home Assistant's own refresh works though nothing is polled."""
    before = len(list(house.coordinator.history))
    await house.coordinator.async_refresh()
    assert len(list(house.coordinator.history)) == before + 1
    assert house.coordinator.last_update_success


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(days=40)])
async def test_clock_jump_changes_nothing(
    site_entry: MockConfigEntry,
    house: House,
    freezer: FrozenDateTimeFactory,
    jump: timedelta,
) -> None:
    """A wall clock that is set neither ends a boost nor stops charging."""
    await house.act("boost", duration={"minutes": 30})
    await house.pass_time(120)
    assert house.offered_a == 16
    freezer.tick(jump)
    house.measure()
    await house.pass_time(120)
    assert house.offered_a == 16
    boost = house.coordinator.charger_state(CHARGER_ID).boost
    assert boost is not None
    assert boost.remaining_s == pytest.approx(1560, abs=70)
