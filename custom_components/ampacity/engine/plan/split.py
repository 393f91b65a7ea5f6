"""Turns energy in slots into a solution: who gets the sun, what it costs."""

from collections.abc import Sequence

from .problem import Problem
from .site import site_of
from .solution import CarCharge, Solution
from .value import Energies


def charges_of(problem: Problem, plan: Energies) -> dict[str, CarCharge]:
    """Return each car's charge; the sun of a slot is shared by what they take there, in Wh."""
    slots = range(len(problem.slots))
    used = [[energies.get(at, 0.0) for at in slots] for energies in plan]
    share = _sun_shares(problem, used)
    charges = {}
    for index, car in enumerate(problem.cars):
        sun_w, grid_w, cost = [], [], 0.0
        for slot, energy, part in zip(problem.slots, used[index], share, strict=True):
            power = energy / slot.hours if energy > 0.0 else 0.0
            sun_w.append(power * part)
            grid_w.append(power * (1.0 - part))
            if energy > 0.0:
                price = part * slot.feed_in_price + (1.0 - part) * slot.import_price
                cost += energy * price
        charges[car.id] = CarCharge(
            sun_w=tuple(sun_w),
            grid_w=tuple(grid_w),
            energy_wh=sum(used[index]),
            unmet_wh=max(0.0, car.firm_wh - sum(used[index])),
            cost=cost / 1000.0,
        )
    return charges


def _sun_shares(problem: Problem, used: Sequence[Sequence[float]]) -> list[float]:
    """Return which part of all that is charged in a slot comes from the sun."""
    if len(used) == 1:
        totals = list(used[0])
    else:
        totals = [sum(column) for column in zip(*used, strict=True)]
    return [
        min(1.0, slot.sun_w * slot.hours / total) if total > 0.0 else 0.0
        for slot, total in zip(problem.slots, totals, strict=False)
    ]


def cost_at_once(problem: Problem, solution: Solution) -> dict[str, float]:
    """Return what the same energy would cost each car if all charged at once, in currency.

    All limits hold then too; the cars take turns in nothing: in each slot each takes what it
    can, those first that must be ready first. A peak is not counted.
    """
    site = site_of(problem)
    left = [solution.charges[car.id].energy_wh for car in problem.cars]
    plan: list[dict[int, float]] = [{} for _ in problem.cars]
    count = len(problem.slots)
    order = sorted(range(len(left)), key=lambda car: problem.cars[car].stop or count)
    for at in range(count):
        for index in order:
            car = problem.cars[index]
            if not car.first <= at < (car.stop or count):
                continue
            energy = min(left[index], site.headroom(index, at))
            if energy > 0.0:
                site.add(index, {at: energy})
                plan[index][at] = energy
                left[index] -= energy
    charges = charges_of(problem, plan)
    return {car: charge.cost for car, charge in charges.items()}
