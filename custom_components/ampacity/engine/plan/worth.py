"""What a Wh is worth to each car, and so in each slot, in the plan without a minimum power.

These are the dual prices (node potentials) of the flow: what one more Wh would cost a car, and
what the cars that a slot serves would pay for another place.
"""

from collections.abc import Sequence
from math import inf

from .network import EPSILON_WH, Network
from .problem import Problem


def car_worth(net: Network, unmet: Sequence[float], unmet_price: float) -> list[float]:
    """Return what one more Wh would cost each car, in currency per kWh.

    It comes from a source that is left, or from a car that can find it elsewhere.
    """
    count = len(net.used)
    worth = [min(unmet_price, _own(net, car)) for car in range(count)]
    takes = [
        [other for other in range(count) if other != car and can_take(net, other, car)]
        for car in range(count)
    ]
    changed = True
    while changed:
        changed = False
        for car, givers in enumerate(takes):
            lowest = min((worth[giver] for giver in givers), default=inf)
            if lowest < worth[car]:
                worth[car], changed = lowest, True
    return [
        unmet_price if unmet[car] > EPSILON_WH else worth[car] for car in range(count)
    ]


def _own(net: Network, car: int) -> float:
    """Return the price of the cheapest source from which a car could still take."""
    for index, (price, back, _, _) in enumerate(net.sources):
        if net.left[index] > EPSILON_WH and net.headroom(car, -back) > EPSILON_WH:
            return price
    return inf


def can_take(net: Network, giver: int, taker: int) -> bool:
    """Return whether one car could take over energy from another in some slot."""
    spare, held = net.spare[taker], net.rooms[giver]
    rooms = [room for room in net.rooms[taker] if not any(room is one for one in held)]
    return any(
        energy > EPSILON_WH
        and spare[slot] > EPSILON_WH
        and all(room[slot] > EPSILON_WH for room in rooms)
        for slot, energy in enumerate(net.used[giver])
    )


def slot_worth(
    problem: Problem, net: Network, worth: Sequence[float]
) -> list[list[float]]:
    """Return what a Wh in each slot is worth to those who are served there, for each car.

    In a slot with room left that is the price of what is left.
    """
    slots = range(len(problem.slots))
    everywhere = [-inf] * len(slots)
    for index, (price, back, _, _) in enumerate(net.sources):
        if everywhere[-back] == -inf and net.left[index] > EPSILON_WH:
            everywhere[-back] = price
    lowest = [inf] * len(slots)
    for car, used in enumerate(net.used):
        for at, energy in enumerate(used):
            if energy > EPSILON_WH and worth[car] < lowest[at]:
                lowest[at] = worth[car]
    for at in slots:
        if everywhere[at] == -inf or lowest[at] < everywhere[at]:
            everywhere[at] = lowest[at] if lowest[at] < inf else everywhere[at]
    return [_inside(net, car, worth, everywhere) for car in range(len(problem.cars))]


def _inside(
    net: Network, car: int, worth: Sequence[float], everywhere: list[float]
) -> list[float]:
    """Return what a Wh is worth in each slot where the groups of a car are full."""
    found = everywhere
    for room in net.rooms[car][::-1]:
        members = [
            other
            for other, rooms in enumerate(net.rooms)
            if any(room is one for one in rooms)
        ]
        full = [at for at, left in enumerate(room) if left <= EPSILON_WH]
        if full and found is everywhere:
            found = list(everywhere)
        for at in full:
            inner = [
                worth[other] for other in members if net.used[other][at] > EPSILON_WH
            ]
            found[at] = max(found[at], min(inner, default=found[at]))
    return found
