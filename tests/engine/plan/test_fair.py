"""Who goes short where not all can be met: by priority, and then each of its need the same part."""

import pytest

from custom_components.ampacity.engine.plan import PlanCar, Problem, Slot, solve
from custom_components.ampacity.engine.plan.convex import flow
from custom_components.ampacity.engine.plan.worth import can_take

from .instances import problem

PART = 1.0 / 32.0


def tight(
    *cars: tuple[float, int], min_w: float = 0.0, stop: int | None = None
) -> Problem:
    """Return two hours of 5 kW for cars with needs in Wh and priorities; one may have to leave before."""
    return Problem(
        slots=tuple(Slot(import_price=0.3, room_w=5000.0) for _ in range(8)),
        cars=tuple(
            PlanCar(
                id=str(number),
                firm_wh=firm_wh,
                max_w=5000.0,
                min_w=min_w,
                stop=stop if number == 0 else None,
                priority=priority,
            )
            for number, (firm_wh, priority) in enumerate(cars)
        ),
        start_cost=0.03 if min_w else 0.0,
    )


def given(asked: Problem) -> list[float]:
    """Return what each car gets, in Wh."""
    charges = solve(asked).charges
    return [charges[car.id].energy_wh for car in asked.cars]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (tight((10000.0, 2), (10000.0, 2)), [5000.0, 5000.0]),
        (tight((10000.0, 2), (30000.0, 2)), [2500.0, 7500.0]),
        (tight((8000.0, 2), (10000.0, 1)), [0.0, 10000.0]),
        (tight((8000.0, 1), (10000.0, 2)), [8000.0, 2000.0]),
        (tight((8000.0, 2), (4000.0, 1), (4000.0, 2)), [4000.0, 4000.0, 2000.0]),
        (tight((10000.0, 2), (10000.0, 2), stop=2), [2500.0, 7500.0]),
        (tight((4000.0, 2), (5000.0, 2)), [4000.0, 5000.0]),
    ],
    ids=["equal", "by need", "second", "first", "three", "leaves before", "enough"],
)
def test_what_is_missing_is_shared(asked: Problem, expected: list[float]) -> None:
    """10 kWh for all of them, to the part of a need in which they are shared."""
    needs = [car.firm_wh for car in asked.cars]
    for got, wanted, need in zip(given(asked), expected, needs, strict=True):
        assert got == pytest.approx(wanted, abs=PART * need + 1.0)


@pytest.mark.parametrize(
    ("asked", "slots"),
    [
        (tight((10000.0, 2), (10000.0, 2), min_w=4140.0), (4, 4)),
        (tight((10000.0, 1), (10000.0, 2), min_w=4140.0), (8, 0)),
        (tight((10000.0, 2), (5000.0, 1), min_w=4140.0), (4, 4)),
    ],
    ids=["equal", "first", "second"],
)
def test_cars_that_take_turns_share_too(asked: Problem, slots: tuple[int, int]) -> None:
    """Only one of two can charge at a time: a slot has 1.25 kWh."""
    assert given(asked) == pytest.approx([1250.0 * count for count in slots], abs=1.0)


@pytest.mark.parametrize("seed", range(40))
def test_nobody_could_take_from_who_lacks_less(seed: int) -> None:
    """Nor is more missing in all than where nobody looks who lacks it."""
    asked = problem(seed)
    net, unmet = flow(asked, fair=True)
    assert sum(unmet) == pytest.approx(sum(flow(asked)[1]), abs=0.01)
    parts = [
        lacks / car.firm_wh if car.firm_wh > 0.0 else 0.0
        for lacks, car in zip(unmet, asked.cars, strict=True)
    ]
    for taker, lacks in enumerate(parts):
        for giver, other in enumerate(parts):
            if lacks > other + 1.5 * PART:
                assert not can_take(net, giver, taker)
