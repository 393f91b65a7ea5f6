"""The safe current: its choice, what runs and starts on it, and the last commands before the end."""

from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import (
    Charger,
    ChargerStatus,
    GridReading,
    Mode,
    Site,
)
from custom_components.ampacity.engine.requests import set_cap
from custom_components.ampacity.engine.safe import safe_current_a, shutdown_commands
from custom_components.ampacity.engine.state import Cap

from .driver import MISSING, VOLT, Driver, car, running

LOST = GridReading(power_w=MISSING)
FAST = Mode.FAST


@pytest.mark.parametrize(
    ("fuse_a", "chargers", "safe_a"),
    [
        (16.0, 1, 0.0),  # 15.2 A are not 10 A of a house and 6 A
        (17.0, 1, 6.0),
        (25.0, 1, 6.0),
        (25.0, 2, 6.0),
        (25.0, 3, 0.0),
        (63.0, 8, 6.0),
        (0.0, 1, 0.0),
    ],
)
def test_safe_current_is_chosen_by_what_the_site_carries(
    fuse_a: float, chargers: int, safe_a: float
) -> None:
    """6 A each beside a typical house of 10 A, else a pause."""
    all_of_them = tuple(Charger(id=str(number)) for number in range(chargers))
    site = Site(fuse_a=fuse_a, chargers=all_of_them)
    assert {safe_current_a(site, one) for one in all_of_them} == {safe_a}


@pytest.mark.parametrize(
    ("configured_a", "safe_a"), [(0.0, 0.0), (3.0, 0.0), (6.0, 6.0), (10.0, 10.0)]
)
def test_configured_safe_current_counts(configured_a: float, safe_a: float) -> None:
    """Whatever the fuse; below 6 A there is only a pause."""
    charger = Charger(id="a", safe_a=configured_a)
    assert safe_current_a(Site(fuse_a=16.0, chargers=(charger,)), charger) == safe_a


def test_safe_current_never_raises_what_runs() -> None:
    """It charges at 7 A, the safe current is 10 A: it stays at 7 A."""
    house = running(car(mode=FAST, max_a=7.0, safe_a=10.0), offer_a=7.0)
    house.grid_override = LOST
    house.run(120)
    assert house.offer() == 7.0


def test_solar_charging_under_a_lost_meter_pauses_after_the_stop_delay() -> None:
    """Nobody knows whether the sun shines: 180 s at the safe current, then a pause."""
    house = running(car(mode=Mode.SOLAR), offer_a=10.0)
    house.grid_override = LOST
    house.guard(1)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.METER_STALE)
    assert house.decision().reason.values["safe_a"] == 6.0
    for _ in range(178):
        house.guard(1)
    assert house.offer() == 6.0
    for _ in range(5):
        house.guard(1)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.METER_STALE)
    assert house.decision().reason.values["safe_a"] == 0.0
    house.run(60)
    assert house.offer() == 0.0


@pytest.mark.parametrize(
    ("mode", "offer_a"),
    [(FAST, 6.0), (Mode.SOLAR_MIN, 6.0), (Mode.SOLAR, 0.0), (Mode.OFF_PEAK, 0.0)],
)
def test_car_that_comes_under_a_lost_meter(mode: Mode, offer_a: float) -> None:
    """What may use the grid starts at the safe current, what waits for the sun waits."""
    house = Driver(car(mode=mode))
    house.grid_override = LOST
    house.box.plugged = False
    house.run(60)
    house.box.plugged = True
    house.run(60)
    assert house.offer() == offer_a
    assert house.reason() is ReasonKey.METER_STALE


def test_readings_that_are_absurd_keep_a_fast_car_at_the_safe_current() -> None:
    """The guard's ticks between do not stop what control has started."""
    house = Driver(car(mode=FAST))
    house.tells_phases = False
    house.house_a = [1e5] * 3
    for _ in range(6):
        house.tick(10)
        house.guard(1)
        house.guard(1)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.METER_ABSURD)
    assert house.box.drawn_a == (6.0, 6.0, 6.0)


def test_charger_without_a_pause_goes_to_its_minimum() -> None:
    """A safe current of 0 A cannot be had from it."""
    house = running(car(mode=FAST, can_pause=False, safe_a=0.0))
    house.grid_override = LOST
    house.guard(1)
    assert house.offer() == 6.0
    assert house.box.limit_a == 6.0


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({}, Command(current_a=6.0)),
        ({"safe_a": 0.0}, Command(enabled=False)),
        ({"safe_a": 10.0}, Command(current_a=10.0)),
        ({"safe_a": 16.0}, None),
        ({"safe_a": 0.0, "can_pause": False}, Command(current_a=6.0)),
    ],
)
def test_shutdown_lowers_what_is_above_its_safe_current(
    settings: dict[str, Any], command: Command | None
) -> None:
    """Nobody guards the fuse when control has ended."""
    house = running(car(mode=FAST, **settings))
    commands = shutdown_commands(house.site, house.snapshot(), house.state)
    assert commands.get("a") == command


def test_shutdown_leaves_alone_what_is_off_gone_or_offline() -> None:
    """No car, no answer, a pause: nothing is written."""
    house = running(car("off", mode=FAST), car("gone", mode=FAST), fuse_a=63.0)
    house.change("off", mode=Mode.OFF)
    house.boxes["gone"].status = ChargerStatus.OFFLINE
    house.tick()
    assert not shutdown_commands(house.site, house.snapshot(), house.state)
    del house.boxes["gone"]
    assert not shutdown_commands(house.site, house.snapshot(), house.state)


def test_two_cars_stay_inside_the_fuse_at_the_safe_current() -> None:
    """The choice holds with the house at its typical load."""
    house = running(car("a", mode=FAST), car("b", mode=FAST))
    house.house_a = [10.0] * 3
    house.grid_override = LOST
    house.guard(1)
    assert max(house.grid_a) <= 25.0
    assert sum(house.grid_a) * VOLT < 3 * 25.0 * VOLT


def test_cap_holds_under_a_lost_meter_too() -> None:
    """A charger that is capped while the meter is silent goes below its safe current."""
    house = running(car(mode=Mode.FAST, safe_a=10.0))
    house.grid_override = LOST
    house.guard()
    assert house.offer() == 10.0
    house.state = set_cap(house.state, "a", Cap(current_a=7.0))
    house.guard()
    assert house.offer() == 7.0
