"""Who gets what: one pass over all demands under all bounds.

Classes are served in order. Inside a class every charger first gets its minimum, by priority and
as long as it fits, for 6 A cannot be divided. Then the current is raised by priority, and inside
a priority evenly from the lowest up, until wish, phase or surplus is exhausted: max-min fairness.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from .demand import DemandClass
from .headroom import Bound

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A demand in the terms of the bounds."""

    charger_id: str
    klass: DemandClass
    priority: int
    phases: tuple[int, ...]
    """The site's phases that the charger may load."""
    w_per_a: float
    floor_a: float
    wish_a: float
    min_a: float
    on_surplus: bool = False
    running: bool = False
    own_a: float = 0.0
    """What a charger on an unknown phase takes: on whichever phase it hangs, its own current is
    part of what the meter shows there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a charger may offer.

    ``room_a`` is what the limits alone would allow, ``surplus_w`` what the sun has for this
    charger, None where nobody knows. ``bound`` is the limit that keeps it from more.
    """

    current_a: float
    room_a: float
    surplus_w: float | None = None
    bound: Bound | None = None


@dataclass(slots=True)
class _Pool:
    """What is left while demands are served."""

    bounds: Sequence[Bound]
    left: list[float]
    surplus_w: float | None
    grants: dict[str, float] = field(default_factory=dict)

    def room_a(self, ask: Ask) -> tuple[float, Bound | None]:
        """Return by how much the limits let a charger's current rise, and what stops it there."""
        own_a = max(0.0, ask.own_a - self.grants.get(ask.charger_id, 0.0))
        tightest: tuple[float, Bound | None] = (float("inf"), None)
        for bound, left in zip(self.bounds, self.left, strict=True):
            usage = bound.usage(ask.phases, ask.w_per_a)
            if usage == 0.0:
                continue
            room_a = left / usage + (own_a if bound.phase is not None else 0.0)
            if room_a < tightest[0]:
                tightest = (room_a, bound)
        return tightest

    def give(self, ask: Ask, current_a: float) -> None:
        """Raise a charger's grant by ``current_a``."""
        granted_a = self.grants.get(ask.charger_id, 0.0)
        own_a = min(current_a, max(0.0, ask.own_a - granted_a))
        for index, bound in enumerate(self.bounds):
            shared_a = current_a - (own_a if bound.phase is not None else 0.0)
            self.left[index] -= shared_a * bound.usage(ask.phases, ask.w_per_a)
        if ask.on_surplus and self.surplus_w is not None:
            self.surplus_w -= current_a * ask.w_per_a
        self.grants[ask.charger_id] = granted_a + current_a


def allocate(
    asks: Iterable[Ask],
    bounds: Sequence[Bound],
    surplus_w: float | None,
    *,
    hoped: bool = False,
) -> Mapping[str, Grant]:
    """Return a grant for each ask; the order in which they are given does not matter.

    ``hoped`` takes the bounds at their most.
    """
    left = [bound.hoped if hoped else bound.sure for bound in bounds]
    pool = _Pool(bounds=bounds, left=left, surplus_w=surplus_w)
    ordered = sorted(
        asks,
        key=lambda ask: (ask.klass, ask.priority, not ask.running, ask.charger_id),
    )
    sun: dict[str, float | None] = {}
    for _, members in groupby(ordered, key=lambda ask: ask.klass):
        group = list(members)
        for ask in group:
            sun[ask.charger_id] = pool.surplus_w
            _admit(pool, ask)
        for _, equals in groupby(group, key=lambda ask: ask.priority):
            _raise_evenly(pool, list(equals))
    return {ask.charger_id: _grant(pool, ask, sun[ask.charger_id]) for ask in ordered}


def _admit(pool: _Pool, ask: Ask) -> None:
    """Give a charger its floor, or its minimum from the sun, if that fits under the limits."""
    wanted_a = ask.floor_a
    if wanted_a == 0.0 and ask.on_surplus and pool.surplus_w is not None:
        wanted_a = ask.min_a if pool.surplus_w >= ask.min_a * ask.w_per_a else 0.0
    if wanted_a > 0.0 and pool.room_a(ask)[0] >= wanted_a - _EPSILON:
        pool.give(ask, wanted_a)


def _raise_evenly(pool: _Pool, equals: list[Ask]) -> None:
    """Raise all that were admitted together, the lowest first, each until something stops it."""
    active = [ask for ask in equals if ask.charger_id in pool.grants]
    while active:
        active = [ask for ask in active if _may_rise_a(pool, ask) > _EPSILON]
        if not active:
            return
        levels = sorted({pool.grants[ask.charger_id] for ask in active})
        lowest = [ask for ask in active if pool.grants[ask.charger_id] <= levels[0]]
        step_a = _common_step_a(pool, lowest)
        if len(levels) > 1:
            step_a = min(step_a, levels[1] - levels[0])
        for ask in lowest:
            pool.give(ask, step_a)
        if step_a <= _EPSILON:
            active = [ask for ask in active if ask not in lowest]


def _may_rise_a(pool: _Pool, ask: Ask) -> float:
    """Return how far a charger alone could still be raised."""
    return _common_step_a(pool, [ask])


def _common_step_a(pool: _Pool, asks: Sequence[Ask]) -> float:
    """Return by how much all of these can be raised together."""
    step_a = min(ask.wish_a - pool.grants[ask.charger_id] for ask in asks)
    for bound, left in zip(pool.bounds, pool.left, strict=True):
        usage = sum(bound.usage(ask.phases, ask.w_per_a) for ask in asks)
        own_a = min(max(0.0, ask.own_a - pool.grants[ask.charger_id]) for ask in asks)
        if usage > 0.0:
            spare_a = own_a if bound.phase is not None else 0.0
            step_a = min(step_a, left / usage + spare_a)
    sunny_w = sum(ask.w_per_a for ask in asks if ask.on_surplus)
    if sunny_w > 0.0:
        step_a = min(step_a, (pool.surplus_w or 0.0) / sunny_w)
    return max(0.0, step_a)


def _grant(pool: _Pool, ask: Ask, surplus_w: float | None) -> Grant:
    current_a = pool.grants.get(ask.charger_id, 0.0)
    room_a, bound = pool.room_a(ask)
    is_bound = room_a <= _EPSILON or (current_a == 0.0 and room_a < ask.min_a)
    return Grant(
        current_a=current_a,
        room_a=current_a + room_a,
        surplus_w=surplus_w,
        bound=bound if is_bound and current_a < ask.wish_a else None,
    )
