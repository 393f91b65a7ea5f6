"""Just taken over: what runs is kept until it can be seen in the readings."""

from dataclasses import replace

from ..decision import Reason, ReasonKey
from ..state import Phase
from .charging import charging
from .context import Context, Outcome, enter
from .paused import paused


def adopting(context: Context) -> Outcome:
    """Keep the present offer for a settle time; less only where a limit asks for it."""
    left_s = context.state.since_s + context.charger.settle_s - context.clock_s
    runs = context.offer_a > 0.0
    if left_s <= 0.0 and context.may_raise:
        state = enter(context, Phase.CHARGING if runs else Phase.PAUSED)
        handler = charging if runs else paused
        return handler(replace(context, state=state))
    offer_a = context.offer_a
    if runs and context.hoped.room_a < offer_a:
        state = enter(context, Phase.CHARGING)
        return charging(replace(context, state=state))
    reason = Reason(
        key=ReasonKey.STARTING_UP,
        values={"current_a": offer_a},
        until=context.until(left_s),
    )
    return Outcome(state=context.state, offer_a=offer_a, reason=reason)
