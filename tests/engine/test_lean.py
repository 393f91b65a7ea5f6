"""A car that has to buy something for its promise anyway begins with less sun, and stays with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import Battery, Mode
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import set_promise
from custom_components.ampacity.engine.schedule import (
    ChargerPlan,
    PlannedSlot,
    Schedule,
    SlotReason,
)

from .driver import NOON, VOLT, Driver, car, surplus
from .planning.scene import outlook

MIN_W = 3 * VOLT * 6.0
READY_BY = NOON + timedelta(hours=12)
LEAST_SUN = 0.65
"""Half of what it buys may come from the grid, and 0.7 of that is counted on."""


def promised(later_price: float = 0.19, *, others: bool = False) -> Driver:
    """Return a house whose car buys something in the evening; now a kWh costs 0.30, the sun 0.08."""
    house = Driver(
        car(mode=Mode.SOLAR), *[car("b", mode=Mode.SOLAR, priority=1)] * others
    )
    house.outlook = outlook(NOON, 96)
    promise = Promise(id="trip", ready_by=READY_BY, energy_wh=20_000.0)
    house.state = set_promise(house.state, house.box.charger.id, promise)
    later = PlannedSlot(
        start=NOON + timedelta(hours=8),
        end=NOON + timedelta(hours=9),
        power_w=11_000.0,
        sun_w=0.0,
        price=later_price,
        reason=SlotReason.CHEAP,
    )
    plan = ChargerPlan(ready_by=READY_BY, slots=(later,))
    house.schedule = Schedule(made_at=NOON, plans={house.box.charger.id: plan})
    house.run(180)
    assert house.offer() == 0.0
    return house


def test_begins_with_less_sun_and_says_why() -> None:
    """Sun and grid together cost what the evening costs; the sentence names the promise."""
    house = promised()
    surplus(house, (LEAST_SUN + 0.01) * MIN_W)
    house.run(55, 5)
    assert house.reason() is ReasonKey.SOLAR_STARTING
    house.run(10, 5)
    assert house.offer() == 6.0
    house.run(3600)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.PLAN_PARTLY)
    assert house.decision().reason.ready_by == READY_BY


def test_waits_with_too_little() -> None:
    """And tells how much sun it waits for."""
    house = promised()
    surplus(house, (LEAST_SUN - 0.01) * MIN_W)
    house.run(600)
    assert (house.offer(), house.reason()) == (0.0, ReasonKey.PLAN_WAITING)
    assert house.decision().reason.values["needed_w"] == pytest.approx(
        LEAST_SUN * MIN_W
    )


@pytest.mark.parametrize(
    ("later_price", "reason"),
    [(-0.01, ReasonKey.PLAN_PAID), (0.0, ReasonKey.SOLAR)],
    ids=["paid", "free"],
)
def test_what_is_paid_for_comes_before_the_sun(
    later_price: float, reason: ReasonKey
) -> None:
    """The sun is fed in until then; of what is only cheap the sun's part is taken now."""
    house = promised(later_price)
    surplus(house, 2.0 * MIN_W)
    house.run(600)
    assert house.reason() is reason
    if reason is ReasonKey.PLAN_PAID:
        told = house.decision().reason
        assert (told.until, told.ready_by) == (NOON + timedelta(hours=8), READY_BY)


@pytest.mark.parametrize(
    ("known_h", "reason"),
    [(9, ReasonKey.PLAN_PAID), (8, ReasonKey.SOLAR)],
    ids=["published", "guessed"],
)
def test_a_guess_is_not_waited_for(known_h: int, reason: ReasonKey) -> None:
    """Only a price that has been published keeps a car from the sun."""
    house = promised(-0.01)
    known_until = NOON + timedelta(hours=known_h)
    house.outlook = replace(outlook(NOON, 96), known_until=known_until)
    surplus(house, 2.0 * MIN_W)
    house.run(600)
    assert house.reason() is reason


@pytest.mark.parametrize("later_price", [0.08, 0.02])
def test_what_is_as_cheap_as_the_sun_can_wait(later_price: float) -> None:
    """Then nothing is worth buying now."""
    house = promised(later_price)
    surplus(house, 0.95 * MIN_W)
    house.run(600)
    assert house.offer() == 0.0


def test_a_home_battery_would_give_what_the_sun_lacks() -> None:
    """With one the sun has to have it all."""
    house = promised(0.30)
    house.change(battery=Battery(capacity_wh=10_000.0))
    surplus(house, 0.95 * MIN_W)
    house.run(600)
    assert house.offer() == 0.0


def test_a_gap_is_one_below_what_it_begins_with() -> None:
    """Without any sun it is bridged for three minutes of what is needed of the sun."""
    house = promised()
    surplus(house, (LEAST_SUN + 0.01) * MIN_W)
    house.run(600)
    surplus(house, 0.0)
    house.run(180.0 / LEAST_SUN - 20.0, 5)
    assert (house.offer(), house.reason()) == (6.0, ReasonKey.SOLAR_HOLDING)
    house.run(30, 5)
    assert house.offer() == 0.0


def test_what_it_lacks_is_not_taken_from_another_car() -> None:
    """The other comes first and keeps what the sun gives it; this one begins with the rest."""
    house = promised(0.30, others=True)
    surplus(house, 1.4 * MIN_W)
    house.run(3600)
    assert (house.offer(), house.offer("b")) == (6.0, 6.0)
    assert house.reason() is ReasonKey.PLAN_PARTLY
    assert house.reason("b") is ReasonKey.SOLAR
