"""Places one car's energy: nothing or at least the minimum power in each slot, few starts.

The value of a Wh is searched for at which the best pattern of runs takes what is needed
(Lagrangian relaxation; at each step the value at which the two best known patterns, one with less
and one with more, are equally good). Where no value leads to the energy exactly, both patterns are
as good, and a part of the one with more and a part of the one with less make it up. How far that is
from the best is known; labels close the gap where it is worth it.
"""

from collections.abc import Iterable, Iterator, Sequence, Set as AbstractSet
from itertools import accumulate
from typing import NamedTuple

from .choice import Placed, fit
from .labels import best_on
from .runs import Pattern, Runs
from .steps import bends
from .want import Want

_ROUNDS = 16
_NOTHING = 1e-12
"""Currency; patterns that differ by less are equally good."""
_NEAR = 0.01
"""Currency above the bound that is not worth a search."""


class Rough(NamedTuple):
    """What was found without labels."""

    placed: Placed
    bound: float
    """Cost less its worth: no pattern has less."""
    price: float
    """Currency per Wh at which that is so."""


def place(runs: Runs, want: Want, *, thorough: bool = False) -> Placed:
    """Return where a car charges its firm energy, and of the extra what is worth its price.

    With ``thorough`` it is the best there is, or less than a cent from it.
    """
    if not runs.choices:
        return Placed(0.0, {})
    rough = _rough(runs, want)
    loss = _loss(want, rough.placed)
    if not thorough or loss <= rough.bound + _NEAR:
        return rough.placed
    edged = _edged(runs, want, rough.placed)
    loss = _loss(want, edged)
    if loss <= rough.bound + _NEAR:
        return edged
    on = best_on(runs, want, rough.price, loss)
    if on is None:
        return edged
    return min(_fits(runs, want, on), key=lambda one: _loss(want, one))


def _edged(runs: Runs, want: Want, placed: Placed) -> Placed:
    """Return a charge whose runs begin and end where it is best, as far as single slots tell."""
    positions = {one.slot: at for at, one in enumerate(runs.choices)}
    best, loss, better = placed, _loss(want, placed), True
    while better:
        better = False
        on = {positions[slot] for slot in best.energies}
        for at in _edges(on, len(positions)):
            for one in _fits(runs, want, runs.bridged(on ^ {at}, want.firm)):
                if (lost := _loss(want, one)) < loss - _NOTHING:
                    best, loss, better = one, lost, True
    return best


def _edges(on: AbstractSet[int], count: int) -> Iterator[int]:
    """Yield the positions by which a run could begin or end earlier or later."""
    for at in range(count):
        if {at - 1 in on, at + 1 in on} != {at in on}:
            yield at


def _loss(want: Want, placed: Placed) -> float:
    """Return what a charge costs less its worth."""
    return placed.cost - want.value(placed.energy)


def _fits(runs: Runs, want: Want, on: Sequence[int]) -> Iterator[Placed]:
    """Yield the charges in slots that are on of which one is best: as wanted, or as far as it is worth it."""
    chosen = [runs.choices[position] for position in on]
    starts = runs.start_cost * runs.starts(on)
    least, most = want.firm, want.firm + want.extra
    worthy = sum(bends(one, want.limit)[1] for one in chosen)
    for energy in {least, most, max(least, min(most, worthy))}:
        plan = fit(chosen, energy)
        yield plan._replace(cost=plan.cost + starts)


def _rough(runs: Runs, want: Want) -> Rough:
    """Return a pattern that takes what is best taken, and by how much a better one may be better."""
    if want.extra > 0.0:
        price = want.limit * (1.0 + 1e-9) + _NOTHING
        wanted = runs.best(price)
        if wanted.energy >= want.firm + want.extra:
            return _exactly(runs, want, want.firm + want.extra)
        if wanted.energy > want.firm:
            bound = wanted.cost - price * wanted.energy - want.surplus(price)
            return Rough(_placed(runs, wanted.on, wanted.energy), bound, want.limit)
    return _exactly(runs, want, want.firm)


def _exactly(runs: Runs, want: Want, energy: float) -> Rough:
    """Return the cheapest way found to charge an energy; less where all worthy slots give less."""
    more, less = runs.best(want.worth), Pattern(0.0, 0.0, {})
    bound, price = more.cost + want.worth * (want.firm - more.energy), want.worth
    if energy <= 0.0:
        return Rough(Placed(0.0, {}), 0.0, 0.0)
    if more.energy <= energy:
        return Rough(_placed(runs, more.on, energy), bound, price)
    for _ in range(_ROUNDS):
        price = (more.cost - less.cost) / (more.energy - less.energy)
        pattern = runs.best(price)
        bound = pattern.cost + price * (energy - pattern.energy) - want.value(energy)
        if (
            price * (pattern.energy - less.energy)
            <= pattern.cost - less.cost + _NOTHING
        ):
            break
        if pattern.energy >= energy:
            more = pattern
        else:
            less = pattern
    plans = (_placed(runs, on, energy) for on in _candidates(runs, less, more, energy))
    return Rough(min(plans, key=lambda plan: round(plan.cost, 9)), bound, price)


def _placed(runs: Runs, on: Iterable[int], energy: float) -> Placed:
    """Spread energy over slots that are on, and add what the starts cost."""
    order = runs.bridged(_without_excess(runs, on, energy), energy)
    plan = fit([runs.choices[position] for position in order], energy)
    return plan._replace(cost=plan.cost + runs.start_cost * runs.starts(order))


def _without_excess(runs: Runs, on: Iterable[int], energy: float) -> list[int]:
    """Leave out the dearest slots while the minimum power alone gives more than is asked."""
    found = sorted(on, key=lambda position: runs.choices[position].least_cost)
    least = sum(runs.choices[position].least for position in found)
    most = sum(runs.choices[position].most for position in found)
    while found and least > energy:
        dearest = runs.choices[found[-1]]
        if most - dearest.most < energy:
            break
        found.pop()
        least -= dearest.least
        most -= dearest.most
    return found


def _candidates(
    runs: Runs, less: Pattern, more: Pattern, energy: float
) -> Iterator[Iterable[int]]:
    """Yield positions that can hold an energy: mixes of two patterns, and single runs."""
    count = len(runs.choices)
    yield _mix(less, more, range(count - 1, -1, -1), energy)
    yield _mix(less, more, range(count), energy)
    yield more.on
    if sum(runs.choices[position].most for position in less.on) >= energy:
        yield less.on
    single = _single(runs, energy)
    if single is not None:
        yield single


def _mix(less: Pattern, more: Pattern, order: Iterable[int], energy: float) -> set[int]:
    """Return the smaller pattern with the larger one from one end as far as is needed."""
    on, total = set(less.on), less.energy
    for position in order:
        if total >= energy:
            break
        total += more.on.get(position, 0.0) - less.on.get(position, 0.0)
        if position in more.on:
            on.add(position)
        else:
            on.discard(position)
    return on


def _single(runs: Runs, energy: float) -> range | None:
    """Return the cheapest run that holds an energy at full power, of equals the latest."""
    choices = runs.choices
    power = [0.0, *accumulate(one.most for one in choices)]
    cost = [0.0, *accumulate(one.most_cost for one in choices)]
    best: tuple[float, range] | None = None
    begin = 0
    for end in range(1, len(choices) + 1):
        if end > 1 and choices[end - 1].slot != choices[end - 2].slot + 1:
            begin = end - 1
        while begin + 1 < end and power[end] - power[begin + 1] >= energy:
            begin += 1
        over = power[end] - power[begin] - energy
        if over < 0.0:
            continue
        dearest = max(choices[begin].high, choices[end - 1].high)
        price = cost[end] - cost[begin] - over * dearest
        if best is None or price <= best[0] + _NOTHING:
            best = (price, range(begin, end))
    return None if best is None else best[1]
