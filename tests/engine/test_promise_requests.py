"""Promises that a user changes, and those that follow a calendar."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.ampacity.engine.model import ChargerStatus
from custom_components.ampacity.engine.promise import Promise, PromiseSource
from custom_components.ampacity.engine.requests import (
    clear_promises,
    follow_calendar,
    skip_once,
)
from custom_components.ampacity.engine.result import EventKind
from custom_components.ampacity.engine.schedule import (
    ChargerPlan,
    PlannedSlot,
    SlotReason,
)

from .night import Night, at, daily

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
