"""Meters and chargers that fail in the middle of charging: the fuse holds, the loop comes back."""

from typing import Any

import pytest

from custom_components.ampacity.engine.model import Mode
from simulation.appliance import HOB, OVEN
from simulation.closed_loop import ClosedLoop
from simulation.meter import GridReading, MeterConfig
from simulation.publisher import Fault, frozen, off, silent

from .rig import loop, offer_a, reason, steady


def charging(period_s: float = 1.0, **charger: Any) -> ClosedLoop:
    """Return a house whose car charges at full current."""
    running = loop(
        steady(
            (1000.0, 800.0, 600.0),
            appliances=(OVEN, HOB),
            meter=MeterConfig(period_s=period_s),
        ),
        mode=Mode.FAST,
        **charger,
    )
    running.run(200)
    assert offer_a(running) == 16.0
    return running


def wait_for(running: ClosedLoop, current_a: float, limit_s: int) -> int:
    """Let time pass until the engine offers no more than a current; return how long it took."""
    for passed_s in range(limit_s):
        if offer_a(running) <= current_a:
            return passed_s
        running.run(1)
    return limit_s


@pytest.mark.parametrize(
    ("fault", "period_s", "within_s"),
    [(off, 1.0, 12), (off, 10.0, 12), (silent, 1.0, 42), (silent, 10.0, 52)],
)
def test_meter_lost_in_mid_charge(
    fault: Fault[GridReading], period_s: float, within_s: int
) -> None:
    """The safe current comes in time; the hob that comes on meanwhile does no harm."""
    running = charging(period_s)
    running.house.meter.fault = fault
    assert wait_for(running, 6.0, 200) <= within_s
    assert reason(running) == "meter_stale"
    running.house.switch("hob", on=True)
    running.run(300)
    assert running.house.fuse.theta_max < 0.9
    running.house.switch("hob", on=False)
    running.house.meter.fault = None
    running.run(200)
    assert offer_a(running) == 16.0


def test_meter_frozen_in_mid_charge() -> None:
    """As soon as the charger moves and the meter does not, it is not believed."""
    running = charging()
    running.house.meter.fault = frozen
    running.run(60)
    charger = running.site.chargers[0]
    running.site = type(running.site)(
        fuse_a=25.0, chargers=(type(charger)(id="box", mode=Mode.FAST, max_a=12.0),)
    )
    assert wait_for(running, 6.0, 200) <= 60
    assert reason(running) == "meter_frozen"
    running.house.switch("hob", on=True)
    running.run(300)
    assert running.house.fuse.theta_max < 0.9
    running.house.switch("hob", on=False)
    running.house.meter.fault = None
    running.run(300)
    assert offer_a(running) == 12.0


def test_charger_that_ignores_its_limit_is_paused() -> None:
    """The hob comes on, the charger stays at 16 A: paused, tried once more, then we say so."""
    running = charging()
    running.house.wallboxes[0].ignores_limit = True
    running.house.switch("hob", on=True)
    running.run(60)
    assert max(running.house.wallboxes[0].current_a) == 0.0
    running.run(1200)
    assert max(running.house.wallboxes[0].current_a) == 0.0
    assert reason(running) == "not_obeying"
    assert running.tally.starts <= 2
    assert running.house.fuse.theta_max < 0.9


def test_charger_that_ignores_its_pause_is_lowered_and_reported() -> None:
    """Mode off; it goes on charging: told again now and then, and reported."""
    running = charging()
    running.house.wallboxes[0].ignores_pause = True
    before = running.tally.commands
    charger = running.site.chargers[0]
    running.site = type(running.site)(
        fuse_a=25.0, chargers=(type(charger)(id="box", mode=Mode.OFF),)
    )
    running.run(600)
    assert reason(running) == "not_obeying"
    assert 3 <= running.tally.commands - before <= 15


def test_charger_offline_and_back() -> None:
    """What it draws counts as load meanwhile; then it is taken over and goes on."""
    running = charging()
    running.house.wallboxes[0].offline = True
    running.run(120)
    assert reason(running) == "offline"
    running.house.wallboxes[0].offline = False
    running.run(5)
    assert reason(running) == "starting_up"
    running.run(120)
    assert (offer_a(running), reason(running)) == (16.0, "fast")


def test_overload_while_the_charger_is_offline_is_cut_when_it_is_back() -> None:
    """Nothing can be done before; on the first reading after, it is."""
    running = charging()
    running.house.wallboxes[0].offline = True
    running.run(30)
    running.house.switch("oven", on=True)
    running.run(10)
    running.house.wallboxes[0].offline = False
    assert wait_for(running, 10.0, 60) <= 3
    running.run(200)
    assert running.house.fuse.theta_max < 0.9
