"""The test run of a charger: a few small steps that show whether it does as it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .learned import PhaseMap
from .model import MIN_CURRENT_A, Charger

STEP_A = 4.0
"""From the lowest current up: enough for the meter to show on which phases it goes."""
_LEAST_STEP_A = 2.0


class TrialStep(StrEnum):
    """What is tried, in this order."""

    START = "start"
    """The lowest current is offered."""
    RAISE = "raise"
    """Somewhat more."""
    LOWER = "lower"
    """The lowest again."""
    PAUSE = "pause"
    RESUME = "resume"
    """The lowest once more."""


class Verdict(StrEnum):
    """What a step has shown."""

    WORKS = "works"
    FAILS = "fails"
    UNSEEN = "unseen"
    """It was told, and nothing shows whether it followed."""


class TrialEnd(StrEnum):
    """How a test run ended."""

    DONE = "done"
    FAILED = "failed"
    """A step did not work; there was no point in going on."""
    STOPPED = "stopped"
    """Somebody ended it, chose a mode or started a boost."""
    BY_HAND = "by_hand"
    """Somebody changed the charger itself, or another system does."""
    UNPLUGGED = "unplugged"
    UNREACHABLE = "unreachable"
    """The charger went offline, into an error, or wants a card."""
    METER_LOST = "meter_lost"
    LIMITED = "limited"
    """The main fuse or another limit left too little room."""
    NOT_TAKING = "not_taking"
    """The car took nothing: it is full, asleep, or waits for its own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What one step has shown."""

    step: TrialStep
    verdict: Verdict
    took_s: float | None = None
    """From the command until it was seen; None where it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A test run under way."""

    started: datetime
    low_a: float
    high_a: float
    """The two currents that are offered; the same where there is nothing between."""
    steps: tuple[TrialStep, ...]
    """Still to be done; the first is under way."""
    since_s: float
    """Control time at which that began."""
    told_s: float | None = None
    """Control time at which the charger was told; None before that."""
    followed_s: float | None = None
    """Control time since which it is seen to be followed."""
    flow_a: float | None = None
    """What flowed at the lowest current, summed over the phases; None before that was seen."""
    phases: int | None = None
    """On how many phases the car was seen to charge."""
    results: tuple[StepResult, ...] = ()

    @property
    def step(self) -> TrialStep:
        """The one under way."""
        return self.steps[0]

    @property
    def target_a(self) -> float:
        """What it wants offered now, 0 for a pause."""
        if self.step is TrialStep.PAUSE:
            return 0.0
        return self.high_a if self.step is TrialStep.RAISE else self.low_a


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport:
    """What a test run has shown."""

    started: datetime
    ended: datetime
    end: TrialEnd
    results: tuple[StepResult, ...] = ()
    low_a: float = 0.0
    high_a: float = 0.0
    phases: int | None = None
    """On how many phases the car charged; None where nobody knows."""
    phase_map: PhaseMap | None = None
    """Where the steps have shown on which phases of the site the charger hangs."""

    @property
    def settle_s(self) -> float | None:
        """The longest that it took to follow a change while it charged."""
        changes = (TrialStep.RAISE, TrialStep.LOWER, TrialStep.PAUSE)
        times = [
            one.took_s
            for one in self.results
            if one.step in changes and one.took_s is not None
        ]
        return max(times, default=None)

    @property
    def verdicts(self) -> Mapping[TrialStep, Verdict]:
        """What came of each step that was tried."""
        return {one.step: one.verdict for one in self.results}


def new_trial(charger: Charger, started: datetime, clock_s: float) -> Trial:
    """Return a test run of a charger, with the steps that it can do."""
    low_a = charger.step_up(max(charger.min_a, MIN_CURRENT_A))
    high_a = charger.step_down(min(charger.max_a, low_a + STEP_A))
    steps = [TrialStep.START]
    if high_a - low_a >= _LEAST_STEP_A:
        steps += [TrialStep.RAISE, TrialStep.LOWER]
    if charger.can_pause:
        steps += [TrialStep.PAUSE, TrialStep.RESUME]
    return Trial(
        started=started,
        low_a=low_a,
        high_a=max(low_a, high_a),
        steps=tuple(steps),
        since_s=clock_s,
    )


def report_of(
    trial: Trial, end: TrialEnd, ended: datetime, phase_map: PhaseMap | None = None
) -> TrialReport:
    """Return what a test run has shown up to now."""
    return TrialReport(
        started=trial.started,
        ended=ended,
        end=end,
        results=trial.results,
        low_a=trial.low_a,
        high_a=trial.high_a,
        phases=trial.phases,
        phase_map=phase_map,
    )


def with_result(
    trial: Trial, verdict: Verdict, took_s: float | None, clock_s: float
) -> Trial:
    """Return a test run with its present step concluded and the next one begun."""
    result = StepResult(step=trial.step, verdict=verdict, took_s=took_s)
    return replace(
        trial,
        results=(*trial.results, result),
        steps=trial.steps[1:],
        since_s=clock_s,
        told_s=None,
        followed_s=None,
    )
