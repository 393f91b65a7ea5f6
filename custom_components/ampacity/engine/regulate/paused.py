"""A car that waits: for the sun, for room under the limits, or for its turn."""

from collections.abc import Mapping
from dataclasses import replace

from ..decision import Reason, ReasonKey
from ..demand import DemandClass
from ..model import ChargerStatus
from ..phases import has_failed, is_refused, stays_s
from ..state import ChargerState, Phase
from .context import Context, Outcome, enter, limited
from .switching import begin

AT_ONCE_S = 60.0
"""For this long after plug-in, surplus starts the charging without a delay."""
RESUME_RESERVE_A = 1.0
"""More than the minimum has to be free before a charger that was paused by a limit resumes."""


def paused(context: Context) -> Outcome:
    """Start, or say what is missing."""
    if context.state.phase is Phase.IDLE and _may_stay(context):
        reason = _about_to_start(context)
        return Outcome(state=context.state, offer_a=context.offer_a, reason=reason)
    if context.state.phase is not Phase.PAUSED:
        context = replace(context, state=enter(context, Phase.PAUSED))
    if context.asked.klass is DemandClass.SURPLUS:
        return _wait_for_sun(context)
    return _start_within_limits(context)


def _may_stay(context: Context) -> bool:
    """Whether a charger whose car has just come may stay as it is until control looks at it."""
    return not context.may_raise and context.offer_a <= context.hoped.room_a


def _wait_for_sun(context: Context) -> Outcome:
    """Start once the surplus has been worth the minimum power for long enough."""
    surplus_w = context.sure.surplus_w
    if surplus_w is None:
        return _wait(context, Reason(key=ReasonKey.SOLAR_UNKNOWN))
    context = replace(context, state=_count_credit(context, surplus_w))
    values = {"surplus_w": surplus_w, "needed_w": _needed_sun_w(context)}
    if surplus_w < _needed_sun_w(context):
        return _wait(context, _too_little_sun(context, surplus_w, values))
    missing_s = context.site.start_delay_s - context.state.credit_s
    if missing_s > 0.0 and not _is_new_here(context):
        until = context.until(missing_s)
        reason = Reason(key=ReasonKey.SOLAR_STARTING, values=values, until=until)
        return _wait(context, reason)
    return _start_within_limits(context)


def _needed_sun_w(context: Context) -> float:
    """Return the least sun to start with: for one phase, where the charger can go there."""
    return context.least_w * context.asked.sun_part


def _too_little_sun(
    context: Context, surplus_w: float, values: Mapping[str, float]
) -> Reason:
    asked, prospect = context.asked, context.prospect
    if prospect is not None and has_failed(context.state):
        if prospect.is_up and surplus_w >= prospect.one_phase_w:
            stuck = {"current_a": 0.0, "phases": prospect.phases}
            return Reason(key=ReasonKey.PHASES_FAILED, values=stuck)
    return Reason(
        key=asked.waiting,
        values=values,
        until=asked.waits_until,
        ready_by=asked.ready_by,
    )


def _count_credit(context: Context, surplus_w: float) -> ChargerState:
    """Count the time with enough surplus; too little takes back only what is missing."""
    needed_w = _needed_sun_w(context)
    missing = (needed_w - surplus_w) / needed_w
    gain = 1.0 if missing <= 0.0 else -min(1.0, missing)
    credit_s = context.state.credit_s + gain * context.dt_s
    credit_s = min(context.site.start_delay_s, max(0.0, credit_s))
    return replace(context.state, credit_s=credit_s)


def _is_new_here(context: Context) -> bool:
    """Whether the car was plugged in a moment ago and has not charged since."""
    plugged_s = context.state.plugged_s
    return (
        plugged_s is not None
        and context.clock_s - plugged_s <= AT_ONCE_S
        and context.state.since_s <= plugged_s + context.dt_s
    )


def _start_within_limits(context: Context) -> Outcome:
    """Start as soon as the limits have room, after a cut only when the room has lasted."""
    if outcome := _change_phases(context):
        return outcome
    min_a = context.asked.min_a
    if context.sure.current_a < min_a:
        bound = context.sure.bound
        state = replace(context.state, cut=context.state.cut or bound is not None)
        context = replace(context, state=state)
        if bound is None:
            return _wait(context, Reason(key=ReasonKey.WAITING_TURN))
        return _wait(context, limited(context, bound, 0.0))
    if context.state.cut and (left_s := _resume_left_s(context)) > 0.0:
        values = {"headroom_a": context.sure.room_a}
        until = context.until(left_s)
        reason = Reason(key=ReasonKey.FUSE_RESUMING, values=values, until=until)
        return _wait(context, reason)
    if not context.may_rise_now:
        return _wait(context, _about_to_start(context))
    return _start(context)


def _change_phases(context: Context) -> Outcome | None:
    """Go to the number of phases to begin with; None to begin, or to wait, on the present ones."""
    prospect = context.prospect
    if prospect is None or is_refused(context.state):
        return None
    if context.reading.status is ChargerStatus.FINISHED:
        return None
    wanted = prospect.wanted_to_start()
    if wanted == prospect.phases:
        return None
    left_s = stays_s(context.charger, context.state, context.clock_s)
    if left_s > 0.0:
        if (
            not context.asked.on_surplus
            or context.sure.current_a >= context.asked.min_a
        ):
            return None
        reason = Reason(
            key=ReasonKey.PHASES_WAITING,
            values={"surplus_w": context.sure.surplus_w or 0.0},
            until=context.until(left_s),
        )
        return _wait(context, reason)
    if not context.may_raise:
        return _wait(context, _about_to_start(context))
    return begin(context, wanted)


def _resume_left_s(context: Context) -> float:
    """Return how long the room has still to last before a charger that was cut off resumes."""
    needed_a = min(context.asked.min_a + RESUME_RESERVE_A, context.asked.wish_a)
    below_s = context.state.room.last_below_s(needed_a)
    if below_s is None:
        return 0.0
    return context.site.resume_delay_s - (context.clock_s - below_s)


def _about_to_start(context: Context) -> Reason:
    """Return the reason of a charger that starts with the next reading."""
    return Reason(
        key=context.asked.reason.key,
        values={
            **context.asked.reason.values,
            "current_a": 0.0,
            "surplus_w": context.sure.surplus_w or 0.0,
        },
        until=context.asked.reason.until,
        ready_by=context.asked.reason.ready_by,
    )


def _start(context: Context) -> Outcome:
    """Offer what is there, and no more than the limits had room for lately."""
    since_s = context.clock_s - context.site.raise_delay_s
    lately_a = context.state.room.lowest(since_s)
    offer_a = context.sure.current_a
    if lately_a is not None:
        offer_a = min(offer_a, lately_a)
    offer_a = max(context.asked.min_a, context.step_down(offer_a))
    reason = _about_to_start(context)
    reason = replace(reason, values={**reason.values, "current_a": offer_a})
    state = replace(
        enter(context, Phase.CHARGING),
        cut=False,
        waking=replace(context.state.waking, is_due=True, taking_s=0.0),
    )
    return Outcome(state=state, offer_a=offer_a, reason=reason)


def _wait(context: Context, reason: Reason) -> Outcome:
    """Return a pause; of a car that is full that is all there is to say."""
    if context.reading.status is ChargerStatus.FINISHED:
        reason = Reason(key=ReasonKey.FINISHED)
    return Outcome(state=context.state, offer_a=0.0, reason=reason)
