"""Tests of what is learned from what a solar plant delivers beside its forecast."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.forecast import spans_of
from custom_components.ampacity.engine.solar_learning import (
    DEFAULT_LOW,
    HIGHEST_FACTOR,
    KEEP_DAYS,
    LOWEST_FACTOR,
    SolarMemory,
    correction,
    low_share,
    low_share_of_usual,
    remember_forecast,
    remember_measured,
    usual_day,
)

BERLIN = ZoneInfo("Europe/Berlin")
SYDNEY = ZoneInfo("Australia/Sydney")
START = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHAPE = {h: 1000.0 * min(h - 4, 19 - h) for h in range(5, 19)}
"""What is forecast for each hour of UTC, in Wh."""
MORNING, NOON = 7, 11


def lived(
    days: int, delivered: dict[int, float] | float, zone: ZoneInfo = BERLIN
) -> SolarMemory:
    """Return the memory after days on which each hour gave a part of its forecast."""
    memory = SolarMemory()
    for day in range(days):
        begin = START + timedelta(days=day)
        spans = spans_of({begin + h * HOUR: wh for h, wh in SHAPE.items()})
        memory = remember_forecast(memory, [spans], begin - HOUR, zone)
        part = delivered if isinstance(delivered, dict) else {}
        default = 1.0 if isinstance(delivered, dict) else delivered
        hours = [
            (begin + h * HOUR, SHAPE.get(h, 0.0) * part.get(h, default))
            for h in range(24)
        ]
        memory = remember_measured(memory, hours, zone)
    return memory


def after(days: int) -> date:
    """Return the day after so many days."""
    return (START + timedelta(days=days)).date()


def test_nothing_known() -> None:
    """Without any day nothing is corrected, and half counts as sure."""
    memory = SolarMemory()
    factors = correction(memory, after(0))
    assert factors == (1.0,) * 24
    assert low_share(memory, factors, after(0)) == DEFAULT_LOW
    assert usual_day(memory, after(0)) is None


@pytest.mark.parametrize(
    ("part", "days", "low", "high"),
    [
        (0.8, 1, 0.8, 0.95),
        (0.8, 20, 0.8, 0.82),
        (1.3, 20, 1.28, 1.3),
        (9.0, 20, HIGHEST_FACTOR, HIGHEST_FACTOR),
        (0.0, 20, LOWEST_FACTOR, LOWEST_FACTOR),
    ],
)
def test_a_steady_ratio_is_learned(
    part: float, days: int, low: float, high: float
) -> None:
    """The longer a plant gives a part of its forecast, the more that is believed, within bounds."""
    assert low <= correction(lived(days, part), after(days))[NOON] <= high


def test_shade_in_the_morning_stays_in_the_morning() -> None:
    """A tree in the east takes nothing off the noon."""
    memory = lived(20, {5: 0.3, 6: 0.3, MORNING: 0.3, 8: 0.3})
    factors = correction(memory, after(20))
    assert factors[MORNING - 1] < 0.45
    assert factors[NOON] == pytest.approx(1.0, abs=0.03)


def test_one_bad_day_is_no_rule() -> None:
    """Snow on one of fifteen days takes little off."""
    memory = lived(14, 1.0)
    begin = START + timedelta(days=14)
    spans = spans_of({begin + h * HOUR: wh for h, wh in SHAPE.items()})
    memory = remember_forecast(memory, [spans], begin - HOUR, BERLIN)
    zero = [(begin + h * HOUR, 0.0) for h in range(24)]
    memory = remember_measured(memory, zero, BERLIN)
    assert correction(memory, after(15))[NOON] > 0.93


def test_what_was_long_ago_is_forgotten() -> None:
    """A plant that was cleaned is believed to be clean after two weeks or so."""
    memory = lived(14, 0.6)
    for day in range(14, 28):
        begin = START + timedelta(days=day)
        spans = spans_of({begin + h * HOUR: wh for h, wh in SHAPE.items()})
        memory = remember_forecast(memory, [spans], begin - HOUR, BERLIN)
        hours = [(begin + h * HOUR, SHAPE.get(h, 0.0)) for h in range(24)]
        memory = remember_measured(memory, hours, BERLIN)
    assert 0.85 < correction(memory, after(28))[NOON] <= 1.0


def test_only_so_many_days_are_kept() -> None:
    """The memory does not grow without end."""
    memory = lived(KEEP_DAYS + 10, 1.0)
    assert len(memory.days) == KEEP_DAYS
    assert memory.days[0].day > after(10)


def test_a_forecast_counts_as_it_was_a_day_before() -> None:
    """Later corrections by the source make it look better than it was, and are not taken over."""
    first = spans_of({START + 11 * HOUR: 4000.0})
    later = spans_of({START + 11 * HOUR: 1000.0})
    memory = remember_forecast(SolarMemory(), [first], START - 12 * HOUR, BERLIN)
    memory = remember_forecast(memory, [later], START + 10 * HOUR, BERLIN)
    (day,) = (one for one in memory.days if one.day == START.date())
    assert day.forecast_wh[11] == 4000.0


def test_a_running_hour_is_not_forecast_any_more() -> None:
    """What is known of an hour that has begun is no forecast."""
    spans = spans_of({START + h * HOUR: 100.0 for h in range(30)})
    memory = remember_forecast(SolarMemory(), [spans], START + 10.5 * HOUR, BERLIN)
    (first,) = (one for one in memory.days if one.day == START.date())
    assert first.forecast_wh[10] is None
    assert first.forecast_wh[11] == 100.0


def test_what_no_forecast_reaches_is_not_a_forecast_of_nothing() -> None:
    """A forecast that ended yesterday, or one plant of two without one, leaves the hours unknown."""
    old = spans_of({START - 10 * HOUR: 500.0})
    assert remember_forecast(SolarMemory(), [old], START, BERLIN) == SolarMemory()
    fresh = spans_of({START + 10 * HOUR: 500.0})
    assert remember_forecast(SolarMemory(), [fresh, ()], START, BERLIN) == SolarMemory()
    assert remember_forecast(SolarMemory(), [], START, BERLIN) == SolarMemory()


def test_low_share_from_days_of_its_own() -> None:
    """Of days that scatter between 40 and 160 percent, one in ten gives less than that."""
    random = Random(1)
    memory = SolarMemory()
    for day in range(28):
        begin = START + timedelta(days=day)
        spans = spans_of({begin + h * HOUR: wh for h, wh in SHAPE.items()})
        memory = remember_forecast(memory, [spans], begin - HOUR, BERLIN)
        part = random.uniform(0.4, 1.6)
        hours = [(begin + h * HOUR, SHAPE.get(h, 0.0) * part) for h in range(24)]
        memory = remember_measured(memory, hours, BERLIN)
    factors = correction(memory, after(28))
    share = low_share(memory, factors, after(28))
    assert 0.4 <= share <= 0.62
    assert low_share(memory, factors, after(6)) == DEFAULT_LOW


def test_a_day_with_a_gap_does_not_count() -> None:
    """A day whose noon was not measured says nothing of the day's energy."""
    memory = SolarMemory()
    for day in range(10):
        begin = START + timedelta(days=day)
        spans = spans_of({begin + h * HOUR: wh for h, wh in SHAPE.items()})
        memory = remember_forecast(memory, [spans], begin - HOUR, BERLIN)
        hours = [(begin + h * HOUR, 5.0) for h in range(10)]
        memory = remember_measured(memory, hours, BERLIN)
    assert low_share(memory, (1.0,) * 24, after(10)) == DEFAULT_LOW


def test_usual_day_is_the_mean_of_the_last_week() -> None:
    """Without a forecast, the last days stand in, hour by hour; today is not yet a day."""
    memory = lived(10, {NOON: 0.5})
    usual = usual_day(memory, after(10))
    assert usual is not None
    assert usual[NOON] == pytest.approx(SHAPE[NOON] * 0.5)
    assert usual[MORNING] == pytest.approx(SHAPE[MORNING])
    assert usual[2] == 0.0
    assert low_share_of_usual(memory, after(10)) == pytest.approx(1.0)
    assert usual_day(lived(1, 1.0), after(0)) is None


def test_days_are_local_and_hours_are_utc() -> None:
    """In Sydney the noon of a day lies in the night of UTC; a day's sun is one day all the same."""
    start = datetime(2026, 5, 1, 20, tzinfo=UTC)  # 6:00 of May 2 in Sydney
    hours = [(start + n * HOUR, 100.0 * n) for n in range(12)]
    memory = remember_measured(SolarMemory(), hours, SYDNEY)
    assert [one.day for one in memory.days] == [date(2026, 5, 2)]
    assert memory.days[0].measured_wh[20] == 0.0
    assert memory.days[0].measured_wh[0] == 400.0


@given(
    ratios=st.lists(
        st.floats(min_value=0.0, max_value=1e6), min_size=1, max_size=KEEP_DAYS
    )
)
def test_factors_stay_within_bounds(ratios: list[float]) -> None:
    """Whatever is measured, a factor is one."""
    memory = SolarMemory()
    for day, ratio in enumerate(ratios):
        begin = START + timedelta(days=day)
        spans = spans_of({begin + h * HOUR: wh for h, wh in SHAPE.items()})
        memory = remember_forecast(memory, [spans], begin - HOUR, BERLIN)
        hours = [(begin + h * HOUR, SHAPE.get(h, 0.0) * ratio) for h in range(24)]
        memory = remember_measured(memory, hours, BERLIN)
    factors = correction(memory, after(len(ratios)))
    assert all(LOWEST_FACTOR <= factor <= HIGHEST_FACTOR for factor in factors)
    assert 0.0 <= low_share(memory, factors, after(len(ratios))) <= 1.0
