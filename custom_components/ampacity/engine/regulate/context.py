"""What a handler sees, what it returns, and the few things that all of them need."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import math

from ..allocate import Grant
from ..decision import Reason, ReasonKey
from ..demand import Demand
from ..headroom import Bound, BoundKind
from ..model import Charger, ChargerReading, Link, Site
from ..state import ChargerState, Phase
from ..take import Take

LOCAL_RAISE_EVERY_S = 5.0
CLOUD_WRITE_EVERY_S = 30.0
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One charger at one moment."""

    site: Site
    charger: Charger
    reading: ChargerReading
    state: ChargerState
    take: Take
    asked: Demand
    sure: Grant
    """What it may have, counting on the least that all cars take."""
    hoped: Grant
    """What it may keep, counting on the most that they take."""
    clock_s: float
    dt_s: float
    now: datetime
    may_raise: bool
    """The control tempo; the guard only lowers."""
    fresh: bool
    """The meter has been read since charger and car have followed the last command."""

    @property
    def offer_a(self) -> float:
        """What the charger offers now, in A."""
        return self.state.orders.offer_a

    @property
    def w_per_a(self) -> float:
        """Power of one ampere on all of the charger's phases."""
        return self.site.voltage_v * self.charger.phases

    @property
    def needed_w(self) -> float:
        """Power of the minimum current."""
        return self.asked.min_a * self.w_per_a

    @property
    def may_rise_now(self) -> bool:
        """Whether the offer may be raised at this moment."""
        orders = self.state.orders
        if self.charger.link is Link.CLOUD:
            rested = self.clock_s - orders.at_s >= CLOUD_WRITE_EVERY_S
        else:
            rested = self.clock_s - orders.raised_s >= LOCAL_RAISE_EVERY_S
        return self.may_raise and self.fresh and rested

    def until(self, seconds: float) -> datetime:
        """Return the moment in so many seconds."""
        return self.now + timedelta(seconds=max(0.0, seconds))

    def step_down(self, current_a: float) -> float:
        """Return the highest current not above this one that the charger can be set to.

        0 where even its lowest is above.
        """
        if levels_a := self.charger.levels_a:
            below = (
                level_a for level_a in levels_a if level_a <= current_a + _ROUNDING
            )
            return max(below, default=0.0)
        step_a = self.charger.step_a
        return math.floor(current_a / step_a + _ROUNDING) * step_a


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a handler wants offered, why, and what is to be remembered."""

    state: ChargerState
    offer_a: float
    reason: Reason


def with_room(context: Context) -> Context:
    """Return the context with the present room noted for later raises."""
    keep_s = max(context.site.raise_delay_s, context.site.resume_delay_s)
    room = context.state.room.add(context.clock_s, context.hoped.room_a, keep_s)
    return replace(context, state=replace(context.state, room=room))


def enter(context: Context, phase: Phase) -> ChargerState:
    """Return the state at the beginning of a phase, its counters at zero."""
    return replace(
        context.state,
        phase=phase,
        since_s=context.clock_s,
        credit_s=0.0,
        debt_s=0.0,
        drift_s=0.0,
    )


_LIMITED = {
    BoundKind.FUSE: (ReasonKey.FUSE, ReasonKey.FUSE_PAUSED),
    BoundKind.POWER_LIMIT: (ReasonKey.POWER_LIMIT, ReasonKey.POWER_LIMIT_PAUSED),
    BoundKind.LIMIT: (ReasonKey.LIMIT, ReasonKey.LIMIT_PAUSED),
}


def limited(context: Context, bound: Bound, offer_a: float) -> Reason:
    """Return the reason of a charger that a limit holds down, or holds off at 0 A."""
    running, off = _LIMITED[bound.kind]
    values: dict[str, float] = {"headroom_a": max(0.0, context.sure.room_a)}
    if bound.phase is not None:
        values["phase"] = bound.phase + 1
    if offer_a > 0.0:
        return Reason(key=running, values={**values, "current_a": offer_a})
    return Reason(key=off, values={**values, "needed_a": context.asked.min_a})


def with_values(reason: Reason, values: Mapping[str, float]) -> Reason:
    """Return the reason with more values."""
    return replace(reason, values={**reason.values, **values})
