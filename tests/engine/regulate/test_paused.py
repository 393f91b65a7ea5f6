"""Starting: on surplus by energy, at plug-in at once, within limits only on room that lasts."""

from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import (
    ChargerReading,
    ChargerStatus,
    GridReading,
    Mode,
    Reading,
)
from tests.engine.driver import MISSING, VOLT, Driver, car, surplus

MIN_W = 3 * VOLT * 6.0


def waiting(**settings: Any) -> Driver:
    """Return a house whose car has been waiting for the sun for minutes."""
    house = Driver(car(mode=Mode.SOLAR, **settings))
    house.run(180)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.SOLAR_WAITING)
    return house


def until_start(house: Driver, step_s: float = 5.0, limit_s: float = 600.0) -> float:
    """Let time pass until the charger offers; return how long that took."""
    waited_s = 0.0
    while house.offer() == 0.0 and waited_s < limit_s:
        house.tick(step_s)
        waited_s += step_s
    return waited_s


def test_starts_after_a_minute_of_surplus() -> None:
    """Not before, not later; the reason counts down."""
    house = waiting()
    surplus(house, MIN_W + 10)
    house.run(55, 5)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.SOLAR_STARTING)
    until = house.decision().reason.until
    assert until is not None
    assert (until - house.now).total_seconds() == pytest.approx(5.0)
    house.tick(5)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.SOLAR)
    assert house.box.commands == [Command(current_a=6.0, enabled=True)]


def test_a_little_too_little_never_starts() -> None:
    """10 W are missing for an hour."""
    house = waiting()
    surplus(house, MIN_W - 10)
    house.run(3600)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.SOLAR_WAITING)
    assert house.decision().reason.values == {
        "surplus_w": pytest.approx(MIN_W - 10),
        "needed_w": pytest.approx(MIN_W),
    }


def test_one_bad_sample_does_not_start_over() -> None:
    """5 s of a cloud of half the power cost 2.5 s and the 5 s, not a minute."""
    house = waiting()
    surplus(house, MIN_W + 10)
    house.run(50, 5)
    surplus(house, MIN_W / 2)
    house.tick(5)
    assert house.offer() == 0.0
    surplus(house, MIN_W + 10)
    assert until_start(house, 1.0) <= 13.0


def test_long_cloud_does_start_over() -> None:
    """What was saved is gone after as long without sun."""
    house = waiting()
    surplus(house, MIN_W + 10)
    house.run(50, 5)
    surplus(house, 0.0)
    house.run(120, 5)
    surplus(house, MIN_W + 10)
    assert until_start(house) == 60.0


def test_starts_at_once_at_plug_in() -> None:
    """The sun has been shining, the car comes: no delay."""
    house = Driver(car(mode=Mode.SOLAR))
    house.box.plugged = False
    surplus(house, MIN_W + 10)
    house.run(120)
    assert house.reason() is ReasonKey.NOT_CONNECTED
    house.box.plugged = True
    house.tick(1)
    assert house.offer() >= 6.0


def test_plug_in_in_the_shade_waits_for_the_sun() -> None:
    """After the first minute, surplus has to last again."""
    house = Driver(car(mode=Mode.SOLAR))
    house.box.plugged = False
    house.run(60)
    house.box.plugged = True
    house.run(90)
    surplus(house, MIN_W + 10)
    assert until_start(house) == 60.0


def test_no_direction_no_surplus() -> None:
    """A meter that tells amounts only: nobody knows the surplus."""
    house = Driver(car(mode=Mode.SOLAR))
    house.tells_power = False
    house.run(120)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.SOLAR_UNKNOWN)


def test_two_cars_do_not_start_on_the_same_watts() -> None:
    """Sun for one and a half: one starts, the other goes on waiting."""
    house = Driver(car("a", mode=Mode.SOLAR), car("b", mode=Mode.SOLAR))
    house.run(120)
    surplus(house, MIN_W * 1.5)
    house.run(600, 5)
    assert (house.offer("a"), house.offer("b")) == (9.0, 0.0)
    assert house.reason("b") is ReasonKey.SOLAR_WAITING
    surplus(house, MIN_W * 2.1)
    house.run(600, 5)
    assert (house.offer("a"), house.offer("b")) == (6.0, 6.0)
    assert sum(house.grid_a) < 0.0


def test_sun_for_two_starts_two() -> None:
    """And none of it is imported on the way."""
    house = Driver(car("a", mode=Mode.SOLAR), car("b", mode=Mode.SOLAR))
    house.run(120)
    surplus(house, MIN_W * 2.5)
    for _ in range(120):
        house.tick(5)
        assert sum(house.grid_a) <= 0.0
    assert (house.offer("a"), house.offer("b")) == (7.0, 7.0)


def test_higher_priority_has_the_sun_first() -> None:
    """Sun for one: the one with the better priority starts, whatever its name."""
    house = Driver(
        car("a", mode=Mode.SOLAR, priority=3), car("b", mode=Mode.SOLAR, priority=1)
    )
    house.run(120)
    surplus(house, MIN_W * 1.5)
    house.run(300, 5)
    assert (house.offer("a"), house.offer("b")) == (0.0, 9.0)


@pytest.mark.parametrize("settle_s", [10.0, 40.0])
def test_no_start_on_a_reading_from_before_the_last_command(settle_s: float) -> None:
    """Just paused: the meter must have been read after the charger followed."""
    house = Driver(car(mode=Mode.FAST, settle_s=settle_s))
    house.run(60 + settle_s)
    house.change("a", mode=Mode.OFF)
    house.tick(1)
    assert house.offer() == 0.0
    house.change("a", mode=Mode.FAST)
    assert until_start(house, 1.0) == settle_s


def test_starts_with_no_more_than_the_limits_had_room_for_lately() -> None:
    """The oven was on until a moment ago: 9 A, then more when that has lasted."""
    house = Driver(car(mode=Mode.FAST))
    house.box.plugged = False
    house.run(60)
    house.box.plugged = True
    house.change("a", mode=Mode.SOLAR)
    house.house_a = [14.0, 1.0, 1.0]
    house.run(60)
    house.house_a = [1.0, 1.0, 1.0]
    house.change("a", mode=Mode.FAST)
    house.tick(5)
    assert house.offer() == 9.0
    house.run(70, 5)
    assert house.offer() == 16.0


def test_new_car_waits_for_room_and_says_which_phase() -> None:
    """Never cut, never charged: still no start without room that lasts."""
    house = Driver(car(mode=Mode.FAST))
    house.house_a = [1.0, 20.0, 1.0]
    house.run(60)
    reason = house.decision().reason
    assert (house.offer(), reason.key) == (0.0, ReasonKey.FUSE_PAUSED)
    assert reason.values["phase"] == 2
    assert reason.values["needed_a"] == 6.0
    assert reason.values["headroom_a"] == pytest.approx(3.75)
    house.house_a = [1.0, 1.0, 1.0]
    assert until_start(house) >= 120.0


@pytest.mark.parametrize("sun_w", [0.0, 2000.0])
def test_full_car_that_is_paused_waits_for_nothing(sun_w: float) -> None:
    """Neither for the sun nor, with enough of it for one phase, for its turn."""
    house = Driver(car(mode=Mode.SOLAR, can_switch_phases=True))
    surplus(house, sun_w)
    house.box.status = ChargerStatus.FINISHED
    house.run(300)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.FINISHED)
    assert house.result.error is None


def test_sensors_that_are_gone_do_not_stop_a_start() -> None:
    """Status alone has to do."""
    house = waiting()
    surplus(house, MIN_W + 10)
    blind = ChargerReading(
        status=ChargerStatus.PAUSED,
        offered_a=MISSING,
        power_w=Reading(value=float("nan")),
    )
    house.box.reading = lambda: blind  # type: ignore[method-assign]
    assert until_start(house) == 60.0
    assert house.result.error is None
    house.grid_override = GridReading(power_w=Reading(value=-MIN_W))
    house.run(60)
    assert house.result.error is None
