"""What a charger still needs for its promise, from what is known of its car.

The way to a state of charge is (target - present) x capacity / efficiency, 2 % more to be sure.
Above 95 % a car takes less and less, so that percent up there count double: they take the time of
twice their energy. What is unknown is assumed: without a capacity :data:`ASSUMED_CAPACITY_WH`;
without a state of charge the energy that the charger is set to charge, else that the car came with
:data:`ASSUMED_SOC` and charges until it says that it has finished. An energy that is promised is
counted from plug-in and needs none of that.
"""

from dataclasses import dataclass
from datetime import datetime

from .model import MIN_CURRENT_A, Charger, ChargerStatus, Site, Snapshot
from .promise import Goal
from .state import ChargerState, EngineState
from .vehicle import EFFICIENCY
from .vehicle_target import below_minimum, vehicle_at

MARGIN = 0.02
TAPER_SOC = 95.0
"""Percent from which a car takes less than it is offered."""
TAPER = 2.0
"""How much longer that takes on average."""
ASSUMED_CAPACITY_WH = 60_000.0
ASSUMED_SOC = 20.0
REST_WH = 1000.0
"""Still needed by a car of which nothing is known, for as long as it takes something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Energy that a charger has yet to take, losses included, and what it can take it with."""

    deadline: datetime
    firm_wh: float
    """Promised, whatever it costs."""
    max_w: float
    """The most that car and charger take together, where no limit of the site stops them."""
    min_w: float
    """The least with which they charge."""
    extra_wh: float = 0.0
    """Wanted beyond that at no more than ``price_limit``."""
    price_limit: float | None = None
    """Currency per kWh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Car:
    """What is known of the car at a charger, and what is assumed."""

    soc: float | None
    capacity_wh: float
    efficiency: float
    finished: bool
    """It says that it takes no more."""
    charged_wh: float
    """Since plug-in."""
    target_wh: float | None
    """What the charger is set to charge."""

    def wh_to(self, soc: float) -> float:
        """Return what it takes to get the car to a state of charge in percent."""
        if self.soc is not None:
            return self._between_wh(self.soc, soc)
        if self.target_wh is not None:
            return max(0.0, self.target_wh - self.charged_wh)
        if self.finished:
            return 0.0
        return max(REST_WH, self._between_wh(ASSUMED_SOC, soc) - self.charged_wh)

    def _between_wh(self, low: float, high: float) -> float:
        percent = max(0.0, _weighted(high) - _weighted(low))
        return percent / 100.0 * self.wh_of_all

    @property
    def wh_of_all(self) -> float:
        """What 100 % of the battery take, losses and margin included."""
        return self.capacity_wh / self.efficiency * (1.0 + MARGIN)


def need_of(
    site: Site, charger: Charger, snapshot: Snapshot, state: EngineState, now: datetime
) -> Need | None:
    """Return what a charger has yet to take for its goal; None where that is nothing.

    A goal whose time is over is needed all the same, until it is met or the car leaves.
    """
    held = state.charger(charger.id)
    goal = held.goal
    reading = snapshot.chargers.get(charger.id)
    if goal is None or goal.met or reading is None or not reading.status.is_plugged:
        return None
    car = _car(site, charger, state, held, reading.status)
    firm_wh, extra_wh = _layers(goal, car)
    if firm_wh <= 0.0 and extra_wh <= 0.0:
        return None
    max_w, min_w = _powers(site, charger, held)
    return Need(
        deadline=goal.ready_by,
        firm_wh=firm_wh,
        extra_wh=extra_wh,
        price_limit=goal.price_limit,
        max_w=max_w,
        min_w=min_w,
    )


def minimum_wh(site: Site, charger: Charger, state: EngineState) -> float:
    """Return what a charger has yet to take to get its car to its minimum; 0 where it is there."""
    held = state.charger(charger.id)
    minimum = below_minimum(site, charger, held)
    if minimum is None or held.parked.soc is None:
        return 0.0
    return _car(site, charger, state, held, ChargerStatus.CONNECTED).wh_to(minimum)


def soc_after(
    site: Site, charger: Charger, state: EngineState, energy_wh: float
) -> float | None:
    """Return the percent that a car has once its charger has taken ``energy_wh`` more.

    The same margin and taper count as in :func:`need_of`, so that what it needs for a target leads
    to that target. None where charge level or capacity are not known.
    """
    held = state.charger(charger.id)
    vehicle = vehicle_at(site, held)
    if held.parked.soc is None or vehicle is None or vehicle.capacity_wh is None:
        return None
    car = _car(site, charger, state, held, ChargerStatus.CONNECTED)
    percent = _weighted(held.parked.soc) + energy_wh / car.wh_of_all * 100.0
    return min(100.0, _unweighted(percent))


def _car(
    site: Site,
    charger: Charger,
    state: EngineState,
    held: ChargerState,
    status: ChargerStatus,
) -> _Car:
    vehicle = vehicle_at(site, held)
    memory = state.vehicles.get(vehicle.id) if vehicle else None
    capacity_wh = vehicle.capacity_wh if vehicle else None
    return _Car(
        soc=held.parked.soc,
        capacity_wh=capacity_wh or ASSUMED_CAPACITY_WH,
        efficiency=memory.efficiency if memory else EFFICIENCY,
        finished=status is ChargerStatus.FINISHED,
        charged_wh=held.session.energy_wh if held.session else 0.0,
        target_wh=charger.target_energy_wh,
    )


def _layers(goal: Goal, car: _Car) -> tuple[float, float]:
    """Return what is needed at any price, and what beyond that only below the price limit."""
    wanted_wh = 0.0
    if goal.soc is not None:
        wanted_wh = car.wh_to(goal.soc)
    elif goal.energy_wh is not None:
        wanted_wh = max(0.0, goal.energy_wh - car.charged_wh)
    if goal.price_limit is None:
        return wanted_wh, 0.0
    if goal.below_limit_soc is None:
        return 0.0, wanted_wh
    return wanted_wh, max(0.0, car.wh_to(goal.below_limit_soc) - wanted_wh)


def _powers(site: Site, charger: Charger, held: ChargerState) -> tuple[float, float]:
    """Return the most and the least in W with which car and charger charge together."""
    vehicle = vehicle_at(site, held)
    phases = 1 if held.switching.uses_one else charger.all_phases
    max_a, car_phases = charger.max_a, phases
    if vehicle is not None:
        car_phases = min(phases, vehicle.phases)
        max_a = max_a if vehicle.max_a is None else min(max_a, vehicle.max_a)
    least_phases = 1 if charger.can_switch_phases else car_phases
    min_a = charger.step_up(max(charger.min_a, MIN_CURRENT_A))
    max_w = site.voltage_v * car_phases * max_a
    return max_w, min(max_w, site.voltage_v * least_phases * min_a)


def _weighted(soc: float) -> float:
    """Return a state of charge on a scale on which equal steps take equally long."""
    return soc + max(0.0, soc - TAPER_SOC) * (TAPER - 1.0)


def _unweighted(weighted: float) -> float:
    """Undo :func:`_weighted`."""
    return weighted - max(0.0, weighted - TAPER_SOC) * (1.0 - 1.0 / TAPER)
