"""Fewer starts: two cars change roles over a stretch of slots.

Where several cars take turns at the same price it matters little who is on and who waits, but each
change of turns is a start. From one change to another two cars can swap, so that each is on when the
other was, or one of them can take over. That is kept where the exact powers for it make the plan
better. Where who takes over has more than is asked then, a slot at the edge of another of its runs
goes to who charges beside it.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, combinations, pairwise
from typing import NamedTuple

from .improve import share
from .problem import Problem
from .site import Site
from .value import Plan, value

_KINDS: tuple[tuple[bool, bool] | None, ...] = (None, (True, False), (False, True))
_LESS = 1e-9
_ROUNDING = 1e-6
_LITTLE_WH = 1.0
_EDGES = 4
"""So many slots to give are looked at."""


type _States = tuple[bool, bool]
"""Whether each of two cars is on."""


class _Swap(NamedTuple):
    """What two cars do from a slot until before another; those first that save most."""

    more: int
    """Begins and ends more than before; less where it saves some."""
    slots: int
    begin: int
    end: int
    car: int
    other: int
    states: _States | None
    """Who is on in all these slots; None where they change roles."""


def swap(
    problem: Problem,
    grid_wh: Sequence[float] | None,
    empty: Site,
    plan: Plan,
    tries: int,
) -> Plan:
    """Return a plan with fewer starts that is better in all; the same where none is found.

    ``empty`` is the site with nothing taken, ``tries`` how often powers may be shared anew.
    """
    cost = value(problem, plan)
    changes = iter(sorted(_swaps(problem, plan), key=_order))
    while tries > 0 and (one := next(changes, None)) is not None:
        found = _swapped(plan, one)
        if not _is_free(empty, found, one, plan):
            continue
        tries -= 1
        found = share(problem, grid_wh, found)
        changed = value(problem, found)
        lost = _total(plan) - _total(found)
        if lost > _LITTLE_WH and (given := _given(empty, plan, one, lost)):
            found = share(problem, grid_wh, given)
            changed = value(problem, found)
        if changed < cost - _LESS:
            plan, cost = found, changed
            changes = iter(sorted(_swaps(problem, plan), key=_order))
    return plan


def _order(one: _Swap) -> tuple[bool, tuple[int, ...]]:
    """Return a key: those that change roles first, as they fit most often."""
    return one.states is not None, (one.more, *one[1:6])


def _swaps(problem: Problem, plan: Plan) -> Iterator[_Swap]:
    """Yield what saves starts, from one change of either car to another."""
    count = len(problem.slots)
    for car, other in combinations(range(len(plan)), 2):
        cars, rows = (problem.cars[car], problem.cars[other]), (plan[car], plan[other])
        states = [
            (cars[0].charging, cars[1].charging),
            *((at in rows[0], at in rows[1]) for at in range(count)),
            (False, False),
        ]
        steps = [0, *accumulate(_apart(*pair) for pair in pairwise(states))]
        changes = [at for at in range(count + 1) if steps[at + 1] > steps[at]]
        first = max(one.first for one in cars)
        stop = min(count if one.stop is None else one.stop for one in cars)
        ends = sorted({first, stop, *changes})
        for begin, end in combinations([at for at in ends if first <= at <= stop], 2):
            for kind in _KINDS:
                inside = steps[end] - steps[begin + 1] if kind is None else 0
                more = inside - (steps[end + 1] - steps[begin])
                more += _apart(states[begin], kind or states[begin + 1][::-1])
                more += _apart(kind or states[end][::-1], states[end + 1])
                if more < 0:
                    yield _Swap(more, end - begin, begin, end, car, other, kind)


def _apart(before: _States, after: _States) -> int:
    """Return how many of two cars begin or end between two slots."""
    return (before[0] != after[0]) + (before[1] != after[1])


def _swapped(plan: Plan, one: _Swap) -> Plan:
    """Return who is on when after a change, the powers still to be shared."""
    found = list(plan)
    span = range(one.begin, one.end)
    for place, (car, other) in enumerate(((one.car, one.other), (one.other, one.car))):
        kept = {at: wh for at, wh in plan[car].items() if at not in span}
        if one.states is None:
            kept |= {at: wh for at, wh in plan[other].items() if at in span}
        elif one.states[place]:
            kept |= dict.fromkeys(span, 0.0)
        found[car] = kept
    return found


def _given(empty: Site, before: Plan, one: _Swap, lost: float) -> Plan | None:
    """Return a change in which one of both gives a slot as well, of about as much as is lost.

    It goes to a car that charges beside it, so that nobody starts more often.
    """
    plan = _swapped(before, one)
    edges = sorted(
        (abs(energies.get(at, 0.0) - lost), at, giver, other)
        for giver in (one.car, one.other)
        for energies in (before[giver],)
        for at in plan[giver]
        if not one.begin <= at < one.end
        for beside in (at - 1, at + 1)
        if beside not in plan[giver]
        for other, held in enumerate(plan)
        if beside in held and at not in held
    )
    nobody: Plan = [{} for _ in plan]
    for _, at, giver, other in edges[:_EDGES]:
        found = list(plan)
        found[giver] = {slot: wh for slot, wh in plan[giver].items() if slot != at}
        found[other] = {**plan[other], at: 0.0}
        car, slot = (
            empty.problem.cars[other],
            _Swap(0, 1, at, at + 1, giver, other, None),
        )
        stop = len(empty.problem.slots) if car.stop is None else car.stop
        if car.first <= at < stop and _is_free(empty, found, slot, nobody):
            return found
    return None


def _total(plan: Plan) -> float:
    """Return what all cars take, in Wh."""
    return sum(sum(energies.values()) for energies in plan)


def _is_free(empty: Site, plan: Plan, one: _Swap, before: Plan) -> bool:
    """Return whether all who are on in a stretch have room, and take as much as before."""
    problem = empty.problem
    for at in range(one.begin, one.end):
        hours = problem.slots[at].hours
        total, inside = 0.0, dict.fromkeys(empty.rooms, 0.0)
        lacking = sum(energies.get(at, 0.0) for energies in before)
        for car, energies in zip(problem.cars, plan, strict=True):
            if at not in energies:
                continue
            if car.cap_w(at) < car.min_w:
                return False
            total += car.min_w * hours
            lacking -= car.cap_w(at) * hours
            for name in car.groups:
                inside[name] += car.min_w * hours
        _, width, _, beyond = empty.parts[at]
        if max(lacking, total - width - beyond) > _ROUNDING:
            return False
        if any(wh > empty.rooms[name][at] + _ROUNDING for name, wh in inside.items()):
            return False
    return True
