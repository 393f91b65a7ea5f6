"""Chargers that call a car finished that was only told to wait."""

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.finish import SURE_S, believed_status
from custom_components.ampacity.engine.model import ChargerStatus, Mode
from custom_components.ampacity.engine.requests import start_boost
from custom_components.ampacity.engine.state import Boost, ChargerState, Orders, Phase

from .driver import Driver, car, running

FINISHED = ChargerStatus.FINISHED


def charging(*, vague: bool = True, mode: Mode = Mode.FAST) -> Driver:
    """Return a house whose car has been charging for minutes."""
    house = running(car(mode=mode, vague_finish=vague), offer_a=16.0)
    house.run(300)
    assert house.offer() == 16.0
    return house


def pause(house: Driver) -> None:
    """Pause the charger, which then calls the car finished."""
    house.change("a", mode=Mode.OFF)
    house.run(30)
    house.box.status = FINISHED
    house.run(300)
    assert house.offer() == 0.0


def test_paused_is_not_full() -> None:
    """The word that follows a pause means nothing, and the car is charged again later."""
    house = charging()
    pause(house)
    assert not house.of().finished
    house.change("a", mode=Mode.FAST)
    house.run(60)
    assert house.offer() == 16.0
    assert house.reason() is not ReasonKey.FINISHED
    house.box.status = None
    house.run(120)
    assert house.reason() is ReasonKey.FAST
    assert not house.of().finished


def test_full_is_full() -> None:
    """Who says so while the car may charge is believed, at once when it has charged for long."""
    house = charging()
    house.box.status, house.box.car_a = FINISHED, 0.0
    house.run(20)
    assert house.of().finished
    assert house.reason() is ReasonKey.FINISHED
    house.change("a", mode=Mode.OFF)
    house.run(300)
    assert house.of().finished
    house.change("a", mode=Mode.FAST)
    house.run(60)
    assert house.reason() is ReasonKey.FINISHED


@pytest.mark.parametrize("plugged", [True, False])
def test_until_it_charges_again_or_leaves(plugged: bool) -> None:
    """A car that warms up takes more, and another car is another matter."""
    house = charging()
    house.box.status, house.box.car_a = FINISHED, 0.0
    house.run(20)
    house.box.status, house.box.car_a, house.box.plugged = None, 16.0, plugged
    house.run(20)
    assert not house.of().finished


def test_full_after_a_start_takes_a_while() -> None:
    """A car that was full before is found to be so once waking it has not helped."""
    house = Driver(car(mode=Mode.FAST, vague_finish=True))
    house.box.status, house.box.car_a = FINISHED, 0.0
    house.run(SURE_S)
    assert not house.of().finished
    assert house.of().waking.tries > 0
    house.run(300)
    assert house.of().finished
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.FINISHED)
    told = len(house.box.commands)
    house.run(600)
    assert len(house.box.commands) == told


@pytest.mark.parametrize(("vague", "goes_on"), [(True, True), (False, False)])
def test_boost_from_a_pause(vague: bool, goes_on: bool) -> None:
    """A boost does not end because the charger still says what it said while it was paused."""
    house = charging(vague=vague)
    pause(house)
    house.state = start_boost(house.state, "a", Boost(remaining_s=3600.0))
    house.run(60)
    assert (house.of().boost is not None) is goes_on


@pytest.mark.parametrize(
    ("offer_a", "finished", "vague", "expected"),
    [
        (0.0, False, True, ChargerStatus.PAUSED),
        (16.0, False, True, ChargerStatus.CONNECTED),
        (0.0, True, True, FINISHED),
        (0.0, False, False, FINISHED),
    ],
)
def test_what_is_shown(
    offer_a: float, finished: bool, vague: bool, expected: ChargerStatus
) -> None:
    """What is believed is shown as well."""
    state = ChargerState(
        phase=Phase.PAUSED, orders=Orders(offer_a=offer_a), finished=finished
    )
    assert believed_status(FINISHED, state, vague=vague) is expected
    charging_ = ChargerStatus.CHARGING
    assert believed_status(charging_, state, vague=vague) is charging_
