"""Phases and sleeping cars in the virtual house: more sun, few switches, nothing torn."""

from datetime import date

import pytest

from custom_components.ampacity.engine.model import Mode
from simulation.car import CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.data import site_2023
from simulation.load import SeriesLoadConfig
from simulation.meter import MeterConfig
from simulation.pv import SeriesPvConfig
from simulation.wallbox import WallboxConfig

from .rig import BIG, house, loop

HOUR_S = 3600.0


def day(when: date, *, switches: bool = True, car: CarConfig = BIG) -> ClosedLoop:
    """Return a measured day from 4 o'clock on, with a wallbox that can change its phases."""
    data = site_2023(when)
    running = loop(
        house(
            start=data.start,
            pv=SeriesPvConfig(power_w=data.pv_w),
            load=SeriesLoadConfig(power_w=data.load_w),
            meter=MeterConfig(period_s=10.0),
            wallboxes=(WallboxConfig(name="box", car=car, switches_phases=switches),),
        ),
        mode=Mode.SOLAR,
        phase_map=(0, 1, 2),
        can_switch_phases=switches,
    )
    running.house.step(4 * HOUR_S)
    return running


@pytest.mark.parametrize(
    "when",
    [date(2023, 7, 5), pytest.param(date(2023, 6, 13), marks=pytest.mark.slow)],
    ids=["cloudy", "sunny"],
)
def test_one_phase_takes_sun_that_three_cannot(when: date) -> None:
    """More from the sun than with three phases alone, little import, few switches and starts."""
    fixed, free = day(when, switches=False), day(when)
    fixed.run(16 * HOUR_S)
    free.run(16 * HOUR_S)
    found = (
        f"{fixed.tally.charged_wh / 1000:.1f} -> {free.tally.charged_wh / 1000:.1f} kWh, "
        f"{free.tally.grid_share:.1%} imported, {free.tally.switches} switches, "
        f"{free.tally.starts} starts"
    )
    assert free.tally.charged_wh > fixed.tally.charged_wh, found
    assert free.tally.grid_share <= 0.10, found
    assert 1 <= free.tally.switches <= 14, found
    assert free.tally.starts <= 20, found
    assert free.house.fuse.theta_max < 0.9


def test_car_that_uses_one_phase_is_tried_on_all_once() -> None:
    """Then it is known, and never switched up for nothing again."""
    running = day(
        date(2023, 6, 13), car=CarConfig(phases=1, soc=0.1, capacity_wh=300_000.0)
    )
    running.house.step(3 * HOUR_S)
    running.run(4 * HOUR_S)
    assert running.tally.switches <= 3
    assert running.tally.charged_wh > 5_000.0


def test_sleeping_car_charges_all_the_same() -> None:
    """It falls asleep in the pauses of a cloudy day and overlooks each first offer."""
    sleepy = CarConfig(soc=0.1, capacity_wh=300_000.0, sleeps_after_s=60.0)
    running = day(date(2023, 7, 5), switches=False, car=sleepy)
    running.run(10 * HOUR_S)
    assert running.tally.reasons.get("waking", 0.0) > 0.0
    assert running.tally.charged_wh > 3_000.0
    assert running.tally.reasons.get("car_asleep", 0.0) < 600.0
