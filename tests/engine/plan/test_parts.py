"""The parts of a plan, each on its own."""

from collections.abc import Callable
from itertools import product

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.plan.choice import Choice, choice, fit
from custom_components.ampacity.engine.plan.convex import flow
from custom_components.ampacity.engine.plan.peak import cheapest_cap
from custom_components.ampacity.engine.plan.problem import PlanCar, Problem, Slot
from custom_components.ampacity.engine.plan.runs import Runs
from custom_components.ampacity.engine.plan.worth import car_worth, slot_worth


@pytest.mark.parametrize(
    ("first", "energy", "expected"),
    [
        (0.0, 100.0, 30.0),
        (50.0, 100.0, 20.0),
        (150.0, 100.0, 10.0),
        (150.0, 200.0, 30.0),
        (500.0, 300.0, 30.0),
    ],
)
def test_a_slot_costs_sun_first(first: float, energy: float, expected: float) -> None:
    """Sun at 0.1, grid at 0.3, from 100 to 300 Wh."""
    assert choice(0, (0.1, 0.3), first, 100.0, 300.0).cost(energy) == pytest.approx(
        expected
    )


def test_energy_goes_to_the_cheap_and_then_to_the_late() -> None:
    """Each slot has its minimum before any has more."""
    slots = [
        choice(at, (0.0, price), 0.0, 100.0, 300.0)
        for at, price in enumerate((2.0, 1.0, 1.0))
    ]
    assert fit(slots, 550.0).energies == {0: 100.0, 1: 150.0, 2: 300.0}
    assert fit(slots, 50.0).energies == {0: 100.0, 1: 100.0, 2: 100.0}


@settings(max_examples=60, deadline=None)
@given(
    prices=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=7),
    missing=st.sets(st.integers(0, 6)),
    worth=st.floats(0.0, 1.5),
    charging=st.booleans(),
)
def test_the_best_runs_are_the_best_of_all(
    prices: list[float], missing: set[int], worth: float, charging: bool
) -> None:
    """Against all combinations, with slots in which the car cannot charge."""
    slots: list[Choice] = [
        choice(at, (price, price), 0.0, 1.0, 3.0)
        for at, price in enumerate(prices)
        if at not in missing
    ]
    runs = Runs(choices=slots, start_cost=0.4, charging=charging)
    best = 0.0
    for on in product((False, True), repeat=len(slots)):
        chosen = [position for position, is_on in enumerate(on) if is_on]
        gain = sum(
            max(worth * energy - slots[at].cost(energy) for energy in (1.0, 3.0))
            for at in chosen
        )
        best = max(best, gain - 0.4 * runs.starts(chosen))
    found = runs.best(worth)
    assert worth * found.energy - found.cost == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        (lambda cap: abs(cap - 4321.0), 4321.0),
        (lambda cap: cap, 1000.0),
        (lambda cap: -cap, 9000.0),
        (
            lambda cap: max(5000.0 - cap, 0.0) * 2 + cap / 2 + max(3000.0 - cap, 0.0),
            5000.0,
        ),
        (
            lambda cap: max(
                8000.0 - 3 * cap, 4000.0 - cap, 3000.0 - cap / 2, cap - 3000.0
            ),
            4000.0,
        ),
    ],
)
def test_the_cheapest_cap(cost: Callable[[float], float], expected: float) -> None:
    """The minimum of a convex cost of straight pieces."""
    assert cheapest_cap(cost, 1000.0, 9000.0) == pytest.approx(expected, abs=0.05)


def test_what_a_wh_is_worth() -> None:
    """A full cheap hour is worth what the next one costs to the car that would have to move."""
    slots = tuple(
        Slot(import_price=price, hours=1.0, room_w=4000.0) for price in (0.1, 0.3, 0.5)
    )
    cars = (
        PlanCar(id="a", firm_wh=4000.0, max_w=4000.0),
        PlanCar(id="b", firm_wh=4000.0, max_w=4000.0, stop=1),
    )
    asked = Problem(slots=slots, cars=cars)
    net, unmet = flow(asked)
    worth = car_worth(net, unmet, 99.0)
    assert net.used[1] == [4000.0, 0.0, 0.0]
    assert worth == [0.5, 99.0]
    assert slot_worth(asked, net, worth)[0] == [99.0, 0.5, 0.5]
