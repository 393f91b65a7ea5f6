"""What of the engine's memory outlives a restart, and how it is taken up again.

A reload takes seconds, and everything is handed over. After a restart nobody knows what happened
in between: timers, taking over and trust in the meter start anew; boosts, caps, promises, sessions,
counters, what was learned and what somebody set by hand go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ..engine.learned import Learned
from ..engine.promise import Goal, Promise
from ..engine.session import Session
from ..engine.state import (
    MAX_STEP_S,
    Boost,
    Cap,
    ChargerState,
    EngineState,
    Manual,
    Orders,
    Switching,
)
from ..engine.tariffs import OperatorMemory, PeakMemory
from ..engine.trial import TrialReport
from ..engine.vehicle import Parked, VehicleMemory
from ..engine.wear import Wear, faded

_NEVER_S = -1e8
"""A switch longer ago than this has never been."""
HANDOVER_AGE = timedelta(seconds=60)
"""A state that was left longer ago than this is not taken over as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableCharger:
    """What of a charger's memory outlives a restart."""

    boost: Boost | None = None
    cap: Cap | None = None
    manual: Manual | None = None
    promises: tuple[Promise, ...] = ()
    goal: Goal | None = None
    parked: Parked = field(default_factory=Parked)
    finished: bool = False
    session: Session | None = None
    counter_wh: float | None = None
    total_wh: float = 0.0
    offer_a: float = 0.0
    learned: Learned = field(default_factory=Learned)
    tested: TrialReport | None = None
    wear: Wear = field(default_factory=Wear)
    phases: int | None = None
    """What it was last switched to, for chargers that do not tell."""
    switched_s: float | None = None
    """How long ago that was; None where it never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Durable:
    """What of a site's memory outlives a restart."""

    now: datetime | None = None
    """When it was left."""
    cap: Cap | None = None
    peak: PeakMemory = field(default_factory=PeakMemory)
    operator: OperatorMemory = field(default_factory=OperatorMemory)
    chargers: Mapping[str, DurableCharger] = field(default_factory=dict)
    vehicles: Mapping[str, VehicleMemory] = field(default_factory=dict)


def durable(state: EngineState) -> Durable:
    """Return what of the engine's memory outlives a restart."""
    return Durable(
        now=state.now,
        cap=state.cap,
        peak=state.peak,
        operator=state.operator,
        chargers={
            key: _durable(charger, state.clock_s)
            for key, charger in state.chargers.items()
        },
        vehicles=state.vehicles,
    )


def resumed(saved: Durable, now: datetime) -> EngineState:
    """Return the engine's memory after a restart; what was limited in time ran on meanwhile.

    The state is as of the moment it was left, so that the first step can count what an energy
    counter has gained since. That step also takes its own length, at most
    :data:`~..engine.state.MAX_STEP_S`, off boosts and caps, so it is left to it here.
    """
    away_s = 0.0
    if saved.now is not None:
        away_s = max(0.0, (now - saved.now).total_seconds() - MAX_STEP_S)
    chargers = {
        key: ChargerState(
            orders=Orders(offer_a=charger.offer_a, before_a=charger.offer_a),
            boost=_after(charger.boost, away_s),
            cap=_after(charger.cap, away_s),
            manual=charger.manual,
            promises=charger.promises,
            goal=charger.goal,
            parked=charger.parked,
            finished=charger.finished,
            session=charger.session,
            counter_wh=charger.counter_wh,
            total_wh=charger.total_wh,
            learned=charger.learned,
            tested=charger.tested,
            wear=faded(charger.wear, away_s),
            switching=_switching(charger, away_s),
        )
        for key, charger in saved.chargers.items()
    }
    operator = saved.operator
    if operator.silent_s > 0.0:
        operator = replace(operator, silent_s=operator.silent_s + away_s)
    return EngineState(
        now=saved.now,
        cap=_after(saved.cap, away_s),
        chargers=chargers,
        peak=saved.peak,
        operator=operator,
        vehicles=saved.vehicles,
    )


def _switching(charger: DurableCharger, away_s: float) -> Switching:
    """Return the phases that a charger was on, and when it may be switched again."""
    if charger.switched_s is None:
        return Switching(phases=charger.phases)
    return Switching(phases=charger.phases, at_s=-(charger.switched_s + away_s))


def handed_over(state: EngineState, now: datetime) -> EngineState | None:
    """Return the state to go on with after a reload; None where it was left too long ago."""
    if state.now is None or not timedelta(0) <= now - state.now <= HANDOVER_AGE:
        return None
    return state


def milestones(state: EngineState) -> tuple[object, ...]:
    """Return what, when it changes, is worth being saved soon; amounts that tick on are not."""
    return (
        state.cap and state.cap.remaining_s is None,
        state.peak.month,
        state.peak.peaks,
        state.peak.house_days_w,
        state.operator.signal,
        *(
            (
                key,
                charger.plugged_s is None,
                charger.session and charger.session.started,
                charger.boost is None,
                charger.cap is None,
                charger.manual,
                charger.promises,
                _settled(charger.goal),
                charger.parked.vehicle_id,
                charger.parked.chosen_id,
                charger.learned,
                charger.tested,
                charger.switching.phases,
            )
            for key, charger in state.chargers.items()
        ),
    )


def _durable(charger: ChargerState, clock_s: float) -> DurableCharger:
    switching = charger.switching
    return DurableCharger(
        boost=charger.boost,
        cap=charger.cap,
        manual=charger.manual,
        promises=charger.promises,
        goal=_settled(charger.goal),
        parked=charger.parked,
        finished=charger.finished,
        session=charger.session,
        counter_wh=charger.counter_wh,
        total_wh=charger.total_wh,
        offer_a=charger.orders.offer_a,
        learned=charger.learned,
        tested=charger.tested,
        wear=charger.wear,
        phases=switching.phases,
        switched_s=clock_s - switching.at_s if switching.at_s >= _NEVER_S else None,
    )


def _settled(goal: Goal | None) -> Goal | None:
    """Return a goal without what counts on the engine's own clock."""
    return replace(goal, risk_since_s=None) if goal is not None else None


def _after[T: (Boost, Cap)](limited: T | None, away_s: float) -> T | None:
    """Return a boost or cap after a time; None when it is over."""
    if limited is None or limited.remaining_s is None:
        return limited
    if limited.remaining_s <= away_s:
        return None
    return replace(limited, remaining_s=limited.remaining_s - away_s)
