"""Whether the meter is believed: age, missing, absurd, frozen, and how trust comes back."""

from dataclasses import replace
import math

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.meter import stale_after_s, watch_meter
from custom_components.ampacity.engine.model import (
    Fault,
    GridReading,
    Mode,
    Reading,
    Site,
)
from custom_components.ampacity.engine.state import MeterWatch

from .driver import MISSING, VOLT, Driver, car, running

SITE = Site(fuse_a=25.0)
FAST = Mode.FAST


def meter(power_w: float = 500.0, age_s: float = 0.0) -> GridReading:
    """Return a meter that tells the total."""
    return GridReading(power_w=Reading(value=power_w, age_s=age_s))


def phases(*current_a: float) -> GridReading:
    """Return a meter that tells currents."""
    return GridReading(current_a=tuple(Reading(value=one) for one in current_a))


def watched(period_s: float, reports: int = 20) -> tuple[MeterWatch, float]:
    """Return the watch over a meter that has been reporting at a period, and the time."""
    watch, clock_s = MeterWatch(), 0.0
    for count in range(reports):
        clock_s = count * period_s
        watch = watch_meter(SITE, meter(500.0 + count), watch, (), clock_s)
    return watch, clock_s


@pytest.mark.parametrize(
    ("period_s", "after_s"),
    [
        (0.0, 30.0),
        (1.0, 30.0),
        (10.0, 30.0),
        (15.0, 45.0),
        (30.0, 90.0),
        (60.0, 120.0),
        (300.0, 120.0),
    ],
)
def test_age_at_which_a_meter_is_lost(period_s: float, after_s: float) -> None:
    """Three periods, at least 30 s and at most 120 s."""
    assert stale_after_s(period_s) == after_s


@pytest.mark.parametrize(
    ("period_s", "after_s"),
    [(1.0, 30.0), (5.0, 30.0), (20.0, 60.0), (35.0, 105.0), (60.0, 120.0)],
)
def test_period_is_learned_from_the_reports(period_s: float, after_s: float) -> None:
    """A slow meter is waited for longer, and not a second longer than it may be."""
    watch, clock_s = watched(period_s)
    assert watch.period_s == pytest.approx(period_s)
    for age_s, lost in ((after_s - 0.5, None), (after_s + 0.5, ReasonKey.METER_STALE)):
        grid = meter(519.0, age_s)
        assert watch_meter(SITE, grid, watch, (), clock_s + age_s).lost == lost


def test_gap_does_not_count_as_a_period() -> None:
    """A meter that was away for ten minutes does not become a slow one."""
    watch, clock_s = watched(5.0)
    watch = watch_meter(SITE, meter(1.0), watch, (), clock_s + 600.0)
    assert watch.period_s == pytest.approx(5.0)


@pytest.mark.parametrize(
    "reading",
    [
        Reading(fault=Fault.MISSING),
        Reading(fault=Fault.NOT_A_NUMBER),
        Reading(fault=Fault.WRONG_UNIT),
        Reading(value=math.nan),
        Reading(value=math.inf),
        Reading(value=-math.inf),
        Reading(value=1.0, age_s=math.nan),
    ],
)
@pytest.mark.parametrize("part", ["power", "phase"])
def test_unusable_reading_is_lost_at_once(reading: Reading, part: str) -> None:
    """One part that cannot be used is enough, on the very reading."""
    watch, clock_s = watched(1.0)
    one = Reading(value=1.0)
    grid = (
        replace(meter(), power_w=reading)
        if part == "power"
        else replace(meter(), current_a=(one, reading, one))
    )
    assert watch_meter(SITE, grid, watch, (), clock_s + 1).lost == ReasonKey.METER_STALE


@pytest.mark.parametrize(
    ("grid", "lost"),
    [
        (meter(10 * 25 * 3 * VOLT + 1), ReasonKey.METER_ABSURD),
        (meter(-10 * 25 * 3 * VOLT - 1), ReasonKey.METER_ABSURD),
        (meter(10 * 25 * 3 * VOLT - 1), None),
        (phases(1.0, 2.0, 251.0), ReasonKey.METER_ABSURD),
        (phases(1.0, -251.0, 0.0), ReasonKey.METER_ABSURD),
        (phases(1.0, 2.0, 249.0), None),
    ],
)
def test_ten_times_the_fuse_is_absurd(
    grid: GridReading, lost: ReasonKey | None
) -> None:
    """Such a value is a fault of the meter, whatever its sign."""
    watch, clock_s = watched(1.0)
    assert watch_meter(SITE, grid, watch, (), clock_s + 1).lost == lost


def test_one_report_from_the_future_means_a_clock_was_set() -> None:
    """Nobody knows how old it is."""
    watch, clock_s = watched(1.0)
    lost = watch_meter(SITE, meter(3.0, age_s=-3600.0), watch, (), clock_s + 1).lost
    assert lost == ReasonKey.METER_STALE


@pytest.mark.parametrize("age_s", [0.0, 25.0])
def test_three_good_readings_bring_trust_back(age_s: float) -> None:
    """Each of them a new report; looking again at the same one does not count."""
    house = running(car(mode=FAST))
    house.grid_override = GridReading(power_w=MISSING)
    house.guard(1)
    house.grid_override = None
    house.meter_age_s = age_s
    reasons = []
    for _ in range(3):
        house.guard(1)
        reasons.append(house.reason())
    assert reasons[:2] == [ReasonKey.METER_RECOVERING] * 2
    assert reasons[2] is not ReasonKey.METER_RECOVERING


def test_looking_again_at_the_same_report_brings_no_trust_back() -> None:
    """The good readings are counted and told."""
    house = running(car(mode=FAST))
    house.grid_override = GridReading(power_w=MISSING)
    house.guard(1)
    house.grid_override = None
    house.guard(1)
    house.silent = True
    for _ in range(5):
        house.guard(1)
        reason = house.decision().reason
        assert reason.key is ReasonKey.METER_RECOVERING
        assert (reason.values["good"], reason.values["needed"]) == (1, 3)


def test_bad_reading_in_between_starts_the_count_anew() -> None:
    """Good, good, missing, good, good: still lost."""
    house = running(car(mode=FAST))
    for good in (False, True, True, False, True, True):
        house.grid_override = None if good else GridReading(power_w=MISSING)
        house.guard(1)
        assert house.state.meter.lost is not None
    house.guard(1)
    assert house.state.meter.lost is None


def test_silent_meter_is_believed_for_30_seconds() -> None:
    """Nothing happens at 30 s of age, the safe current comes right after."""
    house = running(car(mode=FAST))
    for _ in range(20):
        house.guard(1)
    house.silent = True
    for _ in range(30):
        house.guard(1)
    assert house.offer() == 16.0
    house.guard(1)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.METER_STALE)
    assert house.decision().reason.values["age_s"] == pytest.approx(31.0)


def test_meter_that_does_not_move_with_a_charger_is_frozen() -> None:
    """The charger goes down by 6 A, the meter goes on saying the same with young reports."""
    house = running(car(mode=FAST))
    house.frozen = True
    house.change("a", max_a=10.0)
    house.tick(10)
    assert house.offer() == 10.0
    waited_s = 0
    while house.offer() > 6.0 and waited_s < 120:
        house.guard(1)
        waited_s += 1
    assert house.reason() is ReasonKey.METER_FROZEN
    assert waited_s <= 40
    for _ in range(100):
        house.guard(1)
        assert house.offer() == 6.0
    house.frozen = False
    house.house_a = [1.1, 1.0, 1.0]
    house.run(120, 1)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.FAST)


@pytest.mark.parametrize("car_a", [32.0, 16.0, 8.0])
def test_steady_house_is_not_frozen(car_a: float) -> None:
    """While no charger moves, or the car doesn't follow, the same value for hours is fine."""
    house = running(car(mode=FAST))
    house.box.car_a = car_a
    house.run(60)
    house.change("a", max_a=12.0 if car_a < 10.0 else 16.0)
    for _ in range(720):
        house.tick(10)
        assert house.state.meter.lost is None


def test_small_step_does_not_prove_a_frozen_meter() -> None:
    """Below 2 A a meter in whole amps may well say the same."""
    house = running(car(mode=FAST))
    house.frozen = True
    house.change("a", max_a=15.0)
    house.run(120)
    assert house.state.meter.lost is None


def test_first_reading_is_believed_at_once() -> None:
    """At the start there is nothing to distrust; without a meter there is."""
    house = Driver(car(mode=FAST))
    house.tick()
    assert house.state.meter.lost is None
    house = Driver(car(mode=FAST))
    house.grid_override = GridReading()
    house.tick()
    assert house.reason() is ReasonKey.METER_STALE
