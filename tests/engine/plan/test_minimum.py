"""With a minimum power and starts that cost: beside the mixed-integer program."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from custom_components.ampacity.engine.plan import Problem, Solution, solve

from .instances import problem
from .reference import objective, reference, starts

GOAL = 0.02
CENTS = 0.02
"""What is nearer than that, in currency, is near too: less than a start may cost."""
MISSING_WH = 1.0
"""More than that must not be missing beyond what HiGHS leaves unmet."""

SHORT_OF_FIRM = 0.0015
"""Part of the firm energy that may be missing beyond what HiGHS leaves unmet, where energy is missing
and a search within its budget stays behind."""
BEHIND = 1
"""So many of 25 sites may be behind the goal like that."""

SEEDS = (
    4031,
    4072,
    4119,
    4120,
    4141,
    4171,
    4187,
    4210,
    4216,
    4225,
    4230,
    4275,
    4339,
    4371,
    4449,
)
"""Sites of three to eight cars that HiGHS solves within half a second."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A plan beside the best that HiGHS found in its time."""

    seed: int
    above: float
    """Currency above it, what is unmet not counted; it includes starts, and extra as it is worth."""
    turnover: float
    """Currency that is paid, earned and worth; with positive prices and no extra what it costs."""
    unmet_wh: float
    """Firm energy that cannot be charged, as HiGHS has it."""
    more_wh: float
    """Beyond that."""
    firm_wh: float

    @property
    def part(self) -> float:
        """Return how much dearer it is; nothing where it charges more firm energy than HiGHS."""
        if self.more_wh < -MISSING_WH or self.above <= CENTS:
            return 0.0
        return self.above / self.turnover

    @property
    def is_near(self) -> bool:
        """Return whether it reaches the goal."""
        return self.more_wh <= MISSING_WH and self.part <= GOAL

    @property
    def is_never_worse(self) -> bool:
        """Return whether it is inside what holds for all."""
        if self.unmet_wh <= MISSING_WH:
            return self.is_near
        few = max(MISSING_WH, SHORT_OF_FIRM * self.firm_wh)
        return self.more_wh <= few and self.part <= GOAL


def turnover(asked: Problem, plan: Solution) -> float:
    """Return what a plan pays, earns and is worth, each as a positive amount."""
    total = 0.0
    for car in asked.cars:
        charge = plan.charges[car.id]
        powers = [charge.power_w(at) for at in range(len(asked.slots))]
        total += asked.start_cost * starts(car, powers)
        extra = min(car.extra_wh, max(0.0, charge.energy_wh - car.firm_wh))
        total += extra / 1000.0 * car.price_limit
        for slot, sun_w, grid_w in zip(
            asked.slots, charge.sun_w, charge.grid_w, strict=True
        ):
            paid = abs(slot.import_price) * grid_w + abs(slot.feed_in_price) * sun_w
            total += paid * slot.hours / 1000.0
    return total


def outcome(seed: int, asked: Problem, seconds: float) -> Outcome:
    """Compare the plan for a problem with the best that HiGHS finds in some time."""
    plan, best = solve(asked), reference(asked, minimum=True, gap=1e-4, seconds=seconds)
    cost = best.objective - best.unmet_wh * 0.1
    return Outcome(
        seed=seed,
        above=objective(asked, plan) - plan.unmet_wh * 0.1 - cost,
        turnover=turnover(asked, plan),
        unmet_wh=best.unmet_wh,
        more_wh=plan.unmet_wh - best.unmet_wh,
        firm_wh=sum(car.firm_wh for car in asked.cars),
    )


def show(found: Iterable[Outcome]) -> None:
    """Print what a block of problems came to."""
    found = list(found)
    print(  # noqa: T201
        f"{len(found)} problems, {sum(one.is_near for one in found)} at the goal, "
        f"{sum(one.more_wh < -MISSING_WH for one in found)} with less unmet than HiGHS; "
        f"dearest {max(one.part for one in found):.1%}, "
        f"most missing {max(one.more_wh for one in found):.0f} Wh"
    )
    for one in found:
        if not one.is_near:
            print(  # noqa: T201
                f"  seed {one.seed}: {one.part:.1%} dearer, {one.more_wh:.0f} Wh more "
                f"unmet than {one.unmet_wh:.0f} of {one.firm_wh:.0f}"
            )


def one_car(seed: int) -> Problem:
    """Return a problem with one car only."""
    asked = problem(seed, minimum=True)
    return replace(asked, cars=asked.cars[:1])


@pytest.mark.parametrize("seed", range(25))
def test_one_car(seed: int) -> None:
    """Each is near the best, and what can be served is served."""
    assert outcome(seed, one_car(seed), 10.0).is_near


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("block", range(10))
def test_two_hundred_and_fifty_cars(block: int) -> None:
    """Many more with one car, all served as far as they can be, all at the goal."""
    seeds = range(3000 + 25 * block, 3025 + 25 * block)
    found = [outcome(seed, one_car(seed), 10.0) for seed in seeds]
    show(found)
    assert [one for one in found if not one.is_near] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_several_cars(seed: int) -> None:
    """Such as HiGHS solves quickly, some of which cannot be served."""
    assert outcome(seed, problem(seed, minimum=True), 10.0).is_near


def test_a_slot_less_leaves_no_more_unmet() -> None:
    """Two cars behind one limit: the run of one has to be a slot shorter than at its minimum alone.

    HiGHS takes eight seconds to find what is unmet at least.
    """
    assert solve(problem(4076, minimum=True)).unmet_wh <= 19313.8 + MISSING_WH


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("block", range(20))
def test_five_hundred_sites(block: int) -> None:
    """Up to eight cars, in most of which limits bind and in two of five of which energy is missing.

    Where several cars take turns in every slot at the same price, who takes which is a puzzle that
    a search within its budget does not always solve: very few have some starts too many, or miss a little.
    """
    seeds = range(4000 + 25 * block, 4025 + 25 * block)
    found = [outcome(seed, problem(seed, minimum=True), 10.0) for seed in seeds]
    show(found)
    assert [one for one in found if not one.is_never_worse] == []
    assert sum(not one.is_near for one in found) <= BEHIND
