"""The main fuse under a fast car: full houses, jumps of load, slow meters, wiring."""

from dataclasses import replace

import pytest

from custom_components.ampacity.engine.model import Link, Mode
from simulation.appliance import HOB, OVEN
from simulation.car import CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.fuse import FuseConfig
from simulation.meter import MeterConfig
from simulation.wallbox import WallboxConfig

from .rig import BIG, loop, measured_house, offer_a, reason, steady

PEAK_MINUTE = 17509
"""When the measured house draws 39.4 A by itself."""


def theta(running: ClosedLoop) -> float:
    """Return the highest heat of the quickest breaker."""
    assert running.result is not None
    assert running.result.error is None
    return running.house.fuse.theta_max


@pytest.mark.parametrize(
    ("period_s", "delay_s"), [(1.0, 0.0), (5.0, 1.0), (10.0, 2.0), (10.0, 5.0)]
)
def test_measured_house_that_nearly_fills_its_fuse(
    period_s: float, delay_s: float
) -> None:
    """Two hours around the peak of 39.4 A behind 40 A, the car wants 32 A."""
    running = measured_house(PEAK_MINUTE - 60, 2.0, period_s=period_s, delay_s=delay_s)
    running.run(2 * 3600)
    assert theta(running) < 0.9
    assert running.tally.charged_wh > 1_000.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("period_s", "delay_s"), [(1.0, 0.0), (5.0, 1.0), (10.0, 2.0), (10.0, 5.0)]
)
@pytest.mark.parametrize("link", list(Link))
def test_measured_day(period_s: float, delay_s: float, link: Link) -> None:
    """The whole day of the peak."""
    running = measured_house(
        PEAK_MINUTE - 720, 24.0, period_s=period_s, delay_s=delay_s, link=link
    )
    running.run(24 * 3600)
    assert theta(running) < 0.9
    assert running.tally.charged_wh > 100_000.0


@pytest.mark.parametrize(
    ("period_s", "delay_s"), [(1.0, 0.0), (5.0, 1.0), (10.0, 2.0), (10.0, 5.0)]
)
def test_oven_and_hob_beside_a_fast_car(period_s: float, delay_s: float) -> None:
    """On and off without a warning, each alone and both, on 25 A."""
    running = loop(
        steady(
            (1000.0, 800.0, 600.0),
            appliances=(OVEN, HOB),
            meter=MeterConfig(period_s=period_s, delay_s=delay_s),
        ),
        mode=Mode.FAST,
    )
    running.run(200)
    assert offer_a(running) == 16.0
    for name, on, wait_s in (
        ("hob", True, 100),
        ("oven", True, 100),
        ("hob", False, 45),
        ("hob", True, 300),
        ("oven", False, 30),
        ("oven", True, 200),
        ("hob", False, 1),
        ("oven", False, 300),
    ):
        running.house.switch(name, on=on)
        running.run(wait_s)
    assert theta(running) < 0.9
    assert offer_a(running) == 16.0


@pytest.mark.parametrize("phase", [0, 1, 2])
@pytest.mark.parametrize("known", [True, False])
def test_car_of_one_phase(phase: int, known: bool) -> None:
    """Wherever it hangs, known or not, it holds the fuse; known, it gets what its phase leaves."""
    rotation = ((0, 1, 2), (1, 2, 0), (2, 0, 1))[phase]
    box = WallboxConfig(
        name="box", phases=1, rotation=rotation, car=replace(BIG, phases=1)
    )
    running = loop(
        steady((4000.0, 500.0, 500.0), wallboxes=(box,), fuse=FuseConfig(rated_a=20.0)),
        mode=Mode.FAST,
        phases=1,
        phase_map=(phase,) if known else None,
    )
    running.run(400)
    assert theta(running) < 0.9
    if phase == 0 or not known:
        assert offer_a(running) == 0.0
        assert reason(running) == "fuse_paused"
    else:
        assert offer_a(running) == 16.0


def test_rotated_wiring() -> None:
    """L1 of the charger on L3 of the site, a car of two phases: L3 and L1 are loaded."""
    car = CarConfig(phases=2, soc=0.1, capacity_wh=300_000.0)
    box = WallboxConfig(name="box", rotation=(2, 0, 1), car=car)
    running = loop(
        steady((400.0, 400.0, 400.0), wallboxes=(box,), appliances=(OVEN,)),
        mode=Mode.FAST,
        phase_map=(2, 0, 1),
    )
    running.run(200)
    assert offer_a(running) == 16.0
    running.house.switch("oven", on=True)
    running.run(200)
    assert offer_a(running) < 16.0
    assert theta(running) < 0.9


def test_slow_cloud_charger() -> None:
    """It takes 30 s to obey; the hob comes on; the fuse holds."""
    box = WallboxConfig(name="box", response_s=30.0, car=BIG)
    running = loop(
        steady(wallboxes=(box,), appliances=(OVEN,)),
        mode=Mode.FAST,
        link=Link.CLOUD,
        settle_s=45.0,
    )
    running.run(300)
    assert offer_a(running) == 16.0
    before = running.tally.commands
    running.house.switch("oven", on=True)
    running.run(1200)
    assert theta(running) < 0.9
    assert running.tally.commands - before <= 40


def test_car_asleep() -> None:
    """It sleeps through all offers: three are made to wake it, then the engine leaves it and says so."""
    car = replace(BIG, sleeps_after_s=60.0, wakes_after_offers=99)
    running = loop(
        steady(wallboxes=(WallboxConfig(name="box", car=car),)), mode=Mode.OFF
    )
    running.run(120)
    running.site = replace(
        running.site,
        chargers=(replace(running.site.chargers[0], mode=Mode.FAST),),
    )
    running.run(200)
    assert reason(running) == "car_asleep"
    assert running.tally.charged_wh == 0.0
    assert running.tally.commands == 7
    running.run(900)
    assert running.tally.commands == 7


def test_ten_second_meter_that_is_five_seconds_late_does_not_hunt() -> None:
    """A steady house: a few commands in an hour, no more."""
    running = loop(
        steady((3000.0, 500.0, 500.0), meter=MeterConfig(period_s=10.0, delay_s=5.0)),
        mode=Mode.FAST,
    )
    running.run(3600)
    assert running.tally.commands <= 4
    assert theta(running) < 0.9
