"""The plan without a minimum power: exact."""

from collections.abc import Sequence
from math import inf

from .fill import fill
from .network import Network, network, sources_of
from .problem import Problem


def flow(
    problem: Problem, grid_wh: Sequence[float] | None = None
) -> tuple[Network, list[float]]:
    """Return the cheapest flow and what of each car's firm energy it leaves unmet, in Wh.

    Firm energy goes first, then the extra, that with the highest price limit first. Firm energy
    that is served stays served, as a path never takes from a car in the end; and who would pay
    more is never sent away for one who would pay less. So the order is exact.
    """
    net = network(problem, sources_of(problem.slots, grid_wh))
    net.needs = [max(0.0, car.firm_wh) for car in problem.cars]
    fill(net, inf)
    unmet = net.needs
    for limit in sorted(
        {car.price_limit for car in problem.cars if car.extra_wh > 0.0}
    )[::-1]:
        net.needs = [
            car.extra_wh if car.price_limit == limit else 0.0 for car in problem.cars
        ]
        fill(net, limit)
    return net, unmet
