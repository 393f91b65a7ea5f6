"""Energy that is expected over spans of time, as forecasts give it, cut to the slots of an outlook.

All moments are in UTC, so that no day has 23 or 25 hours. A span's energy is spread evenly over it,
and cutting keeps the energy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from math import isfinite
from statistics import mode
from zoneinfo import ZoneInfo

from .outlook import SLOT_S

HOUR = timedelta(hours=1)
_LONGEST_STEP = timedelta(hours=3)
_GAP = 1.5
"""Steps between two keys above which a night lies between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Energy between two moments in UTC."""

    start: datetime
    end: datetime
    energy_wh: float
    low_wh: float | None = None
    """What it is at least in nine of ten cases, where the source tells."""


type Spans = tuple[Span, ...]
"""One plant's forecast, in the order of time, without overlaps."""


def spans_of(energy_wh: Mapping[datetime, float]) -> Spans:
    """Return the spans of a forecast that names one moment for each amount of energy.

    The moment is where the span begins; it lasts to the next one, through a gap (a night that was
    left out) for the usual step. Forecast.Solar names the end instead, which Home Assistant passes
    on before 2026.11; such a forecast is told by its sunrises and sunsets and turned round.
    Amounts that are no finite number are left out, those below 0 count as 0.
    """
    known = sorted(
        (at.astimezone(UTC), max(0.0, float(wh)))
        for at, wh in energy_wh.items()
        if isfinite(wh)
    )
    if not known:
        return ()
    step = _step([at for at, _ in known])
    if sum(_names_ends(day, step) for day in _days(known, step)) > 0:
        return tuple(_by_ends(known, step))
    return tuple(_by_begins(known, step))


def _step(moments: Sequence[datetime]) -> timedelta:
    """Return the usual distance of two moments, an hour where nothing else makes sense."""
    if len(moments) < 2:
        return HOUR
    step = mode(after - before for before, after in pairwise(moments))
    return step if step <= _LONGEST_STEP else HOUR


def _by_begins(
    known: Sequence[tuple[datetime, float]], step: timedelta
) -> Iterator[Span]:
    ends = [at for at, _ in known[1:]] + [known[-1][0] + step]
    for (at, wh), after in zip(known, ends, strict=True):
        end = after if after - at <= _GAP * step else at + step
        yield Span(start=at, end=end, energy_wh=wh)


def _by_ends(
    known: Sequence[tuple[datetime, float]], step: timedelta
) -> Iterator[Span]:
    before: datetime | None = None
    for at, wh in known:
        if before is not None and at - before <= _GAP * step:
            yield Span(start=before, end=at, energy_wh=wh)
        elif wh > 0.0:
            yield Span(start=at - step, end=at, energy_wh=wh)
        before = at


def _days(
    known: Sequence[tuple[datetime, float]], step: timedelta
) -> Iterator[list[tuple[datetime, float]]]:
    """Yield the runs of moments that no gap interrupts."""
    run = [known[0]]
    for before, after in pairwise(known):
        if after[0] - before[0] > _GAP * step:
            yield run
            run = []
        run.append(after)
    yield run


def _names_ends(day: Sequence[tuple[datetime, float]], step: timedelta) -> int:
    """Return 1 for a day whose moments are ends, -1 for begins, 0 where nothing tells.

    Its first and last moment are sunrise and sunset, which the others' raster shows. What ends at
    sunrise is nothing, and so is what begins at sunset. Where both are nothing, one of the two
    spans is too short for a Wh: the one that the raster cuts shorter.
    """
    if len(day) < 4:
        return 0
    (rise, first_wh), (grid, _), *_, (last, _), (fall, last_wh) = day
    dawn, dusk = grid - rise, fall - last
    if dawn == step or dusk > step:
        return 0
    if first_wh > 0.0:
        return -1
    if dusk == step:
        return 0
    if last_wh > 0.0:
        return 1
    return 1 if dawn > dusk else -1


def slots_w(
    spans: Iterable[Span],
    start: datetime,
    slots: int,
    *,
    low_share: float | None = None,
) -> list[float]:
    """Return the mean power of each slot in W, from a start on; 0 where no span reaches.

    With ``low_share`` it is what comes at least: that part of the energy where a span itself does
    not tell.
    """
    energy_wh = [0.0] * slots
    for span in spans:
        wh = span.energy_wh
        if low_share is not None:
            wh = wh * low_share if span.low_wh is None else min(span.low_wh, wh)
        begin = (span.start - start).total_seconds() / SLOT_S
        end = (span.end - start).total_seconds() / SLOT_S
        if wh == 0.0 or end <= begin:
            continue
        for index in range(max(0, int(begin)), min(slots, int(end) + 1)):
            inside = min(end, index + 1.0) - max(begin, index)
            if inside > 0.0:
                energy_wh[index] += wh * inside / (end - begin)
    return [wh * 3600.0 / SLOT_S for wh in energy_wh]


def energy_between(spans: Iterable[Span], start: datetime, end: datetime) -> float:
    """Return the energy in Wh between two moments."""
    total_wh = 0.0
    for span in spans:
        inside = min(end, span.end) - max(start, span.start)
        if inside > timedelta(0):
            total_wh += span.energy_wh * (inside / (span.end - span.start))
    return total_wh


def known_until(plants: Sequence[Spans], zone: ZoneInfo) -> datetime | None:
    """Return the end of the last local day of which every plant's forecast knows something.

    None without plants, and where one has no forecast at all.
    """
    if not plants or not all(plants):
        return None
    return min(day_end(spans[-1].start, zone) for spans in plants)


def day_start(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the local day of a moment began, in UTC."""
    day = moment.astimezone(zone).date()
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_end(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the local day of a moment ends, in UTC."""
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def joined(before: Spans, fresh: Spans) -> Spans:
    """Return a fresh forecast, with what an earlier one said of the time before it begins.

    Some sources drop the hours that have passed.
    """
    if not fresh:
        return before
    begin = fresh[0].start
    return tuple(span for span in before if span.end <= begin) + fresh
