"""Who gets what: one pass over all demands under all bounds.

Classes are served in order. Inside a class every charger first gets its minimum, by priority and
as long as it fits, for 6 A cannot be divided; among equals, who keeps its turn comes first, then
who can wait least, then who has waited longest. Then the current is raised by priority, in a hurry
by who is due first, and among those evenly from the lowest up, until wish, phase or surplus is
exhausted: max-min fairness.
The work grows with chargers times bounds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import inf

from .demand import DemandClass
from .headroom import Bound

TOLERANCE_A = 0.5
"""A car that is this little above its grant does not keep others from rising."""
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
    lean_a: float = 0.0
    """So much of its minimum may come from the grid where the sun has the rest."""
    laxity_s: float = inf
    """For how long it could wait and still get in time what it needs; no end without a deadline."""
    due: float = inf
    """Until when it has to hurry: who is due first is raised first, for later ones still have time."""
    turn: tuple[int, float] = (0, 0.0)
    """Whose turn it is among equals that do not all fit; the lowest comes first. Who is at 0 keeps
    it, whoever is more urgent; who runs is at an even number."""
    weight: float = 1.0
    idle: bool = False
    """Its car takes nothing: the sun is not kept for it, and nobody gives up phases to let it in."""
    holds_a: float = 0.0
    """The most that its car may be taking now, whatever is granted."""
    beyond_a: float = 0.0
    """So much more than the sun gives may come from the grid, where the limits have room."""
    from_grid_w: float = 0.0
    """And so much is to; its floor is part of that where the sun does not carry it."""
    own_a: float = 0.0
    """What a charger on an unknown phase takes: on whichever phase it hangs, its own current is
    part of what the meter shows there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a charger may offer.

    ``room_a`` is what the limits allow beside the other grants, ``reach_a`` what they would allow
    if all who do not come before it gave way down to their minimum. ``surplus_w`` is what the sun
    has for this charger, None where nobody knows. ``bound`` is the limit that keeps it from more.
    """

    current_a: float
    room_a: float
    reach_a: float
    surplus_w: float | None = None
    bound: Bound | None = None
    beyond_a: float = 0.0
    """What of it goes beyond the sun's part."""
    may_rise: bool = True
    """Nobody else has still to give back what a raise would use."""


@dataclass(slots=True)
class _Pool:
    """What is left while demands are served: one number a bound, and the surplus at the end."""

    bounds: Sequence[Bound]
    left: list[float]
    granted_a: dict[str, float] = field(default_factory=dict)
    beyond_a: dict[str, float] = field(default_factory=dict)
    """What of it goes beyond the surplus."""
    known: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    """What ``uses`` has found."""

    def uses(self, ask: Ask) -> list[tuple[int, float]]:
        """Return what one ampere of a charger uses of each bound that holds for it."""
        found = self.known.get(ask.charger_id)
        if found is None:
            found = self.known[ask.charger_id] = self._uses(ask)
        return found

    def _uses(self, ask: Ask) -> list[tuple[int, float]]:
        found = [
            (index, usage)
            for index, usage in self._loads(ask)
            if self.bounds[index].holds_for(ask.klass)
        ]
        if ask.on_surplus and not ask.idle:
            found.append((len(self.bounds), ask.w_per_a))
        return found

    def _loads(self, ask: Ask) -> Iterator[tuple[int, float]]:
        for index, bound in enumerate(self.bounds):
            if usage := bound.usage(ask.phases, ask.w_per_a, ask.charger_id):
                yield index, usage

    def use_up(self, ask: Ask) -> None:
        """Take a charger's grant off the bounds that do not hold for it."""
        granted_a = self.granted_a.get(ask.charger_id, 0.0)
        for index, usage in self._loads(ask):
            if not self.bounds[index].holds_for(ask.klass):
                self.left[index] -= granted_a * usage

    def spare_a(self, ask: Ask, index: int) -> float:
        """Return what a charger may still take of a bound without using it: its own current."""
        if not ask.own_a or index >= len(self.bounds):
            return 0.0
        if self.bounds[index].phase is None:
            return 0.0
        return max(0.0, ask.own_a - self.granted_a.get(ask.charger_id, 0.0))

    def room_a(self, ask: Ask) -> tuple[float, Bound | None]:
        """Return by how much the limits let a charger's current rise, and what stops it there."""
        tightest: tuple[float, Bound | None] = (inf, None)
        for index, usage in self.uses(ask):
            if index == len(self.bounds):
                continue
            room_a = self.left[index] / usage + self.spare_a(ask, index)
            if room_a < tightest[0]:
                tightest = (room_a, self.bounds[index])
        return tightest

    def give(self, ask: Ask, current_a: float) -> None:
        """Raise a charger's grant by ``current_a``."""
        for index, usage in self.uses(ask):
            own_a = min(current_a, self.spare_a(ask, index))
            self.left[index] -= (current_a - own_a) * usage
        granted_a = self.granted_a.get(ask.charger_id, 0.0)
        self.granted_a[ask.charger_id] = granted_a + current_a

    def give_beyond(self, ask: Ask, current_a: float) -> None:
        """Raise a charger's grant by what need not come from the sun."""
        sun_w = self.left[-1]
        self.give(ask, current_a)
        self.left[-1] = sun_w
        beyond_a = self.beyond_a.get(ask.charger_id, 0.0)
        self.beyond_a[ask.charger_id] = beyond_a + current_a


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
    pool = _Pool(bounds=bounds, left=[*left, surplus_w or 0.0])
    ordered = sorted(
        asks,
        key=lambda ask: (
            ask.klass,
            ask.priority,
            ask.turn[0] > 0,
            ask.laxity_s,
            ask.turn,
            ask.charger_id,
        ),
    )
    sun: dict[str, float | None] = {}
    for _, members in groupby(ordered, key=lambda ask: ask.klass):
        group = list(members)
        for ask in group:
            sun[ask.charger_id] = None if surplus_w is None else pool.left[-1]
            _admit(pool, ask)
        raised = sorted(group, key=_raised_first)
        for _, equals in groupby(raised, key=_raised_first):
            _raise_evenly(pool, [a for a in equals if a.charger_id in pool.granted_a])
        for ask in group:
            _top_up(pool, ask, sun[ask.charger_id] or 0.0)
        for ask in group:
            pool.use_up(ask)
    owed = _owed(pool, ordered)
    reach_a = _reaches_a(pool, ordered)
    return {
        ask.charger_id: _grant(
            pool, ask, sun[ask.charger_id], owed, reach_a[ask.charger_id]
        )
        for ask in ordered
    }


def _raised_first(ask: Ask) -> tuple[int, float]:
    return (ask.priority, ask.due)


def _admit(pool: _Pool, ask: Ask) -> None:
    """Give a charger its floor, or its minimum from the sun, if that fits under the limits."""
    wanted_a, lacking_a = ask.floor_a, 0.0
    if wanted_a == 0.0 and ask.on_surplus:
        lacking_a = max(0.0, ask.min_a - max(0.0, pool.left[-1]) / ask.w_per_a)
        wanted_a = ask.min_a if lacking_a <= ask.lean_a + _EPSILON else 0.0
    if wanted_a > 0.0 and pool.room_a(ask)[0] >= wanted_a - _EPSILON:
        pool.give(ask, wanted_a - lacking_a)
        if lacking_a > 0.0:
            pool.give_beyond(ask, lacking_a)


def _top_up(pool: _Pool, ask: Ask, before_w: float) -> None:
    """Give a charger what it may have beyond the sun; the limits hold all the same.

    ``before_w`` is what the sun had when it was admitted.
    """
    granted_a = pool.granted_a.get(ask.charger_id, 0.0)
    sun_w = pool.left[-1]
    if granted_a <= 0.0:
        return
    lacking_w = max(0.0, granted_a * ask.w_per_a - max(0.0, before_w))
    more_a = max(0.0, ask.from_grid_w - lacking_w) / ask.w_per_a
    is_lean = pool.beyond_a.get(ask.charger_id, 0.0) > _EPSILON
    if more_a > 0.0 or (sun_w >= -_EPSILON and not is_lean):
        more_a += ask.beyond_a
    more_a = min(more_a, ask.wish_a - granted_a, pool.room_a(ask)[0])
    if more_a > _EPSILON:
        pool.give_beyond(ask, more_a)


def _owed(pool: _Pool, asks: Iterable[Ask]) -> list[float]:
    """Return what of each bound is still held by chargers that were granted less."""
    owed = [0.0] * len(pool.left)
    for ask in asks:
        excess_a = ask.holds_a - pool.granted_a.get(ask.charger_id, 0.0)
        if excess_a > 0.0:
            for index, usage in pool.uses(ask):
                owed[index] += excess_a * usage
    return owed


def _reaches_a(pool: _Pool, ordered: Sequence[Ask]) -> dict[str, float]:
    """Return how far each charger would get if its equals and those after it kept to their minimum.

    One that waits counts on what is meant for those behind it that wait as well: they start after
    it. Else many that were paused together would wait for each other.
    """
    spare = list(pool.left)
    behind = [0.0] * len(spare)
    reaches_a: dict[str, float] = {}
    for _, equals in groupby(
        reversed(ordered), key=lambda ask: (ask.klass, ask.priority)
    ):
        group = list(equals)
        for ask in group:
            above_a = pool.granted_a.get(ask.charger_id, 0.0) - _lowest_a(pool, ask)
            for index, usage in pool.uses(ask):
                spare[index] += above_a * usage
        for ask in group:
            waits = ask.turn[0] % 2 == 1
            lowest_a = _lowest_a(pool, ask)
            rooms_a = (
                (spare[index] + (behind[index] if waits else 0.0)) / usage
                for index, usage in pool.uses(ask)
                if index < len(pool.bounds)
            )
            reaches_a[ask.charger_id] = lowest_a + min(rooms_a, default=inf)
            if waits:
                for index, usage in pool.uses(ask):
                    behind[index] += lowest_a * usage
    return reaches_a


def _lowest_a(pool: _Pool, ask: Ask) -> float:
    """Return what is left of a charger's grant when it gives way."""
    return min(ask.min_a, pool.granted_a.get(ask.charger_id, 0.0))


def _grant(
    pool: _Pool,
    ask: Ask,
    surplus_w: float | None,
    owed: Sequence[float],
    reach_a: float,
) -> Grant:
    current_a = pool.granted_a.get(ask.charger_id, 0.0)
    beyond_a = pool.beyond_a.get(ask.charger_id, 0.0)
    room_a, bound = pool.room_a(ask)
    is_bound = room_a <= _EPSILON or (current_a == 0.0 and room_a < ask.min_a)
    return Grant(
        current_a=current_a,
        room_a=current_a + room_a,
        reach_a=max(reach_a, current_a + room_a),
        surplus_w=surplus_w,
        bound=bound if is_bound and current_a < ask.wish_a else None,
        beyond_a=beyond_a,
        may_rise=all(
            owed[index] <= pool.left[index] + TOLERANCE_A * usage
            for index, usage in pool.uses(ask)
            if index < len(pool.bounds) or current_a - beyond_a > ask.floor_a
        ),
    )


def _raise_evenly(pool: _Pool, equals: list[Ask]) -> None:
    """Raise all that were admitted together, the lowest first, each until something stops it."""
    for ask in equals:
        _keep_own(pool, ask)
    _Tide(pool, equals).rise()


def _keep_own(pool: _Pool, ask: Ask) -> None:
    """Let a charger on an unknown phase keep what it takes, which costs nothing there."""
    granted_a = pool.granted_a[ask.charger_id]
    own_a = min(ask.own_a, ask.wish_a) - granted_a
    if own_a > _EPSILON:
        room_a = [pool.room_a(ask)[0]]
        if ask.on_surplus:
            room_a.append(pool.left[-1] / ask.w_per_a)
        pool.give(ask, max(0.0, min(own_a, *room_a)))


class _Tide:
    """A level that rises under the chargers of one priority, lifting each that it reaches."""

    def __init__(self, pool: _Pool, asks: Iterable[Ask]) -> None:
        """Put the level below the lowest charger."""
        self._pool = pool
        self._granted_a = pool.granted_a
        self._uses = {ask.charger_id: pool.uses(ask) for ask in asks}
        self._rate = [0.0] * len(pool.left)
        """What one ampere of the level uses of each bound."""
        self._users: list[list[Ask]] = [[] for _ in pool.left]
        self._afloat: dict[str, Ask] = {}
        self._ashore = sorted(
            asks, key=lambda ask: (-self._height_a(ask), ask.charger_id)
        )
        self._level_a = 0.0

    def rise(self) -> None:
        """Raise the level until nobody is left whom it could lift."""
        while self._ashore or self._afloat:
            if not self._afloat:
                self._level_a = self._height_a(self._ashore[-1])
            self._take_in()
            if self._afloat:
                self._lift(self._step_a())
            self._drop_the_satisfied()
            self._drop_the_stopped()

    def _height_a(self, ask: Ask) -> float:
        """Return the level that a charger's grant stands for, by its weight."""
        return self._granted_a[ask.charger_id] / ask.weight

    def _take_in(self) -> None:
        """Take the chargers at the level along, unless they are stopped already."""
        while self._ashore:
            ask = self._ashore[-1]
            if self._height_a(ask) > self._level_a + _EPSILON:
                return
            self._ashore.pop()
            if self._may_rise(ask):
                self._afloat[ask.charger_id] = ask
                for index, usage in self._uses[ask.charger_id]:
                    self._rate[index] += usage * ask.weight
                    self._users[index].append(ask)

    def _may_rise(self, ask: Ask) -> bool:
        uses = self._uses[ask.charger_id]
        return ask.wish_a > self._granted_a[ask.charger_id] + _EPSILON and all(
            self._pool.left[index] > _EPSILON * usage for index, usage in uses
        )

    def _step_a(self) -> float:
        """Return how far the level can rise before something happens."""
        wishes_a = (ask.wish_a / ask.weight for ask in self._afloat.values())
        step_a = min(wishes_a) - self._level_a
        if self._ashore:
            step_a = min(step_a, self._height_a(self._ashore[-1]) - self._level_a)
        for left, rate in zip(self._pool.left, self._rate, strict=True):
            if rate > _EPSILON:
                step_a = min(step_a, left / rate)
        return max(0.0, step_a)

    def _lift(self, step_a: float) -> None:
        self._level_a += step_a
        for index, rate in enumerate(self._rate):
            self._pool.left[index] -= rate * step_a
        for charger_id, ask in self._afloat.items():
            self._granted_a[charger_id] = self._level_a * ask.weight

    def _drop_the_satisfied(self) -> None:
        for ask in list(self._afloat.values()):
            if ask.wish_a <= self._granted_a[ask.charger_id] + _EPSILON:
                self._drop(ask)

    def _drop_the_stopped(self) -> None:
        """Leave behind whoever meets a bound that is exhausted."""
        for index, left in enumerate(self._pool.left):
            if self._rate[index] > _EPSILON and left <= _EPSILON * self._rate[index]:
                for ask in self._users[index]:
                    self._drop(ask)

    def _drop(self, ask: Ask) -> None:
        if self._afloat.pop(ask.charger_id, None) is not None:
            for index, usage in self._uses[ask.charger_id]:
                self._rate[index] -= usage * ask.weight
