"""Tests of what a house is expected to use."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.house_forecast import (
    HIGH_W,
    USUAL_W,
    HouseProfile,
    house_profile,
    house_slots,
)

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
# A Monday, at midnight in Berlin, eight weeks before the day of the clocks
START = datetime(2026, 8, 31, tzinfo=BERLIN).astimezone(UTC)


def used(weeks: int) -> list[tuple[datetime, float]]:
    """Return weeks of a house: dinner at 18:00, washing at weekends, gym on Tuesday evening."""
    hours = []
    for index in range(weeks * 168):
        start = START + index * HOUR
        local = start.astimezone(BERLIN)
        mean_w = 300.0
        if local.hour == 18:
            mean_w = 2500.0
        if local.weekday() >= 5 and local.hour == 10:
            mean_w = 1800.0
        if local.weekday() == 1 and local.hour == 20:
            mean_w = 50.0
        hours.append((start, mean_w))
    return hours


@pytest.mark.parametrize(
    ("weeks", "day", "hour", "usual_w"),
    [
        (8, 0, 18, 2500.0),
        (8, 6, 10, 1800.0),
        (8, 4, 10, 300.0),
        (8, 1, 20, 50.0),
        (8, 2, 20, 300.0),
        (2, 5, 10, 1800.0),
        (2, 1, 20, 300.0),
        (1, 5, 10, 300.0),
    ],
)
def test_weekday_kind_of_day_or_any_day(
    weeks: int, day: int, hour: int, usual_w: float
) -> None:
    """Single weekdays need six weeks, weekends two; before that all days are alike."""
    profile = house_profile(used(weeks), BERLIN)
    assert profile.median_w[day][hour] == usual_w


def test_high_is_what_is_rarely_exceeded() -> None:
    """One Saturday in ten with the sauna is not enough, two are."""
    hours = [(start, 500.0) for start, _ in used(8)]
    rare = [
        (start, 7000.0 if start.astimezone(BERLIN).day % 10 == 0 else 500.0)
        for start, _ in hours
    ]
    often = [
        (start, 7000.0 if start.astimezone(BERLIN).day % 5 == 0 else 500.0)
        for start, _ in hours
    ]
    assert house_profile(rare, BERLIN).high_w[2][12] < 1500.0
    assert house_profile(often, BERLIN).high_w[2][12] == 7000.0
    assert house_profile(often, BERLIN).median_w[2][12] == 500.0


def test_nothing_known() -> None:
    """A house without history uses what is usual, or what its owner says."""
    assert house_profile([], BERLIN) == HouseProfile()
    profile = house_profile([], BERLIN, usual_w=250.0, high_w=1500.0)
    assert profile.median_w[3][4] == 250.0
    assert profile.high_w[3][4] == 1500.0


@pytest.mark.parametrize("bad_w", [float("nan"), float("inf")])
def test_wrong_means_are_left_out(bad_w: float) -> None:
    """A mean that is no number is none; one below 0 is 0."""
    assert house_profile([(START, bad_w)] * 50, BERLIN) == HouseProfile()
    assert house_profile([(START, -50.0)] * 50, BERLIN).median_w[0][0] == 0.0


def test_a_day_of_history_is_better_than_none() -> None:
    """After a day the usual level is that of this house; the high one stays careful."""
    profile = house_profile([(START + n * HOUR, 150.0) for n in range(24)], BERLIN)
    assert profile.median_w[4][13] == 150.0
    assert profile.high_w[4][13] == HIGH_W


@pytest.mark.parametrize(
    ("day", "dinner_utc"),
    [("2026-10-24", 16), ("2026-10-25", 17), ("2026-03-28", 17), ("2026-03-29", 16)],
)
def test_dinner_is_at_six_by_the_clock(day: str, dinner_utc: int) -> None:
    """On both days of the clocks, dinner is when the clock says so."""
    profile = house_profile(used(8), BERLIN)
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    usual, _ = house_slots(profile, start, 96, BERLIN)
    assert [index // 4 for index, w in enumerate(usual) if w == 2500.0] == [
        dinner_utc
    ] * 4


@pytest.mark.parametrize(("now_w", "first"), [(2400.0, 2400.0), (0.0, 0.0)])
def test_the_present_fades_into_the_forecast(now_w: float, first: float) -> None:
    """The first slot is what flows now, four hours later only the forecast is left."""
    usual, high = house_slots(HouseProfile(), START, 96, BERLIN, now_w)
    assert usual[0] == first
    assert abs(usual[4] - USUAL_W) == pytest.approx(
        abs(now_w - USUAL_W) * 0.368, rel=0.01
    )
    assert usual[16] == pytest.approx(USUAL_W, abs=40.0)
    assert min(high) >= HIGH_W


@given(
    hours=st.lists(
        st.tuples(st.integers(0, 8 * 168), st.floats(0.0, 2e4)), max_size=300
    ),
    now_w=st.none() | st.floats(-100.0, 3e4),
)
def test_high_is_never_below_usual(
    hours: list[tuple[int, float]], now_w: float | None
) -> None:
    """Whatever was measured, room for the high load is room for the usual one."""
    profile = house_profile([(START + n * HOUR, w) for n, w in hours], BERLIN)
    usual, high = house_slots(profile, START, 192, BERLIN, now_w)
    assert all(0.0 <= a <= b for a, b in zip(usual, high, strict=True))
