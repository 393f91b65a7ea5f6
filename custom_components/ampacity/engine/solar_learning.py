"""What a solar plant delivers beside what was forecast: a correction by the time of day.

Shade, dirt, a wrong size or direction in the forecast's settings show every day alike. So each
hour's measured energy is compared with what was expected of it a day before. The sun goes by UTC,
so do the hours; a day is a local one, so that daylight is never cut.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .forecast import HOUR, Spans, energy_between, known_until

KEEP_DAYS = 28
RECENT_DAYS = 7
"""Days whose mean stands in for a forecast that is not there."""
AHEAD = timedelta(hours=24)
"""A forecast counts as it was this long before, or when it was first known."""
LOWEST_FACTOR, HIGHEST_FACTOR = 0.25, 2.0
DEFAULT_LOW = 0.5
"""Part of the forecast that counts as sure until enough days have shown better."""

_HALF_LIFE_DAYS = 10.0
_PRIOR_HOURS = 2.0
"""How many hours of what was believed before weigh against what was seen."""
_OUTLIER = 2.0
"""An hour counts at most this many times, or divided by it, the usual ratio: snow, an outage."""
_LOW_DAYS = 7
_WHOLE = 0.8
"""Part of a day's forecast whose hours must have been measured for the day to count."""
_LEAST_WH = 10.0

_NONE: tuple[float | None, ...] = (None,) * 24
NO_CORRECTION = (1.0,) * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarDay:
    """One local day; a value for each hour of UTC, None where nothing is known."""

    day: date
    measured_wh: tuple[float | None, ...] = _NONE
    forecast_wh: tuple[float | None, ...] = _NONE
    """As the source said, not corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarMemory:
    """The last days, the oldest first."""

    days: tuple[SolarDay, ...] = ()


def remember_forecast(
    memory: SolarMemory, plants: Sequence[Spans], now: datetime, zone: ZoneInfo
) -> SolarMemory:
    """Return the memory with what all plants are forecast to give in the next hours.

    What it knows already stays; hours that not every plant's forecast reaches are left out.
    """
    spans = [span for plant in plants for span in plant]
    hour = _hour(now) + HOUR
    end = min(known_until(plants, zone) or hour, now + AHEAD + HOUR)
    while hour + HOUR <= end:
        day = _day(memory, hour, zone)
        if day.forecast_wh[hour.hour] is None:
            wh = energy_between(spans, hour, hour + HOUR)
            forecast = _with(day.forecast_wh, hour.hour, wh)
            memory = _keep(memory, replace(day, forecast_wh=forecast))
        hour += HOUR
    return memory


def remember_measured(
    memory: SolarMemory, hours: Iterable[tuple[datetime, float]], zone: ZoneInfo
) -> SolarMemory:
    """Return the memory with hours that were measured: their beginnings and Wh.

    What it knows already stays.
    """
    for start, wh in hours:
        hour = _hour(start)
        day = _day(memory, hour, zone)
        if day.measured_wh[hour.hour] is None:
            measured = _with(day.measured_wh, hour.hour, max(0.0, wh))
            memory = _keep(memory, replace(day, measured_wh=measured))
    return memory


def correction(memory: SolarMemory, today: date) -> tuple[float, ...]:
    """Return by what a forecast is to be multiplied in each hour of UTC.

    The ratio of measured to forecast energy, where single hours far off count less, recent days
    count more, and each hour leans on its neighbours and on the whole until it has days enough.
    """
    everything = _samples(memory, today, range(24))
    overall = _ratio(everything, 1.0)
    return tuple(
        _ratio(_samples(memory, today, ((h - 1) % 24, h, (h + 1) % 24)), overall)
        for h in range(24)
    )


def low_share(memory: SolarMemory, factors: Sequence[float], today: date) -> float:
    """Return which part of the corrected forecast the plant gives on nine of ten days, 0 to 1."""
    ratios = [
        ratio
        for day in memory.days
        if day.day < today and (ratio := _day_ratio(day, factors)) is not None
    ]
    return _low(ratios)


def usual_day(memory: SolarMemory, today: date) -> tuple[float, ...] | None:
    """Return what the plant gave in each hour of UTC in the last days, in Wh; None without any."""
    days = [one for one in memory.days if one.day < today][-RECENT_DAYS:]
    if not any(wh is not None for one in days for wh in one.measured_wh):
        return None
    return tuple(_mean([one.measured_wh[h] for one in days]) for h in range(24))


def low_share_of_usual(memory: SolarMemory, today: date) -> float:
    """Return which part of its usual day's energy the plant gives on nine of ten days, 0 to 1."""
    sums = [
        sum(wh or 0.0 for wh in one.measured_wh)
        for one in memory.days
        if one.day < today and sum(wh is not None for wh in one.measured_wh) >= 20
    ]
    mean_wh = sum(sums) / len(sums) if sums else 0.0
    return _low([wh / mean_wh for wh in sums] if mean_wh > _LEAST_WH else [])


def _samples(
    memory: SolarMemory, today: date, hours: Iterable[int]
) -> list[tuple[float, float, float]]:
    """Return forecast and measured energy of all past days' hours, each with its weight by age."""
    chosen = tuple(hours)
    return [
        (forecast_wh, measured_wh, 0.5 ** ((today - one.day).days / _HALF_LIFE_DAYS))
        for one in memory.days
        if one.day < today
        for h in chosen
        if (forecast_wh := one.forecast_wh[h]) is not None
        and forecast_wh > _LEAST_WH
        and (measured_wh := one.measured_wh[h]) is not None
    ]


def _ratio(samples: Sequence[tuple[float, float, float]], believed: float) -> float:
    """Return the ratio of energies, outliers brought near to the median, leaning on a belief."""
    if not samples:
        return believed
    middle = _median([(m / f, f * weight) for f, m, weight in samples])
    forecast_wh = sum(f * weight for f, _, weight in samples)
    measured_wh = sum(
        min(max(m, middle / _OUTLIER * f), middle * _OUTLIER * f) * weight
        for f, m, weight in samples
    )
    prior_wh = _PRIOR_HOURS * forecast_wh / sum(weight for *_, weight in samples)
    ratio = (measured_wh + believed * prior_wh) / (forecast_wh + prior_wh)
    return min(max(ratio, LOWEST_FACTOR), HIGHEST_FACTOR)


def _median(weighted: Sequence[tuple[float, float]]) -> float:
    """Return the value with half of the weight on each side."""
    half = sum(weight for _, weight in weighted) / 2.0
    seen = 0.0
    for value, weight in sorted(weighted):
        seen += weight
        if seen >= half:
            return value
    return 1.0


def _day_ratio(day: SolarDay, factors: Sequence[float]) -> float | None:
    """Return measured to corrected energy of a day; None where too little is known of it."""
    measured_wh = forecast_wh = all_wh = 0.0
    for h, factor in enumerate(factors):
        wh = (day.forecast_wh[h] or 0.0) * factor
        all_wh += wh
        if (seen_wh := day.measured_wh[h]) is not None:
            forecast_wh += wh
            measured_wh += seen_wh
    if all_wh <= _LEAST_WH or forecast_wh < _WHOLE * all_wh:
        return None
    return measured_wh / forecast_wh


def _low(ratios: Sequence[float]) -> float:
    """Return the 10th percentile of some days' ratios, at most 1; the default for too few."""
    if len(ratios) < _LOW_DAYS:
        return DEFAULT_LOW
    ordered = sorted(ratios)
    place = (len(ordered) - 1) * 0.1
    index = int(place)
    low = ordered[index] + (ordered[index + 1] - ordered[index]) * (place - index)
    return min(max(low, 0.0), 1.0)


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _day(memory: SolarMemory, hour: datetime, zone: ZoneInfo) -> SolarDay:
    day = hour.astimezone(zone).date()
    return next((one for one in memory.days if one.day == day), SolarDay(day=day))


def _keep(memory: SolarMemory, day: SolarDay) -> SolarMemory:
    """Return the memory with a day put in or replaced; the oldest go when there are too many."""
    others = [one for one in memory.days if one.day != day.day]
    days = sorted([*others, day], key=lambda one: one.day)
    return SolarMemory(days=tuple(days[-KEEP_DAYS:]))


def _with(
    values: tuple[float | None, ...], index: int, value: float
) -> tuple[float | None, ...]:
    return (*values[:index], round(value, 1), *values[index + 1 :])
