"""What a kWh costs at a moment: published prices, the contract's formula, and guesses.

Prices of hours that nobody has published are guessed from those of the days before, so that
nothing ever waits for prices.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from statistics import fmean

from .model import Site, Snapshot
from .outlook import SLOT
from .prices import PriceSeries

HISTORY = timedelta(days=7)
"""What hours without a price are guessed from."""
_SUNDAY = 6
_DAY = timedelta(days=1)
_MOVES_A_DAY = 2
"""A price that changed so often within a day is expected to do so again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """From the published price to the one that is paid: times ``factor`` plus ``addend``."""

    factor: float = 1.0
    addend: float = 0.0
    """Currency per kWh."""

    def price(self, published: float) -> float:
        """Return what is paid."""
        return published * self.factor + self.addend


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffWindow:
    """Hours of the week, in some months, with a formula of their own, by local time.

    A window that ends before it starts runs into the next day and belongs to the one on which it
    starts; one that ends when it starts lasts 24 hours.
    """

    formula: Formula
    start: time = time.min
    end: time = time.min
    days: frozenset[int] = frozenset(range(7))
    """0 is Monday. A holiday counts as a Sunday."""
    months: frozenset[int] = frozenset(range(1, 13))

    def contains(self, local: datetime, holidays: Collection[date]) -> bool:
        """Return whether a local time lies in the window."""
        clock, day = local.time(), local.date()
        if self.start < self.end:
            return self.start <= clock < self.end and self._is_on(day, holidays)
        if clock >= self.start:
            return self._is_on(day, holidays)
        return clock < self.end and self._is_on(day - _DAY, holidays)

    def _is_on(self, day: date, holidays: Collection[date]) -> bool:
        weekday = _SUNDAY if day in holidays else day.weekday()
        return weekday in self.days and day.month in self.months


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A contract: a formula for all hours, and windows in which another one holds.

    A fixed price has the factor 0, and so have prices by windows: what is published does not
    matter to them. Where windows overlap, the first one counts.
    """

    formula: Formula
    windows: tuple[TariffWindow, ...] = ()

    @classmethod
    def fixed(cls, price: float) -> Tariff:
        """Return a contract with one price."""
        return cls(formula=Formula(factor=0.0, addend=price))

    def price(
        self, published: float, local: datetime, holidays: Collection[date] = ()
    ) -> float:
        """Return what a kWh costs at a local time."""
        for window in self.windows:
            if window.contains(local, holidays):
                return window.formula.price(published)
        return self.formula.price(published)

    def prices(
        self,
        published: Iterable[float],
        start: datetime,
        zone: tzinfo,
        holidays: Collection[date] = (),
    ) -> tuple[float, ...]:
        """Return what a kWh costs in each slot from ``start`` on, by where the slot begins."""
        return tuple(
            self.price(value, (start + index * SLOT).astimezone(zone), holidays)
            for index, value in enumerate(published)
        )


def filled(
    known: PriceSeries,
    history: PriceSeries,
    start: datetime,
    count: int,
    zone: tzinfo,
    otherwise: float = 0.0,
) -> tuple[float, ...]:
    """Return a published price for each slot from ``start`` on; what is not known is guessed.

    A guess is the mean of the same quarter of an hour by local time on the days of ``history``
    and of what is known; without any, the mean of all that is; with nothing at all, ``otherwise``.
    """
    found = known.slots(start, count)
    if None not in found:
        return tuple(price for price in found if price is not None)
    before = count_slots(HISTORY)
    earlier = start - before * SLOT
    past = known.over(history).slots(earlier, before + count)
    by_clock: dict[tuple[int, int], list[float]] = defaultdict(list)
    for index, price in enumerate(past):
        if price is not None:
            by_clock[_clock(earlier + index * SLOT, zone)].append(price)
    usual = {clock: fmean(prices) for clock, prices in by_clock.items()}
    mean = fmean(usual.values()) if usual else otherwise
    return tuple(
        usual.get(_clock(start + index * SLOT, zone), mean) if price is None else price
        for index, price in enumerate(found)
    )


def count_slots(span: timedelta) -> int:
    """Return how many slots lie in a span of time, begun ones included."""
    return -(-span // SLOT)


def moves(history: PriceSeries, now: datetime) -> bool:
    """Return whether a price of which only the present is told changes with the hours.

    Otherwise it is taken for a fixed one, which somebody may have changed once.
    """
    seen = history.within(now - _DAY, now + SLOT).spans
    changes = sum(one.price != other.price for one, other in pairwise(seen))
    return changes >= _MOVES_A_DAY


def at_present_prices(site: Site, snapshot: Snapshot, now: datetime) -> Site:
    """Return the site with the prices of the present slot.

    Where nothing is expected for now, the configured prices stay.
    """
    outlook = snapshot.outlook
    index = outlook.index(now) if outlook is not None else None
    if outlook is None or index is None:
        return site
    return replace(
        site,
        import_price=outlook.import_price[index],
        feed_in_price=outlook.feed_in_price[index],
    )


def _clock(moment: datetime, zone: tzinfo) -> tuple[int, int]:
    local = moment.astimezone(zone)
    return local.hour, local.minute // 15
