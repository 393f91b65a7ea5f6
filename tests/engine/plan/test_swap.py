"""Two cars change roles: never worse, and fewer starts where cars take turns."""

import pytest

from custom_components.ampacity.engine.plan import PlanCar, Problem, Slot
from custom_components.ampacity.engine.plan.improve import one_by_one
from custom_components.ampacity.engine.plan.site import site_of
from custom_components.ampacity.engine.plan.swap import swap
from custom_components.ampacity.engine.plan.value import Plan, starts, value

from .instances import problem

TRIES = 50


def turns(first: int = 0) -> tuple[Problem, Plan]:
    """Return two cars, of which only one can charge at a time, and a plan by turns."""
    asked = Problem(
        slots=tuple(Slot(import_price=0.3, room_w=5000.0) for _ in range(8)),
        cars=tuple(
            PlanCar(
                id=str(number),
                firm_wh=5000.0,
                max_w=5000.0,
                min_w=4140.0,
                first=first * number,
            )
            for number in range(2)
        ),
        start_cost=0.03,
    )
    plan: Plan = [dict.fromkeys(range(number, 8, 2), 1250.0) for number in range(2)]
    return asked, plan


def count(asked: Problem, plan: Plan) -> list[int]:
    """Return how often each car starts."""
    return [starts(car, one) for car, one in zip(asked.cars, plan, strict=True)]


@pytest.mark.parametrize("first", [0, 1])
def test_cars_that_take_turns_start_less_often(first: int) -> None:
    """All energy is charged as before, one car at a time, and none before it can."""
    asked, plan = turns(first)
    found = swap(asked, None, site_of(asked), plan, TRIES)
    assert sum(count(asked, found)) <= sum(count(asked, plan)) // 2
    assert [sum(one.values()) for one in found] == pytest.approx([5000.0, 5000.0])
    assert not set(found[0]) & set(found[1])
    assert min(found[1]) >= first


def test_without_tries_the_plan_stays() -> None:
    """Nothing is shared anew."""
    asked, plan = turns()
    assert swap(asked, None, site_of(asked), plan, 0) is plan


@pytest.mark.parametrize("seed", [4317, 4406, 4464])
def test_the_plan_is_never_worse(seed: int) -> None:
    """Whatever is saved in starts is not lost in energy."""
    asked = problem(seed, minimum=True)
    plan = one_by_one(asked, range(len(asked.cars)), None)
    found = swap(asked, None, site_of(asked), plan, TRIES)
    assert value(asked, found) < value(asked, plan)
    assert sum(count(asked, found)) < sum(count(asked, plan))


def test_who_takes_over_gives_another_slot() -> None:
    """Each may have four slots, so that one more for one of them is one less at another place."""
    asked, _ = turns()
    on = ((0, 1, 3, 4), (2, 5, 6, 7))
    plan: Plan = [dict.fromkeys(slots, 1250.0) for slots in on]
    found = swap(asked, None, site_of(asked), plan, TRIES)
    assert [sorted(one) for one in found] == [[0, 1, 2, 3], [4, 5, 6, 7]]
