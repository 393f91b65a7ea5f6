"""What the house alone will come to: remembered by day, and expected for the rest of the month."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    GridReading,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.peak import allowed_w, watch_peak
from custom_components.ampacity.engine.peak_house import (
    KEPT_DAYS,
    expected_peak_w,
    house_import_w,
)
from custom_components.ampacity.engine.state import EngineState
from custom_components.ampacity.engine.tariffs import PeakMemory, PeakTariff

BERLIN = ZoneInfo("Europe/Berlin")
QUARTERS = PeakTariff(price_per_kw=4.0)
BOX = Charger(id="box", max_a=16.0)
KILOWATTS = tuple(100.0 * day for day in range(1, 29))
"""Four weeks whose highest windows are 0.1 to 2.8 kW."""


def site(tariff: PeakTariff) -> Site:
    """Return a site with this tariff and a charger."""
    return Site(fuse_a=35.0, peak=tariff, time_zone=BERLIN, chargers=(BOX,))


def at(text: str) -> datetime:
    """Return a local time in Berlin, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def snapshot(grid_w: float, car_a: float = 0.0) -> Snapshot:
    """Return what the meter shows, and what the car takes on each phase."""
    reading = ChargerReading(
        status=ChargerStatus.CHARGING,
        current_a=tuple(Reading(value=car_a) for _ in range(3)),
    )
    return Snapshot(
        grid=GridReading(power_w=Reading(value=grid_w)), chargers={"box": reading}
    )


@pytest.mark.parametrize(
    ("grid_w", "car_a", "expected"),
    [(7500.0, 10.0, 600.0), (500.0, 0.0, 500.0), (-500.0, 10.0, 0.0)],
)
def test_the_house_without_its_cars(
    grid_w: float, car_a: float, expected: float
) -> None:
    """What the cars take is no part of it, and sun that they take would have been export."""
    found = house_import_w(
        site(QUARTERS), snapshot(grid_w, car_a), EngineState(), grid_w
    )
    assert found == pytest.approx(expected)


def quarter(memory: PeakMemory, start: str, grid_w: float, car_a: float) -> PeakMemory:
    """Return the memory after a quarter of an hour, and the first minute of the next."""
    now = at(start)
    for _ in range(16):
        now += timedelta(minutes=1)
        state = EngineState(peak=memory)
        memory = watch_peak(site(QUARTERS), snapshot(grid_w, car_a), state, now, 60.0)
    return memory


def test_each_day_is_remembered_with_its_highest() -> None:
    """Without cars, beyond the month's end; a car makes a peak, but none of the house."""
    memory = quarter(PeakMemory(), "2026-11-29T10:00", 3000.0, 0.0)
    memory = quarter(memory, "2026-11-29T18:00", 9000.0, 12.0)
    assert memory.peaks[0][1] == pytest.approx(9000.0, rel=0.1)
    memory = quarter(memory, "2026-11-30T10:00", 1000.0, 0.0)
    memory = quarter(memory, "2026-12-01T10:00", 2000.0, 0.0)
    assert memory.house_days_w == pytest.approx((3000.0, 1000.0), rel=0.1)
    assert memory.month == "2026-12"


def test_four_weeks_are_kept() -> None:
    """The oldest day makes place for a new one."""
    memory = PeakMemory(
        house_days_w=KILOWATTS, house_day="2026-11-28", house_day_w=5000.0
    )
    memory = quarter(memory, "2026-11-29T10:00", 1000.0, 0.0)
    assert len(memory.house_days_w) == KEPT_DAYS
    assert memory.house_days_w[0] == 200.0
    assert memory.house_days_w[-1] == 5000.0


@pytest.mark.parametrize(
    ("tariff", "since", "expected"),
    [
        # The 0.1 ** (1 / 30) = 0.926-quantile of 100 to 2800 in steps of 100
        (QUARTERS, "2026-11-01T00:00", 2600.5),
        # One in ten days is as low as on its last day
        (QUARTERS, "2026-11-30T12:00", 370.0),
        # By local time: the last day in Berlin, while it is the 29th in UTC
        (QUARTERS, "2026-11-30T00:30", 370.0),
        # Each of three peaks has ten days
        (replace(QUARTERS, rank=3), "2026-11-01T00:00", 2244.7),
        # Days that do not count make no peak
        (replace(QUARTERS, weekdays=frozenset({0})), "2026-11-24T00:00", 370.0),
        (replace(QUARTERS, weekdays=frozenset({1})), "2026-11-25T00:00", 0.0),
        (replace(QUARTERS, months=frozenset({1})), "2026-11-01T00:00", 0.0),
    ],
)
def test_what_will_be_exceeded(tariff: PeakTariff, since: str, expected: float) -> None:
    """In nine of ten months, the more the longer the month goes on."""
    memory = PeakMemory(house_days_w=KILOWATTS)
    found = expected_peak_w(site(tariff), tariff, memory, at(since))
    assert found == pytest.approx(expected, abs=0.1)


def test_a_few_days_tell_nothing() -> None:
    """With less than a week nothing is counted on."""
    memory = PeakMemory(house_days_w=KILOWATTS[-6:])
    assert expected_peak_w(site(QUARTERS), QUARTERS, memory, at("2026-11-01")) == 0.0


@given(
    days_w=st.lists(st.floats(0.0, 20_000.0), max_size=28),
    day=st.integers(1, 30),
    rank=st.integers(1, 5),
)
def test_never_beyond_what_has_been(days_w: list[float], day: int, rank: int) -> None:
    """However few days are left: no more than the highest of those that are known."""
    tariff = replace(QUARTERS, rank=rank)
    memory = PeakMemory(house_days_w=tuple(days_w))
    found = expected_peak_w(site(tariff), tariff, memory, at(f"2026-11-{day:02}"))
    assert 0.0 <= found <= max(days_w, default=0.0) + 1e-6


def test_what_will_come_anyway_is_free() -> None:
    """From the first of the month on; a higher peak that has been counts, and so does a new month."""
    memory = PeakMemory(
        month="2026-11", house_days_w=KILOWATTS, window_start=at("2026-11-01T00:00")
    )
    place = site(QUARTERS)
    assert allowed_w(place, memory, at("2026-11-02T10:00")) == pytest.approx(
        2600.5, abs=0.1
    )
    known = replace(memory, peaks=(("2026-11-01", 4000.0),))
    assert allowed_w(place, known, at("2026-11-02T10:00")) == 4000.0
    assert allowed_w(place, known, at("2026-12-01T10:00")) == pytest.approx(
        2606.6, abs=0.5
    )
    steps = replace(QUARTERS, steps_w=(2000.0, 5000.0), step_prices=(10.0, 20.0))
    assert allowed_w(site(steps), memory, at("2026-11-02T10:00")) == 4990.0
