"""One look at the whole site: what is taken, what is asked for, what may be granted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from .allocate import Ask, Grant, allocate
from .decision import Reason, SiteView
from .demand import Demand, demand
from .headroom import bounds, grid_currents_a
from .model import Site, Snapshot
from .result import Tempo
from .state import EngineState, MeterWatch, Phase
from .surplus import surplus
from .take import Take, site_phases, take_of


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
    asked: Mapping[str, Demand | Reason]
    sure: Mapping[str, Grant]
    hoped: Mapping[str, Grant]

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
    asked = {
        charger.id: demand(site, charger, snapshot, state.charger(charger.id), now)
        for charger in site.chargers
    }
    sure: Mapping[str, Grant] = {}
    hoped: Mapping[str, Grant] = {}
    if meter.lost is None:
        sure, hoped = _grants(site, snapshot, state, takes, asked)
    return Survey(
        site=site,
        snapshot=snapshot,
        state=state,
        meter=meter,
        now=now,
        dt_s=dt_s,
        tempo=tempo,
        takes=takes,
        asked=asked,
        sure=sure,
        hoped=hoped,
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
        )
        for charger in site.chargers
    }


def _grants(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    takes: Mapping[str, Take],
    asked: Mapping[str, Demand | Reason],
) -> tuple[Mapping[str, Grant], Mapping[str, Grant]]:
    """Return the grants that are sure, and those that may be hoped for."""
    limits = bounds(site, snapshot.grid, state.cap, site.chargers, takes)
    asks = list(_asks(site, state, takes, asked))
    sunny = [takes[ask.charger_id] for ask in asks if ask.on_surplus]
    sun = surplus(site, snapshot.grid, sunny)
    sure = allocate(asks, limits, sun.sure_w if sun else None)
    if all(take.low_a == take.high_a for take in takes.values()):
        return sure, sure
    return sure, allocate(asks, limits, sun.hoped_w if sun else None, hoped=True)


def _asks(
    site: Site,
    state: EngineState,
    takes: Mapping[str, Take],
    asked: Mapping[str, Demand | Reason],
) -> Iterator[Ask]:
    for charger in site.chargers:
        wanted = asked[charger.id]
        if isinstance(wanted, Reason):
            continue
        phases = site_phases(site, charger)
        yield Ask(
            charger_id=charger.id,
            klass=wanted.klass,
            priority=charger.priority,
            phases=tuple(range(site.phases)) if phases is None else phases,
            w_per_a=site.voltage_v * charger.phases,
            floor_a=wanted.floor_a,
            wish_a=wanted.wish_a,
            min_a=wanted.min_a,
            on_surplus=wanted.on_surplus,
            running=state.charger(charger.id).phase is Phase.CHARGING,
            own_a=min(takes[charger.id].low_a) if phases is None else 0.0,
        )


def view(seen: Survey, *, limiting: bool) -> SiteView:
    """Return what a person wants to see of the site; little while the meter is lost."""
    if seen.meter.lost is not None:
        return SiteView(limiting=limiting)
    grid = seen.snapshot.grid
    cars_w = sum(take.now_w for take in seen.takes.values())
    grid_w = None if grid.power_w is None else grid.power_w.value
    currents = grid_currents_a(seen.site, grid) or ()
    return SiteView(
        grid_w=grid_w,
        home_w=_home_w(seen.snapshot, grid_w, cars_w),
        surplus_w=None if grid_w is None else max(0.0, cars_w - grid_w),
        current_a=currents,
        headroom_a=tuple(seen.site.limit_a - current_a for current_a in currents),
        limiting=limiting,
    )


def _home_w(snapshot: Snapshot, grid_w: float | None, cars_w: float) -> float | None:
    """Return the power of the house without the cars."""
    solar = snapshot.solar_w
    if grid_w is None or (solar is not None and not solar.ok):
        return None
    return grid_w + (solar.value if solar else 0.0) - cars_w
