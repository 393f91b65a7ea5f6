"""Phases: up with enough sun, down with too little, never under load, seldom, and not for ever."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import Mode
from custom_components.ampacity.engine.state import Cap, ChargerState, Phase
from tests.engine.driver import VOLT, Driver, car, surplus

ONE_W = VOLT * 6.0
ALL_W = 3 * ONE_W


def switchable(
    *, phases: int = 3, site: dict[str, Any] | None = None, **charger: Any
) -> Driver:
    """Return a house whose car waits on a charger that can change its phases."""
    known: dict[str, Any] = {"mode": Mode.SOLAR, "can_switch_phases": True}
    house = Driver(car(**known | charger), **site or {})
    house.box.phases = phases
    return house


def charging_on(phases: int, watts: float, **charger: Any) -> Driver:
    """Return a house that has long been charging from the sun on so many phases."""
    house = switchable(phases=phases, **charger)
    surplus(house, watts)
    house.run(900)
    assert house.box.phases == phases
    assert house.offer() > 0.0
    return house


def switches(house: Driver) -> list[int]:
    """Return what the charger was told about its phases, in order."""
    return [one.phases for one in house.box.commands if one.phases is not None]


def until_switch(house: Driver, limit_s: float = 1200.0) -> float:
    """Let time pass until the charger is told to switch; return how long that took."""
    before = len(switches(house))
    waited_s = 0.0
    while len(switches(house)) == before and waited_s < limit_s:
        house.tick(10)
        waited_s += 10
    return waited_s


@pytest.mark.parametrize(
    ("left_w", "lasts_s"), [(0.0, 60.0), (ALL_W / 3.0, 90.0), (ALL_W - 400.0, 180.0)]
)
def test_a_gap_costs_no_more_on_all_phases_than_on_one(
    left_w: float, lasts_s: float
) -> None:
    """What one phase takes in three minutes is imported at most: then it pauses or leaves them."""
    house = charging_on(3, 6000.0)
    surplus(house, left_w)
    house.run(lasts_s - 10.0, 5)
    assert house.offer() == 6.0
    house.run(20, 5)
    assert house.offer() == 0.0


def test_a_gap_lasts_where_it_cannot_leave_its_phases() -> None:
    """Somebody has chosen them by hand: three minutes of what they take."""
    house = charging_on(3, 6000.0)
    held = house.of()
    chosen = replace(held, switching=replace(held.switching, by_hand=True))
    house.state = house.state.with_charger(house.box.charger.id, chosen)
    surplus(house, 0.0)
    house.run(170, 5)
    assert house.offer() == 6.0
    house.run(20, 5)
    assert house.offer() == 0.0


@pytest.mark.parametrize(
    ("phases", "before_w", "after_w", "expected", "least_s", "most_s"),
    [
        pytest.param(1, 2500.0, ALL_W + 200, 3, 120.0, 150.0, id="up"),
        pytest.param(1, 2500.0, ALL_W - 100, 1, 1200.0, 1200.0, id="not quite up"),
        pytest.param(3, 6000.0, ALL_W - 300, 1, 180.0, 220.0, id="down"),
        pytest.param(3, 6000.0, ALL_W + 200, 3, 1200.0, 1200.0, id="stays"),
    ],
)
def test_sun_decides_the_phases(
    phases: int,
    before_w: float,
    after_w: float,
    expected: int,
    least_s: float,
    most_s: float,
) -> None:
    """Up after two minutes with enough, down after three with too little."""
    house = charging_on(phases, before_w)
    surplus(house, after_w)
    assert least_s <= until_switch(house) <= most_s
    house.run(120)
    assert house.box.phases == expected
    assert house.offer() > 0.0
    assert sum(house.grid_a) <= 0.0


def test_sequence() -> None:
    """Pause, nothing flows, switch, wait, start; the reason says so with its end."""
    house = charging_on(1, 2500.0)
    surplus(house, 8000.0)
    house.box.commands.clear()
    until_switch(house)
    assert house.of().phase is Phase.SWITCHING
    reason = house.decision().reason
    assert (reason.key, reason.values["phases"]) == (ReasonKey.SWITCHING_PHASES, 3)
    assert reason.until is not None
    house.run(60)
    pause, switch, start = house.box.commands[-3:]
    assert pause == Command(enabled=False)
    assert switch == Command(phases=3)
    assert start.enabled
    assert start.current_a is not None
    assert start.current_a >= 6.0


def test_pause_lasts_as_long_as_the_charger_needs() -> None:
    """Nothing is offered for the configured time after the switch."""
    house = charging_on(1, 2500.0, switch_pause_s=45.0)
    surplus(house, 8000.0)
    until_switch(house)
    waited_s = 0.0
    while house.offer() == 0.0:
        house.tick(5)
        waited_s += 5.0
    assert 45.0 <= waited_s <= 60.0


def test_a_car_that_goes_on_drawing_is_not_switched() -> None:
    """The switch is given up, the charger says that it does not obey."""
    house = charging_on(1, 2500.0)
    surplus(house, 8000.0)
    house.box.ignores_pause = True
    house.run(900)
    assert switches(house) == []


@pytest.mark.parametrize("tells", [True, False])
def test_starts_on_one_phase_with_little_sun(tells: bool) -> None:
    """What waits on three phases goes to one first, without charging in between."""
    house = switchable()
    house.box.tells_phases = tells
    house.run(120)
    surplus(house, 2000.0)
    house.run(120)
    assert (house.box.phases, house.offer()) == (1, 8.0)
    assert [one.enabled for one in house.box.commands if one.enabled] == [True]


def test_starts_at_once_at_plug_in_after_the_switch() -> None:
    """The switch of a car that has just come does not cost it the minute of sun."""
    house = switchable()
    house.box.plugged = False
    surplus(house, 2000.0)
    house.run(900)
    house.box.plugged = True
    house.run(60)
    assert (house.box.phases, house.offer()) == (1, 8.0)


def test_enough_sun_for_one_phase_waits_for_the_next_switch() -> None:
    """Switched a moment ago: it says until when."""
    house = charging_on(1, 2500.0)
    surplus(house, 8000.0)
    until_switch(house)
    house.run(60)
    surplus(house, -3000.0)
    while house.offer() > 0.0:
        house.tick(10)
    surplus(house, 2000.0)
    house.run(120)
    assert house.reason() is ReasonKey.PHASES_WAITING
    assert house.decision().reason.until is not None
    house.run(600)
    assert (house.box.phases, house.offer()) == (1, 8.0)


@pytest.mark.parametrize("high_w", [ALL_W + 50, ALL_W + 2000])
@pytest.mark.parametrize("swing_s", [20.0, 60.0])
def test_sun_that_swings_around_the_threshold_changes_nothing(
    swing_s: float, high_w: float
) -> None:
    """Neither up nor down."""
    house = charging_on(1, 2500.0)
    for _ in range(30):
        surplus(house, high_w)
        house.run(swing_s)
        surplus(house, ALL_W - 500)
        house.run(swing_s)
    assert switches(house) == []


def test_a_bad_sample_does_not_start_over() -> None:
    """One dark reading in two minutes of sun costs less than all of them."""
    house = charging_on(1, 2500.0)
    surplus(house, 8000.0)
    house.run(100)
    surplus(house, 500.0)
    house.tick(10)
    surplus(house, 8000.0)
    assert until_switch(house) <= 90.0


def test_one_phase_that_can_take_it_all_is_enough() -> None:
    """At 32 A one phase carries more than three at their minimum."""
    house = charging_on(1, 2500.0, max_a=32.0, site={"fuse_a": 40.0})
    surplus(house, 6500.0)
    assert until_switch(house) == 1200.0
    surplus(house, 9000.0)
    assert until_switch(house) <= 150.0
    house.run(700)
    surplus(house, 6500.0)
    assert until_switch(house) <= 220.0
    assert house.box.phases == 1


def test_a_car_that_uses_one_phase_stays_on_one() -> None:
    """It has been seen on all of them."""
    house = switchable(mode=Mode.FAST)
    house.box.car_phases = 1
    house.run(120)
    house.change("a", mode=Mode.SOLAR)
    house.box.phases = 1
    surplus(house, 8000.0)
    house.run(1800)
    assert switches(house) == []


@pytest.mark.parametrize("mode", [Mode.FAST, Mode.SOLAR_MIN])
def test_without_sun(mode: Mode) -> None:
    """Fast takes all phases at once, the minimum needs one alone."""
    house = switchable(phases=1 if mode is Mode.FAST else 3, mode=mode)
    house.run(120)
    assert house.box.phases == (3 if mode is Mode.FAST else 1)
    assert house.offer() == (16.0 if mode is Mode.FAST else 6.0)


def test_boost_goes_up_while_charging() -> None:
    """From the sun on one phase to full power on three."""
    house = charging_on(1, 2500.0)
    house.change("a", mode=Mode.FAST)
    assert until_switch(house) <= 40.0
    house.run(120)
    assert (house.box.phases, house.offer()) == (3, 16.0)


def test_full_phase_makes_it_go_to_its_first() -> None:
    """One phase before a pause, and back once there has been room."""
    house = switchable(mode=Mode.FAST)
    house.run(900)
    assert house.offer() == 16.0
    house.house_a = [1.0, 20.0, 1.0]
    assert house.guard().decisions[0].offer_a == 0.0
    assert house.reason() is ReasonKey.SWITCHING_PHASES
    house.run(60)
    assert (house.box.phases, house.offer()) == (1, 16.0)
    house.house_a = [1.0, 1.0, 1.0]
    house.run(900)
    assert (house.box.phases, house.offer()) == (3, 16.0)


def test_no_second_switch_for_a_limit_either() -> None:
    """Within ten minutes it is paused instead."""
    house = switchable(phases=1, mode=Mode.FAST)
    house.run(60)
    assert house.box.phases == 3
    house.house_a = [1.0, 20.0, 1.0]
    house.run(60)
    assert (house.box.phases, house.offer()) == (3, 0.0)
    assert house.reason() is ReasonKey.FUSE_PAUSED
    house.run(600)
    assert (house.box.phases, house.offer()) == (1, 16.0)


def test_goes_to_one_phase_before_another_is_shut_out() -> None:
    """The other hangs on L2, which three phases would fill."""
    house = Driver(
        car("a", mode=Mode.FAST, can_switch_phases=True, priority=1),
        car("b", mode=Mode.FAST, phases=1, phase_map=(1,), priority=2),
        fuse_a=16.0,
    )
    house.boxes["a"].phases = 3
    house.boxes["b"].plugged = False
    house.house_a = [1.0, 5.0, 1.0]
    house.run(900)
    house.boxes["b"].plugged = True
    house.run(300)
    assert house.boxes["a"].phases == 1
    assert house.offer("a") >= 6.0
    assert house.offer("b") >= 6.0
    house.run(3600)
    assert house.boxes["a"].phases == 1


def test_operator_cap_too_low_for_three_phases() -> None:
    """4.2 kW at 242 V are less than 6 A on three phases, and 16 A on one."""
    house = switchable(mode=Mode.FAST, site={"voltage_v": 242.0})
    house.run(900)
    held = house.of()
    capped = Cap(power_w=4200.0)
    house.state = house.state.with_charger("a", _with_cap(held, capped))
    house.run(120)
    assert (house.box.phases, house.offer()) == (1, 16.0)
    house.state = house.state.with_charger("a", _with_cap(house.of(), None))
    house.run(900)
    assert (house.box.phases, house.offer()) == (3, 16.0)


def _with_cap(held: ChargerState, cap: Cap | None) -> ChargerState:
    return replace(held, cap=cap)
