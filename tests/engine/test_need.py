"""What a charger still needs for its promise."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    GridReading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.need import (
    ASSUMED_CAPACITY_WH,
    ASSUMED_SOC,
    MARGIN,
    REST_WH,
    Need,
    need_of,
    soc_after,
)
from custom_components.ampacity.engine.promise import Goal
from custom_components.ampacity.engine.session import Session
from custom_components.ampacity.engine.state import ChargerState, EngineState, Switching
from custom_components.ampacity.engine.vehicle import (
    EFFICIENCY,
    Parked,
    Vehicle,
    VehicleMemory,
)

from .driver import NOON

READY_BY = NOON + timedelta(hours=10)
PERCENT_WH = 600.0 * (1.0 + MARGIN) / 0.9
"""What one percent of the tests' car takes, 60 kWh at 90 %."""


class Case:
    """A charger with a car, and a goal."""

    def __init__(
        self,
        goal: dict[str, Any] | None = None,
        *,
        soc: float | None = 40.0,
        car: dict[str, Any] | None = None,
        known: bool = True,
        charged_wh: float = 0.0,
        status: ChargerStatus = ChargerStatus.PAUSED,
        switching: Switching | None = None,
        **charger: Any,
    ) -> None:
        """Park a car of 60 kWh at 90 % efficiency, unless it is not ``known``."""
        vehicle = Vehicle(id="car", **{"capacity_wh": 60_000.0, **(car or {})})
        self.charger = Charger(id="a", **charger)
        self.site = Site(
            fuse_a=35.0,
            chargers=(self.charger,),
            vehicles=(vehicle,) if known else (),
        )
        held = ChargerState(
            goal=None
            if goal is None
            else Goal(promise_id="p", ready_by=READY_BY, **goal),
            parked=Parked(vehicle_id="car" if known else None, soc=soc),
            session=Session(started=NOON, energy_wh=charged_wh),
            switching=switching or Switching(),
        )
        self.state = EngineState(
            now=NOON,
            chargers={"a": held},
            vehicles={"car": VehicleMemory(efficiency=0.9)} if known else {},
        )
        self.snapshot = Snapshot(
            grid=GridReading(), chargers={"a": ChargerReading(status=status)}
        )

    def need(self) -> Need | None:
        """Return the need."""
        return need_of(self.site, self.charger, self.snapshot, self.state, NOON)

    def firm_wh(self) -> float:
        """Return what is needed at any price, 0 where nothing is needed at all."""
        need = self.need()
        return need.firm_wh if need else 0.0

    def extra_wh(self) -> float:
        """Return what is needed below the price limit only."""
        need = self.need()
        return need.extra_wh if need else 0.0


@pytest.mark.parametrize(
    ("soc", "target", "percent"),
    [
        (40.0, 80.0, 40.0),
        (0.0, 100.0, 105.0),
        (79.5, 80.0, 0.5),
        (80.0, 80.0, 0.0),
        (90.0, 80.0, 0.0),
        (90.0, 95.0, 5.0),
        (90.0, 100.0, 15.0),
        (97.0, 100.0, 6.0),
    ],
    ids=[
        "usual",
        "from empty to full",
        "nearly there",
        "there",
        "beyond",
        "up to the taper",
        "through the taper, which counts double",
        "within the taper",
    ],
)
def test_need_of_a_charge_level(soc: float, target: float, percent: float) -> None:
    """It is the missing percent over the efficiency, with a margin, and longer near the top."""
    case = Case({"soc": target}, soc=soc)
    assert case.firm_wh() == pytest.approx(percent * PERCENT_WH)
    assert (case.need() is None) == (percent == 0.0)


def test_need_names_its_goal() -> None:
    """The deadline is that of the goal, and stays so when it has passed."""
    case = Case({"soc": 80.0})
    need = need_of(
        case.site, case.charger, case.snapshot, case.state, NOON + timedelta(days=1)
    )
    assert need is not None
    assert need.deadline == READY_BY


@pytest.mark.parametrize(
    ("goal", "firm", "extra"),
    [
        ({"soc": 80.0}, 40.0, 0.0),
        ({"soc": 80.0, "price_limit": 0.15}, 0.0, 40.0),
        ({"soc": 50.0, "below_limit_soc": 80.0, "price_limit": 0.15}, 10.0, 30.0),
        ({"soc": 30.0, "below_limit_soc": 80.0, "price_limit": 0.15}, 0.0, 40.0),
        ({"soc": 80.0, "below_limit_soc": 60.0, "price_limit": 0.15}, 40.0, 0.0),
        ({"soc": 50.0, "below_limit_soc": 80.0}, 10.0, 0.0),
    ],
    ids=[
        "no limit",
        "all of it below the limit",
        "two layers",
        "the firm one is met",
        "the second is smaller",
        "no limit to be below",
    ],
)
def test_two_layers(goal: dict[str, Any], firm: float, extra: float) -> None:
    """What is promised at any price and what only below a limit are told apart."""
    case = Case(goal)
    assert case.firm_wh() == pytest.approx(firm * PERCENT_WH)
    assert case.extra_wh() == pytest.approx(extra * PERCENT_WH)


@pytest.mark.parametrize("known", [True, False])
def test_energy_counts_from_plug_in(known: bool) -> None:
    """An energy that is promised needs neither car nor charge level, and has no margin."""
    case = Case({"energy_wh": 10_000.0}, soc=None, known=known, charged_wh=4000.0)
    assert case.firm_wh() == 6000.0
    case = Case({"energy_wh": 10_000.0}, soc=None, known=known, charged_wh=10_000.0)
    assert case.need() is None


def test_energy_below_a_limit() -> None:
    """The price limit holds for an energy as well."""
    case = Case({"energy_wh": 10_000.0, "price_limit": 0.2}, charged_wh=4000.0)
    assert (case.firm_wh(), case.extra_wh()) == (0.0, 6000.0)


def test_without_capacity_one_is_assumed() -> None:
    """The charge level still tells when it is enough."""
    wh = ASSUMED_CAPACITY_WH / EFFICIENCY * (1.0 + MARGIN)
    assert Case({"soc": 80.0}, known=False).firm_wh() == pytest.approx(0.4 * wh)
    assert Case({"soc": 80.0}, known=False, soc=80.0).need() is None


def test_without_charge_level_the_target_energy_counts() -> None:
    """What the charger is set to charge takes the place of a charge level that nobody knows."""
    case = Case({"soc": 80.0}, soc=None, charged_wh=3000.0, target_energy_wh=12_000.0)
    assert case.firm_wh() == 9000.0
    case = Case({"soc": 80.0}, soc=None, charged_wh=12_000.0, target_energy_wh=12_000.0)
    assert case.need() is None


@pytest.mark.parametrize(
    ("charged_wh", "status", "needed_wh"),
    [
        (0.0, ChargerStatus.PAUSED, (80.0 - ASSUMED_SOC) * PERCENT_WH),
        (10_000.0, ChargerStatus.CHARGING, 60.0 * PERCENT_WH - 10_000.0),
        (70_000.0, ChargerStatus.CHARGING, REST_WH),
        (10_000.0, ChargerStatus.FINISHED, 0.0),
    ],
    ids=["at first", "on the way", "more than was assumed", "the car has enough"],
)
def test_without_anything_the_car_decides(
    charged_wh: float, status: ChargerStatus, needed_wh: float
) -> None:
    """A car that nothing is known of charges until it says that it has finished."""
    case = Case({"soc": 80.0}, soc=None, charged_wh=charged_wh, status=status)
    assert case.firm_wh() == pytest.approx(needed_wh)


@pytest.mark.parametrize(
    "status", [ChargerStatus.DISCONNECTED, ChargerStatus.OFFLINE, ChargerStatus.ERROR]
)
def test_nothing_is_needed_without_a_car(status: ChargerStatus) -> None:
    """Nor at a charger that says nothing."""
    assert Case({"soc": 80.0}, status=status).need() is None


def test_nothing_is_needed_without_a_goal() -> None:
    """Nor for one that is met, nor at a charger that was not read."""
    assert Case(None).need() is None
    assert Case({"soc": 80.0, "met": True}).need() is None
    case = Case({"soc": 80.0})
    case.snapshot = replace(case.snapshot, chargers={})
    assert case.need() is None


@pytest.mark.parametrize(
    ("car", "charger", "switching", "most_w", "least_w"),
    [
        ({}, {}, None, 3 * 16, 3 * 6),
        ({"max_a": 10.0}, {}, None, 3 * 10, 3 * 6),
        ({"max_a": 32.0}, {}, None, 3 * 16, 3 * 6),
        ({"phases": 1, "max_a": 32.0}, {"max_a": 32.0}, None, 32, 6),
        ({"phases": 2}, {}, None, 2 * 16, 2 * 6),
        ({}, {"phases": 1}, None, 16, 6),
        ({}, {"can_switch_phases": True}, None, 3 * 16, 6),
        (
            {},
            {"can_switch_phases": True, "phases": 1, "wired_phases": 3},
            None,
            3 * 16,
            6,
        ),
        ({}, {"can_switch_phases": True}, Switching(uses_one=True), 16, 6),
        ({"max_a": 5.0}, {}, None, 3 * 5, 3 * 5),
        ({}, {"levels_a": (8.0, 16.0)}, None, 3 * 16, 3 * 8),
    ],
    ids=[
        "charger",
        "car",
        "charger is smaller",
        "one phase",
        "two phases",
        "charger on one phase",
        "can switch",
        "has switched",
        "was seen to use one",
        "car below the minimum",
        "levels",
    ],
)
def test_powers(
    car: dict[str, Any],
    charger: dict[str, Any],
    switching: Switching | None,
    most_w: float,
    least_w: float,
) -> None:
    """They are those of the weaker of both, on the phases that both can use."""
    need = Case({"soc": 80.0}, car=car, switching=switching, **charger).need()
    assert need is not None
    assert need.max_w == pytest.approx(most_w * 230.0)
    assert need.min_w == pytest.approx(least_w * 230.0)


@pytest.mark.parametrize("target", [50.0, 80.0, 95.0, 98.0, 100.0])
def test_what_is_needed_leads_to_the_target(target: float) -> None:
    """The charge level after the energy that is needed is the target."""
    case = Case({"soc": target})
    after = soc_after(case.site, case.charger, case.state, case.firm_wh())
    assert after == pytest.approx(target)


def test_charge_level_after_is_unknown_without_its_parts() -> None:
    """Nothing is assumed where a person reads the answer."""
    for case in (Case(soc=None), Case(known=False), Case(car={"capacity_wh": None})):
        assert soc_after(case.site, case.charger, case.state, 1000.0) is None


PERCENT = st.floats(0.0, 100.0)


@given(low=PERCENT, high=PERCENT, target=PERCENT, below=PERCENT)
@settings(max_examples=200, deadline=None)
def test_need_is_monotone(low: float, high: float, target: float, below: float) -> None:
    """A fuller car never needs more, in all and firmly."""
    low, high = min(low, high), max(low, high)
    goal = {"soc": target, "below_limit_soc": below, "price_limit": 0.1}
    empty, full = Case(goal, soc=low), Case(goal, soc=high)
    assert full.firm_wh() <= empty.firm_wh() + 1e-6
    all_full = full.firm_wh() + full.extra_wh()
    assert all_full <= empty.firm_wh() + empty.extra_wh() + 1e-6


@given(soc=PERCENT, energy_wh=st.floats(0.0, 200_000.0))
@settings(max_examples=200, deadline=None)
def test_charge_level_after_stays_between(soc: float, energy_wh: float) -> None:
    """It is never below what it is now and never above 100 %."""
    case = Case(soc=soc)
    after = soc_after(case.site, case.charger, case.state, energy_wh)
    assert after is not None
    assert soc - 1e-9 <= after <= 100.0
