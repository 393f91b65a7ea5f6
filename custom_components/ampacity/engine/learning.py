"""Learning from what has to be done anyway: each clear step of a charger is watched.

A step counts while no other charger moves, once this one and the meter have both come to rest.
What does not add up, because somebody switched the kettle on meanwhile, is thrown away.
"""

from collections.abc import Iterator, Set as AbstractSet
from dataclasses import dataclass, replace

from .headroom import grid_currents_a
from .learned import (
    CAR_STEPS,
    Learned,
    Probe,
    Sighting,
    Watching,
    with_settle,
    with_sighting,
)
from .model import Charger, ChargerReading, Site, Snapshot
from .state import ChargerState, EngineState

TIMED_STEP_A = 2.0
"""The least step that is timed."""
SIGHTED_STEP_A = 3.0
"""The least step that tells which phases moved."""
SAME_A = 1.0
"""Currents that differ by no more are the same."""
_SAME_PART = 0.15
"""Part of a step by which meter and charger may differ, where that is more."""
_REST_S = 10.0
"""How long charger and meter must have been at rest."""
_REST_PERIODS = 1.5
"""The same in reports of the meter, where that is longer."""
_GIVE_UP_S = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What there is to see at one moment of a charger and of the rest of the site."""

    grid_a: tuple[float, ...]
    own_a: tuple[float, ...]
    own_at_s: float
    """Control time of the charger's report."""
    others_a: float
    others_at_s: float
    """Control time of the newest command to another charger."""
    clock_s: float


def learn(
    site: Site,
    snapshot: Snapshot,
    before: EngineState,
    after: EngineState,
    told: AbstractSet[str],
) -> EngineState:
    """Return the state after a decision with what it and the readings teach.

    ``site`` is as configured; ``before`` and ``after`` are the states on both sides of the
    decision, ``told`` the chargers that it commands.
    """
    for charger in site.chargers:
        held = after.charger(charger.id)
        reading = snapshot.chargers[charger.id]
        was = before.charger(charger.id)
        starts = charger.id in told and _is_step(charger, was, held, after.clock_s)
        if not reading.status.is_plugged:
            watching, learned = Watching(), held.learned
        elif starts or held.watching.probe is not None:
            seen = _look(site, snapshot, charger, after)
            watching, learned = _watch(site, charger, held, seen, after)
            if starts and watching.probe is None:
                watching = replace(watching, probe=_begin(site, held, seen, after))
        else:
            continue
        if (watching, learned) != (held.watching, held.learned):
            held = replace(held, watching=watching, learned=learned)
            after = after.with_charger(charger.id, held)
    return after


def _is_step(
    charger: Charger, was: ChargerState, held: ChargerState, clock_s: float
) -> bool:
    """Whether a charger that had come to rest has just been told to go clearly elsewhere."""
    step_a = held.orders.offer_a - was.orders.offer_a
    rested = clock_s - was.orders.at_s >= charger.settle_s
    return rested and abs(step_a) >= TIMED_STEP_A


def _look(
    site: Site, snapshot: Snapshot, charger: Charger, state: EngineState
) -> _Seen | None:
    """Return what there is to see; None without a meter that is believed."""
    grid = snapshot.grid
    grid_a = grid_currents_a(site, grid)
    if grid_a is None and grid.power_w is not None:
        grid_a = (grid.power_w.value / site.voltage_v,)
    if grid_a is None or state.meter.lost is not None:
        return None
    own_a, age_s = _own(site, charger, snapshot.chargers[charger.id])
    others = [
        state.charger(other.id) for other in site.chargers if other.id != charger.id
    ]
    return _Seen(
        grid_a=grid_a,
        own_a=own_a,
        own_at_s=state.clock_s - age_s,
        others_a=sum(other.take_a for other in others),
        others_at_s=max((other.orders.at_s for other in others), default=-1e9),
        clock_s=state.clock_s,
    )


def _own(
    site: Site, charger: Charger, reading: ChargerReading
) -> tuple[tuple[float, ...], float]:
    """Return what a charger says that it takes, and the age of that.

    Per phase, or as one sum over its phases where it tells its power alone, or nothing at all.
    """
    currents = reading.current_a[: charger.phases]
    if len(currents) == charger.phases and all(one.ok for one in currents):
        return tuple(abs(one.value) for one in currents), max(
            one.age_s for one in currents
        )
    power = reading.power_w
    if power is not None and power.ok:
        return (abs(power.value) / site.voltage_v,), power.age_s
    return (), 0.0


def _begin(
    site: Site, held: ChargerState, seen: _Seen | None, state: EngineState
) -> Probe | None:
    """Begin to watch a step; not while another charger still moves."""
    if seen is None:
        return None
    settle_s = max(charger.settle_s for charger in site.chargers)
    if seen.clock_s - seen.others_at_s < settle_s:
        return None
    return Probe(
        at_s=state.clock_s,
        offer_a=held.orders.offer_a,
        step_a=held.orders.offer_a - held.orders.before_a,
        own_before_a=seen.own_a,
        grid_before_a=seen.grid_a,
        others_a=seen.others_a,
        own_a=seen.own_a,
        grid_a=seen.grid_a,
        level_s=state.clock_s,
    )


def _watch(
    site: Site,
    charger: Charger,
    held: ChargerState,
    seen: _Seen | None,
    state: EngineState,
) -> tuple[Watching, Learned]:
    """Go on watching a step; learn from it once all is at rest."""
    watching, learned = held.watching, held.learned
    probe = watching.probe
    if probe is None:
        return watching, learned
    if seen is None or _spoilt(probe, seen):
        return replace(watching, probe=None), learned
    probe = _at_level(_led_on(probe, held.orders.offer_a), seen)
    if not _at_rest(probe, seen, state):
        return replace(watching, probe=probe), learned
    watching = replace(watching, probe=None)
    probe = replace(probe, own_a=seen.own_a, grid_a=seen.grid_a)
    return _conclude(site, charger, probe, watching, learned)


def _led_on(probe: Probe, offer_a: float) -> Probe:
    """Return the probe of a charger that was told something else before it came to rest."""
    if offer_a == probe.offer_a:
        return probe
    step_a = probe.step_a + offer_a - probe.offer_a
    return replace(probe, offer_a=offer_a, step_a=step_a, single=False)


def _spoilt(probe: Probe, seen: _Seen) -> bool:
    """Whether another charger has moved, a sensor come or gone, or it has taken too long."""
    return (
        seen.others_at_s >= probe.at_s
        or abs(seen.others_a - probe.others_a) > SAME_A
        or len(seen.own_a) != len(probe.own_a)
        or len(seen.grid_a) != len(probe.grid_a)
        or seen.clock_s - probe.at_s > _GIVE_UP_S
    )


def _at_level(probe: Probe, seen: _Seen) -> Probe:
    """Return the probe with the levels that charger and meter are at, and since when."""
    level_a = (*probe.own_a, *probe.grid_a)
    now_a = (*seen.own_a, *seen.grid_a)
    if all(
        abs(one - other) <= SAME_A for one, other in zip(level_a, now_a, strict=True)
    ):
        return probe
    return replace(probe, own_a=seen.own_a, grid_a=seen.grid_a, level_s=seen.clock_s)


def _at_rest(probe: Probe, seen: _Seen, state: EngineState) -> bool:
    """Whether charger and meter have gone to another level and stayed there long enough."""
    before_a, level_a = probe.own_before_a, probe.own_a
    if not before_a:
        before_a, level_a = probe.grid_before_a, probe.grid_a
    moved = any(abs(one) > SAME_A for one in _difference(level_a, before_a))
    if probe.single and not moved:
        return False
    rest_s = max(_REST_S, _REST_PERIODS * state.meter.period_s)
    return (
        seen.clock_s - probe.level_s >= rest_s
        and (state.meter.reported_s or 0.0) > probe.level_s
        and (not seen.own_a or seen.own_at_s > probe.at_s)
    )


def _conclude(
    site: Site, charger: Charger, probe: Probe, watching: Watching, learned: Learned
) -> tuple[Watching, Learned]:
    """Learn from a step that is over, where charger and meter agree on it."""
    found = _matched(site, charger, probe)
    if found is None:
        return watching, learned
    sighting, step_a = found
    if probe.single:
        learned = with_settle(learned, probe.level_s - probe.at_s)
    if not sighting.moved or abs(step_a) < SIGHTED_STEP_A:
        return watching, learned
    watching = replace(watching, car=(*watching.car, sighting)[-CAR_STEPS:])
    if len(sighting.moved) == site.phases:
        return watching, learned
    return watching, with_sighting(
        learned,
        sighting,
        charger_phases=charger.phases,
        site_phases=site.phases,
        configured=charger.phase_map,
    )


def _matched(
    site: Site, charger: Charger, probe: Probe
) -> tuple[Sighting, float] | None:
    """Return the phases that a step was on and its height, None where that is not clear."""
    grid_a = _difference(probe.grid_a, probe.grid_before_a)
    for carried, step_a in _steps(site, charger, probe):
        if abs(step_a) < TIMED_STEP_A:
            continue
        moved = _moved(site, grid_a, step_a, len(carried))
        if moved is not None:
            return Sighting(carried=carried, moved=moved), step_a
    return None


def _steps(
    site: Site, charger: Charger, probe: Probe
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield what the step may have been: phases of the charger, and the height on each.

    Without currents per phase, a car is taken to use the charger's first phases.
    """
    own_a = _difference(probe.own_a, probe.own_before_a)
    if len(own_a) > 1:
        most_a = max(own_a, key=abs)
        carried = tuple(
            phase for phase, one in enumerate(own_a) if abs(one - most_a) <= SAME_A
        )
        rest = [one for phase, one in enumerate(own_a) if phase not in carried]
        if all(abs(one) <= SAME_A for one in rest):
            yield carried, sum(own_a[phase] for phase in carried) / len(carried)
        return
    for count in range(1, min(charger.phases, site.phases) + 1):
        yield tuple(range(count)), own_a[0] / count if own_a else probe.step_a


def _moved(
    site: Site, grid_a: tuple[float, ...], step_a: float, count: int
) -> tuple[int, ...] | None:
    """Return the phases of the site that moved by a step on ``count`` phases; None if not so.

    Empty where the meter tells the sum alone, and that has moved by as much.
    """
    same_a = max(SAME_A, _SAME_PART * abs(step_a))
    if len(grid_a) < site.phases:
        agrees = abs(sum(grid_a) - step_a * count) <= same_a * count
        return () if agrees else None
    moved = tuple(
        phase for phase, one in enumerate(grid_a) if abs(one - step_a) <= same_a
    )
    still = [one for phase, one in enumerate(grid_a) if phase not in moved]
    if len(moved) != count or any(abs(one) > same_a for one in still):
        return None
    return moved


def _difference(
    after: tuple[float, ...], before: tuple[float, ...]
) -> tuple[float, ...]:
    return tuple(one - other for one, other in zip(after, before, strict=True))
