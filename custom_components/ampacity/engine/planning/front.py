"""Charges early within a run: once a car has started, what costs the same is better had than hoped for.

The planner goes late among equals, which leaves plans free to change. Within a run that freedom is
worth nothing, and a car that takes a little less than planned would miss the last cheap minutes.
Only where the sun takes part it is worth something: what is bought after the sun is bought less
where the sun gave more than expected.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..plan import CarCharge, PlanCar, Problem, Solution

_LEAST_W = 1.0
_SAME = 1e-9


def front_loaded(
    problem: Problem, cars: Mapping[str, PlanCar], solution: Solution
) -> Solution:
    """Return the solution with the grid's part of each run moved forward among equal prices."""
    grid_w = {key: list(charge.grid_w) for key, charge in solution.charges.items()}
    moved = _Moved(problem, cars, solution.charges, grid_w)
    for key in grid_w:
        for run in moved.runs(key):
            moved.forward(key, run)
    return replace(
        solution,
        charges={
            key: replace(charge, grid_w=tuple(grid_w[key]))
            for key, charge in solution.charges.items()
        },
    )


class _Moved:
    """A solution while energy is moved forward in it."""

    def __init__(
        self,
        problem: Problem,
        cars: Mapping[str, PlanCar],
        charges: Mapping[str, CarCharge],
        grid_w: Mapping[str, list[float]],
    ) -> None:
        """Move within these powers from the grid, by car and slot."""
        self._slots = problem.slots
        self._cars = cars
        self._charges = charges
        self._grid_w = grid_w

    def runs(self, key: str) -> Iterator[list[int]]:
        """Yield the runs of a car: slots without a gap between them."""
        run: list[int] = []
        for slot in range(len(self._slots)):
            if self._power_w(key, slot) > _LEAST_W:
                run.append(slot)
            elif run:
                yield run
                run = []
        if run:
            yield run

    def forward(self, key: str, run: Sequence[int]) -> None:
        """Fill the slots of a run from its beginning, with what its last slots have."""
        for early in run:
            for late in reversed(run):
                if late <= early:
                    break
                if not self._has_sun(key, early + 1, late) and self._costs_the_same(
                    early, late
                ):
                    self._move(key, early, late)

    def _has_sun(self, key: str, first: int, last: int) -> bool:
        """Whether the sun has a part in what is charged from one slot to another."""
        return any(
            sun_w > _LEAST_W for sun_w in self._charges[key].sun_w[first : last + 1]
        )

    def _costs_the_same(self, one: int, other: int) -> bool:
        prices = (self._slots[one].import_price, self._slots[other].import_price)
        return abs(prices[0] - prices[1]) < _SAME

    def _move(self, key: str, early: int, late: int) -> None:
        hours, late_hours = self._slots[early].hours, self._slots[late].hours
        movable_w = self._grid_w[key][late]
        least_w = self._cars[key].min_w
        left_w = self._power_w(key, late) - movable_w
        spare_wh = self._spare_w(key, early) * hours
        is_bridge = late + 1 < len(self._slots) and (
            self._power_w(key, late + 1) > _LEAST_W
        )
        too_little = spare_wh < movable_w * late_hours or 0.0 < left_w < least_w
        if is_bridge or too_little:
            movable_w = max(0.0, self._power_w(key, late) - max(least_w, left_w))
        moved_wh = min(spare_wh, movable_w * late_hours)
        self._grid_w[key][early] += moved_wh / hours
        self._grid_w[key][late] -= moved_wh / late_hours

    def _spare_w(self, key: str, slot: int) -> float:
        """Return by how much a car could take more in a slot."""
        car, here = self._cars[key], self._slots[slot]
        spare_w = [car.cap_w(slot) - self._power_w(key, slot)]
        spare_w.append(here.room_w - self._total_w(self._cars, slot))
        for group in car.groups:
            if group in here.groups:
                members = [k for k, one in self._cars.items() if group in one.groups]
                spare_w.append(here.groups[group] - self._total_w(members, slot))
        return max(0.0, min(spare_w))

    def _total_w(self, keys: Mapping[str, PlanCar] | Sequence[str], slot: int) -> float:
        return sum(self._power_w(key, slot) for key in keys)

    def _power_w(self, key: str, slot: int) -> float:
        return self._grid_w[key][slot] + self._charges[key].sun_w[slot]
