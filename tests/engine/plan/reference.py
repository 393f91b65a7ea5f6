"""The same problem as a (mixed-integer) linear program, solved by HiGHS."""

from dataclasses import dataclass, field
from math import inf

import highspy
import numpy as np

from custom_components.ampacity.engine.plan import PlanCar, Problem, Solution

UNMET_PRICE = 100.0
"""Currency per kWh of firm energy that is not served: dearer than all else."""
OVER_PRICE = 1.0
"""Currency per kWh that is charged beyond what is asked, as the minimum power may demand."""


@dataclass
class Program:
    """Columns and rows as they come; energies in kWh."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, dict[int, float]]] = field(default_factory=list)

    def column(
        self,
        upper: float = inf,
        cost: float = 0.0,
        lower: float = 0.0,
        *,
        whole: bool = False,
    ) -> int:
        """Add a variable."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, lower: float, upper: float, entries: dict[int, float]) -> None:
        """Add a constraint."""
        self.rows.append((lower, upper, entries))

    def solve(
        self, *, gap: float = 0.0, seconds: float = inf
    ) -> tuple[float, list[float], float]:
        """Return objective, values and the bound that was proven."""
        starts = np.cumsum([0] + [len(entries) for _, _, entries in self.rows])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.rows)
        lp.col_cost_ = np.array(self.cost)
        lp.col_lower_, lp.col_upper_ = np.array(self.lower), np.array(self.upper)
        lp.row_lower_ = np.array([row[0] for row in self.rows])
        lp.row_upper_ = np.array([row[1] for row in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts
        lp.a_matrix_.index_ = np.array([at for row in self.rows for at in row[2]])
        lp.a_matrix_.value_ = np.array(
            [value for row in self.rows for value in row[2].values()]
        )
        if any(self.whole):
            kinds = highspy.HighsVarType
            lp.integrality_ = [
                kinds.kInteger if one else kinds.kContinuous for one in self.whole
            ]
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.silent()
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("time_limit", seconds)
        highs.passModel(lp)
        highs.run()
        info = highs.getInfo()
        bound = (
            info.mip_dual_bound if any(self.whole) else info.objective_function_value
        )
        return info.objective_function_value, list(highs.getSolution().col_value), bound


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What HiGHS found."""

    objective: float
    bound: float
    """No plan can have a lower objective."""
    unmet_wh: float


def objective(problem: Problem, solution: Solution) -> float:
    """Return by what the program measures a plan."""
    total = solution.cost
    for car in problem.cars:
        charge = solution.charges[car.id]
        extra = charge.energy_wh - (car.firm_wh - charge.unmet_wh)
        wanted = min(extra, car.extra_wh)
        total += charge.unmet_wh / 1000.0 * UNMET_PRICE
        total -= wanted / 1000.0 * car.price_limit if wanted > 0.0 else 0.0
        total += (extra - wanted) / 1000.0 * OVER_PRICE
        total += problem.start_cost * starts(
            car, [charge.power_w(at) for at in range(len(problem.slots))]
        )
    return total


def starts(car: PlanCar, power_w: list[float]) -> int:
    """Return how often a car begins to charge."""
    before = [1.0 if car.charging else 0.0, *power_w]
    return sum(last <= 1e-6 < now for last, now in zip(before, power_w, strict=False))


def reference(
    problem: Problem, *, minimum: bool = False, gap: float = 0.0, seconds: float = inf
) -> Reference:
    """Return the optimum; with ``minimum`` of 0 or at least the least power in each slot."""
    program = Program()
    takes = [_takes(program, problem, car) for car in problem.cars]
    unmet = [
        _needs(program, car, columns, minimum=minimum)
        for car, columns in zip(problem.cars, takes, strict=True)
    ]
    grids = _limits(program, problem, takes)
    if problem.peak is not None:
        _peak(program, problem, grids)
    if minimum:
        for car, columns in zip(problem.cars, takes, strict=True):
            _minimum(program, problem, car, columns)
    value, found, bound = program.solve(gap=gap, seconds=seconds)
    left = sum(found[column] for column in unmet) * 1000.0
    return Reference(objective=value, bound=bound, unmet_wh=left)


def _takes(program: Program, problem: Problem, car: PlanCar) -> dict[int, int]:
    """Return the columns of what a car takes, by slot."""
    stop = len(problem.slots) if car.stop is None else car.stop
    return {
        at: program.column(car.cap_w(at) * problem.slots[at].hours / 1000.0)
        for at in range(car.first, stop)
    }


def _needs(
    program: Program, car: PlanCar, columns: dict[int, int], *, minimum: bool
) -> int:
    """Ask for what a car needs; return the column of what it does not get."""
    unmet = program.column(car.firm_wh / 1000.0, UNMET_PRICE)
    extra = program.column(car.extra_wh / 1000.0, -car.price_limit)
    over = program.column(inf if minimum else 0.0, OVER_PRICE)
    firm = car.firm_wh / 1000.0
    entries = dict.fromkeys(columns.values(), 1.0)
    program.row(firm, firm, {**entries, unmet: 1.0, extra: -1.0, over: -1.0})
    return unmet


def _limits(
    program: Program, problem: Problem, takes: list[dict[int, int]]
) -> list[int]:
    """Keep slots and groups inside their room; return the columns of import."""
    grids = []
    for at, slot in enumerate(problem.slots):
        entries = {columns[at]: 1.0 for columns in takes if at in columns}
        sun = program.column(slot.sun_w * slot.hours / 1000.0, slot.feed_in_price)
        grid = program.column(inf, slot.import_price)
        program.row(0.0, 0.0, {**entries, sun: -1.0, grid: -1.0})
        program.row(-inf, slot.room_w * slot.hours / 1000.0, {sun: 1.0, grid: 1.0})
        if slot.feed_in_price > slot.import_price and slot.sun_w > 0.0:
            _sun_first(program, problem, at, sun, grid)
        for name, watts in slot.groups.items():
            members = {
                columns[at]: 1.0
                for columns, car in zip(takes, problem.cars, strict=True)
                if at in columns and name in car.groups
            }
            program.row(-inf, watts * slot.hours / 1000.0, members)
        grids.append(grid)
    return grids


def _sun_first(
    program: Program, problem: Problem, at: int, sun: int, grid: int
) -> None:
    """Allow import in a slot only where the cars take all its sun."""
    slot = problem.slots[at]
    most_w = min(slot.room_w, sum(car.cap_w(at) for car in problem.cars))
    imports = program.column(1.0, whole=True)
    program.row(-inf, 0.0, {grid: 1.0, imports: -most_w * slot.hours / 1000.0})
    program.row(0.0, inf, {sun: 1.0, imports: -slot.sun_w * slot.hours / 1000.0})


def _peak(program: Program, problem: Problem, grids: list[int]) -> None:
    """Make the highest mean import of a window cost."""
    peak = problem.peak
    assert peak is not None
    above = program.column(inf, peak.price * 1000.0)
    for first in range(-peak.offset, len(grids), peak.window):
        window = range(max(0, first), min(len(grids), first + peak.window))
        hours = sum(problem.slots[at].hours for at in window)
        house = sum(
            problem.slots[at].house_w * problem.slots[at].hours for at in window
        )
        if first <= 0:
            hours, house = hours + peak.elapsed_h, house + peak.imported_wh
        entries = {grids[at]: 1.0 for at in window}
        room = (peak.paid_w * hours - house) / 1000.0
        program.row(-inf, room, {**entries, above: -hours})


def _minimum(
    program: Program, problem: Problem, car: PlanCar, columns: dict[int, int]
) -> None:
    """Allow a car 0 or at least its least power, and count its starts."""
    short = problem.slots[0].hours < 0.25 - 1e-9
    on = {at: program.column(1.0, whole=True) for at in columns}
    for at, column in columns.items():
        hours = problem.slots[at].hours / 1000.0
        program.row(-inf, 0.0, {column: 1.0, on[at]: -car.cap_w(at) * hours})
        program.row(0.0, inf, {column: 1.0, on[at]: -car.min_w * hours})
        start = program.column(1.0, problem.start_cost)
        if at - 1 in on:
            program.row(-inf, 0.0, {on[at]: 1.0, on[at - 1]: -1.0, start: -1.0})
        elif not (at == 0 and car.charging):
            program.row(-inf, 0.0, {on[at]: 1.0, start: -1.0})
    if short and 0 in on and 1 in on:
        first, then = (on[1], on[0]) if car.charging else (on[0], on[1])
        program.row(-inf, 0.0, {first: 1.0, then: -1.0})
