"""Promises kept in the simulated house: by plan, by the last safe moment, alone and together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import Charger, Mode
from custom_components.ampacity.engine.off_peak import off_peak
from custom_components.ampacity.engine.outlook import SLOT, Outlook
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import set_promise
from custom_components.ampacity.engine.vehicle import Vehicle
from custom_components.ampacity.engine.weekly import Window
from simulation.closed_loop import ClosedLoop
from simulation.house import House
from simulation.meter import MeterConfig
from simulation.wallbox import WallboxConfig

from .rig import BIG, EVENING, loop, steady

TWO = EVENING.replace(hour=2) + timedelta(days=1)
SEVEN = TWO.replace(hour=7)
NIGHT = Window(days=frozenset(range(7)), start=time(2), end=time(6))
FULL_W = 16.0 * 230.0 * 3


def expecting(
    price: Callable[[datetime], float] = lambda _: 0.30,
) -> Callable[[datetime], Outlook]:
    """Return what tells the outlook of a house with a constant load and no sun."""

    @cache
    def outlook(start: datetime) -> Outlook:
        slots = 96
        return Outlook(
            start=start,
            import_price=tuple(price(start + index * SLOT) for index in range(slots)),
            feed_in_price=(0.08,) * slots,
            solar_w=(0.0,) * slots,
            solar_low_w=(0.0,) * slots,
            house_w=(900.0,) * slots,
            house_high_w=(2000.0,) * slots,
        )

    return lambda now: outlook(
        now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    )


def night(**changes: Any) -> House:
    """Return a house in the late evening, its meter not in a hurry, with a car plugged in."""
    known: dict[str, Any] = {
        "start": EVENING.replace(hour=22),
        "meter": MeterConfig(period_s=10.0),
    }
    return steady(**known | changes)


def promised(home: ClosedLoop, name: str = "box", **promise: Any) -> ClosedLoop:
    """Promise something of a charger, until seven unless told otherwise."""
    known: dict[str, Any] = {"id": "user", "ready_by": SEVEN}
    one = Promise(**known | promise)
    home.state = set_promise(home.state, name, one)
    return home


def charged_wh(home: ClosedLoop, name: str = "box") -> float:
    """Return what a charger has charged in this session."""
    session = home.state.charger(name).session
    return session.energy_wh if session else 0.0


def run_until(home: ClosedLoop, moment: datetime) -> None:
    """Let time go by until a moment."""
    home.run((moment - home.house.now).total_seconds())


def reason(home: ClosedLoop, name: str = "box") -> ReasonKey:
    """Return why a charger does what it does."""
    assert home.result is not None
    decision = home.result.decision(name)
    assert decision is not None
    return decision.reason.key


def test_starts_with_the_cheap_hours_when_they_suffice() -> None:
    """Plugged in in the evening, cheap from 02:00, ready by 07:00: full power from 02:00."""
    home = promised(
        loop(night(), mode=Mode.OFF_PEAK, site={"off_peak_windows": (NIGHT,)}),
        energy_wh=30_000.0,
    )
    home.outlook = expecting()
    home.off_peak = lambda now: off_peak((NIGHT,), now)

    run_until(home, TWO - timedelta(seconds=5))
    assert charged_wh(home) == 0.0
    assert reason(home) is ReasonKey.PLAN_WAITING

    run_until(home, TWO + timedelta(minutes=2))
    assert home.state.charger("box").orders.offer_a == 16.0

    run_until(home, TWO + timedelta(hours=4))
    assert charged_wh(home) >= 30_000.0
    assert home.tally.starts == 1


def test_any_mode_waits_for_the_cheap_hours() -> None:
    """On the sun alone, the promise takes what it needs of the cheap hours and no more."""
    home = promised(
        loop(night(), site={"off_peak_windows": (NIGHT,)}), energy_wh=30_000.0
    )
    home.outlook = expecting()

    run_until(home, TWO)
    assert charged_wh(home) == 0.0

    run_until(home, TWO + timedelta(hours=4))
    assert charged_wh(home) == pytest.approx(30_000.0, rel=0.03)
    assert home.tally.reasons["plan_cheap"] > 2.0 * 3600.0
    assert home.tally.commands <= 6
    assert home.tally.starts == 1


def test_starts_earlier_when_they_do_not() -> None:
    """55 kWh take five hours of full power: the cheap four are not enough."""
    home = promised(
        loop(night(), site={"off_peak_windows": (NIGHT,)}), energy_wh=52_000.0
    )
    home.outlook = expecting()

    run_until(home, SEVEN)

    assert charged_wh(home) >= 52_000.0
    assert home.tally.starts <= 2


@pytest.mark.parametrize("broken", [False, True])
def test_the_last_safe_moment_needs_no_plan(broken: bool) -> None:
    """Without an outlook, or with a planner that plans nothing, it is ready in time all the same."""
    home = promised(loop(night()), energy_wh=22_000.0)
    if broken:
        home.outlook = expecting()
        home.broken = {"planner"}

    run_until(home, SEVEN - timedelta(hours=3))
    assert charged_wh(home) == 0.0

    run_until(home, SEVEN)
    assert charged_wh(home) >= 22_000.0
    assert home.tally.reasons.get("plan_late", 0.0) > 3600.0
    assert home.tally.starts == 1


def test_a_state_of_charge_is_reached() -> None:
    """80 % by seven from 30 % of 60 kWh, losses and taper of the car included."""
    car = replace(BIG, soc=0.3, capacity_wh=60_000.0)
    home = night(wallboxes=(WallboxConfig(name="box", car=car),))
    site = {
        "vehicles": (Vehicle(id="car", capacity_wh=60_000.0, default_charger_id="box"),)
    }
    run = promised(loop(home, site=site), soc=80.0)
    run.outlook = expecting(lambda at: 0.2 if at.hour < 4 else 0.3)

    run_until(run, SEVEN)

    box = run.house.wallboxes[0]
    assert box.car is not None
    assert 0.795 <= box.car.soc <= 0.82


def test_two_cars_behind_one_fuse_are_both_ready() -> None:
    """Each alone could wait for the cheap hours; together they need more than these carry."""
    boxes = tuple(WallboxConfig(name=name, car=BIG) for name in ("left", "right"))
    home = ClosedLoop(
        house=night(wallboxes=boxes),
        site=replace(
            loop(night()).site,
            fuse_a=25.0,
            chargers=tuple(Charger(id=box.name, mode=Mode.SOLAR) for box in boxes),
            off_peak_windows=(NIGHT,),
        ),
    )
    home.outlook = expecting()
    for name in ("left", "right"):
        promised(home, name, energy_wh=36_000.0)

    run_until(home, SEVEN)

    assert charged_wh(home, "left") >= 36_000.0
    assert charged_wh(home, "right") >= 36_000.0
    assert home.house.fuse.theta_max < 0.9


@pytest.mark.parametrize(("cheap_hours", "soc"), [(8, 0.80), (0, 0.50), (2, 0.63)])
def test_two_targets_by_price(cheap_hours: int, soc: float) -> None:
    """80 % below 0.15/kWh, otherwise 50 %: both branches, and a mix where cheap hours run out."""
    car = replace(BIG, soc=0.3, capacity_wh=60_000.0)
    home = night(wallboxes=(WallboxConfig(name="box", car=car),))
    site = {
        "vehicles": (Vehicle(id="car", capacity_wh=60_000.0, default_charger_id="box"),)
    }
    run = promised(
        loop(home, site=site), soc=50.0, below_limit_soc=80.0, price_limit=0.15
    )
    run.outlook = expecting(
        lambda at: 0.10 if at.day == SEVEN.day and at.hour < cheap_hours else 0.30
    )

    run_until(run, SEVEN)

    box = run.house.wallboxes[0]
    assert box.car is not None
    assert box.car.soc == pytest.approx(soc, abs=0.02)


def test_it_is_charged_once() -> None:
    """A kept promise asks for nothing more, whatever is cheap then."""
    home = promised(loop(night()), energy_wh=5000.0)
    home.outlook = expecting(lambda at: 0.1 if at.hour in (23, 3) else 0.3)

    run_until(home, SEVEN)

    assert charged_wh(home) == pytest.approx(5000.0, abs=250.0)
