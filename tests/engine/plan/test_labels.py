"""One car on its own: as cheap as any set of slots to be on, with whole runs where the night is cheap."""

from itertools import product

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.plan import PlanCar, Problem, Slot, solve
from custom_components.ampacity.engine.plan.choice import choice, fit
from custom_components.ampacity.engine.plan.labels import best_on
from custom_components.ampacity.engine.plan.runs import Runs
from custom_components.ampacity.engine.plan.want import Want

from .reference import objective, reference


def quarters(*hours: float) -> tuple[float, ...]:
    """Return the prices of hours for each quarter."""
    return tuple(price for price in hours for _ in range(4))


AUTUMN = (
    *(0.3592, 0.3592),
    *quarters(0.3741, 0.3539, 0.321, 0.307, 0.3019, 0.2846, 0.2804, 0.2847, 0.2758),
    *quarters(0.2701, 0.2758, 0.2856, 0.2969, 0.3244, 0.329, 0.3077, 0.2972),
)[:68]
"""A November night's prices, currency per kWh, from 17:37 to 10:30."""
AUTUMN_SUN = (351.0, 811.0, 1722.0, 788.0, 1039.0, 2410.0, 3257.0, 4575.0)
"""W in the last quarters before the car leaves."""
SUMMER = quarters(
    *(0.3928, 0.3748, 0.3606, 0.3395, 0.3388, 0.3282, 0.3211),
    *(0.32, 0.3198, 0.3237, 0.3477, 0.3602, 0.3684),
)[:50]
"""A June night's, to 8:30."""
SUMMER_SUN = (11.0, 251.0, 310.0, 329.0, 319.0, 0.0, 382.0, 1415.0, 1331.0)


def night(
    prices: tuple[float, ...], sun: tuple[float, ...], wh: float, start_cost: float
) -> Problem:
    """Return a car that arrives in the evening and leaves in the morning, when the sun comes."""
    return Problem(
        slots=tuple(
            Slot(
                import_price=price,
                feed_in_price=0.08,
                sun_w=sun_w,
                room_w=22000.0,
                hours=0.25 if at else 0.13,
            )
            for at, (price, sun_w) in enumerate(
                zip(prices, [*[0.0] * (len(prices) - len(sun)), *sun], strict=True)
            )
        ),
        cars=(PlanCar(id="car", firm_wh=wh, max_w=10488.0, min_w=1380.0),),
        start_cost=start_cost,
    )


@pytest.mark.parametrize(
    ("prices", "sun", "wh", "start_cost", "on"),
    [
        pytest.param(AUTUMN, AUTUMN_SUN, 14020.0, 0.01, range(38, 42), id="autumn"),
        pytest.param(
            AUTUMN, AUTUMN_SUN, 14020.0, 0.0618, range(38, 42), id="dear starts"
        ),
        pytest.param(SUMMER, SUMMER_SUN, 11000.0, 0.01, range(32, 36), id="summer"),
    ],
)
def test_the_cheapest_hour_holds_all_that_the_night_gives(
    prices: tuple[float, ...],
    sun: tuple[float, ...],
    wh: float,
    start_cost: float,
    on: range,
) -> None:
    """No minute of a dearer hour, as long as the cheapest one has room."""
    charge = solve(night(prices, sun, wh, start_cost)).charges["car"]
    dark = range(len(prices) - len(sun))
    assert [at for at in dark if charge.grid_w[at] > 0.0] == list(on)
    assert charge.unmet_wh == pytest.approx(0.0)


@pytest.mark.parametrize("start_cost", [0.0, 0.02, 0.069])
@pytest.mark.parametrize("wh", [2000.0, 5000.0, 14020.0, 24040.0, 31000.0])
@pytest.mark.parametrize(
    ("prices", "sun"),
    [
        pytest.param(AUTUMN, AUTUMN_SUN, id="autumn"),
        pytest.param(SUMMER, SUMMER_SUN, id="summer"),
    ],
)
def test_no_night_is_dearer_than_the_best(
    prices: tuple[float, ...], sun: tuple[float, ...], wh: float, start_cost: float
) -> None:
    """Within the cent from which on a search is worth it."""
    asked = night(prices, sun, wh, start_cost)
    best = reference(asked, minimum=True, gap=1e-6, seconds=20.0)
    assert objective(asked, solve(asked)) <= best.objective + 0.01


def total(runs: Runs, want: Want, on: list[int]) -> float:
    """Return the least that slots that are on cost less what their energy is worth."""
    chosen = [runs.choices[at] for at in on]
    bends = {energy for one in chosen for energy in (one.least, one.knee, one.most)}
    found = []
    for energy in {want.firm, want.firm + want.extra, *_sums(bends, len(on))}:
        plan = fit(chosen, energy)
        found.append(plan.cost - want.value(plan.energy))
    return min(found) + runs.start_cost * runs.starts(on)


def _sums(energies: set[float], count: int) -> set[float]:
    """Return all sums of so many of some energies: between two of them costs are straight lines."""
    found = {0.0}
    for _ in range(count):
        found = {round(one + more, 6) for one in found for more in energies}
    return found


def may_be(runs: Runs, on: list[int]) -> bool:
    """Return whether no run and no gap ends in a short first slot."""
    if not runs.bridges:
        return True
    return 1 not in on or 0 in on if runs.charging else 0 not in on or 1 in on


@settings(max_examples=150, deadline=None)
@given(
    prices=st.lists(st.integers(-2, 9), min_size=1, max_size=6),
    sun=st.lists(st.sampled_from([0.0, 0.0, 2.0]), min_size=6, max_size=6),
    missing=st.sets(st.integers(0, 5)),
    firm=st.integers(0, 16),
    extra=st.sampled_from([0, 0, 4]),
    start_cost=st.sampled_from([0.0, 3.0]),
    middle=st.integers(0, 9),
    flags=st.tuples(st.booleans(), st.booleans()),
)
def test_it_is_the_best_of_all_sets_of_slots(
    prices: list[int],
    sun: list[float],
    missing: set[int],
    firm: int,
    extra: int,
    start_cost: float,
    middle: int,
    flags: tuple[bool, bool],
) -> None:
    """Whatever price the bound is taken at, with sun, extra, gaps, and a short first slot."""
    charging, short = flags
    runs = Runs(
        choices=[
            choice(at, (min(0.5, price), price), sun[at], 1.0, 3.0)
            for at, price in enumerate(prices)
            if at not in missing
        ],
        start_cost=start_cost,
        charging=charging,
        short=short,
    )
    want = Want(float(firm), float(extra), 100.0, 4.0, -20.0)
    best = min(
        total(runs, want, on)
        for states in product((False, True), repeat=len(runs.choices))
        if may_be(runs, on := [at for at, is_on in enumerate(states) if is_on])
    )
    found = best_on(runs, want, float(middle), 1e6)
    assert found is not None
    assert may_be(runs, found)
    assert total(runs, want, found) == pytest.approx(best, abs=0.01)
    assert best_on(runs, want, float(middle), best - 0.01) is None
