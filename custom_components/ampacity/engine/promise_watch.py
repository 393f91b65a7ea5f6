"""Watches the promises: which one is on, whether it is met, whether it will be missed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .model import Charger, ChargerReading, ChargerStatus, Site, Snapshot
from .need import Need, need_of
from .promise import Goal
from .promise_choice import chosen, goal_of, open_occurrences, reopened, up_to_date
from .promise_risk import MISSED_SHARE, assess, expected_car, missed_wh, outcome
from .result import Event, EventKind
from .schedule import ChargerPlan
from .state import ChargerState, EngineState

CHARGES_W = 300.0
"""A car that takes more than this is charging; less is its electronics."""
STOPPED_S = 60.0
"""A car that has charged and says for this long, while it is offered current, that it is
finished takes no more."""
REFUSED_S = 300.0
"""The same for one that has not charged yet."""
ENOUGH_WH = 20.0
"""Less than this is not missing of a promise at its time."""
CAR_LIMIT_WH = 1000.0
CAR_LIMIT_SHARE = 5 * MISSED_SHARE
"""What a car that stops by itself may leave open of what was counted for it: it knows better."""


def watch_promises(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime
) -> tuple[EngineState, tuple[Event, ...]]:
    """Return the state with the goal of each charger, and what there is to tell about them."""
    events: list[Event] = []
    for charger in site.chargers:
        held = state.charger(charger.id)
        if not held.promises and held.goal is None:
            continue
        before = held.goal
        held = _turned(site, charger, snapshot.chargers[charger.id], held, now)
        state = state.with_charger(charger.id, held)
        if held.goal is None or held.goal.met:
            continue
        if not snapshot.chargers[charger.id].status.is_plugged:
            continue
        pursuit = _Pursuit(site, charger, snapshot, state, held.goal, now)
        held, event = pursuit.step(is_new=not _is_same(before, held.goal))
        state = state.with_charger(charger.id, held)
        events += [event] if event is not None else []
    return state, tuple(events)


def _is_same(before: Goal | None, goal: Goal) -> bool:
    return before is not None and (before.promise_id, before.ready_by) == (
        goal.promise_id,
        goal.ready_by,
    )


def _turned(
    site: Site,
    charger: Charger,
    reading: ChargerReading,
    held: ChargerState,
    now: datetime,
) -> ChargerState:
    """Return the charger's state with its promises up to date, and the goal that is on now."""
    away = reading.status is ChargerStatus.DISCONNECTED
    car = expected_car(site, charger, held, away=away)
    promises = up_to_date(site, held.promises, now, away=away)
    promises = reopened(promises, charger, car, held.parked.soc)
    occurrence = chosen(open_occurrences(site, promises, now))
    if occurrence is None:
        return replace(held, promises=promises, goal=None)
    goal = goal_of(occurrence, charger, car, held.goal)
    if away:
        goal = replace(goal, begun=False, charged=False)
    if away or goal.met:
        goal = replace(goal, at_risk=False, risk_since_s=None)
    return replace(held, promises=promises, goal=goal)


@dataclass(frozen=True, slots=True)
class _Pursuit:
    """One step of working on a goal while a car is plugged in."""

    site: Site
    charger: Charger
    snapshot: Snapshot
    state: EngineState
    goal: Goal
    now: datetime

    @property
    def held(self) -> ChargerState:
        return self.state.charger(self.charger.id)

    @property
    def plan(self) -> ChargerPlan | None:
        """What is planned for this goal; None for nothing, and for a plan for another time."""
        schedule = self.snapshot.schedule
        plan = schedule.plans.get(self.charger.id) if schedule is not None else None
        is_for_goal = plan is not None and plan.ready_by == self.goal.ready_by
        return plan if is_for_goal else None

    def step(self, *, is_new: bool) -> tuple[ChargerState, Event | None]:
        """Return the charger's state carried on, and what there is to tell.

        A goal that comes on and is met already is told to nobody.
        """
        goal = self._carried_on()
        need = need_of(self.site, self.charger, self.snapshot, self.state, self.now)
        if need is None:
            return self._fulfilled(goal, is_new=is_new)
        if self._has_stopped(goal):
            return self._stopped(goal, need)
        if self.now >= goal.ready_by and need.firm_wh <= ENOUGH_WH:
            return self._met(goal), None
        missing_wh = missed_wh(self.site, self.charger, goal, need, self.plan, self.now)
        goal, is_news = assess(goal, need, missing_wh, self.state.clock_s)
        if not is_news:
            return replace(self.held, goal=goal), None
        told = self._event(
            EventKind.PLAN_AT_RISK,
            goal,
            need=need,
            plan=self.plan,
            missing_wh=missing_wh,
        )
        return self._noted(goal, warned=goal.ready_by), told

    def _fulfilled(
        self, goal: Goal, *, is_new: bool
    ) -> tuple[ChargerState, Event | None]:
        """Nothing more is needed, unless that is only what a car says that has not charged yet."""
        status = self.snapshot.chargers[self.charger.id].status
        if status is ChargerStatus.FINISHED and not goal.charged:
            if self.now < goal.ready_by:
                return replace(self.held, goal=goal), None
            return self._met(goal), None
        told = None if is_new else self._event(EventKind.PLAN_MET, goal)
        soc = None if goal.charged else self.held.parked.soc
        return self._met(goal, by_soc=soc), told

    def _carried_on(self) -> Goal:
        """Return the goal with what the car's charging tells."""
        if self.held.take_w <= CHARGES_W:
            return self.goal
        plan = self.plan
        is_late = self.now >= self.goal.ready_by
        begun = is_late or (plan is not None and plan.slot_at(self.now) is not None)
        return replace(self.goal, charged=True, begun=self.goal.begun or begun)

    def _has_stopped(self, goal: Goal) -> bool:
        """Return whether the car itself takes no more, though it is offered current."""
        reading, orders = self.snapshot.chargers[self.charger.id], self.held.orders
        if reading.status is not ChargerStatus.FINISHED or orders.offer_a <= 0.0:
            return False
        passed_s = self.state.clock_s - orders.raised_s
        return passed_s >= (STOPPED_S if goal.charged else REFUSED_S)

    def _stopped(self, goal: Goal, need: Need) -> tuple[ChargerState, Event | None]:
        """Nothing more is charged; a car whose own limit is far below the promise is told of."""
        session = self.held.session
        charged_wh = session.energy_wh if session is not None else 0.0
        full_wh = need.firm_wh + charged_wh
        if need.firm_wh <= max(CAR_LIMIT_WH, CAR_LIMIT_SHARE * full_wh):
            return self._met(goal), self._event(EventKind.PLAN_MET, goal)
        told = None
        if not goal.warned:
            told = self._event(EventKind.PLAN_AT_RISK, goal, missing_wh=need.firm_wh)
        return self._met(goal), told

    def _met(self, goal: Goal, by_soc: float | None = None) -> ChargerState:
        goal = replace(goal, met=True, at_risk=False, risk_since_s=None)
        return self._noted(
            goal, met=goal.ready_by, effortless=not goal.charged, met_soc=by_soc
        )

    def _noted(self, goal: Goal, **known: Any) -> ChargerState:
        """Return the charger's state with the goal, and with what is known of its promise."""
        promises = tuple(
            replace(one, **known) if one.id == goal.promise_id else one
            for one in self.held.promises
        )
        return replace(self.held, goal=goal, promises=promises)

    def _event(self, kind: EventKind, goal: Goal, **known: Any) -> Event:
        found = outcome(self.site, self.charger, self.state, goal, **known)
        return Event(kind=kind, charger_id=self.charger.id, outcome=found)
