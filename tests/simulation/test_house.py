"""The whole house."""

from dataclasses import replace
from datetime import UTC, datetime
from time import thread_time
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from simulation import House, HouseConfig
from simulation.appliance import FRIDGE, HOB, KETTLE, OVEN, WASHING_MACHINE
from simulation.car import CarConfig
from simulation.clouds import CloudsConfig
from simulation.fuse import FuseConfig
from simulation.load import SeriesLoadConfig
from simulation.meter import MeterConfig
from simulation.pv import ClearSkyConfig, SeriesPvConfig
from simulation.series import Series
from simulation.wallbox import WallboxConfig

NOON = datetime(2026, 6, 21, 11, 28, tzinfo=UTC)
CONFIG = HouseConfig(
    start=NOON,
    pv=ClearSkyConfig(clouds=CloudsConfig()),
    appliances=(
        replace(OVEN, auto_gap_s=(130.0, 190.0), auto_run_s=40.0),
        HOB,
        KETTLE,
        FRIDGE,
        WASHING_MACHINE,
    ),
    wallboxes=(
        WallboxConfig(name="left", enabled=True, current_a=9.0, car=CarConfig()),
        WallboxConfig(
            name="right",
            enabled=True,
            rotation=(1, 2, 0),
            car=CarConfig(phases=1, sleeps_after_s=60.0),
        ),
    ),
)


def _quiet(load_w: tuple[float, float, float], **changes: Any) -> HouseConfig:
    """Return a house with a constant load and no sun."""
    l1, l2, l3 = (Series.constant(watts) for watts in load_w)
    return HouseConfig(
        start=NOON,
        source_ohm=0.0,
        pv=SeriesPvConfig(power_w=Series.constant(0.0)),
        load=SeriesLoadConfig(power_w=(l1, l2, l3)),
        **changes,
    )


def _trace(house: House) -> tuple[Any, ...]:
    """Return everything that shows."""
    return (
        house.now,
        house.pv_power_w,
        house.load_w,
        house.grid_w,
        house.fuse.theta,
        house.meter.reading,
        house.pv_reading,
        [(box.reading, box.car and box.car.soc) for box in house.wallboxes],
    )


def _act(house: House, second: int) -> None:
    """Do what people do, at fixed seconds."""
    match second:
        case 100:
            house.switch("hob", on=True)
        case 200:
            house.wallboxes[0].set_current(16.0)
        case 300:
            house.switch("hob", on=False)
            house.wallboxes[1].pause()
        case 400:
            house.wallboxes[1].resume()


def _run(seed: int, seconds: int = 900) -> list[tuple[Any, ...]]:
    """Return the trace of a house in which something happens."""
    house, traces = House(CONFIG, seed), []
    for second in range(seconds):
        _act(house, second)
        house.step(1.0)
        traces.append(_trace(house))
    return traces


def test_same_seed_same_house() -> None:
    """Every value of every second; another seed is another day."""
    assert _run(7) == _run(7)
    assert _run(7)[-1] != _run(8)[-1]


def test_switching_does_not_change_the_weather() -> None:
    """Each process draws from its own part of the seed."""
    plain, busy = House(CONFIG, 7), House(CONFIG, 7)
    busy.switch("oven", on=True)
    busy.switch("kettle", on=True)
    busy.wallboxes[0].pause()
    for _ in range(1200):
        plain.step(1.0)
        busy.step(1.0)
        assert plain.pv.clouds is not None
        assert busy.pv_power_w == plain.pv_power_w


def test_energy_is_balanced_on_every_phase() -> None:
    """Grid = load + cars - PV, and the meter's registers are the sum over time."""
    house, net_wh = House(CONFIG, 3), 0.0
    for second in range(1800):
        _act(house, second)
        house.step(1.0)
        for phase in range(3):
            expected = (
                house.load_w[phase] + house.cars_w[phase] - house.pv_phase_w[phase]
            )
            assert house.grid_w[phase] == pytest.approx(expected, abs=1e-9)
        net_wh += sum(house.grid_w) / 3600
        boxes_w = sum(box.power_w for box in house.wallboxes)
        assert sum(house.cars_w) == pytest.approx(boxes_w)
        assert sum(house.pv_phase_w) == pytest.approx(house.pv_power_w)
    assert house.meter.import_wh - house.meter.export_wh == pytest.approx(net_wh)
    assert house.meter.import_wh > 0
    assert house.meter.export_wh > 0


def test_one_long_step_is_many_short_ones() -> None:
    """Inner steps end at whole seconds, so that both are the same."""
    long, short = House(CONFIG, 5), House(CONFIG, 5)
    for _ in range(60):
        long.step(10.0)
        for _ in range(10):
            short.step(1.0)
        assert _trace(long) == _trace(short)


@pytest.mark.parametrize("dt_s", [0.1, 0.3, 0.7, 2.5, 7.3])
def test_step_length_hardly_matters(dt_s: float) -> None:
    """Odd steps give the same energies and the same heat."""
    odd, even = House(CONFIG, 5), House(CONFIG, 5)
    while odd.now_s < 599:
        odd.step(dt_s)
    even.step(odd.now_s)
    assert odd.now_s == pytest.approx(even.now_s)
    assert odd.pv_wh == pytest.approx(even.pv_wh, rel=0.01)
    assert odd.meter.export_wh == pytest.approx(even.meter.export_wh, rel=0.02)
    assert odd.wallboxes[0].total_wh == pytest.approx(
        even.wallboxes[0].total_wh, rel=0.01
    )
    assert odd.fuse.theta == pytest.approx(even.fuse.theta, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    steps=st.lists(st.floats(0.05, 20.0), min_size=1, max_size=20),
    amps=st.integers(6, 16),
)
def test_any_steps_keep_the_balance(seed: int, steps: list[float], amps: int) -> None:
    """No step length loses time or energy."""
    house = House(CONFIG, seed)
    house.wallboxes[0].set_current(amps)
    for dt_s in steps:
        house.step(dt_s)
    assert house.now_s == pytest.approx(sum(steps))
    total_w = sum(house.load_w) + sum(house.cars_w) - house.pv_power_w
    assert sum(house.grid_w) == pytest.approx(total_w, abs=1e-6)
    assert 0 <= house.pv_power_w <= 9000


def test_car_loads_the_phases_of_its_wiring() -> None:
    """The one-phase car behind the turned wallbox is on grid L2."""
    house = House(_quiet((100.0, 100.0, 100.0), wallboxes=(CONFIG.wallboxes[1],)), 1)
    house.step(30.0)
    assert house.grid_w == pytest.approx((100.0, 100.0 + 5.5 * 230, 100.0))


def test_voltage_falls_with_import_and_rises_with_export() -> None:
    """By the impedance of the connection."""
    config = replace(_quiet((4600.0, 0.0, 0.0)), source_ohm=0.1)
    house = House(config, 1)
    house.step(10.0)
    assert house.voltage_v[0] == pytest.approx(228.0, abs=0.05)
    assert house.voltage_v[1] == 230.0
    sunny = House(
        replace(config, pv=SeriesPvConfig(power_w=Series.constant(13_800.0))), 1
    )
    sunny.step(10.0)
    assert sunny.voltage_v[1] == pytest.approx(232.0, abs=0.05)


def test_overloaded_fuse_opens_and_its_phase_goes_dark() -> None:
    """Loads, cars and PV on L1 stop, L2 goes on; put back, all is alive again."""
    house = House(
        _quiet(
            (9200.0, 1000.0, 0.0),
            wallboxes=(WallboxConfig(enabled=True, car=CarConfig()),),
        ),
        1,
    )
    house.step(60.0)
    assert house.fuse.opened == (True, False, False)
    assert house.grid_w[0] == 0
    assert house.grid_w[1] == pytest.approx(1000 + 5.5 * 230)
    assert house.meter.reading is not None
    assert house.meter.reading.value.voltage_v == (0.0, 230.0, 230.0)
    house.fuse.close()
    house.step(2.0)
    assert house.grid_w[0] > 9200


def test_fuse_sees_what_flows_through_the_connection() -> None:
    """Its heat is the closed form of the grid's current."""
    house = House(_quiet((5750.0, 0.0, 0.0), fuse=FuseConfig(rated_a=25.0)), 1)
    house.step(600.0)
    assert house.fuse.theta[0] == pytest.approx((1 / 1.13) ** 2, rel=1e-4)
    assert house.fuse.theta[1] == 0


def test_meter_reports_late_and_rarely() -> None:
    """Ten seconds apart, two seconds late, in steps of 10 W."""
    meter = MeterConfig(period_s=10.0, delay_s=2.0, power_step_w=10.0)
    house = House(replace(CONFIG, meter=meter), 1)
    times = set()
    for _ in range(120):
        house.step(1.0)
        if reading := house.meter.reading:
            times.add((reading.measured_at_s, reading.published_at_s))
            assert reading.value.power_w % 10 == 0
    assert times == {(1.0, 3.0)} | {
        (n, n + 2.0) for n in range(10, 120, 10) if n + 2 <= 120
    }


def test_wall_clock_keeps_its_zone_over_a_dst_change() -> None:
    """The night of 25 October 2026 has 25 hours in Berlin."""
    berlin = ZoneInfo("Europe/Berlin")
    house = House(_quiet((1.0, 1.0, 1.0)), 1)
    house = House(replace(house.config, start=datetime(2026, 10, 25, tzinfo=berlin)), 1)
    house.step(4 * 3600.0)
    assert house.now.isoformat() == "2026-10-25T03:00:00+01:00"


@pytest.mark.parametrize("dt_s", [0.0, -1.0, float("nan"), float("inf")])
def test_refuses_steps_that_are_none(dt_s: float) -> None:
    """Time goes forward, by a finite amount."""
    with pytest.raises(ValueError, match="positive"):
        House(CONFIG).step(dt_s)


def test_refuses_unknown_appliance() -> None:
    """A typing error is not a silent no."""
    with pytest.raises(KeyError):
        House(CONFIG).switch("sauna", on=True)


@pytest.mark.parametrize(
    "changes",
    [{"start": datetime(2026, 6, 21)}, {"pv_share": (1.0, 1.0, 1.0)}],
    ids=["no zone", "shares"],
)
def test_refuses_impossible_houses(changes: dict[str, Any]) -> None:
    """A wall clock has a zone, shares add up to 1."""
    with pytest.raises(ValueError, match="zone|shares"):
        replace(CONFIG, **changes)


def test_a_day_takes_seconds() -> None:
    """An hour of 1 s steps for two cars, far from what a bench could not bear."""
    house = House(CONFIG, 1)
    begin = thread_time()
    for _ in range(3600):
        house.step(1.0)
    assert thread_time() - begin < 1.0
