"""Whether a promise will be missed, and what will be reached instead."""

from dataclasses import replace
from datetime import datetime, timedelta

from .model import Charger, Mode, Site
from .need import Need
from .promise import Goal, Outcome
from .schedule import ChargerPlan
from .state import EngineState
from .vehicle import Vehicle

MISSED_WH = 200.0
MISSED_SHARE = 0.02
"""Less than both of these is not worth a warning."""
SURE_S = 60.0
"""For this long it must look so: a plan that is being made anew warns nobody."""


def car_of(site: Site, charger: Charger) -> Vehicle | None:
    """Return the car that a charger is for, chosen or by default; None where there is none."""
    by_id = {vehicle.id: vehicle for vehicle in site.vehicles}
    if charger.vehicle_id is not None:
        return by_id.get(charger.vehicle_id)
    usual = (one for one in site.vehicles if one.default_charger_id == charger.id)
    return next(usual, None)


def missed_wh(
    site: Site,
    charger: Charger,
    goal: Goal,
    need: Need,
    plan: ChargerPlan | None,
    now: datetime,
) -> float:
    """Return what will be missing at the time of the promise, as things stand.

    At least what is left even if the car charges with full power from now on; so the moment at
    which it would have to begin is watched whatever the plan says.
    """
    is_held = charger.mode is Mode.OFF or not site.charging_enabled
    left_h = max(0.0, (goal.ready_by - now).total_seconds() / 3600.0)
    able_wh = 0.0 if is_held else need.max_w * left_h
    short_wh = max(0.0, need.firm_wh - able_wh)
    if plan is None or plan.ready_by != goal.ready_by:
        return short_wh
    return max(short_wh, min(plan.unmet_wh, need.firm_wh))


def assess(
    goal: Goal, need: Need, short_wh: float, clock_s: float
) -> tuple[Goal, bool]:
    """Return the goal with whether it is at risk, and whether that is to be told now.

    Half of what raises the alarm is forgiven before it is withdrawn.
    """
    limit_wh = max(MISSED_WH, MISSED_SHARE * need.firm_wh)
    if goal.at_risk:
        limit_wh /= 2.0
    if (short_wh > limit_wh) == goal.at_risk:
        return replace(goal, risk_since_s=None), False
    since_s = goal.risk_since_s if goal.risk_since_s is not None else clock_s
    if clock_s - since_s < SURE_S:
        return replace(goal, risk_since_s=since_s), False
    at_risk = not goal.at_risk
    is_news = at_risk and not goal.warned
    return replace(
        goal, at_risk=at_risk, warned=goal.warned or at_risk, risk_since_s=None
    ), is_news


def outcome(
    site: Site,
    charger: Charger,
    state: EngineState,
    need: Need | None,
    plan: ChargerPlan | None,
    missing_wh: float,
) -> Outcome:
    """Return what will be reached of the goal of a charger."""
    goal = state.charger(charger.id).goal
    now = state.now
    assert goal is not None
    assert now is not None
    ready_at = plan.ready_at if plan is not None else None
    if ready_at is None and need is not None and need.max_w > 0.0:
        ready_at = now + timedelta(hours=need.firm_wh / need.max_w)
    car = car_of(site, charger)
    soc = plan.soc_reached if plan is not None else None
    if soc is None and goal.soc is not None and car is not None and car.capacity_wh:
        memory = state.vehicles.get(car.id)
        efficiency = memory.efficiency if memory is not None else 1.0
        soc = goal.soc - missing_wh * efficiency / car.capacity_wh * 100.0
    return Outcome(
        goal=goal,
        soc_reached=None if soc is None else max(0.0, soc),
        ready_at=ready_at,
        unmet_wh=missing_wh,
    )
