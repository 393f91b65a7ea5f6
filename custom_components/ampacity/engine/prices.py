"""Prices over time as they are published: spans of any length, on the line of UTC.

Nothing here knows a time zone: a day with 23 or 25 hours is simply that long.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
import math

from .outlook import SLOT


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSpan:
    """One price, from a moment up to another, in UTC."""

    start: datetime
    end: datetime
    price: float
    """Currency per kWh; below 0 where taking electricity is paid."""


@dataclass(frozen=True, slots=True)
class PriceSeries:
    """Published prices in order, without overlaps; there may be gaps."""

    spans: tuple[PriceSpan, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[PriceSpan]) -> PriceSeries:
        """Return the series of some spans in any order.

        Spans without length or with a price that is no number are left out. Of two that begin
        at once the later one in the list counts; one that reaches into the next is cut.
        Times are turned into UTC; raises ValueError for one without a time zone.
        """
        by_start: dict[datetime, PriceSpan] = {}
        for span in map(_in_utc, spans):
            if span.end > span.start and math.isfinite(span.price):
                by_start[span.start] = span
        ordered = [by_start[start] for start in sorted(by_start)]
        cut = [
            replace(one, end=following.start) if one.end > following.start else one
            for one, following in pairwise(ordered)
        ]
        return cls((*cut, *ordered[-1:]))

    @property
    def start(self) -> datetime | None:
        """The beginning of the first span."""
        return self.spans[0].start if self.spans else None

    @property
    def end(self) -> datetime | None:
        """The end of the last span."""
        return self.spans[-1].end if self.spans else None

    def at(self, moment: datetime) -> float | None:
        """Return the price at a moment; None where nothing was published for it."""
        index = bisect_right(self.spans, moment, key=lambda span: span.start) - 1
        if index < 0 or moment >= self.spans[index].end:
            return None
        return self.spans[index].price

    def known_until(self, moment: datetime) -> datetime | None:
        """Return up to when prices are published without a gap; None without one now."""
        until = None
        for span in self.spans:
            if span.end <= moment:
                continue
            if span.start > (until or moment):
                break
            until = span.end
        return until

    def within(self, start: datetime, end: datetime) -> PriceSeries:
        """Return what lies between two moments."""
        kept = (
            replace(span, start=max(span.start, start), end=min(span.end, end))
            for span in self.spans
            if span.end > start and span.start < end
        )
        return PriceSeries(tuple(kept))

    def over(self, older: PriceSeries) -> PriceSeries:
        """Return this series, completed by an older one where it says nothing."""
        if self is older:
            return self
        kept: list[PriceSpan] = []
        for span in older.spans:
            kept += _outside(span, self.spans)
        return PriceSeries.of((*kept, *self.spans))

    def slots(self, start: datetime, count: int) -> tuple[float | None, ...]:
        """Return the mean price of each slot from ``start`` on, weighted with time.

        A slot that is known in part has the mean of that part, one of which nothing is known None.
        """
        weights = [0.0] * count
        sums = [0.0] * count
        for span in self.spans:
            for index, weight in _shares(span, start, count):
                weights[index] += weight
                sums[index] += weight * span.price
        return tuple(
            total / weight if weight > 0.0 else None
            for total, weight in zip(sums, weights, strict=True)
        )


def _in_utc(span: PriceSpan) -> PriceSpan:
    """Return a span with its times in UTC; raises ValueError for one without a time zone."""
    if span.start.tzinfo is UTC and span.end.tzinfo is UTC:
        return span
    if span.start.tzinfo is None or span.end.tzinfo is None:
        raise ValueError("The time needs a time zone")
    start, end = span.start.astimezone(UTC), span.end.astimezone(UTC)
    return replace(span, start=start, end=end)


def _outside(span: PriceSpan, others: Sequence[PriceSpan]) -> Iterator[PriceSpan]:
    """Yield the parts of a span that none of the others, in order, covers."""
    start = span.start
    first = bisect_right(others, start, key=lambda other: other.end)
    for index in range(first, len(others)):
        other = others[index]
        if other.end <= start:
            continue
        if other.start >= span.end:
            break
        if other.start > start:
            yield replace(span, start=start, end=other.start)
        start = other.end
    if start == span.start:
        yield span
    elif start < span.end:
        yield replace(span, start=start)


def _shares(
    span: PriceSpan, start: datetime, count: int
) -> Iterator[tuple[int, float]]:
    """Yield the slots that a span reaches into, each with for how many seconds."""
    first = max(0, (span.start - start) // SLOT)
    last = min(count, -((start - span.end) // SLOT))
    for index in range(first, last):
        begin = start + index * SLOT
        overlap = min(span.end, begin + SLOT) - max(span.start, begin)
        if overlap.total_seconds() > 0.0:
            yield index, overlap.total_seconds()
