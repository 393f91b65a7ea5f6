"""Phases: up with enough sun, down with too little, never under load, seldom, and not for ever."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import ChargerStatus, Mode
from custom_components.ampacity.engine.result import Tempo
from custom_components.ampacity.engine.state import Cap, ChargerState, Phase
from tests.engine.driver import VOLT, Driver, car

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


def sun(house: Driver, watts: float) -> None:
    """Let the sun shine so that this much is left for cars."""
    house.sun_w = watts + house.site.export_margin_w + sum(house.house_a) * VOLT


def charging_on(phases: int, watts: float, **charger: Any) -> Driver:
    """Return a house that has long been charging from the sun on so many phases."""
    house = switchable(phases=phases, **charger)
    sun(house, watts)
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
    sun(house, after_w)
    assert least_s <= until_switch(house) <= most_s
    house.run(120)
    assert house.box.phases == expected
    assert house.offer() > 0.0
    assert sum(house.grid_a) <= 0.0


def test_sequence() -> None:
    """Pause, nothing flows, switch, wait, start; the reason says so with its end."""
    house = charging_on(1, 2500.0)
    sun(house, 8000.0)
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
    sun(house, 8000.0)
    until_switch(house)
    waited_s = 0.0
    while house.offer() == 0.0:
        house.tick(5)
        waited_s += 5.0
    assert 45.0 <= waited_s <= 60.0


def test_a_car_that_goes_on_drawing_is_not_switched() -> None:
    """The switch is given up, the charger says that it does not obey."""
    house = charging_on(1, 2500.0)
    sun(house, 8000.0)
    house.box.ignores_pause = True
    house.run(900)
    assert switches(house) == []


@pytest.mark.parametrize("tells", [True, False])
def test_starts_on_one_phase_with_little_sun(tells: bool) -> None:
    """What waits on three phases goes to one first, without charging in between."""
    house = switchable()
    house.box.tells_phases = tells
    house.run(120)
    sun(house, 2000.0)
    house.run(120)
    assert (house.box.phases, house.offer()) == (1, 8.0)
    assert [one.enabled for one in house.box.commands if one.enabled] == [True]


def test_starts_at_once_at_plug_in_after_the_switch() -> None:
    """The switch of a car that has just come does not cost it the minute of sun."""
    house = switchable()
    house.box.plugged = False
    sun(house, 2000.0)
    house.run(900)
    house.box.plugged = True
    house.run(60)
    assert (house.box.phases, house.offer()) == (1, 8.0)


def test_enough_sun_for_one_phase_waits_for_the_next_switch() -> None:
    """Switched a moment ago: it says until when."""
    house = charging_on(1, 2500.0)
    sun(house, 8000.0)
    until_switch(house)
    house.run(60)
    sun(house, -3000.0)
    while house.offer() > 0.0:
        house.tick(10)
    sun(house, 2000.0)
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
        sun(house, high_w)
        house.run(swing_s)
        sun(house, ALL_W - 500)
        house.run(swing_s)
    assert switches(house) == []


def test_a_bad_sample_does_not_start_over() -> None:
    """One dark reading in two minutes of sun costs less than all of them."""
    house = charging_on(1, 2500.0)
    sun(house, 8000.0)
    house.run(100)
    sun(house, 500.0)
    house.tick(10)
    sun(house, 8000.0)
    assert until_switch(house) <= 90.0


def test_one_phase_that_can_take_it_all_is_enough() -> None:
    """At 32 A one phase carries more than three at their minimum."""
    house = charging_on(1, 2500.0, max_a=32.0, site={"fuse_a": 40.0})
    sun(house, 6500.0)
    assert until_switch(house) == 1200.0
    sun(house, 9000.0)
    assert until_switch(house) <= 150.0
    house.run(700)
    sun(house, 6500.0)
    assert until_switch(house) <= 220.0
    assert house.box.phases == 1


def test_a_car_that_uses_one_phase_stays_on_one() -> None:
    """It has been seen on all of them."""
    house = switchable(mode=Mode.FAST)
    house.box.car_phases = 1
    house.run(120)
    house.change("a", mode=Mode.SOLAR)
    house.box.phases = 1
    sun(house, 8000.0)
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


@pytest.mark.parametrize("fault", ["ignores", "rejects"])
def test_two_failures_and_it_stays_until_unplugged(fault: str) -> None:
    """It charges on as it is, says why, and tries again with the next car."""
    house = charging_on(1, 2500.0)
    house.box.ignores_phases = True
    house.box.tells_phases = fault == "ignores"
    sun(house, 8000.0)
    for _ in range(60):
        house.box.write_failed = fault == "rejects" and bool(
            house.box.commands and house.box.commands[-1].phases
        )
        house.tick(10)
    assert switches(house) == [3, 3]
    house.run(3600)
    assert switches(house) == [3, 3]
    assert house.offer() == 16.0
    reason = house.decision().reason
    assert (reason.key, reason.values["phases"]) == (ReasonKey.PHASES_FAILED, 1)
    house.box.plugged = False
    house.run(60)
    house.box.plugged, house.box.ignores_phases = True, False
    house.run(300)
    assert (house.box.phases, house.offer()) == (3, 11.0)


def test_offline_in_the_middle_counts_as_a_failure() -> None:
    """It is taken over as it is when it comes back."""
    house = charging_on(1, 2500.0)
    house.box.ignores_phases = True
    sun(house, 8000.0)
    until_switch(house)
    house.box.status = ChargerStatus.OFFLINE
    house.run(30)
    house.box.status = None
    house.run(60)
    assert house.of().switching.failures == 1
    house.run(300)
    assert house.offer() == 16.0


def test_by_hand_is_kept_until_the_car_leaves() -> None:
    """Somebody switches to one phase in the charger's app."""
    house = charging_on(3, 8000.0)
    house.box.phases = 1
    house.run(1800)
    assert (switches(house), house.box.phases) == ([], 1)
    house.box.plugged = False
    house.run(60)
    house.box.plugged = True
    house.run(120)
    assert house.box.phases == 3


def test_lost_meter_does_not_shorten_the_pause() -> None:
    """A charger that has just been switched is not started for the safe current."""
    house = switchable(phases=1, mode=Mode.FAST, switch_pause_s=60.0)
    until_switch(house)
    house.grid_override = None
    house.silent, house.meter_age_s = True, 500.0
    house.tick(10)
    assert house.offer() == 0.0
    house.run(120)
    assert house.offer() == 6.0


def test_fuse_counts_all_phases_while_current_flows_on_them() -> None:
    """A charger that says one phase and draws on three is counted on three."""
    house = charging_on(1, 2500.0, mode=Mode.SOLAR)
    house.box.phases = None
    reading = house.box.reading()
    assert reading.phases is None
    house.run(30)
    assert house.of().switching.phases == 3


def test_unknown_reading_of_the_phases_keeps_what_was_commanded() -> None:
    """A sensor that goes away does not move anything."""
    house = switchable()
    sun(house, 2000.0)
    house.run(300)
    assert house.box.phases == 1
    house.box.tells_phases = False
    house.run(600)
    assert house.of().switching.phases == 1
    assert switches(house) == [1]


@settings(max_examples=60, deadline=None)
@given(
    weather=st.lists(
        st.tuples(st.floats(-2000.0, 9000.0), st.integers(1, 60)),
        min_size=3,
        max_size=14,
    ),
    house_a=st.lists(st.floats(0.0, 22.0), min_size=3, max_size=3),
    mode=st.sampled_from(Mode),
    phases=st.sampled_from([1, 3]),
    faults=st.sampled_from(["none", "ignores", "silent"]),
)
def test_never_under_load_never_twice_in_ten_minutes(
    weather: list[tuple[float, int]],
    house_a: list[float],
    mode: Mode,
    phases: int,
    faults: str,
) -> None:
    """Whatever the sun, the house and the mode do; the box itself refuses a switch under load."""
    house = switchable(phases=phases, mode=mode)
    house.box.ignores_phases = faults == "ignores"
    house.box.tells_phases = faults != "silent"
    told: list[tuple[float, int]] = []
    for watts, ticks in weather:
        house.sun_w = max(0.0, watts)
        house.house_a = house_a if watts > 4000.0 else [1.0, 1.0, 1.0]
        for step in range(ticks):
            tempo = Tempo.GUARD if step % 3 else Tempo.CONTROL
            result = house.tick(10, tempo)
            assert result.error is None
            decision = result.decisions[0]
            assert decision.offer_a == 0.0 or decision.offer_a >= 6.0
            command = decision.command
            if command is None or command.phases is None:
                continue
            assert command == Command(phases=command.phases)
            assert decision.offer_a == 0.0
            assert tempo is Tempo.CONTROL
            told.append((house.state.clock_s, command.phases))
    changes = [told[0]] if told else []
    for at_s, number in told[1:]:
        if number != changes[-1][1]:
            assert at_s - changes[-1][0] >= 600.0
            changes.append((at_s, number))
    if faults == "ignores":
        assert len(told) <= 2


def test_missing_currents_are_no_proof() -> None:
    """Without a measurement the charger's own word has to do."""
    house = charging_on(1, 2500.0)
    house.box.measures = False
    house.box.counter_wh = None
    sun(house, 8000.0)
    until_switch(house)
    house.run(60)
    assert (house.box.phases, house.offer() > 0.0) == (3, True)


def test_a_night_without_sun_says_nothing_of_a_start_from_the_grid() -> None:
    """What has waited long for sun begins on all phases, once it may use the grid, and stays there."""
    house = switchable()
    house.run(3600)
    house.change("a", mode=Mode.FAST)
    house.run(180)
    assert switches(house) == []
    assert house.offer() == 16.0


def test_sun_that_was_short_says_nothing_of_the_grid() -> None:
    """Just before it would have gone to one phase it may use the grid: it stays on all of them."""
    house = charging_on(3, 6000.0)
    sun(house, ALL_W - 300.0)
    house.run(150)
    house.change("a", mode=Mode.FAST)
    house.run(180)
    assert switches(house) == []
    assert house.offer() == 16.0


@pytest.mark.parametrize("watts", [2000.0, 8000.0])
def test_nothing_is_switched_for_a_car_that_is_full(watts: float) -> None:
    """It stays plugged in for long, and the sun comes and goes."""
    house = charging_on(3, 6000.0)
    house.box.status = ChargerStatus.FINISHED
    house.box.car_a = 0.0
    sun(house, watts)
    house.run(3600)
    house.change("a", mode=Mode.OFF)
    house.run(60)
    house.change("a", mode=Mode.SOLAR)
    house.run(3600)
    assert switches(house) == []
