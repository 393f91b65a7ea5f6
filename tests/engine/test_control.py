"""One decision for the whole site: the cases at which other systems fail, modes, faults, time."""

from datetime import timedelta
from itertools import pairwise

import pytest

from custom_components.ampacity.engine import EventKind
from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import (
    ChargerStatus,
    GridReading,
    Mode,
    OffPeak,
)
from custom_components.ampacity.engine.requests import start_boost
from custom_components.ampacity.engine.state import Boost

from .driver import MISSING, NOON, VOLT, Driver, car, running

FAST = Mode.FAST
LOST = GridReading(power_w=MISSING, current_a=(MISSING,) * 3)


# --- the table: given, expected ---------------------------------------------------------------


def test_meter_unavailable_sends_both_chargers_to_their_safe_current() -> None:
    """Two chargers at 16 A behind 63 A, the grid sensor unavailable for a minute."""
    house = running(car("a", mode=FAST), car("b", mode=FAST), fuse_a=63.0)
    assert (house.offer("a"), house.offer("b")) == (16.0, 16.0)
    house.grid_override = LOST
    for _ in range(60):
        house.guard(1)
        assert (house.offer("a"), house.offer("b")) == (6.0, 6.0)
        assert house.reason("a") is house.reason("b") is ReasonKey.METER_STALE
    assert house.boxes["a"].drawn_a == (6.0, 6.0, 6.0)


def test_single_phase_car_on_the_free_phase_gets_all() -> None:
    """L1 is nearly full, the car is on L2."""
    house = Driver(car(phases=1, phase_map=(1,), mode=FAST))
    house.house_a = [20.0, 2.0, 2.0]
    house.run(90)
    assert house.offer() == 16.0
    assert house.reason() is ReasonKey.FAST


@pytest.mark.parametrize(
    ("l1_a", "phase", "offer_a", "reason"),
    [
        (20.0, 1, 0.0, ReasonKey.FUSE_PAUSED),
        (20.0, 0, 0.0, ReasonKey.FUSE_PAUSED),
        (17.0, 0, 6.0, ReasonKey.FUSE),
        (14.0, 0, 9.0, ReasonKey.FUSE),
        # Not on L1, or L1 would show what the car takes: then there is more room
        (17.0, 1, 16.0, ReasonKey.FAST),
        (2.0, 1, 16.0, ReasonKey.FAST),
    ],
)
def test_single_phase_car_on_an_unknown_phase_gets_what_the_worst_leaves(
    l1_a: float, phase: int, offer_a: float, reason: ReasonKey
) -> None:
    """The limit is 23.75 A; nobody knows the car's phase."""
    house = Driver(car(phases=1, mode=FAST))
    house.boxes["a"].wiring = (phase,)
    house.house_a = [l1_a, 2.0, 2.0]
    house.run(180)
    assert house.offer() == offer_a
    assert house.reason() is reason


def test_two_equal_chargers_share_evenly() -> None:
    """20 A headroom, both want 16 A."""
    house = Driver(car("a", mode=FAST), car("b", mode=FAST), fuse_margin=0.0)
    house.house_a = [5.0, 5.0, 5.0]
    house.run(300)
    assert (house.offer("a"), house.offer("b")) == (10.0, 10.0)
    assert house.reason("a") is house.reason("b") is ReasonKey.FUSE


def test_two_chargers_and_room_for_one() -> None:
    """11 A headroom: one charges at 11 A, the other waits its turn of 15 min, and none flaps."""
    house = Driver(car("a", mode=FAST), car("b", mode=FAST), fuse_margin=0.0)
    house.house_a = [14.0, 14.0, 14.0]
    house.run(300)
    assert (house.offer("a"), house.offer("b")) == (11.0, 0.0)
    assert house.reason("b") in (ReasonKey.FUSE_PAUSED, ReasonKey.WAITING_TURN)
    told = [len(box.commands) for box in house.boxes.values()]
    house.run(590)
    assert [len(box.commands) for box in house.boxes.values()] == told
    turns: list[str] = []
    for _ in range(360):
        house.run(10)
        offers = {key: house.offer(key) for key in ("a", "b")}
        assert sum(offers.values()) <= 11.0
        turns += [key for key, offer_a in offers.items() if offer_a == 11.0]
    swaps = sum(one != next_ for one, next_ in pairwise(turns))
    assert 3 <= swaps <= 4
    assert abs(turns.count("a") - turns.count("b")) <= 100


def test_headroom_that_swings_around_the_minimum_pauses_once() -> None:
    """Between 5 and 7 A every 20 s."""
    house = Driver(car(mode=FAST), fuse_margin=0.0)
    house.house_a = [9.0, 9.0, 9.0]
    house.run(120)
    assert house.offer() == 16.0
    pauses = 0
    for count in range(90):
        before_a = house.offer()
        house.house_a = [20.0 if count % 4 < 2 else 18.0] * 3
        house.tick(10)
        pauses += before_a > 0.0 and house.offer() == 0.0
    assert pauses == 1
    assert house.offer() == 0.0


def test_sudden_overload_lowers_every_charger_of_the_phase_on_that_reading() -> None:
    """10 A more on L1: who hangs on it is lowered at once, who doesn't is left alone."""
    chargers = (
        car("one", phases=1, phase_map=(0,), mode=FAST),
        car("all", mode=FAST),
        car("other", phases=1, phase_map=(2,), mode=FAST),
    )
    house = Driver(*chargers, fuse_a=40.0, fuse_margin=0.0)
    house.house_a = [8.0, 0.0, 0.0]
    house.run(200)
    assert [house.offer(one.id) for one in chargers] == [16.0, 16.0, 16.0]
    house.house_a = [18.0, 0.0, 0.0]
    house.guard(1)
    assert house.offer("one") + house.offer("all") <= 22.0
    assert max(house.offer("one"), house.offer("all")) < 16.0
    assert house.offer("other") == 16.0
    assert max(house.grid_a) <= 40.0


def test_second_priority_gets_its_minimum_beside_the_first() -> None:
    """Priority 1 has taken all when priority 2 plugs in; both are fast."""
    house = Driver(
        car("first", priority=1, mode=FAST, max_a=32.0),
        car("second", priority=2, mode=FAST),
        fuse_margin=0.0,
    )
    house.boxes["second"].plugged = False
    house.run(180)
    assert house.offer("first") == 24.0
    house.boxes["second"].plugged = True
    house.run(120)
    assert (house.offer("first"), house.offer("second")) == (18.0, 6.0)
    assert max(house.grid_a) <= 25.0


# --- guard ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [Mode.SOLAR, Mode.SOLAR_MIN, Mode.OFF_PEAK, FAST])
def test_guard_lowers_and_never_raises(mode: Mode) -> None:
    """At the guard's tempo nothing starts and nothing rises, however much room there is."""
    house = Driver(car(mode=mode))
    house.sun_w = 9000.0
    for _ in range(300):
        house.guard(1)
        assert house.offer() == 0.0
    house.run(120)
    offer_a = house.offer()
    assert offer_a >= 6.0
    house.house_a = [20.0, 1.0, 1.0]
    house.sun_w = 0.0
    house.guard(1)
    assert house.offer() < offer_a or offer_a == 6.0
    low_a = house.offer()
    house.house_a = [0.0] * 3
    for _ in range(200):
        house.guard(1)
        assert house.offer() <= low_a


def test_resumes_only_after_room_for_two_minutes() -> None:
    """A charger that was cut off waits 120 s of min + 1 A, and says until when."""
    house = running(car(mode=FAST))
    house.house_a = [20.0, 1.0, 1.0]
    house.guard(1)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.FUSE_PAUSED)
    house.house_a = [16.0, 1.0, 1.0]
    waited_s = 0
    while house.offer() == 0.0:
        house.tick(5)
        waited_s += 5
        if house.offer() == 0.0:
            assert house.reason() is ReasonKey.FUSE_RESUMING
            until = house.decision().reason.until
            assert until is not None
            left_s = (until - house.now).total_seconds()
            assert left_s == pytest.approx(120 - waited_s, abs=6)
    assert 120 <= waited_s <= 130
    assert house.offer() == 7.0


def test_raises_after_a_cut_only_to_what_fitted_for_a_minute() -> None:
    """A gap of 50 s in the house's load is not used, one of 60 s is."""
    house = running(car(mode=FAST))
    house.house_a = [14.0, 1.0, 1.0]
    house.guard(1)
    assert house.offer() == 9.0
    house.house_a = [2.0, 1.0, 1.0]
    house.run(50, 5)
    assert house.offer() == 9.0
    house.house_a = [12.0, 1.0, 1.0]
    house.guard(1)
    house.house_a = [2.0, 1.0, 1.0]
    house.run(55, 5)
    assert house.offer() <= 11.0
    house.run(15, 5)
    assert house.offer() == 16.0


def test_limit_active_is_told_once() -> None:
    """The event comes when limiting begins, not with each reading."""
    house = running(car(mode=FAST))
    house.house_a = [14.0, 1.0, 1.0]
    for _ in range(5):
        house.guard(1)
    assert house.kinds().count(EventKind.LIMIT_ACTIVE) == 1
    assert house.limiting()
    house.house_a = [2.0, 1.0, 1.0]
    house.run(90)
    assert not house.limiting()
    house.house_a = [14.0, 1.0, 1.0]
    house.guard(1)
    assert house.kinds().count(EventKind.LIMIT_ACTIVE) == 2


# --- modes ------------------------------------------------------------------------------------


def test_modes_follow_each_other() -> None:
    """Each mode uses what it may, at once when less and calmly when more."""
    house = running(car(mode=FAST), offer_a=16.0)
    house.change("a", mode=Mode.OFF)
    house.tick(1)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.OFF)
    house.change("a", mode=Mode.SOLAR_MIN)
    house.run(60)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.SOLAR_MIN)
    house.change("a", mode=FAST)
    house.run(90)
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.FAST)
    house.change("a", mode=Mode.SOLAR)
    house.tick()
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.SOLAR_WAITING)


def test_solar_min_takes_surplus_on_top_of_its_minimum() -> None:
    """With sun for 10 A it charges at 10 A and says so."""
    house = Driver(car(mode=Mode.SOLAR_MIN))
    house.sun_w = 3 * VOLT * 11.5
    house.run(200)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.SOLAR)
    house.sun_w = 0.0
    house.run(60)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.SOLAR_MIN)


def test_off_peak_runs_inside_the_window_and_waits_outside() -> None:
    """The reason tells until when; outside, the sun is still used."""
    house = Driver(car(mode=Mode.OFF_PEAK))
    until = NOON + timedelta(hours=5)
    house.off_peak = OffPeak(active=False, until=until)
    house.run(60)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.OFF_PEAK_WAITING)
    assert house.decision().reason.until == until
    house.off_peak = OffPeak(active=True, until=until)
    house.run(90)
    assert (house.offer(), house.reason()) == (16.0, ReasonKey.OFF_PEAK)
    assert house.decision().reason.until == until
    house.off_peak = OffPeak(active=False)
    house.run(400)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.OFF_PEAK_WAITING)
    house.sun_w = 3 * VOLT * 12.0
    house.run(200)
    assert (house.offer(), house.reason()) == (10.0, ReasonKey.SOLAR)


def test_off_peak_without_a_source_uses_the_sun() -> None:
    """Nobody knows the cheap hours: nothing is taken from the grid."""
    house = Driver(car(mode=Mode.OFF_PEAK))
    house.run(300)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.OFF_PEAK_WAITING)


def test_charging_disabled_pauses_every_charger() -> None:
    """The site's switch is above modes and boosts."""
    house = running(car("a", mode=FAST), car("b", mode=FAST), fuse_a=63.0)
    house.state = start_boost(house.state, "a", Boost(remaining_s=600.0))
    house.change(charging_enabled=False)
    house.tick()
    assert (house.offer("a"), house.offer("b")) == (0.0, 0.0)
    assert house.reason("a") is ReasonKey.DISABLED
    assert not any(box.enabled for box in house.boxes.values())
    house.change(charging_enabled=True)
    house.run(90)
    assert (house.offer("a"), house.offer("b")) == (16.0, 16.0)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (ChargerStatus.DISCONNECTED, ReasonKey.NOT_CONNECTED),
        (ChargerStatus.AUTH, ReasonKey.NEEDS_AUTH),
        (ChargerStatus.ERROR, ReasonKey.CHARGER_ERROR),
    ],
)
def test_charger_that_cannot_charge_is_left_at_the_safe_current(
    status: ChargerStatus, reason: ReasonKey
) -> None:
    """Should it start on its own, it starts low."""
    house = running(car(mode=FAST))
    house.box.status = status
    house.box.enabled = False
    house.tick()
    assert (house.offer(), house.reason()) == (6.0, reason)
    assert house.box.limit_a == 6.0


def test_car_that_takes_nothing_is_told_of() -> None:
    """Offered for more than a minute, nothing taken."""
    house = running(car(mode=FAST))
    house.box.car_a = 0.0
    house.run(60)
    assert house.reason() is ReasonKey.CAR_NOT_TAKING
    house.box.status = ChargerStatus.FINISHED
    house.tick()
    assert house.reason() is ReasonKey.FINISHED


# --- chargers that cannot be paused -----------------------------------------------------------


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.SOLAR])
def test_charger_without_a_pause_stays_at_its_minimum(mode: Mode) -> None:
    """What cannot be paused is offered the minimum, and is not called disobedient for it."""
    house = Driver(car(mode=mode, can_pause=False))
    house.box.enabled, house.box.limit_a = True, 16.0
    house.house_a = [3.0, 3.0, 3.0]
    house.run(600)
    assert house.offer() == 6.0
    assert house.box.limit_a == 6.0
    assert house.reason() in (ReasonKey.OFF, ReasonKey.SOLAR_WAITING)
    assert all(command.enabled is None for command in house.box.commands)


# --- several chargers -------------------------------------------------------------------------


def test_offline_charger_leaves_the_others_alone() -> None:
    """Its load is part of the house until it is back; then it is taken over again."""
    house = running(car("a", mode=FAST), car("b", mode=FAST), fuse_margin=0.0)
    house.run(120)
    assert (house.offer("a"), house.offer("b")) == (12.0, 12.0)
    house.boxes["a"].status = ChargerStatus.OFFLINE
    house.house_a = [3.0, 1.0, 1.0]
    house.run(60)
    assert house.reason("a") is ReasonKey.OFFLINE
    assert house.offer("b") == 10.0
    assert max(house.grid_a) <= 25.0
    house.boxes["a"].status = None
    house.house_a = [1.0, 1.0, 1.0]
    house.tick()
    assert house.reason("a") is ReasonKey.STARTING_UP
    house.run(300)
    assert (house.offer("a"), house.offer("b")) == (12.0, 12.0)


def test_charger_that_is_not_read_at_all_is_offline() -> None:
    """A snapshot without it is no error."""
    house = running(car("a", mode=FAST), car("b", mode=FAST), fuse_a=63.0)
    del house.boxes["a"]
    house.tick()
    assert house.reason("a") is ReasonKey.OFFLINE
    assert house.offer("b") == 16.0


def test_charger_that_obeys_nothing_costs_the_others() -> None:
    """What it draws beyond its offer is no room for anybody, whatever it was told."""
    house = running(car("bad", mode=FAST), car("b", mode=FAST), fuse_margin=0.0)
    house.run(120)
    bad = house.boxes["bad"]
    bad.ignores_limit = bad.ignores_pause = True
    bad.limit_a, bad.tells = 20.0, False
    over_s = 0
    for _ in range(120):
        house.tick(5)
        over_s += 5 if max(house.grid_a) > 25.0 else 0
    assert max(house.grid_a) <= 25.0
    assert over_s <= 40
    assert house.reason("bad") is ReasonKey.NOT_OBEYING


def test_charger_that_is_off_and_draws_costs_the_others() -> None:
    """In mode off it still draws 12 A: the other one gets what that leaves."""
    house = running(car("bad", mode=FAST), car("b", mode=FAST), fuse_margin=0.0)
    house.run(120)
    house.boxes["bad"].ignores_pause = True
    house.change("bad", mode=Mode.OFF)
    house.run(600)
    assert house.boxes["bad"].drawn_a[0] == 12.0
    assert max(house.grid_a) <= 25.0
