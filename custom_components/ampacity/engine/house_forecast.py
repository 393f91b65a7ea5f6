"""What a house without its cars is expected to use, from what it used before.

The median of earlier weeks is what a plan reckons with; the 90th percentile is what it leaves room
for under the fuse. Each hour of the week is asked for by itself where there are weeks enough,
else all working days or weekends together, else all days, else what is usual for a house.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, isfinite
from statistics import median
from zoneinfo import ZoneInfo

from .outlook import SLOT, SLOT_S

USUAL_W = 400.0
HIGH_W = 2000.0
"""Of a house of which nothing is known."""

_WEEKDAY_HOURS = 6
_KIND_HOURS = 4
_ANY_HOURS = 3
_HIGH_HOURS = 10
_ALL_HOURS = 24
"""So many hours are enough: of one weekday, of one kind of day, of any day, for a percentile,
of anything."""
_SATURDAY = 5
_BLEND_S = 3600.0
"""In this time what the house uses now loses most of its say, to 37 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseProfile:
    """Power in W for each weekday, Monday first, and each local hour."""

    median_w: tuple[tuple[float, ...], ...] = ((USUAL_W,) * 24,) * 7
    high_w: tuple[tuple[float, ...], ...] = ((HIGH_W,) * 24,) * 7


def house_profile(
    hours: Iterable[tuple[datetime, float]],
    zone: ZoneInfo,
    *,
    usual_w: float = USUAL_W,
    high_w: float = HIGH_W,
) -> HouseProfile:
    """Return the profile of hours that are known: their beginnings and mean powers in W.

    ``usual_w`` and ``high_w`` stand in for what is not. Means that are no finite number are left
    out, those below 0 count as 0.
    """
    by_hour: dict[tuple[int, int], list[float]] = {}
    for start, mean_w in hours:
        if isfinite(mean_w):
            local = start.astimezone(zone)
            known = by_hour.setdefault((local.weekday(), local.hour), [])
            known.append(max(0.0, mean_w))
    everything = [mean_w for known in by_hour.values() for mean_w in known]
    if len(everything) >= _ALL_HOURS:
        usual_w, high_w = median(everything), max(_p90(everything), high_w)
    table = [
        [_pair(by_hour, day, hour, usual_w, high_w) for hour in range(24)]
        for day in range(7)
    ]
    return HouseProfile(
        median_w=tuple(tuple(middle for middle, _ in row) for row in table),
        high_w=tuple(tuple(high for _, high in row) for row in table),
    )


def _pair(
    by_hour: dict[tuple[int, int], list[float]],
    day: int,
    hour: int,
    usual_w: float,
    high_w: float,
) -> tuple[float, float]:
    """Return median and 90th percentile of an hour of the week, of the closest that is enough."""
    kinds = (range(_SATURDAY), range(_SATURDAY, 7))[day >= _SATURDAY]
    own = by_hour.get((day, hour), [])
    kind = [w for other in kinds for w in by_hour.get((other, hour), [])]
    any_day = [w for other in range(7) for w in by_hour.get((other, hour), [])]
    middle_w = _first_enough(
        ((own, _WEEKDAY_HOURS), (kind, _KIND_HOURS), (any_day, _ANY_HOURS))
    )
    highs = _first_enough(((kind, _HIGH_HOURS), (any_day, _HIGH_HOURS)))
    middle = median(middle_w) if middle_w else usual_w
    return middle, max(middle, _p90(highs) if highs else high_w)


def _first_enough(
    choices: Iterable[tuple[list[float], int]],
) -> list[float] | None:
    return next((values for values, enough in choices if len(values) >= enough), None)


def _p90(values: Sequence[float]) -> float:
    """Return the 90th percentile, between two values in a line."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * 0.9
    index = int(place)
    after = ordered[min(index + 1, len(ordered) - 1)]
    return ordered[index] + (after - ordered[index]) * (place - index)


def house_slots(
    profile: HouseProfile,
    start: datetime,
    slots: int,
    zone: ZoneInfo,
    now_w: float | None = None,
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what the house is expected to use and what it rarely exceeds, in W for each slot.

    ``now_w`` is what it uses now, which the first slots start from; None leaves that out. A house
    that uses little now takes nothing off what it may use at most.
    """
    usual, high = [], []
    for index in range(slots):
        local = (start + index * SLOT).astimezone(zone)
        usual.append(profile.median_w[local.weekday()][local.hour])
        high.append(profile.high_w[local.weekday()][local.hour])
    if now_w is not None:
        ahead_w = max(0.0, now_w) - usual[0] if usual else 0.0
        for index in range(slots):
            change_w = ahead_w * exp(-index * SLOT_S / _BLEND_S)
            usual[index] = max(0.0, usual[index] + change_w)
            high[index] = max(high[index] + max(0.0, change_w), usual[index])
    return tuple(usual), tuple(high)
