"""One look at the whole site: what is taken, what is asked for, what may be granted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .allocate import Grant, allocate
from .alternative import Alternative, alternatives
from .asks import asks
from .battery import sun_w
from .circuits import circuit_bounds, circuit_views, meter_above, oldest_report_s
from .decision import Decision, Reason, SiteView
from .demand import Demand, demand
from .headroom import bounds, grid_currents_a
from .model import Site, Snapshot
from .operator import operator_bounds
from .peak import peak_bounds
from .promised import Promised, promised
from .result import Tempo
from .state import EngineState, MeterWatch
from .surplus import Surplus, surplus_for
from .take import Take, take_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Prospects of the chargers on the other number of phases, of those that can change it."""

    sure: Mapping[str, Alternative] = field(default_factory=dict)
    hoped: Mapping[str, Alternative] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The site at one moment, all chargers together."""

    site: Site
    snapshot: Snapshot
    state: EngineState
    meter: MeterWatch
    now: datetime
    dt_s: float
    tempo: Tempo
    takes: Mapping[str, Take]
    promised: Mapping[str, Promised]
    """Of chargers that have yet something to charge for a promise."""
    asked: Mapping[str, Demand | Reason]
    sure: Mapping[str, Grant]
    hoped: Mapping[str, Grant]
    others: Others
    sun: Surplus | None
    """None while the meter is lost, and where it tells no direction."""

    @property
    def clock_s(self) -> float:
        """Control time."""
        return self.state.clock_s


def survey(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    meter: MeterWatch,
    *,
    now: datetime,
    dt_s: float,
    tempo: Tempo,
) -> Survey:
    """Measure, ask and allocate; nothing is granted while the meter is lost."""
    takes = takes_of(site, snapshot, state)
    promises = promised(site, snapshot, state, now)
    asked = {
        charger.id: demand(
            site,
            charger,
            snapshot,
            state.charger(charger.id),
            now,
            promises.get(charger.id),
        )
        for charger in site.chargers
    }
    sure: Mapping[str, Grant] = {}
    hoped: Mapping[str, Grant] = {}
    sun: Surplus | None = None
    others = Others()
    if meter.lost is None:
        sure, hoped, others, sun = _grants(site, snapshot, state, takes, asked, now)
    return Survey(
        site=site,
        snapshot=snapshot,
        state=state,
        meter=meter,
        now=now,
        dt_s=dt_s,
        tempo=tempo,
        takes=takes,
        promised=promises,
        asked=asked,
        sure=sure,
        hoped=hoped,
        others=others,
        sun=sun,
    )


def takes_of(site: Site, snapshot: Snapshot, state: EngineState) -> dict[str, Take]:
    """Return what each charger takes."""
    return {
        charger.id: take_of(
            site,
            charger,
            snapshot.chargers[charger.id],
            state.charger(charger.id),
            state.clock_s,
            oldest_report_s(site, charger, state),
        )
        for charger in site.chargers
    }


def _grants(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    takes: Mapping[str, Take],
    asked: Mapping[str, Demand | Reason],
    now: datetime,
) -> tuple[Mapping[str, Grant], Mapping[str, Grant], Others, Surplus | None]:
    """Return the grants that are sure, those that may be hoped for, and the same on other phases.

    What chargers take that ask for nothing is load like any other.
    """
    asking = [
        charger
        for charger in site.chargers
        if isinstance(asked[charger.id], Demand)
        and meter_above(site, charger, state).lost is None
    ]
    askers = list(asks(site, asking, state, takes, asked, snapshot.chargers))
    limits = [
        *bounds(site, snapshot.grid, state.cap, asking, takes),
        *circuit_bounds(site, snapshot, state, asking, takes),
        *peak_bounds(site, snapshot, state, asking, takes, now),
        *operator_bounds(site, snapshot, state, asking, takes, now),
    ]
    sun = surplus_for(site, snapshot, state, asking, askers, takes)
    sure_w, hoped_w = (sun.sure_w, sun.hoped_w) if sun else (None, None)
    sure = hoped = allocate(askers, limits, sure_w)
    if sure_w != hoped_w or any(one.low_a != one.high_a for one in takes.values()):
        hoped = allocate(askers, limits, hoped_w, hoped=True)
    others = Others(
        sure=alternatives(site, asking, askers, limits, sure, sure_w),
        hoped=alternatives(site, asking, askers, limits, hoped, hoped_w, hoped=True),
    )
    return sure, hoped, others, sun


def view(seen: Survey, decisions: Sequence[Decision], *, limiting: bool) -> SiteView:
    """Return what a person wants to see of the site; little while the meter is lost."""
    full = frozenset(one.reason.circuit_id for one in decisions) - {None}
    circuits = circuit_views(seen.site, seen.snapshot, seen.state, full)
    if seen.meter.lost is not None:
        return SiteView(limiting=limiting, circuits=circuits)
    grid = seen.snapshot.grid
    cars_w = sum(take.now_w for take in seen.takes.values())
    grid_w = None if grid.power_w is None else grid.power_w.value
    currents = grid_currents_a(seen.site, grid) or ()
    battery = seen.sun.battery if seen.sun else None
    return SiteView(
        grid_w=grid_w,
        home_w=_home_w(seen.snapshot, grid_w, cars_w),
        surplus_w=_surplus_w(seen, grid_w, cars_w),
        battery_w=battery.power_w if battery else None,
        battery_soc=battery.soc if battery else None,
        battery_role=seen.sun.battery_role if seen.sun else None,
        current_a=currents,
        headroom_a=tuple(seen.site.limit_a - current_a for current_a in currents),
        limiting=limiting,
        circuits=circuits,
    )


def _surplus_w(seen: Survey, grid_w: float | None, cars_w: float) -> float | None:
    """Return what would be there for cars if all of them charged from the sun."""
    if grid_w is None:
        return None
    battery = seen.sun.battery if seen.sun else None
    if battery is None:
        return max(0.0, cars_w - grid_w)
    return max(0.0, sun_w(battery, cars_w, -grid_w))


def _home_w(snapshot: Snapshot, grid_w: float | None, cars_w: float) -> float | None:
    """Return the power of the house without the cars."""
    if grid_w is None:
        return None
    battery = snapshot.battery
    sources = [snapshot.solar_w, battery.power_w if battery else None]
    known = [source for source in sources if source is not None]
    if not all(source.ok for source in known):
        return None
    return grid_w + sum(source.value for source in known) - cars_w
