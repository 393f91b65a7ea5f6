"""Without a minimum power: as cheap as the linear program, and no firm Wh more is missing."""

import pytest

from custom_components.ampacity.engine.plan import solve

from .instances import problem
from .reference import objective, reference


def check(seed: int) -> None:
    """Compare one random problem with HiGHS, to a millionth."""
    asked = problem(seed)
    plan, best = solve(asked), reference(asked)
    assert plan.unmet_wh == pytest.approx(best.unmet_wh, abs=1e-3)
    assert objective(asked, plan) == pytest.approx(best.objective, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_as_cheap_as_the_linear_program(seed: int) -> None:
    """A few problems, in every run."""
    check(seed)
