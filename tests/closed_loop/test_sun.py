"""Whole measured days on the sun: how much is imported, how often it starts."""

from datetime import date

import pytest

from custom_components.ampacity.engine.model import Mode
from simulation.closed_loop import ClosedLoop
from simulation.data import pv_measured

from .rig import solar_day

SUNNY = date(2023, 6, 13)
CLOUDY = date(2023, 7, 5)
HOUR_S = 3600.0


def check(running: ClosedLoop, *, most_import: float, least_wh: float) -> None:
    """Judge a day."""
    tally = running.tally
    found = (
        f"{tally.charged_wh / 1000:.1f} kWh, {tally.grid_share:.1%} imported, "
        f"{tally.starts} starts, {tally.commands} commands"
    )
    assert running.result is not None
    assert running.result.error is None
    assert tally.charged_wh >= least_wh, found
    assert tally.grid_share <= most_import, found
    assert 1 <= tally.starts <= 10, found
    assert running.house.fuse.theta_max < 0.9


@pytest.mark.parametrize(
    "period_s",
    [
        pytest.param(1.0, marks=pytest.mark.slow),
        pytest.param(5.0, marks=pytest.mark.slow),
        10.0,
    ],
)
def test_sunny_day_takes_the_sun_and_little_else(period_s: float) -> None:
    """At most 3 % of what is charged is imported, whatever the meter's period."""
    running = solar_day(SUNNY, period_s=period_s)
    running.house.step(4 * HOUR_S)
    running.run(16 * HOUR_S)
    check(running, most_import=0.03, least_wh=25_000.0)


@pytest.mark.parametrize("period_s", [pytest.param(1.0, marks=pytest.mark.slow), 10.0])
def test_cloudy_day_imports_little(period_s: float) -> None:
    """At most 10 % of what is charged is imported, in at most 10 starts."""
    running = solar_day(CLOUDY, period_s=period_s)
    running.house.step(4 * HOUR_S)
    running.run(16 * HOUR_S)
    check(running, most_import=0.10, least_wh=5_000.0)


@pytest.mark.parametrize("period_s", [pytest.param(1.0, marks=pytest.mark.slow), 10.0])
def test_passing_clouds_measured_each_second(period_s: float) -> None:
    """The hardest clouds that were measured, on an 8 kW plant."""
    running = solar_day(SUNNY, period_s=period_s, pv_w=pv_measured(8000.0))
    running.run(12 * HOUR_S)
    check(running, most_import=0.10, least_wh=10_000.0)


def test_uncontrolled_would_import_far_more() -> None:
    """The yardstick is one: the same car in fast mode takes a third and more from the grid."""
    running = solar_day(SUNNY, period_s=10.0, mode=Mode.FAST)
    running.house.step(5 * HOUR_S)
    running.run(4 * HOUR_S)
    assert running.tally.grid_share > 0.3
