"""By what plans are compared."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from .problem import PlanCar, Problem

type Plan = list[dict[int, float]]
"""What each car takes, in Wh by slot."""
type Energies = Sequence[Mapping[int, float]]
"""The same, only to read."""


def value(problem: Problem, plan: Energies) -> float:
    """Return what a plan costs: energy, starts, what is missing or too much, less what extra is worth."""
    missing, over = unmet_price(problem), over_price(problem)
    total = energy_cost(problem, plan)
    for car, energies in zip(problem.cars, plan, strict=True):
        energy = sum(energies.values())
        beyond = energy - car.firm_wh
        if beyond < 0.0:
            total -= beyond / 1000.0 * missing
        elif beyond > 0.0:
            wanted = min(beyond, car.extra_wh)
            total += (beyond - wanted) / 1000.0 * over
            if wanted > 0.0:
                total -= wanted / 1000.0 * min(car.price_limit, missing)
        if problem.start_cost > 0.0:
            total += problem.start_cost * starts(car, energies)
    return total


def energy_cost(problem: Problem, plan: Energies) -> float:
    """Return what the energy of all cars costs, the sun first, in currency."""
    totals: dict[int, float] = {}
    for energies in plan:
        for at, energy in energies.items():
            totals[at] = totals.get(at, 0.0) + energy
    cost = 0.0
    for at, total in totals.items():
        slot = problem.slots[at]
        sun = min(total, slot.sun_w * slot.hours)
        cost += sun * slot.feed_in_price + (total - sun) * slot.import_price
    return cost / 1000.0


def starts(car: PlanCar, energies: Mapping[int, float]) -> int:
    """Return how often a car begins to charge."""
    on = sorted(at for at, energy in energies.items() if energy > 0.0)
    return sum(
        now != last + 1 for last, now in pairwise([-1 if car.charging else -2, *on])
    )


def unmet_price(problem: Problem) -> float:
    """Return currency per kWh of firm energy that is missing: more than anything else can cost."""
    peak = problem.peak.price * 8000.0 if problem.peak is not None else 0.0
    return 200.0 * _top(problem) + peak


def over_price(problem: Problem) -> float:
    """Return currency per kWh that is charged beyond what is asked, as it is of no use."""
    return 2.0 * _top(problem)


def _top(problem: Problem) -> float:
    """Return the greatest price, whatever its sign."""
    return max((abs(slot.import_price) for slot in problem.slots), default=0.0) or 1.0
