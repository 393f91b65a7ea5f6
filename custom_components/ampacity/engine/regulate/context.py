"""What a handler sees, what it returns, and the few things that all of them need."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..allocate import Grant
from ..alternative import Alternative
from ..decision import Reason, ReasonKey
from ..demand import Demand
from ..headroom import Bound, BoundKind
from ..model import Charger, ChargerReading, Link, Site
from ..phases import Prospect
from ..state import ChargerState, Phase
from ..take import Take
from ..wear import rest_s

LOCAL_RAISE_EVERY_S = 5.0
CLOUD_WRITE_EVERY_S = 30.0
_HORIZON_S = 86_400.0


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
    sure_other: Alternative | None = None
    """Its prospects on the other number of phases; None where it cannot change that."""
    hoped_other: Alternative | None = None

    @property
    def prospect(self) -> Prospect | None:
        """What bears on the number of its phases; None where it cannot change that."""
        if self.sure_other is None or self.hoped_other is None:
            return None
        return Prospect(
            site=self.site,
            charger=self.charger,
            state=self.state,
            asked=self.asked,
            room_a=self.hoped.room_a,
            sure=self.sure_other,
            hoped=self.hoped_other,
            clock_s=self.clock_s,
        )

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
    def least_w(self) -> float:
        """The same on one phase, where the charger can go there."""
        prospect = self.prospect
        if prospect is None or not prospect.may_shrink:
            return self.needed_w
        return prospect.one_phase_w

    @property
    def needed_sun_w(self) -> float:
        """What of the minimum has to come from the sun, for a car that waits for nothing else."""
        return self.needed_w * self.asked.sun_part

    @property
    def surplus_now_w(self) -> float | None:
        """What the sun has for this charger as far as its own sensors tell; for a person to read."""
        if self.sure.surplus_w is None:
            return None
        return self.sure.surplus_w + max(0.0, self.take.now_w - self.take.low_w)

    @property
    def may_rise_now(self) -> bool:
        """Whether the offer may be raised at this moment."""
        orders = self.state.orders
        if self.charger.link is Link.CLOUD:
            rested = self.clock_s - orders.at_s >= CLOUD_WRITE_EVERY_S
        else:
            rested = self.clock_s - orders.raised_s >= LOCAL_RAISE_EVERY_S
        if self.asked.on_surplus:
            spare_s = rest_s(self.charger, self.state.wear)
            rested = rested and self.clock_s - orders.at_s >= spare_s
        return self.may_raise and self.fresh and rested and self.sure.may_rise

    def until(self, seconds: float) -> datetime | None:
        """Return the moment in so many seconds; None for one that is too far off to name."""
        if seconds > _HORIZON_S:
            return None
        return self.now + timedelta(seconds=max(0.0, seconds))

    def step_down(self, current_a: float) -> float:
        """Return the highest current not above this one that the charger can be set to."""
        return self.charger.step_down(current_a)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a handler wants offered, why, and what is to be remembered."""

    state: ChargerState
    offer_a: float
    reason: Reason
    phases: int | None = None
    """To be commanded now; only while nothing is offered."""


def with_room(context: Context) -> Context:
    """Return the context with the present room noted for later raises."""
    keep_s = max(context.site.raise_delay_s, context.site.resume_delay_s)
    room = context.state.room.add(context.clock_s, context.hoped.reach_a, keep_s)
    if context.hoped_other is None or (prospect := context.prospect) is None:
        return replace(context, state=replace(context.state, room=room))
    switching = prospect.counted(context.dt_s)
    other_room = switching.other_room.add(
        context.clock_s, context.hoped_other.room_a, keep_s
    )
    switching = replace(switching, other_room=other_room)
    state = replace(context.state, room=room, switching=switching)
    return replace(context, state=state)


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


LIMITED = {
    BoundKind.FUSE: (ReasonKey.FUSE, ReasonKey.FUSE_PAUSED),
    BoundKind.POWER_LIMIT: (ReasonKey.POWER_LIMIT, ReasonKey.POWER_LIMIT_PAUSED),
    BoundKind.CIRCUIT: (ReasonKey.CIRCUIT, ReasonKey.CIRCUIT_PAUSED),
    BoundKind.IMBALANCE: (ReasonKey.IMBALANCE, ReasonKey.IMBALANCE_PAUSED),
    BoundKind.LIMIT: (ReasonKey.LIMIT, ReasonKey.LIMIT_PAUSED),
    BoundKind.PEAK: (ReasonKey.PEAK, ReasonKey.PEAK_PAUSED),
    BoundKind.OPERATOR: (ReasonKey.OPERATOR, ReasonKey.OPERATOR_PAUSED),
}
"""The reasons of a charger that such a limit holds down, and holds off."""


def limited(context: Context, bound: Bound, offer_a: float) -> Reason:
    """Return the reason of a charger that a limit holds down, or holds off at 0 A."""
    running, off = LIMITED[bound.kind]
    until = None if bound.remaining_s is None else context.until(bound.remaining_s)
    values: dict[str, float] = {"headroom_a": max(0.0, context.sure.room_a)}
    if bound.phase is not None:
        values["phase"] = bound.phase + 1
    if bound.value_w is not None:
        values["peak_w" if bound.kind is BoundKind.PEAK else "limit_w"] = bound.value_w
    key = running if offer_a > 0.0 else off
    if offer_a > 0.0:
        values["current_a"] = offer_a
    else:
        values["needed_a"] = context.asked.min_a
    return Reason(key=key, values=values, until=until, circuit_id=bound.circuit_id)


def with_values(reason: Reason, values: Mapping[str, float]) -> Reason:
    """Return the reason with more values."""
    return replace(reason, values={**reason.values, **values})
