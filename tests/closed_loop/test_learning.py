"""In the virtual house: wiring, phases of the car and settle time are learned in minutes."""

from array import array
from dataclasses import replace

import pytest

from custom_components.ampacity.engine.learned import Learned, settle_s
from custom_components.ampacity.engine.model import Mode
from simulation.car import CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.load import SeriesLoadConfig
from simulation.meter import MeterConfig
from simulation.series import Series
from simulation.wallbox import WallboxConfig

from .rig import BIG, loop, offer_a, steady

ONE_PHASE = replace(BIG, phases=1)


def steps(running: ClosedLoop, times: int) -> None:
    """Let the charger go down and up again by its settings, each for a minute and a half."""
    for number in range(times):
        change(running, max_a=16.0 if number % 2 else 9.0)
        running.run(90)


def change(running: ClosedLoop, **settings: object) -> None:
    """Change the charger's settings."""
    charger = replace(running.site.chargers[0], **settings)  # type: ignore[arg-type]
    running.site = replace(running.site, chargers=(charger,))


def learned(running: ClosedLoop) -> Learned:
    """Return what has been learned of the charger."""
    return running.state.charger("box").learned


@pytest.mark.parametrize(
    "meter", [MeterConfig(), MeterConfig(period_s=10.0, delay_s=5.0)]
)
@pytest.mark.parametrize("phase", [1, 2])
def test_car_of_one_phase_gets_its_room_once_its_phase_is_known(
    phase: int, meter: MeterConfig
) -> None:
    """Fuse 25 A; L1 is full afterwards; the car hangs on another phase, which nobody configured."""
    rotation = ((0, 1, 2), (1, 2, 0), (2, 0, 1))[phase]
    box = WallboxConfig(name="box", phases=1, rotation=rotation, car=ONE_PHASE)
    l1, l2, l3 = (
        Series(values=array("d", watts), period_s=600.0)
        for watts in ([400.0, 4600.0, 4600.0], [300.0, 400.0], [200.0, 400.0])
    )
    load = SeriesLoadConfig(power_w=(l1, l2, l3))
    running = loop(
        steady(wallboxes=(box,), meter=meter, load=load),
        mode=Mode.FAST,
        phases=1,
    )
    running.run(120)
    steps(running, 4)
    assert learned(running).phase_map == (phase,)
    change(running, mode=Mode.OFF, max_a=16.0)
    running.run(240)
    assert offer_a(running) == 0.0
    change(running, mode=Mode.FAST)
    running.run(400)
    assert running.house.grid_current_a[0] > 19.0
    assert offer_a(running) == 16.0
    assert running.house.fuse.theta_max < 0.9


@pytest.mark.parametrize("car_phases", [1, 2])
def test_rotated_wiring_is_learned_within_minutes(car_phases: int) -> None:
    """Three phases, rotated, nobody said so; a car that uses some of them tells."""
    car = CarConfig(phases=car_phases, soc=0.1, capacity_wh=300_000.0)
    box = WallboxConfig(name="box", rotation=(2, 0, 1), car=car)
    running = loop(steady(wallboxes=(box,)), mode=Mode.FAST)
    for mode in (Mode.FAST, Mode.OFF, Mode.FAST, Mode.OFF, Mode.FAST):
        change(running, mode=mode)
        running.run(100)
    assert learned(running).phase_map == (2, 0, 1)
    running.run(100)
    commands = running.tally.commands
    running.run(600)
    assert offer_a(running) == 16.0
    assert running.tally.commands == commands
    assert running.state.charger("box").watching.car_phases == car_phases
    assert running.house.fuse.theta_max < 0.9


@pytest.mark.parametrize(
    ("box", "meter", "least_s", "most_s"),
    [
        (WallboxConfig(name="box", car=BIG), MeterConfig(), 5.0, 20.0),
        (
            WallboxConfig(name="box", car=BIG, response_s=25.0),
            MeterConfig(),
            26.0,
            60.0,
        ),
        (
            WallboxConfig(name="box", car=BIG),
            MeterConfig(period_s=10.0, delay_s=5.0),
            10.0,
            40.0,
        ),
    ],
    ids=["quick", "cloud", "late meter"],
)
def test_settle_time_covers_charger_car_and_meter(
    box: WallboxConfig, meter: MeterConfig, least_s: float, most_s: float
) -> None:
    """Never shorter than what the slowest of them needs."""
    running = loop(
        steady(wallboxes=(box,), meter=meter), mode=Mode.FAST, learns_settle=True
    )
    running.run(120)
    steps(running, 6)
    known_s = settle_s(learned(running))
    assert known_s is not None
    assert least_s <= known_s <= most_s
