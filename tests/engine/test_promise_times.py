"""When promises are due: by weekday and local time, over both nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.promise_times import (
    at_local_time,
    last_occurrence,
    next_occurrence,
)

BERLIN = ZoneInfo("Europe/Berlin")
SYDNEY = ZoneInfo("Australia/Sydney")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
WEEKDAYS = frozenset(range(5))
ALWAYS = frozenset(range(7))


def local(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    """Return a local time as a moment in UTC."""
    moment = datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)
    return moment.astimezone(UTC)


def promise(
    ready_by: str, repeat: frozenset[int] = frozenset(), zone: ZoneInfo = BERLIN
) -> Promise:
    """Return a promise that is due at a local time."""
    return Promise(id="a", ready_by=local(ready_by, zone), repeat=repeat)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        ("2026-07-01", "07:00", BERLIN, "2026-07-01T05:00"),
        ("2026-12-01", "07:00", BERLIN, "2026-12-01T06:00"),
        # 02:00 to 03:00 is skipped
        ("2026-03-29", "02:00", BERLIN, "2026-03-29T01:00"),
        ("2026-03-29", "02:30", BERLIN, "2026-03-29T01:00"),
        ("2026-03-29", "03:00", BERLIN, "2026-03-29T01:00"),
        ("2026-03-29", "01:59", BERLIN, "2026-03-29T00:59"),
        # 02:00 to 03:00 comes twice
        ("2026-10-25", "02:30", BERLIN, "2026-10-25T00:30"),
        ("2026-10-25", "03:00", BERLIN, "2026-10-25T02:00"),
        ("2026-10-04", "02:15", SYDNEY, "2026-10-03T16:00"),
        ("2026-04-05", "02:15", SYDNEY, "2026-04-04T15:15"),
        # Half an hour is skipped
        ("2026-10-04", "02:10", LORD_HOWE, "2026-10-03T15:30"),
    ],
)
def test_local_time_as_a_moment(
    day: str, at: str, zone: ZoneInfo, expected: str
) -> None:
    """A skipped time is the next that exists, one that comes twice the first."""
    moment = at_local_time(date.fromisoformat(day), time.fromisoformat(at), zone)
    assert moment == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("ready_by", "repeat", "now", "expected"),
    [
        ("2026-11-23T07:00", frozenset(), "2026-11-22T18:00", "2026-11-23T07:00"),
        ("2026-11-23T07:00", frozenset(), "2026-11-23T07:00", None),
        # Monday to Friday: 2026-11-23 is a Monday
        ("2026-11-23T07:00", WEEKDAYS, "2026-11-20T18:00", "2026-11-23T07:00"),
        ("2026-11-23T07:00", WEEKDAYS, "2026-11-23T06:59", "2026-11-23T07:00"),
        ("2026-11-23T07:00", WEEKDAYS, "2026-11-23T07:00", "2026-11-24T07:00"),
        ("2026-11-23T07:00", WEEKDAYS, "2026-11-27T08:00", "2026-11-30T07:00"),
        ("2026-11-23T07:00", frozenset({6}), "2026-11-23T08:00", "2026-11-29T07:00"),
        ("2026-11-23T07:00", frozenset({0}), "2026-11-23T07:00", "2026-11-30T07:00"),
        # Over the changes of the clock it stays 07:00
        ("2026-03-27T07:00", ALWAYS, "2026-03-28T12:00", "2026-03-29T07:00"),
        ("2026-10-23T07:00", ALWAYS, "2026-10-24T12:00", "2026-10-25T07:00"),
        # And 02:30 is 03:00 once
        ("2026-03-27T02:30", ALWAYS, "2026-03-28T12:00", "2026-03-29T03:00"),
        ("2026-03-27T02:30", ALWAYS, "2026-03-29T12:00", "2026-03-30T02:30"),
    ],
)
def test_next(
    ready_by: str, repeat: frozenset[int], now: str, expected: str | None
) -> None:
    """Strictly after now, on its weekdays, at its time by the wall clock."""
    found = next_occurrence(promise(ready_by, repeat), local(now), BERLIN)
    assert found == (local(expected) if expected else None)


def test_time_that_comes_twice_is_due_once() -> None:
    """The first 02:30 is meant; at the second it is past."""
    daily = promise("2026-10-20T02:30", ALWAYS)
    first = local("2026-10-25T02:30")
    assert next_occurrence(daily, first - timedelta(hours=1), BERLIN) == first
    second = local("2026-10-25T02:30", fold=1)
    assert second - first == timedelta(hours=1)
    following = local("2026-10-26T02:30")
    assert next_occurrence(daily, first, BERLIN) == following
    assert next_occurrence(daily, second - timedelta(minutes=1), BERLIN) == following


@pytest.mark.parametrize(
    ("now", "over", "expected"),
    [
        ("2026-11-22T18:00", None, None),
        ("2026-11-23T07:00", None, "2026-11-23T07:00"),
        ("2026-11-26T06:00", None, "2026-11-25T07:00"),
        ("2026-11-29T12:00", None, "2026-11-27T07:00"),
        ("2026-11-29T12:00", "2026-11-26T07:00", "2026-11-27T07:00"),
        ("2026-11-29T12:00", "2026-11-27T07:00", None),
    ],
)
def test_last(now: str, over: str | None, expected: str | None) -> None:
    """The newest that is past, unless it is over."""
    weekly = Promise(
        id="a",
        ready_by=local("2026-11-23T07:00"),
        repeat=WEEKDAYS,
        over=local(over) if over else None,
    )
    found = last_occurrence(weekly, local(now), BERLIN)
    assert found == (local(expected) if expected else None)


@given(
    begin=st.datetimes(
        datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)
    ),
    ahead=st.timedeltas(timedelta(0), timedelta(days=60)),
    repeat=st.frozensets(st.integers(0, 6)),
    zone=st.sampled_from([BERLIN, SYDNEY, LORD_HOWE, ZoneInfo("America/New_York")]),
)
def test_occurrences_are_where_they_should_be(
    begin: datetime, ahead: timedelta, repeat: frozenset[int], zone: ZoneInfo
) -> None:
    """The next is after now and within eight days, the last at now or before, none in between."""
    one = Promise(id="a", ready_by=begin, repeat=repeat)
    now = begin + ahead
    due, past = next_occurrence(one, now, zone), last_occurrence(one, now, zone)
    assert past is None or begin <= past <= now
    if not repeat:
        assert (due, past) == ((begin, None) if begin > now else (None, begin))
        return
    assert due is not None
    assert now < due <= now + timedelta(days=8, hours=1)
    assert due.astimezone(zone).weekday() in repeat
    assert last_occurrence(one, due, zone) == due
    assert last_occurrence(one, due - timedelta(microseconds=1), zone) == past
