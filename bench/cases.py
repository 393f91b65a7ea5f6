"""The cases: which house, which cars, which tariff."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from custom_components.ampacity.engine.model import Charger, Mode, Site
from custom_components.ampacity.engine.tariffs import PeakTariff
from simulation.car import CarConfig
from simulation.data import house_measured, pv_measured
from simulation.fuse import FuseConfig
from simulation.house import House, HouseConfig
from simulation.load import SeriesLoadConfig
from simulation.meter import MeterConfig
from simulation.pv import SeriesPvConfig
from simulation.series import Series
from simulation.wallbox import WallboxConfig

from .inputs import ZONE, Contract, Visit, site

VOLTAGE_V = 230.0
PHASES = 3
UNDERTAKE_A = 0.5
"""How far a car keeps below its offer."""
LEVELS_W = tuple(
    (offer_a - UNDERTAKE_A) * VOLTAGE_V * phases
    for phases in (1, PHASES)
    for offer_a in range(6, 16 + 1)
)
"""What a car can take: it is offered whole amperes, on one phase or on three."""
LEAST_W, FULL_W = LEVELS_W[0], LEVELS_W[-1]
TARGET_SOC = 0.8
_SMALL_WH = 60_000.0
_INSIDE_S = 0.001
"""A step of the house takes the load at its end: at the end of a minute it is still that minute's."""
_NIGHT_DRIVER = "OSL_S_KT143"
_DAY_DRIVER = "OSL_T_63"
_THREE = (_NIGHT_DRIVER, "OSL_S_KT63", "ASK_Plass53")


MONTHS = tuple(range(2, 13))
_SOME_DAYS = 3
_FEW_DAYS = 1
_NOTHING = Series.constant(0.0)
CLOUDS_RATING_W = 8000.0


class Forecast(StrEnum):
    """How much of the future the engine knows."""

    REALISTIC = "realistic"
    """A weather service's forecast with its usual error, the house from its past."""
    PERFECT = "perfect"
    """Sun, house and all prices as they will be."""
    PAST = "past"
    """Nothing but the past."""


class Data(StrEnum):
    """What drives a house."""

    YEAR = "year"
    """Sun, load, prices and stays of a year."""
    CLOUDS = "clouds"
    """Twelve hours of passing clouds, by the second; a small load."""
    MEASURED = "measured"
    """A measured single-phase house with loads of up to 39 A."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A house with a car for each driver."""

    name: str
    title: str
    drivers: tuple[str, ...] = (_NIGHT_DRIVER,)
    has_sun: bool = True
    contract: Contract = field(default_factory=Contract)
    fuse_a: float = 35.0
    peak_per_kw: float = 0.0
    """Currency per kW and year that the month's highest quarter of an hour costs."""
    promises: bool = True
    """Each stay is promised its energy; without, a car takes what the sun gives."""
    mode: Mode = Mode.SOLAR
    data: Data = Data.YEAR
    months: tuple[int, ...] = MONTHS
    """Those that are run as part of the whole."""
    days: int = 31
    """So many days of each, from a day on that moves through the month."""
    forecasts: tuple[Forecast, ...] = (Forecast.REALISTIC, Forecast.PERFECT)
    """With which the engine is run."""
    meters_s: tuple[float, ...] = (10.0,)
    """How often the meter reports."""

    @property
    def cars(self) -> tuple[str, ...]:
        """The names of the wallboxes, one for each driver."""
        return tuple(f"car {number + 1}" for number in range(len(self.drivers)))


CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case(
            name="sun",
            title="One car, sun, one price",
            drivers=(_DAY_DRIVER,),
            contract=Contract(fixed=0.31),
            days=_SOME_DAYS,
        ),
        Case(
            name="prices",
            title="One car, prices, no sun",
            has_sun=False,
            days=_SOME_DAYS,
        ),
        Case(
            name="both",
            title="One car, sun and prices",
        ),
        Case(
            name="forecasts",
            title="One car, sun and prices: what forecasts are worth",
            days=_SOME_DAYS,
            forecasts=tuple(Forecast),
        ),
        Case(
            name="both by day",
            title="One car that is often there by day, sun and prices",
            drivers=(_DAY_DRIVER,),
            days=_SOME_DAYS,
        ),
        *(
            Case(
                name=f"three at {fuse_a} A",
                title=f"Three cars behind 3 × {fuse_a} A, sun and prices",
                drivers=_THREE,
                fuse_a=fuse_a,
                days=2 * _FEW_DAYS if fuse_a == 20 else _FEW_DAYS,
                forecasts=tuple(Forecast)[: 2 if fuse_a == 20 else 1],
            )
            for fuse_a in (16, 20, 25, 35)
        ),
        Case(
            name="peak",
            title="One car, sun, prices and 50 per kW and year for the month's peak",
            peak_per_kw=50.0,
            months=(3, 11),
        ),
        Case(
            name="solar only",
            title="One car on mode solar, nothing promised",
            drivers=(_DAY_DRIVER,),
            promises=False,
            days=_SOME_DAYS,
            meters_s=(10.0, 5.0, 1.0),
        ),
        Case(
            name="clouds",
            title="One car on mode solar under clouds that pass by the second",
            drivers=("guest",),
            contract=Contract(fixed=0.31),
            promises=False,
            data=Data.CLOUDS,
            meters_s=(10.0, 5.0, 1.0),
        ),
        Case(
            name="measured house",
            title="One car at full speed in a measured house behind 40 A, one phase",
            drivers=("guest",),
            contract=Contract(fixed=0.31),
            has_sun=False,
            fuse_a=40.0,
            promises=False,
            mode=Mode.FAST,
            data=Data.MEASURED,
            meters_s=(10.0, 5.0, 1.0),
        ),
    )
}


def house(case: Case, start: datetime, meter_s: float) -> House:
    """Return the house of a case, all plugs empty, from a moment on."""
    load, sun = _series(case, start)
    one_phase = case.data is Data.MEASURED
    return House(
        HouseConfig(
            start=start.astimezone(UTC),
            fuse=FuseConfig(rated_a=case.fuse_a),
            pv=SeriesPvConfig(power_w=sun),
            pv_period_s=meter_s,
            load=SeriesLoadConfig(power_w=load),
            meter=MeterConfig(period_s=meter_s),
            wallboxes=tuple(
                WallboxConfig(
                    name=name,
                    phases=1 if one_phase else PHASES,
                    max_current_a=32.0 if one_phase else 16.0,
                    switches_phases=not one_phase,
                    period_s=min(5.0, meter_s),
                )
                for name in case.cars
            ),
        )
    )


def _series(
    case: Case, start: datetime
) -> tuple[tuple[Series, Series, Series], Series]:
    """Return the load of each phase and the sun."""
    if case.data is Data.CLOUDS:
        small = Series.constant(150.0)
        return (small, small, small), pv_measured(CLOUDS_RATING_W)
    if case.data is Data.MEASURED:
        return (_measured(start), _NOTHING, _NOTHING), _NOTHING
    data = site()
    shift_s = (data.start - start).total_seconds() + _INSIDE_S
    l1, l2, l3 = (series.starting_at(shift_s) for series in data.load_w)
    sun = data.pv_w.starting_at(shift_s) if case.has_sun else _NOTHING
    return (l1, l2, l3), sun


def _measured(start: datetime) -> Series:
    """Return the measured load as it would be at the voltage of the simulation: its current counts."""
    data = house_measured()
    count = len(data.power_w.values)
    values = array(
        "d",
        (
            data.power_w.at(60.0 * minute)
            * VOLTAGE_V
            / max(1.0, data.voltage_v.at(60.0 * minute))
            for minute in range(count)
        ),
    )
    shift_s = (data.start - start).total_seconds()
    return Series(values=values, period_s=60.0, start_s=shift_s)


def car(case: Case, visit: Visit) -> CarConfig:
    """Return the car of a stay: it takes just what its driver has charged, and is full then.

    All that is charged counts; that it costs less to charge fast than slowly is left out.
    """
    one_phase = case.data is Data.MEASURED
    capacity_wh = max(_SMALL_WH, visit.energy_wh / 0.7)
    return CarConfig(
        phases=1 if one_phase else PHASES,
        max_current_a=32.0 if one_phase else 16.0,
        undertake_a=UNDERTAKE_A,
        down_a_per_s=10.0 if one_phase else 6.0,
        capacity_wh=capacity_wh,
        soc=TARGET_SOC - visit.energy_wh / capacity_wh,
        charge_to_soc=TARGET_SOC,
        loss_base_w=0.0,
        loss_fraction=0.0,
    )


def engine_site(case: Case) -> Site:
    """Return the configuration of the site as a user would give it."""
    one_phase = case.data is Data.MEASURED
    phases = 1 if one_phase else PHASES
    chargers = tuple(
        Charger(
            id=name,
            phases=phases,
            phase_map=tuple(range(phases)),
            max_a=32.0 if one_phase else 16.0,
            mode=case.mode,
            can_switch_phases=not one_phase,
        )
        for name in case.cars
    )
    known = Site(fuse_a=case.fuse_a, phases=phases, chargers=chargers, time_zone=ZONE)
    if not case.peak_per_kw:
        return known
    return replace(known, peak=PeakTariff(price_per_kw=case.peak_per_kw / 12.0))
