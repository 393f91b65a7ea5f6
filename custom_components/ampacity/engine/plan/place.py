"""Places one car's energy: nothing or at least the minimum power in each slot, few starts.

The value of a Wh is searched for at which the best pattern of runs takes what is needed
(Lagrangian relaxation; at each step the value at which the two best known patterns, one with less
and one with more, are equally good). Where no value leads to the energy exactly, both patterns are
as good, and a part of the one with more and a part of the one with less make it up.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from .choice import Placed, fit
from .runs import Pattern, Runs

_ROUNDS = 16
_HUGE = 1e3
"""Currency per Wh: at that value all slots are on."""
_NOTHING = 1e-12
"""Currency; patterns that differ by less are equally good."""


def place(
    runs: Runs, firm: float, extra: float, price_limit: float, worth: float = _HUGE
) -> Placed:
    """Return where a car charges its firm energy, and of the extra what is worth its price.

    ``worth`` is what the firm energy is worth, in currency per Wh; dearer slots stay off.
    """
    if extra > 0.0:
        wanted = runs.best(price_limit * (1.0 + 1e-9) + _NOTHING)
        if wanted.energy >= firm + extra:
            return exactly(runs, firm + extra, worth)
        if wanted.energy > firm:
            return _placed(runs, wanted.on, wanted.energy)
    return exactly(runs, firm, worth)


def exactly(runs: Runs, energy: float, worth: float = _HUGE) -> Placed:
    """Return the cheapest way found to charge an energy; less where all worthy slots give less."""
    if energy <= 0.0 or not runs.choices:
        return Placed(0.0, {})
    more, less = runs.best(worth), Pattern(0.0, 0.0, {})
    if more.energy <= energy:
        return _placed(runs, more.on, energy)
    for _ in range(_ROUNDS):
        value = (more.cost - less.cost) / (more.energy - less.energy)
        pattern = runs.best(value)
        if (
            value * (pattern.energy - less.energy)
            <= pattern.cost - less.cost + _NOTHING
        ):
            break
        if pattern.energy >= energy:
            more = pattern
        else:
            less = pattern
    plans = (_placed(runs, on, energy) for on in _candidates(runs, less, more, energy))
    return min(plans, key=lambda plan: round(plan.cost, 9))


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
