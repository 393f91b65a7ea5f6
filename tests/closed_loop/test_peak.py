"""Below the month's peak: a house with one car, a site with thirty, and the operator's signal."""

from array import array
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from custom_components.ampacity.engine.model import Charger, Mode, OffPeak, Site
from custom_components.ampacity.engine.outlook import Outlook
from custom_components.ampacity.engine.peak_presets import PRESETS
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import set_promise
from custom_components.ampacity.engine.state import EngineState
from custom_components.ampacity.engine.tariffs import (
    OperatorRule,
    OperatorSignal,
    PeakMemory,
)
from simulation.car import CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.data import site_2023
from simulation.fuse import FuseConfig
from simulation.load import SeriesLoadConfig
from simulation.meter import MeterConfig
from simulation.series import Series
from simulation.wallbox import WallboxConfig

from .rig import BIG, house, loop, offer_a, steady
from .test_many import charged, fleet

BELGIUM = PRESETS["belgium"]
WINDOW_S = 900


def cheap(_: datetime) -> OffPeak:
    """Return that it is always cheap."""
    return OffPeak(active=True)


def means_w(running: ClosedLoop, windows: int) -> list[float]:
    """Run for so many quarters of an hour; return the true mean import of each."""
    means = []
    for _ in range(windows):
        total_ws = 0.0
        for _ in range(WINDOW_S):
            running.run(1)
            total_ws += max(0.0, sum(running.house.grid_w))
        means.append(total_ws / WINDOW_S)
    return means


def remember(running: ClosedLoop, peak_w: float) -> None:
    """Let the month have had this peak."""
    month = f"{running.now:%Y-%m}"
    memory = PeakMemory(month=month, peaks=((f"{month}-01", peak_w),))
    running.state = EngineState(peak=memory)


def belgian(*, period_s: float = 1.0, delay_s: float = 0.0) -> ClosedLoop:
    """Return a house with the load of a measured winter evening, its car in cheap hours."""
    data = site_2023(date(2023, 1, 18))
    evening = (
        Series(
            values=array("d", (one.at(60.0 * n) for n in range(1020, 1440))),
            period_s=60.0,
        )
        for one in data.load_w
    )
    l1, l2, l3 = evening
    running = loop(
        house(
            start=data.start.replace(hour=17),
            load=SeriesLoadConfig(power_w=(l1, l2, l3)),
            meter=MeterConfig(period_s=period_s, delay_s=delay_s),
        ),
        site={"peak": BELGIUM},
        mode=Mode.OFF_PEAK,
    )
    running.off_peak = cheap
    return running


@pytest.mark.parametrize(("period_s", "delay_s"), [(1.0, 0.0), (10.0, 5.0)])
def test_a_belgian_evening(period_s: float, delay_s: float) -> None:
    """With 7 kW so far the car uses what they leave, and no quarter of an hour is higher."""
    running = belgian(period_s=period_s, delay_s=delay_s)
    remember(running, 7000.0)
    means = means_w(running, 8)
    print(f"highest of 8 quarters: {max(means):.0f} W of 7000 W")  # noqa: T201
    assert max(means) <= 7000.0
    assert running.state.peak.peaks[0][1] == 7000.0
    assert sum(means[1:]) / 7 >= 5500.0


def test_a_new_month_begins_at_the_floor() -> None:
    """2.5 kW leave no room for three phases: the car waits for the house to make a peak."""
    running = belgian()
    running.run(1800)
    assert offer_a(running) == 0.0
    running.site = replace(running.site, peak=replace(BELGIUM, accepted_w=9000.0))
    means = means_w(running, 2)
    assert max(means) <= 9000.0
    assert offer_a(running) >= 6.0


def service() -> ClosedLoop:
    """Return 30 chargers behind 200 A, which have drawn 180 A this month."""
    car = CarConfig(soc=0.3, capacity_wh=60_000.0)
    boxes = fleet(30, car)
    running = ClosedLoop(
        house=steady(
            (6000.0, 6000.0, 6000.0),
            wallboxes=boxes,
            fuse=FuseConfig(rated_a=200.0),
            meter=MeterConfig(period_s=10.0),
            source_ohm=0.002,
        ),
        site=Site(
            fuse_a=200.0,
            peak=BELGIUM,
            chargers=tuple(
                Charger(id=box.name, mode=Mode.OFF_PEAK, phase_map=box.rotation)
                for box in boxes
            ),
        ),
        off_peak=cheap,
    )
    remember(running, 180.0 * 3.0 * 230.0)
    return running


def test_thirty_chargers_keep_below_the_peak_of_the_month() -> None:
    """Cheap hours stay below it; a car that must have it now takes what it needs all the same."""
    running = service()
    peak_w = 180.0 * 3.0 * 230.0
    means = means_w(running, 2)
    print(f"highest of 2 quarters: {max(means):.0f} W of {peak_w:.0f} W")  # noqa: T201
    assert max(means) <= peak_w
    # 25 of 30 fit with 6 A each; after a quarter of an hour the others have their turn
    assert min(means) >= 0.8 * peak_w
    assert sum(wh > 0.0 for wh in charged(running)) >= 28
    assert running.house.fuse.theta_max < 0.9

    running.change("00", mode=Mode.FAST)
    running.change("01", mode=Mode.FAST)
    means = means_w(running, 1)
    assert running.result is not None
    offers = {one.charger_id: one.offer_a for one in running.result.decisions}
    assert offers["00"] == offers["01"] == 16.0
    # The others make room for them
    assert max(means) <= peak_w


@pytest.mark.parametrize("switches", [True, False])
def test_operator_limits_what_the_cars_take(switches: bool) -> None:
    """At 242 V a car goes on with one phase below 4.2 kW, or pauses; in fast mode."""
    box = WallboxConfig(name="box", car=BIG, switches_phases=switches)
    running = loop(
        house(
            start=datetime(2026, 3, 10, 17, 0, tzinfo=UTC),
            load=SeriesLoadConfig(power_w=site_2023(date(2023, 1, 18)).load_w),
            wallboxes=(box,),
            voltage_v=(243.0, 243.0, 243.0),
        ),
        site={"operator": OperatorRule()},
        mode=Mode.FAST,
        can_switch_phases=switches,
    )
    running.run(900)
    assert offer_a(running) == 16.0
    running.alter = lambda snapshot: replace(
        snapshot, operator=OperatorSignal(active=True)
    )
    running.run(30)
    most_w = 0.0
    for _ in range(900):
        running.run(1)
        most_w = max(most_w, sum(running.house.cars_w))
    print(f"most from the cars: {most_w:.0f} W of 4200 W")  # noqa: T201
    assert most_w <= 4200.0
    assert (most_w > 3000.0) is switches


def test_a_sun_that_does_not_come_makes_no_peak() -> None:
    """Five kW of sun are expected until the car leaves and none comes: it charges below the peak in time."""
    begin = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
    running = loop(
        steady(start=begin, meter=MeterConfig(period_s=10.0)),
        site={"peak": replace(BELGIUM, floor_w=6000.0)},
        mode=Mode.SOLAR,
    )

    def outlook(now: datetime) -> Outlook:
        slots = 64
        return Outlook(
            start=now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0),
            import_price=(0.30,) * slots,
            feed_in_price=(0.08,) * slots,
            solar_w=(6000.0,) * slots,
            solar_low_w=(0.0,) * slots,
            house_w=(900.0,) * slots,
            house_high_w=(2000.0,) * slots,
        )

    running.outlook = outlook
    promise = Promise(
        id="user", ready_by=begin + timedelta(hours=5), energy_wh=20_000.0
    )
    running.state = set_promise(running.state, "box", promise)
    assert max(means_w(running, 20)) < 6000.0
    assert running.house.wallboxes[0].total_wh >= 20_000.0
