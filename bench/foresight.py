"""The best that could be done by somebody who knows all that will be: a linear program, by HiGHS.

It is a bound that nothing can beat rather than something that could be built: a car follows at once,
starts and switches cost nothing. It keeps the same promises as everybody else: a car is ready when
its driver wants it, unless it can't be. Each car takes what whole amperes on one phase or three give
it, all together by the convex hull of what each minute costs: as if within a minute they went to
and fro between two currents. Sun and load are those of the data, as means over a minute.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from math import inf

import highspy
import numpy as np

from .account import Figures, possible_wh, price_at
from .cases import FULL_W, LEVELS_W, PHASES, VOLTAGE_V, Case
from .inputs import Visit, mean_w, minute_of, month_of, phase_w, site
from .replay import Span

_UNMET = 10.0
"""Currency per kWh in the program: dearer than any price, so that nothing is left out to save."""
_LEAST_WH = 1.0
_EVEN = 1e-9
"""Slopes that differ by less, in currency per kWh, are one."""
_WINDOW_MIN = 15
"""Of a peak tariff."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A slot of the program: a minute, in the replay."""

    hours: float
    net_w: float
    """What the house imports without cars; below 0 it exports."""
    room_w: float
    """What the fuse leaves for all cars."""
    price: float
    feed_in: float

    def bill(self, power_w: float) -> float:
        """Return what a slot costs more if the cars take so much, as price times W."""
        return self._of(self.net_w + power_w) - self._of(self.net_w)

    def _of(self, grid_w: float) -> float:
        return grid_w * (self.price if grid_w > 0.0 else self.feed_in)

    def powers_w(self, cars: int) -> list[float]:
        """Return the powers, from 0 on, that between them tell what so many cars can cost.

        They are nothing, the most, and those next to what the sun has: between them it is linear.
        """
        sums_w = _sums_w(cars)
        last = bisect_right(sums_w, self.room_w) - 1
        sunny = min(last, max(0, bisect_right(sums_w, -self.net_w) - 1))
        return [sums_w[at] for at in sorted({0, sunny, min(last, sunny + 1), last})]

    def segments(self, powers_w: Iterable[float]) -> list[tuple[float, float]]:
        """Return widths in W and slopes of the convex hull of the bill over powers that rise."""
        hull: list[tuple[float, float]] = []
        for point in ((w, self.bill(w)) for w in powers_w):
            while (
                len(hull) > 1
                and _slope(hull[-2], hull[-1]) > _slope(hull[-2], point) - _EVEN
            ):
                hull.pop()
            hull.append(point)
        return [(b[0] - a[0], _slope(a, b)) for a, b in pairwise(hull)]


@cache
def _sums_w(cars: int) -> list[float]:
    """Return what so many cars can take together, from 0 on."""
    sums_w = {0.0}
    for _ in range(cars):
        sums_w |= {one + other for one in sums_w for other in LEVELS_W}
    return sorted(sums_w)


def _slope(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (b[1] - a[1]) / (b[0] - a[0])


@dataclass(kw_only=True, slots=True)
class Program:
    """Columns and rows as they come."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def column(self, cost: float, upper: float = inf) -> int:
        """Add a variable from 0 on."""
        self.costs.append(cost)
        self.uppers.append(upper)
        return len(self.costs) - 1

    def row(
        self, lower: float, upper: float, entries: Sequence[tuple[int, float]]
    ) -> None:
        """Add a constraint."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.columns += [column for column, _ in entries]
        self.values += [value for _, value in entries]
        self.starts.append(len(self.columns))

    def solve(self) -> list[float]:
        """Return the variables of the optimum; RuntimeError where there is none."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.costs), len(self.lower)
        lp.col_cost_ = np.array(self.costs)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.costs)), np.array(self.uppers)
        lp.row_lower_, lp.row_upper_ = np.array(self.lower), np.array(self.upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.starts)
        lp.a_matrix_.index_ = np.array(self.columns)
        lp.a_matrix_.value_ = np.array(self.values)
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.silent()
        highs.setOptionValue("threads", 1)
        highs.passModel(lp)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError("The program has no optimum")
        return list(highs.getSolution().col_value)


def foresight(case: Case, span: Span) -> Figures:
    """Return what the best possible charging of a span costs."""
    figures = Figures(days=(span.last - span.start).total_seconds() / 86_400.0)
    stays = [(car, stay) for car, all_of in enumerate(span.visits) for stay in all_of]
    figures.visits = len(stays)
    if case.peak_per_kw:
        _solve(case, stays, figures, (span.start, span.last))
        return figures
    for group in _groups(stays):
        begin = min(stay.plugged for _, stay in group)
        end = max(stay.unplugged for _, stay in group)
        _solve(case, group, figures, (begin, end))
    return figures


type Stays = list[tuple[int, Visit]]


def _groups(stays: Stays) -> Iterator[Stays]:
    """Yield the stays in groups that have no moment in common."""
    group: Stays = []
    end = None
    for one in sorted(stays, key=lambda stay: stay[1].plugged):
        if end is not None and one[1].plugged >= end:
            yield group
            group = []
        group.append(one)
        end = max(stay.unplugged for _, stay in group)
    if group:
        yield group


def _solve(
    case: Case,
    stays: Stays,
    figures: Figures,
    ends: tuple[datetime, datetime],
    *,
    promised: bool = True,
) -> None:
    """Add to the figures what stays that have to do with each other cost at best.

    Where promises can't be kept, cars may charge until they leave.
    """
    first = minute_of(ends[0]) // _WINDOW_MIN * _WINDOW_MIN
    last = -(-minute_of(ends[1]) // _WINDOW_MIN) * _WINDOW_MIN
    moments = [_moment(case, minute) for minute in range(first, last)]
    program = Program()
    charge: list[list[tuple[int, float]]] = [[] for _ in moments]
    missing = [
        _car(program, stay, first, charge, promised=promised) for _, stay in stays
    ]
    totals = [
        _total(program, moment, cars)
        for moment, cars in zip(moments, charge, strict=True)
    ]
    peaks: Collection[int] = ()
    if case.peak_per_kw:
        peaks = _peaks(program, case, first, list(zip(moments, totals, strict=True)))
    values = program.solve()
    unmet_wh = sum(values[column] for column in missing) * 1000.0
    if promised and unmet_wh > _LEAST_WH:
        _solve(case, stays, figures, ends, promised=False)
        return
    figures.unmet_wh += unmet_wh
    for moment, columns in zip(moments, totals, strict=True):
        power_w = sum(values[column] for column in columns) / moment.hours * 1000.0
        figures.cost += sum(
            values[column] * program.costs[column] for column in columns
        )
        figures.charged_wh += power_w * moment.hours
        figures.solar_wh += min(power_w, max(0.0, -moment.net_w)) * moment.hours
    figures.peak_cost += sum(values[peak] * program.costs[peak] for peak in peaks)


def _peaks(
    program: Program,
    case: Case,
    first: int,
    slots: Sequence[tuple[Moment, list[int]]],
) -> Collection[int]:
    """Add each month's peak, the highest mean import of its windows; return their columns."""
    months: dict[str, int] = {}
    for begin in range(0, len(slots), _WINDOW_MIN):
        month = month_of(site().start + timedelta(minutes=first + begin))
        if month not in months:
            months[month] = program.column(case.peak_per_kw / 12.0)
        imported_kwh = 0.0
        entries: list[tuple[int, float]] = []
        for moment, parts in slots[begin : begin + _WINDOW_MIN]:
            net_kwh = moment.net_w / 1000.0 * moment.hours
            imported_kwh += max(0.0, net_kwh)
            if parts and net_kwh < 0.0:
                parts = [_import(program, net_kwh, parts)]
            entries += [(part, -60.0 / _WINDOW_MIN) for part in parts]
        mean_kw = imported_kwh * 60.0 / _WINDOW_MIN
        program.row(mean_kw, inf, [(months[month], 1.0), *entries])
    return months.values()


def _import(program: Program, net_kwh: float, parts: Sequence[int]) -> int:
    """Add what is imported in a slot whose sun gives cars a part; return its column."""
    column = program.column(0.0)
    program.row(net_kwh, inf, [(column, 1.0), *((part, -1.0) for part in parts)])
    return column


def _moment(case: Case, minute: int) -> Moment:
    load_w, sun_w = mean_w(minute, minute + 1)
    sun_w = sun_w if case.has_sun else 0.0
    most_w = max(phase_w(minute)) - sun_w / PHASES
    from_start = timedelta(minutes=minute)
    return Moment(
        hours=1.0 / 60.0,
        net_w=load_w - sun_w,
        room_w=max(0.0, PHASES * (VOLTAGE_V * case.fuse_a - most_w)),
        price=price_at(case, site().start + from_start),
        feed_in=case.contract.feed_in,
    )


def _car(
    program: Program,
    stay: Visit,
    first: int,
    charge: list[list[tuple[int, float]]],
    *,
    promised: bool,
) -> int:
    """Add what a car takes in each slot, in kWh; return the column of what is missing."""
    begin = (stay.plugged - site().start).total_seconds() / 60.0
    due = stay.ready_by if promised else stay.unplugged
    end = (due - site().start).total_seconds() / 60.0
    wanted_kwh = possible_wh(stay) / 1000.0
    missing = program.column(_UNMET, wanted_kwh)
    entries = [(missing, 1.0)]
    for index in range(int(begin - first), len(charge)):
        start = first + index
        inside_min = min(end, start + 1) - max(begin, start)
        if inside_min <= 0.0:
            break
        column = program.column(0.0, FULL_W / 1000.0 * inside_min / 60.0)
        entries.append((column, 1.0))
        charge[index].append((column, 1.0))
    program.row(wanted_kwh, wanted_kwh, entries)
    return missing


def _total(
    program: Program, moment: Moment, cars: list[tuple[int, float]]
) -> list[int]:
    """Add what a slot costs by what all cars take in it; return the columns of its parts, in kWh."""
    if not cars:
        return []
    columns = [
        program.column(slope, width_w / 1000.0 * moment.hours)
        for width_w, slope in moment.segments(moment.powers_w(len(cars)))
    ]
    parts = [(column, -1.0) for column in columns]
    program.row(0.0, 0.0, [*cars, *parts])
    return columns
