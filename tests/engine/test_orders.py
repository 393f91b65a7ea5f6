"""Whether a charger does as it was told, and what becomes of it when it does not."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import Link, Mode, Reading
from custom_components.ampacity.engine.requests import release_manual

from .driver import VOLT, Driver, car, running

FAST = Mode.FAST


def charging(offer_a: float = 16.0, mode: Mode = FAST, **settings: Any) -> Driver:
    """Return a house whose charger has been obeying for minutes."""
    house = running(car(mode=mode, **settings), offer_a=offer_a)
    house.run(120)
    assert house.of().orders.confirmed
    house.box.commands.clear()
    return house


# --- by hand ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [FAST, Mode.SOLAR, Mode.SOLAR_MIN])
@pytest.mark.parametrize("limit_a", [7.0, 13.0, 15.0])
def test_limit_set_in_the_app_is_kept_until_unplug(mode: Mode, limit_a: float) -> None:
    """Up or down, while the sun changes: nobody fights the user."""
    house = charging(10.0, mode, max_a=16.0)
    house.box.by_hand(limit_a=limit_a)
    for count in range(60):
        house.sun_w = 2000.0 + 1000.0 * (count % 5)
        house.tick(10)
        assert house.offer() == limit_a or count == 0
    assert house.reason() is ReasonKey.MANUAL
    assert house.box.limit_a == limit_a
    assert not house.box.commands
    house.box.plugged = False
    house.tick()
    house.box.plugged = True
    house.sun_w = 0.0
    house.run(300)
    assert house.reason() is not ReasonKey.MANUAL


def _deaf(house: Driver) -> None:
    """Nothing new is heard of the charger for a minute, though it seems to be there."""
    for age_s in range(10, 70, 10):
        house.box.age_s = age_s
        house.tick(10)
    house.box.age_s = 0.0


def _undelivered(house: Driver) -> None:
    """Commands do not arrive for a minute."""
    house.box.write_failed = True
    house.run(60)
    house.box.write_failed = False


def _asleep(house: Driver) -> None:
    """Nobody looks for a minute."""
    house.tick(60)


@pytest.mark.parametrize("silence", [_deaf, _undelivered, _asleep])
@pytest.mark.parametrize("failsafe_a", [6.0, 8.0])
def test_its_own_fall_back_is_nobodys_hand(
    silence: Callable[[Driver], None], failsafe_a: float
) -> None:
    """A charger that has fallen back after a silence is told again what it was told before."""
    house = charging(16.0)
    house.box.failsafe_a = failsafe_a
    silence(house)
    house.box.by_hand(limit_a=failsafe_a)
    house.run(180)
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.FAST)
    assert house.box.limit_a == 16.0
    assert house.of().manual is None


@pytest.mark.parametrize(
    ("limit_a", "failsafe_a", "late_s"),
    [(6.0, 6.0, 400.0), (7.0, 6.0, 0.0), (6.0, None, 0.0)],
)
def test_hand_is_a_hand_all_the_same(
    limit_a: float, failsafe_a: float | None, late_s: float
) -> None:
    """Without a silence shortly before, and at another current, somebody has set it."""
    house = charging(16.0)
    house.box.failsafe_a = failsafe_a
    _deaf(house)
    house.run(late_s)
    house.box.by_hand(limit_a=limit_a)
    house.run(120)
    assert (house.offer(), house.reason()) == (limit_a, ReasonKey.MANUAL)


def test_charger_switched_off_in_the_app_stays_off() -> None:
    """The reason says so; choosing a mode takes control back."""
    house = charging()
    house.box.by_hand(on=False)
    house.run(300)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.MANUAL_OFF)
    assert not house.box.commands
    house.state = release_manual(house.state, "a")
    house.run(60)
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.FAST)


def test_charger_switched_on_in_the_app_goes_on() -> None:
    """There is no sun, and the user wants to charge now."""
    house = Driver(car(mode=Mode.SOLAR))
    house.run(120)
    house.box.commands.clear()
    house.box.by_hand(on=True, limit_a=12.0)
    house.run(300)
    assert (house.offer(), house.reason()) == (12.0, ReasonKey.MANUAL)
    assert not house.box.commands


def test_fuse_is_above_the_hand() -> None:
    """What was set by hand is cut like everything else, and comes back."""
    house = charging(10.0, Mode.SOLAR_MIN)
    house.sun_w = 0.0
    house.run(60)
    house.box.by_hand(limit_a=16.0)
    house.run(60)
    house.house_a = [14.0, 1.0, 1.0]
    house.guard()
    assert (house.offer(), house.reason()) == (9.0, ReasonKey.FUSE)
    house.house_a = [1.0, 1.0, 1.0]
    house.run(120)
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.MANUAL)


@pytest.mark.parametrize("limit_a", [0.0, 3.0, 32.0, 1e6])
def test_impossible_limit_set_by_hand(limit_a: float) -> None:
    """Below 6 A it is a pause; above the maximum it is the maximum."""
    house = charging(10.0)
    house.box.by_hand(limit_a=limit_a)
    house.box.car_a = 32.0
    for _ in range(30):
        house.tick()
        assert house.offer() == 0.0 or 6.0 <= house.offer() <= 16.0
    assert house.result.error is None


def test_read_back_that_goes_missing_is_nobody_s_hand() -> None:
    """The entity is unavailable while the switch says off, then all is back."""
    house = charging()
    house.box.by_hand(on=False)
    told = house.box.reading()
    house.box.reading = lambda: type(told)(  # type: ignore[method-assign]
        status=told.status, enabled=False, offered_a=Reading(value=float("nan"))
    )
    house.run(60)
    assert house.result.error is None
    del house.box.reading
    house.box.by_hand(on=True)
    house.run(60)
    assert house.result.error is None
    assert house.offer() == 16.0


def test_charger_that_falls_back_at_plug_in_is_put_right() -> None:
    """Its own default after plug-in is no one's wish."""
    house = Driver(car(mode=Mode.SOLAR_MIN))
    house.box.plugged = False
    house.run(60)
    house.box.plugged = True
    house.run(20)
    assert house.offer() == 6.0
    house.box.by_hand(limit_a=16.0)
    house.run(40)
    assert (house.offer(), house.box.limit_a) == (6.0, 6.0)
    assert house.of().manual is None


# --- not obeying ------------------------------------------------------------------------------


def stubborn(**settings: Any) -> Driver:
    """Return a house whose charger is told 10 A and stays at 16 A."""
    house = charging(**settings)
    house.box.ignores_limit = True
    house.box.tells = False
    house.change("a", max_a=10.0)
    return house


def test_draws_too_much_two_tries_then_a_pause_then_we_say_so() -> None:
    """The same lever twice, then the next one."""
    house = stubborn()
    house.run(60, 5)
    limit = Command(current_a=10.0)
    again = Command(current_a=10.0, enabled=True)
    assert house.box.commands == [limit, again, again, Command(enabled=False)]
    assert house.box.drawn_a == (0.0, 0.0, 0.0)
    assert house.reason() is ReasonKey.NOT_OBEYING
    house.guard()
    assert house.reason() is ReasonKey.NOT_OBEYING
    house.run(1500, 30)
    assert len(house.box.commands) == 4


def test_half_an_hour_later_it_may_show_that_it_obeys_again() -> None:
    """A charger that has come to its senses charges on."""
    house = stubborn()
    house.run(60, 5)
    house.box.ignores_limit = False
    house.run(1500, 30)
    assert house.offer() == 0.0
    house.run(600, 10)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.FAST)
    house.run(3600, 30)
    assert house.offer() == 10.0


def test_the_first_excess_after_that_ends_it_again() -> None:
    """One that still ignores its limit draws too much for seconds every half hour."""
    house = stubborn()
    house.run(60, 5)
    drawing_s = 0.0
    for _ in range(4 * 360):
        house.tick(10)
        drawing_s += 10.0 * any(house.box.drawn_a)
    assert house.reason() is ReasonKey.NOT_OBEYING
    assert drawing_s <= 8 * 60.0


def test_unplugging_gives_another_chance() -> None:
    """The next car is charged again."""
    house = stubborn()
    house.run(60, 5)
    house.box.ignores_limit, house.box.plugged = False, False
    house.tick()
    house.box.plugged = True
    house.run(120)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.FAST)


def test_choosing_a_mode_gives_another_chance() -> None:
    """Release by the user."""
    house = stubborn()
    house.run(60, 5)
    house.box.ignores_limit = False
    house.state = release_manual(house.state, "a")
    house.run(120)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.FAST)


@pytest.mark.parametrize("car_phases", [1, 2, 3])
def test_single_phase_car_that_draws_too_much_is_found(car_phases: int) -> None:
    """Two of the three phases say 0 A."""
    house = charging()
    house.box.car_phases = car_phases
    house.run(30)
    house.box.ignores_limit, house.box.tells = True, False
    house.change("a", max_a=10.0)
    house.run(60, 5)
    assert house.reason() is ReasonKey.NOT_OBEYING


def test_limit_that_is_ignored_again_and_again_ends_in_a_pause() -> None:
    """Cut, paused, resumed, too much again: not a third time."""
    house = charging()
    house.box.ignores_limit, house.box.tells = True, False
    house.house_a = [14.0, 1.0, 1.0]
    starts = 0
    for _ in range(300):
        before = house.box.enabled
        house.tick(5)
        starts += house.box.enabled and not before
    assert starts <= 2
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.NOT_OBEYING)


def test_little_too_much_is_no_disobedience() -> None:
    """0.9 A above the offer is how cars and sensors are."""
    house = charging()
    house.change("a", max_a=10.0)
    house.tick()
    house.box.ignores_limit = True
    house.box.limit_a = 10.9
    house.box.tells = False
    house.run(300)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.FAST)


def test_failed_write_is_tried_again() -> None:
    """The command never arrived: it is sent again, and reported after two tries."""
    house = charging()
    house.box.ignores_limit = house.box.write_failed = True
    house.change("a", max_a=10.0)
    house.run(60, 5)
    assert house.reason() is ReasonKey.NOT_OBEYING
    assert 3 <= len(house.box.commands) <= 4
    house.box.ignores_limit = house.box.write_failed = False
    house.run(120, 5)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.FAST)
    assert house.box.limit_a == 10.0


def test_retries_to_a_cloud_charger_rest_30_s() -> None:
    """Even when it does not obey."""
    house = charging(link=Link.CLOUD)
    house.box.ignores_limit = house.box.write_failed = True
    house.change("a", max_a=10.0)
    times = []
    for _ in range(300):
        told = len(house.box.commands)
        house.tick(1)
        if len(house.box.commands) > told:
            times.append(house.state.clock_s)
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= 30.0


def test_lower_limit_of_its_own_is_accepted() -> None:
    """The charger takes 13 A where it was told 16 A: fine after two tries."""
    house = Driver(car(mode=FAST))
    house.box.ignores_limit, house.box.limit_a = True, 13.0
    house.run(300)
    assert house.reason() is ReasonKey.FAST
    told = len(house.box.commands)
    house.run(600)
    assert len(house.box.commands) == told


def test_writes_are_counted() -> None:
    """One for each command."""
    house = charging()
    before = house.of().wear.writes
    house.change("a", max_a=10.0)
    house.run(60)
    assert house.of().wear.writes == before + 1
    assert house.box.drawn_a[0] * VOLT == 2300.0
