"""How full a car is: read, carried on, contradicted, learned from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf, nan

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.model import Fault, Reading
from custom_components.ampacity.engine.vehicle import Vehicle, VehicleMemory
from custom_components.ampacity.engine.vehicle_soc import (
    EFFICIENCIES,
    added,
    at_rest,
    believable,
    plugged_in,
)

from .driver import NOON

CAR = Vehicle(id="car", capacity_wh=50_000.0)
START = VehicleMemory(efficiency=0.9)
PERCENT_WH = 500.0 / 0.9
"""What the charger measures for one percent of the tests' car."""
UNTOLD = Reading(fault=Fault.MISSING)


class Charge:
    """A car that charges while its integration says what it likes."""

    def __init__(self, soc: float = 50.0, vehicle: Vehicle = CAR) -> None:
        """Plug it in at a charge level that it tells."""
        self.vehicle, self.now = vehicle, NOON
        self.memory = at_rest(vehicle, START, Reading(value=soc), self.now)

    def go(
        self,
        percent: float,
        says: float | None = None,
        *,
        minutes: float = 5.0,
        age_s: float = 0.0,
    ) -> VehicleMemory:
        """Charge so much by the charger's meter, then let the car say something, or nothing."""
        self.now += timedelta(minutes=minutes)
        self.memory = added(self.memory, percent * PERCENT_WH)
        reading = UNTOLD if says is None else Reading(value=says, age_s=age_s)
        self.memory = plugged_in(self.vehicle, self.memory, reading, self.now)
        return self.memory


@pytest.mark.parametrize(
    ("reading", "before", "is_so"),
    [
        (Reading(value=55.0), 50.0, True),
        (Reading(value=100.0), None, True),
        (Reading(value=100.1), 50.0, False),
        (Reading(value=-1.0), 50.0, False),
        (Reading(value=255.0), None, False),
        (Reading(value=nan), 50.0, False),
        (Reading(value=inf), 50.0, False),
        (UNTOLD, 50.0, False),
        (None, 50.0, False),
        (Reading(value=0.0), 50.0, False),
        (Reading(value=0.0), None, False),
        (Reading(value=0.0), 3.0, True),
        (Reading(value=60.0, age_s=90_000.0), 50.0, True),
        (Reading(value=60.0, age_s=-30.0), 50.0, True),
    ],
)
def test_what_is_believed(
    reading: Reading | None, before: float | None, is_so: bool
) -> None:
    """Only a percentage is one, and no car falls to 0 at once."""
    assert believable(reading, before) is is_so


def test_reading_is_carried_on() -> None:
    """What is charged since a reading is added, with the efficiency, until there is a new one."""
    charge = Charge(50.0)
    assert charge.memory.soc == 50.0
    assert not charge.memory.is_estimate
    memory = charge.go(3.0)
    assert memory.soc == pytest.approx(53.0)
    assert memory.is_estimate
    memory = charge.go(1.0, 54.0)
    assert memory.soc == 54.0
    assert not memory.is_estimate


def test_late_reading_is_carried_on() -> None:
    """An integration that goes on to report the old value does not hold the estimate back."""
    charge = Charge(50.0)
    for _ in range(4):
        memory = charge.go(2.0, 50.0)
    assert memory.soc == pytest.approx(58.0)
    assert not memory.contradicted
    memory = charge.go(2.0, 60.0)
    assert (memory.soc, memory.contradicted) == (60.0, False)


@pytest.mark.parametrize(
    ("says", "contradicted", "soc"),
    [(56.0, False, 56.0), (65.0, False, 65.0), (54.0, True, 54.0), (66.5, True, 60.0)],
)
def test_contradiction(says: float, contradicted: bool, soc: float) -> None:
    """A reading more than five points beside what was charged is told, the lower one used."""
    memory = Charge(50.0).go(10.0, says)
    assert memory.contradicted is contradicted
    assert memory.soc == pytest.approx(soc)


def test_value_that_never_changes_contradicts() -> None:
    """A value that is still reported after half an hour of charging is meant."""
    charge = Charge(50.0)
    for _ in range(5):
        assert not charge.go(3.0, 50.0).contradicted
    memory = charge.go(3.0, 50.0, minutes=10)
    assert memory.contradicted
    assert memory.soc == pytest.approx(50.0)


def test_contradiction_is_over_when_they_agree() -> None:
    """It takes a little more than to be at the edge."""
    charge = Charge(50.0)
    assert charge.go(10.0, 54.0).contradicted
    assert charge.go(0.0, 55.5).contradicted
    assert not charge.go(0.0, 58.0).contradicted
    assert charge.memory.soc == 58.0


def test_contradiction_that_builds_up_slowly() -> None:
    """Many small steps that are each a little too small are found out all the same."""
    charge = Charge(50.0)
    found = [charge.go(2.0, 50.0 + n).contradicted for n in range(1, 12)]
    assert not found[0]
    assert found[-1]


def test_lower_one_goes_on_with_what_is_charged() -> None:
    """While they are apart, what is charged still counts, from the lower one on."""
    charge = Charge(50.0)
    charge.go(10.0, 54.0)
    assert charge.go(2.0).soc == pytest.approx(56.0)


def test_nothing_is_contradicted_before_anything_is_charged() -> None:
    """A parked car may lose some, and a car without a capacity is believed."""
    assert not Charge(50.0).go(0.0, 40.0).contradicted
    charge = Charge(50.0, replace(CAR, capacity_wh=None))
    memory = charge.go(20.0, 51.0)
    assert (memory.soc, memory.contradicted) == (51.0, False)
    assert charge.go(5.0).soc == 51.0


@pytest.mark.parametrize("says", [None, -5.0, 101.0, 0.0, nan])
def test_nonsense_is_left_out(says: float | None) -> None:
    """The estimate goes on as if nothing had been said."""
    memory = Charge(50.0).go(10.0, says)
    assert memory.soc == pytest.approx(60.0)
    assert not memory.contradicted


def test_first_word_during_the_charge() -> None:
    """A car that says something only once it charges is known from then on."""
    memory = added(START, 3000.0)
    memory = plugged_in(CAR, memory, UNTOLD, NOON)
    assert memory.soc is None
    memory = plugged_in(CAR, memory, Reading(value=40.0), NOON)
    assert (memory.soc, memory.added_wh) == (40.0, 3000.0)


@pytest.mark.parametrize(
    ("away", "soc"), [(timedelta(minutes=5), 60.0), (timedelta(hours=1), None)]
)
def test_silent_car_is_unknown_after_a_drive(
    away: timedelta, soc: float | None
) -> None:
    """It keeps its estimate only through a short unplugging."""
    memory = replace(Charge(50.0).go(10.0), left_at=NOON)
    memory = at_rest(CAR, memory, None, NOON + away)
    assert memory.soc == (None if soc is None else pytest.approx(soc))


def test_car_that_drives_says_so() -> None:
    """Away from the charger its own word counts, up and down."""
    memory = replace(Charge(50.0).go(10.0), left_at=NOON)
    later = NOON + timedelta(hours=3)
    memory = at_rest(CAR, memory, Reading(value=35.0, age_s=60.0), later)
    assert (memory.soc, memory.is_estimate) == (35.0, False)
    assert memory.soc_at == later - timedelta(minutes=1)


def learned(efficiency: float, soc: float = 20.0) -> VehicleMemory:
    """Charge a car of this efficiency up to 80 %, which tells every whole percent."""
    charge = Charge(soc)
    while charge.memory.soc is not None and charge.memory.soc < 80.0:
        before = charge.memory.soc
        charge.go(0.9 / efficiency, float(round(before) + 1))
    return charge.memory


@pytest.mark.parametrize("true", [0.80, 0.85, 0.93])
def test_efficiency_is_learned(true: float) -> None:
    """The car's own readings over a session show it."""
    memory = learned(true)
    assert memory.lessons == 2
    assert abs(memory.efficiency - true) < 0.4 * abs(0.9 - true)
    assert not memory.contradicted


@pytest.mark.parametrize("true", [0.70, 1.0])
def test_efficiency_has_bounds(true: float) -> None:
    """Whatever the readings say, it stays what a car can have."""
    assert EFFICIENCIES[0] <= learned(true).efficiency <= EFFICIENCIES[1]


def test_wrong_capacity_teaches_nothing() -> None:
    """Far from what can be, it is not the efficiency."""
    assert learned(0.5).lessons == 0


def test_few_percent_teach_nothing() -> None:
    """The last digit would weigh too much."""
    assert learned(0.8, soc=65.0).lessons == 0


STEP = st.tuples(
    st.floats(0.0, 5000.0),
    st.none() | st.floats(-10.0, 120.0),
    st.floats(0.0, 4000.0),
)


@given(steps=st.lists(STEP, max_size=30), capacity_wh=st.floats(5000.0, 120_000.0))
@settings(max_examples=200, deadline=None)
def test_estimate_stays_a_percentage(
    steps: Sequence[tuple[float, float | None, float]], capacity_wh: float
) -> None:
    """Whatever is charged and said, it is from 0 to 100, and the efficiency one of a car."""
    vehicle = replace(CAR, capacity_wh=capacity_wh)
    memory, now = START, NOON
    for energy_wh, says, age_s in steps:
        now += timedelta(minutes=5)
        reading = UNTOLD if says is None else Reading(value=says, age_s=age_s)
        memory = plugged_in(vehicle, added(memory, energy_wh), reading, now)
        assert memory.soc is None or 0.0 <= memory.soc <= 100.0
        assert EFFICIENCIES[0] <= memory.efficiency <= EFFICIENCIES[1]


@given(parts=st.lists(st.floats(0.0, 3000.0), max_size=20))
@settings(max_examples=100, deadline=None)
def test_estimate_only_rises_while_charging(parts: Sequence[float]) -> None:
    """Without a word from the car it never falls."""
    memory = at_rest(CAR, START, Reading(value=30.0), NOON)
    socs: list[float] = []
    now: datetime = NOON
    for energy_wh in parts:
        now += timedelta(minutes=1)
        memory = plugged_in(CAR, added(memory, energy_wh), UNTOLD, now)
        socs.append(memory.soc or 0.0)
    assert socs == sorted(socs)
