"""The guard: an overload is acted on within the turn of the event that shows it."""

import asyncio
from collections.abc import Iterator
import gc
from statistics import quantiles

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .house import GRID_CURRENTS, GRID_POWER, House, worked_ns

AMPERE = {"unit_of_measurement": "A"}
OTHERS = 1000


@pytest.fixture
async def charging(site_entry: MockConfigEntry, house: House) -> House:
    """Return a house whose car charges at 16 A beside a small load."""
    await house.choose("fast")
    await house.pass_time(180)
    assert house.offered_a == 16
    house.calls.clear()
    return house


@pytest.fixture
def lasting_memory() -> Iterator[None]:
    """Keep what earlier tests left behind out of the collector's pauses."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("phase", [0, 1, 2])
async def test_overload_is_answered_in_the_same_turn(
    hass: HomeAssistant, charging: House, phase: int
) -> None:
    """No await lies between the meter's event and the charger's service call."""
    hass.states.async_set(GRID_CURRENTS[phase], "30.0", AMPERE)
    assert [call.service for call in charging.calls] == ["set_value"]
    assert charging.calls[0].data["value"] <= 16 - (30.0 - 23.75)


async def test_pause_is_answered_in_the_same_turn(
    hass: HomeAssistant, charging: House
) -> None:
    """Where the minimum is too much, the charger is switched off at once."""
    hass.states.async_set(GRID_CURRENTS[0], "36.0", AMPERE)
    assert [call.service for call in charging.calls] == ["turn_off"]


async def test_repeated_value_is_looked_at(
    hass: HomeAssistant, charging: House
) -> None:
    """A meter that repeats its value has reported: its age starts anew."""
    history = charging.coordinator.history
    before = list(history)[-1]
    state = hass.states.get(GRID_POWER)
    assert state is not None
    hass.states.async_set(GRID_POWER, state.state, state.attributes)
    after = list(history)[-1]
    assert after is not before
    assert after.tempo == "guard"


async def test_half_a_burst_raises_nothing(
    hass: HomeAssistant, charging: House
) -> None:
    """Phases report one after the other; what looks like room on the first is no reason to raise."""
    for current in ("40.0", "5.0"):
        hass.states.async_set(GRID_CURRENTS[0], current, AMPERE)
        hass.states.async_set(GRID_CURRENTS[1], current, AMPERE)
    assert [call.service for call in charging.calls] == ["turn_off"]
    await hass.async_block_till_done()
    assert charging.offered_a == 0


async def test_command_that_moves_the_meter_in_its_own_call(
    hass: HomeAssistant, charging: House
) -> None:
    """A charger that answers within our call is looked at after it, not in the midst of it."""
    charging.instant = True
    await charging.act("limit", current=10)
    assert [call.service for call in charging.calls] == ["set_value"]
    assert list(charging.coordinator.history)[-1].decisions[0].command is not None
    await hass.async_block_till_done()
    assert list(charging.coordinator.history)[-1].tempo == "control"
    assert charging.offered_a == 10
    assert not charging.coordinator.data.error


async def test_entities_hear_of_a_cut_at_once(
    hass: HomeAssistant, charging: House
) -> None:
    """What a charger offers now is not held back by the pace of the display."""
    hass.states.async_set(GRID_CURRENTS[0], "30.0", AMPERE)
    await asyncio.sleep(0)
    offered = hass.states.get(charging.entity_id("sensor", "offered_current"))
    assert offered is not None
    assert float(offered.state) < 16


async def test_entities_are_not_flooded(hass: HomeAssistant, charging: House) -> None:
    """A quick meter updates entities once a second at most, and the last value arrives."""
    told: list[None] = []
    charging.coordinator.async_add_listener(lambda: told.append(None))
    for step in range(50):
        hass.states.async_set(GRID_POWER, str(12_000 + step))
    assert len(told) <= 1
    await charging.pass_time(2, step_s=1)
    assert 1 <= len(told) <= 4


@pytest.mark.usefixtures("lasting_memory")
async def test_guard_takes_below_20_ms_beside_1000_entities(
    hass: HomeAssistant, charging: House
) -> None:
    """From the meter's event to the charger's call while 1000 others change, p99 of 100.

    Reports that call for no command must take no longer.
    """
    calls_ms, looks_ms = [], []
    for turn in range(100):
        await charging.pass_time(10)
        for other in range(turn % 4, OTHERS, 4):
            hass.states.async_set(f"sensor.other_{other}", str(turn))
        for step in range(10):
            started_ns = worked_ns()
            hass.states.async_set(GRID_CURRENTS[0], f"{18 + step / 10}", AMPERE)
            looks_ms.append((worked_ns() - started_ns) / 1e6)
        charging.called_ns.clear()
        started_ns = worked_ns()
        hass.states.async_set(GRID_CURRENTS[0], str(22 + charging.offered_a), AMPERE)
        calls_ms += [(called - started_ns) / 1e6 for called in charging.called_ns]
        if not charging.offered_a:
            await charging.pass_time(200)
    assert len(calls_ms) >= 100
    assert 0.0 < quantiles(calls_ms, n=100)[-1] < 20.0
    assert 0.0 < quantiles(looks_ms, n=100)[-1] < 20.0
