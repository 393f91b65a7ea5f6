"""Promises over time: which one is on, what ends it, and what is told of it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.model import (
    ChargerReading,
    ChargerStatus,
    GridReading,
    Mode,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.promise import Goal, Promise, PromiseSource
from custom_components.ampacity.engine.promise_watch import watch_promises
from custom_components.ampacity.engine.requests import (
    clear_promises,
    follow_calendar,
    set_promise,
    skip_once,
)
from custom_components.ampacity.engine.result import Event, EventKind
from custom_components.ampacity.engine.schedule import (
    ChargerPlan,
    PlannedSlot,
    Schedule,
    SlotReason,
)
from custom_components.ampacity.engine.session import Session
from custom_components.ampacity.engine.state import EngineState, Orders
from custom_components.ampacity.engine.vehicle import Vehicle
from custom_components.ampacity.engine.vehicle_watch import watch_vehicles

from .driver import Driver, car

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = frozenset(range(7))
AWAY = ChargerStatus.DISCONNECTED


def at(text: str) -> datetime:
    """Return a time in Berlin as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Night:
    """One charger with a car, whose clock and energy the test turns by hand."""

    now: datetime = field(default_factory=lambda: at("2026-11-22T18:00"))
    status: ChargerStatus = ChargerStatus.PAUSED
    soc: float | None = None
    vehicles: tuple[Vehicle, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    plan: ChargerPlan | None = None
    state: EngineState = field(default_factory=EngineState)
    told: list[Event] = field(default_factory=list)

    @property
    def site(self) -> Site:
        """The site as the settings are now."""
        return Site(
            fuse_a=25.0,
            chargers=(car(**self.settings),),
            vehicles=self.vehicles,
            time_zone=BERLIN,
        )

    @property
    def goal(self) -> Goal | None:
        """What is worked on."""
        return self.state.charger("a").goal

    @property
    def promises(self) -> dict[str, Promise]:
        """What is promised."""
        return {one.id: one for one in self.state.charger("a").promises}

    @property
    def kinds(self) -> list[EventKind]:
        """What was told."""
        return [event.kind for event in self.told]

    def promise(self, ready_by: str, promise_id: str = "one", **known: Any) -> None:
        """Promise something and look."""
        given: dict[str, Any] = {
            "id": promise_id,
            "ready_by": at(ready_by),
            "energy_wh": 10_000.0,
        }
        self.state = set_promise(self.state, "a", Promise(**given | known))
        self.look()

    def look(self, now: str | None = None, clock_s: float = 10.0) -> Goal | None:
        """Let the engine look at it, ten seconds later or at a time."""
        self.now = at(now) if now else self.now + timedelta(seconds=clock_s)
        held = self.state.charger("a")
        if self.status.is_plugged and held.session is None:
            held = replace(held, session=Session(started=self.now))
        state = self.state.with_charger("a", held)
        state = replace(state, now=self.now, clock_s=state.clock_s + clock_s)
        schedule = None
        if self.plan is not None:
            schedule = Schedule(made_at=self.now, plans={"a": self.plan})
        reading = ChargerReading(
            status=self.status,
            soc=None if self.soc is None else Reading(value=self.soc),
        )
        snapshot = Snapshot(
            grid=GridReading(), chargers={"a": reading}, schedule=schedule
        )
        state = watch_vehicles(self.site, snapshot, state, self.now)
        self.state, told = watch_promises(self.site, snapshot, state, self.now)
        self.told += told
        return self.goal

    def wait(self, minutes: float) -> None:
        """Let the engine look for some minutes."""
        for _ in range(round(minutes * 6)):
            self.look()

    def charge(self, energy_wh: float, *, offer_a: float = 16.0) -> None:
        """Have charged so much in this session."""
        held = self.state.charger("a")
        session = Session(started=at("2026-11-22T18:00"), energy_wh=energy_wh)
        orders = Orders(offer_a=offer_a, raised_s=0.0)
        held = replace(held, session=session, take_w=690.0 * offer_a, orders=orders)
        self.state = self.state.with_charger("a", held)
        self.look()

    def leave(self, now: str | None = None) -> None:
        """Let the car leave."""
        self.status = AWAY
        held = replace(self.state.charger("a"), session=None, take_w=0.0)
        self.state = self.state.with_charger("a", held)
        self.look(now)

    def come(self, now: str | None = None) -> None:
        """Let a car come."""
        self.status = ChargerStatus.PAUSED
        self.look(now)

    def on(self) -> Goal:
        """Return what is worked on, of which there must be something."""
        goal = self.state.charger("a").goal
        assert goal is not None
        return goal

    def due(self) -> datetime:
        """Return when that is due."""
        return self.on().ready_by


def daily(**known: Any) -> Night:
    """Return a night with a promise for 07:00 of each day."""
    night = Night()
    night.promise("2026-11-23T07:00", repeat=ALWAYS, **known)
    return night


# --- which one is on --------------------------------------------------------------------------


def test_nothing_promised_nothing_on() -> None:
    """And nothing is told."""
    night = Night()
    assert night.look() is None
    assert night.told == []


@pytest.mark.parametrize(
    ("promised", "settings", "vehicle", "soc", "energy_wh"),
    [
        ({"soc": 60.0}, {"target_soc": 90.0}, True, 60.0, None),
        ({"energy_wh": 5000.0}, {"target_soc": 90.0}, True, None, 5000.0),
        ({}, {"target_soc": 90.0, "target_energy_wh": 1.0}, True, 90.0, None),
        ({}, {"target_energy_wh": 7000.0}, True, None, 7000.0),
        ({}, {}, True, 70.0, None),
        ({}, {}, False, 100.0, None),
    ],
)
def test_amount(
    promised: dict[str, Any],
    settings: dict[str, Any],
    vehicle: bool,
    soc: float | None,
    energy_wh: float | None,
) -> None:
    """What the promise names, else the charger's target, else the car's, else a full car."""
    usual = Vehicle(id="zoe", target_soc=70.0, default_charger_id="a")
    night = Night(settings=settings, vehicles=(usual,) if vehicle else ())
    night.promise("2026-11-23T07:00", **({"energy_wh": None} | promised))
    assert (night.on().soc, night.on().energy_wh) == (soc, energy_wh)


def test_next_comes_first_and_the_larger_later_one_is_not_lost() -> None:
    """Once the first is met, the second is on; and once that is met, nothing is charged."""
    night = Night()
    night.promise("2026-11-23T12:00", "large", energy_wh=30_000.0)
    night.promise("2026-11-23T07:00", "small", energy_wh=5_000.0)
    assert night.due() == at("2026-11-23T07:00")
    night.charge(6_000.0)
    night.look()
    assert night.due() == at("2026-11-23T12:00")
    assert not night.on().met
    night.look("2026-11-23T08:00")
    assert set(night.promises) == {"large"}
    night.charge(31_000.0)
    assert night.on().met
    assert night.kinds == [EventKind.PLAN_MET, EventKind.PLAN_MET]


def test_of_two_at_the_same_time_the_larger() -> None:
    """The smaller is in it."""
    night = Night()
    night.promise("2026-11-23T07:00", "small", energy_wh=None, soc=50.0)
    night.promise("2026-11-23T07:00", "large", energy_wh=None, soc=80.0)
    assert night.on().promise_id == "large"


# --- what ends it -----------------------------------------------------------------------------


def test_met_is_not_charged_again() -> None:
    """It stays met until its time; then the next day's is on."""
    night = daily()
    night.charge(10_500.0)
    assert night.on().met
    night.look("2026-11-23T06:59")
    assert (night.due(), night.on().met) == (at("2026-11-23T07:00"), True)
    night.look("2026-11-23T07:00")
    assert night.due() == at("2026-11-24T07:00")
    assert night.kinds == [EventKind.PLAN_MET]


def test_met_and_gone_is_over() -> None:
    """Back again before its time, it is the next one that counts."""
    night = daily()
    night.charge(10_500.0)
    night.leave("2026-11-23T06:30")
    assert night.due() == at("2026-11-24T07:00")
    night.come("2026-11-23T06:40")
    assert night.due() == at("2026-11-24T07:00")


def test_met_without_charging_is_open_again_once_the_car_leaves() -> None:
    """It had enough in the evening; it comes back later with less."""
    night = Night(soc=85.0, status=AWAY)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=80.0)
    night.come()
    assert night.on().met
    assert night.kinds == [EventKind.PLAN_MET]
    night.leave("2026-11-22T19:00")
    assert not night.on().met
    night.soc = 40.0
    night.come("2026-11-22T22:00")
    assert (night.due(), night.on().met) == (at("2026-11-23T07:00"), False)


def test_what_is_there_when_it_is_promised_is_told_to_nobody() -> None:
    """Day after day at home: no message each morning."""
    night = Night(soc=85.0)
    night.promise("2026-11-23T07:00", energy_wh=None, soc=80.0, repeat=ALWAYS)
    for day in range(23, 27):
        night.look(f"2026-11-{day}T07:00")
        assert night.on().met
    assert night.kinds == []


def test_gone_before_its_time_and_back_the_same_goes_on() -> None:
    """Half of it was charged, and the car comes back."""
    night = daily()
    night.charge(5_000.0)
    night.leave("2026-11-22T22:00")
    assert night.due() == at("2026-11-23T07:00")
    night.come("2026-11-22T23:00")
    assert night.due() == at("2026-11-23T07:00")
    assert not night.on().met


@pytest.mark.parametrize("repeat", [ALWAYS, frozenset()])
def test_its_time_passed_while_the_car_was_away(repeat: frozenset[int]) -> None:
    """The next counts; a single one is forgotten."""
    night = Night()
    night.promise("2026-11-23T07:00", repeat=repeat)
    night.leave("2026-11-23T06:00")
    night.look("2026-11-23T07:00")
    night.come("2026-11-23T08:00")
    if repeat:
        assert night.due() == at("2026-11-24T07:00")
    else:
        assert night.goal is None
        assert night.promises == {}


@pytest.mark.parametrize(
    "status", [ChargerStatus.PAUSED, ChargerStatus.OFFLINE, ChargerStatus.ERROR]
)
def test_late_while_plugged_in_goes_on_until_met(status: ChargerStatus) -> None:
    """Also while the charger is silent for a while."""
    night = Night()
    night.promise("2026-11-23T07:00")
    night.status = status
    night.look("2026-11-23T07:00")
    night.look("2026-11-23T09:00")
    assert night.due() == at("2026-11-23T07:00")
    night.status = ChargerStatus.CHARGING
    night.charge(10_100.0)
    night.look()
    assert night.goal is None
    assert night.promises == {}
    assert night.kinds == [EventKind.PLAN_MET]


def test_late_for_days_is_late_for_the_last_one() -> None:
    """Not for each of them, one after the other."""
    night = daily()
    night.look("2026-11-26T09:00")
    assert night.due() == at("2026-11-26T07:00")
    night.charge(10_100.0)
    night.look()
    assert night.due() == at("2026-11-27T07:00")


def test_unplugged_while_late_ends_it() -> None:
    """Whoever drives off has what there is."""
    night = daily()
    night.look("2026-11-23T08:00")
    assert night.due() == at("2026-11-23T07:00")
    night.leave("2026-11-23T08:10")
    assert night.due() == at("2026-11-24T07:00")


@pytest.mark.parametrize(
    ("charged_wh", "minutes", "met"),
    [(0.0, 3, False), (0.0, 6, True), (9_500.0, 2, True)],
)
def test_car_that_says_that_it_is_finished(
    charged_wh: float, minutes: float, met: bool
) -> None:
    """One that never began is asked for longer, as it may sleep."""
    night = Night(status=ChargerStatus.FINISHED)
    night.promise("2026-11-23T07:00")
    if charged_wh:
        night.charge(charged_wh)
    held = night.state.charger("a")
    raised_s = night.state.clock_s
    orders = Orders(offer_a=16.0, raised_s=raised_s)
    held = replace(held, orders=orders, take_w=0.0)
    night.state = night.state.with_charger("a", held)
    night.wait(minutes)
    assert night.on().met is met


def test_finished_while_nothing_is_offered_says_nothing() -> None:
    """It waits for the night, and its charger calls that finished."""
    night = Night(status=ChargerStatus.FINISHED)
    night.promise("2026-11-23T07:00")
    night.wait(20)
    assert not night.on().met


def test_car_with_a_limit_of_its_own() -> None:
    """It stops long before what was promised: over, and told."""
    night = Night(status=ChargerStatus.CHARGING)
    night.promise("2026-11-23T07:00", energy_wh=20_000.0)
    night.charge(12_000.0)
    night.status = ChargerStatus.FINISHED
    held = replace(night.state.charger("a"), take_w=0.0)
    night.state = night.state.with_charger("a", held)
    night.wait(3)
    assert night.on().met
    assert night.kinds == [EventKind.PLAN_AT_RISK]
    outcome = night.told[0].outcome
    assert outcome is not None
    assert outcome.unmet_wh == pytest.approx(8_000.0)


@pytest.mark.parametrize("status", [AWAY, ChargerStatus.PAUSED])
def test_target_of_the_usual_car_is_known_before_it_comes(
    status: ChargerStatus,
) -> None:
    """So a person sees what is planned."""
    usual = Vehicle(id="zoe", target_soc=70.0, default_charger_id="a")
    night = Night(status=status, vehicles=(usual,))
    night.promise("2026-11-23T07:00", energy_wh=None)
    assert night.on().soc == 70.0


# --- at risk ----------------------------------------------------------------------------------


def plan(ready_by: str, unmet_wh: float) -> ChargerPlan:
    """Return a plan that leaves something open."""
    return ChargerPlan(
        ready_by=at(ready_by),
        energy_wh=10_000.0 - unmet_wh,
        unmet_wh=unmet_wh,
        soc_reached=71.0,
        ready_at=at(ready_by) + timedelta(hours=1),
    )


def test_plan_that_falls_short_is_told_once() -> None:
    """With what will be reached; after it recovered, not again."""
    night = Night()
    night.promise("2026-11-23T07:00")
    night.plan = plan("2026-11-23T07:00", 3_000.0)
    night.wait(5)
    assert night.kinds == [EventKind.PLAN_AT_RISK]
    outcome = night.told[0].outcome
    assert outcome is not None
    assert (outcome.soc_reached, outcome.unmet_wh) == (71.0, 3_000.0)
    assert outcome.ready_at == at("2026-11-23T08:00")
    assert night.on().at_risk
    night.plan = plan("2026-11-23T07:00", 150.0)
    night.wait(3)
    assert night.on().at_risk
    night.plan = plan("2026-11-23T07:00", 50.0)
    night.wait(3)
    assert not night.on().at_risk
    night.plan = plan("2026-11-23T07:00", 3_000.0)
    night.wait(3)
    assert night.on().at_risk
    assert night.kinds == [EventKind.PLAN_AT_RISK]


@pytest.mark.parametrize(
    "doubt",
    [
        plan("2026-11-23T07:00", 199.0),
        plan("2026-11-22T07:00", 5_000.0),
        None,
    ],
)
def test_what_is_no_risk(doubt: ChargerPlan | None) -> None:
    """Too little, a plan for another time, and no plan at all."""
    night = Night()
    night.promise("2026-11-23T07:00")
    night.plan = doubt
    night.wait(10)
    assert night.kinds == []


def test_a_moment_is_no_risk() -> None:
    """A plan that is made anew may fall short for a moment."""
    night = Night()
    night.promise("2026-11-23T07:00")
    for unmet_wh in (3_000.0, 0.0) * 5:
        night.plan = plan("2026-11-23T07:00", unmet_wh)
        night.wait(0.5)
    assert night.kinds == []


@pytest.mark.parametrize(
    ("now", "settings", "risk"),
    [
        ("2026-11-23T06:00", {}, False),
        # 11 kW need 54 minutes
        ("2026-11-23T06:20", {}, True),
        ("2026-11-23T04:30", {"max_a": 6.0}, False),
        ("2026-11-23T06:00", {"max_a": 6.0}, True),
        ("2026-11-22T20:00", {"mode": Mode.OFF}, True),
    ],
)
def test_latest_start_is_watched_without_a_plan(
    now: str, settings: dict[str, Any], risk: bool
) -> None:
    """What even full power cannot bring any more is at risk, and so is what mode off forbids."""
    night = Night(settings=settings)
    night.promise("2026-11-23T07:00")
    night.look(now)
    night.wait(2)
    assert night.on().at_risk is risk
    assert night.kinds == ([EventKind.PLAN_AT_RISK] if risk else [])
    if risk:
        outcome = night.told[0].outcome
        assert outcome is not None
        assert outcome.ready_at is not None
        assert outcome.unmet_wh > 0.0


def test_the_next_one_is_told_of_again() -> None:
    """Each occurrence for itself."""
    night = daily()
    night.look("2026-11-23T06:50")
    night.wait(2)
    night.look("2026-11-23T07:10")
    night.leave("2026-11-23T07:20")
    night.come("2026-11-23T18:00")
    night.look("2026-11-24T06:50")
    night.wait(2)
    assert night.kinds == [EventKind.PLAN_AT_RISK] * 2


def test_told_once_whatever_comes_in_between() -> None:
    """Another promise that is due earlier, and is met."""
    night = Night(settings={"mode": Mode.OFF})
    night.promise("2026-11-23T07:00")
    night.wait(2)
    night.promise("2026-11-23T06:00", "early", energy_wh=1.0)
    assert night.on().promise_id == "early"
    night.charge(2.0)
    night.wait(3)
    assert night.on().promise_id == "one"
    assert night.on().at_risk
    assert night.kinds == [EventKind.PLAN_AT_RISK, EventKind.PLAN_MET]


# --- what a user changes ----------------------------------------------------------------------


def test_skipped_once() -> None:
    """The next is left out, the one after it counts; and so on when it is done twice."""
    night = daily()
    for day in (24, 25, 26):
        night.state = skip_once(night.state, "a", "one", night.due())
        night.look()
        assert night.due() == at(f"2026-11-{day}T07:00")


def test_single_one_skipped_is_gone() -> None:
    """There is no other time."""
    night = Night()
    night.promise("2026-11-23T07:00")
    night.state = skip_once(night.state, "a", "one", night.due())
    assert night.look() is None
    assert night.promises == {}


@pytest.mark.parametrize(
    ("promise_id", "left"), [(None, set()), ("one", {"two"}), ("three", {"one", "two"})]
)
def test_cleared(promise_id: str | None, left: set[str]) -> None:
    """One or all."""
    night = Night()
    night.promise("2026-11-23T07:00", "one")
    night.promise("2026-11-23T09:00", "two")
    night.state = clear_promises(night.state, "a", promise_id)
    night.look()
    assert set(night.promises) == left


def test_set_anew_begins_anew() -> None:
    """What was met or skipped is open again."""
    night = Night()
    night.promise("2026-11-23T07:00")
    night.charge(10_100.0)
    assert night.on().met
    night.promise("2026-11-23T07:00", energy_wh=20_000.0)
    assert not night.on().met
    assert night.on().energy_wh == 20_000.0


# --- from a calendar --------------------------------------------------------------------------


def event(ready_by: str, event_id: str = "cal", **known: Any) -> Promise:
    """Return the promise of an event."""
    return Promise(
        id=event_id,
        ready_by=at(ready_by),
        source=PromiseSource.CALENDAR,
        **{"energy_wh": 10_000.0} | known,
    )


def follow(night: Night, *events: Promise) -> None:
    """Let the calendar hold these events."""
    night.state = follow_calendar(night.state, "a", events)
    night.look()


def test_event_is_moved_and_removed() -> None:
    """The promise follows; the user's own stay."""
    night = Night()
    night.promise("2026-11-24T07:00", "mine")
    follow(night, event("2026-11-23T07:00"))
    assert night.due() == at("2026-11-23T07:00")
    follow(night, event("2026-11-23T09:00"))
    assert night.due() == at("2026-11-23T09:00")
    follow(night)
    assert night.due() == at("2026-11-24T07:00")
    assert set(night.promises) == {"mine"}


@pytest.mark.parametrize("edited", [(), (event("2026-11-23T11:00", energy_wh=1.0),)])
def test_event_that_has_begun_to_be_charged_for_stays(
    edited: tuple[Promise, ...],
) -> None:
    """Edits of the calendar move it no more; the user's word does."""
    night = Night(status=ChargerStatus.CHARGING)
    follow(night, event("2026-11-23T07:00"))
    slot = PlannedSlot(
        start=night.now,
        end=night.now + timedelta(hours=1),
        power_w=11_000.0,
        sun_w=0.0,
        price=0.2,
        reason=SlotReason.CHEAP,
    )
    night.plan = ChargerPlan(ready_by=at("2026-11-23T07:00"), slots=(slot,))
    night.charge(1_000.0)
    follow(night, *edited)
    assert night.due() == at("2026-11-23T07:00")
    assert night.on().energy_wh == 10_000.0
    night.state = skip_once(night.state, "a", "cal", night.due())
    follow(night, event("2026-11-23T07:00"))
    assert night.goal is None


def test_event_skipped_stays_skipped() -> None:
    """Though the calendar still holds it."""
    night = Night()
    follow(night, event("2026-11-23T07:00"))
    night.state = clear_promises(night.state, "a")
    for _ in range(3):
        follow(night, event("2026-11-23T07:00"))
        assert night.goal is None
    night.look("2026-11-23T08:00")
    assert night.promises == {}


def test_event_met_is_met() -> None:
    """The calendar is read again and again."""
    night = Night(status=ChargerStatus.CHARGING)
    follow(night, event("2026-11-23T07:00"))
    night.charge(10_500.0)
    follow(night, event("2026-11-23T07:00"))
    assert night.on().met
    assert night.kinds == [EventKind.PLAN_MET]
    same = night.state
    assert follow_calendar(same, "a", [event("2026-11-23T07:00")]) is same


# --- always -----------------------------------------------------------------------------------


@given(
    ready_by=st.datetimes(
        datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC)
    ),
    repeats=st.lists(st.frozensets(st.integers(0, 6)), min_size=1, max_size=3),
    steps=st.lists(
        st.tuples(st.timedeltas(timedelta(0), timedelta(days=3)), st.booleans()),
        min_size=1,
        max_size=8,
    ),
)
def test_goal_is_ahead_or_late_with_the_car_there(
    ready_by: datetime,
    repeats: list[frozenset[int]],
    steps: list[tuple[timedelta, bool]],
) -> None:
    """Whatever comes and goes, and whenever."""
    night = Night(now=ready_by - timedelta(hours=10))
    for number, repeat in enumerate(repeats):
        one = Promise(id=str(number), ready_by=ready_by, soc=80.0, repeat=repeat)
        night.state = set_promise(night.state, "a", one)
    for passed, away in steps:
        night.now += passed
        night.status = AWAY if away else ChargerStatus.PAUSED
        goal = night.look()
        assert goal is not None or not any(repeats)
        if goal is not None:
            assert goal.ready_by > night.now or not away


def test_part_of_every_decision() -> None:
    """A car that charges anyway meets its promise, and that is told."""
    house = Driver(car(mode=Mode.FAST))
    ready_by = house.now + timedelta(hours=3)
    promised = Promise(id="one", ready_by=ready_by, energy_wh=3_000.0)
    house.state = set_promise(house.state, "a", promised)
    house.run(600)
    assert house.of().goal is not None
    house.run(900)
    assert house.kinds().count(EventKind.PLAN_MET) == 1
    house.run(9_600)
    assert house.of().goal is None
    assert house.of().promises == ()
