"""The peak that the house will have without its cars: what it comes to anyway is free to them.

The highest window of each day is remembered. From those days follows which peak the rest of the
month will most likely exceed: of days that do not depend on each other, the highest of ``n`` lies
below a value with the n-th power of a single day's probability.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import floor

from .model import Site, Snapshot
from .state import EngineState
from .take import take_of
from .tariffs import PeakMemory, PeakTariff

SURE = 0.9
"""What is counted on comes true in so many of all months."""
KEPT_DAYS = 28
"""Four weeks, so that each weekday has its part."""
ENOUGH_DAYS = 7
"""Less than a week tells nothing of a month."""


def house_import_w(
    site: Site, snapshot: Snapshot, state: EngineState, total_w: float
) -> float:
    """Return what would be imported if no car charged, from the total power, in W."""
    cars_w = sum(
        take_of(
            site,
            charger,
            snapshot.chargers[charger.id],
            state.charger(charger.id),
            state.clock_s,
        ).now_w
        for charger in site.chargers
        if charger.id in snapshot.chargers
    )
    return max(0.0, total_w - cars_w)


def with_house_window(
    memory: PeakMemory, tariff: PeakTariff, day: str, share: float
) -> PeakMemory:
    """Return the memory with the house's part of the window that has ended.

    ``share`` is the part of its mean that counts; a window that does not count tells nothing.
    """
    if share <= 0.0:
        return memory
    mean_w = share * memory.house_wh / tariff.window_h
    if memory.house_day == day:
        return replace(memory, house_day_w=max(memory.house_day_w, mean_w))
    days_w = memory.house_days_w
    if memory.house_day:
        days_w = (*days_w, memory.house_day_w)[-KEPT_DAYS:]
    return replace(memory, house_day=day, house_day_w=mean_w, house_days_w=days_w)


def expected_peak_w(
    site: Site, tariff: PeakTariff, memory: PeakMemory, since: datetime
) -> float:
    """Return the peak that the house alone most likely exceeds from a moment to its month's end.

    0 while too few days are known. Where the mean of several peaks counts, each has its part of the
    days that are left.
    """
    day = since.astimezone(site.time_zone).date()
    if len(memory.house_days_w) < ENOUGH_DAYS or day.month not in tariff.months:
        return 0.0
    left = _days_left(tariff.weekdays, day) / tariff.rank
    if not left:
        return 0.0
    return _quantile(memory.house_days_w, (1.0 - SURE) ** (1.0 / left))


@lru_cache(maxsize=8)
def _days_left(weekdays: frozenset[int], day: date) -> int:
    """Return how many days from this one to the end of its month are among these days of the week."""
    month, left = day.month, 0
    while day.month == month:
        left += day.weekday() in weekdays
        day += timedelta(days=1)
    return left


@lru_cache(maxsize=8)
def _quantile(values: tuple[float, ...], part: float) -> float:
    """Return what this part of the values lies below, between two of them in a line."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    index = floor(place)
    after = ordered[min(index + 1, len(ordered) - 1)]
    return ordered[index] + (after - ordered[index]) * (place - index)
