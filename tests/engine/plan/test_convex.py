"""Without a minimum power: as cheap as the linear program, and no firm Wh more is missing."""

import pytest

from custom_components.ampacity.engine.plan import solve

from .instances import problem
from .reference import objective, reference


def check(seed: int, *, peak: bool = False) -> None:
    """Compare one random problem with HiGHS, to a millionth."""
    asked = problem(seed, peak=peak)
    plan, best = solve(asked), reference(asked)
    assert plan.unmet_wh == pytest.approx(best.unmet_wh, abs=0.01), seed
    assert objective(asked, plan) == pytest.approx(
        best.objective, rel=1e-6, abs=1e-6
    ), seed


@pytest.mark.parametrize("seed", range(60))
def test_as_cheap_as_the_linear_program(seed: int) -> None:
    """Some problems, in every run."""
    check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_as_cheap_in_five_hundred_problems(block: int) -> None:
    """Many more, of the same kind."""
    for seed in range(1000 + 50 * block, 1050 + 50 * block):
        check(seed)


@pytest.mark.parametrize("seed", range(20))
def test_a_peak_is_as_high_as_the_linear_program_makes_it(seed: int) -> None:
    """Windows of one slot; what the peak costs is in the objective."""
    check(seed, peak=True)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_peaks_in_a_hundred_problems(block: int) -> None:
    """Many more with a peak."""
    for seed in range(2000 + 25 * block, 2025 + 25 * block):
        check(seed, peak=True)


def test_problems_are_of_all_kinds() -> None:
    """Some can be met and some cannot, some have one car and some have many."""
    plans = [(problem(seed), solve(problem(seed))) for seed in range(60)]
    unmet = [plan.unmet_wh > 1.0 for _, plan in plans]
    assert 10 < sum(unmet) < 50
    assert {len(asked.cars) for asked, _ in plans} == set(range(1, 9))
