"""The houses of the campaign: one to six cars of all kinds and modes, that come and go."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from custom_components.ampacity.engine.model import Charger, Mode, OffPeak, Site
from custom_components.ampacity.engine.outlook import SLOT, Outlook
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import clear_promises, set_promise
from simulation.appliance import (
    FRIDGE,
    HOB,
    KETTLE,
    OVEN,
    WASHING_MACHINE,
    ApplianceConfig,
)
from simulation.car import Car, CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.clouds import CloudsConfig
from simulation.house import House, HouseConfig
from simulation.meter import MeterConfig
from simulation.pv import ClearSkyConfig
from simulation.wallbox import Wallbox, WallboxConfig

from .kinds import Kitchen

START = datetime(2026, 6, 20, 8, 0, tzinfo=UTC)
HOUR_S = 3600.0
SIZES = range(1, 7)
PROMISED_WH = 8000.0
"""To every second car, until it leaves."""

_MODES = (
    Mode.FAST,
    Mode.SOLAR,
    Mode.OFF_PEAK,
    Mode.SOLAR_MIN,
    Mode.FAST,
    Mode.OFF_PEAK,
)
_CARS = (
    CarConfig(capacity_wh=77_000.0),
    CarConfig(phases=1, capacity_wh=40_000.0, undertake_a=0.3),
    CarConfig(phases=2, capacity_wh=58_000.0),
    CarConfig(capacity_wh=90_000.0, undertake_a=1.0),
    CarConfig(phases=1, capacity_wh=36_000.0),
    CarConfig(phases=3, max_current_a=11.0, capacity_wh=50_000.0),
)
_ROTATIONS = ((0, 1, 2), (1, 2, 0), (2, 0, 1))
_ONE_PHASE = replace(HOB, name="hob", rated_w=(0.0, 2400.0, 0.0))


def _often(config: ApplianceConfig, gap_h: float, run_s: float) -> ApplianceConfig:
    """Return an appliance that goes on by itself, on average every so many hours."""
    gap_s = gap_h * HOUR_S
    return replace(config, auto_gap_s=(0.2 * gap_s, 1.8 * gap_s), auto_run_s=run_s)


_KITCHENS = {
    Kitchen.BUSY: (
        FRIDGE,
        _often(OVEN, 1.5, 2400.0),
        _often(HOB, 1.0, 900.0),
        _often(KETTLE, 0.7, 180.0),
        _often(WASHING_MACHINE, 3.0, 7200.0),
    ),
    Kitchen.MODEST: (
        replace(FRIDGE, rated_w=(0.0, 90.0, 0.0)),
        _often(OVEN, 1.5, 2400.0),
        _often(_ONE_PHASE, 1.0, 900.0),
        _often(WASHING_MACHINE, 3.0, 7200.0),
    ),
}


def home(size: int, kitchen: Kitchen, seed: int = 0) -> ClosedLoop:
    """Return a house with so many chargers under control; the same seed, the same day.

    Up to two chargers are guarded by a meter that reports every second, more by one of 10 s.
    """
    boxes = [_box(number) for number in range(size)]
    config = HouseConfig(
        start=START,
        pv=ClearSkyConfig(clouds=CloudsConfig()),
        appliances=_KITCHENS[kitchen],
        meter=MeterConfig(period_s=1.0 if size <= 2 else 10.0),
        wallboxes=tuple(boxes),
    )
    site = Site(
        fuse_a=config.fuse.rated_a,
        chargers=tuple(
            _charger(box, _MODES[number]) for number, box in enumerate(boxes)
        ),
    )
    return ClosedLoop(
        house=House(config, seed), site=site, off_peak=off_peak, outlook=outlook
    )


def off_peak(now: datetime) -> OffPeak:
    """Return whether it is between 22:00 and 6:00, and until when."""
    active = not 6 <= now.hour < 22
    until = now.replace(hour=6 if active else 22, minute=0, second=0, microsecond=0)
    return OffPeak(
        active=active, until=until if until > now else until + timedelta(days=1)
    )


def outlook(now: datetime) -> Outlook:
    """Return what the house expects: cheap nights, and nothing of the sun."""
    return _outlook(now - (now - START) % SLOT)


@cache
def _outlook(start: datetime) -> Outlook:
    slots = 96
    cheap = (off_peak(start + index * SLOT).active for index in range(slots))
    return Outlook(
        start=start,
        import_price=tuple(0.20 if is_cheap else 0.30 for is_cheap in cheap),
        feed_in_price=(0.08,) * slots,
        solar_w=(0.0,) * slots,
        solar_low_w=(0.0,) * slots,
        house_w=(800.0,) * slots,
        house_high_w=(4000.0,) * slots,
    )


def _box(number: int) -> WallboxConfig:
    return WallboxConfig(name=f"box {number + 1}", rotation=_ROTATIONS[number % 3])


def _charger(box: WallboxConfig, mode: Mode) -> Charger:
    return Charger(id=box.name, mode=mode, phase_map=box.rotation, priority=2)


@dataclass(kw_only=True, slots=True)
class Guests:
    """The cars of a house, each of which comes and goes at seeded moments."""

    loop: ClosedLoop
    seed: int = 0
    _next_s: list[float] | None = None
    _random: list[Random] | None = None

    def advance(self) -> None:
        """Plug in and unplug what is due."""
        if self._next_s is None:
            self._random = [
                Random(f"{self.seed} car {number}")
                for number in range(len(self.loop.house.wallboxes))
            ]
            self._next_s = [0.0] * len(self._random)
        for number, box in enumerate(self.loop.house.wallboxes):
            if self.loop.house.now_s >= self._next_s[number]:
                self._next_s[number] = self.loop.house.now_s + self._change(box, number)

    def _change(self, box: Wallbox, number: int) -> float:
        """Plug in or unplug; return for how long, in s."""
        assert self._random is not None
        random, loop, name = self._random[number], self.loop, box.config.name
        if box.car is not None:
            box.unplug()
            loop.state = clear_promises(loop.state, name)
            return random.uniform(0.5, 2.0) * HOUR_S
        soc = random.uniform(0.1, 0.5)
        box.plug(Car(replace(_CARS[number], soc=soc)))
        stay_s = random.uniform(5.0, 10.0) * HOUR_S
        if number % 2:
            ready_by = loop.house.now + timedelta(seconds=stay_s)
            promise = Promise(id="stay", ready_by=ready_by, energy_wh=PROMISED_WH)
            loop.state = set_promise(loop.state, name, promise)
        return stay_s
