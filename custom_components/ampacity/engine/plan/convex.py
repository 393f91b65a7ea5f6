"""The plan without a minimum power: exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from .fill import fill
from .network import Network, network, sources_of
from .problem import Problem


@dataclass(frozen=True, slots=True)
class Decided:
    """What is settled about when a car is on."""

    on: Mapping[int, float]
    """Wh that it takes at least, by slot."""
    off: frozenset[int] = frozenset()
    """Slots in which it takes nothing."""


def flow(
    problem: Problem,
    grid_wh: Sequence[float] | None = None,
    decided: Sequence[Decided] = (),
) -> tuple[Network, list[float]]:
    """Return the cheapest flow and what of each car's firm energy it leaves unmet, in Wh.

    Firm energy goes first, then the extra, that with the highest price limit first. Firm energy
    that is served stays served, as a path never takes from a car in the end; and who would pay
    more is never sent away for one who would pay less. So the order is exact.

    What is decided to flow is not part of what the network says is used.
    """
    net = network(problem, sources_of(problem.slots, grid_wh))
    base = _settle(net, decided) if decided else [0.0] * len(problem.cars)
    cars = list(zip(problem.cars, base, strict=True))
    net.needs = [max(0.0, car.firm_wh - sure) for car, sure in cars]
    fill(net, inf)
    unmet = net.needs
    for limit in sorted(
        {car.price_limit for car in problem.cars if car.extra_wh > 0.0}
    )[::-1]:
        net.needs = [
            max(0.0, car.extra_wh - max(0.0, sure - car.firm_wh))
            if car.price_limit == limit
            else 0.0
            for car, sure in cars
        ]
        fill(net, limit)
    return net, unmet


def _settle(net: Network, decided: Sequence[Decided]) -> list[float]:
    """Take out of the network what is decided; return how much each car gets by that, in Wh."""
    sources: dict[int, list[int]] = {}
    for index, (_, back, _, _) in enumerate(net.sources):
        sources.setdefault(-back, []).append(index)
    for car, one in enumerate(decided):
        spare = net.spare[car]
        for slot in one.off:
            spare[slot] = 0.0
        for slot, energy in one.on.items():
            spare[slot] = max(0.0, spare[slot] - energy)
            for room in net.rooms[car]:
                room[slot] -= energy
            for index in sources.get(slot, ()):
                part = min(energy, net.left[index])
                net.left[index] -= part
                energy -= part
    return [sum(one.on.values()) for one in decided]
