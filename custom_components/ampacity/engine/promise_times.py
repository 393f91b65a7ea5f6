"""When a promise is due: its occurrences, by the clock on the wall where the site is.

A repeating promise is due at the same local time on each of its weekdays. On the day on which
the clock skips that time it is due at the next time that exists; where the clock shows it twice,
at the first.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .promise import Promise

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEK_DAYS = 8
"""Days in which each weekday is seen, whatever the time of day one begins with."""


def at_local_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which a clock there shows a time on a day.

    Of a time that is shown twice the first, of one that is skipped the next that is shown.
    """
    local = datetime.combine(day, at.replace(fold=0), zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    after = local.replace(fold=1)
    begin = after.astimezone(UTC)

    def is_past(minutes: int) -> bool:
        offset = (begin + minutes * _MINUTE).astimezone(zone).utcoffset()
        return offset == after.utcoffset()

    skipped = (moment - begin) // _MINUTE
    return begin + _MINUTE * bisect_left(range(skipped), True, key=is_past)


def next_occurrence(
    promise: Promise, after: datetime, zone: ZoneInfo
) -> datetime | None:
    """Return when a promise is due next, strictly after a moment; None when it never is again."""
    if promise.over is not None:
        after = max(after, promise.over)
    if not promise.repeat:
        return promise.ready_by if promise.ready_by > after else None
    begin = max(after, promise.ready_by - _DAY)
    first = begin.astimezone(zone).date() - _DAY
    days = (first + offset * _DAY for offset in range(_WEEK_DAYS + 2))
    return next((one for one in _due_on(promise, days, zone) if one > after), None)


def last_occurrence(
    promise: Promise, until: datetime, zone: ZoneInfo
) -> datetime | None:
    """Return when a promise was last due, at a moment or before; None if it is not yet, or over."""
    if promise.repeat:
        first = until.astimezone(zone).date() + _DAY
        days = (first - offset * _DAY for offset in range(_WEEK_DAYS + 2))
        due = next((one for one in _due_on(promise, days, zone) if one <= until), None)
    else:
        due = promise.ready_by if promise.ready_by <= until else None
    if due is None or (promise.over is not None and due <= promise.over):
        return None
    return due


def _due_on(
    promise: Promise, days: Iterator[date], zone: ZoneInfo
) -> Iterator[datetime]:
    """Return when a repeating promise is due on those of the days on which it is."""
    begin = promise.ready_by.astimezone(zone)
    for day in days:
        if day < begin.date() or day.weekday() not in promise.repeat:
            continue
        yield (
            promise.ready_by
            if day == begin.date()
            else at_local_time(day, begin.time(), zone)
        )
