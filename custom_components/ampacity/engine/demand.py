"""What each charger asks for, from its mode, a boost, a cap, and what was done by hand."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from math import inf

from .cheap import off_peak_for
from .decision import Reason, ReasonKey
from .model import MIN_CURRENT_A, Charger, ChargerStatus, Mode, OffPeak, Site, Snapshot
from .promised import Promised
from .schedule import PlannedSlot, SlotReason
from .state import Boost, ChargerState, Manual
from .trial import Trial
from .vehicle_target import below_minimum, target_reached


class DemandClass(IntEnum):
    """Who is served first; the lowest comes first."""

    FAST = 10
    PLAN_LATE = 20
    PLAN = 30
    OFF_PEAK = 40
    SOLAR_MIN = 50
    SURPLUS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a charger asks for in A: at least ``floor_a`` if anything, at most ``wish_a``."""

    klass: DemandClass
    floor_a: float
    wish_a: float
    min_a: float
    reason: Reason
    """Why it charges, when nothing holds it back."""
    on_surplus: bool = False
    """What goes beyond the floor has to come from the sun."""
    from_grid_w: float = 0.0
    """But for so much, which is planned from the grid."""
    grid_share: float = 0.0
    """So much of a step may come from the grid where the sun has the rest: it has to buy anyway."""
    lean: float = 0.0
    """And so much of the minimum of a charger that waits for the sun."""
    waiting: ReasonKey = ReasonKey.SOLAR_WAITING
    """What it waits for while the sun has too little."""
    waits_until: datetime | None = None
    ready_by: datetime | None = None
    """When what it waits for is to be ready."""
    laxity_s: float = inf
    """For how long it could wait and still get in time what it needs."""
    cap: Reason | None = None
    """Why it asks for no more, where a cap on the charger is the reason."""

    @property
    def sun_part(self) -> float:
        """Part of the minimum that has to come from the sun, for a charger that waits for it."""
        return 1.0 - self.lean


_BLOCKED_STATUS = {
    ChargerStatus.DISCONNECTED: ReasonKey.NOT_CONNECTED,
    ChargerStatus.OFFLINE: ReasonKey.OFFLINE,
    ChargerStatus.AUTH: ReasonKey.NEEDS_AUTH,
    ChargerStatus.ERROR: ReasonKey.CHARGER_ERROR,
}


_PLANNED = {
    SlotReason.CHEAP: ReasonKey.PLAN_CHEAP,
    SlotReason.SUN: ReasonKey.PLAN_SUN,
}
_LEAN = 0.7
"""Of what may come from the grid a start counts on this part: the sun may yet give it later, and
at little power more of it is lost in the car."""
_SUNNY = 0.5
"""A slot with more than this part of its energy from the sun follows the sun."""
_FULL = 0.9
"""A slot with less than this part of what the car takes is to be charged evenly, if it has sun."""
_SOME_SUN = 0.25
"""From this part of the minimum on that is worth it."""


def demand(
    site: Site,
    charger: Charger,
    snapshot: Snapshot,
    state: ChargerState,
    now: datetime,
    promise: Promised | None = None,
) -> Demand | Reason:
    """Return what a charger asks for; a reason instead when it must not or cannot charge.

    ``promise`` is what its promise asks for, None where it has none or has kept it.
    """
    reading = snapshot.chargers[charger.id]
    if key := _BLOCKED_STATUS.get(reading.status):
        return Reason(key=key)
    if not site.charging_enabled:
        return Reason(key=ReasonKey.DISABLED)
    ceiling_a = ceiling(site, charger, state)
    if ceiling_a < MIN_CURRENT_A:
        return Reason(key=ReasonKey.LIMIT_PAUSED, until=_cap_until(state, now))
    min_a = min(charger.step_up(max(charger.min_a, MIN_CURRENT_A)), ceiling_a)
    wanted: Demand | Reason
    if state.trial is not None:
        wanted = _trial(state.trial, min_a, ceiling_a)
    elif state.boost is not None:
        wanted = _boost(state.boost, charger, min_a, ceiling_a, now)
        laxity_s = _laxity_s(
            state.boost, wanted.wish_a * site.voltage_v * charger.phases
        )
        wanted = replace(wanted, laxity_s=laxity_s)
    elif state.manual is not None:
        wanted = _manual(state.manual, charger, min_a, ceiling_a)
    else:
        off_peak = None
        if charger.mode is Mode.OFF_PEAK:
            off_peak = off_peak_for(site, charger, snapshot, now)
        wanted = _of_mode(charger, off_peak, state, min_a, ceiling_a)
        if isinstance(wanted, Demand):
            wanted = _of_the_car(wanted, promise, site, charger, state)
    is_capped = ceiling_a < charger.step_down(charger.max_a)
    if isinstance(wanted, Reason) or not is_capped or wanted.wish_a < ceiling_a:
        return wanted
    return replace(
        wanted, cap=Reason(key=ReasonKey.LIMIT, until=_cap_until(state, now))
    )


def ceiling(site: Site, charger: Charger, state: ChargerState) -> float:
    """Return the highest current in A that the charger may be set to under its cap."""
    ceiling_a = charger.max_a
    if state.cap is None:
        return charger.step_down(ceiling_a)
    if state.cap.current_a is not None:
        ceiling_a = min(ceiling_a, state.cap.current_a)
    if state.cap.power_w is not None:
        ceiling_a = min(ceiling_a, state.cap.power_w / site.voltage_v / charger.phases)
    return charger.step_down(ceiling_a)


def _cap_until(state: ChargerState, now: datetime) -> datetime | None:
    if state.cap is None or state.cap.remaining_s is None:
        return None
    return now + timedelta(seconds=state.cap.remaining_s)


def _boost(
    boost: Boost, charger: Charger, min_a: float, ceiling_a: float, now: datetime
) -> Demand:
    wish_a = _wish(charger, boost.current_a, ceiling_a)
    if boost.remaining_s is not None:
        until = now + timedelta(seconds=boost.remaining_s)
        reason = Reason(key=ReasonKey.BOOST, until=until)
    elif boost.soc is not None:
        reason = Reason(key=ReasonKey.BOOST_SOC, values={"soc": boost.soc})
    else:
        left_wh = boost.energy_wh or 0.0
        reason = Reason(key=ReasonKey.BOOST_ENERGY, values={"energy_wh": left_wh})
    return _firm(DemandClass.FAST, min(min_a, wish_a), wish_a, reason)


def _trial(trial: Trial, min_a: float, ceiling_a: float) -> Demand | Reason:
    """Return what the present step of a test run asks for."""
    if trial.target_a <= 0.0:
        return Reason(key=ReasonKey.TEST_RUN_PAUSE)
    wish_a = min(trial.target_a, ceiling_a)
    reason = Reason(key=ReasonKey.TEST_RUN)
    return _firm(DemandClass.FAST, min(min_a, wish_a), wish_a, reason)


def _laxity_s(boost: Boost, power_w: float) -> float:
    """Return for how long a boost could wait: it has an end only where it names time and energy."""
    if boost.remaining_s is None or boost.energy_wh is None or power_w <= 0.0:
        return inf
    return boost.remaining_s - boost.energy_wh / power_w * 3600.0


def _wish(charger: Charger, wanted_a: float | None, ceiling_a: float) -> float:
    """Return the current nearest to a wanted one that the charger can be set to."""
    if wanted_a is None:
        return ceiling_a
    lowest_a = charger.step_up(MIN_CURRENT_A)
    return min(ceiling_a, max(lowest_a, charger.step_down(wanted_a)))


def _manual(
    manual: Manual, charger: Charger, min_a: float, ceiling_a: float
) -> Demand | Reason:
    if manual.enabled is False:
        return Reason(key=ReasonKey.MANUAL_OFF)
    wish_a = _wish(charger, manual.current_a, ceiling_a)
    reason = Reason(key=ReasonKey.MANUAL)
    return _firm(DemandClass.FAST, min(min_a, wish_a), wish_a, reason)


def _of_mode(
    charger: Charger,
    off_peak: OffPeak | None,
    state: ChargerState,
    min_a: float,
    ceiling_a: float,
) -> Demand | Reason:
    match charger.mode:
        case Mode.OFF:
            return Reason(key=ReasonKey.OFF)
        case Mode.FAST:
            reason = Reason(key=ReasonKey.FAST)
            return _firm(DemandClass.FAST, min_a, ceiling_a, reason)
        case Mode.OFF_PEAK if off_peak is not None and off_peak.active:
            reason = Reason(key=ReasonKey.OFF_PEAK, until=off_peak.until)
            return _firm(DemandClass.OFF_PEAK, min_a, ceiling_a, reason)
        case Mode.SOLAR_MIN:
            return Demand(
                klass=DemandClass.SOLAR_MIN,
                floor_a=min_a,
                wish_a=ceiling_a,
                min_a=min_a,
                reason=Reason(key=ReasonKey.SOLAR_MIN),
                on_surplus=True,
            )
    return _from_the_sun(charger, off_peak, state, min_a, ceiling_a)


def _from_the_sun(
    charger: Charger,
    off_peak: OffPeak | None,
    state: ChargerState,
    min_a: float,
    ceiling_a: float,
) -> Demand:
    is_off_peak = charger.mode is Mode.OFF_PEAK
    return Demand(
        klass=DemandClass.SURPLUS,
        floor_a=min_a if state.phase.has_turn else 0.0,
        wish_a=ceiling_a,
        min_a=min_a,
        reason=Reason(key=ReasonKey.SOLAR),
        on_surplus=True,
        waiting=ReasonKey.OFF_PEAK_WAITING if is_off_peak else ReasonKey.SOLAR_WAITING,
        waits_until=off_peak.until if is_off_peak and off_peak else None,
    )


def _of_the_car(
    wanted: Demand,
    promise: Promised | None,
    site: Site,
    charger: Charger,
    state: ChargerState,
) -> Demand | Reason:
    """Return what a charger asks for by its mode, by how full its car is and by its promise."""
    minimum = below_minimum(site, charger, state)
    if minimum is not None and wanted.klass is not DemandClass.FAST:
        reason = Reason(key=ReasonKey.MINIMUM_SOC, values={"soc": minimum})
        return _firm(DemandClass.FAST, wanted.min_a, wanted.wish_a, reason)
    if (reached := target_reached(site, charger, state)) is not None:
        return reached
    if promise is None:
        return wanted
    return _as_promised(wanted, promise, site, charger)


def _as_promised(
    wanted: Demand, promise: Promised, site: Site, charger: Charger
) -> Demand | Reason:
    """Return what a charger asks for by its mode with what its promise asks for beyond that."""
    if promise.late and wanted.klass is not DemandClass.FAST:
        wanted = _in_a_hurry(wanted, promise)
    elif promise.pressed and wanted.klass is not DemandClass.FAST:
        reason = Reason(key=ReasonKey.PLAN, ready_by=promise.need.deadline)
        wanted = _firm(DemandClass.PLAN, wanted.min_a, wanted.wish_a, reason)
    elif promise.slot is not None and wanted.klass is not DemandClass.FAST:
        wanted = _as_planned(wanted, promise, promise.slot, site, charger)
    elif promise.next_start is not None and wanted.klass is DemandClass.SURPLUS:
        if promise.waits_for_pay:
            return Reason(
                key=ReasonKey.PLAN_PAID,
                until=promise.next_start,
                ready_by=promise.need.deadline,
            )
        wanted = replace(
            wanted,
            waiting=ReasonKey.PLAN_WAITING,
            waits_until=promise.next_start,
        )
    return replace(
        wanted,
        laxity_s=promise.laxity_s,
        ready_by=promise.need.deadline,
        lean=_lean(wanted, promise, site),
        grid_share=1.0 if wanted.from_grid_w > 0.0 else promise.grid_share,
    )


def _lean(wanted: Demand, promise: Promised, site: Site) -> float:
    """Return what of its minimum may come from the grid; a home battery would give it instead."""
    if wanted.klass is not DemandClass.SURPLUS or site.battery is not None:
        return 0.0
    return _LEAN * promise.grid_share


def _in_a_hurry(wanted: Demand, promise: Promised) -> Demand:
    ready_by = promise.need.deadline
    reason = Reason(key=ReasonKey.PLAN_LATE, ready_by=ready_by)
    if promise.short_wh > 0.0:
        values = {"short_wh": promise.short_wh}
        reason = Reason(key=ReasonKey.PLAN_SHORT, values=values, ready_by=ready_by)
    return _firm(DemandClass.PLAN_LATE, wanted.min_a, wanted.wish_a, reason)


def _as_planned(
    wanted: Demand,
    promise: Promised,
    slot: PlannedSlot,
    site: Site,
    charger: Charger,
) -> Demand:
    """Return the demand of a slot: all there is, or what the sun gives and a part from the grid.

    Where limits leave no more than is planned, others would have to give way for more.
    """
    need = promise.need
    at_minimum = promise.at_minimum
    is_even = slot.sun_w >= _SOME_SUN * need.min_w and slot.power_w < _FULL * need.max_w
    sunny = at_minimum or is_even or slot.sun_w > _SUNNY * slot.power_w
    if sunny and slot.sun_w >= slot.power_w and wanted.klass is DemandClass.SURPLUS:
        return wanted
    reason = Reason(
        key=_PLANNED.get(slot.reason, ReasonKey.PLAN),
        until=promise.until,
        ready_by=need.deadline,
    )
    if sunny and wanted.on_surplus:
        return replace(
            wanted,
            klass=DemandClass.PLAN,
            floor_a=wanted.min_a,
            from_grid_w=0.0 if at_minimum else max(0.0, slot.power_w - slot.sun_w),
            reason=reason,
        )
    wish_a = wanted.wish_a
    if slot.limited and wanted.on_surplus:
        planned_a = charger.step_up(slot.power_w / site.voltage_v / charger.phases)
        wish_a = min(wish_a, max(wanted.min_a, planned_a))
    return _firm(DemandClass.PLAN, wanted.min_a, wish_a, reason)


def _firm(klass: DemandClass, min_a: float, wish_a: float, reason: Reason) -> Demand:
    """Return a demand that is met from the grid as well as from the sun."""
    return Demand(klass=klass, floor_a=min_a, wish_a=wish_a, min_a=min_a, reason=reason)
