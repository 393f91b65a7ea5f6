"""A restart changes nothing: what was going on goes on."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.ampacity.const import (
    DOMAIN,
    EVENT_SESSION_FINISHED,
    EVENT_SESSION_STARTED,
)
from custom_components.ampacity.engine.state import Cap

from .house import CHARGER_ID, ENTRY_ID, House

KEY = f"{DOMAIN}.{ENTRY_ID}"


async def crash(house: House, storage: dict[str, Any], away: timedelta) -> None:
    """Let Home Assistant lose all but what is on disk; the car goes on charging meanwhile."""
    on_disk = deepcopy(storage[KEY])
    await house.hass.config_entries.async_unload(ENTRY_ID)
    storage[KEY] = on_disk
    house.freezer.tick(away)
    house.energy_wh += house.taken_a * 690.0 * away.total_seconds() / 3600.0
    house.measure()
    house.calls.clear()
    assert await house.hass.config_entries.async_setup(ENTRY_ID)
    await house.hass.async_block_till_done()


@pytest.fixture
async def charging(site_entry: MockConfigEntry, house: House) -> House:
    """Return a house whose car charges at 16 A."""
    await house.choose("fast")
    await house.pass_time(300)
    assert house.offered_a == 16
    return house


async def test_session_goes_on(charging: House, hass_storage: dict[str, Any]) -> None:
    """One session, with all that the counter has counted, nothing of it twice."""
    started = async_capture_events(charging.hass, EVENT_SESSION_STARTED)
    finished = async_capture_events(charging.hass, EVENT_SESSION_FINISHED)
    await charging.pass_time(250)
    await crash(charging, hass_storage, timedelta(minutes=20))
    await charging.pass_time(300)
    charging.plugged = False
    await charging.pass_time(20)
    assert not started
    assert len(finished) == 1
    charged_kwh = (charging.energy_wh - 1_000_000.0) / 1000.0
    assert finished[0].data["energy_kwh"] == pytest.approx(charged_kwh, rel=0.02)
    total_wh = charging.coordinator.charger_state(CHARGER_ID).total_wh
    assert total_wh == pytest.approx(charging.energy_wh - 1_000_000.0, rel=0.02)


async def test_charging_goes_on_untouched(
    charging: House, hass_storage: dict[str, Any]
) -> None:
    """What the charger does is adopted: no command that changes anything."""
    await crash(charging, hass_storage, timedelta(seconds=90))
    await charging.pass_time(60)
    assert charging.offered_a == 16
    assert not charging.calls


@pytest.mark.parametrize(
    ("away", "left_s"),
    [(timedelta(seconds=20), 1680), (timedelta(minutes=10), 1100)],
)
async def test_boost_loses_the_time_away(
    site_entry: MockConfigEntry,
    house: House,
    hass_storage: dict[str, Any],
    away: timedelta,
    left_s: float,
) -> None:
    """A boost of half an hour ends half an hour after its start, however often we restart."""
    await house.act("boost", duration={"minutes": 30})
    await house.pass_time(100)
    await crash(house, hass_storage, away)
    await house.pass_time(5)
    boost = house.coordinator.charger_state(CHARGER_ID).boost
    assert boost is not None
    # What is on disk may be as old as the save delay
    assert boost.remaining_s == pytest.approx(left_s, abs=15)


async def test_boost_that_ended_meanwhile(
    site_entry: MockConfigEntry, house: House, hass_storage: dict[str, Any]
) -> None:
    """A boost whose time is over is not taken up again."""
    await house.act("boost", duration={"minutes": 5})
    await house.pass_time(60)
    await crash(house, hass_storage, timedelta(minutes=20))
    assert house.coordinator.charger_state(CHARGER_ID).boost is None


async def test_boost_to_an_energy_goes_on(
    site_entry: MockConfigEntry, house: House, hass_storage: dict[str, Any]
) -> None:
    """An end that is no time is not touched by the time away."""
    await house.act("boost", energy=30)
    await house.pass_time(15)
    await crash(house, hass_storage, timedelta(hours=2))
    boost = house.coordinator.charger_state(CHARGER_ID).boost
    assert boost is not None
    assert boost.remaining_s is None
    assert boost.energy_wh is not None
    left_wh = 30_000.0 - (house.energy_wh - 1_000_000.0)
    assert boost.energy_wh == pytest.approx(left_wh, abs=100)


async def test_limits_go_on(charging: House, hass_storage: dict[str, Any]) -> None:
    """A grid operator's limit holds through a restart, and ends in time."""
    site = charging.device_id(ENTRY_ID)
    await charging.act("limit", device_id=site, current=20)
    await charging.act("limit", current=10, duration={"minutes": 30})
    await charging.pass_time(15)
    await crash(charging, hass_storage, timedelta(minutes=20))
    assert charging.coordinator.state.cap == Cap(current_a=20.0)
    cap = charging.coordinator.charger_state(CHARGER_ID).cap
    assert cap is not None
    assert cap.current_a == 10
    assert cap.remaining_s == pytest.approx(600, abs=80)
    await charging.pass_time(600)
    assert charging.coordinator.charger_state(CHARGER_ID).cap is None


async def test_clock_set_back_meanwhile(
    site_entry: MockConfigEntry, house: House, hass_storage: dict[str, Any]
) -> None:
    """A clock that was set back over a restart neither prolongs nor ends a boost."""
    await house.act("boost", duration={"minutes": 30})
    await house.pass_time(15)
    await crash(house, hass_storage, timedelta(hours=-1))
    boost = house.coordinator.charger_state(CHARGER_ID).boost
    assert boost is not None
    assert boost.remaining_s is not None
    assert 1700 < boost.remaining_s <= 1800
    await house.pass_time(60)
    assert house.offered_a == 16


async def test_stop_saves(
    hass: HomeAssistant, charging: House, hass_storage: dict[str, Any]
) -> None:
    """All is on disk when Home Assistant has stopped, to the last moment."""
    await charging.act("boost", energy=5)
    await charging.pass_time(5)
    state = charging.coordinator.charger_state(CHARGER_ID)
    await hass.async_stop(force=True)
    data = hass_storage[KEY]["data"]
    assert "handover" not in data
    charger = data["state"]["chargers"][CHARGER_ID]
    assert charger["total_wh"] == pytest.approx(state.total_wh, rel=0.01)
    assert state.boost is not None
    assert charger["boost"]["energy_wh"] == pytest.approx(
        state.boost.energy_wh, rel=0.1
    )
