"""What the sun is expected to give: forecasts of all plants, corrected, and what stands in for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from .forecast import (
    HOUR,
    Spans,
    day_end,
    day_start,
    energy_between,
    known_until,
    slots_w,
)
from .outlook import SLOT
from .solar_learning import (
    NO_CORRECTION,
    SolarMemory,
    correction,
    low_share,
    low_share_of_usual,
    usual_day,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarOutlook:
    """Mean power in W for each slot."""

    expected_w: tuple[float, ...]
    low_w: tuple[float, ...]
    """What it gives on nine of ten such days."""


def solar_outlook(
    plants: Sequence[Spans],
    memory: SolarMemory,
    start: datetime,
    slots: int,
    zone: ZoneInfo,
    *,
    corrected: bool = True,
) -> SolarOutlook:
    """Return what all plants together give from ``start`` on, which is on a quarter of an hour.

    After the last day that all forecasts know, the mean of the last days stands in, or nothing
    where nothing was measured.
    """
    today = start.astimezone(zone).date()
    factors = correction(memory, today) if corrected else NO_CORRECTION
    share = low_share(memory, factors, today)
    expected_w, low_w = [0.0] * slots, [0.0] * slots
    for spans in plants:
        usual_w = slots_w(spans, start, slots)
        sure_w = slots_w(spans, start, slots, low_share=share)
        for index in range(slots):
            factor = factors[(start + index * SLOT).hour]
            expected_w[index] += usual_w[index] * factor
            low_w[index] += sure_w[index] * factor
    end = known_until(plants, zone) or start
    known = min(slots, max(0, (end - start) // SLOT))
    stand_in_w = usual_day(memory, today) or (0.0,) * 24
    share = low_share_of_usual(memory, today)
    for index in range(known, slots):
        expected_w[index] = stand_in_w[(start + index * SLOT).hour]
        low_w[index] = expected_w[index] * share
    return SolarOutlook(expected_w=tuple(expected_w), low_w=tuple(low_w))


def solar_day_wh(
    plants: Sequence[Spans],
    memory: SolarMemory,
    now: datetime,
    zone: ZoneInfo,
    *,
    corrected: bool = True,
) -> float | None:
    """Return what is expected of the whole local day, corrected; None without a forecast of it."""
    begin, end = day_start(now, zone), day_end(now, zone)
    known = [spans for spans in plants if _reaches(spans, begin, end)]
    if not known or len(known) < len(plants):
        return None
    today = now.astimezone(zone).date()
    factors = correction(memory, today) if corrected else NO_CORRECTION
    total_wh, hour = 0.0, begin.replace(minute=0)
    while hour < end:
        left, right = max(hour, begin), min(hour + HOUR, end)
        for spans in known:
            total_wh += energy_between(spans, left, right) * factors[hour.hour]
        hour += HOUR
    return total_wh


def _reaches(spans: Spans, begin: datetime, end: datetime) -> bool:
    return any(span.start < end and span.end > begin for span in spans)
