"""How a car follows what it is offered."""

from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from simulation.car import Car, CarConfig


def _run(car: Car, offered_a: float, seconds: float, dt_s: float = 1.0) -> list[float]:
    """Offer a current for some time; return the current after each step."""
    currents = []
    for _ in range(round(seconds / dt_s)):
        car.advance(offered_a, dt_s)
        currents.append(car.current_a)
    return currents


@pytest.mark.parametrize(
    ("offered_a", "takes_a"),
    [(0.0, 0.0), (5.9, 0.0), (6.0, 5.5), (10.0, 9.5), (16.5, 16.0), (32.0, 16.0)],
)
def test_takes_a_little_less_than_offered(offered_a: float, takes_a: float) -> None:
    """Nothing below 6 A, never above its own limit."""
    car = Car(CarConfig())
    assert _run(car, offered_a, 30)[-1] == takes_a


def test_starts_after_its_delay_and_ramps() -> None:
    """5 s delay, then 2 A/s."""
    currents = _run(Car(CarConfig()), 16.0, 15)
    assert currents[:5] == [0.0] * 5
    assert currents[5:9] == [2.0, 4.0, 6.0, 8.0]
    assert currents[-1] == 15.5


@pytest.mark.parametrize("offered_a", [0.0, 6.0, 10.0])
def test_follows_down_within_six_seconds(offered_a: float) -> None:
    """The slowest car that is allowed still obeys in 6 s."""
    car = Car(CarConfig(down_delay_s=2.0, down_a_per_s=4.0))
    _run(car, 16.0, 30)
    currents = _run(car, offered_a, 6)
    assert currents[0] == 15.5
    assert currents[-1] <= offered_a


def test_second_raise_while_ramping_does_not_wait_again() -> None:
    """The delay counts from the first raise."""
    car = Car(CarConfig())
    _run(car, 10.0, 6)
    assert car.current_a == 2.0
    assert _run(car, 16.0, 1) == [4.0]


def test_tapers_towards_full() -> None:
    """Above 94 % the current falls, at 100 % it is zero."""
    currents = []
    for soc in (0.93, 0.95, 0.97, 0.99):
        car = Car(CarConfig(soc=soc))
        currents.append(_run(car, 16.0, 30)[-1])
    assert currents[0] == 15.5
    assert currents[1:] == sorted(currents[1:], reverse=True)
    assert currents[1] < 15.5
    assert currents[-1] < 6
    assert _run(Car(CarConfig(soc=1.0)), 16.0, 30)[-1] == 0


def test_follows_its_own_taper_without_steps() -> None:
    """While the battery fills, the current falls a little with every step."""
    car = Car(CarConfig(soc=0.95, capacity_wh=10_000.0))
    _run(car, 16.0, 30)
    currents = []
    for _ in range(60):
        car.charge(3 * car.current_a * 230, 1.0)
        currents += _run(car, 16.0, 1)
    falls = [a - b for a, b in pairwise(currents)]
    assert min(falls[2:]) > 0
    assert max(falls[2:]) < 0.1


def test_stops_at_its_own_limit() -> None:
    """A car set to 80 % takes nothing at 80 %."""
    car = Car(CarConfig(soc=0.79999, charge_to_soc=0.8))
    _run(car, 16.0, 30)
    car.charge(10_000.0, 60.0)
    assert car.full
    assert car.soc == 0.8
    assert _run(car, 16.0, 10)[-1] == 0


@pytest.mark.parametrize(
    ("power_w", "lost"), [(1380.0, (0.18, 0.26)), (11_000.0, (0.07, 0.11))]
)
def test_losses(power_w: float, lost: tuple[float, float]) -> None:
    """About 20 % at 1.4 kW, below 11 % at 11 kW."""
    car = Car(CarConfig(soc=0.2, capacity_wh=60_000.0))
    car.charge(power_w, 3600.0)
    stored_wh = (car.soc - 0.2) * 60_000
    assert lost[0] <= 1 - stored_wh / power_w <= lost[1]


def test_sleeps_after_a_pause_and_wakes_by_a_toggle() -> None:
    """The first offer after the pause does nothing, the second wakes it."""
    car = Car(CarConfig(sleeps_after_s=120.0))
    _run(car, 10.0, 20)
    awake = []
    for _ in range(121):
        _run(car, 0.0, 1)
        awake.append(not car.asleep)
    assert awake == [True] * 119 + [False] * 2
    for _ in range(2):
        assert _run(car, 10.0, 60)[-1] == 0
        _run(car, 0.0, 5)
        assert _run(car, 10.0, 20)[-1] == 9.5
        _run(car, 0.0, 200)


def test_short_pause_does_not_let_it_sleep() -> None:
    """A pause counts from its own start."""
    car = Car(CarConfig(sleeps_after_s=120.0))
    for _ in range(5):
        _run(car, 10.0, 20)
        _run(car, 0.0, 100)
    assert not car.asleep


def test_plugging_in_wakes_it() -> None:
    """A car just driven home is awake."""
    car = Car(CarConfig(sleeps_after_s=10.0))
    _run(car, 0.0, 20)
    assert car.asleep
    car.plug()
    assert _run(car, 10.0, 20)[-1] == 9.5


@pytest.mark.parametrize(
    "changes",
    [
        {"phases": 0},
        {"phases": 4},
        {"max_current_a": 5.0},
        {"capacity_wh": 0.0},
        {"down_delay_s": 6.0},
        {"down_a_per_s": 1.0},
    ],
)
def test_refuses_cars_that_no_standard_allows(changes: dict[str, float]) -> None:
    """Among them one that follows down too slowly."""
    with pytest.raises(ValueError, match="car"):
        CarConfig(**changes)  # type: ignore[arg-type]


@given(
    offers=st.lists(
        st.one_of(st.just(0.0), st.floats(6.0, 32.0)), min_size=1, max_size=20
    )
)
def test_never_above_what_was_offered_six_seconds_ago(offers: list[float]) -> None:
    """Whatever is offered, at most what was allowed in the last 6 s flows."""
    car = Car(CarConfig())
    history = [0.0] * 6
    for offered_a in offers:
        for _ in range(3):
            history.append(offered_a)
            car.advance(offered_a, 1.0)
            assert 0 <= car.current_a <= max(history[-7:])


@given(offers=st.lists(st.sampled_from([0.0, 6.0, 9.0, 16.0]), min_size=1, max_size=12))
def test_step_length_hardly_matters(offers: list[float]) -> None:
    """Ramps and delays come out alike for 1 s and 0.1 s steps."""
    coarse, fine = Car(CarConfig()), Car(CarConfig())
    for offered_a in offers:
        _run(coarse, offered_a, 7)
        _run(fine, offered_a, 7, dt_s=0.1)
        assert coarse.current_a == pytest.approx(fine.current_a, abs=0.7)
