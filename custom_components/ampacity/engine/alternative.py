"""What a charger would get on the other number of phases, where it can change between two.

Those that come before it keep all that they have, the others at least their minimum.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from .allocate import Ask, Grant
from .headroom import Bound
from .model import Charger, Site
from .take import site_phases


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A charger's prospects on the other number of phases."""

    phases: int
    room_a: float
    """What the limits would leave on each of them."""
    surplus_w: float | None = None
    """What the sun has for the charger beside all others; None where nobody knows."""
    lets_in: bool = False
    """Another charger that is shut out now would have its minimum."""


@dataclass(slots=True)
class _Tally:
    """How much of each bound is used: by all, by minima alone, and by those that come first."""

    bounds: Sequence[Bound]
    values: Sequence[float]
    used: list[float]
    minima: list[float]
    first: list[float]
    first_minima: list[float]

    def add_group(self, group: Iterable[Ask], grants: Mapping[str, Grant]) -> None:
        """Count a group among those that come first."""
        for ask in group:
            _add(self.first, self.bounds, ask, grants[ask.charger_id].current_a)
            _add(self.first_minima, self.bounds, ask, _least_a(ask, grants))

    def room_a(self, ask: Ask, other: Ask, grants: Mapping[str, Grant]) -> float:
        """Return the room for ``other``, which is ``ask`` on other phases."""
        rooms: list[float] = []
        watts = inf
        least_a = _least_a(ask, grants)
        for index, bound in enumerate(self.bounds):
            if not (usage := _usage(bound, other)) or not bound.holds_for(other.klass):
                continue
            later = self.minima[index] - self.first_minima[index]
            later -= least_a * _usage(bound, ask)
            room = (self.values[index] - self.first[index] - later) / usage
            if bound.phase is None:
                watts = min(watts, room)
            else:
                rooms.append(room)
        rooms.sort()
        if rooms and ask.own_a:
            # It hangs on the fullest phase, as far as one can guess, and gives that back
            rooms = sorted((rooms[0] + ask.own_a, *rooms[1:]))
        return min([watts, *rooms[:1]])


def alternatives(
    site: Site,
    chargers: Iterable[Charger],
    asks: Sequence[Ask],
    bounds: Sequence[Bound],
    grants: Mapping[str, Grant],
    surplus_w: float | None,
    *,
    hoped: bool = False,
) -> dict[str, Alternative]:
    """Return the prospects of each charger that asks and can change; ``hoped`` as for grants."""
    known = {charger.id: charger for charger in chargers if charger.can_switch_phases}
    changeable = {ask.charger_id for ask in asks} & known.keys()
    if not changeable:
        return {}
    tally = _tally(asks, bounds, grants, hoped=hoped)
    spare_w = _spare_w(asks, grants, surplus_w)
    others = {
        ask.charger_id: _other(site, known[ask.charger_id], ask)
        for ask in asks
        if ask.charger_id in changeable
    }
    makers = _makers_of_room(asks, others, tally, grants)
    found: dict[str, Alternative] = {}
    ordered = sorted(asks, key=_rank)
    group: list[Ask] = []
    for ask in ordered:
        if group and _rank(group[0]) != _rank(ask):
            tally.add_group(group, grants)
            group = []
        group.append(ask)
        if (other := others.get(ask.charger_id)) is None:
            continue
        own_w = _from_sun_w(ask, grants)
        found[ask.charger_id] = Alternative(
            phases=_other_number(known[ask.charger_id]),
            room_a=tally.room_a(ask, other, grants),
            surplus_w=None if spare_w is None else spare_w + own_w,
            lets_in=ask.charger_id in makers,
        )
    return found


def _rank(ask: Ask) -> tuple[int, int]:
    return (ask.klass, ask.priority)


def _other_number(charger: Charger) -> int:
    return 1 if charger.phases > 1 else charger.all_phases


def _other(site: Site, charger: Charger, ask: Ask) -> Ask:
    number = _other_number(charger)
    wiring = charger.phase_map
    if wiring is not None and len(wiring) < number:
        wiring = None
    phases = site_phases(site, replace(charger, phases=number, phase_map=wiring))
    return replace(
        ask,
        phases=tuple(range(site.phases)) if phases is None else phases,
        w_per_a=site.voltage_v * number,
    )


def _usage(bound: Bound, ask: Ask) -> float:
    return bound.usage(ask.phases, ask.w_per_a, ask.charger_id)


def _least_a(ask: Ask, grants: Mapping[str, Grant]) -> float:
    return min(ask.min_a, grants[ask.charger_id].current_a)


def _add(
    sums: list[float], bounds: Sequence[Bound], ask: Ask, current_a: float
) -> None:
    for index, bound in enumerate(bounds):
        sums[index] += current_a * _usage(bound, ask)


def _tally(
    asks: Iterable[Ask],
    bounds: Sequence[Bound],
    grants: Mapping[str, Grant],
    *,
    hoped: bool,
) -> _Tally:
    zero = [0.0] * len(bounds)
    tally = _Tally(
        bounds=bounds,
        values=[bound.hoped if hoped else bound.sure for bound in bounds],
        used=[*zero],
        minima=[*zero],
        first=[*zero],
        first_minima=[*zero],
    )
    for ask in asks:
        _add(tally.used, bounds, ask, grants[ask.charger_id].current_a)
        _add(tally.minima, bounds, ask, _least_a(ask, grants))
    return tally


def _spare_w(
    asks: Iterable[Ask], grants: Mapping[str, Grant], surplus_w: float | None
) -> float | None:
    """Return the surplus that nobody was granted."""
    if surplus_w is None:
        return None
    return surplus_w - sum(_from_sun_w(ask, grants) for ask in asks)


def _from_sun_w(ask: Ask, grants: Mapping[str, Grant]) -> float:
    """Return what of the surplus a charger was granted."""
    if not ask.on_surplus or ask.idle:
        return 0.0
    grant = grants[ask.charger_id]
    return (grant.current_a - grant.beyond_a) * ask.w_per_a


def _makers_of_room(
    asks: Sequence[Ask],
    others: Mapping[str, Ask],
    tally: _Tally,
    grants: Mapping[str, Grant],
) -> set[str]:
    """Return who, on one phase, would make room for somebody who is shut out.

    One for each that is shut out, the last in rank; for each bound only the first in rank counts.
    Who comes before it by its class keeps its phases: what it has to charge would be late.
    """
    shut_out: dict[Bound, Ask] = {}
    for ask in sorted(asks, key=_rank):
        grant = grants[ask.charger_id]
        bound = grant.bound
        is_out = grant.current_a == 0.0 and ask.floor_a > 0.0 and not ask.idle
        if is_out and bound is not None:
            shut_out.setdefault(bound, ask)
    found: set[str] = set()
    for bound, waiting in shut_out.items():
        for ask in sorted(asks, key=_rank, reverse=True):
            other = others.get(ask.charger_id)
            if other is None or len(other.phases) >= len(ask.phases):
                continue
            if ask.klass < waiting.klass:
                continue
            if ask is waiting or not _usage(bound, ask) > _usage(bound, other):
                continue
            if _would_fit(waiting, ask, other, tally, grants):
                found.add(ask.charger_id)
                break
    return found


def _would_fit(
    waiting: Ask, ask: Ask, other: Ask, tally: _Tally, grants: Mapping[str, Grant]
) -> bool:
    granted_a = grants[ask.charger_id].current_a
    if granted_a <= 0.0:
        return False
    for index, bound in enumerate(tally.bounds):
        left = tally.values[index] - tally.used[index]
        left += granted_a * (_usage(bound, ask) - _usage(bound, other))
        if not bound.holds_for(waiting.klass):
            continue
        if left < waiting.min_a * _usage(bound, waiting) - 1e-9:
            return False
    return True
