"""The house of the demo: endless noon of a fair day with fast clouds, and its car."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict

from simulation import House, HouseConfig
from simulation.appliance import FRIDGE, HOB, KETTLE, OVEN
from simulation.car import Car, CarConfig
from simulation.clouds import CloudsConfig
from simulation.fuse import FuseConfig
from simulation.load import BaseLoadConfig
from simulation.pv import ClearSkyConfig
from simulation.wallbox import Wallbox, WallboxConfig

SEED = 2026
_NOON = datetime(2026, 6, 21, 11, 28, tzinfo=UTC)
_CAR = CarConfig(capacity_wh=60_000.0, soc=0.45, max_current_a=16.0)
_RETURNS_WITH_SOC = 0.40
_STAYS_FULL_S = 60.0
_AWAY_S = 20.0
PLANT = ClearSkyConfig(peak_w=10_000.0, inverter_limit_w=9_000.0)
"""The plant as its forecast knows it: under a clear sky, and with a sun that moves."""
_OVEN = replace(OVEN, auto_gap_s=(130.0, 190.0), auto_run_s=40.0)


class HouseMemory(TypedDict):
    """What lasts while Home Assistant restarts, as it does in real devices."""

    soc: float
    plugged_in: bool
    enabled: bool
    current_limit_a: float
    session_wh: float
    total_wh: float
    import_wh: float
    export_wh: float
    pv_wh: float


def _config(start: datetime) -> HouseConfig:
    """Return what the demo's house is made of."""
    return HouseConfig(
        start=start,
        fuse=FuseConfig(rated_a=25.0),
        pv=replace(PLANT, fixed_at=_NOON, clouds=CloudsConfig()),
        load=BaseLoadConfig(hold_s=(2.0, 8.0)),
        appliances=(_OVEN, HOB, KETTLE, FRIDGE),
        wallboxes=(WallboxConfig(max_current_a=16.0, car=_CAR),),
    )


class DemoHouse:
    """The simulated house with a car that never ends charging.

    A car that has been full for a minute drives off and is back 20 s later at 40 %.
    """

    def __init__(self, start: datetime) -> None:
        """Build the house at a wall-clock time with a zone."""
        self.house = House(_config(start), seed=SEED)
        self._car = self.wallbox.car or Car(_CAR)
        self._full_since_s: float | None = None
        self._returns_at_s: float | None = None

    @property
    def wallbox(self) -> Wallbox:
        """The only wallbox of the demo."""
        return self.house.wallboxes[0]

    @property
    def car_soc(self) -> float:
        """State of charge as the car itself tells it wherever it is, 0 to 1."""
        return self._car.soc

    @property
    def soc(self) -> float | None:
        """State of charge of the car in the plug, 0 to 1."""
        return self.wallbox.car.soc if self.wallbox.car else None

    def step(self, dt_s: float) -> None:
        """Let `dt_s` go by."""
        self.house.step(dt_s)
        now_s = self.house.now_s
        if self._returns_at_s is not None and now_s >= self._returns_at_s:
            self._car.soc = _RETURNS_WITH_SOC
            self.plug(plugged_in=True)
        if self.wallbox.car is None or not self._car.full:
            self._full_since_s = None
        elif self._full_since_s is None:
            self._full_since_s = now_s
        elif now_s >= self._full_since_s + _STAYS_FULL_S:
            self.plug(plugged_in=False)
            self._returns_at_s = now_s + _AWAY_S

    def plug(self, *, plugged_in: bool) -> None:
        """Plug the car in or out, by hand or because it comes and goes."""
        self._returns_at_s = None
        if plugged_in and self.wallbox.car is None:
            self.wallbox.plug(self._car)
        elif not plugged_in:
            self.wallbox.unplug()

    def remember(self) -> HouseMemory:
        """Return what is to last."""
        house, wallbox = self.house, self.wallbox
        return {
            "soc": self._car.soc,
            "plugged_in": wallbox.car is not None or self._returns_at_s is not None,
            "enabled": wallbox.enabled,
            "current_limit_a": wallbox.current_limit_a,
            "session_wh": wallbox.session_wh,
            "total_wh": wallbox.total_wh,
            "import_wh": house.meter.import_wh,
            "export_wh": house.meter.export_wh,
            "pv_wh": house.pv_wh,
        }

    def recall(self, memory: HouseMemory) -> None:
        """Go on where an earlier house stopped."""
        house, wallbox = self.house, self.wallbox
        self.plug(plugged_in=memory["plugged_in"])
        self._car.soc = memory["soc"]
        wallbox.enabled = memory["enabled"]
        wallbox.current_limit_a = memory["current_limit_a"]
        wallbox.session_wh = memory["session_wh"]
        wallbox.total_wh = memory["total_wh"]
        house.meter.import_wh = memory["import_wh"]
        house.meter.export_wh = memory["export_wh"]
        house.pv_wh = memory["pv_wh"]
