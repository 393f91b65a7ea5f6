"""Just taken over: what runs is kept for a settle time, what is too much is not."""

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import ChargerStatus, Mode
from tests.engine.driver import VOLT, Driver, car

FAST = Mode.FAST


def found(limit_a: float, *, on: bool = True, mode: Mode = Mode.SOLAR) -> Driver:
    """Return a house whose charger was at work before we came."""
    house = Driver(car(mode=mode))
    house.box.limit_a, house.box.enabled = limit_a, on
    house.tick()
    return house


@pytest.mark.parametrize("mode", [Mode.OFF_PEAK, Mode.SOLAR, Mode.SOLAR_MIN, FAST])
def test_running_charger_is_kept_for_one_settle_time(mode: Mode) -> None:
    """Nothing is written at first, and the reason says until when."""
    house = found(11.0, mode=mode)
    for passed_s in (0, 3, 3, 3):
        if passed_s:
            house.tick(passed_s)
        assert (house.offer(), house.reason()) == (11.0, ReasonKey.STARTING_UP)
    until = house.decision().reason.until
    assert until is not None
    assert (until - house.now).total_seconds() == 1.0
    assert not house.box.commands
    house.tick(3)
    assert house.reason() is not ReasonKey.STARTING_UP


def test_mode_off_is_not_kept_waiting() -> None:
    """Nothing may be charged: that needs no settling."""
    house = found(11.0, mode=Mode.OFF)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.OFF)


def test_overload_is_cut_while_taking_over() -> None:
    """The fuse does not wait for a settle time."""
    house = Driver(car(mode=FAST))
    house.box.limit_a, house.box.enabled = 16.0, True
    house.house_a = [14.0, 1.0, 1.0]
    house.guard()
    assert (house.offer(), house.reason()) == (9.0, ReasonKey.FUSE)


def test_paused_charger_stays_paused() -> None:
    """The limit that it would have is no offer."""
    house = found(16.0, on=False, mode=FAST)
    assert house.offer() == 0.0
    assert not house.box.commands


@pytest.mark.parametrize(
    ("told_a", "offer_a"),
    [(0.0, 0.0), (3.0, 0.0), (-5.0, 0.0), (6.0, 6.0), (32.0, 16.0), (1e9, 16.0)],
)
def test_impossible_offers_are_not_taken_over(told_a: float, offer_a: float) -> None:
    """Below 6 A there is only a pause, and never more than the maximum."""
    assert found(told_a).offer() == offer_a


@pytest.mark.parametrize(
    ("status", "offer_a"),
    [(ChargerStatus.CHARGING, 16.0), (ChargerStatus.CONNECTED, 0.0)],
)
def test_silent_charger_is_taken_for_its_worst(
    status: ChargerStatus, offer_a: float
) -> None:
    """A charger that tells nothing and charges may offer its maximum."""
    house = Driver(car(mode=FAST))
    house.box.tells = house.box.measures = False
    house.box.status = status
    house.tick()
    assert house.offer() == offer_a


def test_session_and_sun_go_on_after_taking_over() -> None:
    """A car on 10 A of sun goes on with 10 A of sun."""
    house = Driver(car(mode=Mode.SOLAR))
    house.box.limit_a, house.box.enabled = 10.0, True
    house.sun_w = 3 * VOLT * 11.5
    house.run(120)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.SOLAR)
    assert not house.box.commands
