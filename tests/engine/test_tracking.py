"""Sessions over time: by the counter, through gaps, resets and restarts, nothing twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.ampacity.engine import EventKind
from custom_components.ampacity.engine.model import ChargerReading, Mode
from custom_components.ampacity.engine.session import Session
from custom_components.ampacity.engine.state import EngineState

from .driver import VOLT, Driver, car

WATT = 3 * VOLT * 10.0
"""The car takes 10 A."""


def charging(**site: float) -> Driver:
    """Return a house whose car has just come and charges at 10 A."""
    house = Driver(car(mode=Mode.FAST, max_a=10.0), **site)
    house.box.plugged = False
    house.run(60)
    house.box.plugged = True
    house.run(120)
    return house


def session(house: Driver) -> Session:
    """Return the running session."""
    found = house.of().session
    assert found is not None
    return found


def gained_wh(house: Driver, seconds: float) -> float:
    """Let time pass; return what the session has counted in it."""
    before_wh = session(house).energy_wh
    house.run(seconds)
    return session(house).energy_wh - before_wh


def test_session_runs_from_plug_in_to_unplug() -> None:
    """Both are told, the end with all that was charged."""
    house = charging()
    assert EventKind.SESSION_STARTED in house.kinds()
    house.run(600)
    energy_wh = session(house).energy_wh
    house.box.plugged = False
    house.tick()
    finished = house.events[-1]
    assert finished.kind is EventKind.SESSION_FINISHED
    assert finished.session is not None
    assert finished.session.ended == house.now
    assert finished.session.energy_wh == pytest.approx(energy_wh, abs=30.0)
    assert finished.session.energy_wh == pytest.approx(house.box.counter_wh, abs=30.0)
    assert house.of().session is None
    house.box.plugged = True
    house.tick()
    assert session(house).energy_wh == pytest.approx(0.0, abs=30.0)


def test_offline_does_not_end_a_session() -> None:
    """Only an unplugged car does."""
    house = charging()
    started = session(house).started
    told = house.kinds().count(EventKind.SESSION_STARTED)
    house.box.status = None
    boxes, house.boxes = house.boxes, {}
    house.run(60)
    house.boxes = boxes
    house.run(60)
    assert session(house).started == started
    assert house.kinds().count(EventKind.SESSION_STARTED) == told


@pytest.mark.parametrize("gap_s", [10.0, 300.0, 3600.0])
def test_counter_missing_and_back_counts_nothing_twice(gap_s: float) -> None:
    """Meanwhile the power is added up; when it is back, it is right again."""
    house = charging()
    before_wh = session(house).energy_wh
    counter_wh = house.box.counter_wh or 0.0
    house.box.counter_wh = None
    house.run(gap_s)
    assert session(house).energy_wh - before_wh == pytest.approx(
        WATT * gap_s / 3600.0, abs=30.0
    )
    house.box.counter_wh = counter_wh + WATT * gap_s / 3600.0
    house.run(600)
    expected_wh = WATT * (gap_s + 600.0) / 3600.0
    assert session(house).energy_wh - before_wh == pytest.approx(expected_wh, rel=0.02)


def test_counter_that_starts_anew_goes_on() -> None:
    """A session counter of the charger falls to 0."""
    house = charging()
    house.run(1200)
    house.box.counter_wh = 0.0
    assert gained_wh(house, 600) == pytest.approx(WATT * 600 / 3600.0, rel=0.05)


@pytest.mark.parametrize("jump_wh", [1e6, -1e6])
def test_counter_that_jumps_is_not_believed(jump_wh: float) -> None:
    """A thousand kWh in a second did not happen."""
    house = charging()
    house.box.counter_wh = (house.box.counter_wh or 0.0) + jump_wh
    assert gained_wh(house, 600) == pytest.approx(WATT * 600 / 3600.0, rel=0.05)


@pytest.mark.parametrize("every_s", [10.0, 30.0, 90.0, 600.0])
def test_counter_that_is_asked_only_now_and_then(every_s: float) -> None:
    """It moves by much at once, and nothing of that is lost."""
    house = charging()
    reading, told = house.box.reading, [house.box.reading().energy_wh]

    def read() -> ChargerReading:
        return replace(reading(), energy_wh=told[0])

    house.box.reading = read  # type: ignore[method-assign]
    before_wh = session(house).energy_wh
    for _ in range(round(3600.0 / every_s)):
        house.run(every_s)
        told[0] = reading().energy_wh
    house.run(10)
    gained = session(house).energy_wh - before_wh
    assert gained == pytest.approx(WATT, rel=0.02)


def test_charger_without_a_counter_is_added_up() -> None:
    """By the power that is measured."""
    house = charging()
    house.box.counter_wh = None
    told = house.box.reading()
    house.box.reading = lambda: replace(told, energy_wh=None)  # type: ignore[method-assign]
    house.run(60)
    assert gained_wh(house, 3600) == pytest.approx(WATT, rel=0.01)


@pytest.mark.parametrize("away", [timedelta(seconds=30), timedelta(hours=2)])
def test_restart_in_mid_session_loses_nothing(away: timedelta) -> None:
    """The car went on charging while nobody looked: the counter tells."""
    house = charging()
    before = session(house)
    left = house.of()
    kept = replace(
        EngineState().charger("a"), session=before, counter_wh=left.counter_wh
    )
    house.state = replace(EngineState(now=house.now), chargers={"a": kept})
    house.now += away
    away_wh = WATT * away.total_seconds() / 3600.0
    house.box.counter_wh = (house.box.counter_wh or 0.0) + away_wh
    house.run(600)
    expected_wh = before.energy_wh + away_wh + WATT * 600 / 3600.0
    assert session(house).started == before.started
    assert session(house).energy_wh == pytest.approx(expected_wh, rel=0.01)


@pytest.mark.parametrize(("sensor", "share"), [(True, 0.5), (False, 0.4)])
def test_sun_and_cost_of_an_hour(sensor: bool, share: float) -> None:
    """6.9 kW for the car, 1.38 kW for the house, 4.14 kW of sun."""
    house = charging(import_price=0.30, feed_in_price=0.10)
    house.solar_sensor = sensor
    house.house_a = [2.0] * 3
    house.sun_w = 4140.0
    house.run(30)
    before = session(house)
    house.run(3600)
    after = session(house)
    energy_wh = after.energy_wh - before.energy_wh
    assert energy_wh == pytest.approx(WATT, rel=0.01)
    assert (after.solar_wh - before.solar_wh) / energy_wh == pytest.approx(
        share, abs=0.01
    )
    cost = WATT / 1000.0 * (share * 0.10 + (1.0 - share) * 0.30)
    assert after.cost - before.cost == pytest.approx(cost, rel=0.02)


def test_clock_that_jumps_ahead_adds_no_energy() -> None:
    """An hour that did not happen is not charged for."""
    house = charging()
    before_wh = session(house).energy_wh
    house.wall_jump = timedelta(hours=1)
    house.tick()
    assert session(house).energy_wh - before_wh <= WATT * 60.0 / 3600.0
