"""Set-up, reload, unload and removal."""

import asyncio
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.ampacity.engine.state import Phase

from .house import (
    CHARGER_ID,
    ENTRY_ID,
    GRID_CURRENTS,
    GRID_POWER,
    LIMIT,
    SITE,
    SOLAR,
    STATUS,
    SWITCH,
    House,
    make_entry,
)


@pytest.fixture
async def charging(site_entry: MockConfigEntry, house: House) -> House:
    """Return a house whose car charges at 16 A."""
    await house.choose("fast")
    await house.pass_time(180)
    assert house.offered_a == 16
    house.calls.clear()
    return house


@pytest.mark.parametrize("gone", [LIMIT, SWITCH, STATUS])
@pytest.mark.parametrize("state", [None, "unavailable", "unknown"])
async def test_charger_that_is_offline_at_start(
    hass: HomeAssistant, house: House, gone: str, state: str | None
) -> None:
    """The site is set up all the same, and takes the charger over when it is back."""
    before = hass.states.get(gone)
    assert before is not None
    if state is None:
        hass.states.async_remove(gone)
    else:
        hass.states.async_set(gone, state)
    entry = await house.set_up()
    assert entry.state is ConfigEntryState.LOADED
    assert not house.calls

    hass.states.async_set(gone, before.state, before.attributes)
    await house.pass_time(15)
    await house.choose("fast")
    await house.pass_time(120)
    assert house.offered_a == 16


async def test_sources_that_are_missing_at_start(
    hass: HomeAssistant, house: House
) -> None:
    """Without its meter the site is set up, and the charger held at its safe current."""
    for entity_id in (GRID_POWER, *GRID_CURRENTS, SOLAR):
        hass.states.async_remove(entity_id)
    house.metering = False
    entry = await house.set_up()
    assert entry.state is ConfigEntryState.LOADED
    await house.choose("fast")
    await house.pass_time(30)
    assert house.offered_a == 6
    assert house.reason == "meter_stale"


async def test_what_runs_is_adopted(hass: HomeAssistant, house: House) -> None:
    """A charger that charges when we come goes on as it is."""
    house.set_limit(10)
    hass.states.async_set(SWITCH, "on")
    house.measure()
    await house.set_up()
    assert not house.calls
    assert house.coordinator.charger_state(CHARGER_ID).phase is Phase.ADOPTING


async def test_reload_changes_nothing(hass: HomeAssistant, charging: House) -> None:
    """Through a reload the charger keeps its current, and the engine its timers."""
    before = charging.coordinator.state
    assert await hass.config_entries.async_reload(ENTRY_ID)
    await hass.async_block_till_done()
    assert not charging.calls
    after = charging.coordinator.state
    assert after.chargers[CHARGER_ID].session == before.chargers[CHARGER_ID].session
    assert after.chargers[CHARGER_ID].phase is Phase.CHARGING
    assert after.meter.period_s == before.meter.period_s
    await charging.pass_time(60)
    assert charging.offered_a == 16
    assert not charging.calls


async def test_set_up_long_after_is_a_start_anew(
    hass: HomeAssistant, charging: House, freezer: FrozenDateTimeFactory
) -> None:
    """After minutes nobody knows what happened: what runs is taken over as at a start."""
    assert await hass.config_entries.async_unload(ENTRY_ID)
    freezer.tick(timedelta(minutes=3))
    charging.measure()
    assert await hass.config_entries.async_setup(ENTRY_ID)
    state = charging.coordinator.charger_state(CHARGER_ID)
    assert state.phase is Phase.ADOPTING
    assert state.session is not None
    assert not charging.calls


async def test_reload_in_time_lowers_nothing(
    hass: HomeAssistant, charging: House, freezer: FrozenDateTimeFactory
) -> None:
    """The look after an unload finds the site back, and leaves its chargers alone."""
    assert await hass.config_entries.async_reload(ENTRY_ID)
    await charging.pass_time(40)
    assert charging.offered_a == 16
    assert not charging.calls


async def test_platform_that_does_not_unload(
    hass: HomeAssistant, charging: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that could not be unloaded goes on guarding the fuse."""

    async def refuse(*_args: object) -> bool:
        return False

    with monkeypatch.context() as patch:
        patch.setattr(hass.config_entries, "async_unload_platforms", refuse)
        assert not await hass.config_entries.async_unload(ENTRY_ID)
    hass.states.async_set(GRID_CURRENTS[0], "30.0", {"unit_of_measurement": "A"})
    assert charging.offered_a < 16


async def test_changed_options_are_taken_over(
    hass: HomeAssistant, charging: House
) -> None:
    """A larger margin lowers the charger, without a restart and without a start anew."""
    entry = hass.config_entries.async_get_entry(ENTRY_ID)
    assert entry is not None
    hass.config_entries.async_update_entry(entry, options={"fuse_margin": 40})
    await hass.async_block_till_done()
    assert charging.coordinator.site.fuse_margin == pytest.approx(0.4)
    await charging.pass_time(20)
    assert 6 <= charging.offered_a <= 13


async def test_disabling_lowers_the_charger(
    hass: HomeAssistant, charging: House
) -> None:
    """Nobody guards the fuse of a disabled site."""
    await hass.config_entries.async_set_disabled_by(ENTRY_ID, ConfigEntryDisabler.USER)
    assert charging.offered_a == 6


async def test_unloading_for_good_lowers_the_charger(
    hass: HomeAssistant, charging: House, freezer: FrozenDateTimeFactory
) -> None:
    """An unload that no set-up follows is one for good."""
    assert await hass.config_entries.async_unload(ENTRY_ID)
    assert charging.offered_a == 16
    freezer.tick(timedelta(seconds=31))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert charging.offered_a == 6


async def test_removal_lowers_the_charger_and_forgets(
    hass: HomeAssistant, charging: House, hass_storage: dict[str, Any]
) -> None:
    """What was saved goes with the site."""
    await hass.config_entries.async_remove(ENTRY_ID)
    await hass.async_block_till_done()
    assert charging.offered_a == 6
    assert f"ampacity.{ENTRY_ID}" not in hass_storage


async def test_removed_charger_is_lowered(hass: HomeAssistant, charging: House) -> None:
    """A charger that is no longer ours is not guarded; its device goes."""
    entry = hass.config_entries.async_get_entry(ENTRY_ID)
    assert entry is not None
    assert hass.config_entries.async_remove_subentry(entry, CHARGER_ID)
    await hass.async_block_till_done()
    assert charging.offered_a == 6
    assert charging.coordinator.charger_ids == ()
    assert CHARGER_ID not in charging.coordinator.state.chargers


async def test_stop_lowers_the_charger(hass: HomeAssistant, charging: House) -> None:
    """When Home Assistant stops, nobody guards the fuse."""
    await hass.async_stop(force=True)
    assert charging.offered_a == 6


async def test_stop_does_not_wait_for_a_silent_charger(
    hass: HomeAssistant, charging: House, caplog: pytest.LogCaptureFixture
) -> None:
    """A charger that refuses is told of in the log, and everything else stops as usual."""
    hass.services.async_remove("input_number", "set_value")
    await hass.async_stop(force=True)
    assert charging.offered_a == 16
    assert "Garage does not take commands" in caplog.text


async def test_charger_that_does_not_answer_holds_nothing_up(
    hass: HomeAssistant,
    charging: House,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who disables a site does not wait for ever for a charger that hangs."""
    released = asyncio.Event()

    async def hang(_call: ServiceCall) -> None:
        await released.wait()

    hass.services.async_register("input_number", "set_value", hang)
    disabling = hass.async_create_task(
        hass.config_entries.async_set_disabled_by(ENTRY_ID, ConfigEntryDisabler.USER)
    )
    for _ in range(100):
        await asyncio.sleep(0)
        freezer.tick(timedelta(seconds=0.2))
        if disabling.done():
            break
    assert disabling.done()
    assert "did not confirm" in caplog.text
    released.set()


@pytest.fixture
def registered(hass: HomeAssistant, house: House) -> er.RegistryEntry:
    """Return the registry entry of a meter that stands in the registry."""
    hass.states.async_remove(GRID_POWER)
    entry = er.async_get(hass).async_get_or_create(
        "sensor", "meter", "power", suggested_object_id="grid_power"
    )
    house.measure()
    assert entry.entity_id == GRID_POWER
    return entry


async def test_renamed_source_is_followed(
    hass: HomeAssistant, house: House, registered: er.RegistryEntry
) -> None:
    """The new name stands in the configuration, and its reports are heard."""
    entry = await house.set_up()
    registry = er.async_get(hass)
    registry.async_update_entity(GRID_POWER, new_entity_id="sensor.main_meter")
    hass.states.async_remove(GRID_POWER)
    hass.states.async_set("sensor.main_meter", "900")
    await hass.async_block_till_done()
    assert entry.data == SITE | {"grid_power": "sensor.main_meter"}

    before = len(list(house.coordinator.history))
    hass.states.async_set("sensor.main_meter", "950")
    assert len(list(house.coordinator.history)) == before + 1


async def test_renamed_lever_is_followed(hass: HomeAssistant, house: House) -> None:
    """A charger's renamed entity is found in its subentry and deep inside action data."""
    registry = er.async_get(hass)
    hass.states.async_remove(STATUS)
    registry.async_get_or_create(
        "sensor", "wallbox", "status", suggested_object_id="wallbox_status"
    )
    house.measure()
    entry = await house.set_up(
        make_entry(charger={"limit_action_data": {"target": {"entity_id": [STATUS]}}})
    )
    registry.async_update_entity(STATUS, new_entity_id="sensor.box")
    hass.states.async_remove(STATUS)
    await hass.async_block_till_done()
    data = entry.subentries[CHARGER_ID].data
    assert data["status_sensor"] == "sensor.box"
    assert data["limit_action_data"] == {"target": {"entity_id": ["sensor.box"]}}
    assert entry.state is ConfigEntryState.LOADED
