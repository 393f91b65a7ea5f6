"""Fills needs from the cheapest sources, and re-routes where another car is in the way.

Energy flows from sources (sun and grid of a slot) through the slot's groups to the cars that lack
it. Only the sources cost something, so among successive shortest paths the shortest is always the
one from the cheapest source that still reaches a need: each source is taken once, in the order of
prices, and pushed as far as it goes (R. K. Ahuja, T. L. Magnanti, J. B. Orlin, *Network Flows*,
1993, section 9.7). A path may lead over cars that are served: they take from the source and leave
the same energy in another slot to the next car, which costs nothing.

A car from which no path leads to a need will never have one again, as flow passes it by; so each
is given up once (the "Hungarian trees" of the same book, section 12.4).
"""

from itertools import pairwise

from .network import EPSILON_WH, Network

type Path = list[tuple[int, int]]
"""Slots and the cars that take there, from the source to the need."""


def fill(net: Network, price_limit: float) -> None:
    """Serve what the cars lack at the least cost, from sources up to a price.

    What cannot be served remains in ``net.needs``; its sum is the least possible.
    """
    needy = sorted(
        (car for car, need in enumerate(net.needs) if need > EPSILON_WH),
        key=lambda car: _last(net.spare[car]),
    )
    dead = [False] * len(net.needs)
    for index, (price, back, _, _) in enumerate(net.sources):
        if price > price_limit or not needy:
            return
        if net.left[index] <= EPSILON_WH:
            continue
        if _push(net, index, -back, needy):
            needy = [car for car in needy if net.needs[car] > EPSILON_WH]
        while net.left[index] > EPSILON_WH and needy:
            path = _find(net, -back, dead)
            if path is None:
                break
            _augment(net, index, path)
            needy = [car for car in needy if net.needs[car] > EPSILON_WH]


def _last(spare: list[float]) -> int:
    """Return the last slot in which a car can charge."""
    at = len(spare) - 1
    while at > 0 and spare[at] <= 0.0:
        at -= 1
    return at


def _push(net: Network, source: int, slot: int, needy: list[int]) -> bool:
    """Give a source to those that lack energy; return whether one of them lacks no more."""
    done = False
    left = net.left[source]
    for car in needy:
        energy = net.spare[car][slot]
        if energy <= EPSILON_WH:
            continue
        for room in net.rooms[car]:
            energy = min(energy, room[slot])
        energy = min(energy, left, net.needs[car])
        if energy <= EPSILON_WH:
            continue
        net.give(slot, car, energy)
        net.needs[car] -= energy
        done = done or net.needs[car] <= EPSILON_WH
        left -= energy
        if left <= EPSILON_WH:
            break
    net.left[source] = left
    return done


def _find(net: Network, slot: int, dead: list[bool]) -> Path | None:
    """Return the path over the fewest cars from a slot to a need, by breadth-first search."""
    before: dict[int, tuple[int, int]] = {}
    queue: list[int] = []
    for car, gone in enumerate(dead):
        if not gone and net.headroom(car, slot) > EPSILON_WH:
            before[car] = (slot, -1)
            queue.append(car)
    for car in queue:
        if net.needs[car] > EPSILON_WH:
            return _trace(before, car)
        for other, gone in enumerate(dead):
            if gone or other in before:
                continue
            at = _exchange(net, car, other)
            if at >= 0:
                before[other] = (at, car)
                queue.append(other)
    for car in queue:
        dead[car] = True
    return None


def _exchange(net: Network, giver: int, taker: int) -> int:
    """Return a slot in which one car can leave energy to another; -1 when there is none."""
    spare = net.spare[taker]
    held = net.rooms[giver]
    rooms = [room for room in net.rooms[taker] if not any(room is one for one in held)]
    for slot, energy in enumerate(net.used[giver]):
        if energy > EPSILON_WH and spare[slot] > EPSILON_WH:
            if all(room[slot] > EPSILON_WH for room in rooms):
                return slot
    return -1


def _trace(before: dict[int, tuple[int, int]], car: int) -> Path:
    """Return the way back from a need to the source, turned round."""
    path: Path = []
    while car >= 0:
        slot, giver = before[car]
        path.append((slot, car))
        car = giver
    return path[::-1]


def _augment(net: Network, source: int, path: Path) -> None:
    """Send along a path as much as it carries."""
    energy = min(
        net.left[source], net.needs[path[-1][1]], net.headroom(path[0][1], path[0][0])
    )
    for (_, giver), (slot, taker) in pairwise(path):
        held = net.rooms[giver]
        energy = min(energy, net.used[giver][slot], net.spare[taker][slot])
        for room in net.rooms[taker]:
            if not any(room is one for one in held):
                energy = min(energy, room[slot])
    net.left[source] -= energy
    net.give(path[0][0], path[0][1], energy)
    for (_, giver), (slot, taker) in pairwise(path):
        net.give(slot, giver, -energy)
        net.give(slot, taker, energy)
    net.needs[path[-1][1]] -= energy
