"""Sun that sells for more than energy from the grid costs.

The sun goes to the car first, whatever it would sell for: nobody imports and exports at once. So in
such a slot the first watts cost the feed-in price and those beyond the sun the lower import price,
and what is charged there is best charged with full power, or elsewhere. As a bill that falls is not
convex, it is replaced by one mean price: at first for all that can be charged in the slot, then for
what a plan charges there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .problem import Problem, Slot
from .site import Site, site_of

_LITTLE_WH = 1e-6


def is_dear(slot: Slot) -> bool:
    """Return whether the sun of a slot sells for more than import costs."""
    return slot.sun_w > 0.0 and slot.feed_in_price > slot.import_price


def flattened(problem: Problem, charged_wh: Sequence[float] | None = None) -> Problem:
    """Return the problem with one price in each slot whose sun is dear.

    ``charged_wh`` is what a plan charges in each slot; without it, or where that is nothing, it is
    as much as the cars can take.
    """
    slots, site = list(problem.slots), site_of(problem)
    for at, slot in enumerate(slots):
        if not is_dear(slot):
            continue
        charged = 0.0 if charged_wh is None else charged_wh[at]
        energy = charged if charged > _LITTLE_WH else _most_wh(site, at)
        sun = min(1.0, slot.sun_w * slot.hours / energy) if energy > 0.0 else 1.0
        price = sun * slot.feed_in_price + (1.0 - sun) * slot.import_price
        slots[at] = replace(slot, import_price=price, feed_in_price=price)
    return replace(problem, slots=tuple(slots))


def charged(problem: Problem, plan: Iterable[dict[int, float]]) -> list[float]:
    """Return what all cars of a plan take in each slot, in Wh."""
    totals = [0.0] * len(problem.slots)
    for energies in plan:
        for at, energy in energies.items():
            totals[at] += energy
    return totals


def _most_wh(site: Site, at: int) -> float:
    """Return what all cars together can take in a slot, in Wh, and take it."""
    count, total = len(site.problem.slots), 0.0
    for index, car in enumerate(site.problem.cars):
        if car.first <= at < (count if car.stop is None else car.stop):
            energy = max(0.0, site.headroom(index, at))
            site.add(index, {at: energy})
            total += energy
    return total
