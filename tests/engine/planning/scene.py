"""A house in the evening with promised cars, and what it expects of the night and the next day."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    GridReading,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.outlook import SLOT, Outlook
from custom_components.ampacity.engine.planning import plan_site
from custom_components.ampacity.engine.promise import Goal
from custom_components.ampacity.engine.schedule import ChargerPlan, Schedule
from custom_components.ampacity.engine.state import ChargerState, EngineState
from custom_components.ampacity.engine.vehicle import Parked

EVENING = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)


def outlook(
    start: datetime = EVENING,
    slots: int = 192,
    *,
    price: Callable[[datetime], float] = lambda _: 0.30,
    feed_in: float = 0.08,
    solar_w: Callable[[datetime], float] = lambda _: 0.0,
    house_w: float = 300.0,
    house_high_w: float = 2000.0,
) -> Outlook:
    """Return an outlook from functions of the time."""
    begins = [start + index * SLOT for index in range(slots)]
    sun = tuple(solar_w(begin) for begin in begins)
    return Outlook(
        start=start,
        import_price=tuple(price(begin) for begin in begins),
        feed_in_price=(feed_in,) * slots,
        solar_w=sun,
        solar_low_w=tuple(watts / 2.0 for watts in sun),
        house_w=(house_w,) * slots,
        house_high_w=(house_high_w,) * slots,
    )


def cheap_between(
    first: int, stop: int, cheap: float = 0.20, dear: float = 0.30
) -> Callable[[datetime], float]:
    """Return prices that are cheap between two hours of the day."""
    return lambda at: cheap if first <= at.hour < stop else dear


def charger(key: str = "box", **changes: Any) -> Charger:
    """Return a charger of 11 kW."""
    known: dict[str, Any] = {"id": key, "max_a": 16.0}
    return Charger(**known | changes)


def goal(energy_wh: float, ready_by: datetime = MORNING, **changes: Any) -> Goal:
    """Return a promise of an energy."""
    known: dict[str, Any] = {
        "promise_id": "a",
        "ready_by": ready_by,
        "energy_wh": energy_wh,
    }
    return Goal(**known | changes)


def schedule(
    expected: Outlook | None,
    goals: Sequence[Goal],
    *,
    site: dict[str, Any] | None = None,
    now: datetime = EVENING,
    parked: Parked | None = None,
    **changes: Any,
) -> Schedule:
    """Return the schedule of a site with a charger "0", "1" … for each goal."""
    chargers = tuple(charger(str(i), **changes) for i in range(len(goals)))
    states = {
        str(i): ChargerState(goal=one, plugged_s=0.0, parked=parked or Parked())
        for i, one in enumerate(goals)
    }
    reading = ChargerReading(status=ChargerStatus.CONNECTED)
    known: dict[str, Any] = {"fuse_a": 35.0, "chargers": chargers}
    return plan_site(
        Site(**known | (site or {})),
        Snapshot(
            grid=GridReading(power_w=Reading(value=300.0)),
            chargers={one.id: reading for one in chargers},
            outlook=expected,
        ),
        EngineState(now=now, chargers=states),
        now,
    )


def alone(expected: Outlook, one: Goal, **changes: Any) -> ChargerPlan:
    """Return the plan of a single charger."""
    return schedule(expected, [one], **changes).plans["0"]


def hours(plan: ChargerPlan) -> float:
    """Return for how many hours a plan charges."""
    spans = (slot.end - slot.start for slot in plan.slots)
    return sum(spans, timedelta()).total_seconds() / 3600.0
