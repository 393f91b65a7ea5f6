"""The plan without a minimum power: exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from .fill import fill
from .network import Network, network, sources_of
from .problem import PlanCar, Problem

_LITTLE_WH = 1.0
_PARTS = 32
"""Steps in which cars that cannot all be met are served to the same part."""


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
    *,
    fair: bool = False,
) -> tuple[Network, list[float]]:
    """Return the cheapest flow and what of each car's firm energy it leaves unmet, in Wh.

    Firm energy goes first, then the extra, that with the highest price limit first. Firm energy
    that is served stays served, as a path never takes from a car in the end; and who would pay
    more is never sent away for one who would pay less. So the order is exact.

    What is decided to flow is not part of what the network says is used. Where not all firm energy
    can be served, ``fair`` shares what is missing: neither less of it nor at another cost.
    """
    sources = sources_of(problem.slots, grid_wh)
    net = network(problem, sources)
    base = _settle(net, decided) if decided else [0.0] * len(problem.cars)
    cars = list(zip(problem.cars, base, strict=True))
    net.needs = [max(0.0, car.firm_wh - sure) for car, sure in cars]
    fill(net, inf)
    unmet = net.needs
    if fair and sum(unmet) > _LITTLE_WH:
        net = network(problem, sources)
        _settle(net, decided)
        unmet = _fill_fairly(net, cars)
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


def _fill_fairly(net: Network, cars: Sequence[tuple[PlanCar, float]]) -> list[float]:
    """Serve firm energy by priority, and inside one all to the same part as far as that goes.

    Return what is unmet. A car that cannot be served to a part any more never can, so the sum is the
    same as without; and who lacks energy has used up all that could reach it, so the cost is too.
    """
    unmet = [0.0] * len(cars)
    for priority in sorted({car.priority for car, _ in cars}):
        given = [0.0] * len(cars)
        net.needs = [0.0] * len(cars)
        for step in range(1, _PARTS + 1):
            for index, (car, sure) in enumerate(cars):
                if car.priority == priority:
                    wanted = max(0.0, car.firm_wh * step / _PARTS - sure)
                    net.needs[index] += wanted - given[index]
                    given[index] = wanted
            fill(net, inf)
        unmet = [one + more for one, more in zip(unmet, net.needs, strict=True)]
    return unmet


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
