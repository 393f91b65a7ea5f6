"""Sees a test run through: one handler for each step, and what ends it early.

The run only asks, as a boost does. What it gets is up to the limits and the guard, so that it is
as safe as any other charging; where they leave too little it ends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .circuits import meter_above
from .learned import settle_s
from .model import Charger, ChargerReading, ChargerStatus, Link, Site, Snapshot
from .state import ChargerState, EngineState, Phase
from .survey import takes_of
from .take import Take
from .trial import (
    Trial,
    TrialEnd,
    TrialStep,
    Verdict,
    new_trial,
    report_of,
    with_result,
)

REST_S = 12.0
"""A step must be seen to be followed for this long, so that the meter shows it, too."""
LEARN_S = 45.0
"""For what is learned from a step it may take this much longer."""
PATIENCE_S = 60.0
"""A charger that has not followed after this time does not."""
CLOUD_PATIENCE_S = 150.0
START_PATIENCE_S = 180.0
"""A car may sleep, and some think for minutes before they take anything."""
ROOM_PATIENCE_S = 150.0
"""So long is waited for the limits to let a step happen."""
LONGEST_S = 1800.0
_FLOWING_A = 1.0
_SAME_A = 0.5

_UNREACHABLE = frozenset(
    {ChargerStatus.OFFLINE, ChargerStatus.ERROR, ChargerStatus.AUTH}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A test run at one moment."""

    trial: Trial
    charger: Charger
    reading: ChargerReading
    held: ChargerState
    take: Take
    flow_a: float
    """What the car takes, summed over the phases."""
    clock_s: float

    @property
    def told(self) -> bool:
        """Whether the charger has been told what the step wants."""
        return abs(self.held.orders.offer_a - self.trial.target_a) <= _SAME_A

    @property
    def waits_for_car(self) -> bool:
        """Whether it is up to the car: it is offered current, or being woken."""
        return self.told or self.held.phase is Phase.WAKING

    @property
    def told_for_s(self) -> float:
        """How long ago; said again does not count."""
        told_s = self.trial.told_s
        return 0.0 if told_s is None else self.clock_s - told_s

    @property
    def shows_limit(self) -> bool | None:
        """Whether it shows the current that it was told; None where it shows none."""
        offered = self.reading.offered_a
        if offered is None or not offered.ok:
            return None
        return abs(offered.value - self.trial.target_a) <= _SAME_A

    @property
    def low_flow_a(self) -> float:
        """What flows at the lowest current, as seen or at least."""
        return self.trial.flow_a or self.trial.low_a


def start_trial(state: EngineState, charger: Charger, now: datetime) -> EngineState:
    """Return the state with a test run begun; what was set by hand gives way to it."""
    held = state.charger(charger.id)
    trial = new_trial(charger, now, state.clock_s)
    held = replace(held, trial=trial, manual=None)
    return state.with_charger(charger.id, held)


def watch_trials(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime
) -> EngineState:
    """Return the state with each test run carried on, or ended with a report."""
    running = [one for one in site.chargers if state.charger(one.id).trial is not None]
    if not running:
        return state
    takes = takes_of(site, snapshot, state)
    for charger in running:
        held = state.charger(charger.id)
        if (trial := held.trial) is None:
            continue
        take = takes[charger.id]
        view = View(
            trial=trial,
            charger=charger,
            reading=snapshot.chargers[charger.id],
            held=held,
            take=take,
            flow_a=take.now_w / site.voltage_v,
            clock_s=state.clock_s,
        )
        end = _disturbed(site, state, view)
        trial, end = (trial, end) if end else _carried_on(view)
        if end is not None:
            report = report_of(trial, end, now, held.learned.phase_map)
            held = replace(held, trial=None, tested=report)
        else:
            held = replace(held, trial=trial)
        state = state.with_charger(charger.id, held)
    return state


def _disturbed(site: Site, state: EngineState, view: View) -> TrialEnd | None:
    """Return what ends the run whatever its step; None while nothing does."""
    status = view.reading.status
    if status is ChargerStatus.DISCONNECTED:
        return TrialEnd.UNPLUGGED
    if status in _UNREACHABLE:
        return TrialEnd.UNREACHABLE
    if meter_above(site, view.charger, state).lost is not None:
        return TrialEnd.METER_LOST
    if view.held.manual is not None:
        return TrialEnd.BY_HAND
    if not site.charging_enabled:
        return TrialEnd.STOPPED
    waited_s = view.clock_s - view.trial.since_s
    is_held_off = not view.waits_for_car and not view.held.orders.defied
    if is_held_off and waited_s > ROOM_PATIENCE_S:
        return TrialEnd.LIMITED
    return TrialEnd.LIMITED if waited_s > LONGEST_S else None


def _carried_on(view: View) -> tuple[Trial, TrialEnd | None]:
    """Return the run with its step judged, and how it ended where that was the last."""
    trial = _seen(view)
    view = replace(view, trial=trial)
    verdict = _HANDLERS[trial.step](view)
    if verdict is None:
        return trial, None
    if trial.step is TrialStep.START and verdict is Verdict.FAILS:
        return trial, TrialEnd.NOT_TAKING
    took_s = None
    if verdict is Verdict.WORKS and trial.followed_s and trial.told_s:
        took_s = trial.followed_s - trial.told_s
    if trial.step is TrialStep.START and view.take.measured:
        trial = replace(trial, flow_a=view.flow_a)
    trial = with_result(trial, verdict, took_s, view.clock_s)
    if verdict is Verdict.FAILS:
        return trial, TrialEnd.FAILED
    return trial, None if trial.steps else TrialEnd.DONE


def _seen(view: View) -> Trial:
    """Return the run with what flows taken in: whether the step is followed, on what phases."""
    trial = view.trial
    told_s, followed_s = trial.told_s, None
    if told_s is None and view.told:
        told_s = max(view.held.orders.at_s, trial.since_s)
    if view.told and _FOLLOWS[trial.step](view):
        followed_s = view.clock_s if trial.followed_s is None else trial.followed_s
    currents = view.reading.current_a
    flowing = sum(one.ok and abs(one.value) > _FLOWING_A for one in currents)
    phases = view.held.watching.car_phases or flowing or trial.phases
    return replace(trial, told_s=told_s, followed_s=followed_s, phases=phases)


def _flows(view: View) -> bool:
    """Whether the car takes something."""
    if not view.take.measured:
        return view.reading.status is ChargerStatus.CHARGING
    return view.flow_a > _FLOWING_A


def _flows_low(view: View) -> bool:
    return _flows(view) and _fell(view)


def _rose(view: View) -> bool:
    """Whether it takes clearly more than at the lowest current."""
    if not view.take.measured:
        return view.shows_limit is True
    part = view.trial.high_a / view.trial.low_a - 1.0
    return view.flow_a > view.low_flow_a * (1.0 + 0.5 * part)


def _fell(view: View) -> bool:
    """Whether it takes about what the lowest current allows."""
    if not view.take.measured:
        return view.shows_limit is not False
    most_a = view.trial.low_a + _FLOWING_A
    phases = max(1, round(view.low_flow_a / view.trial.low_a))
    if view.trial.flow_a is None:
        return view.take.now_a <= most_a
    return view.flow_a <= phases * most_a


def _stopped(view: View) -> bool:
    """Whether it takes nothing."""
    if not view.take.measured:
        return view.reading.status is not ChargerStatus.CHARGING
    return view.flow_a < _FLOWING_A


_FOLLOWS: Mapping[TrialStep, Callable[[View], bool]] = {
    TrialStep.START: _flows_low,
    TrialStep.RAISE: _rose,
    TrialStep.LOWER: _fell,
    TrialStep.PAUSE: _stopped,
    TrialStep.RESUME: _flows,
}


def _rested(view: View) -> bool:
    """Whether the step has been followed for long enough to go on."""
    since_s = view.trial.followed_s
    if since_s is None:
        return False
    rested_s = view.clock_s - since_s
    return rested_s >= REST_S and (
        view.held.watching.probe is None or rested_s >= LEARN_S
    )


def _patience_s(view: View) -> float:
    """Return how long a charger has to follow."""
    usual_s = PATIENCE_S if view.charger.link is Link.LOCAL else CLOUD_PATIENCE_S
    known_s = settle_s(view.held.learned) or view.charger.settle_s
    return max(usual_s, 3.0 * known_s)


def _start(view: View) -> Verdict | None:
    """See the car take the lowest current; it may have to be woken first."""
    if _rested(view):
        return Verdict.WORKS
    patience_s = max(START_PATIENCE_S, _patience_s(view))
    waited_s = view.clock_s - view.trial.since_s
    return Verdict.FAILS if view.waits_for_car and waited_s > patience_s else None


def _raise(view: View) -> Verdict | None:
    """See it take more; a car that cannot is no fault of the charger."""
    if _rested(view):
        return Verdict.WORKS
    if view.told_for_s <= _patience_s(view):
        return None
    return Verdict.FAILS if view.shows_limit is False else Verdict.UNSEEN


def _lower(view: View) -> Verdict | None:
    """See it take less again; where it never took more, only what the charger shows tells."""
    rose = any(
        one.step is TrialStep.RAISE and one.verdict is Verdict.WORKS
        for one in view.trial.results
    )
    if _rested(view):
        return Verdict.WORKS if rose or view.shows_limit else Verdict.UNSEEN
    return _verdict_of_deed(view)


def _verdict_of_deed(view: View) -> Verdict | None:
    """Return that a step works once it has been followed, and that it fails after a while."""
    if _rested(view):
        return Verdict.WORKS
    late = view.told_for_s > _patience_s(view)
    return Verdict.FAILS if late or view.held.orders.defied else None


_HANDLERS: Mapping[TrialStep, Callable[[View], Verdict | None]] = {
    TrialStep.START: _start,
    TrialStep.RAISE: _raise,
    TrialStep.LOWER: _lower,
    TrialStep.PAUSE: _verdict_of_deed,
    TrialStep.RESUME: _start,
}
