"""Planning again every few minutes: who follows a plan exactly starts as often as it said at first."""

from dataclasses import replace

import pytest

from custom_components.ampacity.engine.plan import PlanCar, Problem, Slot, solve

from .reference import starts

EVERY_H = 5.0 / 60.0
"""How long a plan is followed until the next is made."""
COUNT = 24
"""Slots."""


def tariff(kind: str, count: int = COUNT) -> list[float]:
    """Return prices of six hours."""
    if kind == "flat":
        return [0.30] * count
    if kind == "night":
        return [0.18 if 8 <= at < 20 else 0.32 for at in range(count)]
    return [0.20 + 0.01 * ((7 * (at // 4)) % 11) for at in range(count)]


def evening(kind: str, cars: int, room_w: float) -> Problem:
    """Return a night with some cars at three-phase chargers."""
    return Problem(
        slots=tuple(
            Slot(import_price=price, room_w=room_w, sun_w=2500.0 if at > 20 else 0.0)
            for at, price in enumerate(tariff(kind))
        ),
        cars=tuple(
            PlanCar(
                id=f"car{number}",
                firm_wh=5000.0 + 3000.0 * number,
                max_w=11040.0,
                min_w=4140.0,
                stop=COUNT - 2 * number,
            )
            for number in range(cars)
        ),
        start_cost=0.05,
    )


def later(asked: Problem, powers: dict[str, float]) -> Problem:
    """Return what is left to plan after the first minutes, all cars having followed the plan."""
    head = asked.slots[0]
    left_h = head.hours - EVERY_H
    is_over = left_h < 1e-6
    cars = [
        replace(
            car,
            firm_wh=max(0.0, car.firm_wh - powers[car.id] * EVERY_H),
            charging=powers[car.id] > 1.0,
            stop=None if car.stop is None else max(0, car.stop - is_over),
        )
        for car in asked.cars
    ]
    slots = (
        asked.slots[1:] if is_over else (replace(head, hours=left_h), *asked.slots[1:])
    )
    return replace(asked, slots=slots, cars=tuple(cars))


@pytest.mark.parametrize("kind", ["flat", "night", "hours"])
@pytest.mark.parametrize(
    ("cars", "room_w"),
    [
        pytest.param(1, 17000.0, id="one car"),
        pytest.param(3, 30000.0, id="three cars with room"),
        pytest.param(3, 11500.0, id="three cars that take turns"),
    ],
)
def test_nobody_starts_more_often_than_planned_first(
    kind: str, cars: int, room_w: float
) -> None:
    """Nor is anything missing in the end, nor dearer than it was planned."""
    asked = evening(kind, cars, room_w)
    first = solve(asked)
    planned = {
        car.id: starts(car, [first.charges[car.id].power_w(at) for at in range(COUNT)])
        for car in asked.cars
    }
    done = {car.id: 0 for car in asked.cars}
    cost = 0.0
    while asked.slots:
        plan = solve(asked)
        powers = {key: charge.power_w(0) for key, charge in plan.charges.items()}
        for car in asked.cars:
            done[car.id] += powers[car.id] > 1.0 and not car.charging
        slot = asked.slots[0]
        grid_w = max(0.0, sum(powers.values()) - slot.sun_w)
        cost += grid_w / 1000.0 * EVERY_H * slot.import_price
        asked = later(asked, powers)
    assert sum(car.firm_wh for car in asked.cars) < 1.0
    assert done == planned
    assert cost <= first.cost * 1.005 + 0.01
