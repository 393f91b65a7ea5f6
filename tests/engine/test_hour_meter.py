"""Tests of hours of energy made of single readings."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.hour_meter import HourMeter, metered

START = datetime(2026, 5, 1, 9, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ran(
    readings: Sequence[tuple[float, float | None]],
) -> list[tuple[datetime, float]]:
    """Return the hours that end while readings come in: seconds since the start, W."""
    meter, hours = HourMeter(), []
    for passed_s, power_w in readings:
        meter, done = metered(meter, START + timedelta(seconds=passed_s), power_w)
        if done is not None:
            hours.append(done)
    return hours


def test_an_hour_of_even_power() -> None:
    """What flows evenly is an hour's energy; the minute before the hour was too little."""
    readings = [(30.0 * n, 1500.0) for n in range(130)]
    ((start, wh),) = ran(readings)
    assert start == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert wh == pytest.approx(1500.0)


@pytest.mark.parametrize(
    ("missing", "hours"), [(range(20, 40), 1), (range(20, 80), 0), (range(130), 0)]
)
def test_a_gap(missing: range, hours: int) -> None:
    """A gap of ten minutes is filled with the rest of the hour; with a longer one it is not known."""
    readings = [(30.0 * n, None if n in missing else 900.0) for n in range(130)]
    found = ran(readings)
    assert len(found) == hours
    assert all(wh == pytest.approx(900.0) for _, wh in found)


def test_a_pause_is_not_filled_with_the_last_reading() -> None:
    """When nothing was read for half an hour, nobody knows what flowed."""
    readings = [(30.0 * n, 5000.0) for n in range(40)]
    readings += [(30.0 * n, 0.0) for n in range(100, 130)]
    assert ran(readings) == []


def test_a_clock_that_is_set_back() -> None:
    """The hour begins anew."""
    meter, _ = metered(HourMeter(), START, 1000.0)
    meter, done = metered(meter, START - 3 * HOUR, 1000.0)
    assert done is None
    assert meter.hour == datetime(2026, 5, 1, 6, tzinfo=UTC)
    assert meter.energy_wh == 0.0


@given(
    powers=st.lists(st.floats(min_value=0.0, max_value=2e4), min_size=130, max_size=130)
)
def test_energy_is_that_of_the_readings(powers: list[float]) -> None:
    """Each reading holds until the next one."""
    ((_, wh),) = ran([(30.0 * n, power_w) for n, power_w in enumerate(powers)])
    assert wh == pytest.approx(sum(powers[2:122]) / 120.0)
