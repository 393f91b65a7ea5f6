"""The home battery of the virtual house."""

from datetime import UTC, datetime

import pytest

from simulation.battery import BatteryConfig, HomeBattery
from simulation.house import House, HouseConfig
from simulation.load import SeriesLoadConfig
from simulation.pv import SeriesPvConfig
from simulation.series import Series

NOON = datetime(2026, 6, 21, 12, 0, tzinfo=UTC)


def house(pv_w: float, load_w: float, battery: BatteryConfig) -> House:
    """Return a house with constant sun and load."""
    third = Series.constant(load_w / 3)
    return House(
        HouseConfig(
            start=NOON,
            pv=SeriesPvConfig(power_w=Series.constant(pv_w)),
            load=SeriesLoadConfig(power_w=(third, third, third)),
            battery=battery,
        )
    )


@pytest.mark.parametrize(
    ("pv_w", "load_w", "power_w", "grid_w"),
    [
        (3000.0, 1000.0, -2000.0, 0.0),
        (1000.0, 2500.0, 1500.0, 0.0),
        (9000.0, 1000.0, -3000.0, -5000.0),
        (0.0, 5000.0, 3000.0, 2000.0),
    ],
)
def test_it_keeps_the_grid_at_zero_as_far_as_it_can(
    pv_w: float, load_w: float, power_w: float, grid_w: float
) -> None:
    """With up to 3 kW either way."""
    built = house(pv_w, load_w, BatteryConfig())
    built.step(30.0)
    assert built.battery is not None
    assert built.battery.power_w == pytest.approx(power_w, abs=1.0)
    assert sum(built.grid_w) == pytest.approx(grid_w, abs=1.0)
    assert built.battery.reading is not None
    assert built.battery.reading.value.power_w == pytest.approx(power_w, abs=1.0)


def test_it_takes_its_time() -> None:
    """Nothing happens before its controller has looked, and then not at once."""
    battery = HomeBattery(BatteryConfig(control_s=2.0, ramp_w_per_s=500.0))
    battery.advance(0.0, 1.0, 1.0)
    battery.advance(2000.0, 1.0, 2.0)
    assert battery.power_w == 0.0
    battery.advance(2000.0, 1.0, 3.0)
    assert battery.power_w == 500.0


def test_held_it_charges_only() -> None:
    """A hold ends a discharge at once, and leaves charging alone."""
    battery = HomeBattery(BatteryConfig())
    for second in range(1, 20):
        battery.advance(1000.0 - battery.power_w, 1.0, float(second))
    assert battery.power_w == pytest.approx(1000.0)
    battery.hold = True
    battery.advance(0.0, 1.0, 20.0)
    assert battery.power_w == 0.0
    for second in range(21, 40):
        battery.advance(-1000.0 - battery.power_w, 1.0, float(second))
    assert battery.power_w == pytest.approx(-1000.0)


@pytest.mark.parametrize(("soc", "grid_w"), [(0.0, 2000.0), (1.0, -2000.0)])
def test_empty_and_full(soc: float, grid_w: float) -> None:
    """An empty battery gives nothing, a full one takes nothing."""
    battery = HomeBattery(BatteryConfig(soc=soc))
    for second in range(1, 10):
        battery.advance(grid_w, 1.0, float(second))
    assert battery.power_w == 0.0
    assert battery.soc == soc


def test_round_trip_loses() -> None:
    """An hour in and out again leaves it emptier by what both ways lose."""
    battery = HomeBattery(BatteryConfig(capacity_wh=10_000.0, soc=0.5, efficiency=0.9))
    second = 0.0
    for wanted_w in (-1000.0, 1000.0):
        for _ in range(3600):
            second += 1.0
            battery.advance(wanted_w - battery.power_w, 1.0, second)
    assert battery.charged_wh == pytest.approx(1000.0, rel=0.01)
    assert battery.discharged_wh == pytest.approx(1000.0, rel=0.01)
    assert battery.soc == pytest.approx(0.5 + 0.09 - 1 / 9, abs=0.002)


def test_impossible_state_of_charge() -> None:
    """It is between 0 and 1."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        BatteryConfig(soc=80.0)
