"""The network in which energy flows: from the slots' sun and grid to the cars."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from .problem import PlanCar, Problem, Slot

EPSILON_WH = 1e-9
"""Less than this is nothing."""

type Source = tuple[float, int, int, float]
"""Price, slot counted backwards, 1 for the grid, Wh: sorted, so cheap ones come first, then late ones."""


@dataclass(slots=True)
class Network:
    """What flows and what still could; energies in Wh, one value a slot."""

    sources: list[Source]
    """Sun and grid of all slots, the cheapest first, of equals the latest."""
    left: list[float]
    """What each source can still give."""
    used: list[list[float]]
    """What each car takes."""
    spare: list[list[float]]
    """What each car could take beyond that if it were alone."""
    rooms: list[list[list[float]]]
    """What each group of a car has left; cars of one group share the list."""
    needs: list[float]
    """What each car still lacks of the energy that is being filled in."""

    def take(self, source: int, slot: int, car: int, energy: float) -> None:
        """Let a car take energy from a source; the car's need is the caller's to count."""
        self.left[source] -= energy
        self.give(slot, car, energy)

    def give(self, slot: int, car: int, energy: float) -> None:
        """Let a car take energy that is in the slot already; below 0 it gives it up."""
        self.used[car][slot] += energy
        self.spare[car][slot] -= energy
        for room in self.rooms[car]:
            room[slot] -= energy

    def headroom(self, car: int, slot: int) -> float:
        """Return what a car could take in a slot as far as it and its groups go, in Wh."""
        energy = self.spare[car][slot]
        for room in self.rooms[car]:
            energy = min(energy, room[slot])
        return energy


def sources_of(
    slots: Sequence[Slot], grid_wh: Sequence[float] | None = None
) -> list[Source]:
    """Return sun and grid of all slots in the order in which they are worth using.

    ``grid_wh`` is the most that the cars may import in each slot, where a peak is to be kept.
    """
    found: list[Source] = []
    for index, slot in enumerate(slots):
        room = slot.room_w * slot.hours
        if room <= 0.0:
            continue
        sun = min(room, slot.sun_w * slot.hours)
        if sun > 0.0:
            found.append((slot.feed_in_price, -index, 0, sun))
            room -= sun
        if grid_wh is not None and grid_wh[index] < room:
            room = grid_wh[index]
        if room > 0.0:
            found.append((slot.import_price, -index, 1, room))
    found.sort()
    return found


def network(problem: Problem, sources: list[Source]) -> Network:
    """Return the network of a problem, nothing flowing yet."""
    hours = [slot.hours for slot in problem.slots]
    shared: dict[str, list[float]] = {}
    for name in {name for car in problem.cars for name in car.groups}:
        room = [
            slot.groups.get(name, inf) * slot.hours if name in slot.groups else inf
            for slot in problem.slots
        ]
        if min(room) < inf:
            shared[name] = [max(0.0, energy) for energy in room]
    return Network(
        sources=sources,
        left=[source[3] for source in sources],
        used=[[0.0] * len(hours) for _ in problem.cars],
        spare=[_spare(car, hours) for car in problem.cars],
        rooms=[
            [shared[name] for name in car.groups if name in shared]
            for car in problem.cars
        ],
        needs=[0.0] * len(problem.cars),
    )


def _spare(car: PlanCar, hours: Sequence[float]) -> list[float]:
    """Return what a car can take in each slot, in Wh."""
    stop = len(hours) if car.stop is None else min(car.stop, len(hours))
    first = min(max(car.first, 0), stop)
    if car.caps_w is None:
        inside = [car.max_w * span for span in hours[first:stop]]
    else:
        inside = [max(0.0, car.cap_w(at)) * hours[at] for at in range(first, stop)]
    return [0.0] * first + inside + [0.0] * (len(hours) - stop)
