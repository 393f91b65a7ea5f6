"""What has been learned of a charger from its own steps: how fast it follows, how it is wired.

A sighting is one such step of which the meter has shown where it went: the charger's phases that
carried it, and the site's phases that moved by as much. Each sighting fits some of the ways in
which the charger can be wired and rules out the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

SETTLE_STEPS = 3
"""So many steps must have been timed before what they tell is used."""
SETTLE_KEPT = 8
SETTLE_MIN_S = 3.0
SETTLE_MAX_S = 60.0
MAP_STEPS = 3
"""So many steps must agree before a wiring that nobody configured is used."""
DOUBT_STEPS = 2
"""So many steps in a row that don't fit make a learned wiring unknown again."""
CONTRADICTION_STEPS = 5
"""So many more steps than the configured wiring another one must explain to be told of."""
SIGHTINGS_KEPT = 12
CAR_STEPS = 2
"""So many steps must agree on how many phases a car uses."""
_STRAY = 0.25
"""Part of the steps that may have been something else in the house."""

type PhaseMap = tuple[int, ...]
"""For each phase of a charger the site's phase it hangs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A step of a charger's current that the meter has shown."""

    carried: tuple[int, ...]
    """Phases of the charger that carried it, from 0."""
    moved: tuple[int, ...]
    """Phases of the site that moved by as much, from 0."""

    def fits(self, phase_map: PhaseMap) -> bool:
        """Return whether a charger that is wired so would have shown this."""
        if any(phase >= len(phase_map) for phase in self.carried):
            return False
        return {phase_map[phase] for phase in self.carried} == set(self.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What has been learned of one charger; it outlives restarts."""

    settle_s: tuple[float, ...] = ()
    """How long the last steps took until charger and meter showed them, the newest last."""
    sightings: tuple[Sighting, ...] = ()
    """The last steps that told something about the wiring, the newest last."""
    phase_map: PhaseMap | None = None
    """The wiring, once known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A step of a charger while it is watched, from rest to rest."""

    at_s: float
    """Control time of the command."""
    offer_a: float
    """What the charger was told."""
    step_a: float
    """By how much that differs from what it was told at rest before."""
    single: bool = True
    """It was one command; several in a row tell nothing about time."""
    own_before_a: tuple[float, ...]
    """What the charger took: per phase, one sum over its phases, or empty without a sensor."""
    grid_before_a: tuple[float, ...]
    others_a: float
    """What all other chargers took when it began."""
    own_a: tuple[float, ...]
    """The level that the charger is at."""
    grid_a: tuple[float, ...]
    """The level that the meter is at."""
    level_s: float
    """Control time since which both levels last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What is being watched of one charger; it ends with the car or a restart."""

    probe: Probe | None = None
    car: tuple[Sighting, ...] = ()
    """The last steps since the car was plugged in."""

    @property
    def car_phases(self) -> int | None:
        """On how many phases the car charges, None while that is not sure."""
        counts = {len(sighting.carried) for sighting in self.car}
        if len(self.car) < CAR_STEPS or len(counts) != 1:
            return None
        return counts.pop()


def settle_s(learned: Learned) -> float | None:
    """Return how long charger, car and meter need to follow; None while that is not known.

    The slowest of the last steps and a quarter more: a time that is too short would raise on
    readings that do not show the last command yet.
    """
    if len(learned.settle_s) < SETTLE_STEPS:
        return None
    longest_s = 1.25 * max(learned.settle_s) + 1.0
    return min(SETTLE_MAX_S, max(SETTLE_MIN_S, longest_s))


def with_settle(learned: Learned, seconds: float) -> Learned:
    """Return what is learned with another timed step."""
    return replace(learned, settle_s=(*learned.settle_s, seconds)[-SETTLE_KEPT:])


def with_sighting(
    learned: Learned,
    sighting: Sighting,
    *,
    charger_phases: int,
    site_phases: int,
    configured: PhaseMap | None,
) -> Learned:
    """Return what is learned with another sighting.

    A wiring that is known stays until another one is, or until steps in a row do not fit it.
    """
    sightings = (*learned.sightings, sighting)[-SIGHTINGS_KEPT:]
    known = learned.phase_map
    found = _clear_map(sightings, charger_phases, site_phases, (known, configured))
    if found is None and known is not None:
        newest = sightings[-DOUBT_STEPS:]
        doubtful = len(newest) == DOUBT_STEPS
        doubtful = doubtful and not any(one.fits(known) for one in newest)
        found = None if doubtful else known
    return replace(learned, sightings=sightings, phase_map=found)


def contradiction(learned: Learned, configured: PhaseMap | None) -> PhaseMap | None:
    """Return the learned wiring where it contradicts the configured one clearly."""
    found = learned.phase_map
    if configured is None or found is None or len(found) != len(configured):
        return None
    ahead = _fitting(learned.sightings, found) - _fitting(learned.sightings, configured)
    return found if ahead >= CONTRADICTION_STEPS else None


def _clear_map(
    sightings: Sequence[Sighting],
    charger_phases: int,
    site_phases: int,
    favoured: Sequence[PhaseMap | None],
) -> PhaseMap | None:
    """Return the wiring that explains the steps, None where none does clearly.

    Of several that explain as much, a favoured one, else one in which the phases follow each
    other as they do in the site.
    """
    best = max(
        permutations(range(site_phases), charger_phases),
        key=lambda one: (
            _fitting(sightings, one),
            *(one == other for other in favoured),
            _is_rotation(one, site_phases),
        ),
        default=None,
    )
    if best is None:
        return None
    fitting = _fitting(sightings, best)
    if fitting < MAP_STEPS or len(sightings) - fitting > _STRAY * fitting:
        return None
    return best


def _fitting(sightings: Sequence[Sighting], phase_map: PhaseMap) -> int:
    return sum(sighting.fits(phase_map) for sighting in sightings)


def _is_rotation(phase_map: PhaseMap, site_phases: int) -> bool:
    first = phase_map[0]
    return all(
        phase == (first + offset) % site_phases
        for offset, phase in enumerate(phase_map)
    )
