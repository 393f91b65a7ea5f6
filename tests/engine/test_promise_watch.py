"""Promises over time: which one is on, and what ends it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.model import ChargerStatus, Mode
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import set_promise
from custom_components.ampacity.engine.result import EventKind
from custom_components.ampacity.engine.state import Orders
from custom_components.ampacity.engine.vehicle import Vehicle

from .driver import Driver, car
from .night import ALWAYS, AWAY, Night, at, daily

# --- which one is on --------------------------------------------------------------------------


def test_nothing_promised_nothing_on() -> None:
    """And nothing is told."""
    night = Night()
    assert night.look() is None
    assert night.told == []


@pytest.mark.parametrize(
    ("promised", "settings", "vehicle", "soc", "energy_wh"),
    [
        ({"soc": 60.0}, {"target_soc": 90.0}, True, 60.0, None),
        ({"energy_wh": 5000.0}, {"target_soc": 90.0}, True, None, 5000.0),
        ({}, {"target_soc": 90.0, "target_energy_wh": 1.0}, True, 90.0, None),
        ({}, {"target_energy_wh": 7000.0}, True, None, 7000.0),
        ({}, {}, True, 70.0, None),
        ({}, {}, False, 100.0, None),
    ],
)
def test_amount(
    promised: dict[str, Any],
    settings: dict[str, Any],
    vehicle: bool,
    soc: float | None,
    energy_wh: float | None,
) -> None:
    """What the promise names, else the charger's target, else the car's, else a full car."""
    usual = Vehicle(id="zoe", target_soc=70.0, default_charger_id="a")
    night = Night(settings=settings, vehicles=(usual,) if vehicle else ())
    night.promise("2026-11-23T07:00", **({"energy_wh": None} | promised))
    assert (night.on().soc, night.on().energy_wh) == (soc, energy_wh)


def test_next_comes_first_and_the_larger_later_one_is_not_lost() -> None:
    """Once the first is met, the second is on; and once that is met, nothing is charged."""
    night = Night()
    night.promise("2026-11-23T12:00", "large", energy_wh=30_000.0)
    night.promise("2026-11-23T07:00", "small", energy_wh=5_000.0)
    assert night.due() == at("2026-11-23T07:00")
    night.charge(6_000.0)
    night.look()
    assert night.due() == at("2026-11-23T12:00")
    assert not night.on().met
    night.look("2026-11-23T08:00")
    assert set(night.promises) == {"large"}
    night.charge(31_000.0)
    assert night.on().met
    assert night.kinds == [EventKind.PLAN_MET, EventKind.PLAN_MET]


def test_of_two_at_the_same_time_the_larger() -> None:
    """The smaller is in it."""
    night = Night()
    night.promise("2026-11-23T07:00", "small", energy_wh=None, soc=50.0)
    night.promise("2026-11-23T07:00", "large", energy_wh=None, soc=80.0)
    assert night.on().promise_id == "large"


# --- what ends it -----------------------------------------------------------------------------


def test_met_is_not_charged_again() -> None:
    """It stays met until its time; then the next day's is on."""
    night = daily()
    night.charge(10_500.0)
    assert night.on().met
    night.look("2026-11-23T06:59")
    assert (night.due(), night.on().met) == (at("2026-11-23T07:00"), True)
    night.look("2026-11-23T07:00")
    assert night.due() == at("2026-11-24T07:00")
    assert night.kinds == [EventKind.PLAN_MET]


def test_met_and_gone_is_over() -> None:
    """Back again before its time, it is the next one that counts."""
    night = daily()
    night.charge(10_500.0)
    night.leave("2026-11-23T06:30")
    assert night.due() == at("2026-11-24T07:00")
    night.come("2026-11-23T06:40")
    assert night.due() == at("2026-11-24T07:00")


def test_met_without_charging_is_open_again_once_the_car_leaves() -> None:
    """It had enough in the evening; it comes back later with less."""
    night = Night(soc=85.0, status=AWAY)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=80.0)
    night.come()
    assert night.on().met
    assert night.kinds == [EventKind.PLAN_MET]
    night.leave("2026-11-22T19:00")
    assert not night.on().met
    night.soc = 40.0
    night.come("2026-11-22T22:00")
    assert (night.due(), night.on().met) == (at("2026-11-23T07:00"), False)


@pytest.mark.parametrize(
    ("soc", "is_open"), [(62.0, True), (76.0, True), (78.0, False)]
)
def test_car_that_told_an_old_charge_level_when_it_came(
    soc: float, is_open: bool
) -> None:
    """Some minutes later it says that it has less; a little less is none of our business."""
    night = Night(soc=80.0, status=AWAY)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=80.0)
    night.come()
    assert night.on().met
    night.wait(10)
    night.soc = soc
    night.look()
    assert night.on().met is not is_open
    assert night.kinds == [EventKind.PLAN_MET]


def test_what_was_charged_and_is_used_again_is_not_charged_again() -> None:
    """Met is met, even if the car is heated afterwards."""
    night = Night(soc=70.0)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=80.0)
    night.charge(8_000.0)
    night.soc = 80.0
    night.look()
    assert night.on().met
    night.soc = 70.0
    night.look()
    assert night.on().met


def test_car_that_refuses_is_not_asked_again_and_again() -> None:
    """Its own limit is below the promise; how full it is has nothing to do with it."""
    night = Night(soc=70.0)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=80.0)
    night.charge(0.0)
    held = replace(night.state.charger("a"), take_w=0.0)
    night.state = night.state.with_charger("a", held)
    night.status = ChargerStatus.FINISHED
    night.wait(10)
    assert night.on().met
    night.status = ChargerStatus.PAUSED
    night.wait(10)
    assert night.on().met


def test_what_is_there_when_it_is_promised_is_told_to_nobody() -> None:
    """Day after day at home: no message each morning."""
    night = Night(soc=85.0)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=80.0, repeat=ALWAYS)
    for day in range(23, 27):
        night.look(f"2026-11-{day}T07:00")
        assert night.on().met
    assert night.kinds == []


def test_gone_before_its_time_and_back_the_same_goes_on() -> None:
    """Half of it was charged, and the car comes back."""
    night = daily()
    night.charge(5_000.0)
    night.leave("2026-11-22T22:00")
    assert night.due() == at("2026-11-23T07:00")
    night.come("2026-11-22T23:00")
    assert night.due() == at("2026-11-23T07:00")
    assert not night.on().met


@pytest.mark.parametrize("repeat", [ALWAYS, frozenset()])
def test_its_time_passed_while_the_car_was_away(repeat: frozenset[int]) -> None:
    """The next counts; a single one is forgotten."""
    night = Night()
    night.promise("2026-11-23T07:00", repeat=repeat)
    night.leave("2026-11-23T06:00")
    night.look("2026-11-23T07:00")
    night.come("2026-11-23T08:00")
    if repeat:
        assert night.due() == at("2026-11-24T07:00")
    else:
        assert night.goal is None
        assert night.promises == {}


@pytest.mark.parametrize(
    "status", [ChargerStatus.PAUSED, ChargerStatus.OFFLINE, ChargerStatus.ERROR]
)
def test_late_while_plugged_in_goes_on_until_met(status: ChargerStatus) -> None:
    """Also while the charger is silent for a while."""
    night = Night()
    night.promise("2026-11-23T07:00")
    night.status = status
    night.look("2026-11-23T07:00")
    night.look("2026-11-23T09:00")
    assert night.due() == at("2026-11-23T07:00")
    night.status = ChargerStatus.CHARGING
    night.charge(10_100.0)
    night.look()
    assert night.goal is None
    assert night.promises == {}
    assert night.kinds == [EventKind.PLAN_MET]


def test_late_for_days_is_late_for_the_last_one() -> None:
    """Not for each of them, one after the other."""
    night = daily()
    night.look("2026-11-26T09:00")
    assert night.due() == at("2026-11-26T07:00")
    night.charge(10_100.0)
    night.look()
    assert night.due() == at("2026-11-27T07:00")


def test_unplugged_while_late_ends_it() -> None:
    """Whoever drives off has what there is."""
    night = daily()
    night.look("2026-11-23T08:00")
    assert night.due() == at("2026-11-23T07:00")
    night.leave("2026-11-23T08:10")
    assert night.due() == at("2026-11-24T07:00")


@pytest.mark.parametrize(
    ("charged_wh", "minutes", "met"),
    [(0.0, 3, False), (0.0, 6, True), (9_500.0, 2, True)],
)
def test_car_that_says_that_it_is_finished(
    charged_wh: float, minutes: float, met: bool
) -> None:
    """One that never began is asked for longer, as it may sleep."""
    night = Night(status=ChargerStatus.FINISHED)
    night.promise("2026-11-23T07:00")
    if charged_wh:
        night.charge(charged_wh)
    held = night.state.charger("a")
    raised_s = night.state.clock_s
    orders = Orders(offer_a=16.0, raised_s=raised_s)
    held = replace(held, orders=orders, take_w=0.0)
    night.state = night.state.with_charger("a", held)
    night.wait(minutes)
    assert night.on().met is met


def test_finished_while_nothing_is_offered_says_nothing() -> None:
    """It waits for the night, and its charger calls that finished."""
    night = Night(status=ChargerStatus.FINISHED)
    night.promise("2026-11-23T07:00")
    night.wait(20)
    assert not night.on().met


def test_car_with_a_limit_of_its_own() -> None:
    """It stops long before what was promised: over, and told."""
    night = Night(status=ChargerStatus.CHARGING)
    night.promise("2026-11-23T07:00", energy_wh=20_000.0)
    night.charge(12_000.0)
    night.status = ChargerStatus.FINISHED
    held = replace(night.state.charger("a"), take_w=0.0)
    night.state = night.state.with_charger("a", held)
    night.wait(3)
    assert night.on().met
    assert night.kinds == [EventKind.PLAN_AT_RISK]
    outcome = night.told[0].outcome
    assert outcome is not None
    assert outcome.unmet_wh == pytest.approx(8_000.0)


@pytest.mark.parametrize("status", [AWAY, ChargerStatus.PAUSED])
def test_target_of_the_usual_car_is_known_before_it_comes(
    status: ChargerStatus,
) -> None:
    """So a person sees what is planned."""
    usual = Vehicle(id="zoe", target_soc=70.0, default_charger_id="a")
    night = Night(status=status, vehicles=(usual,))
    night.promise("2026-11-23T07:00", energy_wh=None)
    assert night.on().soc == 70.0


# --- always -----------------------------------------------------------------------------------


@given(
    ready_by=st.datetimes(
        datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC)
    ),
    repeats=st.lists(st.frozensets(st.integers(0, 6)), min_size=1, max_size=3),
    steps=st.lists(
        st.tuples(st.timedeltas(timedelta(0), timedelta(days=3)), st.booleans()),
        min_size=1,
        max_size=8,
    ),
)
def test_goal_is_ahead_or_late_with_the_car_there(
    ready_by: datetime,
    repeats: list[frozenset[int]],
    steps: list[tuple[timedelta, bool]],
) -> None:
    """Whatever comes and goes, and whenever."""
    night = Night(now=ready_by - timedelta(hours=10))
    for number, repeat in enumerate(repeats):
        one = Promise(id=str(number), ready_by=ready_by, soc=80.0, repeat=repeat)
        night.state = set_promise(night.state, "a", one)
    for passed, away in steps:
        night.now += passed
        night.status = AWAY if away else ChargerStatus.PAUSED
        goal = night.look()
        assert goal is not None or not any(repeats)
        if goal is not None:
            assert goal.ready_by > night.now or not away


def test_part_of_every_decision() -> None:
    """A car that charges anyway meets its promise, and that is told."""
    house = Driver(car(mode=Mode.FAST))
    ready_by = house.now + timedelta(hours=3)
    promised = Promise(id="one", ready_by=ready_by, energy_wh=3_000.0)
    house.state = set_promise(house.state, "a", promised)
    house.run(600)
    assert house.of().goal is not None
    house.run(900)
    assert house.kinds().count(EventKind.PLAN_MET) == 1
    house.run(9_600)
    assert house.of().goal is None
    assert house.of().promises == ()


def test_only_what_is_cheap_was_promised_and_its_time_has_come() -> None:
    """It never got cheap enough: over, and nobody is told that it is met."""
    night = Night()
    night.promise("2026-11-23T07:00", price_limit=0.1)
    assert night.look("2026-11-23T06:59") is not None
    night.look("2026-11-23T07:00")
    night.look()
    assert night.goal is None
    assert night.promises == {}
    assert night.kinds == []


def test_full_car_of_which_nothing_is_known_waits_for_its_time() -> None:
    """It says that it is finished, which may be its sleep; at its time it is believed."""
    night = Night(status=ChargerStatus.FINISHED)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=100.0)
    night.wait(2)
    assert not night.on().met
    night.look("2026-11-23T07:00")
    assert night.look() is None
    assert night.kinds == []
