"""Peak tariffs: what counts, what is free, and that control keeps to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import (
    GridReading,
    Mode,
    OffPeak,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.peak import (
    BELOW_STEP_W,
    allowed_w,
    cost_of,
    counted_w,
    free_w,
    share_of,
    watch_peak,
    window_start,
)
from custom_components.ampacity.engine.requests import start_boost
from custom_components.ampacity.engine.state import Boost, EngineState, MeterWatch
from custom_components.ampacity.engine.tariffs import PeakMemory, PeakTariff

from .driver import VOLT, Driver, car

BERLIN = ZoneInfo("Europe/Berlin")
BELGIUM = PeakTariff(floor_w=2500.0)
NORWAY = PeakTariff(
    window_s=3600.0,
    rank=3,
    distinct_days=True,
    steps_w=(2000.0, 5000.0, 10_000.0),
    step_prices=(200.0, 300.0, 450.0),
)
NIGHT = PeakTariff(
    window_s=3600.0,
    rank=3,
    distinct_days=True,
    reduced_hours=(22, 6),
    reduced_share=0.5,
)
WINTER_DAYS = PeakTariff(
    hours=(7, 20),
    weekdays=frozenset(range(5)),
    months=frozenset({11, 12, 1, 2, 3}),
)
CHEAP = OffPeak(active=True)
DAY = "2026-11-20"


def site(tariff: PeakTariff | None, zone: ZoneInfo = BERLIN) -> Site:
    """Return a site with this tariff."""
    return Site(fuse_a=25.0, peak=tariff, time_zone=zone)


def at(text: str) -> datetime:
    """Return a local time in Berlin, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("tariff", "zone", "moment", "expected"),
    [
        (BELGIUM, "UTC", "2026-11-20T10:14:59.5", "2026-11-20T10:00:00"),
        (BELGIUM, "UTC", "2026-11-20T10:15:00", "2026-11-20T10:15:00"),
        (NORWAY, "UTC", "2026-11-20T10:59:59", "2026-11-20T10:00:00"),
        # Where the clock is off by half an hour, so are the hours
        (NORWAY, "Asia/Kolkata", "2026-11-20T10:20:00", "2026-11-20T09:30:00"),
        # The hour that comes twice is two windows
        (NORWAY, "Europe/Berlin", "2026-10-25T00:30:00", "2026-10-25T00:00:00"),
        (NORWAY, "Europe/Berlin", "2026-10-25T01:30:00", "2026-10-25T01:00:00"),
    ],
)
def test_windows_follow_the_local_hours(
    tariff: PeakTariff, zone: str, moment: str, expected: str
) -> None:
    """A window begins on the local hour, or a quarter of it."""
    start = window_start(
        site(tariff, ZoneInfo(zone)),
        tariff,
        datetime.fromisoformat(moment).replace(tzinfo=UTC),
    )
    assert start == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("tariff", "local", "expected"),
    [
        (BELGIUM, "2026-07-04T03:00", 1.0),
        (WINTER_DAYS, "2026-11-20T06:45", 0.0),
        (WINTER_DAYS, "2026-11-20T07:00", 1.0),
        (WINTER_DAYS, "2026-11-20T19:45", 1.0),
        (WINTER_DAYS, "2026-11-20T20:00", 0.0),
        (WINTER_DAYS, "2026-11-21T12:00", 0.0),
        (WINTER_DAYS, "2026-04-01T12:00", 0.0),
        (NIGHT, "2026-11-20T21:00", 1.0),
        (NIGHT, "2026-11-20T22:00", 0.5),
        (NIGHT, "2026-11-20T05:00", 0.5),
        (NIGHT, "2026-11-20T06:00", 1.0),
        (PeakTariff(hours=(22, 6)), "2026-11-20T23:00", 1.0),
        (PeakTariff(hours=(22, 6)), "2026-11-20T12:00", 0.0),
    ],
)
def test_hours_that_count(tariff: PeakTariff, local: str, expected: float) -> None:
    """Months, days of the week and hours, by local time; nights in part."""
    assert share_of(site(tariff), tariff, at(local)) == expected


type Peaks = tuple[tuple[str, float], ...]


@pytest.mark.parametrize(
    ("tariff", "peaks", "expected"),
    [
        (BELGIUM, (), 2500.0),
        (BELGIUM, ((DAY, 1800.0),), 2500.0),
        (BELGIUM, ((DAY, 4000.0),), 4000.0),
        (NORWAY, ((DAY, 6000.0),), 6000.0),
        (NORWAY, (("a", 6000.0), ("b", 3000.0), ("c", 3000.0)), 4000.0),
    ],
)
def test_counted_peak(tariff: PeakTariff, peaks: Peaks, expected: float) -> None:
    """The mean of the highest, as many as there are, and the floor at least."""
    assert counted_w(tariff, peaks) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tariff", "peaks", "expected"),
    [
        # Belgium: the floor, then the month's peak
        (BELGIUM, (), 2500.0),
        (BELGIUM, (("a", 1000.0),), 2500.0),
        (BELGIUM, (("a", 4000.0),), 4000.0),
        # A peak that is accepted is free from the beginning
        (replace(BELGIUM, accepted_w=6000.0), (), 6000.0),
        (replace(BELGIUM, accepted_w=6000.0), (("a", 7000.0),), 7000.0),
        # Three on distinct days without steps: what the third has, or the day's own
        (NIGHT, (("a", 6000.0), ("b", 5000.0), ("c", 4000.0)), 4000.0),
        (NIGHT, ((DAY, 6000.0), ("b", 5000.0), ("c", 4000.0)), 6000.0),
        # Fewer than three: the mean so far
        (NIGHT, (("a", 6000.0),), 6000.0),
        # Steps: up to the end of the step, as long as the mean stays there
        (NORWAY, (), 2000.0 - BELOW_STEP_W),
        (NORWAY, (("a", 3000.0),), 5000.0 - BELOW_STEP_W),
        (
            NORWAY,
            (("a", 8000.0), ("b", 3000.0), ("c", 3000.0)),
            3 * (5000.0 - BELOW_STEP_W) - 11_000.0,
        ),
        (NORWAY, (("a", 9000.0), ("b", 5000.0), ("c", 500.0)), 970.0),
        # Beyond the last step nothing costs more
        (NORWAY, (("a", 12_000.0),), 12_000.0),
    ],
)
def test_free_mean(tariff: PeakTariff, peaks: Peaks, expected: float) -> None:
    """What a window on the 20th may have without making the bill any higher."""
    assert free_w(tariff, peaks, DAY, 1.0) == pytest.approx(expected, abs=0.01)


def test_by_night_twice_as_much_is_free() -> None:
    """Where half counts, twice as much does no harm."""
    memory = PeakMemory(month="2026-11", peaks=((DAY, 3000.0),))
    night, day = at("2026-11-20T23:00"), at("2026-11-20T12:00")
    assert allowed_w(site(NIGHT), memory, day) == 3000.0
    assert allowed_w(site(NIGHT), memory, night) == 6000.0
    assert allowed_w(site(WINTER_DAYS), memory, night) is None
    assert allowed_w(site(None), memory, night) is None


@given(
    means=st.lists(st.floats(0.0, 12_000.0), max_size=12),
    rank=st.integers(1, 5),
    distinct=st.booleans(),
    floor_w=st.sampled_from([0.0, 2500.0]),
    steps=st.sampled_from([(), (2000.0, 5000.0, 10_000.0)]),
)
def test_what_is_free_costs_nothing(
    means: list[float],
    rank: int,
    distinct: bool,
    floor_w: float,
    steps: tuple[float, ...],
) -> None:
    """A month of windows, the last as high as is free: the bill does not rise by it.

    Without steps the counted peak itself is the bill; with them, the step it is in.
    """
    tariff = PeakTariff(
        rank=rank,
        distinct_days=distinct,
        floor_w=floor_w,
        steps_w=steps,
        step_prices=tuple(float(index) for index in range(len(steps))),
        price_per_kw=0.0 if steps else 1.0,
    )
    place = site(tariff, ZoneInfo("UTC"))
    memory = PeakMemory()
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for index, mean_w in enumerate(means):
        memory = one_window(place, memory, start + index * timedelta(hours=7), mean_w)
    last = start + len(means) * timedelta(hours=7)
    allowed = allowed_w(place, replace(memory, month="2026-11"), last)
    assert allowed is not None
    before = cost_of(tariff, counted_w(tariff, memory.peaks))
    after = one_window(place, memory, last, allowed)
    counted = counted_w(tariff, after.peaks)
    assert (cost_of(tariff, counted) or 0.0) <= (before or 0.0) + 1e-6


def one_window(
    place: Site, memory: PeakMemory, start: datetime, mean_w: float
) -> PeakMemory:
    """Return the memory after one window with this mean."""
    assert place.peak is not None
    memory = replace(memory, window_start=start, imported_wh=0.0, measured_s=0.0)
    memory = replace(memory, month=f"{start:%Y-%m}")
    snapshot = Snapshot(grid=GridReading(power_w=Reading(value=mean_w)))
    now = start
    for _ in range(round(place.peak.window_s / 60.0) + 1):
        now += timedelta(seconds=60)
        state = EngineState(peak=memory)
        memory = watch_peak(place, snapshot, state, now, 60.0)
    return memory


def test_a_window_is_kept_with_its_day() -> None:
    """The mean of import alone: export does not make up for it."""
    memory = one_window(site(BELGIUM), PeakMemory(), at("2026-11-20T10:00"), 4200.0)
    assert dict(memory.peaks) == pytest.approx({DAY: 4200.0})
    assert memory.imported_wh == pytest.approx(70.0)
    memory = one_window(site(BELGIUM), memory, at("2026-11-20T11:00"), -4200.0)
    assert len(memory.peaks) == 1


def test_one_peak_a_day() -> None:
    """Where the days have to differ, each has its highest only."""
    memory = PeakMemory()
    for hour, mean_w in ((8, 3000.0), (12, 6000.0), (18, 5000.0)):
        start = at(f"2026-11-20T{hour:02}:00")
        memory = one_window(site(NORWAY), memory, start, mean_w)
    memory = one_window(site(NORWAY), memory, at("2026-11-21T08:00"), 2000.0)
    assert [day for day, _ in memory.peaks] == ["2026-11-20", "2026-11-21"]
    assert memory.peaks[0][1] == pytest.approx(6000.0)


def test_month_changes_by_local_time() -> None:
    """At midnight in Berlin, not in UTC, the peaks start anew; the last window still counts."""
    memory = PeakMemory(month="2026-11", peaks=(("2026-11-03", 5000.0),))
    memory = one_window(site(BELGIUM), memory, at("2026-11-30T23:30"), 6000.0)
    assert memory.month == "2026-11"
    assert memory.peaks[0][1] == pytest.approx(6000.0)
    memory = one_window(site(BELGIUM), memory, at("2026-11-30T23:45"), 7000.0)
    assert memory.month == "2026-12"
    assert memory.peaks == ()


def test_gap_of_the_meter() -> None:
    """While the meter is not believed nothing is counted, and the window has what was measured."""
    place, start = site(BELGIUM), at("2026-11-20T10:00")
    memory = PeakMemory(month="2026-11", window_start=start)
    snapshot = Snapshot(grid=GridReading(power_w=Reading(value=6000.0)))
    for minute in range(1, 17):
        lost = ReasonKey.METER_STALE if minute > 5 else None
        state = EngineState(peak=memory, meter=MeterWatch(lost=lost))
        now = start + timedelta(minutes=minute)
        memory = watch_peak(place, snapshot, state, now, 60.0)
    assert dict(memory.peaks) == pytest.approx({DAY: 2000.0})


def test_steps_across_the_end_of_a_window() -> None:
    """A reading at 10:15:20 brings 40 s to one window and 20 s to the next."""
    place, start = site(BELGIUM), at("2026-11-20T10:00")
    memory = PeakMemory(month="2026-11", window_start=start, measured_s=840.0)
    snapshot = Snapshot(grid=GridReading(power_w=Reading(value=3600.0)))
    now = start + timedelta(seconds=920)
    memory = watch_peak(place, snapshot, EngineState(peak=memory), now, 60.0)
    assert dict(memory.peaks) == pytest.approx({DAY: 160.0})
    assert memory.imported_wh == pytest.approx(20.0)
    assert memory.measured_s == pytest.approx(20.0)


def test_days_without_home_assistant() -> None:
    """A window that was left long ago is closed with what it had, and nothing is made up."""
    place = site(BELGIUM)
    start = at("2026-11-20T10:00")
    memory = PeakMemory(
        month="2026-11", window_start=start, imported_wh=800.0, measured_s=600.0
    )
    snapshot = Snapshot(grid=GridReading(power_w=Reading(value=3600.0)))
    now = at("2026-11-22T17:20")
    memory = watch_peak(place, snapshot, EngineState(peak=memory), now, 60.0)
    assert dict(memory.peaks) == pytest.approx({DAY: 3200.0})
    assert memory.imported_wh == pytest.approx(60.0)


def belgian(**changes: object) -> Driver:
    """Return a house of 690 W with a car in its cheap hours, in the middle of a month."""
    charger = car(mode=Mode.OFF_PEAK)
    driver = Driver(charger, peak=replace(BELGIUM, **changes))  # type: ignore[arg-type]
    driver.off_peak = CHEAP
    driver.state = EngineState(
        peak=PeakMemory(month="2026-06", peaks=(("2026-06-02", 7000.0),))
    )
    return driver


def means_of(driver: Driver, windows: int, step_s: float = 10.0) -> list[float]:
    """Run for so many windows from their beginning; return their true means in W."""
    means = []
    for _ in range(windows):
        total_ws = 0.0
        for _ in range(round(900.0 / step_s)):
            # What flows from here on is what the last decision led to
            total_ws += max(0.0, sum(driver.grid_a) * VOLT) * step_s
            driver.tick(step_s)
        means.append(total_ws / 900.0)
    return means


def test_off_peak_keeps_below_the_peak() -> None:
    """The car gets what the month's peak leaves beside the house, and the reason says so."""
    driver = belgian()
    means = means_of(driver, 4)
    assert max(means) <= 7000.0
    assert means[-1] >= 6000.0
    assert driver.offer() == 8.0
    decision = driver.decision()
    assert decision.reason.key is ReasonKey.PEAK
    assert decision.reason.values["peak_w"] == 7000.0
    assert decision.reason.until == driver.now + timedelta(seconds=900)
    assert driver.limiting()


def test_fast_is_not_held_back() -> None:
    """Fast and boost make a new peak, which others may then use."""
    driver = belgian()
    driver.change("a", mode=Mode.FAST)
    driver.run(1800)
    assert driver.offer() == 16.0
    driver.change("a", mode=Mode.OFF_PEAK)
    driver.run(900)
    assert driver.state.peak.peaks[0][1] > 11_000.0
    assert driver.offer() == 15.0

    driver = belgian()
    driver.run(300)
    driver.state = start_boost(driver.state, "a", Boost(remaining_s=900.0))
    driver.run(120)
    assert driver.offer() == 16.0


def test_what_is_fast_leaves_less_to_others() -> None:
    """The bound does not hold for the fast one, but what it takes counts."""
    fast = car("a", mode=Mode.FAST, max_a=8.0)
    cheap = car("b", mode=Mode.OFF_PEAK)
    driver = Driver(fast, cheap, peak=BELGIUM)
    driver.off_peak = CHEAP
    driver.state = EngineState(
        peak=PeakMemory(month="2026-06", peaks=(("2026-06-02", 11_000.0),))
    )
    driver.run(600)
    assert driver.offer("a") == 8.0
    # 98 % of 11 kW less 0.69 kW less 5.52 kW are 6.6 A for the other
    assert driver.offer("b") == 6.0
    assert driver.reason("b") is ReasonKey.PEAK


def test_hours_that_do_not_count_are_free() -> None:
    """No bound outside of the tariff's hours."""
    driver = belgian(hours=(0, 6))
    driver.run(120)
    assert driver.offer() == 16.0
    assert driver.reason() is ReasonKey.OFF_PEAK


def test_house_above_the_peak_pauses_the_car() -> None:
    """With the house alone above it the car pauses and says so; the new peak is used then."""
    driver = belgian()
    driver.run(900)
    driver.house_a = [12.0] * 3
    driver.run(300)
    assert driver.offer() == 0.0
    decision = driver.decision()
    assert decision.reason.key is ReasonKey.PEAK_PAUSED
    assert "peak_w" in decision.reason.values


def test_a_kettle_cuts_nobody_off() -> None:
    """Two minutes of 2 kW fit in what the quarter of an hour has spared so far."""
    driver = belgian()
    driver.run(900 + 600)
    offer_a = driver.offer()
    driver.house_a[0] += 2000.0 / VOLT
    offers = []
    for _ in range(12):
        driver.tick()
        offers.append(driver.offer())
    assert min(offers) >= offer_a - 2.0


def test_nothing_flaps_at_the_end_of_a_window() -> None:
    """A house that swings by half a kW: few commands, no pause, and the peak holds."""
    driver = belgian()
    driver.run(900)
    before = len(driver.box.commands)
    means = []
    for _ in range(4):
        total_ws = 0.0
        for index in range(90):
            driver.house_a[1] = 1.0 + (2.0 if index % 9 < 4 else 0.0)
            total_ws += max(0.0, sum(driver.grid_a) * VOLT) * 10.0
            driver.tick()
            assert driver.offer() >= 6.0
        means.append(total_ws / 900.0)
    assert max(means) <= 7000.0
    assert len(driver.box.commands) - before <= 24


@settings(max_examples=25, deadline=None)
@given(
    loads=st.lists(st.floats(0.5, 9.0), min_size=6, max_size=18),
    peak_w=st.floats(6500.0, 11_000.0),
)
def test_no_window_is_above_what_is_free(loads: list[float], peak_w: float) -> None:
    """Whatever the house does below the peak: with an obeying car no window exceeds it."""
    driver = belgian()
    driver.state = EngineState(
        peak=PeakMemory(month="2026-06", peaks=(("2026-06-02", peak_w),))
    )
    house_w = max(loads) * 3.0 * VOLT
    allowed = max(peak_w, house_w)
    for start in range(0, len(loads), 6):
        total_ws = 0.0
        for load_a in [*loads[start : start + 6], 1.0, 1.0, 1.0, 1.0, 1.0][:6]:
            driver.house_a = [load_a] * 3
            for _ in range(15):
                total_ws += max(0.0, sum(driver.grid_a) * VOLT) * 10.0
                driver.tick()
        assert total_ws / 900.0 <= allowed + 1.0
