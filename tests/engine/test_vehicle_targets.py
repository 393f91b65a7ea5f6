"""When a car has what it was to get, and when it needs more at once."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import ChargerStatus, Mode
from custom_components.ampacity.engine.promise import Goal
from custom_components.ampacity.engine.requests import start_boost
from custom_components.ampacity.engine.state import Boost
from custom_components.ampacity.engine.vehicle_target import target_reached

from .driver import Driver
from .test_vehicle_watch import MINUTE, OTHER, plug, say, yard


def full_speed(soc: float, mode: Mode = Mode.FAST, **vehicle: Any) -> Driver:
    """Return a house whose only car says that it is so full, for some minutes."""
    house = yard(replace(OTHER, **vehicle), chargers="a", mode=mode)
    say(house, "other", soc=soc)
    house.tick()
    plug(house, after_s=3 * MINUTE)
    return house


def test_stops_at_the_target_without_flapping() -> None:
    """It ends at the target, and begins again only clearly below it."""
    house = full_speed(79.0)
    assert house.offer() == 10.0
    for soc, key in (
        (80.0, ReasonKey.TARGET_REACHED),
        (79.0, ReasonKey.TARGET_REACHED),
        (78.0, ReasonKey.FAST),
    ):
        say(house, "other", soc=soc)
        house.run(3 * MINUTE)
        assert house.reason() is key
    assert house.offer() == 10.0


def test_charger_has_the_last_word_on_the_target() -> None:
    """What is set at the charger counts more than the car's own target."""
    house = full_speed(85.0)
    assert house.reason() is ReasonKey.TARGET_REACHED
    house.change("a", target_soc=90.0)
    house.run(3 * MINUTE)
    assert house.reason() is ReasonKey.FAST
    house.change("a", target_soc=60.0)
    house.tick()
    assert house.decision().reason.values["soc"] == 60.0


def test_target_energy_ends_the_session() -> None:
    """It needs no car at all."""
    house = yard(chargers="a", mode=Mode.FAST)
    house.change("a", target_energy_wh=1000.0)
    plug(house, after_s=900.0)
    assert house.reason() is ReasonKey.TARGET_ENERGY_REACHED
    session = house.of().session
    assert session is not None
    assert 1000.0 <= session.energy_wh < 1100.0


@pytest.mark.parametrize("mode", [Mode.SOLAR, Mode.OFF_PEAK, Mode.SOLAR_MIN])
def test_minimum_is_charged_at_once(mode: Mode) -> None:
    """Whatever the mode may use, up to the minimum it is full current."""
    house = full_speed(19.0, mode, min_soc=25.0)
    assert house.reason() is ReasonKey.MINIMUM_SOC
    assert house.offer() == 10.0
    say(house, "other", soc=24.6)
    house.run(MINUTE)
    assert house.reason() is ReasonKey.MINIMUM_SOC
    say(house, "other", soc=25.0)
    house.run(5 * MINUTE)
    assert house.reason() is not ReasonKey.MINIMUM_SOC
    say(house, "other", soc=24.2)
    house.tick()
    assert house.reason() is not ReasonKey.MINIMUM_SOC


def test_off_is_off() -> None:
    """Not even the minimum is charged."""
    assert full_speed(10.0, Mode.OFF, min_soc=25.0).reason() is ReasonKey.OFF


def test_boost_goes_beyond_the_target() -> None:
    """Up to the charge level that it names, by the car's own word."""
    house = full_speed(80.0, capacity_wh=None)
    house.state = start_boost(house.state, "a", Boost(soc=90.0))
    house.run(3 * MINUTE)
    assert house.reason() is ReasonKey.BOOST_SOC
    say(house, "other", soc=90.0)
    house.run(30.0)
    assert house.of().boost is None
    assert house.reason() is ReasonKey.TARGET_REACHED


@pytest.mark.parametrize(
    ("goal", "goes_on"),
    [
        ({"soc": 90.0}, True),
        ({"soc": 70.0, "below_limit_soc": 90.0}, True),
        ({"energy_wh": 50_000.0}, True),
        ({"soc": 80.0}, False),
        ({"soc": 90.0, "met": True}, False),
    ],
)
def test_promise_of_more_goes_beyond_the_target(
    goal: dict[str, Any], goes_on: bool
) -> None:
    """The target is a limit for all but what somebody has asked for."""
    house = full_speed(80.0)
    held = replace(house.of(), goal=Goal(promise_id="p", ready_by=house.now, **goal))
    reason = target_reached(house.site, house.site.chargers[0], held)
    assert (reason is None) is goes_on


def test_car_that_says_it_has_finished_keeps_its_target() -> None:
    """The target is what is told, whoever ended it."""
    house = full_speed(80.0)
    house.box.status = ChargerStatus.FINISHED
    house.tick()
    assert house.reason() is ReasonKey.TARGET_REACHED
