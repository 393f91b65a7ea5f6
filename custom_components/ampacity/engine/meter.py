"""Whether the grid meter can be believed: not too old, not absurd, not frozen.

A meter that was lost is believed again after :data:`GOOD_READINGS` good readings.
"""

from collections.abc import Iterable
from dataclasses import replace

from .decision import ReasonKey
from .model import Charger, GridReading, Reading, Site
from .state import ChargerState, MeterWatch, Phase

GOOD_READINGS = 3
STALE_MIN_S = 30.0
STALE_MAX_S = 120.0
ABSURD_FACTOR = 10.0
FROZEN_STEP_A = 2.0
FUTURE_S = 5.0
"""A report from further in the future than this means that a clock was set back."""

_NEW_REPORT_S = 0.05
_PERIOD_WEIGHT = 0.2


def readings(grid: GridReading) -> tuple[Reading, ...]:
    """Return all that the meter measures of power and current."""
    if grid.power_w is None:
        return grid.current_a
    return (grid.power_w, *grid.current_a)


def stale_after_s(period_s: float) -> float:
    """Return the age from which a meter with this period is no longer believed."""
    return min(STALE_MAX_S, max(STALE_MIN_S, 3.0 * period_s))


def watch_meter(
    site: Site,
    grid: GridReading,
    watch: MeterWatch,
    chargers: Iterable[tuple[Charger, ChargerState]],
    clock_s: float,
) -> MeterWatch:
    """Return the watch after another look at the meter."""
    parts = readings(grid)
    if not _tells_enough(site, grid) or not all(part.ok for part in parts):
        return replace(watch, lost=ReasonKey.METER_STALE, good=0)

    reported_s = clock_s - max(part.age_s for part in parts)
    watch, is_new = _note_report(watch, reported_s)
    watch = _note_value(watch, tuple(part.value for part in parts), clock_s)
    problem = _problem(site, grid, watch, chargers, clock_s)
    if problem is not None:
        return replace(watch, lost=problem, good=0)
    if watch.lost is None:
        return watch
    good = watch.good + is_new
    return replace(watch, good=good, lost=None if good >= GOOD_READINGS else watch.lost)


def _tells_enough(site: Site, grid: GridReading) -> bool:
    """Whether the load of every phase can be told, or at least that of all together."""
    return grid.power_w is not None or len(grid.current_a) >= site.phases


def _note_report(watch: MeterWatch, reported_s: float) -> tuple[MeterWatch, bool]:
    """Learn the usual time between reports from a new one."""
    if watch.reported_s is None:
        return replace(watch, reported_s=reported_s), True
    interval_s = reported_s - watch.reported_s
    if abs(interval_s) < _NEW_REPORT_S:
        return watch, False
    period_s = watch.period_s
    if 0.0 < interval_s <= STALE_MAX_S:
        weight = _PERIOD_WEIGHT if period_s else 1.0
        period_s += weight * (interval_s - period_s)
    return replace(watch, reported_s=reported_s, period_s=period_s), True


def _note_value(
    watch: MeterWatch, value: tuple[float, ...], clock_s: float
) -> MeterWatch:
    """Remember since when the meter has been saying the same."""
    if value == watch.value:
        return watch
    return replace(watch, value=value, same_since_s=clock_s)


def _problem(
    site: Site,
    grid: GridReading,
    watch: MeterWatch,
    chargers: Iterable[tuple[Charger, ChargerState]],
    clock_s: float,
) -> ReasonKey | None:
    """Return why the meter must not be believed now, None when it may."""
    age_s = clock_s - (watch.reported_s or 0.0)
    if age_s > stale_after_s(watch.period_s) or age_s < -FUTURE_S:
        return ReasonKey.METER_STALE
    if _is_absurd(site, grid):
        return ReasonKey.METER_ABSURD
    if any(_has_frozen(watch, *charger, clock_s) for charger in chargers):
        return ReasonKey.METER_FROZEN
    return None


def _is_absurd(site: Site, grid: GridReading) -> bool:
    """Whether a value is far beyond what the main fuse could ever carry."""
    most_a = ABSURD_FACTOR * site.fuse_a
    most_w = most_a * site.voltage_v * site.phases
    power_w = grid.power_w.value if grid.power_w else 0.0
    return abs(power_w) > most_w or any(
        abs(current.value) > most_a for current in grid.current_a
    )


def _has_frozen(
    watch: MeterWatch, charger: Charger, state: ChargerState, clock_s: float
) -> bool:
    """Whether a charger has moved by a clear step and the meter not by a digit."""
    orders = state.orders
    if watch.lost == ReasonKey.METER_FROZEN and watch.same_since_s < orders.at_s:
        return True
    followed_s = orders.at_s + charger.settle_s
    return (
        watch.same_since_s < orders.at_s
        and clock_s >= followed_s + 2.0 * watch.period_s
        and (watch.reported_s or 0.0) >= followed_s
        and state.phase in (Phase.CHARGING, Phase.PAUSED)
        and _moved_a(state) >= FROZEN_STEP_A
    )


def _moved_a(state: ChargerState) -> float:
    """Return by how much the car's current has changed with the last command.

    Without a measurement of the car, the command itself has to do.
    """
    return abs(state.take_a - state.orders.before_now_a)
