"""A charger's promises and its plan, as the action ``get_plan`` answers."""

from datetime import datetime
from typing import Any

from homeassistant.util import dt as dt_util

from .charger_view import ChargerView
from .engine.model import ChargerStatus
from .engine.promise import Goal, Promise
from .engine.promise_choice import due
from .engine.schedule import ChargerPlan, PlannedSlot
from .flows.fields import DAYS
from .plan_run import Run
from .plan_text import PlanTexts
from .sentence import async_load_sentences


async def async_plan_data(view: ChargerView) -> dict[str, Any]:
    """Return what is promised and planned: kWh, W, percent, currency, ISO times; null is unknown."""
    coordinator, now = view.coordinator, dt_util.utcnow()
    goal, plan = view.state.goal, view.plan
    sentences = await async_load_sentences(coordinator.hass)
    texts = PlanTexts(sentences, coordinator.hass.config.currency)
    return {
        "plan": goal_data(goal, now) if goal is not None else None,
        "plans": [
            _promise(one, due(coordinator.site, one, now))
            for one in view.state.promises
        ],
        **_planned(plan),
        "sentence": texts.sentence(
            goal, plan, now, away=view.status is ChargerStatus.DISCONNECTED
        ),
    }


def goal_data(goal: Goal, now: datetime) -> dict[str, Any]:
    """Return the promise that is worked on, and how it stands."""
    return {
        "id": goal.promise_id,
        "ready_by": iso(goal.ready_by),
        "soc": goal.soc,
        "energy_kwh": in_kwh(goal.energy_wh),
        "price_limit": goal.price_limit,
        "below_limit_soc": goal.below_limit_soc,
        "met": goal.met,
        "late": goal.ready_by <= now and not goal.met,
        "at_risk": goal.at_risk,
    }


def _promise(promise: Promise, ready_by: datetime | None) -> dict[str, Any]:
    return {
        "id": promise.id,
        "ready_by": iso(ready_by),
        "soc": promise.soc,
        "energy_kwh": in_kwh(promise.energy_wh),
        "price_limit": promise.price_limit,
        "below_limit_soc": promise.below_limit_soc,
        "repeat": [DAYS[day] for day in sorted(promise.repeat)],
        "source": promise.source.value,
    }


def _planned(plan: ChargerPlan | None) -> dict[str, Any]:
    """Return what is planned; all of it is unknown while nothing is."""
    if plan is None:
        costs = dict.fromkeys(("energy_kwh", "cost", "cost_at_once", "saving"))
        reached = dict.fromkeys(("missing_kwh", "soc_reached", "ready_at"))
        return {"slots": [], **costs, **reached}
    return {
        "slots": [_slot(slot) for slot in plan.slots],
        **cost_data(plan),
        **reached_data(plan),
    }


def reached_data(plan: ChargerPlan) -> dict[str, Any]:
    """Return how far a plan gets by its time, and when it gets there."""
    return {
        "missing_kwh": in_kwh(plan.unmet_wh),
        "soc_reached": None if plan.soc_reached is None else round(plan.soc_reached),
        "ready_at": iso(plan.ready_at),
    }


def cost_data(plan: ChargerPlan) -> dict[str, float | None]:
    """Return what a plan charges and costs, and what it saves against charging at once."""
    return {
        "energy_kwh": in_kwh(plan.energy_wh),
        "cost": round(plan.cost, 4),
        "cost_at_once": round(plan.cost_at_once, 4),
        # Plus zero, lest nothing be shown as less than nothing.
        "saving": round(plan.cost_at_once - plan.cost, 4) + 0.0,
    }


def _slot(slot: PlannedSlot) -> dict[str, Any]:
    return {**span_data(slot), "sun_w": round(slot.sun_w)}


def span_data(span: PlannedSlot | Run) -> dict[str, Any]:
    """Return when something is charged, with what power, at what price and why."""
    return {
        "start": iso(span.start),
        "end": iso(span.end),
        "power_w": round(span.power_w),
        "price": round(span.price, 5),
        "reason": span.reason.value,
    }


def iso(moment: datetime | None) -> str | None:
    """Return a moment as local time in ISO 8601, to the second."""
    if moment is None:
        return None
    return dt_util.as_local(moment).isoformat(timespec="seconds")


def in_kwh(energy_wh: float | None) -> float | None:
    """Return an energy as actions tell it."""
    return None if energy_wh is None else round(energy_wh / 1000.0, 3)
