"""Cheap hours from windows of the week, by the clock on the wall.

A moment is cheap when the local time then lies in a window. On the day on which an hour comes
twice it is cheap both times, on the day on which it is skipped not at all.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo

from .model import OffPeak
from .weekly import Window

HORIZON_DAYS = 8
"""What does not change within the week that follows never changes."""

_DAY = timedelta(days=1)


def off_peak(windows: Sequence[Window], now_local: datetime) -> OffPeak:
    """Return whether a window is open at ``now_local`` and when that changes, in UTC.

    ``now_local`` is aware, in the time zone of the windows. ``until`` is the end of all windows
    that overlap or follow without a gap, or the next start; None when it never changes.
    Raises ValueError for a time without a zone.
    """
    zone = now_local.tzinfo
    if zone is None:
        raise ValueError("The time needs a time zone")

    def is_open(local: datetime) -> bool:
        return any(window.contains(local) for window in windows)

    active = is_open(now_local)
    now = now_local.astimezone(UTC)
    for moment in _changes(windows, now_local, zone):
        if moment > now and is_open(moment.astimezone(zone)) != active:
            return OffPeak(active=active, until=moment)
    return OffPeak(active=active)


def union(parts: Sequence[OffPeak]) -> OffPeak:
    """Return the cheap hours of all parts: they last until the last part that is on ends."""
    active = [part.until for part in parts if part.active]
    if not active:
        starts = [part.until for part in parts if part.until is not None]
        return OffPeak(active=False, until=min(starts, default=None))
    ends = [until for until in active if until is not None]
    return OffPeak(active=True, until=max(ends) if len(ends) == len(active) else None)


def _changes(
    windows: Sequence[Window], now_local: datetime, zone: tzinfo
) -> Iterable[datetime]:
    """Yield, in UTC and in order, all moments at which a window may open or close."""
    clocks = {clock for window in windows for clock in (window.start, window.end)}
    if not clocks:
        return
    for offset in range(HORIZON_DAYS + 1):
        day = now_local.date() + timedelta(days=offset)
        midnight, next_midnight = (
            datetime.combine(date, time.min, zone).astimezone(UTC)
            for date in (day, day + _DAY)
        )
        moments = {
            datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC)
            for clock in clocks
            for fold in (0, 1)
        }
        moments.add(midnight)
        if next_midnight - midnight != _DAY:
            moments.add(_transition(midnight, next_midnight, zone))
        yield from sorted(moments)


def _transition(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the second in UTC at which the zone's clock is set, between two moments."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
