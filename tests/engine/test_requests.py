"""Boosts and caps, from the request to the end."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.ampacity.engine import EventKind
from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import Charger, ChargerStatus, Mode
from custom_components.ampacity.engine.requests import (
    clear_cap,
    set_cap,
    start_boost,
    stop_boost,
)
from custom_components.ampacity.engine.state import Boost, Cap

from .driver import VOLT, Driver, car


def boosted(boost: Boost, **settings: Any) -> Driver:
    """Return a house without sun whose car has been boosted for a minute."""
    house = Driver(car(mode=Mode.SOLAR, **settings))
    house.run(120)
    assert house.offer() == 0.0
    house.state = start_boost(house.state, "a", boost)
    house.run(60)
    return house


def test_boost_by_duration_ends_by_itself() -> None:
    """Ten minutes of full current, then it waits for the sun again at once."""
    house = boosted(Boost(remaining_s=600.0))
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.BOOST)
    assert house.decision().reason.until == house.now + timedelta(seconds=540)
    house.run(530)
    assert house.offer() == 16.0
    house.run(20)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.SOLAR_WAITING)
    assert house.kinds().count(EventKind.BOOST_ENDED) == 1


def test_boost_by_energy_ends_by_itself() -> None:
    """2 kWh at 11 kW take 11 minutes."""
    house = boosted(Boost(energy_wh=2000.0))
    reason = house.decision().reason
    assert reason.key is ReasonKey.BOOST_ENERGY
    assert 0.0 < reason.values["energy_wh"] < 2000.0
    charged_wh = 0.0
    while house.of().boost is not None and charged_wh < 5000.0:
        house.tick()
        charged_wh = house.box.counter_wh or 0.0
    assert charged_wh == pytest.approx(2000.0, abs=60.0)
    assert house.kinds().count(EventKind.BOOST_ENDED) == 1


def test_boost_to_a_state_of_charge_ends_by_itself() -> None:
    """A sensor that is missing in between ends nothing."""
    house = boosted(Boost(soc=60.0))
    assert house.decision().reason.key is ReasonKey.BOOST_SOC
    assert house.decision().reason.values["soc"] == 60.0
    for soc in (55.0, 59.9, None, float("nan"), 59.9):
        house.box.soc = soc
        house.tick()
        assert house.offer() == 16.0
    house.box.soc = 60.0
    house.tick()
    assert house.of().boost is None
    assert house.offer() == 0.0


@pytest.mark.parametrize(
    ("wanted_a", "offer_a"), [(10.0, 10.0), (3.0, 6.0), (7.5, 7.0), (99.0, 16.0)]
)
def test_boost_at_a_current(wanted_a: float, offer_a: float) -> None:
    """What is wanted, as far as the charger can."""
    assert boosted(Boost(remaining_s=600.0, current_a=wanted_a)).offer() == offer_a


def test_boost_ends_with_whichever_end_comes_first() -> None:
    """A minute is shorter than 50 kWh."""
    house = boosted(Boost(remaining_s=90.0, energy_wh=50_000.0, soc=99.0))
    house.run(60)
    assert house.of().boost is None


@pytest.mark.parametrize("how", ["unplug", "finish", "stop"])
def test_boost_ends_with_the_car_or_by_the_user(how: str) -> None:
    """And is not there for the next car."""
    house = boosted(Boost(remaining_s=3600.0))
    if how == "unplug":
        house.box.plugged = False
    elif how == "finish":
        house.box.status = ChargerStatus.FINISHED
    else:
        house.state = stop_boost(house.state, "a")
    house.tick()
    assert house.of().boost is None
    house.box.status, house.box.plugged = None, True
    house.run(60)
    assert house.reason() is ReasonKey.SOLAR_WAITING
    told = EventKind.BOOST_ENDED in house.kinds()
    assert told is (how != "stop")


def test_boost_without_a_car_ends_at_once() -> None:
    """It is not kept for whoever comes."""
    house = Driver(car(mode=Mode.SOLAR))
    house.box.plugged = False
    house.tick()
    house.state = start_boost(house.state, "a", Boost(remaining_s=600.0))
    house.tick()
    assert house.of().boost is None
    assert EventKind.BOOST_ENDED in house.kinds()


def test_second_boost_replaces_the_first() -> None:
    """Two at once are one."""
    house = boosted(Boost(remaining_s=600.0))
    house.state = start_boost(house.state, "a", Boost(remaining_s=60.0, current_a=8.0))
    house.run(20)
    assert house.offer() == 8.0
    house.run(60)
    assert house.of().boost is None
    assert house.kinds().count(EventKind.BOOST_ENDED) == 1


def test_boost_of_minus_five_minutes_is_over() -> None:
    """It never charges."""
    house = Driver(car(mode=Mode.SOLAR))
    house.run(60)
    house.state = start_boost(house.state, "a", Boost(remaining_s=-300.0))
    house.tick()
    assert (house.offer(), house.of().boost) == (0.0, None)


def test_boost_stays_inside_the_fuse() -> None:
    """It is a wish, not a right."""
    house = boosted(Boost(remaining_s=600.0))
    house.house_a = [14.0, 1.0, 1.0]
    house.guard()
    assert (house.offer(), house.reason()) == (9.0, ReasonKey.FUSE)


# --- caps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cap", "settings", "offer_a"),
    [
        (Cap(current_a=10.0), {}, 10.0),
        (Cap(current_a=7.5), {}, 7.0),
        (Cap(current_a=7.5), {"min_a": 8.0}, 7.0),
        (Cap(power_w=4200.0), {}, 6.0),
        (Cap(power_w=4200.0), {"phases": 1, "phase_map": (0,), "max_a": 32.0}, 18.0),
        (Cap(current_a=40.0), {}, 16.0),
        (Cap(power_w=3000.0), {}, 0.0),
        (Cap(current_a=0.0), {}, 0.0),
    ],
)
def test_cap_on_a_charger(cap: Cap, settings: dict[str, Any], offer_a: float) -> None:
    """Down to what it can be set to, and steady there."""
    house = Driver(car(mode=Mode.FAST, **settings))
    house.run(120)
    house.state = set_cap(house.state, "a", cap)
    house.tick()
    assert house.offer() == offer_a
    told = len(house.box.commands)
    house.run(600)
    assert house.offer() == offer_a
    assert len(house.box.commands) == told
    expected = ReasonKey.LIMIT if offer_a else ReasonKey.LIMIT_PAUSED
    assert house.reason() is (ReasonKey.FAST if offer_a == 16.0 else expected)
    house.state = clear_cap(house.state, "a")
    house.run(200)
    assert house.offer() == min(22.0, house.site.chargers[0].max_a)


def test_cap_with_an_end_runs_out_and_says_when() -> None:
    """Ten minutes at 8 A."""
    house = Driver(car(mode=Mode.FAST))
    house.run(120)
    house.state = set_cap(house.state, "a", Cap(current_a=8.0, remaining_s=600.0))
    house.tick()
    reason = house.decision().reason
    assert (reason.key, reason.values["current_a"]) == (ReasonKey.LIMIT, 8.0)
    assert reason.until == house.now + timedelta(seconds=590)
    house.run(580)
    assert house.offer() == 8.0
    house.run(100)
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.FAST)


@pytest.mark.parametrize(
    ("cap", "offer_a", "reason"),
    [
        (Cap(current_a=12.0, remaining_s=600.0), 11.0, ReasonKey.LIMIT),
        (Cap(power_w=3 * VOLT * 9.0, remaining_s=600.0), 8.0, ReasonKey.LIMIT),
        (Cap(power_w=2000.0, remaining_s=600.0), 0.0, ReasonKey.LIMIT_PAUSED),
        (Cap(current_a=60.0, remaining_s=600.0), 16.0, ReasonKey.FAST),
    ],
)
def test_cap_on_the_site_counts_the_house(
    cap: Cap, offer_a: float, reason: ReasonKey
) -> None:
    """The house takes 1 A of each phase; own sun is not counted."""
    house = Driver(car(mode=Mode.FAST))
    house.run(120)
    house.state = set_cap(house.state, None, cap)
    house.guard()
    assert (house.offer(), house.reason()) == (offer_a, reason)
    if reason is not ReasonKey.FAST:
        assert house.decision().reason.until == house.now + timedelta(seconds=599)
    house.sun_w = 12_000.0
    house.run(300)
    assert house.offer() == 16.0
    house.sun_w = 0.0
    house.run(500)
    assert (house.offer(), house.state.cap) == (16.0, None)


def test_cap_on_the_site_is_shared() -> None:
    """20 A for two cars and a house of 2 A."""
    house = Driver(car("a", mode=Mode.FAST), car("b", mode=Mode.FAST), fuse_a=63.0)
    house.house_a = [2.0] * 3
    house.run(120)
    house.state = set_cap(house.state, None, Cap(current_a=20.0))
    house.guard()
    assert (house.offer("a"), house.offer("b")) == (9.0, 9.0)
    house.state = clear_cap(house.state, None)
    house.run(120)
    assert (house.offer("a"), house.offer("b")) == (16.0, 16.0)


def test_unknown_charger_gets_nothing() -> None:
    """Requests for a charger that is gone change no other."""
    house = Driver(car(mode=Mode.SOLAR))
    house.run(60)
    house.state = start_boost(house.state, "gone", Boost(remaining_s=600.0))
    house.state = set_cap(house.state, "gone", Cap(current_a=6.0))
    house.tick()
    assert (house.offer(), house.result.error) == (0.0, None)
    assert house.result.decision("gone") is None
    assert isinstance(house.site.chargers[0], Charger)
