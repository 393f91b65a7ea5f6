"""The series of the data folder."""

from array import array
from datetime import UTC, date, datetime

from hypothesis import given, strategies as st
import pytest

from simulation.data import house_measured, pv_measured, site_2023
from simulation.series import Series


def test_site_day_starts_at_midnight_utc() -> None:
    """The rows of that day, load per phase and PV."""
    day = site_2023(date(2023, 6, 13))
    assert day.start == datetime(2023, 6, 13, tzinfo=UTC)
    assert [len(series.values) for series in (*day.load_w, day.pv_w)] == [1440] * 4
    assert [series.at(0) for series in day.load_w] == [35, 29, 21]
    assert [series.at(86_399) for series in day.load_w] == [61, 64, 29]
    assert [day.pv_w.at(t_s) for t_s in (0, 43_200)] == [0, 7794]
    assert 3000 < max(day.pv_w.values) <= 8000
    assert all(min(series.values) >= 0 for series in day.load_w)


def test_site_year_adds_up_to_what_the_table_says() -> None:
    """10,785 kWh of sun and 2,974 kWh of load in a year."""
    year = site_2023(date(2023, 1, 1), days=364)
    assert sum(year.pv_w.values) / 60_000 == pytest.approx(10_785, rel=0.01)
    load_kwh = sum(sum(series.values) for series in year.load_w) / 60_000
    assert load_kwh == pytest.approx(2_974, rel=0.02)


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (date(2022, 12, 31), 1),
        (date(2024, 1, 1), 1),
        (date(2023, 12, 31), 2),
        (date(2023, 6, 1), 0),
    ],
)
def test_site_refuses_days_it_has_not(start: date, days: int) -> None:
    """Half a day is no day."""
    with pytest.raises(ValueError, match="does not hold"):
        site_2023(start, days)


def test_measured_house() -> None:
    """25 winter days, up to 39.4 A; a missing minute holds the one before."""
    house = house_measured()
    assert house.start == datetime(2006, 12, 16, 17, 24, tzinfo=UTC)
    assert max(house.current_a.values) == 39.4
    assert house.power_w.at(0) == 4216.0
    minutes = (
        int((datetime(2007, 1, 11, 14, 50, tzinfo=UTC) - house.start).total_seconds())
        // 60
    )
    assert len(house.current_a.values) == minutes + 1
    gap_s = (datetime(2006, 12, 21, 11, 23, tzinfo=UTC) - house.start).total_seconds()
    assert house.voltage_v.at(gap_s) == house.voltage_v.at(gap_s - 60)


def test_measured_pv() -> None:
    """12 hours in seconds, scaled to the rating."""
    pv = pv_measured(8000.0)
    assert pv.duration_s == 43_201
    peak_w = max(pv.at(float(t_s)) for t_s in range(43_201))
    assert peak_w == pytest.approx(8000 * 499.68 / 500)


@pytest.mark.parametrize(
    ("linear", "expected"),
    [
        (False, [1.0, 1.0, 1.0, 3.0, 3.0, 2.0, 2.0]),
        (True, [1.0, 1.0, 2.0, 3.0, 2.5, 2.0, 2.0]),
    ],
)
def test_series_holds_or_joins(linear: bool, expected: list[float]) -> None:
    """And holds its ends."""
    series = Series(values=array("d", [1.0, 3.0, 2.0]), period_s=10.0, linear=linear)
    times = (-5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 99.0)
    assert [series.at(t_s) for t_s in times] == expected


def test_series_can_be_scaled_and_moved() -> None:
    """A measured current becomes a load at 230 V; a day's series starts in the morning."""
    series = Series(values=array("d", [1.0, 3.0]), period_s=10.0, factor=2.0)
    moved = series.scaled(230.0).starting_at(100.0)
    assert [moved.at(t_s) for t_s in (0.0, 100.0, 109.0, 110.0)] == [460.0] * 3 + [
        1380.0
    ]
    assert Series.constant(5.0).at(1e9) == 5.0


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    t_s=st.floats(-100, 1000),
    linear=st.booleans(),
)
def test_series_stays_between_its_values(
    values: list[float], t_s: float, linear: bool
) -> None:
    """No time gives anything that was not measured around it."""
    series = Series(values=array("d", values), period_s=7.0, linear=linear)
    assert min(values) - 1e-6 <= series.at(t_s) <= max(values) + 1e-6


@pytest.mark.parametrize(("values", "period_s"), [([], 1.0), ([1.0], 0.0)])
def test_series_refuses_nothing(values: list[float], period_s: float) -> None:
    """Values and a period it needs."""
    with pytest.raises(ValueError, match="series"):
        Series(values=array("d", values), period_s=period_s)
