"""A meter that counts the wrong way or far too little: told by the chargers' own steps."""

from collections.abc import Callable

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import GridReading, Mode, Reading

from .driver import VOLT, Driver, car, running

type Tell = Callable[[Driver], GridReading]


def told(*, factor: float, phases: bool = True) -> Tell:
    """Return a meter that tells the truth times a factor."""

    def tell(driver: Driver) -> GridReading:
        currents = [current_a * factor for current_a in driver.grid_a]
        return GridReading(
            power_w=Reading(value=sum(currents) * VOLT),
            current_a=tuple(Reading(value=one) for one in currents) if phases else (),
        )

    return tell


FLIPPED = told(factor=-1.0)
IN_KILO = told(factor=0.001)


def run(driver: Driver, tell: Tell | None, seconds: int) -> None:
    """Let control go on every 10 s with what the meter tells; None tells the truth."""
    for _ in range(seconds // 10):
        driver.grid_override = tell(driver) if tell else None
        driver.tick()


def key(driver: Driver) -> ReasonKey:
    """Return the newest reason."""
    return driver.result.decisions[0].reason.key


@pytest.mark.parametrize(
    ("tell", "expected"),
    [(FLIPPED, ReasonKey.METER_SIGN), (IN_KILO, ReasonKey.METER_IMPLAUSIBLE)],
)
def test_jump_is_doubted_at_once_and_confirmed_by_the_step_to_safety(
    tell: Tell, expected: ReasonKey
) -> None:
    """Two cars at 11 A: at their safe current with the first wrong report, and kept there."""
    driver = running(car("a", mode=Mode.FAST), car("b", mode=Mode.FAST), offer_a=11.0)
    run(driver, tell, 10)
    assert key(driver) is expected
    assert [one.offer_a for one in driver.result.decisions] == [6.0, 6.0]
    run(driver, tell, 1800)
    assert key(driver) is expected
    assert driver.state.meter.trial.sure
    run(driver, None, 300)
    assert key(driver) in (ReasonKey.FAST, ReasonKey.FUSE)


@pytest.mark.parametrize("by_hand", [True, False])
def test_cars_that_stop_in_a_house_that_sleeps_are_no_fault(by_hand: bool) -> None:
    """From 11 kW to 40 W at night: all values fall to a hundredth, as they should."""
    driver = running(car("a", mode=Mode.FAST), offer_a=16.0)
    driver.house_a = [0.06, 0.05, 0.05]
    run(driver, None, 120)
    assert key(driver) is ReasonKey.FAST
    if by_hand:
        driver.box.plugged = False
    else:
        driver.change("a", mode=Mode.OFF)
    for _ in range(12):
        driver.grid_override = None
        driver.tick()
        assert driver.state.meter.lost is None
        assert key(driver) in (ReasonKey.OFF, ReasonKey.NOT_CONNECTED)


def test_car_that_stops_in_two_steps_between_two_reports_is_no_fault() -> None:
    """From 16 to 6 A and to a pause five seconds later, of a meter that reports every ten."""
    driver = running(car("a", mode=Mode.FAST), offer_a=16.0)
    driver.house_a = [0.06, 0.05, 0.05]
    run(driver, None, 120)
    driver.grid_override = before = told(factor=1.0)(driver)
    driver.change("a", max_a=6.0)
    driver.tick(5.0)
    driver.change("a", mode=Mode.OFF)
    driver.grid_override = before
    driver.tick(5.0)
    assert driver.offer() == 0.0
    run(driver, told(factor=1.0), 60)
    assert driver.state.meter.lost is None
    assert key(driver) is ReasonKey.OFF


def test_a_house_without_chargers_is_looked_at_all_the_same() -> None:
    """Its site is set up before its first charger."""
    driver = Driver()
    errors = [driver.tick().error for _ in range(6)]
    assert not any(errors)


@pytest.mark.parametrize("phases", [True, False])
def test_sign_that_was_wrong_from_the_start(phases: bool) -> None:
    """No jump to see: the first steps tell, and the second convicts."""
    driver = Driver(car("a", mode=Mode.FAST, max_a=10.0))
    tell = told(factor=-1.0, phases=phases)
    run(driver, tell, 60)
    driver.change("a", max_a=16.0)
    run(driver, tell, 120)
    driver.change("a", max_a=10.0)
    run(driver, tell, 60)
    assert key(driver) is ReasonKey.METER_SIGN
    assert driver.result.decisions[0].offer_a == 6.0


@pytest.mark.parametrize("tell", [told(factor=0.9), told(factor=1.1), None])
def test_meter_that_follows_is_believed(tell: Tell | None) -> None:
    """Up and down many times, also with a meter that is 10 % off."""
    driver = Driver(car("a", mode=Mode.FAST))
    for max_a in (16.0, 10.0, 16.0, 7.0, 16.0, 6.0):
        driver.change("a", max_a=max_a)
        run(driver, tell, 120)
        assert driver.state.meter.lost is None
        assert driver.state.meter.trial.against == 0


def test_house_that_goes_the_other_way_by_chance_is_no_proof() -> None:
    """An oven that goes on while the car is lowered counts once, and the next step clears it."""
    driver = running(car("a", mode=Mode.FAST), fuse_a=63.0)
    driver.house_a = [9.0, 9.0, 9.0]
    driver.change("a", max_a=10.0)
    run(driver, None, 60)
    assert driver.state.meter.lost is None
    driver.change("a", max_a=16.0)
    run(driver, None, 120)
    assert driver.state.meter.lost is None
    assert driver.state.meter.trial.against == 0


def test_home_battery_that_nobody_told_of_is_no_fault() -> None:
    """It keeps the connection near zero, whatever the car takes."""
    driver = Driver(car("a", mode=Mode.FAST))

    def near_zero(driver: Driver) -> GridReading:
        rest_a = 0.1 + 0.01 * (driver.state.clock_s % 7)
        return GridReading(
            power_w=Reading(value=3.0 * VOLT * rest_a),
            current_a=tuple(Reading(value=rest_a) for _ in range(3)),
        )

    for max_a in (16.0, 10.0, 16.0, 7.0, 16.0, 6.0):
        driver.change("a", max_a=max_a)
        run(driver, near_zero, 120)
        assert driver.state.meter.lost is None


def test_sun_that_moves_with_a_car_on_the_sun_is_no_proof() -> None:
    """Without a sensor of the sun, what follows it proves nothing: the sun falls on and on."""
    driver = running(car("a", mode=Mode.SOLAR))
    for _ in range(60):
        driver.sun_w = max(0.0, driver.sun_w - 400.0)
        driver.tick()
        assert driver.state.meter.lost is None


def test_doubt_without_a_step_ends() -> None:
    """The car is at its safe current already: nothing can be tried, so the doubt ends."""
    driver = running(car("a", mode=Mode.FAST, max_a=6.0), offer_a=6.0)
    run(driver, FLIPPED, 10)
    assert key(driver) is ReasonKey.METER_SIGN
    run(driver, FLIPPED, 200)
    assert driver.state.meter.lost is None
    assert driver.state.meter.trial.against == 1


def test_balance_that_cannot_be_is_doubted() -> None:
    """The sign turns in a moment of export, so nothing jumps to where it hides an import."""
    driver = running(car("a", mode=Mode.FAST), fuse_a=40.0)
    driver.solar_sensor = True
    driver.sun_w = 20.0 * 3.0 * VOLT
    run(driver, None, 60)
    run(driver, FLIPPED, 10)
    assert driver.state.meter.lost is None
    driver.sun_w = 2000.0
    run(driver, FLIPPED, 90)
    assert driver.state.meter.trial.verdict == ReasonKey.METER_SIGN
    assert driver.state.meter.trial.sure


@pytest.mark.parametrize("phases", [True, False])
def test_meter_that_shows_nothing_of_the_cars_is_doubted(phases: bool) -> None:
    """The unit turns in a moment of balance, so nothing jumps; then the sun is gone."""
    driver = running(car("a", mode=Mode.FAST), fuse_a=40.0)
    driver.solar_sensor = True
    driver.house_a = [0.3, 0.3, 0.3]
    driver.sun_w = 16.2 * 3.0 * VOLT
    run(driver, None, 60)
    driver.sun_w = 2000.0
    run(driver, told(factor=0.001, phases=phases), 10)
    assert driver.state.meter.lost is None
    run(driver, told(factor=0.001, phases=phases), 60)
    assert key(driver) is ReasonKey.METER_IMPLAUSIBLE
    run(driver, told(factor=0.001, phases=phases), 600)
    assert driver.state.meter.trial.sure


def test_sun_that_carries_the_car_for_a_while_is_no_fault() -> None:
    """The total is near zero, the phases are not: the plant feeds one phase."""
    driver = running(car("a", mode=Mode.FAST), fuse_a=40.0)
    driver.solar_sensor = True
    driver.sun_w = 11_000.0

    def one_phase(driver: Driver) -> GridReading:
        return GridReading(
            power_w=Reading(value=5.0),
            current_a=tuple(Reading(value=one) for one in (-32.0, 16.0, 16.02)),
        )

    run(driver, one_phase, 300)
    assert driver.state.meter.lost is None
