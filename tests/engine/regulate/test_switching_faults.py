"""Phases that do not switch, are switched by somebody else, or cannot be told."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import ChargerStatus, Mode
from custom_components.ampacity.engine.result import Tempo
from tests.engine.driver import surplus

from .test_switching import ALL_W, charging_on, switchable, switches, until_switch


@pytest.mark.parametrize("fault", ["ignores", "rejects"])
def test_two_failures_and_it_stays_until_unplugged(fault: str) -> None:
    """It charges on as it is, says why, and tries again with the next car."""
    house = charging_on(1, 2500.0)
    house.box.ignores_phases = True
    house.box.tells_phases = fault == "ignores"
    surplus(house, 8000.0)
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
    surplus(house, 8000.0)
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
    surplus(house, 2000.0)
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
    surplus(house, 8000.0)
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
    surplus(house, ALL_W - 300.0)
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
    surplus(house, watts)
    house.run(3600)
    house.change("a", mode=Mode.OFF)
    house.run(60)
    house.change("a", mode=Mode.SOLAR)
    house.run(3600)
    assert switches(house) == []
