"""A sleeping car: some take no notice of an offer after a pause, but of a second one.

The offer is taken back for a moment and made again, a few times, and never to a car that is full.
"""

from dataclasses import replace

from ..decision import Reason, ReasonKey
from ..model import ChargerStatus
from ..state import Phase
from .context import Context, Outcome, enter
from .paused import paused

ASLEEP_S = 30.0
"""A car that takes nothing of an offer for this long, after its settle time, is woken."""
MAX_TRIES = 3
PAUSE_S = 10.0
TAKING_A = 0.5
CHARGED_S = 600.0
"""A car that has charged for this long may be woken anew after its next pause."""
TAPER_A = 2.0
TAPER_S = 60.0
FULL_SOC = 97.0


def watch_car(context: Context) -> Context:
    """Return the context with it noted whether the car takes what it is offered."""
    held, take = context.state.waking, context.take
    if not take.measured or not take.settled:
        return context
    if take.now_a < TAKING_A:
        held = replace(held, taking_s=0.0)
    else:
        peak_a = max(held.peak_a, take.now_a)
        tapers = take.now_a < min(peak_a, context.offer_a) - TAPER_A
        taking_s = min(CHARGED_S, held.taking_s + context.dt_s)
        held = replace(
            held,
            is_due=False,
            taking_s=taking_s,
            tries=0 if taking_s >= CHARGED_S else held.tries,
            peak_a=peak_a,
            taper_s=held.taper_s + context.dt_s if tapers else 0.0,
        )
    if held == context.state.waking:
        return context
    return replace(context, state=replace(context.state, waking=held))


def sleeps(context: Context) -> bool:
    """Whether the car should have begun to charge by now, and is not full."""
    held = context.state.waking
    if not held.is_due or not context.charger.can_pause or _is_full(context):
        return False
    takes_nothing = (
        context.take.now_a < TAKING_A
        if context.take.measured
        else context.reading.status is ChargerStatus.CONNECTED
    )
    offered_s = max(context.state.since_s, context.state.orders.raised_s)
    waited_s = context.clock_s - offered_s
    return takes_nothing and waited_s >= context.charger.settle_s + ASLEEP_S


def _is_full(context: Context) -> bool:
    """Whether the car has what it wants, as far as anything tells."""
    soc = context.reading.soc
    return (
        context.reading.status is ChargerStatus.FINISHED
        or context.state.waking.taper_s >= TAPER_S
        or (soc is not None and soc.ok and soc.value >= FULL_SOC)
    )


def may_wake(context: Context) -> bool:
    """Whether the car sleeps and has not been woken too often."""
    return (
        context.may_raise and context.state.waking.tries < MAX_TRIES and sleeps(context)
    )


def asleep_reason(context: Context, offer_a: float) -> Reason | None:
    """Return that the car sleeps, once all tries to wake it have failed."""
    tries = context.state.waking.tries
    if tries < MAX_TRIES or not sleeps(context):
        return None
    return Reason(
        key=ReasonKey.CAR_ASLEEP, values={"current_a": offer_a, "tries": tries}
    )


def wake(context: Context) -> Outcome:
    """Take the offer back for a moment."""
    held = context.state.waking
    state = replace(
        enter(context, Phase.WAKING),
        debt_s=context.state.debt_s,
        waking=replace(held, tries=held.tries + 1),
    )
    return _hold(replace(context, state=state))


def waking(context: Context) -> Outcome:
    """Make the offer again once the pause has been seen."""
    paused_s = context.clock_s - context.state.since_s
    if paused_s < _pause_s(context) or not context.may_rise_now:
        return _hold(context)
    state = replace(enter(context, Phase.PAUSED), credit_s=context.site.start_delay_s)
    return paused(replace(context, state=state))


def _pause_s(context: Context) -> float:
    return max(PAUSE_S, context.charger.settle_s)


def _hold(context: Context) -> Outcome:
    left_s = context.state.since_s + _pause_s(context) - context.clock_s
    tries = context.state.waking.tries
    reason = Reason(
        key=ReasonKey.WAKING,
        values={"tries": tries, "most": MAX_TRIES},
        until=context.until(left_s),
    )
    return Outcome(state=context.state, offer_a=0.0, reason=reason)
