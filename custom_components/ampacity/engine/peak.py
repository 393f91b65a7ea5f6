"""Peak tariffs: which peaks count, what the running window may still import, what more would cost.

A window's mean is what the bill is made of. A mean is free while it does not raise the bill: up to
the peak that counts already, to what is charged for in any case, or to the end of a step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import inf

from .demand import DemandClass
from .headroom import Bound, BoundKind, power_bound, total_w
from .model import Charger, GridReading, Site, Snapshot
from .outlook import SLOT_S, Outlook
from .peak_house import expected_peak_w, house_import_w, with_house_window
from .state import EngineState
from .take import Take
from .tariffs import HOUR_S, PeakMemory, PeakTariff

AIM = 0.98
"""Part of what is allowed that control aims at: our sums and the utility's meter differ a little."""
BELOW_STEP_W = 10.0
"""A step ends just below its end: at 5.00 kW the next one has begun."""
LAST_S = 30.0
"""What is too much is made up for within no less than this: in the last seconds of a window not
even a pause would make a difference."""
UNKNOWN_PRICE_PER_KW = 100.0
"""Taken where the tariff's price is not known, so that a plan avoids new peaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakView:
    """How the month and the running window stand; powers in W."""

    counted_w: float
    """The peak that the bill is made of so far, what is charged at least included."""
    mean_w: float | None = None
    """What was imported so far, over the part of the window that was measured."""
    projected_w: float | None = None
    """The window's mean if what flows now goes on."""
    allowed_w: float | None = None
    """The mean that costs nothing more; None while the hours do not count."""
    until: datetime | None = None
    """The end of the window."""
    cost: float | None = None
    """Currency for the month as it stands; None where the price is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakTerm:
    """What a peak tariff means to a plan."""

    free_w: tuple[float, ...]
    """For each slot the mean import that costs nothing more; endless where it does not count."""
    price_per_w: float
    """Currency that a W above that costs once, however long it lasts."""
    window_slots: int
    """How many slots share a window and so its mean."""
    offset: int
    """How many slots of the first window are over already."""


def window_start(site: Site, tariff: PeakTariff, moment: datetime) -> datetime:
    """Return the beginning of the window in which a moment lies, in UTC.

    Windows are aligned to the hours of the local clock.
    """
    local = moment.astimezone(site.time_zone)
    into_s = (local.minute * 60 + local.second) % tariff.window_s
    start = moment - timedelta(seconds=into_s, microseconds=local.microsecond)
    return start.astimezone(UTC)


def share_of(site: Site, tariff: PeakTariff, start: datetime) -> float:
    """Return the part of a window's mean that counts: 0 outside of the hours, 1 mostly."""
    local = start.astimezone(site.time_zone)
    if local.month not in tariff.months or local.weekday() not in tariff.weekdays:
        return 0.0
    if not _within(local.hour, tariff.hours):
        return 0.0
    first, end = tariff.reduced_hours
    if first != end and _within(local.hour, tariff.reduced_hours):
        return tariff.reduced_share
    return 1.0


def _within(hour: int, hours: tuple[int, int]) -> bool:
    first, end = hours
    if first < end:
        return first <= hour < end
    return hour >= first or hour < end


def watch_peak(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime, dt_s: float
) -> PeakMemory:
    """Return the memory with what was imported in the time that has just passed.

    Only what a meter that is believed has shown is counted: a window with a gap counts with what
    was measured of it. What a step brings across the end of a window belongs to both by its time.
    """
    if (tariff := site.peak) is None:
        return PeakMemory()
    memory = state.peak
    start = window_start(site, tariff, now)
    power_w = _import_w(site, snapshot, state)
    house_w = _house_w(site, snapshot, state)
    new_s = dt_s
    if memory.window_start is not None and memory.window_start < start:
        end = memory.window_start + timedelta(seconds=tariff.window_s)
        new_s = min(dt_s, (now - start).total_seconds())
        before_s = dt_s - new_s if end == start else 0.0
        memory = _add(tariff, memory, power_w, house_w, before_s)
        memory = _closed(site, tariff, memory)
    if memory.window_start != start:
        memory = replace(
            memory, window_start=start, imported_wh=0.0, measured_s=0.0, house_wh=0.0
        )
    month = f"{start.astimezone(site.time_zone):%Y-%m}"
    if memory.month != month:
        memory = replace(memory, month=month, peaks=())
    return _add(tariff, memory, power_w, house_w, new_s)


def _import_w(site: Site, snapshot: Snapshot, state: EngineState) -> float | None:
    if state.meter.lost is not None:
        return None
    power_w = total_w(site, snapshot.grid)
    return None if power_w is None else max(0.0, power_w)


def _house_w(site: Site, snapshot: Snapshot, state: EngineState) -> float:
    """Return the import without cars; 0 where nobody knows the import."""
    power_w = total_w(site, snapshot.grid)
    return 0.0 if power_w is None else house_import_w(site, snapshot, state, power_w)


def _add(
    tariff: PeakTariff,
    memory: PeakMemory,
    power_w: float | None,
    house_w: float,
    seconds: float,
) -> PeakMemory:
    """Return the memory with some time of import added, within the window's length."""
    seconds = min(seconds, tariff.window_s - memory.measured_s)
    if power_w is None or seconds <= 0.0:
        return memory
    return replace(
        memory,
        imported_wh=memory.imported_wh + power_w * seconds / HOUR_S,
        measured_s=memory.measured_s + seconds,
        house_wh=memory.house_wh + house_w * seconds / HOUR_S,
    )


def _closed(site: Site, tariff: PeakTariff, memory: PeakMemory) -> PeakMemory:
    """Return the memory with the window that has ended among the peaks, where it belongs there."""
    if memory.window_start is None:
        return memory
    share = share_of(site, tariff, memory.window_start)
    day = f"{memory.window_start.astimezone(site.time_zone):%Y-%m-%d}"
    memory = with_house_window(memory, tariff, day, share)
    mean_w = share * memory.imported_wh / tariff.window_h
    if mean_w <= 0.0:
        return memory
    peaks = sorted((*memory.peaks, (day, mean_w)), key=lambda peak: -peak[1])
    if tariff.distinct_days:
        peaks = list({day: (day, mean_w) for day, mean_w in reversed(peaks)}.values())
        peaks.sort(key=lambda peak: -peak[1])
    return replace(memory, peaks=tuple(peaks[: tariff.rank]))


def counted_w(tariff: PeakTariff, peaks: Sequence[tuple[str, float]]) -> float:
    """Return the peak that the bill is made of so far: the mean of the highest, the floor at least.

    Where there are fewer than the tariff asks for, it is the mean of those.
    """
    highest = [mean_w for _, mean_w in peaks[: tariff.rank]]
    mean_w = sum(highest) / len(highest) if highest else 0.0
    return max(tariff.floor_w, mean_w)


def cost_of(tariff: PeakTariff, peak_w: float) -> float | None:
    """Return what a month with this peak costs; None where the prices are not known."""
    if not tariff.steps_w:
        return tariff.price_per_kw * peak_w / 1000.0 if tariff.price_per_kw else None
    if len(tariff.step_prices) != len(tariff.steps_w):
        return None
    for end_w, price in zip(tariff.steps_w, tariff.step_prices, strict=True):
        if peak_w < end_w:
            return price
    return tariff.step_prices[-1]


def free_w(
    tariff: PeakTariff,
    peaks: Sequence[tuple[str, float]],
    day: str,
    share: float,
    coming_w: float = 0.0,
) -> float:
    """Return the mean that a window on this local day may have without costing anything more.

    ``share`` is the part that counts, above 0; ``coming_w`` is the peak that the house alone is
    expected to make. What changes nothing is free: below the peak that it
    would have to exceed. And what keeps the bill where it stands is: up to the floor, an accepted
    peak or the step's end, as long as the mean of all that count stays there.
    """
    level_w = _level_w(tariff, peaks, coming_w)
    others = [mean_w for other, mean_w in peaks[: tariff.rank]]
    beaten_w = others[-1] if len(others) == tariff.rank else 0.0
    if tariff.distinct_days:
        todays = [mean_w for other, mean_w in peaks[: tariff.rank] if other == day]
        if todays:
            beaten_w = todays[0]
            others.remove(beaten_w)
    others = others[: tariff.rank - 1]
    others += [level_w] * (tariff.rank - 1 - len(others))
    balance_w = tariff.rank * level_w - sum(others)
    return max(beaten_w, min(level_w, balance_w), 0.0) / share


def _level_w(
    tariff: PeakTariff, peaks: Sequence[tuple[str, float]], coming_w: float
) -> float:
    """Return the counted peak up to which the bill stays where it will be anyway, or is accepted."""
    present_w = max(counted_w(tariff, peaks), coming_w)
    level_w = max(present_w, tariff.accepted_w)
    for end_w in tariff.steps_w:
        if present_w < end_w:
            return max(level_w, end_w - BELOW_STEP_W)
    return level_w


def allowed_w(site: Site, memory: PeakMemory, start: datetime) -> float | None:
    """Return the mean that is free in the window that begins then; None where it does not count.

    In another month than the memory's nothing has been reached yet, but the house has its peak in
    each.
    """
    tariff = site.peak
    if tariff is None or (share := share_of(site, tariff, start)) <= 0.0:
        return None
    local = start.astimezone(site.time_zone)
    is_running = memory.month == f"{local:%Y-%m}"
    peaks = memory.peaks if is_running else ()
    since = (memory.window_start or start) if is_running else local.replace(day=1)
    coming_w = expected_peak_w(site, tariff, memory, since)
    return free_w(tariff, peaks, f"{local:%Y-%m-%d}", share, coming_w)


def peak_bounds(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    asking: Sequence[Charger],
    takes: Mapping[str, Take],
    now: datetime,
) -> list[Bound]:
    """Return the bound that keeps the running window's mean at what is free, where hours count.

    A raise must fit what could go on like that for good. What runs may stay while the whole window
    stays below: so a kettle cuts nobody off, and nothing swings at the end of a window. What was
    not measured is taken to have been at what is allowed. Where the schedule has found a higher
    peak worth its price, promises may go as far.
    """
    tariff, memory = site.peak, state.peak
    if tariff is None or memory.window_start is None:
        return []
    mean_w = allowed_w(site, memory, memory.window_start)
    room = power_bound(site, snapshot.grid, asking, takes)
    if mean_w is None or room is None:
        return []
    end = memory.window_start + timedelta(seconds=tariff.window_s)
    left_s = (end - now).total_seconds()
    schedule = snapshot.schedule
    planned_w = mean_w + (schedule.above_peak_w if schedule else 0.0)
    found = [_bound(memory, room, planned_w, left_s, DemandClass.PLAN)]
    if planned_w > mean_w:
        found.append(_bound(memory, room, mean_w, left_s, DemandClass.OFF_PEAK))
    return found


def _bound(
    memory: PeakMemory, room: Bound, mean_w: float, left_s: float, since: DemandClass
) -> Bound:
    """Return the bound that keeps the window at a mean, for this class and those after it."""
    return replace(
        room,
        kind=BoundKind.PEAK,
        sure=room.sure + min(AIM * mean_w, _rest_w(memory, AIM * mean_w, left_s)),
        hoped=room.hoped + _rest_w(memory, mean_w, left_s),
        remaining_s=max(0.0, left_s),
        value_w=mean_w,
        from_class=since,
    )


def _rest_w(memory: PeakMemory, mean_w: float, left_s: float) -> float:
    """Return what may be imported for the rest of the window for it to end at a mean."""
    spare_wh = mean_w * memory.measured_s / HOUR_S - memory.imported_wh
    return mean_w + spare_wh * HOUR_S / max(left_s, LAST_S)


def peak_view(
    site: Site, state: EngineState, grid: GridReading, now: datetime
) -> PeakView | None:
    """Return how the month and the window stand; None without a peak tariff."""
    tariff, memory = site.peak, state.peak
    if tariff is None:
        return None
    peak_w = counted_w(tariff, memory.peaks)
    start = memory.window_start
    if start is None:
        return PeakView(counted_w=peak_w, cost=cost_of(tariff, peak_w))
    measured_s = memory.measured_s
    mean_w = memory.imported_wh * HOUR_S / measured_s if measured_s > 0.0 else None
    until = start + timedelta(seconds=tariff.window_s)
    return PeakView(
        counted_w=peak_w,
        mean_w=mean_w,
        projected_w=_projected_w(site, state, grid, (until - now).total_seconds()),
        allowed_w=allowed_w(site, memory, start),
        until=until,
        cost=cost_of(tariff, peak_w),
    )


def _projected_w(
    site: Site, state: EngineState, grid: GridReading, left_s: float
) -> float | None:
    """Return the mean over what was measured and is still to come, if what flows now goes on."""
    power_w = _import_w(site, Snapshot(grid=grid), state)
    counted_s = state.peak.measured_s + max(0.0, left_s)
    if power_w is None or counted_s <= 0.0:
        return None
    rest_wh = power_w * max(0.0, left_s) / HOUR_S
    return (state.peak.imported_wh + rest_wh) * HOUR_S / counted_s


def peak_term(
    site: Site, state: EngineState, outlook: Outlook, now: datetime
) -> PeakTerm | None:
    """Return what the peak tariff means to a plan over the slots of an outlook; None without one.

    In the window that is running, what it may still import is shared by the slots that are left.
    """
    if (tariff := site.peak) is None:
        return None
    window_slots = max(1, round(tariff.window_s / SLOT_S))
    first = window_start(site, tariff, outlook.start)
    free: list[float] = []
    for index in range(outlook.slots):
        start = window_start(site, tariff, outlook.begin(index))
        mean_w = allowed_w(site, state.peak, start)
        if mean_w is not None and start == state.peak.window_start:
            end = start + timedelta(seconds=tariff.window_s)
            left_s = (end - now).total_seconds()
            mean_w = max(0.0, _rest_w(state.peak, mean_w, left_s))
        free.append(inf if mean_w is None else mean_w)
    return PeakTerm(
        free_w=tuple(free),
        price_per_w=price_per_w(tariff, counted_w(tariff, state.peak.peaks)),
        window_slots=window_slots,
        offset=round((outlook.start - first).total_seconds() / SLOT_S),
    )


def price_per_w(tariff: PeakTariff, peak_w: float) -> float:
    """Return what a W above what is free costs once: one of the peaks that the mean is made of.

    In steps it is what the next one costs more, spread over its width.
    """
    per_kw = tariff.price_per_kw or _price_of_step(tariff, peak_w)
    return (per_kw or UNKNOWN_PRICE_PER_KW) / 1000.0 / tariff.rank


def _price_of_step(tariff: PeakTariff, peak_w: float) -> float:
    """Return currency per kW of the next step; 0 where that is not known."""
    if len(tariff.step_prices) != len(tariff.steps_w):
        return 0.0
    for index, end_w in enumerate(tariff.steps_w[:-1]):
        if peak_w < end_w:
            rise = tariff.step_prices[index + 1] - tariff.step_prices[index]
            return rise / (tariff.steps_w[index + 1] - end_w) * 1000.0
    return 0.0
