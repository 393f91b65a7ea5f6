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
    LIMIT = "limit"
    """A cap set by an action."""


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

    def usage(self, phases: Sequence[int], w_per_a: float) -> float:
        """Return what one ampere of a charger on these phases uses of the bound."""
        if self.phase is None:
            return w_per_a
        return 1.0 if self.phase in phases else 0.0


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
    """Return all bounds that hold at the site, from a meter that is believed."""
    found = [
        *_phase_bounds(site, grid, cap, chargers, takes),
        *_power_bounds(site, grid, cap, takes.values()),
    ]
    if cap is None or cap.remaining_s is None:
        return found
    return [
        replace(bound, remaining_s=cap.remaining_s)
        if bound.kind is BoundKind.LIMIT
        else bound
        for bound in found
    ]


def _phase_bounds(
    site: Site,
    grid: GridReading,
    cap: Cap | None,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
) -> list[Bound]:
    kind, limit_a = BoundKind.FUSE, site.limit_a
    if cap is not None and cap.current_a is not None and cap.current_a < limit_a:
        kind, limit_a = BoundKind.LIMIT, cap.current_a
    currents = grid_currents_a(site, grid)
    if currents is None:
        return _worst_phase_bounds(site, grid, kind, limit_a, takes)
    low = _per_phase(site, chargers, {key: take.low_a for key, take in takes.items()})
    high = _per_phase(site, chargers, {key: take.high_a for key, take in takes.items()})
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
    grid: GridReading,
    kind: BoundKind,
    limit_a: float,
    takes: Mapping[str, Take],
) -> list[Bound]:
    """Return bounds from a total alone: all that the house imports may hang on any one phase."""
    power_w = grid.power_w.value if grid.power_w else 0.0
    most_w = power_w - sum(take.low_w for take in takes.values())
    least_w = power_w - sum(take.high_w for take in takes.values())
    return [
        Bound(
            kind=kind,
            phase=phase,
            sure=limit_a - max(most_w, 0.0) / site.voltage_v,
            hoped=limit_a - max(least_w, 0.0) / site.voltage_v,
        )
        for phase in range(site.phases)
    ]


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
    site: Site, grid: GridReading, cap: Cap | None, takes: Iterable[Take]
) -> list[Bound]:
    """Return the bound on the total import, where there is one and the total is known."""
    limits = []
    if site.power_limit_w is not None:
        limit_w = site.power_limit_w * (1.0 - site.fuse_margin)
        limits.append((limit_w, BoundKind.POWER_LIMIT))
    if cap is not None and cap.power_w is not None:
        limits.append((cap.power_w, BoundKind.LIMIT))
    power_w = _total_w(site, grid)
    if not limits or power_w is None:
        return []
    limit_w, kind = min(limits)
    low_w = high_w = 0.0
    for take in takes:
        low_w += take.low_w
        high_w += take.high_w
    return [
        Bound(
            kind=kind, sure=limit_w - power_w + low_w, hoped=limit_w - power_w + high_w
        )
    ]


def _total_w(site: Site, grid: GridReading) -> float | None:
    """Return the total power; from the currents where the meter tells no direction."""
    if grid.power_w is not None:
        return grid.power_w.value
    currents = grid_currents_a(site, grid)
    return None if currents is None else sum(currents) * site.voltage_v
