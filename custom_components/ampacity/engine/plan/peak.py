"""Finds how high the import may rise where its peak costs.

The cost of the best plan under a cap falls with the cap and is convex in it, made of straight
pieces; the tariff rises with it. So the sum has one minimum, which the tangents of two sides
enclose: where they meet is the next guess, and when the cost there lies on them, it is the
minimum (Kelley's cutting planes in one dimension).
"""

from collections.abc import Callable
from typing import NamedTuple

from .problem import Peak, Problem
from .value import Energies

_STEP_W = 0.01
_ROUNDS = 24


class _Tangent(NamedTuple):
    """A straight line that touches the cost."""

    cap_w: float
    cost: float
    slope: float

    def at(self, cap_w: float) -> float:
        """Return its height."""
        return self.cost + self.slope * (cap_w - self.cap_w)


def cheapest_cap(cost: Callable[[float], float], low_w: float, high_w: float) -> float:
    """Return the cap from ``low_w`` to ``high_w`` where a convex cost is least."""
    if high_w - low_w <= 2.0 * _STEP_W:
        return low_w
    left, right = _right_of(cost, low_w), _left_of(cost, high_w)
    if left.slope >= 0.0 or right.slope <= 0.0:
        return low_w if left.slope >= 0.0 else high_w
    cap = low_w
    for _ in range(_ROUNDS):
        cap = _meeting(left, right)
        here = cost(cap)
        if here <= left.at(cap) + 1e-9 * (1.0 + abs(here)):
            break
        falling = _right_of(cost, cap)
        if falling.slope < 0.0:
            left = falling
            continue
        rising = _left_of(cost, cap)
        if rising.slope <= 0.0:
            return cap
        right = rising
    return min((left.cap_w, cap, right.cap_w), key=cost)


def _meeting(left: _Tangent, right: _Tangent) -> float:
    """Return where a falling and a rising line meet."""
    apart = left.cost - left.slope * left.cap_w - right.cost + right.slope * right.cap_w
    return min(max(left.cap_w, apart / (right.slope - left.slope)), right.cap_w)


def _right_of(cost: Callable[[float], float], cap_w: float) -> _Tangent:
    """Return the tangent towards higher caps."""
    here = cost(cap_w)
    return _Tangent(cap_w, here, (cost(cap_w + _STEP_W) - here) / _STEP_W)


def _left_of(cost: Callable[[float], float], cap_w: float) -> _Tangent:
    """Return the tangent towards lower caps."""
    here = cost(cap_w)
    return _Tangent(cap_w, here, (here - cost(cap_w - _STEP_W)) / _STEP_W)


class Window(NamedTuple):
    """Slots over which the tariff takes one mean."""

    slots: range
    hours: float
    """Of the whole window, what is over included."""
    ahead_h: float
    """What is yet to come."""
    house_wh: float
    """Import without cars, what is over included."""


def windows(problem: Problem, peak: Peak) -> list[Window]:
    """Return the windows of a tariff that lie in the slots."""
    found = []
    count = len(problem.slots)
    for first in range(-peak.offset, count, peak.window):
        span = range(max(0, first), min(count, first + peak.window))
        ahead = sum(problem.slots[at].hours for at in span)
        house = sum(problem.slots[at].house_w * problem.slots[at].hours for at in span)
        now = span.start == 0
        hours = ahead + (peak.elapsed_h if now else 0.0)
        found.append(
            Window(span, hours, ahead, house + (peak.imported_wh if now else 0.0))
        )
    return found


def grid_limits(problem: Problem, peak: Peak, cap_w: float) -> list[float]:
    """Return what the cars may import in each slot below a cap, in Wh.

    In a window of several slots they may take the same power in each.
    """
    limits = [0.0] * len(problem.slots)
    for window in windows(problem, peak):
        power = max(0.0, cap_w * window.hours - window.house_wh) / window.ahead_h
        for at in window.slots:
            limits[at] = power * problem.slots[at].hours
    return limits


def peak_of(problem: Problem, peak: Peak, plan: Energies) -> float:
    """Return the highest mean import of all windows, in W."""
    totals = [0.0] * len(problem.slots)
    for energies in plan:
        for at, energy in energies.items():
            totals[at] += energy
    grid = [
        max(0.0, total - slot.sun_w * slot.hours)
        for total, slot in zip(totals, problem.slots, strict=True)
    ]
    return max(
        (window.house_wh + sum(grid[at] for at in window.slots)) / window.hours
        for window in windows(problem, peak)
    )
