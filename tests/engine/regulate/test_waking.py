"""Sleeping cars: woken a few times, never when full, and never for ever."""

from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.decision import Command, ReasonKey
from custom_components.ampacity.engine.model import ChargerStatus, Mode
from tests.engine.driver import VOLT, Driver, car


def asleep(offers: int = 2, **charger: Any) -> Driver:
    """Return a house whose car has charged, was paused, and sleeps through some offers."""
    known: dict[str, Any] = {"mode": Mode.FAST}
    house = Driver(car(**known | charger))
    house.run(300)
    mode = house.site.chargers[0].mode
    house.change("a", mode=Mode.OFF)
    house.run(300)
    house.box.offers_to_wake = offers
    house.change("a", mode=mode)
    house.box.commands.clear()
    return house


def offers(house: Driver) -> int:
    """Return how often the charger was told to offer."""
    return sum(one.enabled is True for one in house.box.commands)


def test_woken_by_a_second_offer() -> None:
    """Half a minute after its settle time the offer is taken back and made again."""
    house = asleep()
    while house.offer() == 0.0:
        house.tick(5)
    waited_s = 0.0
    while house.offer() > 0.0:
        house.tick(5)
        waited_s += 5.0
    assert waited_s == 40.0
    reason = house.decision().reason
    assert (reason.key, dict(reason.values)) == (
        ReasonKey.WAKING,
        {"tries": 1, "most": 3},
    )
    assert house.box.commands[-1] == Command(enabled=False)
    house.run(60)
    assert (offers(house), house.offer(), max(house.box.drawn_a)) == (2, 16.0, 16.0)
    house.run(600)
    assert house.of().waking.tries == 0


def test_three_tries_and_no_more() -> None:
    """Then the offer stays, and the reason says that the car sleeps."""
    house = asleep(offers=99)
    house.run(3600)
    assert offers(house) == 4
    assert house.offer() == 16.0
    reason = house.decision().reason
    assert (reason.key, reason.values["tries"]) == (ReasonKey.CAR_ASLEEP, 3)
    house.box.offers_to_wake = 0
    house.run(60)
    assert house.reason() is ReasonKey.FAST


def test_three_tries_in_all_pauses_of_a_session() -> None:
    """More pauses don't bring more tries, until the car has charged for ten minutes."""
    house = asleep(offers=99)
    for _ in range(5):
        house.run(600)
        house.change("a", mode=Mode.OFF)
        house.run(60)
        house.change("a", mode=Mode.FAST)
    assert offers(house) <= 3 + 6


@pytest.mark.parametrize("why", ["status", "soc", "taper", "never paused", "no pause"])
def test_left_alone(why: str) -> None:
    """Full, nearly full, or not paused by us."""
    house = asleep(offers=0, can_pause=why != "no pause")
    house.run(120)
    if why == "taper":
        house.box.car_a = 9.0
        house.run(90)
    if why != "never paused":
        house.change("a", mode=Mode.OFF)
        house.run(120)
        house.change("a", mode=Mode.FAST)
    house.box.car_a = 0.0
    house.box.soc = 98.0 if why == "soc" else None
    house.box.status = ChargerStatus.FINISHED if why == "status" else None
    house.box.commands.clear()
    house.run(1800)
    assert offers(house) <= 1


def test_reserves_its_sun_while_it_is_woken() -> None:
    """A second solar car does not start on what the first is about to take."""
    house = Driver(
        car("a", mode=Mode.SOLAR, priority=1), car("b", mode=Mode.SOLAR, priority=2)
    )
    house.boxes["a"].offers_to_wake = 3
    house.boxes["a"].plugged = house.boxes["b"].plugged = True
    house.sun_w = 3 * VOLT * (1.0 + 8.0) + 100.0
    reasons = set()
    for _ in range(40):
        house.tick(10)
        reasons.add(house.reason("a"))
        assert house.offer("b") == 0.0
    assert ReasonKey.WAKING in reasons
    assert house.offer("a") == 8.0


def test_a_limit_that_fills_meanwhile_ends_it() -> None:
    """The offer is not made again where there is no room for it any more."""
    house = asleep(offers=99)
    while house.reason() is not ReasonKey.WAKING:
        house.tick(10)
    house.house_a = [22.0, 1.0, 1.0]
    house.run(120)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.FUSE_PAUSED)


def test_by_status_where_nothing_is_measured() -> None:
    """A charger that says that the car waits is enough."""
    house = asleep(offers=99)
    house.box.measures = False
    house.box.status = ChargerStatus.CONNECTED
    house.run(600)
    assert offers(house) == 4


@settings(max_examples=50, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["sleep", "wake", "off", "on", "full"]), st.integers(1, 40)
        ),
        max_size=20,
    )
)
def test_never_more_than_three_tries_between_ten_minutes_of_charging(
    steps: list[tuple[str, int]],
) -> None:
    """Whatever the car does."""
    house = asleep(offers=0)
    charged_s, tries = 0.0, 0
    for what, ticks in steps:
        house.box.offers_to_wake = 99 if what == "sleep" else 0
        house.box.car_a = 0.0 if what == "full" else 32.0
        house.change("a", mode=Mode.OFF if what == "off" else Mode.FAST)
        for _ in range(ticks):
            before = house.of().waking.tries
            house.tick(10)
            charged_s = charged_s + 10.0 if max(house.box.drawn_a) > 0.0 else 0.0
            tries += max(0, house.of().waking.tries - before)
            if charged_s >= 600.0:
                tries = 0
            assert tries <= 3
            assert house.result.error is None
