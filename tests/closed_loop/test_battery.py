"""A home battery beside a car on the sun: two controllers that must not chase each other."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from custom_components.ampacity.engine.model import (
    Battery,
    BatteryStrategy,
    Charger,
    Mode,
    Site,
)
from simulation.battery import BatteryConfig
from simulation.closed_loop import ClosedLoop
from simulation.data import pv_measured, site_2023
from simulation.load import SeriesLoadConfig
from simulation.meter import MeterConfig
from simulation.pv import SeriesPvConfig
from simulation.series import Series

from .rig import house

SUNNY = date(2023, 6, 13)
CLOUDY = date(2023, 7, 5)
HOUR_S = 3600.0


@dataclass
class Watched:
    """A run, and what has been seen of the battery meanwhile."""

    running: ClosedLoop
    fed_wh: float = 0.0
    """What the battery has put into the car: its discharge beyond what the house takes."""
    starved_wh: float = 0.0
    """What the car took that the battery would have liked."""

    def run(self, hours: float) -> None:
        """Let hours pass, a second at a time."""
        house = self.running.house
        battery = house.battery
        assert battery is not None
        for _ in range(round(hours * HOUR_S)):
            self.running.run(1.0)
            cars_w = sum(house.cars_w)
            own_w = max(0.0, sum(house.load_w) - house.pv_power_w)
            self.fed_wh += min(cars_w, max(0.0, battery.power_w - own_w)) / 3600.0
            if battery.soc < 0.99:
                missing_w = battery.config.max_charge_w + battery.power_w
                self.starved_wh += min(cars_w, missing_w) / 3600.0

    @property
    def told(self) -> str:
        """What came out, for a failing test."""
        tally = self.running.tally
        assert self.running.house.battery is not None
        return (
            f"{tally.charged_wh / 1000:.2f} kWh, {tally.grid_share:.1%} imported, "
            f"{tally.starts} starts, {tally.commands} commands, "
            f"{self.fed_wh:.0f} Wh fed, {self.starved_wh:.0f} Wh starved, "
            f"battery at {self.running.house.battery.soc:.0%}"
        )


def day(
    when: date,
    battery: Battery,
    *,
    pv_w: Series | None = None,
    soc: float = 0.3,
    mode: Mode = Mode.SOLAR,
    period_s: float = 5.0,
) -> Watched:
    """Return the measured house of a day with a battery and a car."""
    data = site_2023(when)
    built = house(
        start=data.start,
        pv=SeriesPvConfig(power_w=pv_w or data.pv_w),
        load=SeriesLoadConfig(power_w=data.load_w),
        meter=MeterConfig(period_s=period_s),
        battery=BatteryConfig(soc=soc),
    )
    site: dict[str, Any] = {"battery": battery, "fuse_a": built.config.fuse.rated_a}
    running = ClosedLoop(
        house=built, site=Site(chargers=(Charger(id="box", mode=mode),), **site)
    )
    return Watched(running=running)


CAR_FIRST = Battery()
BATTERY_FIRST = Battery(strategy=BatteryStrategy.BATTERY_FIRST)


def check_calm(seen: Watched, *, commands_an_hour: float, hours: float) -> None:
    """No error, few commands, a fuse that holds."""
    running = seen.running
    assert running.result is not None
    assert running.result.error is None
    assert running.tally.commands <= commands_an_hour * hours, seen.told
    assert running.house.fuse.theta_max < 0.9


@pytest.mark.slow
def test_car_first_leaves_the_battery_the_rest() -> None:
    """A sunny day: the car takes nearly all, and next to nothing out of the battery."""
    seen = day(SUNNY, CAR_FIRST)
    seen.running.house.step(4 * HOUR_S)
    seen.run(14)
    assert seen.running.tally.charged_wh > 20_000.0, seen.told
    assert seen.fed_wh < 0.03 * seen.running.tally.charged_wh, seen.told
    assert 1 <= seen.running.tally.starts <= 6, seen.told
    check_calm(seen, commands_an_hour=30.0, hours=14.0)


def test_battery_first_is_full_before_the_car_gets_its_share() -> None:
    """The same day: what the car takes while the battery wants more stays small."""
    seen = day(SUNNY, BATTERY_FIRST)
    seen.running.house.step(4 * HOUR_S)
    seen.run(14)
    assert seen.running.house.battery is not None
    assert seen.running.house.battery.soc > 0.9, seen.told
    assert seen.starved_wh < 0.05 * seen.running.tally.charged_wh, seen.told
    assert seen.fed_wh < 0.03 * seen.running.tally.charged_wh, seen.told
    assert seen.running.tally.charged_wh > 10_000.0, seen.told
    check_calm(seen, commands_an_hour=30.0, hours=14.0)


@pytest.mark.slow
def test_priority_soc_changes_hands_once() -> None:
    """Up to 60 % the battery comes first, then the car, without going back and forth."""
    seen = day(SUNNY, Battery(priority_soc=60.0), soc=0.4)
    seen.running.house.step(4 * HOUR_S)
    served: list[bool] = []
    for _ in range(28):
        seen.run(0.5)
        served.append(seen.running.state.battery.served)
    assert served == sorted(served), seen.told
    assert served[-1], seen.told
    assert not served[0], seen.told
    assert seen.running.tally.starts <= 6, seen.told


@pytest.mark.parametrize(
    "buffer_soc", [pytest.param(100.0, marks=pytest.mark.slow), 50.0]
)
def test_clouds_with_and_without_the_buffer(buffer_soc: float) -> None:
    """The hardest measured clouds: with the buffer the battery carries the car through them."""
    seen = day(
        SUNNY,
        replace(CAR_FIRST, buffer_soc=buffer_soc),
        pv_w=pv_measured(8000.0),
        soc=0.9,
    )
    seen.run(8)
    check_calm(seen, commands_an_hour=80.0, hours=8.0)
    carried = seen.running.tally.reasons.get("battery_carries", 0.0)
    if buffer_soc == 50.0:
        assert carried > 60.0, seen.told
        assert seen.running.tally.starts <= 2, seen.told
    else:
        assert carried == 0.0, seen.told
        assert seen.fed_wh < 0.08 * seen.running.tally.charged_wh, seen.told


def test_held_battery_feeds_no_fast_car() -> None:
    """Told to hold, it discharges nothing while the car charges from the grid."""
    battery = Battery(feeds_cars=False, can_hold=True)
    seen = day(CLOUDY, battery, mode=Mode.FAST, soc=0.9)
    seen.run(1)
    assert seen.running.tally.charged_wh > 8_000.0, seen.told
    assert seen.fed_wh < 100.0, seen.told
    free = day(CLOUDY, replace(battery, can_hold=False), mode=Mode.FAST, soc=0.9)
    free.run(1)
    assert free.fed_wh > 1_000.0, free.told
