"""Plans that change one car after the other, beside what the others take."""

from collections.abc import Mapping, Sequence

from .dive import powers
from .place import place
from .problem import PlanCar, Problem
from .runs import Runs, whole_ones
from .site import Site, site_of
from .value import Plan, over_price, unmet_price
from .want import want_of

_PASSES = 2
WHOLE_H = 0.25 - 1e-6
"""The shortest run and the shortest gap."""


def one_by_one(
    problem: Problem,
    order: Sequence[int],
    grid_wh: Sequence[float] | None,
    floors: Sequence[Sequence[float]] | None = None,
) -> Plan:
    """Return the plan that comes out when cars choose in an order.

    ``floors`` is what each slot is worth to others, for each car in currency per kWh: nobody
    chooses a slot for less.
    """
    site = site_of(problem, grid_wh)
    plan: Plan = [{} for _ in problem.cars]
    for car in order:
        plan[car] = _choose(site, car, None if floors is None else floors[car])
        site.add(car, plan[car])
    return plan


def improve(
    problem: Problem, order: Sequence[int], grid_wh: Sequence[float] | None, plan: Plan
) -> Plan:
    """Let each car choose again, twice, and share the power of the slots that are on anew."""
    site = site_of(problem, grid_wh)
    plan = list(plan)
    for car in order:
        site.add(car, plan[car])
    for _ in range(_PASSES):
        changed = False
        for car in order:
            site.add(car, plan[car], -1.0)
            chosen = _choose(site, car)
            changed = changed or chosen.keys() != plan[car].keys()
            plan[car] = chosen
            site.add(car, chosen)
        if not changed:
            break
    return share(problem, grid_wh, plan)


def share(
    problem: Problem,
    grid_wh: Sequence[float] | None,
    plan: Plan,
    *,
    fair: bool = False,
) -> Plan:
    """Return the cheapest powers for the slots in which the cars of a plan are on: exact.

    Where the first slot of all is a short one, nobody is on for it alone, or off for it alone.
    """
    if problem.slots[0].hours < WHOLE_H:
        plan = [
            _whole(car, energies)
            for car, energies in zip(problem.cars, plan, strict=True)
        ]
    on = [
        {at: car.min_w * problem.slots[at].hours for at in energies}
        for car, energies in zip(problem.cars, plan, strict=True)
    ]
    everywhere = set(range(len(problem.slots)))
    off = [everywhere.difference(one) for one in on]
    return powers(problem, grid_wh, on, off, fair=fair)


def _whole(car: PlanCar, energies: Mapping[int, float]) -> dict[int, float]:
    """Return what a car takes without a run or gap of the first slot alone, which is a short one."""
    found = dict(energies)
    if car.charging and 1 in found and 0 not in found:
        del found[1]
    elif not car.charging and 0 in found and 1 not in found:
        del found[0]
    return found


def _choose(
    site: Site, car: int, floor: Sequence[float] | None = None
) -> dict[int, float]:
    """Return what is best for one car beside what the others take."""
    problem, one = site.problem, site.problem.cars[car]
    choices, short = site.choices(car, floor), problem.slots[0].hours < WHOLE_H
    runs = Runs(
        choices=whole_ones(choices, one.charging) if short else choices,
        start_cost=problem.start_cost,
        charging=one.charging,
        short=short,
    )
    want = want_of(one, unmet_price(problem), over_price(problem))
    return place(runs, want, thorough=len(problem.cars) == 1).energies
