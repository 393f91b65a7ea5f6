"""Tests of the cheap hours: windows of the week by the clock on the wall."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.model import OffPeak
from custom_components.ampacity.engine.off_peak import off_peak
from custom_components.ampacity.engine.weekly import Window

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = frozenset(range(7))
QUARTER = timedelta(minutes=15)


def window(start: str, end: str, days: frozenset[int] = EVERY_DAY) -> Window:
    """Return a window of wall times."""
    return Window(
        days=days, start=time.fromisoformat(start), end=time.fromisoformat(end)
    )


def berlin(text: str) -> datetime:
    """Return a moment of Berlin's clock; with an offset where a time comes twice."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(BERLIN) if moment.tzinfo else moment.replace(tzinfo=BERLIN)


NIGHT = [window("22:00", "06:00")]
# 2026-11-02 is a Monday, 2026-11-07 a Saturday
MONDAY_NIGHT = [window("22:00", "06:00", frozenset({0}))]
WEEKEND = [window("00:00", "00:00", frozenset({5, 6}))]
SPLIT = [window("22:00", "00:00"), window("00:00", "06:00")]
OVERLAPPING = [window("20:00", "23:00"), window("22:00", "02:00")]


@pytest.mark.parametrize(
    ("windows", "now", "active", "until"),
    [
        (NIGHT, "2026-11-02T21:59:59", False, "2026-11-02T22:00"),
        (NIGHT, "2026-11-02T22:00:00", True, "2026-11-03T06:00"),
        (NIGHT, "2026-11-03T05:59:59", True, "2026-11-03T06:00"),
        (NIGHT, "2026-11-03T06:00:00", False, "2026-11-03T22:00"),
        (MONDAY_NIGHT, "2026-11-03T05:00", True, "2026-11-03T06:00"),
        (MONDAY_NIGHT, "2026-11-04T05:00", False, "2026-11-09T22:00"),
        (MONDAY_NIGHT, "2026-11-02T05:00", False, "2026-11-02T22:00"),
        (WEEKEND, "2026-11-06T23:59:59", False, "2026-11-07T00:00"),
        (WEEKEND, "2026-11-07T00:00", True, "2026-11-09T00:00"),
        (SPLIT, "2026-11-02T22:30", True, "2026-11-03T06:00"),
        (OVERLAPPING, "2026-11-02T21:00", True, "2026-11-03T02:00"),
        (OVERLAPPING, "2026-11-02T02:00", False, "2026-11-02T20:00"),
        ([window("08:00", "08:00")], "2026-11-02T12:00", True, None),
        ([window("00:00", "00:00")], "2026-11-02T12:00", True, None),
        ([window("08:00", "09:00", frozenset())], "2026-11-02T08:30", False, None),
        ([], "2026-11-02T12:00", False, None),
    ],
)
def test_an_ordinary_week(
    windows: list[Window], now: str, active: bool, until: str | None
) -> None:
    """Windows over midnight, on some days, adjacent, overlapping, all week and none."""
    assert off_peak(windows, berlin(now)) == OffPeak(
        active=active, until=berlin(until) if until else None
    )


EARLY = [window("02:00", "04:00")]
SKIPPED = [window("02:00", "03:00")]
HALF = [window("02:30", "04:00")]


@pytest.mark.parametrize(
    ("windows", "now", "active", "until"),
    [
        # On 2026-03-29 the clock goes from 02:00 to 03:00
        (EARLY, "2026-03-29T01:59:59", False, "2026-03-29T03:00+02:00"),
        (EARLY, "2026-03-29T03:00+02:00", True, "2026-03-29T04:00+02:00"),
        (EARLY, "2026-03-29T04:00+02:00", False, "2026-03-30T02:00+02:00"),
        (SKIPPED, "2026-03-29T01:59:59", False, "2026-03-30T02:00+02:00"),
        (HALF, "2026-03-29T01:00", False, "2026-03-29T03:00+02:00"),
        ([window("01:00", "02:30")], "2026-03-29T01:30", True, "2026-03-29T01:00Z"),
        (NIGHT, "2026-03-28T23:00", True, "2026-03-29T06:00+02:00"),
        # On 2026-10-25 it goes from 03:00 back to 02:00
        (EARLY, "2026-10-25T01:00", False, "2026-10-25T02:00+02:00"),
        (EARLY, "2026-10-25T02:30+02:00", True, "2026-10-25T04:00+01:00"),
        (EARLY, "2026-10-25T02:30+01:00", True, "2026-10-25T04:00+01:00"),
        (SKIPPED, "2026-10-25T02:00+02:00", True, "2026-10-25T03:00+01:00"),
        (HALF, "2026-10-25T02:45+02:00", True, "2026-10-25T02:00+01:00"),
        (HALF, "2026-10-25T02:15+01:00", False, "2026-10-25T02:30+01:00"),
        (NIGHT, "2026-10-24T23:00", True, "2026-10-25T06:00+01:00"),
    ],
)
def test_days_on_which_the_clock_is_set(
    windows: list[Window], now: str, active: bool, until: str
) -> None:
    """The clock on the wall decides; a skipped hour is not cheap, one that comes twice is twice."""
    assert off_peak(windows, berlin(now)) == OffPeak(
        active=active, until=berlin(until).astimezone(UTC)
    )


def test_a_night_has_the_hours_of_the_clock() -> None:
    """A window from 22:00 to 06:00 lasts 7 and 9 hours when the clock is set."""
    for evening, hours in (("2026-03-28", 7), ("2026-07-01", 8), ("2026-10-24", 9)):
        start = berlin(f"{evening}T22:00")
        until = off_peak(NIGHT, start).until
        assert until is not None
        assert until - start.astimezone(UTC) == timedelta(hours=hours)


def test_where_the_clock_is_set_at_midnight() -> None:
    """In Cuba 00:00 to 01:00 is skipped: what would end in it ends at once."""
    havana = ZoneInfo("America/Havana")
    evening = datetime(2026, 3, 7, 23, tzinfo=havana)
    assert off_peak([window("22:00", "00:30")], evening) == OffPeak(
        active=True, until=datetime(2026, 3, 8, 5, tzinfo=UTC)
    )


def test_a_time_without_a_zone_is_refused() -> None:
    """Nobody could tell what such a time means."""
    with pytest.raises(ValueError, match="time zone"):
        off_peak(NIGHT, datetime(2026, 11, 2, 12))


quarters = st.integers(min_value=0, max_value=95).map(
    lambda number: time(number // 4, number % 4 * 15)
)
weeks = st.lists(
    st.builds(
        Window,
        days=st.frozensets(st.integers(min_value=0, max_value=6)),
        start=quarters,
        end=quarters,
    ),
    max_size=3,
)
moments = st.one_of(
    st.integers(min_value=0, max_value=365 * 96),
    # The days around those on which the clock is set
    st.integers(min_value=86 * 96, max_value=89 * 96),
    st.integers(min_value=296 * 96, max_value=299 * 96),
    st.integers(min_value=66 * 96, max_value=68 * 96),
    st.integers(min_value=304 * 96, max_value=306 * 96),
).map(lambda number: datetime(2026, 1, 1, tzinfo=UTC) + number * QUARTER)


def open_quarters(windows: Sequence[Window]) -> set[int]:
    """Return the quarters of an hour of the week, from Monday 0:00, that are cheap."""
    cheap: set[int] = set()
    for each in windows:
        start = each.start.hour * 4 + each.start.minute // 15
        end = each.end.hour * 4 + each.end.minute // 15
        length = end - start if end > start else end - start + 96
        for day in each.days:
            first = day * 96 + start
            cheap |= {quarter % 672 for quarter in range(first, first + length)}
    return cheap


@settings(max_examples=150, deadline=None)
@given(
    windows=weeks,
    moment=moments,
    zone=st.sampled_from(["Europe/Berlin", "America/Havana", "Australia/Lord_Howe"]),
    seconds=st.integers(min_value=0, max_value=899),
)
def test_agrees_with_counting_quarters(
    windows: list[Window], moment: datetime, zone: str, seconds: int
) -> None:
    """It is what looking at the clock every quarter of an hour gives, wherever and whenever."""
    cheap = open_quarters(windows)

    def is_cheap(at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(zone))
        return (
            local.weekday() * 96 + local.hour * 4 + local.minute // 15
        ) % 672 in cheap

    found = off_peak(
        windows, (moment + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone))
    )
    assert found.active == is_cheap(moment)
    later = (moment + step * QUARTER for step in range(1, 8 * 96))
    change = next((at for at in later if is_cheap(at) != found.active), None)
    if change is None:
        assert found.until is None or found.until >= moment + timedelta(days=8)
    else:
        assert found.until == change


@settings(max_examples=100, deadline=None)
@given(windows=weeks, moment=moments)
def test_changes_at_until(windows: list[Window], moment: datetime) -> None:
    """A second before the end it still is, at the end it is no more."""
    found = off_peak(windows, moment.astimezone(BERLIN))
    if found.until is None:
        return
    before = found.until - timedelta(seconds=1)
    assert off_peak(windows, before.astimezone(BERLIN)) == found
    assert off_peak(windows, found.until.astimezone(BERLIN)).active is not found.active
