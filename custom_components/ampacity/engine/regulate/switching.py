"""From one number of phases to another: pause, wait until nothing flows, switch, wait, start.

Contactors that part under load burn, and cars that find other phases under them go into a fault.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..decision import Reason, ReasonKey
from ..model import Charger, ChargerReading, ChargerStatus, Site
from ..phases import FLOWING_A, MAX_FAILURES, is_refused, one_phase_fits_cap, stays_s
from ..state import ChargerState, Phase, Switching
from ..take import Take
from .context import Context, Outcome, enter

PATIENCE_S = 60.0
"""Longer than its own times a charger does not need to stop, or to tell where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a switch: what to remember, and the number of phases to command now."""

    state: ChargerState
    phases: int | None = None
    left_s: float = 0.0
    """How long it still takes, if all goes well."""

    @property
    def is_over(self) -> bool:
        """Whether the switch has happened or was given up."""
        return self.state.switching.target is None


def may_begin(context: Context) -> bool:
    """Whether the charger may be switched now; for a car that takes no more it is not worn."""
    return (
        context.prospect is not None
        and context.reading.status is not ChargerStatus.FINISHED
        and not is_refused(context.state)
        and stays_s(context.charger, context.state, context.clock_s) <= 0.0
    )


def to_one_phase(context: Context) -> Outcome | None:
    """Return the way to one phase instead of a pause; None where that does not help."""
    prospect = context.prospect
    if prospect is None or not prospect.may_shrink or not prospect.fits_one():
        return None
    return begin(context, 1) if may_begin(context) else None


def begin(context: Context, phases: int) -> Outcome:
    """Pause the charger, to go to another number of phases."""
    state = _aimed(enter(context, Phase.SWITCHING), phases)
    context, outcome = switching(replace(context, state=state))
    return outcome or Outcome(
        state=context.state, offer_a=0.0, reason=Reason(key=ReasonKey.PHASES_FAILED)
    )


def squeeze(
    site: Site,
    charger: Charger,
    reading: ChargerReading,
    state: ChargerState,
    take: Take,
    *,
    clock_s: float,
    now: datetime,
    may_command: bool,
) -> Outcome | None:
    """Go to one phase where a cap is too low for all; None where that cannot be."""
    if not charger.can_switch_phases or not one_phase_fits_cap(site, charger, state):
        return None
    if state.phase is not Phase.SWITCHING or state.switching.target is None:
        if is_refused(state) or stays_s(charger, state, clock_s) > 0.0:
            return None
        state = replace(_aimed(state, 1), phase=Phase.SWITCHING, since_s=clock_s)
    step = take_step(
        charger, reading, state, take, clock_s=clock_s, may_command=may_command
    )
    return None if step.is_over else _outcome(charger, step, now)


def _aimed(state: ChargerState, phases: int) -> ChargerState:
    held = replace(state.switching, target=phases, is_sent=False, up_s=0.0, down_s=0.0)
    return replace(state, switching=held)


def take_step(
    charger: Charger,
    reading: ChargerReading,
    state: ChargerState,
    take: Take,
    *,
    clock_s: float,
    may_command: bool,
) -> Step:
    """Take the next step of a switch that is under way; the offer is 0 throughout."""
    held = state.switching
    if held.target is None:
        return Step(state=state)
    if not held.is_sent:
        return _when_stopped(
            charger, reading, state, take, clock_s=clock_s, may_command=may_command
        )
    pause_s = max(charger.switch_pause_s, 0.0)
    left_s = held.at_s + pause_s - clock_s
    if left_s > 0.0:
        return Step(state=state, left_s=left_s)
    if reading.write_failed:
        return Step(state=_failed(charger, state))
    if reading.phases is None or _same(reading.phases, held.target):
        done = replace(held, phases=held.target, target=None, failures=0)
        return Step(state=replace(state, switching=done))
    left_s = held.at_s + max(pause_s, charger.settle_s) + PATIENCE_S - clock_s
    if left_s > 0.0:
        return Step(state=state, left_s=left_s)
    return Step(state=_failed(charger, state))


def _when_stopped(
    charger: Charger,
    reading: ChargerReading,
    state: ChargerState,
    take: Take,
    *,
    clock_s: float,
    may_command: bool,
) -> Step:
    """Command the switch once nothing flows; give up on a charger that does not pause."""
    held = state.switching
    since_s = max(state.since_s, state.orders.at_s)
    if not _has_stopped(reading, state, take):
        left_s = since_s + charger.settle_s + PATIENCE_S - clock_s
        if left_s > 0.0:
            return Step(state=state, left_s=charger.settle_s + charger.switch_pause_s)
        gave_up = replace(held, target=None, failures=held.failures + 1)
        return Step(state=replace(state, switching=gave_up))
    if not may_command:
        return Step(state=state, left_s=charger.switch_pause_s)
    sent = replace(held, is_sent=True, at_s=clock_s)
    return Step(
        state=replace(state, switching=sent),
        phases=held.target,
        left_s=charger.switch_pause_s,
    )


def _has_stopped(reading: ChargerReading, state: ChargerState, take: Take) -> bool:
    """Whether the charger has been told to pause, has had the time for it, and nothing flows."""
    if state.orders.offer_a > 0.0 or not take.settled or reading.enabled is True:
        return False
    if reading.status is ChargerStatus.CHARGING and not take.measured:
        return False
    if reading.write_failed and state.switching.at_s < state.since_s:
        return False  # it may be the pause that was not delivered
    return max(take.now_a, *take.high_a) < FLOWING_A


def _failed(charger: Charger, state: ChargerState) -> ChargerState:
    """Return the state after a switch that did not happen: once more, or never mind."""
    held = state.switching
    before = charger.all_phases if held.target == 1 else 1
    failures = held.failures + 1
    given_up = failures >= MAX_FAILURES
    switching: Switching = replace(
        held,
        phases=before,
        failures=failures,
        is_sent=False,
        target=None if given_up else held.target,
    )
    return replace(state, switching=switching)


def _same(told: int, target: int) -> bool:
    return (told == 1) == (target == 1)


def switching(context: Context) -> tuple[Context, Outcome | None]:
    """Take the next step; no outcome once the switch is over and charging may go on."""
    step = take_step(
        context.charger,
        context.reading,
        context.state,
        context.take,
        clock_s=context.clock_s,
        may_command=context.may_raise,
    )
    context = replace(context, state=step.state)
    if not step.is_over:
        return context, _outcome(context.charger, step, context.now)
    state = replace(enter(context, Phase.PAUSED), credit_s=context.site.start_delay_s)
    return replace(context, state=state), None


def _outcome(charger: Charger, step: Step, now: datetime) -> Outcome:
    reason = Reason(
        key=ReasonKey.SWITCHING_PHASES,
        values={"phases": step.state.switching.target or charger.phases},
        until=now + timedelta(seconds=max(0.0, step.left_s)),
    )
    return Outcome(state=step.state, offer_a=0.0, reason=reason, phases=step.phases)
