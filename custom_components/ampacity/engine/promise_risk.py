"""Whether a promise will be missed, and what will be reached instead."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from .model import Charger, ChargerStatus, Mode, Site
from .need import Need, soc_after
from .promise import Goal, Outcome
from .schedule import ChargerPlan
from .state import ChargerState, EngineState
from .vehicle import Vehicle
from .vehicle_target import vehicle_at

MISSED_WH = 200.0
MISSED_SHARE = 0.02
"""Less than both of these is not worth a warning."""
SURE_S = 60.0
"""For this long it must look so: a plan that is being made anew warns nobody."""


class RiskReason(StrEnum):
    """Why a promise will be missed as things stand."""

    DISABLED = "disabled"
    """The site's charging is switched off."""
    OFF = "off"
    """The charger's mode."""
    UNREACHABLE = "unreachable"
    """The charger does not answer or has a fault."""
    TIME = "time"
    """Too little is left even at full power from now on."""
    LIMITS = "limits"
    """The house, other cars or a limit leave too little."""


def expected_car(
    site: Site, charger: Charger, held: ChargerState, *, away: bool
) -> Vehicle | None:
    """Return the car at a charger; while there is none, the one that usually comes.

    None for a car that nobody knows.
    """
    if not away:
        return vehicle_at(site, held)
    chosen_id = held.parked.chosen_id
    for vehicle in site.vehicles:
        is_usual = chosen_id is None and vehicle.default_charger_id == charger.id
        if is_usual or vehicle.id == chosen_id:
            return vehicle
    return None


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
    able_wh = 0.0 if is_held else _able_wh(goal, need, now)
    short_wh = max(0.0, need.firm_wh - able_wh)
    if plan is None:
        return short_wh
    return max(short_wh, min(plan.unmet_wh, need.firm_wh))


def why_at_risk(
    site: Site,
    charger: Charger,
    goal: Goal,
    need: Need | None,
    status: ChargerStatus,
    now: datetime,
) -> RiskReason | None:
    """Return why a promise will be missed; None while it is not at risk.

    What stands first is what somebody has to change before anything else can help.
    """
    if not goal.at_risk:
        return None
    if not site.charging_enabled:
        return RiskReason.DISABLED
    if charger.mode is Mode.OFF:
        return RiskReason.OFF
    if status in {ChargerStatus.OFFLINE, ChargerStatus.ERROR}:
        return RiskReason.UNREACHABLE
    if need is not None and need.firm_wh > _able_wh(goal, need, now):
        return RiskReason.TIME
    return RiskReason.LIMITS


def _able_wh(goal: Goal, need: Need, now: datetime) -> float:
    """Return what can be charged with full power until the time of the promise."""
    left_h = max(0.0, (goal.ready_by - now).total_seconds() / 3600.0)
    return need.max_w * left_h


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
    goal: Goal,
    *,
    need: Need | None = None,
    plan: ChargerPlan | None = None,
    missing_wh: float = 0.0,
) -> Outcome:
    """Return what will be reached of a goal; without a need, what is there already."""
    soc = plan.soc_reached if plan is not None else None
    ready_at = plan.ready_at if plan is not None else None
    if soc is None:
        more_wh = need.firm_wh - missing_wh if need is not None else 0.0
        soc = soc_after(site, charger, state, max(0.0, more_wh))
    if ready_at is None and need is not None and state.now is not None:
        ready_at = state.now + timedelta(hours=need.firm_wh / need.max_w)
    return Outcome(goal=goal, soc_reached=soc, ready_at=ready_at, unmet_wh=missing_wh)
