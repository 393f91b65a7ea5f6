"""Plans that a person can check: eight slots of an hour, prices in cents."""

from dataclasses import replace
from math import inf
from typing import Any

import pytest

from custom_components.ampacity.engine.plan import (
    Peak,
    PlanCar,
    Problem,
    Slot,
    Solution,
    cost_at_once,
    solve,
)


def hours(*cents: float, sun: tuple[float, ...] = (), **rest: Any) -> tuple[Slot, ...]:
    """Return slots of one hour at prices in cents per kWh, with sun in kW at 8 cents."""
    suns = [*sun, *[0.0] * (len(cents) - len(sun))]
    return tuple(
        Slot(
            import_price=price / 100.0,
            feed_in_price=0.08,
            sun_w=kw * 1000.0,
            hours=1.0,
            **rest,
        )
        for price, kw in zip(cents, suns, strict=True)
    )


def car(name: str = "car", kwh: float = 8.0, kw: float = 4.0, **rest: Any) -> PlanCar:
    """Return a car that takes 4 kW, without a minimum."""
    plain = PlanCar(id=name, firm_wh=kwh * 1000.0, max_w=kw * 1000.0)
    return replace(plain, **rest)


def kw(plan: Solution, name: str = "car") -> list[float]:
    """Return what a car takes in each slot, in kW."""
    charge = plan.charges[name]
    powers = zip(charge.sun_w, charge.grid_w, strict=True)
    return [round((sun + grid) / 1000.0, 3) for sun, grid in powers]


def grid_kw(plan: Solution, name: str = "car") -> list[float]:
    """Return what of it comes from the grid, in kW."""
    return [round(power / 1000.0, 3) for power in plan.charges[name].grid_w]


@pytest.mark.parametrize(
    ("slots", "kwh", "expected"),
    [
        pytest.param(hours(30, 30, 30, 30), 8, [0, 0, 4, 4], id="flat: late"),
        pytest.param(hours(30, 20, 20, 30), 8, [0, 4, 4, 0], id="cheap night"),
        pytest.param(
            hours(30, 20, 20, 30),
            12,
            [0, 4, 4, 4],
            id="cheap night and the latest hour",
        ),
        pytest.param(
            hours(30, 20, 20, 20), 6, [0, 0, 2, 4], id="a part in the earliest hour"
        ),
        pytest.param(hours(30, 30, 30, sun=(0, 3)), 5, [0, 3, 2], id="sun by day"),
        pytest.param(
            hours(30, 6, 30, sun=(0, 3)),
            4,
            [0, 4, 0],
            id="grid below what the sun brings",
        ),
        pytest.param(
            hours(30, -5, 30), 4, [0, 4, 0], id="negative price, and no more than asked"
        ),
        pytest.param(hours(30, 30), 0, [0, 0], id="nothing needed"),
    ],
)
def test_one_car(slots: tuple[Slot, ...], kwh: float, expected: list[float]) -> None:
    """The cheapest segments, the later of two that cost the same."""
    plan = solve(Problem(slots=slots, cars=(car(kwh=kwh),)))
    assert kw(plan) == expected
    assert plan.unmet_wh == 0.0


def test_what_it_costs() -> None:
    """Sun costs what it would bring; at once is what it costs without a plan."""
    asked = Problem(slots=hours(30, 20, 25, sun=(0, 3)), cars=(car(kwh=8),))
    plan = solve(asked)
    assert plan.charges["car"].sun_w == (0.0, 3000.0, 0.0)
    assert plan.cost == pytest.approx(3 * 0.08 + 1 * 0.20 + 4 * 0.25)
    assert cost_at_once(asked, plan) == {
        "car": pytest.approx(4 * 0.30 + 3 * 0.08 + 1 * 0.20)
    }


def test_a_deadline_that_cannot_be_met() -> None:
    """All it can get, and what is missing is said."""
    plan = solve(Problem(slots=hours(30, 20, 10), cars=(car(kwh=10, stop=2),)))
    assert kw(plan) == [4, 4, 0]
    assert plan.charges["car"].unmet_wh == pytest.approx(2000.0)


def test_two_cars_share_twenty_amperes() -> None:
    """4.6 kW for both: the cheap hours are full, and both are served in time."""
    slots = hours(30, 10, 10, 30, groups={"garage": 4600.0})
    cars = (car("a", 4.6, groups=("garage",)), car("b", 4.6, groups=("garage",)))
    plan = solve(Problem(slots=slots, cars=cars))
    together = [
        one + other for one, other in zip(kw(plan, "a"), kw(plan, "b"), strict=True)
    ]
    assert together == pytest.approx([0, 4.6, 4.6, 0])
    assert plan.cost == pytest.approx(0.92)


def test_one_gives_way_to_the_one_that_has_to_leave() -> None:
    """The late car takes the dear hour at the end, as the early one has only the cheap one."""
    cars = (car("late", 4), car("early", 4, stop=2, first=1))
    plan = solve(Problem(slots=hours(50, 10, 20, room_w=4000.0), cars=cars))
    assert kw(plan, "early") == [0, 4, 0]
    assert kw(plan, "late") == [0, 0, 4]


@pytest.mark.parametrize(
    ("limits", "winner"), [((0.30, 0.25), "a"), ((0.25, 0.30), "b")], ids=["a", "b"]
)
def test_who_would_pay_more_comes_first(
    limits: tuple[float, float], winner: str
) -> None:
    """One cheap hour for two that both could do without."""
    cars = tuple(
        car(name, 0, extra_wh=4000.0, price_limit=limit)
        for name, limit in zip("ab", limits, strict=True)
    )
    plan = solve(Problem(slots=hours(20, 40, room_w=4000.0), cars=cars))
    assert kw(plan, winner) == [4, 0]
    assert plan.cost == pytest.approx(0.80)


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        pytest.param((30, 30, 14, 14, 12, 12), [0, 0, 4, 4, 4, 4], id="cheap: 80 %"),
        pytest.param((30, 30, 20, 22, 20, 22), [0, 0, 4, 0, 4, 0], id="dear: 50 %"),
        pytest.param((30, 30, 20, 14, 15, 12), [0, 0, 0, 4, 4, 4], id="the mix: 65 %"),
    ],
)
def test_eighty_percent_if_cheap_else_fifty(
    cents: tuple[float, ...], expected: list[float]
) -> None:
    """8 kWh at any price, 8 more at no more than 15 cents."""
    asked = car(kwh=8, extra_wh=8000.0, price_limit=0.15)
    assert kw(solve(Problem(slots=hours(*cents), cars=(asked,)))) == expected


@pytest.mark.parametrize(
    ("kwh", "expected"),
    [
        pytest.param(6, [0, 0, 2, 4], id="the first slot above it, the last full"),
        pytest.param(
            5, [0, 0, 1.4, 3.6], id="less in a full one, so that both reach it"
        ),
        pytest.param(1, [0, 0, 0, 1.4], id="less than the minimum of a slot"),
    ],
)
def test_minimum_current(kwh: float, expected: list[float]) -> None:
    """Never between 0 and 6 A."""
    asked = car(kwh=kwh, min_w=1400.0)
    assert kw(solve(Problem(slots=hours(30, 30, 30, 30), cars=(asked,)))) == expected


def test_sun_below_the_minimum() -> None:
    """The grid adds what is missing, at its price; cheaper than the night when there is enough sun."""
    slots = hours(28, 30, 30, 30, sun=(0, 1, 0.1))
    plan = solve(Problem(slots=slots, cars=(car(kwh=1.4, min_w=1400.0),)))
    assert kw(plan) == [0, 1.4, 0, 0]
    assert grid_kw(plan) == [0, 0.4, 0, 0]


@pytest.mark.parametrize(
    ("start_cost", "cents", "expected"),
    [
        pytest.param(0.0, (30, 20, 40, 20, 21), [0, 4, 0, 4, 0], id="a start is free"),
        pytest.param(
            0.03, (30, 20, 40, 20, 21), [0, 4, 0, 4, 0], id="it saves 4 cents"
        ),
        pytest.param(
            0.05, (30, 20, 40, 20, 21), [0, 0, 0, 4, 4], id="it would save 4 cents"
        ),
        pytest.param(
            0.03, (30, 20, 21, 20, 30), [0, 2.6, 1.4, 4, 0], id="bridged at the minimum"
        ),
    ],
)
def test_fewer_starts(
    start_cost: float, cents: tuple[float, ...], expected: list[float]
) -> None:
    """A second start must save more than it costs."""
    cars = (car(min_w=1400.0),)
    plan = solve(Problem(slots=hours(*cents), cars=cars, start_cost=start_cost))
    assert kw(plan) == expected


def test_going_on_is_no_start() -> None:
    """Who charges already goes on where that costs less than to start later."""
    asked = Problem(
        slots=hours(21, 30, 20.5), cars=(car(kwh=4, min_w=1400.0),), start_cost=0.05
    )
    assert kw(solve(asked)) == [0, 0, 4]
    going = replace(asked, cars=(replace(asked.cars[0], charging=True),))
    assert kw(solve(going)) == [4, 0, 0]


def test_two_at_the_minimum_share_a_circuit() -> None:
    """The first leaves so much that the other can charge beside it."""
    slots = hours(10, 10, 40, 40, groups={"garage": 11000.0})
    cars = (
        car("big", 13.7, kw=7.4, min_w=2760.0, groups=("garage",)),
        car("small", 8.3, kw=11.0, min_w=4140.0, groups=("garage",)),
    )
    plan = solve(Problem(slots=slots, cars=cars))
    assert plan.unmet_wh == 0.0
    assert plan.cost == pytest.approx(2.20)


@pytest.mark.parametrize(
    ("price", "expected", "highest"),
    [
        pytest.param(0.0, [0, 4, 4, 0], 5000.0, id="free"),
        pytest.param(
            0.00005, [0, 4, 4, 0], 5000.0, id="worth less than the cheap hours"
        ),
        pytest.param(0.01, [2, 2, 2, 2], 3000.0, id="dear: as flat as it can be"),
    ],
)
def test_peak(price: float, expected: list[float], highest: float) -> None:
    """The house takes 1 kW; two hours are 5 cents cheaper."""
    slots = hours(25, 20, 20, 25, house_w=1000.0)
    plan = solve(
        Problem(slots=slots, cars=(car(),), peak=Peak(price=price, paid_w=2000.0))
    )
    assert kw(plan) == pytest.approx(expected, abs=1e-3)
    assert plan.peak_w == pytest.approx(highest, abs=1.0)
    assert plan.peak_cost == pytest.approx(price * (highest - 2000.0), rel=1e-3)


def test_the_peak_that_is_paid_for_is_used() -> None:
    """Up to it the import costs nothing more; a promise goes beyond it."""
    slots = hours(20, 30, 30, house_w=1000.0)
    peak = Peak(price=1.0, paid_w=4000.0)
    assert kw(solve(Problem(slots=slots, cars=(car(kwh=5),), peak=peak))) == [3, 0, 2]
    plan = solve(Problem(slots=slots, cars=(car(kwh=12),), peak=peak))
    assert plan.unmet_wh == 0.0
    assert plan.peak_w == pytest.approx(5000.0)


def test_the_window_that_is_running_counts_what_it_has_seen() -> None:
    """Half of the hour is over with 3 kWh: what is left of it keeps the mean."""
    slots = tuple(Slot(import_price=0.2 + at / 10, hours=0.25) for at in range(6))
    peak = Peak(
        price=1.0, paid_w=4000.0, window=4, offset=2, imported_wh=3000.0, elapsed_h=0.5
    )
    plan = solve(Problem(slots=slots, cars=(car(kwh=3),), peak=peak))
    assert kw(plan) == pytest.approx([2, 2, 4, 4, 0, 0])
    assert plan.peak_w == pytest.approx(4000.0)


def test_no_room_no_slots_no_cars() -> None:
    """What is empty is answered, not refused."""
    assert solve(Problem(slots=(), cars=(car(),))).unmet_wh == 8000.0
    assert solve(Problem(slots=hours(30), cars=())).charges == {}
    assert (
        solve(Problem(slots=hours(30, room_w=-5.0), cars=(car(),))).unmet_wh == 8000.0
    )
    nothing = Problem(
        slots=hours(30, room_w=0.0), cars=(car(min_w=1400.0),), start_cost=0.1
    )
    assert solve(nothing).unmet_wh == 8000.0


def test_an_extra_without_a_limit_comes_after_what_is_promised() -> None:
    """Taken at any price, but never at the cost of firm energy."""
    cars = (car("a", 0, extra_wh=4000.0, price_limit=inf), car("b", 4))
    plan = solve(Problem(slots=hours(90, room_w=4000.0), cars=cars))
    assert kw(plan, "b") == [4]
    assert kw(plan, "a") == [0]
