"""Following: hold and stop by energy, dead-band, causality, and the base of what the car takes."""

import itertools
from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import Link, Mode
from tests.engine.driver import VOLT, Driver, car, running, surplus

PER_A = 3 * VOLT
MIN_W = PER_A * 6.0


def sunny(offer_a: float = 10.0, **settings: Any) -> Driver:
    """Return a house that charges on the sun, with exactly the surplus for its offer."""
    house = running(car(mode=Mode.SOLAR, **settings), offer_a=offer_a)
    surplus(house, PER_A * offer_a)
    house.run(120)
    assert (house.offer(), house.reason()) == (offer_a, ReasonKey.SOLAR)
    return house


# --- stop -------------------------------------------------------------------------------------


def test_holds_the_minimum_through_a_cloud_and_stops_after_180_s_of_import() -> None:
    """No sun at all: the minimum is imported for 180 s, then there is a pause."""
    house = sunny()
    house.sun_w = 0.0
    house.tick(5)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.SOLAR_HOLDING)
    until = house.decision().reason.until
    assert until is not None
    assert (until - house.now).total_seconds() == pytest.approx(175.0, abs=1)
    house.run(170, 5)
    assert house.offer() == 6.0
    house.run(10, 5)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.SOLAR_WAITING)
    assert house.box.commands[-1] == Command(enabled=False)


def test_half_the_sun_holds_twice_as_long() -> None:
    """Energy counts, not time."""
    house = sunny()
    surplus(house, MIN_W / 2)
    house.run(350, 5)
    assert house.offer() == 6.0
    house.run(20, 5)
    assert house.offer() == 0.0


def test_sun_in_between_pays_back() -> None:
    """Clouds of a minute, sun of two: it never stops."""
    house = sunny()
    for _ in range(20):
        house.sun_w = 0.0
        house.run(60, 5)
        surplus(house, 2 * MIN_W)
        house.run(60, 5)
    assert house.offer() >= 6.0
    assert all(command.enabled is None for command in house.box.commands)


def test_only_as_many_stop_as_needed() -> None:
    """Sun for two, then for one: the one of lower priority stops, the other goes on."""
    house = running(
        car("a", mode=Mode.SOLAR, priority=2),
        car("b", mode=Mode.SOLAR, priority=1),
        offer_a=6.0,
    )
    surplus(house, MIN_W * 2.2)
    house.run(120)
    assert (house.offer("a"), house.offer("b")) == (6.0, 7.0)
    surplus(house, MIN_W * 1.2)
    house.run(400, 5)
    assert (house.offer("a"), house.offer("b")) == (0.0, 7.0)


def test_solar_min_never_stops() -> None:
    """Its floor may come from the grid for hours."""
    house = running(car(mode=Mode.SOLAR_MIN))
    house.sun_w = 0.0
    house.run(7200)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.SOLAR_MIN)


# --- follow -----------------------------------------------------------------------------------


def test_follows_the_sun_up_and_down_in_whole_amps() -> None:
    """Down to what is there, never beyond it."""
    house = sunny()
    for amps in (8.4, 12.9, 15.2, 7.0, 16.0):
        surplus(house, PER_A * amps)
        house.run(120, 5)
        assert house.offer() == float(int(amps))


def test_swing_inside_the_dead_band_changes_nothing() -> None:
    """0.9 A up and down every 10 s: the charger is left alone."""
    house = sunny()
    told = len(house.box.commands)
    for count in range(60):
        surplus(house, PER_A * (10.9 if count % 2 else 10.05))
        house.tick(10)
    assert len(house.box.commands) == told


def test_small_import_that_lasts_is_followed() -> None:
    """0.3 A too much for 20 s: one amp less; nobody hunts afterwards."""
    house = sunny()
    surplus(house, PER_A * 9.7)
    house.run(10, 5)
    assert house.offer() == 10.0
    house.run(20, 5)
    assert house.offer() == 9.0
    told = len(house.box.commands)
    house.run(600, 5)
    assert len(house.box.commands) == told


def test_fine_steps_have_a_fine_dead_band() -> None:
    """A charger that takes tenths follows half an amp at once."""
    house = sunny(step_a=0.1)
    surplus(house, PER_A * 9.4)
    house.tick(10)
    assert house.offer() == pytest.approx(9.4)


def test_no_raise_on_a_reading_from_before_the_last_command() -> None:
    """The settle time is 30 s: after each change it waits for a younger reading."""
    house = sunny(settle_s=30.0)
    surplus(house, PER_A * 12.0)
    house.tick(5)
    assert house.offer() == 12.0
    surplus(house, PER_A * 14.0)
    house.run(25, 5)
    assert house.offer() == 12.0
    house.run(10, 5)
    assert house.offer() == 14.0


def test_no_raise_on_an_old_reading_of_a_slow_meter() -> None:
    """The meter has said nothing since the command: what it said then is used up."""
    house = sunny()
    surplus(house, PER_A * 12.0)
    house.tick(5)
    assert house.offer() == 12.0
    house.silent = True
    surplus(house, PER_A * 16.0)
    house.run(25, 5)
    assert house.offer() == 12.0


def test_base_is_what_the_car_takes() -> None:
    """The car takes 8 A of 16: it is offered 2 A more than that, not what the sun would allow."""
    house = sunny()
    house.box.car_a = 8.0
    surplus(house, PER_A * 16.0)
    house.run(180, 5)
    assert house.offer() == 10.0
    house.box.car_a = 32.0
    house.run(120, 5)
    assert house.offer() == 16.0


# --- write limits -----------------------------------------------------------------------------


def test_cloud_charger_is_raised_every_30_s_at_most() -> None:
    """Lowering is not held back."""
    house = sunny(offer_a=6.0, link=Link.CLOUD)
    times = []
    for count in range(300):
        surplus(house, PER_A * (7.0 + count % 60 / 6.0))
        before_a = house.offer()
        house.tick(1)
        if house.offer() > before_a:
            times.append(house.state.clock_s)
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps
    assert min(gaps) >= 30.0
    house.house_a = [40.0] * 3
    house.guard(1)
    assert house.offer() == 0.0


def test_local_charger_is_raised_every_5_s_at_most() -> None:
    """Even with a settle time of a second."""
    house = sunny(offer_a=6.0, settle_s=1.0)
    raised = []
    for count in range(60):
        surplus(house, PER_A * (7.0 + count / 6.0))
        before_a = house.offer()
        house.tick(1)
        if house.offer() > before_a:
            raised.append(house.state.clock_s)
    gaps = [after - before for before, after in itertools.pairwise(raised)]
    assert gaps
    assert min(gaps) >= 5.0


def test_unchanged_offer_is_not_written_again() -> None:
    """An hour of the same: no command."""
    house = sunny()
    told = len(house.box.commands)
    house.run(3600)
    assert len(house.box.commands) == told


# --- limits -----------------------------------------------------------------------------------


def test_cut_says_what_limits() -> None:
    """The phase, counted from 1, and the room on it."""
    house = running(car(mode=Mode.FAST))
    house.house_a = [1.0, 1.0, 14.0]
    house.guard(1)
    reason = house.decision().reason
    assert reason.key is ReasonKey.FUSE
    assert reason.values["phase"] == 3
    assert reason.values["current_a"] == 9.0


def test_power_limit_holds_and_pauses() -> None:
    """11 kW less 5 % for all, the house takes a part."""
    house = running(car(mode=Mode.FAST), offer_a=12.0, power_limit_w=11_000.0)
    house.house_a = [3.0] * 3
    house.run(90)
    assert (house.offer(), house.reason()) == (12.0, ReasonKey.POWER_LIMIT)
    assert sum(house.grid_a) * VOLT <= 11_000.0 * 0.95
    house.house_a = [10.0] * 3
    house.guard(1)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.POWER_LIMIT_PAUSED)


def test_minimum_between_two_steps_is_no_reason_to_flap() -> None:
    """The user wants 6.5 A at least, the charger takes whole amps: 7 A it is."""
    house = Driver(car(mode=Mode.SOLAR_MIN, min_a=6.5))
    house.run(600)
    assert house.offer() == 7.0
    assert len(house.box.commands) == 1


def test_levels_of_a_select_are_kept() -> None:
    """Only 6, 10 and 16 A can be set."""
    house = Driver(car(mode=Mode.SOLAR, levels_a=(6.0, 10.0, 16.0)))
    offers = set()
    for amps in (7.0, 9.9, 10.4, 15.0, 17.0):
        surplus(house, PER_A * amps)
        house.run(180, 5)
        offers.add(house.offer())
    assert offers == {6.0, 10.0, 16.0}


def test_highest_level_is_no_cap() -> None:
    """8 A is all that can be set below 10 A: nobody has limited it."""
    house = Driver(car(mode=Mode.FAST, max_a=10.0, levels_a=(6.0, 8.0)))
    house.run(120)
    assert (house.offer(), house.reason()) == (8.0, ReasonKey.FAST)
