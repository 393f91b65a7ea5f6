"""What one charger offers: by what blocks it, by a lost meter, or by regulation."""

from dataclasses import replace
from datetime import timedelta

from .asks import gap_a, unused_s
from .circuits import meter_above, oldest_report_s
from .command import switch, tell
from .decision import Command, Decision, Reason, ReasonKey
from .demand import Demand
from .model import MIN_CURRENT_A, Charger, ChargerStatus
from .operator import blind_limit_a, paused_by_operator
from .regulate import Context, Outcome, regulate, squeeze
from .result import Tempo
from .safe import meter_reason, safe_current_a, safe_offer
from .state import ChargerState, MeterWatch, Orders, Phase
from .surplus import explained, is_behind
from .survey import Survey
from .wear import calmed, faded, used, whole_minutes_s

_AT_REST = frozenset(
    {ReasonKey.NOT_CONNECTED, ReasonKey.NEEDS_AUTH, ReasonKey.CHARGER_ERROR}
)
"""The charger cannot charge; should it start on its own, the safe current is what it offers."""


def decide_one(seen: Survey, charger: Charger) -> tuple[Decision, ChargerState]:
    """Return the decision for one charger and what to remember of it."""
    reading = seen.snapshot.chargers[charger.id]
    take = seen.takes[charger.id]
    asked = seen.asked[charger.id]
    outcome = _rested(seen, charger, _outcome(seen, charger))
    outcome = _kept_on(seen, charger, outcome)
    remembered = replace(
        outcome.state,
        take_a=take.now_a,
        take_w=take.now_w,
        unused_s=unused_s(outcome.state, take, seen.dt_s),
        gap_a=gap_a(outcome.state, take),
        firm=_is_firm(asked) if seen.tempo is Tempo.CONTROL else outcome.state.firm,
        late=charger.id in seen.promised and seen.promised[charger.id].late,
    )
    told = tell(
        charger,
        reading,
        remembered,
        take,
        offer_a=outcome.offer_a,
        clock_s=seen.clock_s,
        tempo=seen.tempo,
    )
    if outcome.phases is not None:
        told = switch(told, outcome.phases, take, seen.clock_s)
    decision = Decision(
        charger_id=charger.id,
        offer_a=outcome.offer_a,
        reason=told.complaint or explained(outcome.reason, seen.sun),
        command=told.command,
    )
    wear = faded(told.state.wear, whole_minutes_s(seen.clock_s, seen.dt_s))
    if told.command is not None:
        starts = _closes_contactor(told.command, told.state.orders, reading.status)
        wear = used(wear, told.command, starts=starts)
    if wear is told.state.wear:
        return decision, told.state
    return decision, replace(told.state, wear=wear)


def _closes_contactor(command: Command, orders: Orders, status: ChargerStatus) -> bool:
    """Whether a command lets current flow that did not; said again it changes nothing."""
    return (
        command.enabled is True
        and orders.tries == 0
        and orders.before_a <= 0.0
        and status.is_controllable
        and status is not ChargerStatus.FINISHED
    )


def _rested(seen: Survey, charger: Charger, outcome: Outcome) -> Outcome:
    """Return the outcome with nothing offered yet where the phases have just been switched."""
    state = seen.state.charger(charger.id)
    left_s = state.switching.at_s + charger.switch_pause_s - seen.clock_s
    starts = outcome.offer_a > 0.0 and state.orders.offer_a <= 0.0
    if not starts or left_s <= 0.0 or not charger.can_switch_phases:
        return outcome
    return Outcome(
        state=state,
        offer_a=0.0,
        reason=Reason(
            key=ReasonKey.SWITCHING_PHASES,
            values={"phases": charger.phases},
            until=seen.now + timedelta(seconds=left_s),
        ),
    )


def _kept_on(seen: Survey, charger: Charger, outcome: Outcome) -> Outcome:
    """Return the outcome with the minimum offered where it would be a pause that cannot be."""
    status = seen.snapshot.chargers[charger.id].status
    if charger.can_pause or outcome.offer_a > 0.0 or not status.is_controllable:
        return outcome
    lowest_a = charger.step_up(max(charger.min_a, MIN_CURRENT_A))
    offer_a = min(charger.max_a, lowest_a)
    if seen.tempo is Tempo.GUARD:
        offer_a = min(offer_a, outcome.state.orders.offer_a)
    return replace(outcome, offer_a=offer_a)


def _is_firm(asked: Demand | Reason) -> bool:
    return isinstance(asked, Demand) and not asked.on_surplus


def _outcome(seen: Survey, charger: Charger) -> Outcome:
    """Return what a charger offers: by what blocks it, by a lost meter, or by regulation."""
    state = seen.state.charger(charger.id)
    asked = seen.asked[charger.id]
    if isinstance(asked, Reason):
        return _squeezed(seen, charger, state, asked) or _blocked(
            seen, charger, state, asked
        )
    if state.orders.defied:
        reason = Reason(
            key=ReasonKey.NOT_OBEYING,
            values={
                "current_a": state.orders.offer_a,
                "measured_a": seen.takes[charger.id].now_a,
            },
        )
        return _off(charger, state, reason, seen.clock_s)
    if (watch := meter_above(seen.site, charger, seen.state)).lost is not None:
        return _without_meter(seen, charger, state, asked, watch)
    return regulate(
        Context(
            site=calmed(seen.site, state.wear),
            charger=charger,
            reading=seen.snapshot.chargers[charger.id],
            state=state,
            take=seen.takes[charger.id],
            asked=asked,
            sure=seen.sure[charger.id],
            hoped=seen.hoped[charger.id],
            clock_s=seen.clock_s,
            dt_s=seen.dt_s,
            now=seen.now,
            may_raise=seen.tempo is Tempo.CONTROL,
            fresh=_is_fresh(seen, charger, state),
            sure_other=seen.others.sure.get(charger.id),
            hoped_other=seen.others.hoped.get(charger.id),
        )
    )


def _is_fresh(seen: Survey, charger: Charger, state: ChargerState) -> bool:
    reported_s = oldest_report_s(seen.site, charger, seen.state)
    if reported_s is None or reported_s < state.orders.at_s + charger.settle_s:
        return False
    asked = seen.asked[charger.id]
    if seen.sun is None or not isinstance(asked, Demand) or not asked.on_surplus:
        return True
    return not is_behind(seen.sun.battery, seen.state, charger)


def _squeezed(
    seen: Survey, charger: Charger, state: ChargerState, reason: Reason
) -> Outcome | None:
    """Return the way to one phase, where a cap leaves too little for all and enough for one."""
    if reason.key is not ReasonKey.LIMIT_PAUSED:
        return None
    return squeeze(
        seen.site,
        charger,
        seen.snapshot.chargers[charger.id],
        state,
        seen.takes[charger.id],
        clock_s=seen.clock_s,
        now=seen.now,
        may_command=seen.tempo is Tempo.CONTROL,
    )


def _blocked(
    seen: Survey, charger: Charger, state: ChargerState, reason: Reason
) -> Outcome:
    offer_a = state.orders.offer_a
    if reason.key is ReasonKey.OFFLINE:
        return Outcome(state=state, offer_a=offer_a, reason=reason)
    if reason.key in _AT_REST:
        offer_a = min(offer_a, safe_current_a(seen.site, charger))
        state = replace(state, phase=Phase.IDLE, since_s=seen.clock_s)
        return Outcome(state=state, offer_a=offer_a, reason=reason)
    return _off(charger, state, reason, seen.clock_s)


def _off(
    charger: Charger, state: ChargerState, reason: Reason, clock_s: float
) -> Outcome:
    if state.phase is not Phase.PAUSED:
        state = replace(state, phase=Phase.PAUSED, since_s=clock_s, credit_s=0.0)
    return Outcome(state=state, offer_a=0.0, reason=reason)


def _without_meter(
    seen: Survey,
    charger: Charger,
    state: ChargerState,
    asked: Demand,
    watch: MeterWatch,
) -> Outcome:
    state, offer_a = safe_offer(seen.site, charger, state, asked, seen.dt_s)
    age_s = seen.clock_s - (watch.reported_s or seen.clock_s)
    limit_a = blind_limit_a(seen.site, seen.state, charger)
    if limit_a is not None and limit_a < offer_a:
        offer_a = limit_a
        if offer_a <= 0.0:
            reason = paused_by_operator(seen.site, seen.state)
            return _off(charger, state, reason, seen.clock_s)
    before_a = state.orders.offer_a
    if seen.tempo is Tempo.GUARD and offer_a > before_a:
        state, offer_a = seen.state.charger(charger.id), before_a
    reason = meter_reason(offer_a, watch, age_s)
    return Outcome(state=state, offer_a=offer_a, reason=reason)
