"""Learning from steps: of which phases, how fast, and what spoils it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.learned import SETTLE_MIN_S, settle_s
from custom_components.ampacity.engine.model import Mode, Reading

from .driver import VOLT, Driver, car

ROTATED = (1, 2, 0)


def one_phase(wiring: int = 1, **settings: Any) -> Driver:
    """Return a single-phase charger of which nobody knows the phase."""
    driver = Driver(car(mode=Mode.FAST, phases=1, **settings))
    driver.box.wiring = (wiring,)
    return driver


def step(driver: Driver, times: int, charger_id: str | None = None) -> None:
    """Let a charger go down and up again, by its settings."""
    charger_id = charger_id or driver.box.charger.id
    for number in range(times):
        driver.change(charger_id, max_a=10.0 if number % 2 == 0 else 16.0)
        driver.run(120)


def test_single_phase_on_l2_gets_its_room() -> None:
    """Fuse 25 A, L1 = 20 A: without the phase it must pause, with what was learned it charges."""
    driver = one_phase()
    driver.run(120)
    assert driver.offer() == 16.0
    step(driver, 2)
    assert driver.of().learned.phase_map == (1,)
    start_beside_a_full_l1(driver)
    assert driver.offer() == 16.0
    assert driver.reason() is ReasonKey.FAST

    unlearned = one_phase()
    unlearned.run(120)
    start_beside_a_full_l1(unlearned)
    assert unlearned.offer() == 0.0
    assert unlearned.reason() is ReasonKey.FUSE_PAUSED


def start_beside_a_full_l1(driver: Driver) -> None:
    """Pause a charger, fill L1 with 20 A, and let it charge again."""
    driver.change(driver.box.charger.id, max_a=16.0, mode=Mode.OFF)
    driver.run(120)
    driver.house_a = [20.0, 2.0, 2.0]
    driver.run(120)
    driver.change(driver.box.charger.id, mode=Mode.FAST)
    driver.run(600)


def test_configured_phase_comes_first() -> None:
    """What contradicts it is remembered and not used."""
    driver = one_phase(phase_map=(0,))
    driver.run(120)
    step(driver, 6)
    assert driver.of().learned.phase_map == (1,)
    start_beside_a_full_l1(driver)
    assert driver.offer() == 0.0


@pytest.mark.parametrize("measured", ["phases", "power", "nothing"])
def test_rotated_wiring_with_a_car_of_one_phase(measured: str) -> None:
    """A three-phase charger on L2, L3, L1; what its own sensors cannot tell, the meter does."""
    driver = Driver(car(mode=Mode.FAST, phase_map=None))
    box = driver.box
    box.wiring, box.car_phases = ROTATED, 1
    box.measures = measured == "phases"
    if measured == "power":
        tell_power(driver)
    driver.run(120)
    step(driver, 4)
    assert driver.of().learned.phase_map == ROTATED
    assert driver.of().watching.car_phases == 1
    driver.house_a = [20.0, 2.0, 20.0]
    driver.run(600)
    assert driver.offer() >= 10.0


def tell_power(driver: Driver) -> None:
    """Let a charger tell its power instead of its currents."""
    box, reading = driver.box, driver.box.reading
    box.reading = lambda: replace(  # type: ignore[method-assign]
        reading(), power_w=Reading(value=sum(box.drawn_a) * VOLT)
    )


def test_car_that_uses_more_phases_after_all_counts_on_all_at_once() -> None:
    """Seen on its second phase, it is limited by that one on the next decision."""
    driver = Driver(car(mode=Mode.FAST))
    driver.box.car_phases = 1
    driver.run(120)
    step(driver, 4)
    driver.house_a = [2.0, 20.0, 2.0]
    driver.run(300)
    assert driver.offer() == 16.0
    driver.box.car_phases = 3
    driver.guard()
    assert driver.offer() < 16.0


def test_next_car_is_learned_anew() -> None:
    """How many phases it uses belongs to the car, the wiring to the charger."""
    driver = Driver(car(mode=Mode.FAST, phase_map=None))
    driver.box.wiring, driver.box.car_phases = ROTATED, 1
    driver.run(120)
    step(driver, 4)
    driver.box.plugged = False
    driver.run(30)
    assert driver.of().watching.car_phases is None
    assert driver.of().learned.phase_map == ROTATED


def _meter_of_sums(driver: Driver) -> None:
    driver.tells_phases = False


def _kettle(driver: Driver) -> None:
    """Something of the house moves by 9 A with each step of the car."""
    box, grid_a = driver.box, driver.house_a
    obey = box.obey

    def with_kettle(command: object) -> None:
        obey(command)  # type: ignore[arg-type]
        grid_a[2] = 1.0 if grid_a[2] > 5.0 else 10.0

    box.obey = with_kettle  # type: ignore[method-assign]


def _lazy(driver: Driver) -> None:
    driver.box.car_a = 8.0


@pytest.mark.parametrize("spoil", [_meter_of_sums, _kettle, _lazy])
def test_what_does_not_add_up_teaches_no_wiring(
    spoil: Callable[[Driver], None],
) -> None:
    """No phases to see, something else moving, or a car that does not follow."""
    driver = one_phase()
    driver.box.measures = spoil is not _lazy
    driver.run(60)
    driver.state = replace(
        driver.state,
        chargers={
            key: replace(held, learned=type(held.learned)())
            for key, held in driver.state.chargers.items()
        },
    )
    spoil(driver)
    step(driver, 6)
    assert driver.of().learned.phase_map is None


def test_two_chargers_that_step_together_teach_nothing() -> None:
    """Nobody could tell them apart; one after the other they are told apart."""
    driver = Driver(
        car("a", mode=Mode.FAST, phases=1), car("b", mode=Mode.FAST, phases=1)
    )
    driver.boxes["a"].wiring, driver.boxes["b"].wiring = (1,), (2,)
    driver.house_a = [1.0, 1.0, 1.0]
    driver.change(fuse_a=63.0)
    driver.run(200)
    before = driver.of("a").learned, driver.of("b").learned
    for max_a in (10.0, 16.0) * 3:
        driver.change("a", max_a=max_a)
        driver.change("b", max_a=max_a)
        driver.run(120)
    assert (driver.of("a").learned, driver.of("b").learned) == before
    step(driver, 4, "a")
    step(driver, 4, "b")
    assert driver.of("a").learned.phase_map == (1,)
    assert driver.of("b").learned.phase_map == (2,)


def test_settle_time_takes_the_place_of_a_guess_only() -> None:
    """A charger that follows at once: 3 s, unless the user has said 20 s."""
    for learns, expected in ((True, True), (False, False)):
        driver = one_phase(settle_s=20.0, learns_settle=learns)
        driver.run(60)
        for number in range(12):
            driver.change(driver.box.charger.id, max_a=10.0 if number % 2 else 16.0)
            for _ in range(50):
                driver.guard(1.0)
                driver.tick(1.0)
        learned_s = settle_s(driver.of().learned)
        assert learned_s is not None
        assert SETTLE_MIN_S <= learned_s <= 4.0
        raised_s = raise_after(driver)
        assert (raised_s < 15.0) is expected, raised_s


def raise_after(driver: Driver) -> float:
    """Return how long after a cut the next raise comes once there is room."""
    driver.change(driver.box.charger.id, max_a=10.0)
    driver.change(raise_delay_s=0.0)
    driver.run(120)
    driver.change(driver.box.charger.id, max_a=13.0)
    driver.tick(1.0)
    assert driver.offer() == 13.0
    driver.change(driver.box.charger.id, max_a=16.0)
    for second in range(60):
        driver.tick(1.0)
        if driver.offer() == 16.0:
            return float(second)
    return 60.0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_wrong_is_learned_beside_a_restless_house(data: st.DataObject) -> None:
    """Noise, kettles at any time, a meter every 10 s: what is known is true."""
    wiring = data.draw(st.integers(0, 2))
    driver = one_phase(wiring)
    driver.change(fuse_a=63.0)
    noise = st.floats(-0.4, 0.4)
    kettle = st.sampled_from([0.0] * 5 + [3.0, 6.0, 9.0])
    for number in range(10):
        driver.change(driver.box.charger.id, max_a=10.0 if number % 2 else 16.0)
        for _ in range(6):
            driver.house_a = [2.0 + data.draw(noise) for _ in range(3)]
            driver.house_a[data.draw(st.integers(0, 2))] += data.draw(kettle)
            driver.tick(10.0)
    assert driver.of().learned.phase_map in (None, (wiring,))
