"""What each charger asks for, from its mode, a boost, a cap, and what was done by hand."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from math import inf

from .decision import Reason, ReasonKey
from .model import MIN_CURRENT_A, Charger, ChargerStatus, Mode, OffPeak, Site, Snapshot
from .state import Boost, ChargerState, Manual


class DemandClass(IntEnum):
    """Who is served first; the lowest comes first."""

    FAST = 10
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
    waiting: ReasonKey = ReasonKey.SOLAR_WAITING
    """What it waits for while the sun has too little."""
    waits_until: datetime | None = None
    laxity_s: float = inf
    """For how long it could wait and still get in time what it needs."""
    cap: Reason | None = None
    """Why it asks for no more, where a cap on the charger is the reason."""


_BLOCKED_STATUS = {
    ChargerStatus.DISCONNECTED: ReasonKey.NOT_CONNECTED,
    ChargerStatus.OFFLINE: ReasonKey.OFFLINE,
    ChargerStatus.AUTH: ReasonKey.NEEDS_AUTH,
    ChargerStatus.ERROR: ReasonKey.CHARGER_ERROR,
}


def demand(
    site: Site, charger: Charger, snapshot: Snapshot, state: ChargerState, now: datetime
) -> Demand | Reason:
    """Return what a charger asks for; a reason instead when it must not or cannot charge."""
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
    if state.boost is not None:
        wanted = _boost(state.boost, charger, min_a, ceiling_a, now)
        laxity_s = _laxity_s(
            state.boost, wanted.wish_a * site.voltage_v * charger.phases
        )
        wanted = replace(wanted, laxity_s=laxity_s)
    elif state.manual is not None:
        wanted = _manual(state.manual, charger, min_a, ceiling_a)
    else:
        wanted = _of_mode(charger, snapshot.off_peak, state, min_a, ceiling_a)
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


def _firm(klass: DemandClass, min_a: float, wish_a: float, reason: Reason) -> Demand:
    """Return a demand that is met from the grid as well as from the sun."""
    return Demand(klass=klass, floor_a=min_a, wish_a=wish_a, min_a=min_a, reason=reason)
