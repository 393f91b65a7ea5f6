"""Turns energy in slots into a solution: who gets the sun, what it costs."""

from collections.abc import Sequence

from .problem import Problem
from .solution import CarCharge


def charges_of(
    problem: Problem, used: Sequence[Sequence[float]], unmet: Sequence[float]
) -> dict[str, CarCharge]:
    """Return each car's charge; the sun of a slot is shared by what they take there, in Wh."""
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
            unmet_wh=unmet[index],
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
