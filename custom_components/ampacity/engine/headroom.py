"""What the limits leave for the chargers, per phase and in total.

The room for all chargers together is the limit less the load of everything else, and that is what
the meter shows less what the chargers take. Both ends of the chargers' takes are carried on:
``sure`` counts on the least they take and may be used to raise; ``hoped`` counts on the most and
tells what must be cut in any case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .model import Charger, GridReading, Site
from .state import Cap
from .take import Take, site_phases


class BoundKind(StrEnum):
    """What sets a bound."""

    FUSE = "fuse"
    POWER_LIMIT = "power_limit"
    CIRCUIT = "circuit"
    IMBALANCE = "imbalance"
    """The phases must not differ by more."""
    LIMIT = "limit"
    """A cap set by an action."""
    PEAK = "peak"
    """More would raise the peak that the tariff charges for."""
    OPERATOR = "operator"
    """The grid operator's signal is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Room for the chargers under one limit: ampere on one phase, or watt in total."""

    kind: BoundKind
    phase: int | None = None
    """The phase on which it counts ampere; None where it counts watt over all phases."""
    sure: float
    hoped: float
    remaining_s: float | None = None
    """How long it lasts, where that is known."""
    circuit_id: str | None = None
    members: frozenset[str] | None = None
    """The chargers that it holds for; None for all."""
    from_class: int = 0
    """It holds for demands of this class and those that are served later. What others take uses it
    up all the same."""
    value_w: float | None = None
    """The power that it keeps to, for a person to read."""

    def holds_for(self, klass: int) -> bool:
        """Whether it holds for demands of a class."""
        return klass >= self.from_class

    def usage(
        self, phases: Sequence[int], w_per_a: float, charger_id: str = ""
    ) -> float:
        """Return what one ampere of a charger on these phases uses of the bound."""
        if self.members is not None and charger_id not in self.members:
            return 0.0
        if self.phase is None:
            return w_per_a
        return 1.0 if self.phase in phases else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Limits of one place that current goes through: the site's own, or a circuit's."""

    limit_a: float | None
    """Per phase, the margin taken off."""
    kind: BoundKind
    limit_w: float | None
    kind_w: BoundKind
    circuit_id: str | None = None


def grid_currents_a(site: Site, grid: GridReading) -> tuple[float, ...] | None:
    """Return the signed current per phase of the site, None where the meter doesn't tell phases."""
    if len(grid.current_a) >= site.phases:
        return tuple(current.value for current in grid.current_a[: site.phases])
    if site.phases == 1 and grid.power_w is not None:
        return (grid.power_w.value / site.voltage_v,)
    return None


def bounds(
    site: Site,
    grid: GridReading,
    cap: Cap | None,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
) -> list[Bound]:
    """Return the bounds that hold for all chargers of the site, from a meter that is believed."""
    found = bounds_of(site, _connection(site, cap), grid, chargers, takes)
    if site.imbalance_w is not None:
        found += _imbalance_bounds(site, site.imbalance_w, grid, chargers, takes)
    if cap is None or cap.remaining_s is None:
        return found
    return [
        replace(bound, remaining_s=cap.remaining_s)
        if bound.kind is BoundKind.LIMIT
        else bound
        for bound in found
    ]


def _connection(site: Site, cap: Cap | None) -> Connection:
    """Return the limits of the site's connection under a cap."""
    limits_a = [(site.limit_a, BoundKind.FUSE)]
    limits_w = []
    if site.power_limit_w is not None:
        limit_w = site.power_limit_w * (1.0 - site.fuse_margin)
        limits_w.append((limit_w, BoundKind.POWER_LIMIT))
    if cap is not None and cap.current_a is not None:
        limits_a.append((cap.current_a, BoundKind.LIMIT))
    if cap is not None and cap.power_w is not None:
        limits_w.append((cap.power_w, BoundKind.LIMIT))
    least_a, kind = min(limits_a)
    least_w, kind_w = min(limits_w, default=(None, BoundKind.POWER_LIMIT))
    return Connection(limit_a=least_a, kind=kind, limit_w=least_w, kind_w=kind_w)


def bounds_of(
    site: Site,
    connection: Connection,
    grid: GridReading | None,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
    *,
    unseen: Sequence[Charger] = (),
) -> list[Bound]:
    """Return the bounds of one connection with these chargers behind it.

    Without a meter it carries its chargers and nothing else: these, and the ``unseen`` ones, which
    ask for nothing and may still take something.
    """
    if grid is None:
        connection = _less(site, connection, chargers, unseen, takes)
    members = None
    if connection.circuit_id is not None:
        members = frozenset(charger.id for charger in chargers)
    found = [
        *_phase_bounds(site, connection, grid, chargers, takes),
        *_power_bounds(site, connection, grid, chargers, takes),
    ]
    if members is None:
        return found
    return [
        replace(bound, circuit_id=connection.circuit_id, members=members)
        for bound in found
    ]


def _less(
    site: Site,
    connection: Connection,
    asking: Sequence[Charger],
    unseen: Sequence[Charger],
    takes: Mapping[str, Take],
) -> Connection:
    """Return the connection with what nobody controls taken off its limits.

    That is all that the ``unseen`` may take, and what others draw beyond their offer.
    """
    uncontrolled = {
        **{charger.id: _excess_a(takes[charger.id]) for charger in asking},
        **{charger.id: _most_a(takes[charger.id]) for charger in unseen},
    }
    most_a = max(_per_phase(site, [*asking, *unseen], uncontrolled), default=0.0)
    most_w = sum(map(sum, uncontrolled.values())) * site.voltage_v
    limit_a, limit_w = connection.limit_a, connection.limit_w
    return replace(
        connection,
        limit_a=None if limit_a is None else limit_a - most_a,
        limit_w=None if limit_w is None else limit_w - most_w,
    )


def _most_a(take: Take) -> tuple[float, ...]:
    """Return the most that a charger may take per phase, within its offer or beyond."""
    return tuple(max(high_a, take.drawn_a) for high_a in take.high_a)


def _excess_a(take: Take) -> tuple[float, ...]:
    """Return what a charger takes beyond its offer per phase."""
    beyond_a = max(0.0, take.drawn_a - max(take.high_a, default=0.0))
    return (beyond_a,) * len(take.high_a)


def _phase_bounds(
    site: Site,
    connection: Connection,
    grid: GridReading | None,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
) -> list[Bound]:
    limit_a, kind = connection.limit_a, connection.kind
    if limit_a is None:
        return []
    if grid is None:
        return [
            Bound(kind=kind, phase=phase, sure=limit_a, hoped=limit_a)
            for phase in range(site.phases)
        ]
    currents = grid_currents_a(site, grid)
    if currents is None:
        return _worst_phase_bounds(site, connection, grid, chargers, takes)
    low, high = _lows_and_highs(site, chargers, takes)
    return [
        Bound(
            kind=kind,
            phase=phase,
            sure=limit_a - current_a + low[phase],
            hoped=limit_a - current_a + high[phase],
        )
        for phase, current_a in enumerate(currents)
    ]


def _worst_phase_bounds(
    site: Site,
    connection: Connection,
    grid: GridReading,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
) -> list[Bound]:
    """Return bounds from a total alone: all that the house imports may hang on any one phase."""
    limit_a = connection.limit_a or 0.0
    power_w = grid.power_w.value if grid.power_w else 0.0
    most_w = power_w - sum(takes[charger.id].low_w for charger in chargers)
    least_w = power_w - sum(takes[charger.id].high_w for charger in chargers)
    return [
        Bound(
            kind=connection.kind,
            phase=phase,
            sure=limit_a - max(most_w, 0.0) / site.voltage_v,
            hoped=limit_a - max(least_w, 0.0) / site.voltage_v,
        )
        for phase in range(site.phases)
    ]


def _imbalance_bounds(
    site: Site,
    imbalance_w: float,
    grid: GridReading,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
) -> list[Bound]:
    """Return what chargers that load some phases only may add to each phase.

    A phase may exceed the least loaded one by the limit; what loads all phases alike changes
    nothing. The rule is that of VDE-AR-N 4100 for Germany, with 4.6 kVA.
    """
    currents = grid_currents_a(site, grid)
    if currents is None or site.phases == 1:
        return []
    low, high = _lows_and_highs(site, chargers, takes)
    partial = frozenset(
        charger.id
        for charger in chargers
        if len(site_phases(site, charger) or ()) < site.phases
    )
    limit_a = imbalance_w / site.voltage_v
    most = [current - take for current, take in zip(currents, low, strict=True)]
    least = [current - take for current, take in zip(currents, high, strict=True)]
    return [
        Bound(
            kind=BoundKind.IMBALANCE,
            phase=phase,
            sure=limit_a + min(least) - most[phase],
            hoped=limit_a + min(most) - least[phase],
            members=partial,
        )
        for phase in range(site.phases)
    ]


def _lows_and_highs(
    site: Site, chargers: Sequence[Charger], takes: Mapping[str, Take]
) -> tuple[list[float], list[float]]:
    """Return the least and the most that these chargers take from each phase of the site."""
    return (
        _per_phase(site, chargers, {key: take.low_a for key, take in takes.items()}),
        _per_phase(site, chargers, {key: take.high_a for key, take in takes.items()}),
    )


def _per_phase(
    site: Site, chargers: Sequence[Charger], takes_a: Mapping[str, tuple[float, ...]]
) -> list[float]:
    """Return what chargers on known phases take from each phase of the site."""
    total = [0.0] * site.phases
    for charger in chargers:
        phases = site_phases(site, charger)
        if phases is None:
            continue
        for phase, current_a in zip(phases, takes_a[charger.id], strict=False):
            total[phase] += current_a
    return total


def _power_bounds(
    site: Site,
    connection: Connection,
    grid: GridReading | None,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
) -> list[Bound]:
    """Return the bound on the total import, where there is one and the total is known."""
    limit_w, kind = connection.limit_w, connection.kind_w
    if limit_w is None:
        return []
    if grid is None:
        return [Bound(kind=kind, sure=limit_w, hoped=limit_w)]
    room = power_bound(site, grid, chargers, takes)
    if room is None:
        return []
    return [
        replace(room, kind=kind, sure=limit_w + room.sure, hoped=limit_w + room.hoped)
    ]


def power_bound(
    site: Site,
    grid: GridReading,
    chargers: Iterable[Charger],
    takes: Mapping[str, Take],
) -> Bound | None:
    """Return the room for these chargers if nothing may be imported; None for an unknown import."""
    power_w = total_w(site, grid)
    if power_w is None:
        return None
    low_w = high_w = 0.0
    for charger in chargers:
        low_w += takes[charger.id].low_w
        high_w += takes[charger.id].high_w
    return Bound(
        kind=BoundKind.POWER_LIMIT, sure=low_w - power_w, hoped=high_w - power_w
    )


def total_w(site: Site, grid: GridReading) -> float | None:
    """Return the total power; from the currents where the meter tells no direction."""
    if grid.power_w is not None:
        return grid.power_w.value
    currents = grid_currents_a(site, grid)
    return None if currents is None else sum(currents) * site.voltage_v
