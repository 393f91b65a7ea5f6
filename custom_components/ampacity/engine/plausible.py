"""Whether the meter moves as the chargers make it move.

A meter whose sign was turned round, or whose unit was changed, goes on reporting numbers that look
like any others. What gives it away is a step of a charger: the connection must follow it. A step
that the meter answers with its opposite, or not at all where it shows next to nothing, speaks
against it; a step that it follows speaks for it and ends every doubt.

A jump of all values at once, to their opposites or to a hundredth, raises a doubt at once; so does
a balance that cannot be (``balance``). The chargers then go to their safe current, and that step is
the test.
"""

from collections.abc import Iterable
from dataclasses import replace

from .balance import after_balance, flow_w_of, grid_w_of, is_mute
from .decision import ReasonKey
from .model import Site, Snapshot
from .state import EngineState, MeterTrial, MeterWatch
from .survey import takes_of
from .take import Take, take_of

STEP_A = 3.0
"""A clear step of all chargers together, summed over the phases."""
VOTES = 2
"""Steps against the meter in a row, with none for it between them, that convict it."""
DOUBT_S = 120.0
"""A doubt that no step confirms ends after this time."""
SENTENCE_S = 3600.0
"""A convicted meter that nothing acquits is tried again after this time, by a single step."""

_OURS = (ReasonKey.METER_SIGN, ReasonKey.METER_IMPLAUSIBLE)
_POINT_AGE_S = 180.0
_STEADY_W = 150.0
_FOLLOWS = 0.5
_MOST = 1.5
_COLLAPSED = 0.01
_JUMP_W = 1000.0
_FOLLOWED_S = 30.0
"""Car and meter need so long at most, beyond the settle time, to show a cut."""
_SAME = 0.02
_SAME_A = 0.1
_ALIVE_A = 1.0


def watch_steps(
    site: Site,
    snapshot: Snapshot,
    before: MeterWatch,
    meter: MeterWatch,
    state: EngineState,
) -> MeterWatch:
    """Return the watch after a look at how the meter took the last step of the chargers.

    ``before`` is the watch as of the last look, ``meter`` the present one, believed or not.
    """
    clock_s = state.clock_s
    if meter.lost is not None and meter.lost not in _OURS:
        return replace(meter, trial=replace(meter.trial, point_s=None))
    takes = takes_of(site, snapshot, state).values()
    trial = _after_time(meter.trial, clock_s)
    trial, dropped_w = _after_takes(site, trial, takes, clock_s)
    trial = _after_jump(
        site, snapshot, before.value, meter.value, trial, state, dropped_w
    )
    trial = after_balance(site, snapshot, trial, state, takes)
    if meter.reported_s != before.reported_s:
        trial = _after_report(site, snapshot, meter, trial, state)
    if trial.verdict is None:
        return meter if trial is meter.trial else replace(meter, trial=trial)
    return replace(meter, trial=trial, lost=trial.verdict, good=0)


def _after_time(trial: MeterTrial, clock_s: float) -> MeterTrial:
    """Let doubts and sentences end; what was suspected once is convicted by a single step."""
    limit_s = SENTENCE_S if trial.sure else DOUBT_S
    if trial.verdict is None or clock_s - trial.since_s < limit_s:
        return trial
    return replace(trial, verdict=None, sure=False, against=VOTES - 1)


def _after_jump(
    site: Site,
    snapshot: Snapshot,
    old: tuple[float, ...],
    new: tuple[float, ...],
    trial: MeterTrial,
    state: EngineState,
    dropped_w: float,
) -> MeterTrial:
    """Doubt a meter whose values all jump as no load does; believe one that jumps back.

    What the sun did meanwhile explains a jump, and so do cars that stop in a house that takes next
    to nothing: ``dropped_w`` is by how much they take less. Only a jump that hides an import is a
    danger.
    """
    solar_w = _solar_w(snapshot)
    sun_moved_w = abs(solar_w - trial.solar_w)
    if sun_moved_w > 0.0:
        trial = replace(trial, solar_w=solar_w)
    key = _jump(site, old, new)
    if key is None:
        return trial
    if trial.verdict is not None:
        return MeterTrial() if trial.verdict == key else trial
    if old[0] < _JUMP_W or abs(new[0]) > 1.1 * old[0] or sun_moved_w > 0.5 * old[0]:
        return trial
    if max(dropped_w, _told_w(site, state)) > 0.5 * old[0]:
        return trial
    return replace(trial, verdict=key, sure=False, since_s=state.clock_s, point_s=None)


def _after_takes(
    site: Site, trial: MeterTrial, takes: Iterable[Take], clock_s: float
) -> tuple[MeterTrial, float]:
    """Return the trial with the cars' newest sum in it, and how far it is below the latest top.

    Several commands may come between two reports of the meter, so the last look alone tells too
    little.
    """
    taken_w = sum(take.now_w for take in takes)
    settle_s = max((charger.settle_s for charger in site.chargers), default=0.0)
    if taken_w >= trial.top_w or clock_s - trial.top_s > settle_s + _FOLLOWED_S:
        trial = replace(trial, top_w=taken_w, top_s=clock_s)
    return trial, trial.top_w - taken_w


def _told_w(site: Site, state: EngineState) -> float:
    """Return by how much the cars were told of late to take less, as their sensors may lag."""
    told_w = 0.0
    for charger in site.chargers:
        orders = state.charger(charger.id).orders
        if state.clock_s - orders.at_s <= charger.settle_s + _FOLLOWED_S:
            told_a = max(0.0, orders.before_now_a - orders.offer_a)
            told_w += told_a * site.voltage_v * charger.phases
    return told_w


def _jump(
    site: Site, old: tuple[float, ...], new: tuple[float, ...]
) -> ReasonKey | None:
    """Return what a jump of all values at once looks like, None for an ordinary change."""
    if len(old) != len(new) or len(new) < 1 + site.phases:
        return None
    if all(_is_opposite(one, other) for one, other in zip(old, new, strict=True)):
        return ReasonKey.METER_SIGN
    small, big = sorted((old, new), key=_size)
    collapsed = all(
        abs(one) <= _COLLAPSED * abs(other) and abs(other) >= _ALIVE_A
        for one, other in zip(small, big, strict=True)
    )
    return ReasonKey.METER_IMPLAUSIBLE if collapsed else None


def _solar_w(snapshot: Snapshot) -> float:
    solar = snapshot.solar_w
    return solar.value if solar is not None and solar.ok else 0.0


def _is_opposite(one: float, other: float) -> bool:
    return abs(one + other) <= _SAME * abs(one) + _SAME_A and one != 0.0


def _size(values: tuple[float, ...]) -> float:
    return max(map(abs, values), default=0.0)


def _after_report(
    site: Site,
    snapshot: Snapshot,
    meter: MeterWatch,
    trial: MeterTrial,
    state: EngineState,
) -> MeterTrial:
    """Compare two moments at which all cars had settled, and count what the step between tells."""
    flow_w = flow_w_of(site, snapshot)
    taken_w = _taken_w(site, snapshot, meter, state)
    if taken_w is None:
        return trial
    is_steady = abs(taken_w - trial.seen_w) <= _STEADY_W
    trial = replace(trial, seen_w=taken_w)
    if flow_w is None or not is_steady:
        return trial
    is_recent = (
        trial.point_s is not None and state.clock_s - trial.point_s <= _POINT_AGE_S
    )
    grid_w = grid_w_of(site, snapshot) or 0.0
    if is_recent and abs(taken_w - trial.taken_w) >= STEP_A * site.voltage_v:
        trial = _voted(site, trial, flow_w, grid_w, taken_w, state.clock_s)
    return replace(
        trial, point_s=state.clock_s, flow_w=flow_w, grid_w=grid_w, taken_w=taken_w
    )


def _voted(
    site: Site,
    trial: MeterTrial,
    flow_w: float,
    grid_w: float,
    taken_w: float,
    clock_s: float,
) -> MeterTrial:
    """Return the trial after a step of the cars, by what part of it the meter has shown."""
    shown = (flow_w - trial.flow_w) / (taken_w - trial.taken_w)
    most_w = max(taken_w, trial.taken_w)
    if site.battery is None and all(
        is_mute(one, most_w) for one in (grid_w, trial.grid_w)
    ):
        key = ReasonKey.METER_IMPLAUSIBLE
    elif _FOLLOWS <= shown <= _MOST:
        return replace(trial, verdict=None, sure=False, against=0)
    elif -_MOST <= shown <= -_FOLLOWS:
        key = ReasonKey.METER_SIGN
    else:
        return trial
    against = trial.against + 1
    if trial.verdict is None and against < VOTES:
        return replace(trial, against=against)
    return replace(trial, verdict=key, sure=True, since_s=clock_s, against=against)


def _taken_w(
    site: Site, snapshot: Snapshot, meter: MeterWatch, state: EngineState
) -> float | None:
    """Return what all cars take; None until meter and sensors show where the last command led."""
    taken_w = 0.0
    for charger in site.chargers:
        held = state.charger(charger.id)
        settled_s = held.orders.at_s + charger.settle_s
        if meter.reported_s is None or meter.reported_s < settled_s:
            return None
        reading = snapshot.chargers[charger.id]
        take = take_of(site, charger, reading, held, state.clock_s)
        if take.low_a != take.high_a:
            return None
        taken_w += take.now_w
    return taken_w
