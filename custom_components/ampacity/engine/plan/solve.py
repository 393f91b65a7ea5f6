"""The one function that plans."""

from collections.abc import Sequence
from math import inf

from .convex import flow
from .minimum import with_minimum
from .peak import cheapest_cap, grid_limits, peak_of
from .problem import Peak, Problem
from .sold import charged, flattened, is_dear
from .solution import Solution
from .split import charges_of
from .value import Plan, value

_TURNS = 2
"""Plans that are made where sun is dear."""
EFFORT = 400
"""How many choices of a car a search may take: some tenths of a second where a site is tight."""


def solve(problem: Problem, effort: int = EFFORT) -> Solution:
    """Return the cheapest plan that keeps all limits.

    Firm energy that cannot be met is as little as possible, and is told; what is missing is missing
    to those of low priority first, and inside a priority to the same part of what each needs, as
    far as that neither misses more nor costs more. Extra energy is taken
    where it costs no more than its limit. Of equally cheap slots later ones are taken. The plan is
    exact where no car has a minimum power and starts cost nothing, else near the optimum, the nearer
    the more ``effort`` may be spent: it counts choices of a car.
    """
    if not problem.slots:
        return Solution(charges=charges_of(problem, [{} for _ in problem.cars]))
    peak, plan = problem.peak, _planned(problem, effort)
    if peak is None:
        return Solution(charges=charges_of(problem, plan))
    highest = peak_of(problem, peak, plan)
    return Solution(
        charges=charges_of(problem, plan),
        peak_w=highest,
        peak_cost=peak.price * max(0.0, highest - peak.paid_w),
    )


def _planned(problem: Problem, effort: int) -> Plan:
    """Return the best plan found; where sun is dear, for prices that follow from the plan before."""
    if not any(is_dear(slot) for slot in problem.slots):
        return _of_flat(problem, effort)
    plans: list[Plan] = []
    for turn in range(_TURNS):
        known = charged(problem, plans[-1]) if turn else None
        plans.append(_of_flat(flattened(problem, known), effort // _TURNS))
    return min(plans, key=lambda plan: _cost(problem, plan))


def _cost(problem: Problem, plan: Plan) -> float:
    """Return what a plan costs with its peak."""
    peak = problem.peak
    if peak is None:
        return value(problem, plan)
    highest_w = peak_of(problem, peak, plan)
    return value(problem, plan) + peak.price * max(0.0, highest_w - peak.paid_w)


def _of_flat(problem: Problem, effort: int) -> Plan:
    """Return the plan where no sun is dear."""
    if problem.peak is None:
        return _plan(problem, None, effort)
    return _below_peak(problem, problem.peak, effort)


def _plan(problem: Problem, grid_wh: Sequence[float] | None, effort: int) -> Plan:
    """Return what each car takes, in Wh by slot; imports stay below the limit of each slot."""
    if problem.start_cost > 0.0 or any(car.min_w > 0.0 for car in problem.cars):
        return with_minimum(problem, grid_wh, effort)
    return _exact(problem, grid_wh, fair=True)


def _exact(
    problem: Problem, grid_wh: Sequence[float] | None = None, *, fair: bool = False
) -> Plan:
    """Return the same without a minimum and with free starts."""
    net, _ = flow(problem, grid_wh, fair=fair)
    return [
        {at: energy for at, energy in enumerate(used) if energy > 0.0}
        for used in net.used
    ]


def _below_peak(problem: Problem, peak: Peak, effort: int) -> Plan:
    """Return the plan that is cheapest with what its peak costs.

    The cap is found without a minimum power; with one, a somewhat higher cap or none may be better.
    """

    def cost(cap_w: float) -> float:
        plan = _exact(problem, grid_limits(problem, peak, cap_w))
        return value(problem, plan) + peak.price * max(0.0, cap_w - peak.paid_w)

    free = _exact(problem)
    low_w = max(peak.paid_w, peak_of(problem, peak, []))
    cap_w = cheapest_cap(cost, low_w, peak_of(problem, peak, free))
    least_w = min((car.min_w for car in problem.cars), default=0.0)
    caps = {cap_w, max(cap_w, low_w + least_w), inf} if least_w > 0.0 else {cap_w}
    plans = [
        _plan(
            problem,
            None if cap == inf else grid_limits(problem, peak, cap),
            effort // len(caps),
        )
        for cap in sorted(caps)
    ]
    return min(plans, key=lambda plan: _cost(problem, plan))
