"""Houses under control, and what is measured on them."""

from array import array
from datetime import UTC, date, datetime
from typing import Any

from custom_components.ampacity.engine.model import Charger, Mode, Site
from simulation.car import CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.data import house_measured, site_2023
from simulation.fuse import FuseConfig
from simulation.house import House, HouseConfig
from simulation.load import SeriesLoadConfig
from simulation.meter import MeterConfig
from simulation.pv import SeriesPvConfig
from simulation.series import Series
from simulation.wallbox import WallboxConfig

EVENING = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
NOTHING = Series.constant(0.0)
BIG = CarConfig(soc=0.1, capacity_wh=300_000.0)


def solar_day(
    day: date, *, period_s: float = 1.0, pv_w: Series | None = None, **settings: Any
) -> ClosedLoop:
    """Return the house of a measured day with a car on the sun."""
    data = site_2023(day)
    return loop(
        house(
            start=data.start,
            pv=SeriesPvConfig(power_w=pv_w or data.pv_w),
            load=SeriesLoadConfig(power_w=data.load_w),
            meter=MeterConfig(period_s=period_s),
        ),
        **settings,
    )


def steady(
    load_w: tuple[float, float, float] = (400.0, 300.0, 200.0), **changes: Any
) -> House:
    """Return a house in the evening with a constant load and no sun."""
    l1, l2, l3 = (Series.constant(watts) for watts in load_w)
    known: dict[str, Any] = {"start": EVENING}
    known["load"] = SeriesLoadConfig(power_w=(l1, l2, l3))
    return house(**known | changes)


def house(**changes: Any) -> House:
    """Return a house with a wallbox "box" and a big empty car, unless told otherwise."""
    known: dict[str, Any] = {
        "pv": SeriesPvConfig(power_w=NOTHING),
        "wallboxes": (WallboxConfig(name="box", car=BIG),),
    }
    return House(HouseConfig(**known | changes))


def loop(
    house: House, *, site: dict[str, Any] | None = None, **charger: Any
) -> ClosedLoop:
    """Return the house under control, its only charger with these settings."""
    known: dict[str, Any] = {"id": "box", "mode": Mode.SOLAR}
    return ClosedLoop(
        house=house,
        site=Site(
            fuse_a=house.config.fuse.rated_a,
            chargers=(Charger(**known | charger),),
            **site or {},
        ),
    )


def measured_house(
    first_minute: int, hours: float, *, period_s: float, delay_s: float, **charger: Any
) -> ClosedLoop:
    """Return the measured single-phase house behind 40 A, with a car that takes 32 A."""
    data = house_measured()
    minutes = range(first_minute, first_minute + int(hours * 60))
    # The house of the simulation has its own voltage: what counts is the current
    load_w = array(
        "d",
        (
            data.power_w.at(60.0 * minute)
            * 230.0
            / max(data.voltage_v.at(60.0 * minute), 1.0)
            for minute in minutes
        ),
    )
    car = CarConfig(
        phases=1, max_current_a=32.0, soc=0.1, capacity_wh=300_000.0, down_a_per_s=10.0
    )
    box = WallboxConfig(name="box", phases=1, max_current_a=32.0, car=car)
    return loop(
        house(
            start=data.start,
            load=SeriesLoadConfig(
                power_w=(Series(values=load_w, period_s=60.0), NOTHING, NOTHING)
            ),
            fuse=FuseConfig(rated_a=40.0),
            meter=MeterConfig(period_s=period_s, delay_s=delay_s),
            wallboxes=(box,),
        ),
        site={"phases": 1},
        phases=1,
        phase_map=(0,),
        max_a=32.0,
        mode=Mode.FAST,
        **charger,
    )


def offer_a(running: ClosedLoop) -> float:
    """Return what the engine's newest decision offers."""
    assert running.result is not None
    return running.result.decisions[0].offer_a


def reason(running: ClosedLoop) -> str:
    """Return the newest reason."""
    assert running.result is not None
    return running.result.decisions[0].reason.key.value
