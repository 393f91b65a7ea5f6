"""The whole house: sun, loads, cars and the grid connection, step by step."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import floor, isfinite
from random import Random

from .appliance import Appliance, ApplianceConfig
from .battery import BatteryConfig, HomeBattery
from .fuse import Fuse, FuseConfig
from .load import BaseLoadConfig, SeriesLoadConfig, base_load
from .meter import Meter, MeterConfig, currents_a
from .phases import ZERO, Phases, add, scale
from .publisher import Published, Publisher
from .pv import ClearSkyConfig, SeriesPvConfig, pv_plant
from .wallbox import Wallbox, WallboxConfig

SUBSTEP_S = 1.0
"""Usual longest step inside; they end at whole seconds, however long the steps from outside are."""
_EPSILON_S = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseConfig:
    """What the house is made of."""

    start: datetime
    """Wall clock at the start, with a time zone."""
    voltage_v: Phases = (230.0, 230.0, 230.0)
    """Voltages of the grid's phases when nothing flows."""
    source_ohm: float = 0.02
    """Impedance of the connection: the voltage falls with import and rises with export."""
    fuse: FuseConfig = field(default_factory=FuseConfig)
    pv: ClearSkyConfig | SeriesPvConfig = field(default_factory=ClearSkyConfig)
    pv_share: Phases = (1 / 3, 1 / 3, 1 / 3)
    """How the inverter feeds the phases; the shares add up to 1."""
    pv_period_s: float = 1.0
    """How often the inverter reports its power."""
    load: BaseLoadConfig | SeriesLoadConfig = field(default_factory=BaseLoadConfig)
    appliances: tuple[ApplianceConfig, ...] = ()
    meter: MeterConfig = field(default_factory=MeterConfig)
    wallboxes: tuple[WallboxConfig, ...] = ()
    battery: BatteryConfig | None = None
    """On all three phases alike."""

    def __post_init__(self) -> None:
        """Raise ValueError for a start without a zone or shares that don't add up to 1."""
        if self.start.tzinfo is None:
            raise ValueError("The start needs a time zone")
        if abs(sum(self.pv_share) - 1) > 1e-6:
            raise ValueError("The shares of the inverter must add up to 1")


class House:
    """The house. The true values are those of the last inner step; the outside sees readings."""

    __slots__ = (
        "_load",
        "_pv_publisher",
        "_start",
        "appliances",
        "battery",
        "config",
        "fuse",
        "grid_current_a",
        "grid_w",
        "load_w",
        "meter",
        "now_s",
        "pv",
        "pv_phase_w",
        "pv_power_w",
        "pv_wh",
        "voltage_v",
        "wallboxes",
    )

    def __init__(self, config: HouseConfig, seed: int = 0) -> None:
        """Build the house; the same seed gives the same weather and loads, whatever is switched."""
        self.config = config
        self._start = config.start.astimezone(UTC)
        self.now_s = 0.0
        """Time since the start."""
        self.pv = pv_plant(config.pv, config.start, Random(f"{seed} sky"))
        self._load = base_load(config.load, Random(f"{seed} load"))
        self.appliances = {
            appliance.name: Appliance(appliance, Random(f"{seed} {appliance.name}"))
            for appliance in config.appliances
        }
        self.wallboxes = [Wallbox(wallbox) for wallbox in config.wallboxes]
        self.meter = Meter(config.meter)
        self.fuse = Fuse(config.fuse)
        self.battery = HomeBattery(config.battery) if config.battery else None
        self._pv_publisher = Publisher[float](period_s=config.pv_period_s)
        self.voltage_v = config.voltage_v
        """Voltage per phase behind the fuse; 0 where it has opened."""
        self.pv_power_w = 0.0
        self.pv_phase_w = ZERO
        self.pv_wh = 0.0
        self.load_w = ZERO
        """Base load and appliances per phase, without the cars."""
        self.grid_w = ZERO
        """Power through the connection per phase; + is import."""
        self.grid_current_a = ZERO

    @property
    def now(self) -> datetime:
        """Wall clock, in the zone of the start."""
        return (self._start + timedelta(seconds=self.now_s)).astimezone(
            self.config.start.tzinfo
        )

    @property
    def pv_reading(self) -> Published[float] | None:
        """PV power in W as the inverter reports it."""
        return self._pv_publisher.latest

    @property
    def cars_w(self) -> Phases:
        """What the wallboxes take per phase of the grid."""
        return add(wallbox.grid_w for wallbox in self.wallboxes)

    def switch(self, appliance: str, *, on: bool) -> None:
        """Switch an appliance by hand; KeyError for one that isn't there."""
        self.appliances[appliance].switch(on=on, now_s=self.now_s)

    def step(self, dt_s: float, longest_s: float = SUBSTEP_S) -> None:
        """Let `dt_s` go by; ValueError unless it is a positive number.

        Inner steps end at multiples of ``longest_s``, which may be more while nothing is going on.
        """
        if not (isfinite(dt_s) and dt_s > 0):
            raise ValueError(f"A step is a positive number of seconds, not {dt_s}")
        end_s = self.now_s + dt_s
        while self.now_s < end_s - _EPSILON_S:
            whole_s = (floor(self.now_s / longest_s + _EPSILON_S) + 1) * longest_s
            until_s = whole_s if whole_s <= end_s + _EPSILON_S else end_s
            self._advance(until_s - self.now_s, until_s)

    def _advance(self, dt_s: float, now_s: float) -> None:
        """Do one inner step that ends at `now_s`; everything is constant inside it."""
        self.now_s = now_s
        for wallbox in self.wallboxes:
            wallbox.advance(self.voltage_v, dt_s, now_s)
        self._feed(now_s)
        loads = [self._load.power_w(now_s)]
        loads += [appliance.power_w(now_s) for appliance in self.appliances.values()]
        self.load_w = self._alive(add(loads))
        if self.battery is not None:
            self.battery.advance(sum(self.grid_w), dt_s, now_s)
        self._balance()
        self.pv_wh += self.pv_power_w * dt_s / 3600
        self.fuse.advance(self.grid_current_a, dt_s, now_s)
        self.meter.advance(self.grid_w, self.voltage_v, dt_s, now_s)
        self._pv_publisher.advance(now_s, lambda: round(self.pv_power_w))
        self._set_voltage()

    def _feed(self, now_s: float) -> None:
        """Let the inverter feed the phases that are alive."""
        power_w = self.pv.power_w(now_s)
        self.pv_phase_w = self._alive(scale(self.config.pv_share, power_w))
        self.pv_power_w = sum(self.pv_phase_w)

    def _balance(self) -> None:
        """Let the connection carry what is left: load and cars less PV and battery."""
        cars_w, load_w, pv_w = self.cars_w, self.load_w, self.pv_phase_w
        if self.battery is not None:
            third_w = self.battery.power_w / 3
            pv_w = add((pv_w, self._alive((third_w, third_w, third_w))))
        self.grid_w = (
            load_w[0] + cars_w[0] - pv_w[0],
            load_w[1] + cars_w[1] - pv_w[1],
            load_w[2] + cars_w[2] - pv_w[2],
        )
        self.grid_current_a = currents_a(self.grid_w, self.voltage_v)

    def _alive(self, power_w: Phases) -> Phases:
        """Return the powers, 0 on phases without a voltage."""
        v1, v2, v3 = self.voltage_v
        if v1 and v2 and v3:
            return power_w
        return (
            power_w[0] if v1 else 0.0,
            power_w[1] if v2 else 0.0,
            power_w[2] if v3 else 0.0,
        )

    def _set_voltage(self) -> None:
        """Set the voltages that the next inner step starts from."""
        ohm = self.config.source_ohm
        v1, v2, v3 = self.config.voltage_v
        a1, a2, a3 = self.grid_current_a
        o1, o2, o3 = self.fuse.opened
        self.voltage_v = (
            0.0 if o1 else v1 - a1 * ohm,
            0.0 if o2 else v2 - a2 * ohm,
            0.0 if o3 else v3 - a3 * ohm,
        )
