"""What the cars have taken of slots and groups, and what the next one can still take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from .choice import Choice, choice
from .problem import Problem

_ROUNDING = 1e-9


@dataclass(slots=True)
class Site:
    """Energies in Wh, one value a slot."""

    problem: Problem
    parts: list[tuple[float, float, float, float]]
    """Of each slot the price and width of the sun, and of the grid, which is no cheaper."""
    taken: list[float]
    """What all cars take."""
    rooms: dict[str, list[float]]
    """What each group has left."""

    def choices(self, car: int, floor: Sequence[float] | None = None) -> list[Choice]:
        """Return what a car can do in each slot; ``floor`` is the least price of each slot."""
        one = self.problem.cars[car]
        rooms = [self.rooms[name] for name in one.groups if name in self.rooms]
        slots = self.problem.slots
        stop = len(slots) if one.stop is None else min(one.stop, len(slots))
        found = []
        for at in range(max(0, one.first), stop):
            low, width, high, beyond = self.parts[at]
            taken, hours = self.taken[at], slots[at].hours
            most = (one.max_w if one.caps_w is None else one.cap_w(at)) * hours
            most = min(most, width + beyond - taken)
            for room in rooms:
                most = min(most, room[at])
            least = one.min_w * hours
            if most < least - _ROUNDING or most <= _ROUNDING:
                continue
            if floor is not None:
                least_price = floor[at] / 1000.0
                low, high = max(low, least_price), max(high, least_price)
            found.append(
                choice(
                    at, (low, high), max(0.0, width - taken), least, max(most, least)
                )
            )
        return found

    def copy(self) -> Site:
        """Return the same, to be changed on its own."""
        rooms = {name: list(room) for name, room in self.rooms.items()}
        return Site(self.problem, self.parts, list(self.taken), rooms)

    def headroom(self, car: int, slot: int) -> float:
        """Return the most a car can take in a slot, in Wh."""
        one = self.problem.cars[car]
        _, width, _, beyond = self.parts[slot]
        most = min(
            one.cap_w(slot) * self.problem.slots[slot].hours,
            width + beyond - self.taken[slot],
        )
        for name in one.groups:
            if name in self.rooms:
                most = min(most, self.rooms[name][slot])
        return most

    def add(self, car: int, energies: Mapping[int, float], sign: float = 1.0) -> None:
        """Let a car take energies, by slot; with a sign of -1 it gives them back."""
        rooms = [
            self.rooms[name]
            for name in self.problem.cars[car].groups
            if name in self.rooms
        ]
        for at, energy in energies.items():
            self.taken[at] += sign * energy
            for room in rooms:
                room[at] -= sign * energy


def site_of(problem: Problem, grid_wh: Sequence[float] | None = None) -> Site:
    """Return the site of a problem with nothing taken; ``grid_wh`` is the most to import."""
    parts = []
    for at, slot in enumerate(problem.slots):
        room = max(0.0, slot.room_w * slot.hours)
        sun = min(room, slot.sun_w * slot.hours)
        grid = room - sun if grid_wh is None else min(room - sun, grid_wh[at])
        sun_price, grid_price = slot.feed_in_price / 1000.0, slot.import_price / 1000.0
        parts.append((sun_price, sun, grid_price, grid))
    rooms = {
        name: [
            max(0.0, slot.groups.get(name, inf)) * slot.hours for slot in problem.slots
        ]
        for name in {name for car in problem.cars for name in car.groups}
    }
    return Site(problem, parts, [0.0] * len(parts), rooms)
