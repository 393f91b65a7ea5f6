"""From promises and expectations to a schedule that a person would have made."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.planning.tell import at_full_power
from custom_components.ampacity.engine.promise import Goal
from custom_components.ampacity.engine.schedule import (
    ChargerPlan,
    PlannedSlot,
    SlotReason,
)
from custom_components.ampacity.engine.tariffs import PeakTariff
from custom_components.ampacity.engine.vehicle import Parked, Vehicle
from custom_components.ampacity.engine.weekly import Window

from .scene import (
    EVENING,
    MORNING,
    alone,
    cheap_between,
    goal,
    hours,
    outlook,
    schedule,
)

TWO = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
FULL_W = 16.0 * 230.0 * 3 * 0.95
LEAST_WH = 6.0 * 230.0 * 3 / 4.0
"""A slot at the least current."""


def test_waits_for_the_cheap_hours_when_they_do() -> None:
    """Plugged in at 18:00, cheap from 02:00, ready by 07:00: nothing before 02:00."""
    plan = alone(outlook(price=cheap_between(2, 6)), goal(30_000.0))

    assert min(slot.start for slot in plan.slots) >= TWO
    assert max(slot.end for slot in plan.slots) <= TWO + timedelta(hours=4)
    assert {slot.reason for slot in plan.slots} == {SlotReason.CHEAP}
    assert plan.energy_wh == pytest.approx(30_000.0)
    assert not any(slot.limited for slot in plan.slots)
    assert plan.unmet_wh == 0.0
    assert plan.cost == pytest.approx(6.0)
    assert plan.cost_at_once == pytest.approx(9.0)
    assert plan.ready_at is not None
    assert plan.ready_at < MORNING


def test_starts_earlier_when_the_cheap_hours_do_not_suffice() -> None:
    """Four cheap hours carry 44 kWh; the rest is charged right before or after."""
    plan = alone(outlook(price=cheap_between(2, 6)), goal(55_000.0))

    assert plan.unmet_wh == 0.0
    cheap = [slot for slot in plan.slots if slot.price < 0.25]
    assert sum(slot.energy_wh for slot in cheap) == pytest.approx(
        4.0 * FULL_W, rel=0.01
    )
    dear = [slot for slot in plan.slots if slot.price > 0.25]
    assert {slot.reason for slot in dear} == {SlotReason.PROMISE}


def test_cheap_windows_of_the_week_count_where_prices_are_flat() -> None:
    """A window without a price of its own is preferred all the same, and costs what it costs."""
    window = Window(days=frozenset(range(7)), start=time(2), end=time(6))
    plan = alone(outlook(), goal(30_000.0), site={"off_peak_windows": (window,)})

    assert min(slot.start for slot in plan.slots) >= TWO
    assert max(slot.end for slot in plan.slots) <= TWO + timedelta(hours=4)
    assert plan.cost == pytest.approx(9.0)
    assert {slot.reason for slot in plan.slots} == {SlotReason.CHEAP}


def test_nothing_is_cheap_when_all_hours_are_needed() -> None:
    """A promise that takes all there is charges for its own sake, dear hours and others."""
    plan = alone(outlook(price=cheap_between(2, 6)), goal(500_000.0))

    assert plan.unmet_wh > 0.0
    assert {slot.reason for slot in plan.slots} == {SlotReason.PROMISE}


def test_flat_prices_go_late_and_in_one_run() -> None:
    """Without any difference it charges last, so that plans may still change, and once."""
    plan = alone(outlook(), goal(22_000.0))

    starts = [slot.start for slot in plan.slots]
    assert all(
        second.start == first.end
        for first, second in zip(plan.slots, plan.slots[1:], strict=False)
    )
    assert {slot.reason for slot in plan.slots} == {SlotReason.PROMISE}
    assert min(starts) > MORNING - timedelta(hours=3)
    assert max(slot.end for slot in plan.slots) <= MORNING


def test_the_sun_of_the_next_day_is_used() -> None:
    """With enough sun before the deadline nothing is charged at night."""
    noon = lambda at: 9000.0 if 10 <= at.hour < 15 else 0.0  # noqa: E731
    plan = alone(
        outlook(solar_w=noon),
        goal(30_000.0, ready_by=MORNING + timedelta(hours=11)),
    )

    assert {slot.reason for slot in plan.slots} == {SlotReason.SUN}
    assert plan.cost == pytest.approx(30.0 * 0.08, rel=0.02)


def test_what_the_sun_does_not_give_is_bought_after_it() -> None:
    """All hours cost the same: what is missing waits, for the sun may give more than expected."""
    begin = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    found = alone(
        outlook(begin, solar_w=lambda _: 6000.0),
        goal(25_000.0, ready_by=begin + timedelta(hours=4)),
        now=begin,
    )
    bought = [one.bought_wh for one in found.slots]
    assert sum(bought) > 3000.0
    assert bought.index(max(bought)) >= len(bought) - 3


SUNNY = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def until_1021(**site: Any) -> ChargerPlan:
    """Return the plan for what takes nearly all of the sun of 81 minutes."""
    return alone(
        outlook(SUNNY, solar_w=lambda _: 6000.0),
        goal(7000.0, ready_by=SUNNY + timedelta(minutes=81)),
        now=SUNNY,
        site=site,
    )


def test_the_last_quarter_is_used_until_the_reserve_begins() -> None:
    """Nothing is bought for the minutes between 10:15 and the reserve before 10:21."""
    plan = until_1021()
    assert sum(slot.bought_wh for slot in plan.slots) < 10.0
    last = plan.slots[-1]
    assert last.start == SUNNY + timedelta(minutes=75)
    # Two minutes, and a twentieth of the 38 that charging takes
    reserve = timedelta(seconds=120.0 + 0.05 * 7000.0 / (16.0 * 690.0) * 3600.0)
    assert last.end == plan.ready_by - reserve


@pytest.mark.parametrize(("energy_wh", "used"), [(500.0, False), (6000.0, True)])
def test_nobody_begins_in_the_last_quarter_for_a_little(
    energy_wh: float, *, used: bool
) -> None:
    """In its eight minutes a car takes less at its least current than in a whole quarter."""
    begin = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
    ready_by = begin + timedelta(minutes=115)
    plan = alone(outlook(begin), goal(energy_wh, ready_by=ready_by), now=begin)
    after = begin + timedelta(minutes=105)
    assert (plan.slots[-1].end > after) is used
    assert plan.unmet_wh == 0.0


def test_slots_of_a_peak_tariff_stay_whole() -> None:
    """Its windows are of whole slots."""
    tariff = PeakTariff(floor_w=20_000.0, price_per_kw=4.0)
    spans = [slot.end - slot.start for slot in until_1021(peak=tariff).slots]
    assert set(spans) == {timedelta(minutes=15)}


def test_a_quarter_that_nearly_ends_at_the_reserve_is_used() -> None:
    """Ready by 10:49:40 less five minutes: the run goes on until 10:45."""
    ready_by = SUNNY + timedelta(minutes=109, seconds=40)
    plan = alone(outlook(SUNNY), goal(11_040.0, ready_by=ready_by), now=SUNNY)
    assert plan.slots[-1].end > SUNNY + timedelta(minutes=90)
    assert len({slot.start.minute % 15 for slot in plan.slots[1:]}) == 1


def test_two_cars_share_the_fuse() -> None:
    """What the connection carries is never exceeded, and both are ready."""
    made = schedule(
        outlook(price=cheap_between(2, 6)),
        [goal(40_000.0), goal(40_000.0)],
        site={"fuse_a": 25.0},
    )

    room_w = 25.0 * 0.95 * 230.0 * 3 - 2000.0
    for index in range(60):
        at = EVENING + timedelta(minutes=15 * index)
        slots = [plan.slot_at(at) for plan in made.plans.values()]
        total_w = sum(slot.power_w for slot in slots if slot)
        assert total_w <= room_w + 1.0
        assert all(slot.limited == (total_w > 0.97 * room_w) for slot in slots if slot)
    assert all(plan.unmet_wh == 0.0 for plan in made.plans.values())


def test_what_cannot_be_met_is_told() -> None:
    """An hour carries 11 kWh, 30 are promised: 19 are missing, and it charges all the time."""
    plan = alone(outlook(), goal(30_000.0, ready_by=EVENING + timedelta(hours=1)))

    assert plan.unmet_wh == pytest.approx(30_000.0 - FULL_W, rel=0.01)
    assert plan.ready_at is None
    assert hours(plan) == pytest.approx(1.0)


def test_what_is_overdue_goes_on() -> None:
    """A promise whose time is over is charged as soon as possible."""
    plan = alone(outlook(), goal(11_040.0, ready_by=EVENING - timedelta(minutes=5)))

    assert plan.slots[0].start == EVENING
    assert hours(plan) == pytest.approx(1.0)


def test_a_far_promise_takes_only_what_is_cheap() -> None:
    """Ready in five days: in the two days that are known only hours below their mean are used."""
    plan = alone(
        outlook(price=cheap_between(2, 4, cheap=0.10)),
        goal(60_000.0, ready_by=EVENING + timedelta(days=5)),
    )

    assert plan.slots
    assert all(slot.price < 0.15 for slot in plan.slots)


def test_two_layers_with_a_price_limit() -> None:
    """Beyond what is promised only what is cheap enough is charged."""
    one = goal(10_000.0, price_limit=0.15)
    cheap = alone(outlook(price=lambda _: 0.14), one)
    dear = alone(outlook(price=lambda _: 0.16), one)

    assert cheap.energy_wh == pytest.approx(10_000.0)
    assert dear.energy_wh == 0.0


def test_a_peak_that_is_paid_for_is_not_exceeded() -> None:
    """30 kWh in the night below a peak of 6 kW: slowly, and within what is free."""
    tariff = PeakTariff(floor_w=6000.0, price_per_kw=4.0)
    plan = alone(outlook(), goal(30_000.0), site={"peak": tariff})
    free = alone(outlook(), goal(30_000.0))

    assert plan.unmet_wh == 0.0
    assert plan.energy_wh == pytest.approx(30_000.0, rel=0.05)
    assert max(slot.power_w for slot in plan.slots) <= 6000.0 - 300.0 + 1.0
    assert all(slot.limited for slot in plan.slots if slot.power_w > 5600.0)
    assert max(slot.power_w for slot in free.slots) > 10_000.0


def test_a_promise_is_worth_a_new_peak() -> None:
    """What the free import does not carry in time is charged above it, by as little as it takes."""
    tariff = PeakTariff(floor_w=4500.0, price_per_kw=4.0)
    plan = alone(outlook(), goal(80_000.0), site={"peak": tariff})

    assert plan.unmet_wh == 0.0
    highest_w = max(slot.power_w for slot in plan.slots)
    assert highest_w < 8000.0
    made = schedule(outlook(), [goal(80_000.0)], site={"peak": tariff})
    assert made.above_peak_w == pytest.approx(highest_w + 300.0 - 4500.0, abs=50.0)


def test_in_mid_slot_the_rest_of_it_is_planned() -> None:
    """What is left of the present slot is shorter, and nothing lies in the past."""
    now = EVENING + timedelta(minutes=7)
    plan = alone(outlook(), goal(30_000.0, ready_by=now + timedelta(hours=2)), now=now)

    assert plan.slots[0].start == now
    assert plan.slots[0].end == EVENING + timedelta(minutes=15)
    assert plan.slots[-1].end <= now + timedelta(hours=2, minutes=15)


def test_the_minimum_is_planned_at_once() -> None:
    """A car below its minimum charges that now, and the rest in the cheap hours."""
    vehicle = Vehicle(id="car", capacity_wh=60_000.0, min_soc=30.0, target_soc=80.0)
    parked = Parked(vehicle_id="car", soc=20.0, below_minimum=True)
    plan = alone(
        outlook(price=cheap_between(2, 6)),
        Goal(promise_id="a", ready_by=MORNING, soc=60.0),
        site={"vehicles": (vehicle,)},
        parked=parked,
    )

    hurried = [slot for slot in plan.slots if slot.reason is SlotReason.MINIMUM]
    later = [slot for slot in plan.slots if slot.reason is not SlotReason.MINIMUM]
    whole_wh = 60_000.0 / 0.88 * 1.02
    assert hurried[0].start == EVENING
    assert sum(slot.energy_wh for slot in hurried) == pytest.approx(
        0.1 * whole_wh, rel=0.05
    )
    assert min(slot.start for slot in later) >= TWO
    assert plan.energy_wh == pytest.approx(0.4 * whole_wh, rel=0.05)
    assert plan.soc_reached == pytest.approx(60.0, abs=1.5)


def test_without_an_outlook_nothing_is_planned() -> None:
    """The last safe moment is found without a plan."""
    assert schedule(None, [goal(10_000.0)]).plans == {}


@settings(max_examples=60, deadline=None)
@given(
    energies=st.lists(st.floats(500.0, 90_000.0), min_size=1, max_size=4),
    ends=st.lists(st.integers(0, 2000), min_size=4, max_size=4),
    offset=st.integers(0, 899),
    fuse_a=st.sampled_from([16.0, 25.0, 63.0]),
)
def test_plans_are_sound(
    energies: list[float], ends: list[int], offset: int, fuse_a: float
) -> None:
    """Slots are in order and in the future, and what is promised is charged or said to be missing."""
    now = EVENING + timedelta(seconds=offset)
    goals = [
        goal(energy, ready_by=now + timedelta(minutes=end))
        for energy, end in zip(energies, ends, strict=False)
    ]
    made = schedule(
        outlook(price=cheap_between(1, 5)), goals, site={"fuse_a": fuse_a}, now=now
    )

    for index, one in enumerate(goals):
        plan = made.plans[str(index)]
        assert all(slot.start >= now - timedelta(seconds=1) for slot in plan.slots)
        assert all(slot.end > slot.start for slot in plan.slots)
        for first, second in zip(plan.slots, plan.slots[1:], strict=False):
            assert second.start >= first.end
        served_wh = plan.energy_wh + plan.unmet_wh
        assert one.energy_wh is not None
        assert one.energy_wh - 5.0 <= served_wh <= one.energy_wh + LEAST_WH


@pytest.mark.parametrize(("is_charging", "minutes"), [(False, 7.5), (True, 0.0)])
def test_a_run_that_begins_now_begins_later_where_its_first_quarter_is_dear(
    is_charging: bool, minutes: float
) -> None:
    """Half a quarter of an hour is needed of it, at full power; a car that charges goes on."""
    quarter = timedelta(minutes=15)
    slots = [
        PlannedSlot(
            start=EVENING + number * quarter,
            end=EVENING + (number + 1) * quarter,
            power_w=power_w,
            sun_w=0.0,
            price=price,
            reason=SlotReason.PROMISE,
        )
        for number, (power_w, price) in enumerate([(5000.0, 0.34), (10_000.0, 0.33)])
    ]
    first, second = at_full_power(
        slots, 10_000.0, [slot.start for slot in slots], keeps_first=is_charging
    )
    assert first.start == EVENING + timedelta(minutes=minutes)
    assert (first.end, second) == (EVENING + quarter, slots[1])
    assert first.energy_wh == pytest.approx(1250.0)
