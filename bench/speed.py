"""How long decisions and plans take, and how that grows with chargers and cars.

Processor time of one thread, the median of many: a machine that is busy with something else does
not count. What Home Assistant adds is measured by the tests that :func:`speed` starts at the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from math import pi, sin
from statistics import median
import subprocess
import sys
from time import thread_time

from custom_components.ampacity.engine import Tempo, decide
from custom_components.ampacity.engine.model import Charger, Mode, Site
from custom_components.ampacity.engine.outlook import Outlook
from custom_components.ampacity.engine.planning import plan_site
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import set_promise
from simulation.car import CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.fuse import FuseConfig
from simulation.house import House, HouseConfig
from simulation.wallbox import WallboxConfig

CHARGERS = (1, 10, 50, 100)
CARS = (1, 10, 50)
_START = datetime(2023, 6, 20, 10, 0, tzinfo=UTC)
_SLOTS = 192
_INSIDE = "tests/bench/test_inside.py"


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """What one size takes."""

    what: str
    size: int
    ms: float

    @property
    def each_ms(self) -> float:
        """For each charger or car."""
        return self.ms / self.size


def fleet(count: int, mode: Mode) -> ClosedLoop:
    """Return a site whose chargers have all been charging for a minute."""
    names = [f"charger {number}" for number in range(count)]
    car = CarConfig(soc=0.3, capacity_wh=60_000.0)
    fuse_a = 32.0 + 20.0 * count
    house = House(
        HouseConfig(
            start=_START,
            fuse=FuseConfig(rated_a=fuse_a),
            source_ohm=0.0,
            wallboxes=tuple(WallboxConfig(name=name, car=car) for name in names),
        )
    )
    chargers = tuple(Charger(id=name, mode=mode, phase_map=(0, 1, 2)) for name in names)
    loop = ClosedLoop(house=house, site=Site(fuse_a=fuse_a, chargers=chargers))
    loop.run(60.0)
    return loop


def outlook() -> Outlook:
    """Return two days with the sun of a big plant and a price for each hour."""
    hours = [
        0.25 + 0.12 * sin(hour * 1.7) + 0.05 * sin(hour * 0.3) for hour in range(48)
    ]
    sun_w = tuple(
        max(0.0, 30_000.0 * sin((slot % 96 - 24) / 48 * pi)) for slot in range(_SLOTS)
    )
    return Outlook(
        start=_START,
        import_price=tuple(hours[slot // 4] for slot in range(_SLOTS)),
        feed_in_price=(0.08,) * _SLOTS,
        solar_w=sun_w,
        solar_low_w=sun_w,
        house_w=(500.0,) * _SLOTS,
        house_high_w=(1500.0,) * _SLOTS,
    )


def of_decision(count: int, mode: Mode) -> Timing:
    """Return what a decision takes while all chargers charge."""
    loop = fleet(count, mode)
    snapshot = loop.snapshot()
    ms = median_ms(
        lambda: decide(loop.site, snapshot, loop.state, loop.now, Tempo.CONTROL),
        rounds=max(10, 300 // count),
    )
    return Timing(what=f"decide, {mode.value}", size=count, ms=ms)


def of_plan(count: int) -> Timing:
    """Return what a plan of two days takes, every car with a promise of its own."""
    loop = fleet(count, Mode.SOLAR)
    expected = outlook()
    loop.outlook = lambda _: expected
    for number, charger in enumerate(loop.site.chargers):
        promise = Promise(
            id="one",
            ready_by=_START
            + timedelta(hours=8 + number * 7 % 38, minutes=number % 4 * 15),
            energy_wh=8000.0 + 1300.0 * (number % 17),
        )
        loop.state = set_promise(loop.state, charger.id, promise)
    loop.decide()
    snapshot = loop.snapshot()
    ms = median_ms(
        lambda: plan_site(loop.site, snapshot, loop.state, loop.now),
        rounds=max(3, 50 // count),
    )
    return Timing(what="plan", size=count, ms=ms)


def timings() -> list[Timing]:
    """Return what all sizes take."""
    found = [of_decision(count, Mode.FAST) for count in CHARGERS]
    found += [of_decision(count, Mode.SOLAR) for count in CHARGERS]
    found += [of_plan(count) for count in CARS]
    return found


def table(found: list[Timing]) -> str:
    """Return the timings as a table for people."""
    lines = [f"{'':<16}{'size':>6}{'ms':>10}{'ms each':>10}"]
    lines += [
        f"{one.what:<16}{one.size:>6}{one.ms:>10.3f}{one.each_ms:>10.4f}"
        for one in found
    ]
    return "\n".join(lines)


def speed() -> int:
    """Print all timings and what is measured inside Home Assistant; return the exit status."""
    found = timings()
    print(table(found))
    inside = [
        sys.executable,
        "-m",
        "pytest",
        _INSIDE,
        "-q",
        "-s",
        "-m",
        "slow or not slow",
    ]
    # What Home Assistant logs is for nobody; failures are told on standard output
    status = subprocess.run(inside, check=False, stderr=subprocess.DEVNULL).returncode
    print(
        json.dumps(
            [{"what": t.what, "size": t.size, "ms": round(t.ms, 4)} for t in found]
        )
    )
    return status


def median_ms(action: Callable[[], object], *, rounds: int) -> float:
    """Return the processor time of an action, in ms; the first time does not count."""
    action()
    times = []
    for _ in range(rounds):
        begin_s = thread_time()
        action()
        times.append(thread_time() - begin_s)
    return median(times) * 1000.0
