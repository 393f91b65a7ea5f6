"""Rounds the plan without a minimum power to one with it.

What the exact plan gives a car below its minimum is either raised to it or given up, the rest is
planned exactly around that, and so on until nothing is below ("diving", a heuristic of
mixed-integer solvers; T. Achterberg, *Constraint Integer Programming*, 2007, section 9.3).
"""

from collections.abc import Sequence
from math import inf

from .convex import Decided, flow
from .problem import Problem
from .site import site_of

_ROUNDS = 8
_CAREFUL = 2
"""Rounds in which less than half the minimum is given up instead of raised."""
_ROUNDING = 1e-6

type Below = tuple[float, int, int]
"""Part of the minimum, car, slot."""


def dive(
    problem: Problem, grid_wh: Sequence[float] | None, raised_from: float = 0.5
) -> list[dict[int, float]]:
    """Return a plan in which no car charges below its minimum."""
    on: list[dict[int, float]] = [{} for _ in problem.cars]
    off: list[set[int]] = [set() for _ in problem.cars]
    for turn in range(_ROUNDS):
        used = powers(problem, grid_wh, on, off)
        below = _below(problem, used, on)
        if not below:
            break
        _settle(
            problem,
            grid_wh,
            used,
            below,
            on,
            off,
            raised_from if turn < _CAREFUL else 0.0,
        )
    else:
        for car, slot in [(car, slot) for _, car, slot in _below(problem, used, on)]:
            off[car].add(slot)
        used = powers(problem, grid_wh, on, off)
        for _, car, slot in _below(problem, used, on):
            used[car].pop(slot)
    return used


def powers(
    problem: Problem,
    grid_wh: Sequence[float] | None,
    on: Sequence[dict[int, float]],
    off: Sequence[set[int]],
    *,
    fair: bool = False,
) -> list[dict[int, float]]:
    """Return the cheapest energies in Wh by slot, of each car, around what is decided."""
    decided = [
        Decided(sure, frozenset(never)) for sure, never in zip(on, off, strict=True)
    ]
    net, _ = flow(problem, grid_wh, decided, fair=fair)
    found = []
    for used, sure in zip(net.used, on, strict=True):
        energies = {at: energy for at, energy in enumerate(used) if energy > _ROUNDING}
        for at, energy in sure.items():
            energies[at] = energies.get(at, 0.0) + energy
        found.append(energies)
    return found


def _below(
    problem: Problem, used: Sequence[dict[int, float]], on: Sequence[dict[int, float]]
) -> list[Below]:
    """Return what is below the minimum, that next to it first."""
    found = [
        (energy / least, car, slot)
        for car, energies in enumerate(used)
        for slot, energy in energies.items()
        if slot not in on[car]
        and energy
        < (least := problem.cars[car].min_w * problem.slots[slot].hours) - _ROUNDING
    ]
    return sorted(found, reverse=True)


def _settle(
    problem: Problem,
    grid_wh: Sequence[float] | None,
    used: Sequence[dict[int, float]],
    below: Sequence[Below],
    on: list[dict[int, float]],
    off: list[set[int]],
    raised_from: float,
) -> None:
    """Raise what is nearly at the minimum, where that fits beside all that is on; give up the rest."""
    site = site_of(problem, grid_wh)
    for car, energies in enumerate(on):
        site.add(car, energies)
    short = [
        car.firm_wh - sum(one.values()) > _ROUNDING
        for car, one in zip(problem.cars, used, strict=True)
    ]
    wanted = [
        car.firm_wh + car.extra_wh - sum(sure.values()) if sure else inf
        for car, sure in zip(problem.cars, on, strict=True)
    ]
    careful = any(part >= raised_from for part, _, _ in below)
    for part, car, slot in below:
        least = problem.cars[car].min_w * problem.slots[slot].hours
        fits = site.headroom(car, slot) >= least and wanted[car] >= least
        if fits and (part >= raised_from or short[car]):
            if wanted[car] == inf:
                wanted[car] = problem.cars[car].firm_wh + problem.cars[car].extra_wh
            wanted[car] -= least
            on[car][slot] = least
            site.add(car, {slot: least})
        elif not fits or not careful:
            off[car].add(slot)
