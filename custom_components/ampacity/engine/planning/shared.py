"""Where a plan leaves nothing of a limit: there a charger must not take more than is planned for it.

Elsewhere what it charges beyond a slot's plan is only charged earlier, at the same price or nearly so,
and one steady current is better for car and charger than one that follows each new plan.
"""

from collections.abc import Iterator

from ..plan import Peak, Problem, Solution

FULL = 0.97
"""A limit of which this part is planned is full."""


class Shared:
    """The limits of a problem, and how full a solution makes them."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        """Look at this solution."""
        self._problem = problem
        self._solution = solution
        self._peak_full = (
            frozenset(_full_of_peak(problem, solution, problem.peak))
            if problem.peak is not None
            else frozenset()
        )

    def is_limited(self, car_id: str, index: int) -> bool:
        """Whether a limit that this car meets is full in a slot."""
        slot = self._problem.slots[index]
        if index in self._peak_full:
            return True
        if self._power_w(index) >= FULL * slot.room_w:
            return True
        car = next(one for one in self._problem.cars if one.id == car_id)
        return any(
            self._power_w(index, group) >= FULL * slot.groups[group]
            for group in car.groups
            if group in slot.groups and len(self._members(group)) > 1
        )

    def has_room(self, car_id: str, index: int, power_w: float) -> bool:
        """Whether a car may take so much in a slot beside what is planned for the others."""
        slot = self._problem.slots[index]
        others_w = self._power_w(index) - self._solution.charges[car_id].power_w(index)
        car = next(one for one in self._problem.cars if one.id == car_id)
        groups_w = [slot.groups[one] for one in car.groups if one in slot.groups]
        return power_w + others_w <= min([slot.room_w, *groups_w])

    def _members(self, group: str) -> list[str]:
        return [one.id for one in self._problem.cars if group in one.groups]

    def _power_w(self, index: int, group: str | None = None) -> float:
        keys = self._solution.charges if group is None else self._members(group)
        return sum(self._solution.charges[key].power_w(index) for key in keys)


def _full_of_peak(problem: Problem, solution: Solution, peak: Peak) -> Iterator[int]:
    """Yield the slots of the windows in which the planned peak is reached."""
    most_w = max(solution.peak_w, peak.paid_w)
    slots = problem.slots
    for first in range(-peak.offset, len(slots), peak.window):
        span = range(max(0, first), min(len(slots), first + peak.window))
        hours = sum(slots[index].hours for index in span)
        if not hours:
            continue
        import_wh = sum(
            (slots[index].house_w + _grid_w(solution, index)) * slots[index].hours
            for index in span
        )
        if import_wh >= FULL * most_w * hours:
            yield from span


def _grid_w(solution: Solution, index: int) -> float:
    return sum(charge.grid_w[index] for charge in solution.charges.values())
