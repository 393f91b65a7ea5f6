"""A charger that offers: lowered at once where a limit asks, else following its goal calmly."""

from dataclasses import replace

from ..decision import Reason, ReasonKey
from ..demand import DemandClass
from ..model import ChargerStatus
from ..phases import has_failed
from ..state import Phase
from .context import Context, Outcome, enter, limited, with_values
from .switching import begin, may_begin, to_one_phase
from .waking import asleep_reason, may_wake, wake, watch_car

DEAD_BAND_A = 1.0
FINE_DEAD_BAND_A = 0.5
"""For chargers that can be set in steps finer than 1 A."""
DRIFT_S = 20.0
"""A difference inside the dead-band that lasts this long is followed all the same."""
CLOUD_S = 3.0
"""Too little sun for this long is followed on a meter reading, without waiting for control."""
SLACK_A = 2.0
"""Offered above what a car takes, so that it can find its own limit."""
NOT_TAKING_A = 0.5
NOT_TAKING_S = 60.0
_FREE = frozenset(
    {
        ReasonKey.SOLAR,
        ReasonKey.SOLAR_MIN,
        ReasonKey.SOLAR_HOLDING,
        ReasonKey.OFF_PEAK,
        ReasonKey.PLAN,
        ReasonKey.PLAN_CHEAP,
        ReasonKey.PLAN_SUN,
        ReasonKey.PLAN_PARTLY,
        ReasonKey.FAST,
    }
)
"""Reasons of a charger that no limit holds."""


def charging(context: Context) -> Outcome:
    """Cut, pause, change the phases, follow or keep."""
    context = watch_car(context)
    cut_a = context.step_down(min(context.hoped.room_a, context.asked.wish_a))
    if cut_a < context.asked.min_a and context.charger.can_pause:
        cut = replace(context, state=replace(context.state, cut=True))
        return to_one_phase(cut) or _pause_for_limit(context)
    offer_a = min(context.offer_a, max(cut_a, context.asked.min_a))

    if context.asked.on_surplus:
        context = _count_debt(context)
        if _is_sun_gone(context):
            return _one_phase_for_sun(context) or _pause_for_sun(context)
    if outcome := _change_phases(context):
        return outcome
    if may_wake(context):
        return wake(context)
    context, offer_a = _follow(context, offer_a)
    reason = _stuck_reason(context, _reason(context, offer_a), offer_a)
    return Outcome(state=context.state, offer_a=offer_a, reason=reason)


def _change_phases(context: Context) -> Outcome | None:
    """Go to another number of phases, where that has been better for long enough."""
    prospect = context.prospect
    if prospect is None or not (context.may_raise and context.fresh):
        return None
    wanted = prospect.wanted()
    if wanted == prospect.phases or not may_begin(context):
        return None
    return begin(context, wanted)


def _one_phase_for_sun(context: Context) -> Outcome | None:
    """Go to one phase, where the sun has too little for all and enough for one."""
    prospect = context.prospect
    if prospect is None or not prospect.has_sun_for_one():
        return None
    return to_one_phase(context)


def _stuck_reason(context: Context, reason: Reason, offer_a: float) -> Reason:
    """Return that the phases did not switch, where only they keep the charger from better."""
    prospect = context.prospect
    if prospect is None or not has_failed(context.state) or reason.key not in _FREE:
        return reason
    if prospect.wanted() == prospect.phases:
        return reason
    values = {"current_a": offer_a, "phases": prospect.phases}
    return Reason(key=ReasonKey.PHASES_FAILED, values=values)


def _pause_for_limit(context: Context) -> Outcome:
    state = replace(enter(context, Phase.PAUSED), cut=True)
    bound = context.hoped.bound or context.sure.bound
    if bound is None:
        reason = Reason(key=ReasonKey.WAITING_TURN)
    else:
        reason = limited(context, bound, 0.0)
    return Outcome(state=state, offer_a=0.0, reason=reason)


def _count_debt(context: Context) -> Context:
    """Count how much of the minimum power is imported; surplus beyond it pays back.

    The delay is for clouds: where cheap hours or a boost have just ended, too little sun is enough
    to stop.
    """
    missing = _missing(context, context.hoped.surplus_w)
    debt_s = max(0.0, context.state.debt_s + missing * context.dt_s)
    if context.asked.klass is not DemandClass.SURPLUS:
        debt_s = 0.0  # the minimum may come from the grid
    elif context.state.firm:
        debt_s = context.site.stop_delay_s if missing > 0.0 else 0.0
    debt_s = min(debt_s, context.site.stop_delay_s)
    if debt_s == context.state.debt_s:
        return context
    return replace(context, state=replace(context.state, debt_s=debt_s))


def _missing(context: Context, surplus_w: float | None) -> float:
    """Return what the sun lacks, in terms of the least power; below 0 what it has beyond.

    Where the charger can go to one phase that is one phase's: a gap costs on three what it does on
    one.
    """
    if surplus_w is None:
        return 1.0
    least_w = context.least_w
    missing_w = context.needed_sun_w - surplus_w
    return min(context.needed_w / least_w, max(-1.0, missing_w / least_w))


def _is_sun_gone(context: Context) -> bool:
    return (
        context.asked.klass is DemandClass.SURPLUS
        and context.may_raise
        and context.charger.can_pause
        and context.state.debt_s >= context.site.stop_delay_s
    )


def _pause_for_sun(context: Context) -> Outcome:
    if context.sure.surplus_w is None:
        reason = Reason(key=ReasonKey.SOLAR_UNKNOWN)
    else:
        values = {"surplus_w": context.sure.surplus_w, "needed_w": context.needed_w}
        asked = context.asked
        reason = Reason(
            key=asked.waiting,
            values=values,
            until=asked.waits_until,
            ready_by=asked.ready_by,
        )
    state = enter(context, Phase.PAUSED)
    return Outcome(state=state, offer_a=0.0, reason=reason)


def _follow(context: Context, offer_a: float) -> tuple[Context, float]:
    """Move the offer towards its goal, where that is worth a command."""
    goal_a = _goal_a(context, offer_a)
    target_a = max(context.asked.min_a, context.step_down(goal_a))
    if target_a == offer_a or (target_a > offer_a and not context.may_raise):
        if context.state.drift_s == 0.0:
            return context, offer_a
        return replace(context, state=replace(context.state, drift_s=0.0)), offer_a
    drift_s = context.state.drift_s + context.dt_s
    kept = replace(context, state=replace(context.state, drift_s=drift_s))
    if drift_s < _patience_s(context, goal_a, offer_a):
        return kept, offer_a
    if target_a > offer_a and not context.may_rise_now:
        return kept, offer_a
    return replace(context, state=replace(context.state, drift_s=0.0)), target_a


def _patience_s(context: Context, goal_a: float, offer_a: float) -> float:
    """Return how long the offer must be off its goal; limits and classes are followed at once."""
    if not context.asked.on_surplus:
        return 0.0
    dead_band_a = FINE_DEAD_BAND_A if context.charger.step_a < 1.0 else DEAD_BAND_A
    if abs(goal_a - offer_a) < dead_band_a:
        return DRIFT_S
    return 0.0 if context.may_raise else CLOUD_S


def _goal_a(context: Context, offer_a: float) -> float:
    """Return the current that the charger should offer, not rounded."""
    goal_a = context.sure.current_a
    if goal_a < offer_a:
        # While any car may still be following, only what is too much in any case is taken back.
        return max(goal_a, min(context.hoped.current_a, offer_a))
    lately_a = context.state.room.lowest(context.clock_s - context.site.raise_delay_s)
    if lately_a is not None:
        goal_a = max(offer_a, min(goal_a, lately_a))
    take = context.take
    if context.asked.on_surplus and take.measured and context.fresh:
        if take.now_a < offer_a - DEAD_BAND_A:
            goal_a = min(goal_a, take.now_a + SLACK_A)
    return goal_a


def _reason(context: Context, offer_a: float) -> Reason:
    if idle := _idle_reason(context, offer_a):
        return idle
    bound = context.sure.bound
    if bound is not None and offer_a + context.charger.step_a <= context.asked.wish_a:
        return limited(context, bound, offer_a)
    cap = context.asked.cap
    if cap is not None and offer_a + context.charger.step_a > context.asked.wish_a:
        return with_values(cap, {"current_a": offer_a})
    reason = with_values(context.asked.reason, {"current_a": offer_a})
    return _sun_reason(context, reason) if context.asked.on_surplus else reason


def _sun_reason(context: Context, reason: Reason) -> Reason:
    """Return the reason of a charger that follows the sun: enough, partly enough, or bridged."""
    surplus_w = context.surplus_now_w
    if surplus_w is None:
        return replace(reason, key=ReasonKey.SOLAR_UNKNOWN)
    values = {"surplus_w": surplus_w, "needed_w": context.needed_w}
    reason = with_values(reason, values)
    enough = surplus_w >= context.needed_w
    if context.asked.klass is DemandClass.SOLAR_MIN and enough:
        return replace(reason, key=ReasonKey.SOLAR)
    if context.asked.klass is not DemandClass.SURPLUS or enough:
        return reason
    if surplus_w >= context.needed_sun_w:
        ready_by = context.asked.ready_by
        return replace(reason, key=ReasonKey.PLAN_PARTLY, ready_by=ready_by)
    if not context.charger.can_pause:
        return replace(reason, key=context.asked.waiting)
    left = context.site.stop_delay_s - context.state.debt_s
    until = context.until(left / _missing(context, surplus_w))
    return replace(reason, key=ReasonKey.SOLAR_HOLDING, until=until)


def _idle_reason(context: Context, offer_a: float) -> Reason | None:
    """Return why a car takes nothing of what it is offered; None while it takes."""
    if context.reading.status is ChargerStatus.FINISHED:
        return Reason(key=ReasonKey.FINISHED)
    if asleep := asleep_reason(context, offer_a):
        return asleep
    told_s = max(context.state.orders.at_s, context.state.since_s)
    takes = context.take.now_a >= NOT_TAKING_A or not context.take.measured
    if takes or context.clock_s - told_s < NOT_TAKING_S:
        return None
    return Reason(key=ReasonKey.CAR_NOT_TAKING, values={"current_a": offer_a})
