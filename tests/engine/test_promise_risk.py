"""Promises that will be missed: when that is seen, told and withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.ampacity.engine.model import Charger, ChargerStatus, Mode, Site
from custom_components.ampacity.engine.need import Need
from custom_components.ampacity.engine.promise import Goal
from custom_components.ampacity.engine.promise_risk import RiskReason, why_at_risk
from custom_components.ampacity.engine.result import EventKind
from custom_components.ampacity.engine.schedule import ChargerPlan

from .night import Night, at, daily


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


@pytest.mark.parametrize(
    ("at_risk", "enabled", "mode", "status", "firm_wh", "expected"),
    [
        (False, False, Mode.OFF, ChargerStatus.OFFLINE, 9_000.0, None),
        (True, False, Mode.OFF, ChargerStatus.OFFLINE, 9_000.0, RiskReason.DISABLED),
        (True, True, Mode.OFF, ChargerStatus.OFFLINE, 9_000.0, RiskReason.OFF),
        (True, True, Mode.SOLAR, ChargerStatus.OFFLINE, None, RiskReason.UNREACHABLE),
        (True, True, Mode.SOLAR, ChargerStatus.ERROR, None, RiskReason.UNREACHABLE),
        (True, True, Mode.SOLAR, ChargerStatus.PAUSED, 9_000.0, RiskReason.TIME),
        # 8 kWh are what 8 kW give in the hour that is left
        (True, True, Mode.SOLAR, ChargerStatus.PAUSED, 8_000.0, RiskReason.LIMITS),
        (True, True, Mode.SOLAR, ChargerStatus.PAUSED, None, RiskReason.LIMITS),
    ],
)
def test_why_it_is_at_risk(
    at_risk: bool,
    enabled: bool,
    mode: Mode,
    status: ChargerStatus,
    firm_wh: float | None,
    expected: RiskReason | None,
) -> None:
    """What has to be changed before anything else can help comes first."""
    now = at("2026-11-23T06:00")
    goal = Goal(promise_id="a", ready_by=at("2026-11-23T07:00"), at_risk=at_risk)
    need = None
    if firm_wh is not None:
        need = Need(deadline=goal.ready_by, firm_wh=firm_wh, max_w=8_000.0, min_w=1e3)
    site = Site(fuse_a=25.0, charging_enabled=enabled)
    charger = Charger(id="a", mode=mode)
    assert why_at_risk(site, charger, goal, need, status, now) is expected
