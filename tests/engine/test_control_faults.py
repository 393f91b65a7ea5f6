"""Time that jumps, errors inside, and readings that cannot be: nothing of it reaches the fuse."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.ampacity.engine import Tempo, control
from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import Fault, GridReading, Mode, Reading
from custom_components.ampacity.engine.requests import start_boost
from custom_components.ampacity.engine.state import MAX_STEP_S, Boost

from .driver import VOLT, Driver, car, running

FAST = Mode.FAST


# --- time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_clock_jump_ends_no_boost_and_moves_no_current(jump: timedelta) -> None:
    """Timers run on control time; a step of it is at most :data:`MAX_STEP_S`."""
    house = running(car(mode=FAST))
    house.change("a", mode=Mode.OFF)
    house.state = start_boost(house.state, "a", Boost(remaining_s=1800.0))
    house.run(60)
    before_s = house.boost_left_s()
    clock_s = house.state.clock_s
    house.wall_jump = jump
    house.tick(10)
    assert 0.0 <= house.state.clock_s - clock_s <= MAX_STEP_S
    assert before_s - MAX_STEP_S <= house.boost_left_s() <= before_s
    assert house.offer() == 16.0
    house.wall_jump = timedelta()
    house.run(60)
    assert house.offer() == 16.0
    assert house.boost_left_s() >= before_s - 2 * MAX_STEP_S - 60.0


def test_clock_that_is_set_back_keeps_the_guard_awake() -> None:
    """An overload just after the jump is cut on its reading."""
    house = running(car(mode=FAST))
    house.wall_jump = timedelta(hours=-1)
    house.house_a = [14.0, 1.0, 1.0]
    house.guard(1)
    assert house.offer() == 9.0


def test_local_time_shift_does_not_matter() -> None:
    """Through the night in which summer time ends, local and UTC times decide alike."""
    offers = []
    for zone in (UTC, ZoneInfo("Europe/Berlin")):
        house = Driver(car(mode=FAST))
        house.state = start_boost(house.state, "a", Boost(remaining_s=3600.0))
        house.now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        house.zone = zone
        found = []
        for _ in range(90):
            house.tick(60)
            found.append((house.offer(), house.state.clock_s, house.reason()))
        offers.append(found)
    assert offers[0] == offers[1]
    assert offers[0][-1][1] == 89 * 60.0  # the first tick starts the clock


# --- errors inside ----------------------------------------------------------------------------


def test_error_inside_ends_in_safe_currents_and_the_next_tick_recovers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All chargers go to their safe current, the error is handed out."""
    house = running(car("a", mode=FAST), car("b", mode=FAST, safe_a=0.0), fuse_a=63.0)
    error = RuntimeError("a rule has a hole")

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(control, "survey", fail)
        house.guard(1)
        assert house.result.error is error
        assert (house.offer("a"), house.offer("b")) == (6.0, 0.0)
        assert house.reason("a") is ReasonKey.CONTROL_ERROR
        assert (house.boxes["a"].limit_a, house.boxes["b"].enabled) == (6.0, False)
        house.tick()
        assert [len(box.commands) for box in house.boxes.values()] == [1, 1]
    assert house.tick().error is None
    assert house.reason("a") is not ReasonKey.CONTROL_ERROR
    house.run(120)
    assert (house.offer("a"), house.offer("b")) == (16.0, 16.0)


def test_error_in_the_very_first_step_lowers_what_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is known of the charger yet, so it is told its safe current."""
    house = Driver(car(mode=FAST))
    house.box.enabled, house.box.limit_a = True, 16.0

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(control, "survey", fail)
    house.run(30)
    assert house.box.limit_a == 6.0
    assert len(house.box.commands) == 1


@pytest.mark.parametrize(
    "voltage_v", [(0.0,) * 3, (float("nan"),) * 3, (2300.0,) * 3, (-230.0, 0.0, 1e300)]
)
def test_impossible_voltages_are_not_used(voltage_v: tuple[float, ...]) -> None:
    """The nominal voltage takes their place."""
    house = running(car(mode=FAST))
    house.tells_phases = False
    house.house_a = [3.0, 3.0, 3.0]
    house.run(60)
    wanted_a = house.offer()
    grid = house.snapshot().grid
    house.grid_override = GridReading(power_w=grid.power_w, voltage_v=voltage_v)
    house.tick(10, Tempo.CONTROL)
    assert house.result.error is None
    assert house.offer() == wanted_a


def test_meter_that_tells_too_little_for_the_fuse_is_lost() -> None:
    """One current of three phases and no power: nobody knows what the others carry."""
    house = running(car(mode=FAST))
    house.grid_override = GridReading(current_a=(Reading(value=1.0),))
    house.guard(1)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.METER_STALE)


def test_surplus_a_hair_below_the_minimum_is_no_error() -> None:
    """The moment until which it holds may lie beyond the calendar."""
    house = running(car(mode=Mode.SOLAR), offer_a=6.0, export_margin_w=0.0)
    house.sun_w = 3 * VOLT * 7.0 * (1 - 1e-14)
    house.run(30)
    assert house.result.error is None
    house.grid_override = GridReading(
        power_w=Reading(value=1e-9), current_a=house.snapshot().grid.current_a
    )
    house.run(60)
    assert house.result.error is None


def test_faults_of_the_meter_are_named() -> None:
    """Each fault has its own reason."""
    house = running(car(mode=FAST))
    for fault in Fault:
        house.grid_override = GridReading(power_w=Reading(fault=fault))
        house.guard(1)
        assert (house.offer(), house.reason()) == (6.0, ReasonKey.METER_STALE)
