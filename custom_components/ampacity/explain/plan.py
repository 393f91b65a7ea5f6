"""What a charger has promised: until when, what comes next for it, and what puts it at risk."""

from datetime import datetime
from typing import Any

from homeassistant.util import dt as dt_util

from ..charger_view import ChargerView
from ..engine.model import ChargerStatus
from ..engine.need import need_of
from ..engine.promise import Goal
from ..engine.promise_risk import RiskReason, why_at_risk
from ..engine.schedule import ChargerPlan
from ..plan_run import runs
from ..plan_text import PlanTexts
from ..plan_view import cost_data, goal_data, in_kwh, reached_data, span_data
from ..sentence import Sentences


def promise_data(view: ChargerView, sentences: Sentences) -> dict[str, Any] | None:
    """Return the promise that a charger works on; None while nothing is promised."""
    goal, plan, now = view.state.goal, view.plan, dt_util.utcnow()
    if goal is None:
        return None
    texts = PlanTexts(sentences, view.coordinator.hass.config.currency)
    away = view.status is ChargerStatus.DISCONNECTED
    risk = _risk(view, goal, now)
    return {
        **goal_data(goal, now),
        "risk": risk.value if risk else None,
        "risk_sentence": texts.risk(risk) if risk else None,
        "next": _next(plan, now),
        "planned": cost_data(plan) | reached_data(plan) if plan else None,
        "sentence": texts.sentence(goal, plan, now, away=away),
    }


def _risk(view: ChargerView, goal: Goal, now: datetime) -> RiskReason | None:
    coordinator = view.coordinator
    site, charger = coordinator.site, view.charger
    need = need_of(site, charger, coordinator.snapshot, coordinator.state, now)
    return why_at_risk(site, charger, goal, need, view.status, now)


def _next(plan: ChargerPlan | None, now: datetime) -> dict[str, Any] | None:
    """Return the run that is on or comes next; None where no more is planned."""
    planned = runs(plan.slots) if plan is not None else ()
    run = next((one for one in planned if one.end > now), None)
    if run is None:
        return None
    return {**span_data(run), "energy_kwh": in_kwh(run.energy_wh)}
