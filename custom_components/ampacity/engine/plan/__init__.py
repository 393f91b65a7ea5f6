"""Plans when cars charge: the cheapest way to keep all promises inside all limits.

``solve(Problem) -> Solution`` is pure and needs no solver. Without a minimum power the plan is
exact; with it, it is made from the exact one.
"""

from .problem import Peak, PlanCar, Problem, Slot
from .solution import CarCharge, Solution
from .solve import solve
from .split import cost_at_once

__all__ = [
    "CarCharge",
    "Peak",
    "PlanCar",
    "Problem",
    "Slot",
    "Solution",
    "cost_at_once",
    "solve",
]
