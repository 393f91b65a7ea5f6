"""The thermal model of the main fuse."""

from itertools import pairwise
from math import exp, inf

from hypothesis import given, strategies as st
import pytest

from simulation.fuse import Fuse, FuseConfig, Pole, opening_time_s

CONFIG = FuseConfig(rated_a=25.0)


def _theta(multiple: float, t_s: float, theta: float = 0.0) -> float:
    """Return the closed form of the heat after a constant multiple of In."""
    final = (multiple / 1.13) ** 2
    return final + (theta - final) * exp(-t_s / 40)


@pytest.mark.parametrize("multiple", [0.2, 0.8, 1.0, 1.13, -0.9])
@pytest.mark.parametrize("dt_s", [0.1, 1.0, 7.0])
def test_heat_follows_the_closed_form(multiple: float, dt_s: float) -> None:
    """Whatever the step, and whatever the direction of the current."""
    pole = Pole(CONFIG)
    for step in range(1, 101):
        pole.advance(multiple * 25, dt_s, step * dt_s)
    assert pole.theta == pytest.approx(_theta(multiple, 100 * dt_s), rel=1e-9)
    assert pole.theta_max == pole.theta


def test_holds_its_holding_current_for_an_hour() -> None:
    """IEC 60898-1: 1.13 × In is held for an hour."""
    pole = Pole(CONFIG)
    for second in range(1, 3601):
        pole.advance(1.13 * 25, 1.0, float(second))
    assert pole.opened_at_s is None
    assert pole.above_rated_s == 3600


@pytest.mark.parametrize(
    ("multiple", "seconds"), [(1.3, 37), (1.5, 20), (2.0, 8)], ids=str
)
def test_opens_when_the_quickest_breaker_would(multiple: float, seconds: float) -> None:
    """Warmed by 0.8 × In, near the times measured on quick breakers."""
    pole = Pole(CONFIG)
    pole.advance(0.8 * 25, 3600.0, 3600.0)
    now_s = 3600.0
    while pole.opened_at_s is None:
        now_s += 1
        assert now_s < 3700
        pole.advance(multiple * 25, 1.0, now_s)
    assert pole.opened_at_s - 3600 == pytest.approx(seconds, rel=0.06)


def test_trips_within_the_hour_at_1_45() -> None:
    """IEC 60898-1: 1.45 × In trips within the hour."""
    assert opening_time_s(CONFIG, 1.45 * 25) < 3600


@pytest.mark.parametrize("dt_s", [0.25, 1.0, 10.0, 60.0])
def test_opening_moment_does_not_depend_on_the_step(dt_s: float) -> None:
    """The crossing is found inside the step."""
    pole = Pole(CONFIG)
    now_s = 0.0
    while pole.opened_at_s is None:
        now_s += dt_s
        pole.advance(50.0, dt_s, now_s)
    assert pole.opened_at_s == pytest.approx(opening_time_s(CONFIG, 50.0), abs=1e-6)
    assert pole.theta < 1
    assert pole.theta_max >= 1


def test_open_pole_stays_open_and_cools_until_it_is_put_back() -> None:
    """A fuse does not heal."""
    pole = Pole(CONFIG)
    pole.advance(100.0, 60.0, 60.0)
    assert pole.opened_at_s is not None
    opened_at_s = pole.opened_at_s
    pole.advance(100.0, 400.0, 460.0)
    assert pole.opened_at_s == opened_at_s
    assert pole.theta < 0.001
    pole.close()
    pole.advance(10.0, 1.0, 461.0)
    assert pole.opened_at_s is None


def test_phases_open_each_on_its_own() -> None:
    """An overload on L2 leaves L1 and L3."""
    fuse = Fuse(CONFIG)
    fuse.advance((10.0, 60.0, -5.0), 60.0, 60.0)
    assert fuse.opened == (False, True, False)
    assert fuse.theta_max >= 1
    assert fuse.theta[0] == pytest.approx(_theta(10 / 25, 60))


@given(
    currents_a=st.lists(st.floats(-60, 60), min_size=1, max_size=30),
    pieces=st.integers(2, 7),
)
def test_steps_can_be_cut(currents_a: list[float], pieces: int) -> None:
    """One step or several of the same length together: the same heat."""
    whole, cut = Pole(CONFIG), Pole(CONFIG)
    now_s = 0.0
    for current_a in currents_a:
        for piece in range(1, pieces + 1):
            cut.advance(current_a, 5.0 / pieces, now_s + 5.0 * piece / pieces)
        now_s += 5.0
        whole.advance(current_a, 5.0, now_s)
    assert (whole.opened_at_s is None) == (cut.opened_at_s is None)
    assert whole.theta == pytest.approx(cut.theta, abs=1e-9)


def test_more_current_opens_earlier() -> None:
    """And at or below the holding current never."""
    times = [opening_time_s(CONFIG, 25 * m) for m in (1.0, 1.13, 1.2, 1.45, 2.0, 5.0)]
    assert times[:2] == [inf, inf]
    assert all(later < earlier for earlier, later in pairwise(times[1:]))


@pytest.mark.parametrize("rated_a", [0.0, -25.0])
def test_refuses_a_rating_that_is_not_positive(rated_a: float) -> None:
    """A fuse of 0 A is an error of the configuration."""
    with pytest.raises(ValueError, match="positive"):
        FuseConfig(rated_a=rated_a)
