"""The grid operator's limit: for all that charges, whatever it was promised; the sun comes on top."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import GridReading, Mode, OffPeak, Snapshot
from custom_components.ampacity.engine.operator import (
    FAILSAFE_S,
    shared_limit_w,
    signal_now,
    watch_operator,
)
from custom_components.ampacity.engine.requests import start_boost
from custom_components.ampacity.engine.result import EventKind
from custom_components.ampacity.engine.state import Boost
from custom_components.ampacity.engine.tariffs import (
    OperatorMemory,
    OperatorRule,
    OperatorSignal,
)

from .driver import VOLT, Driver, car, running

EACH = OperatorRule()
ON = OperatorSignal(active=True)
OFF = OperatorSignal(active=False)
MISSING = OperatorSignal(active=False, missing=True)


def taken_w(driver: Driver, volt: float = VOLT) -> float:
    """Return what all cars take."""
    return sum(sum(box.drawn_a) for box in driver.boxes.values()) * volt


def limited(*chargers: object, rule: OperatorRule = EACH, **site: object) -> Driver:
    """Return a site whose chargers run at 16 A, the moment the signal comes on."""
    driver = running(*chargers, operator=rule, **site)  # type: ignore[arg-type]
    driver.operator = ON
    return driver


@pytest.mark.parametrize(
    ("devices", "expected_w"),
    [
        (1, 4200.0),
        (2, 7560.0),
        (3, 10_500.0),
        (4, 13_020.0),
        (5, 15_120.0),
        (8, 18_900.0),
        (9, 19_320.0),
        (10, 21_210.0),
        (0, 4200.0),
    ],
)
def test_limit_of_several_devices(devices: int, expected_w: float) -> None:
    """4.2 kW, and for each further device that much times the simultaneity factor."""
    assert shared_limit_w(devices) == pytest.approx(expected_w)


@pytest.mark.parametrize("mode", [Mode.FAST, Mode.OFF_PEAK])
def test_limit_holds_at_once(mode: Mode) -> None:
    """On the very next reading the charger is at 6 A: 4.14 kW at 230 V."""
    driver = limited(car(mode=mode))
    driver.off_peak = OffPeak(active=True)
    driver.guard()
    assert driver.offer() == 6.0
    decision = driver.decision()
    assert decision.reason.key is ReasonKey.OPERATOR
    assert decision.reason.values["limit_w"] == 4200.0
    assert driver.limiting()
    driver.tick()
    driver.operator = OFF
    driver.run(120)
    assert driver.offer() == 16.0
    assert EventKind.LIMIT_ACTIVE in driver.kinds()


def test_boost_is_no_excuse() -> None:
    """A boost is limited like all else."""
    driver = limited(car(mode=Mode.FAST))
    driver.state = start_boost(driver.state, "a", Boost(remaining_s=900.0))
    driver.run(60)
    assert driver.offer() == 6.0
    assert driver.reason() is ReasonKey.OPERATOR


def test_until_when() -> None:
    """An end that came with the signal is told; one that is over is not."""
    driver = limited(car(mode=Mode.FAST))
    end = driver.now + timedelta(minutes=30)
    driver.operator = replace(ON, until=end)
    driver.run(60)
    assert driver.decision().reason.until == end
    driver.operator = replace(ON, until=driver.now - timedelta(minutes=1))
    driver.run(20)
    assert driver.decision().reason.until is None


def measured_v(driver: Driver, volt: float) -> None:
    """Let the meter tell this voltage on all phases."""
    grid = driver.snapshot().grid
    driver.grid_override = replace(grid, voltage_v=(volt,) * 3)


def high(driver: Driver, seconds: float) -> None:
    """Let time pass at 242 V."""
    for _ in range(round(seconds / 10.0)):
        driver.grid_override = None
        measured_v(driver, 242.0)
        driver.tick()


def test_at_242_volts_three_phases_are_too_much() -> None:
    """6 A on three phases are 4.36 kW then: a charger of three phases pauses."""
    driver = limited(car(mode=Mode.FAST))
    high(driver, 120)
    assert driver.offer() == 0.0
    assert driver.reason() is ReasonKey.OPERATOR_PAUSED
    assert driver.decision().reason.values["limit_w"] == 4200.0


def test_at_242_volts_one_phase_goes_on() -> None:
    """One that can switch goes to one phase, up to 4.2 kW, and back when the limit is over."""
    charger = car(mode=Mode.FAST, can_switch_phases=True, switch_interval_s=60.0)
    driver = limited(charger)
    driver.box.phases = 3
    high(driver, 300)
    assert driver.box.phases == 1
    assert driver.offer() == 16.0
    assert taken_w(driver, 242.0) <= 4200.0
    driver.operator = OFF
    high(driver, 600)
    assert driver.box.phases == 3
    assert driver.offer() == 16.0


def test_paused_charger_starts_on_one_phase() -> None:
    """A car that comes while the limit holds begins on one phase where three are too much."""
    charger = car(mode=Mode.FAST, can_switch_phases=True)
    driver = Driver(charger, operator=EACH)
    driver.box.phases = 3
    driver.operator = ON
    high(driver, 300)
    assert driver.box.phases == 1
    assert driver.offer() == 16.0


def test_own_plant_does_not_count() -> None:
    """What the sun gives beyond the house comes on top of the limit."""
    driver = limited(car(mode=Mode.FAST))
    driver.sun_w = 690.0 + 3450.0
    driver.run(120)
    # 4.2 kW from the grid and 3.45 kW from the sun are 11 A
    assert driver.offer() == 11.0
    # What the house takes of the sun is not there for the car
    driver.house_a = [6.0] * 3
    driver.run(20)
    assert driver.offer() == 6.0


def test_meter_without_a_sign_counts_no_sun() -> None:
    """Nobody knows then whether anything is exported."""
    driver = limited(car(mode=Mode.FAST))
    driver.tells_power = False
    driver.sun_w = 5000.0
    driver.run(60)
    assert driver.offer() == 6.0


def test_each_charger_or_all_together() -> None:
    """Two of 4.2 kW each are 8.4 kW, together they keep 7.56 kW: one has to wait."""
    cars = [car("a", mode=Mode.FAST), car("b", mode=Mode.FAST)]
    driver = limited(*cars)
    driver.run(120)
    assert (driver.offer("a"), driver.offer("b")) == (6.0, 6.0)
    driver = limited(*cars, rule=OperatorRule(per_device_w=None, site_w=7560.0))
    driver.run(120)
    assert sorted((driver.offer("a"), driver.offer("b"))) == [0.0, 10.0]


def test_limit_that_comes_with_the_signal() -> None:
    """A value that is told counts for all together, whatever the rule says."""
    driver = limited(car(mode=Mode.FAST))
    driver.operator = replace(ON, limit_w=7000.0)
    driver.run(120)
    assert driver.offer() == 10.0
    driver.operator = replace(ON, limit_w=0.0)
    driver.run(20)
    assert driver.offer() == 0.0


def test_one_that_does_not_ask_comes_off_the_shared_limit() -> None:
    """What a charger takes that nobody may stop is limited power like any other."""
    cars = [car("a", mode=Mode.FAST), car("b", mode=Mode.OFF)]
    rule = OperatorRule(per_device_w=None, site_w=12_000.0)
    driver = running(*cars, operator=rule)
    box = driver.boxes["b"]
    box.ignores_pause, box.enabled, box.limit_a = True, True, 6.0
    driver.operator = ON
    driver.run(120)
    assert driver.offer("a") == 11.0


def test_no_rule_or_no_signal_no_limit() -> None:
    """A signal without a rule limits nothing, and neither does a rule without a signal."""
    for rule, signal in ((None, ON), (EACH, None), (EACH, OFF)):
        driver = running(car(mode=Mode.FAST), operator=rule)
        driver.operator = signal
        driver.run(60)
        assert driver.offer() == 16.0


def test_signal_that_goes_missing() -> None:
    """A limit stays for two hours at most, and ends at once when the signal says so."""
    snapshot = Snapshot(grid=GridReading(), operator=MISSING)
    memory = OperatorMemory(signal=ON)
    for _ in range(120):
        memory = watch_operator(snapshot, memory, 60.0)
    assert memory.silent_s == FAILSAFE_S
    assert signal_now(memory) == ON
    memory = watch_operator(snapshot, memory, 60.0)
    assert signal_now(memory) is None
    back = replace(snapshot, operator=ON)
    memory = watch_operator(back, memory, 60.0)
    assert signal_now(memory) == ON

    free = watch_operator(snapshot, OperatorMemory(signal=OFF), 60.0)
    assert signal_now(free) is None


@pytest.mark.parametrize(
    ("volt", "offer_a", "key"),
    [(230.0, 6.0, ReasonKey.METER_STALE), (242.0, 0.0, ReasonKey.OPERATOR_PAUSED)],
)
def test_limit_holds_while_the_meter_is_lost(
    volt: float, offer_a: float, key: ReasonKey
) -> None:
    """The safe current is no way around it; of the sun nobody knows then."""
    driver = limited(car(mode=Mode.FAST, safe_a=10.0), voltage_v=volt)
    driver.silent = True
    driver.run(180)
    assert driver.offer() == offer_a
    assert driver.reason() is key


@settings(max_examples=30, deadline=None)
@given(
    loads=st.lists(
        st.tuples(st.floats(0.0, 15.0), st.floats(0.0, 9000.0), st.booleans()),
        min_size=2,
        max_size=6,
    ),
    count=st.integers(1, 3),
    shared=st.booleans(),
)
def test_never_more_from_the_grid_than_the_operator_leaves(
    loads: list[tuple[float, float, bool]], count: int, shared: bool
) -> None:
    """One tick after house, sun or signal have changed, the cars keep to the limit."""
    cars = [car(name, mode=Mode.FAST) for name in "abc"[:count]]
    limit_w = shared_limit_w(count) if shared else count * 4200.0
    rule = EACH
    if shared:
        rule = OperatorRule(per_device_w=None, site_w=limit_w)
    driver = running(*cars, operator=rule, fuse_a=80.0)
    for house_a, sun_w, active in loads:
        driver.house_a, driver.sun_w = [house_a] * 3, sun_w
        driver.operator = ON if active else OFF
        driver.tick()
        for _ in range(9):
            driver.tick()
            if active:
                sun = max(0.0, sun_w - 3.0 * house_a * VOLT)
                assert taken_w(driver) <= limit_w + sun + 1.0
