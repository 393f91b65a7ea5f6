"""What must hold for any problem, whatever it is."""

from dataclasses import replace
from math import inf

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.plan import (
    Problem,
    Solution,
    cost_at_once,
    solve,
)

from .instances import problem
from .reference import objective

SEEDS = st.integers(min_value=0, max_value=10**6)
MANY = settings(max_examples=40, deadline=None)


def check_limits(asked: Problem, plan: Solution) -> None:
    """Assert that no power is beyond any limit, nor below the minimum."""
    for at, slot in enumerate(asked.slots):
        powers = {car.id: plan.charges[car.id].power_w(at) for car in asked.cars}
        sun = sum(charge.sun_w[at] for charge in plan.charges.values())
        assert sun <= slot.sun_w + 1e-3
        assert sum(powers.values()) <= slot.room_w + 1e-3
        for name, watts in slot.groups.items():
            members = [powers[car.id] for car in asked.cars if name in car.groups]
            assert sum(members) <= watts + 1e-3
        for car in asked.cars:
            stop = len(asked.slots) if car.stop is None else car.stop
            power = powers[car.id]
            assert power <= (car.cap_w(at) if car.first <= at < stop else 0.0) + 1e-3
            assert power <= 1e-3 or power >= car.min_w - 1e-3


def check_energy(asked: Problem, plan: Solution) -> None:
    """Assert that energy and what is missing add up, and that no more is taken than asked."""
    for car in asked.cars:
        charge = plan.charges[car.id]
        least = car.min_w * 0.25
        assert charge.energy_wh + charge.unmet_wh >= car.firm_wh - 0.01
        assert charge.energy_wh <= car.firm_wh + car.extra_wh + least + 0.01
        taken = sum(
            charge.power_w(at) * slot.hours for at, slot in enumerate(asked.slots)
        )
        assert taken == pytest.approx(charge.energy_wh, abs=0.01)


@MANY
@given(seed=SEEDS, minimum=st.booleans(), peak=st.booleans())
def test_limits_are_never_broken(seed: int, minimum: bool, peak: bool) -> None:
    """Neither those of the site nor those of a car."""
    asked = problem(seed, minimum=minimum, peak=peak)
    plan = solve(asked)
    check_limits(asked, plan)
    check_energy(asked, plan)


@pytest.mark.parametrize("seed", [4025, 4228, 4229])
def test_a_long_search_breaks_no_limit(seed: int) -> None:
    """Sites that are so tight that each change takes the room of the next one."""
    asked = problem(seed, minimum=True)
    plan = solve(asked)
    check_limits(asked, plan)
    check_energy(asked, plan)


@pytest.mark.parametrize("seed", [4019, 4068, 4072, 4084])
def test_cars_that_give_way_keep_to_whole_slots(seed: int) -> None:
    """The first slot has begun: nobody is on for it alone, nor pauses for it alone."""
    asked = problem(seed, minimum=True)
    plan = solve(asked)
    assert asked.slots[0].hours < 0.25
    for car in asked.cars:
        charge = plan.charges[car.id]
        now, then = charge.power_w(0) > 1.0, charge.power_w(1) > 1.0
        assert (now or not then) if car.charging else (then or not now)


@MANY
@given(seed=SEEDS, peak=st.booleans())
def test_more_room_never_costs_more(seed: int, peak: bool) -> None:
    """Without a minimum, where the plan is exact."""
    asked = problem(seed, peak=peak)
    wider = replace(
        asked,
        slots=tuple(
            replace(
                slot,
                room_w=slot.room_w + 1500.0,
                groups={name: watts + 1000.0 for name, watts in slot.groups.items()},
            )
            for slot in asked.slots
        ),
    )
    before, after = objective(asked, solve(asked)), objective(wider, solve(wider))
    assert after <= before + 1e-6 * max(1.0, abs(before))


@MANY
@given(seed=SEEDS)
def test_the_order_of_the_cars_does_not_matter(seed: int) -> None:
    """What it costs is the same, whoever comes first."""
    asked = problem(seed)
    turned = replace(asked, cars=asked.cars[::-1])
    assert objective(turned, solve(turned)) == pytest.approx(
        objective(asked, solve(asked)), rel=1e-6
    )


@MANY
@given(seed=SEEDS)
def test_one_car_charges_no_dearer_than_at_once(seed: int) -> None:
    """The plan for one car that can be served is the cheapest; charging at once is one plan."""
    asked = problem(seed)
    asked = replace(asked, cars=(replace(asked.cars[0], extra_wh=0.0),))
    plan = solve(asked)
    assert plan.cost <= cost_at_once(asked, plan)[asked.cars[0].id] + 1e-6


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, minimum=st.booleans())
def test_the_same_problem_has_the_same_plan(seed: int, minimum: bool) -> None:
    """Nothing is left to chance."""
    asked = problem(seed, minimum=minimum)
    assert solve(asked) == solve(asked)


@MANY
@given(seed=SEEDS, charging=st.booleans(), cheap_now=st.booleans())
def test_no_run_and_no_gap_is_shorter_than_a_slot(
    seed: int, charging: bool, cheap_now: bool
) -> None:
    """The first slot may have begun: who charges goes on through it, others wait for the next."""
    asked = problem(seed, minimum=True)
    prices = (0.01, 0.60) if cheap_now else (0.60, 0.01)
    head = [
        replace(
            slot,
            import_price=price,
            feed_in_price=0.0,
            room_w=inf,
            groups={},
            hours=hours,
        )
        for slot, price, hours in zip(asked.slots, prices, (0.1, 0.25), strict=False)
    ]
    car = replace(asked.cars[0], first=0, groups=(), caps_w=None, charging=charging)
    asked = replace(asked, slots=(*head, *asked.slots[2:]), cars=(car,))
    charge = solve(asked).charges[car.id]
    now, then = charge.power_w(0) > 1.0, charge.power_w(1) > 1.0
    if charging:
        assert now or not then
    else:
        assert then or not now
