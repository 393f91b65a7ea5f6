"""The one function that plans."""

from .convex import flow
from .problem import Problem
from .solution import Solution
from .split import charges_of


def solve(problem: Problem) -> Solution:
    """Return the cheapest plan that keeps all limits.

    Firm energy that cannot be met is as little as possible, and is told; extra energy is taken
    where it costs no more than its limit. Of equally cheap slots later ones are taken.
    """
    net, unmet = flow(problem)
    return Solution(charges=charges_of(problem, net.used, unmet))
