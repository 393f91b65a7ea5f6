"""How long a plan takes: processor time, as the machine may be busy."""

from collections.abc import Callable
from math import pi, sin
from random import Random
from statistics import median
from time import thread_time

import pytest

from custom_components.ampacity.engine.plan import PlanCar, Problem, Slot, solve

FACTOR = 3.0
"""How much slower a loaded machine may be."""


def depot(cars: int, seed: int, *, minimum: bool) -> Problem:
    """Return two days with the sun of one plant, prices of each hour and a connection that is tight."""
    rng = Random(seed)
    hourly = [round(rng.uniform(0.05, 0.45), 4) for _ in range(48)]
    slots = tuple(
        Slot(
            import_price=hourly[at // 4],
            feed_in_price=min(0.05, hourly[at // 4]),
            sun_w=max(0.0, 8000.0 * sin(((at + 60) % 96 - 24) / 48 * pi)),
            room_w=11000.0 + 2500.0 * cars,
            groups={"left": 5500.0 + 1250.0 * cars},
        )
        for at in range(192)
    )
    return Problem(
        slots=slots,
        cars=tuple(
            PlanCar(
                id=str(number),
                firm_wh=rng.uniform(8000.0, 40000.0),
                max_w=rng.choice([7360.0, 11040.0]),
                min_w=4140.0 if minimum else 0.0,
                stop=rng.randrange(60, 193),
                groups=("left",) if number % 2 else (),
                extra_wh=rng.choice([0.0, 5000.0]),
                price_limit=0.12,
            )
            for number in range(cars)
        ),
        start_cost=0.02 if minimum else 0.0,
    )


@pytest.mark.parametrize("minimum", [False, True], ids=["exact", "minimum"])
@pytest.mark.parametrize(("cars", "limit_ms"), [(1, 1.0), (10, 20.0), (50, 1500.0)])
def test_time_of_a_plan(
    cars: int,
    limit_ms: float,
    minimum: bool,
    record_property: Callable[[str, object], None],
) -> None:
    """The median of several problems with 192 slots."""
    times = []
    for seed in range(7 if cars < 50 else 2):
        asked = depot(cars, seed, minimum=minimum)
        for _ in range(5 if cars < 50 else 1):
            start = thread_time()
            solve(asked)
            times.append(thread_time() - start)
    median_ms = median(times) * 1000.0
    record_property("median_ms", median_ms)
    print(f"{cars} cars, minimum {minimum}: {median_ms:.2f} ms")  # noqa: T201
    assert median_ms < limit_ms * FACTOR
