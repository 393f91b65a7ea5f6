"""The plan with a minimum power and with starts that cost: near the optimum, never past a limit.

What the exact plan without them costs is a bound that no plan can beat. Ways to a plan are tried
from the quick to the thorough until one is within a hundredth of it; a search goes on from the best, a
short one where that is near already. Where it ends far from it, cars change roles to start less often. What cannot be met is shared as the exact plan
would share it, as far as that costs little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from .convex import flow
from .dive import dive
from .improve import improve, one_by_one, share
from .network import Network
from .problem import Problem
from .search import Search
from .site import site_of
from .swap import swap
from .value import Plan, unmet_price, value
from .worth import car_worth, slot_worth

_NEAR = 0.01
_THOROUGH = 8
"""Up to so many cars all ways are tried; more cars would take long and gain little."""
_POLISH = 40
"""Effort for a plan that is near: the last start too many, so that the next plan is the same."""
_LITTLE = 1e-6
"""Currency that is not worth a search."""
_LITTLE_WH = 1.0
_LESS = 2e-4
"""By which part what a car has to lack counts less: a kWh is then worth a start or two."""
_PREFERENCE = 1e-4
"""Currency per kWh by which a car prefers the slots that the exact plan gives it."""


def with_minimum(
    problem: Problem, grid_wh: Sequence[float] | None = None, effort: int = 0
) -> Plan:
    """Return the best plan found, in Wh by slot for each car.

    ``effort`` is how many choices of a car the search may take.
    """
    if len(problem.cars) == 1:
        return one_by_one(problem, [0], grid_wh)
    net, unmet = flow(problem, grid_wh)
    bound = _bound(problem, net, unmet)
    near = _NEAR * abs(bound - _missing(problem, unmet))
    if sum(unmet) <= _LITTLE_WH:
        return _found(problem, grid_wh, effort, (net, unmet), near)
    asked = _even(problem, flow(problem, grid_wh, fair=True)[1])
    first = _firm_first(asked, grid_wh)
    plan = _found(asked, grid_wh, effort, flow(asked, grid_wh), near, first)
    if _misses(problem, plan, unmet) or value(problem, plan) > bound + near:
        other = _found(problem, grid_wh, effort, (net, unmet), near)
        more_wh = _lacking(problem, plan) - _lacking(problem, other)
        dearer = value(problem, plan) - value(problem, other)
        if more_wh > _LITTLE_WH or (more_wh > -_LITTLE_WH and dearer > near):
            plan = other
    even = share(problem, grid_wh, plan, fair=True)
    most = value(problem, plan) + _LITTLE
    return even if value(problem, even) <= most else plan


def _even(problem: Problem, unmet: Sequence[float]) -> Problem:
    """Return the problem in which what each car has to lack counts a little less than all else.

    So what is missing is missing where it should be, if that costs few starts.
    """
    price = unmet_price(problem) * (1.0 - _LESS)
    cars = tuple(
        replace(car, firm_wh=car.firm_wh - lacks, extra_wh=lacks, price_limit=price)
        if lacks > _LITTLE_WH
        else car
        for car, lacks in zip(problem.cars, unmet, strict=True)
    )
    return replace(problem, cars=cars)


def _firm_first(problem: Problem, grid_wh: Sequence[float] | None) -> Plan:
    """Return a plan in which all have chosen for their firm energy before any does for more."""
    order = sorted(
        range(len(problem.cars)),
        key=lambda car: (problem.cars[car].priority, problem.cars[car].stop or 0),
    )
    cars = tuple(replace(car, extra_wh=0.0) for car in problem.cars)
    plan = one_by_one(replace(problem, cars=cars), order, grid_wh)
    return improve(problem, order, grid_wh, plan)


def _found(
    problem: Problem,
    grid_wh: Sequence[float] | None,
    effort: int,
    exact: tuple[Network, Sequence[float]],
    near: float,
    *first: Plan,
) -> Plan:
    """Return the best plan found; ``near`` is how far from the bound of the exact one it may be."""
    net, unmet = exact
    bound = _bound(problem, net, unmet)
    enough = bound + near
    best: tuple[float, Plan] | None = None
    for plan in chain(first, _plans(problem, grid_wh, net, unmet)):
        cost = value(problem, plan)
        if best is None or cost < best[0]:
            best = (cost, plan)
        if best[0] <= enough:
            break
    if best is None:
        return []
    if len(problem.cars) > _THOROUGH and not _misses(problem, best[1], unmet):
        return best[1]
    if best[0] <= enough:
        effort = min(effort, _POLISH)
    worth = car_worth(net, unmet, unmet_price(problem))
    plan = Search(problem, grid_wh, best[1], worth).run(bound + _LITTLE, effort)
    is_large = len(problem.cars) > _THOROUGH
    if is_large or problem.start_cost <= 0.0 or value(problem, plan) <= enough:
        return plan
    return swap(problem, grid_wh, site_of(problem, grid_wh), plan, effort)


def _plans(
    problem: Problem,
    grid_wh: Sequence[float] | None,
    net: Network,
    unmet: Sequence[float],
) -> Iterator[Plan]:
    """Yield plans, the next one with more effort."""
    worth = car_worth(net, unmet, unmet_price(problem))
    order = sorted(
        range(len(problem.cars)),
        key=lambda car: (
            problem.cars[car].priority,
            -worth[car],
            problem.cars[car].stop or 0,
            problem.cars[car].id,
        ),
    )
    floors = [
        [
            price - _PREFERENCE * (used > 0.0)
            for price, used in zip(prices, net.used[car], strict=True)
        ]
        for car, prices in enumerate(slot_worth(problem, net, worth))
    ]
    first = one_by_one(problem, order, grid_wh, floors)
    yield improve(problem, order, grid_wh, first)
    if len(order) > _THOROUGH and not _misses(problem, first, unmet):
        return
    for turned in (order, order[::-1]):
        yield improve(problem, turned, grid_wh, one_by_one(problem, turned, grid_wh))
    dived = share(problem, grid_wh, dive(problem, grid_wh))
    yield dived
    yield improve(problem, order, grid_wh, dived)
    yield improve(problem, order[::-1], grid_wh, dived)
    if _misses(problem, dived, unmet):
        dived = share(problem, grid_wh, dive(problem, grid_wh, 0.0))
        yield improve(problem, order, grid_wh, dived)


def _misses(problem: Problem, plan: Plan, unmet: Sequence[float]) -> bool:
    """Return whether a plan leaves more firm energy unmet than the exact one."""
    return _lacking(problem, plan) > sum(unmet) + _LITTLE_WH


def _lacking(problem: Problem, plan: Plan) -> float:
    """Return what firm energy a plan leaves unmet, in Wh."""
    return sum(
        max(0.0, car.firm_wh - sum(one.values()))
        for car, one in zip(problem.cars, plan, strict=True)
    )


def _bound(problem: Problem, net: Network, unmet: Sequence[float]) -> float:
    """Return what no plan costs less than."""
    used = [dict(enumerate(energies)) for energies in net.used]
    exact = value(replace(problem, start_cost=0.0), used)
    return exact + problem.start_cost * sum(
        not car.charging and car.firm_wh > 0.0 for car in problem.cars
    )


def _missing(problem: Problem, unmet: Sequence[float]) -> float:
    """Return what firm energy that is missing counts."""
    return sum(unmet) / 1000.0 * unmet_price(problem)
