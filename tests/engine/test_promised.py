"""What a promise asks for at a moment, with a schedule and without one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Reason, ReasonKey
from custom_components.ampacity.engine.demand import Demand, DemandClass, demand
from custom_components.ampacity.engine.laxity import reserve_s
from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    GridReading,
    Mode,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.need import Need
from custom_components.ampacity.engine.promised import Promised, promised
from custom_components.ampacity.engine.schedule import (
    ChargerPlan,
    PlannedSlot,
    Schedule,
    SlotReason,
)
from custom_components.ampacity.engine.state import (
    Boost,
    ChargerState,
    EngineState,
    Waking,
)

from .planning.scene import EVENING, MORNING, charger, goal, outlook

SITE = Site(fuse_a=25.0)
BOX = charger()
HOUR = timedelta(hours=1)


def need(firm_wh: float = 20_000.0) -> Need:
    """Return a need until the morning."""
    return Need(deadline=MORNING, firm_wh=firm_wh, max_w=11_000.0, min_w=4140.0)


def slot(
    reason: SlotReason = SlotReason.CHEAP,
    power_w: float = 5520.0,
    sun_w: float = 0.0,
    *,
    limited: bool = False,
) -> PlannedSlot:
    """Return a slot that is on."""
    return PlannedSlot(
        start=EVENING,
        end=EVENING + HOUR,
        power_w=power_w,
        sun_w=sun_w,
        price=0.2,
        reason=reason,
        limited=limited,
    )


def asked(promise: Promised | None, **changes: Any) -> Demand | Reason:
    """Return what a charger on the sun asks for under a promise."""
    state = ChargerState(**changes.pop("state", {}))
    reading = ChargerReading(status=ChargerStatus.CONNECTED)
    box: Charger = replace(BOX, mode=changes.pop("mode", Mode.SOLAR))
    snapshot = Snapshot(grid=GridReading(), chargers={BOX.id: reading})
    return demand(SITE, box, snapshot, state, EVENING, promise)


def wanted(promise: Promised | None, **changes: Any) -> Demand:
    """Return the same, where it asks for something."""
    found = asked(promise, **changes)
    assert isinstance(found, Demand)
    return found


@pytest.mark.parametrize(
    ("reason", "key"),
    [
        (SlotReason.CHEAP, ReasonKey.PLAN_CHEAP),
        (SlotReason.PROMISE, ReasonKey.PLAN),
        (SlotReason.MINIMUM, ReasonKey.PLAN),
    ],
)
@pytest.mark.parametrize(("limited", "wish_a"), [(True, 8.0), (False, 16.0)])
def test_a_slot_asks_for_all_or_for_what_limits_leave(
    reason: SlotReason, key: ReasonKey, limited: bool, wish_a: float
) -> None:
    """5.52 kW on three phases are 8 A, whatever the sun does, until the run ends."""
    found = wanted(
        Promised(
            need=need(),
            laxity_s=3600.0,
            late=False,
            slot=slot(reason, limited=limited),
            until=EVENING + HOUR,
        )
    )
    assert (found.klass, found.floor_a) == (DemandClass.PLAN, 6.0)
    assert found.wish_a == wish_a
    assert not found.on_surplus
    assert found.reason == Reason(key=key, until=EVENING + HOUR, ready_by=MORNING)
    assert found.laxity_s == 3600.0


def test_a_slot_of_sun_follows_the_sun_from_the_minimum_up() -> None:
    """More sun than planned is taken, too little is made up for by the grid."""
    promise = Promised(
        need=need(),
        laxity_s=3600.0,
        late=False,
        slot=slot(SlotReason.SUN, 4140.0, 3000.0),
    )
    found = wanted(promise)
    assert (found.klass, found.floor_a, found.wish_a) == (DemandClass.PLAN, 6.0, 16.0)
    assert found.on_surplus
    assert found.reason.key is ReasonKey.PLAN_SUN


@pytest.mark.parametrize(
    ("power_w", "sun_w", "follows"),
    [(4140.0, 500.0, True), (4140.0, 0.0, True), (8000.0, 500.0, False)],
    ids=["minimum with some sun", "minimum without", "more than the minimum"],
)
def test_a_slot_at_the_minimum_takes_no_more_from_the_grid(
    power_w: float, sun_w: float, follows: bool
) -> None:
    """It bridges two others, or the grid is too dear for more than what the sun lacks."""
    promise = Promised(
        need=need(),
        laxity_s=20_000.0,
        late=False,
        slot=slot(power_w=power_w, sun_w=sun_w),
    )
    found = wanted(promise)
    assert found.klass is DemandClass.PLAN
    assert found.on_surplus is follows
    assert found.floor_a == found.min_a


def test_a_slot_of_nothing_but_sun_leaves_it_to_the_mode() -> None:
    """What the sun does not give is not taken from the grid."""
    sunny = slot(SlotReason.SUN, 5000.0, 5000.0)
    found = wanted(Promised(need=need(), laxity_s=3600.0, late=False, slot=sunny))
    assert found.klass is DemandClass.SURPLUS
    assert found.floor_a == 0.0


def test_between_slots_it_waits_for_the_next_or_for_the_sun() -> None:
    """And says until when, and for what."""
    found = wanted(
        Promised(
            need=need(), laxity_s=3600.0, late=False, next_start=EVENING + 3 * HOUR
        )
    )
    assert found.klass is DemandClass.SURPLUS
    assert found.waiting is ReasonKey.PLAN_WAITING
    assert (found.waits_until, found.ready_by) == (EVENING + 3 * HOUR, MORNING)


@pytest.mark.parametrize(
    ("power_w", "sun_w", "from_grid_w"),
    [
        (6000.0, 2000.0, 4000.0),
        (6000.0, 5000.0, 1000.0),
        (6000.0, 1000.0, None),
        (10_900.0, 2000.0, None),
        (4140.0, 1500.0, 0.0),
    ],
    ids=["even", "mostly sun", "hardly any sun", "all there is", "minimum"],
)
def test_a_slot_with_sun_and_less_than_all_is_charged_evenly(
    power_w: float, sun_w: float, from_grid_w: float | None
) -> None:
    """All there is for a part of the slot would leave the sun of the rest to the grid."""
    found = wanted(
        Promised(
            need=need(),
            laxity_s=3600.0,
            late=False,
            slot=slot(power_w=power_w, sun_w=sun_w),
        )
    )
    assert found.klass is DemandClass.PLAN
    if from_grid_w is None:
        assert not found.on_surplus
        return
    assert (found.on_surplus, found.from_grid_w) == (True, from_grid_w)
    assert found.grid_share == (from_grid_w > 0.0)
    assert (found.floor_a, found.wish_a) == (6.0, 16.0)


@pytest.mark.parametrize(
    ("laxity_s", "key", "values"),
    [
        (100.0, ReasonKey.PLAN_LATE, {}),
        (-3600.0, ReasonKey.PLAN_SHORT, {"short_wh": pytest.approx(11_000.0)}),
    ],
)
def test_who_can_wait_no_longer_takes_all(
    laxity_s: float, key: ReasonKey, values: dict[str, Any]
) -> None:
    """Whatever was planned; and what will be missing is told."""
    found = wanted(Promised(need=need(), laxity_s=laxity_s, late=True, slot=slot()))
    assert (found.klass, found.wish_a) == (DemandClass.PLAN_LATE, 16.0)
    assert found.reason == Reason(key=key, values=values, ready_by=MORNING)


@pytest.mark.parametrize("late", [False, True])
def test_fast_is_fast(late: bool) -> None:
    """A mode that gives all needs no plan, but who can wait least still comes first."""
    promise = Promised(need=need(), laxity_s=60.0, late=late, slot=slot())
    found = wanted(promise, mode=Mode.FAST)
    assert (found.klass, found.wish_a) == (DemandClass.FAST, 16.0)
    assert found.reason.key is ReasonKey.FAST
    assert found.laxity_s == 60.0


def test_off_is_off() -> None:
    """Nothing is charged, not even for a promise."""
    found = asked(
        Promised(need=need(), laxity_s=-60.0, late=True, slot=slot()), mode=Mode.OFF
    )
    assert found == Reason(key=ReasonKey.OFF)


def test_a_boost_comes_before_the_plan() -> None:
    """What a person asks for now is not planned."""
    promise = Promised(need=need(), laxity_s=3600.0, late=False, slot=slot())
    found = wanted(promise, state={"boost": Boost(remaining_s=600.0)})
    assert found.reason.key is ReasonKey.BOOST


def at(
    moment: datetime,
    *,
    plan: ChargerPlan | None = None,
    late: bool = False,
    waking: Waking | None = None,
) -> Promised | None:
    """Return the promise of 20 kWh until seven at a moment, in a house with a promised car."""
    held = ChargerState(
        goal=goal(20_000.0), plugged_s=0.0, late=late, waking=waking or Waking()
    )
    found = promised(
        Site(fuse_a=25.0, chargers=(BOX,)),
        Snapshot(
            grid=GridReading(),
            chargers={BOX.id: ChargerReading(status=ChargerStatus.CONNECTED)},
            outlook=outlook(),
            schedule=Schedule(made_at=EVENING, plans={BOX.id: plan}) if plan else None,
        ),
        EngineState(chargers={BOX.id: held}),
        moment,
    )
    return found.get(BOX.id)


@pytest.mark.parametrize(
    ("before_h", "was_late", "late"),
    [(5.0, False, False), (2.1, False, False), (1.9, False, True), (2.1, True, True)],
)
def test_the_last_safe_moment_needs_no_schedule(
    before_h: float, was_late: bool, late: bool
) -> None:
    """20 kWh at 11 kW take 1.8 h; once it had to hurry it goes on until there is time again."""
    found = at(MORNING - before_h * HOUR, late=was_late)
    assert found is not None
    assert found.late is late
    assert found.slot is None


@pytest.mark.parametrize(("taking_s", "late"), [(0.0, True), (60.0, False)])
def test_a_car_that_charges_may_follow_the_sun_longer(
    taking_s: float, late: bool
) -> None:
    """Nobody has to wake it: of the five minutes that are kept three are free."""
    found = at(MORNING - 1.96 * HOUR, waking=Waking(taking_s=taking_s))
    assert found is not None
    assert found.late is late


def test_one_that_is_due_sooner_is_late_with_one_that_takes_its_room() -> None:
    """Two cars need all there is: the later one has to hurry first, as it takes longer to charge."""
    goals = {
        "sooner": goal(2300.0, EVENING + timedelta(minutes=22)),
        "later": goal(4120.0, EVENING + timedelta(minutes=39)),
    }
    site = Site(fuse_a=20.0, chargers=tuple(charger(key) for key in goals))
    snapshot = Snapshot(
        grid=GridReading(),
        chargers={key: ChargerReading(status=ChargerStatus.CONNECTED) for key in goals},
        outlook=outlook(house_w=0.0, house_high_w=0.0),
    )
    state = EngineState(
        chargers={
            key: ChargerState(goal=one, plugged_s=0.0) for key, one in goals.items()
        }
    )
    looks = [
        promised(site, snapshot, state, EVENING + timedelta(seconds=second))
        for second in range(0, 600, 5)
    ]
    assert any(
        found["later"].late
        and found["sooner"].laxity_s > reserve_s(found["sooner"].need)
        for found in looks
    )
    assert all(found["sooner"].late == found["later"].late for found in looks)


def test_the_slot_that_is_on_and_the_next_one() -> None:
    """From the schedule; of one for another deadline nothing is taken."""
    first = slot()
    second = replace(first, start=EVENING + 3 * HOUR, end=EVENING + 4 * HOUR)
    plan = ChargerPlan(ready_by=MORNING, slots=(first, second))

    on = at(EVENING + timedelta(minutes=5), plan=plan)
    assert on is not None
    assert (on.slot, on.until) == (first, EVENING + HOUR)
    between = at(EVENING + 2 * HOUR, plan=plan)
    assert between is not None
    assert (between.slot, between.next_start) == (None, second.start)
    other = at(EVENING, plan=replace(plan, ready_by=MORNING + HOUR))
    assert other is not None
    assert (other.slot, other.next_start) == (None, None)


@pytest.mark.parametrize(
    ("later_price", "later_w", "later_sun_w", "share"),
    [
        (0.40, 5520.0, 0.0, 1.0),
        (0.30, 5520.0, 0.0, 1.0),
        (0.19, 5520.0, 0.0, 0.5),
        (0.05, 5520.0, 0.0, 0.0),
        (0.30, 90.0, 0.0, 0.0),
        (0.30, 5520.0, 5430.0, 0.0),
        (0.30, 5520.0, 2760.0, 1.0),
        (0.30, 4140.0, 2070.0, 0.5),
    ],
    ids=[
        "dearer",
        "the same",
        "cheaper",
        "cheaper than the sun",
        "hardly anything",
        "hardly anything beside the sun",
        "what the sun does not give",
        "a minimum that the sun has half of",
    ],
)
def test_a_car_on_the_sun_may_buy_what_it_would_buy_later(
    later_price: float, later_w: float, later_sun_w: float, share: float
) -> None:
    """Now a kWh costs 0.30 and one of the sun 0.08: half of each costs 0.19."""
    later = replace(
        slot(power_w=later_w, sun_w=later_sun_w),
        start=EVENING + HOUR,
        end=EVENING + 2 * HOUR,
        price=later_price,
    )
    plan = ChargerPlan(ready_by=MORNING, slots=(later,))
    snapshot = Snapshot(
        grid=GridReading(),
        chargers={BOX.id: ChargerReading(status=ChargerStatus.CONNECTED)},
        outlook=outlook(),
        schedule=Schedule(made_at=EVENING, plans={BOX.id: plan}),
    )
    site = replace(SITE, chargers=(BOX,))
    state = EngineState(
        chargers={BOX.id: ChargerState(goal=goal(20_000.0), plugged_s=0.0)}
    )
    found = promised(site, snapshot, state, EVENING)[BOX.id]
    assert found.grid_share == pytest.approx(share)
    assert wanted(found).grid_share == found.grid_share


@pytest.mark.parametrize("mode", [Mode.SOLAR, Mode.SOLAR_MIN, Mode.OFF_PEAK])
def test_pressed_takes_all_that_is_free(mode: Mode) -> None:
    """Whatever is planned: from the grid as well, as a plan that keeps below the peak."""
    sunny = slot(SlotReason.SUN, sun_w=5520.0)
    promise = Promised(
        need=need(), laxity_s=3600.0, late=False, slot=sunny, pressed=True
    )
    found = wanted(promise, mode=mode)
    assert (found.klass, found.floor_a, found.wish_a) == (DemandClass.PLAN, 6.0, 16.0)
    assert not found.on_surplus
    late = wanted(replace(promise, late=True), mode=mode)
    assert late.klass is DemandClass.PLAN_LATE
    assert wanted(promise, mode=Mode.FAST).klass is DemandClass.FAST


@pytest.mark.parametrize(
    ("after", "expected"), [(-HOUR, True), (timedelta(), True), (HOUR, False)]
)
def test_pressed_from_a_moment_on(after: timedelta, expected: bool) -> None:
    """As the schedule says; without one nothing presses."""
    one = goal(20_000.0)
    state = EngineState(
        now=EVENING, chargers={BOX.id: ChargerState(goal=one, plugged_s=0.0)}
    )
    plan = ChargerPlan(ready_by=MORNING, press_from=EVENING + after)
    snapshot = Snapshot(
        grid=GridReading(),
        chargers={BOX.id: ChargerReading(status=ChargerStatus.CONNECTED)},
        schedule=Schedule(made_at=EVENING, plans={BOX.id: plan}),
    )
    place = replace(SITE, chargers=(BOX,))
    assert promised(place, snapshot, state, EVENING)[BOX.id].pressed is expected
    bare = replace(snapshot, schedule=None)
    assert not promised(place, bare, state, EVENING)[BOX.id].pressed
