"""Runs of planned slots, and what is said of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.engine.promise import Goal
from custom_components.ampacity.engine.schedule import (
    ChargerPlan,
    PlannedSlot,
    SlotReason,
)
from custom_components.ampacity.plan_run import runs
from custom_components.ampacity.plan_text import PlanTexts
from custom_components.ampacity.sentence import async_load_sentences

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
READY_BY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def slot(
    number: int,
    power_w: float = 4000.0,
    sun_w: float = 0.0,
    price: float = 0.2,
    reason: SlotReason = SlotReason.CHEAP,
) -> PlannedSlot:
    """Return the slot that begins so many quarters of an hour from now."""
    start = NOW + number * QUARTER
    return PlannedSlot(
        start=start,
        end=start + QUARTER,
        power_w=power_w,
        sun_w=sun_w,
        price=price,
        reason=reason,
    )


def test_slots_without_a_gap_are_one_run() -> None:
    """With their energy, the mean price of what is bought, and the main reason."""
    slots = [
        slot(0),
        slot(1, power_w=8000.0, sun_w=6000.0, price=0.4, reason=SlotReason.SUN),
        slot(3, power_w=2000.0, reason=SlotReason.PROMISE),
    ]
    first, second = runs(slots)
    assert (first.start, first.end) == (NOW, NOW + 2 * QUARTER)
    assert first.energy_wh == pytest.approx(3000.0)
    assert first.power_w == pytest.approx(6000.0)
    assert first.price == pytest.approx((1000.0 * 0.2 + 500.0 * 0.4) / 1500.0)
    assert first.reason is SlotReason.SUN
    assert (second.start, second.reason) == (NOW + 3 * QUARTER, SlotReason.PROMISE)
    assert runs([]) == ()


def test_run_that_buys_nothing() -> None:
    """Its price is that of the slots, for want of a better one."""
    (run,) = runs([slot(0, sun_w=4000.0, price=0.2), slot(1, sun_w=5000.0, price=0.4)])
    assert run.price == pytest.approx(0.3)


@pytest.fixture
async def texts(hass: HomeAssistant) -> PlanTexts:
    """Return the English words."""
    await hass.config.async_set_time_zone("UTC")
    return PlanTexts(await async_load_sentences(hass, "en"), "EUR")


def goal(**known: bool | float | None) -> Goal:
    """Return a goal of 80 % by seven."""
    given = {"soc": 80.0} | known
    return Goal(promise_id="one", ready_by=READY_BY, **given)  # type: ignore[arg-type]


def plan(**known: float | datetime) -> ChargerPlan:
    """Return a plan of two slots at night."""
    given = {"energy_wh": 2000.0, "cost": 0.4, "cost_at_once": 0.65} | known
    slots = (slot(32), slot(33))
    return ChargerPlan(ready_by=READY_BY, slots=slots, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "planned", "sentence"),
    [
        (None, None, "Nothing is planned."),
        (
            goal(),
            None,
            "80 % by tomorrow 07:00. When it charges is not planned yet.",
        ),
        (
            goal(soc=None, energy_wh=7500.0),
            plan(),
            "7.5 kWh by tomorrow 07:00. Charges 2 kWh between tomorrow 02:00 and "
            "02:30 for 0.40 EUR, 0.25 EUR less than charging at once.",
        ),
        (
            goal(),
            plan(cost_at_once=0.4),
            "80 % by tomorrow 07:00. Charges 2 kWh between tomorrow 02:00 and "
            "02:30 for 0.40 EUR.",
        ),
        (
            goal(at_risk=True),
            plan(cost_at_once=0.4, unmet_wh=1234.0),
            "80 % by tomorrow 07:00. Charges 2 kWh between tomorrow 02:00 and "
            "02:30 for 0.40 EUR. 1.2 kWh will be missing.",
        ),
        (
            goal(at_risk=True),
            plan(cost_at_once=0.4, unmet_wh=1234.0, soc_reached=77.6),
            "80 % by tomorrow 07:00. Charges 2 kWh between tomorrow 02:00 and "
            "02:30 for 0.40 EUR. The car will be at 78 % then, and 1.2 kWh will be "
            "missing.",
        ),
        (
            goal(at_risk=True),
            plan(
                cost_at_once=0.4,
                unmet_wh=3000.0,
                ready_at=READY_BY + timedelta(hours=1),
            ),
            "80 % by tomorrow 07:00. Charges 2 kWh between tomorrow 02:00 and "
            "02:30 for 0.40 EUR. 3 kWh will be missing then, and be there "
            "by tomorrow 08:00.",
        ),
        (
            goal(met=True),
            plan(),
            "80 % by tomorrow 07:00: that is there, so nothing more is charged for it.",
        ),
    ],
)
def test_sentence(
    texts: PlanTexts,
    wanted: Goal | None,
    planned: ChargerPlan | None,
    sentence: str,
) -> None:
    """What is promised, when it is charged and at what cost."""
    assert texts.sentence(wanted, planned, NOW) == sentence


def test_late(texts: PlanTexts) -> None:
    """It was due an hour ago."""
    said = texts.sentence(goal(), None, READY_BY + timedelta(hours=1))
    assert said.startswith("80 % was due at 07:00; charging goes on until it is there.")
    late = goal(at_risk=True)
    said = texts.sentence(late, plan(unmet_wh=1234.0), READY_BY)
    assert said.endswith(" for 0.40 EUR.")


def test_car_that_is_yet_to_come(texts: PlanTexts) -> None:
    """Nothing can be planned for a car that is on the road."""
    said = texts.sentence(goal(), None, NOW, away=True)
    assert said == (
        "80 % by tomorrow 07:00. When it charges is planned once a car is plugged in."
    )


def test_days_are_named_once(texts: PlanTexts) -> None:
    """But for an end on another day than the start."""
    for first, told in ((20, "23:00 and 23:15"), (23, "23:45 and tomorrow 00:00")):
        planned = replace(plan(), slots=(slot(first),))
        assert f"between {told} for" in texts.sentence(goal(), planned, NOW)


@pytest.mark.parametrize(
    ("reason", "title", "description"),
    [
        (SlotReason.SUN, "Charge 1 kWh from the sun", "4 kW on average, mostly from"),
        (
            SlotReason.CHEAP,
            "Charge 1 kWh in cheap hours",
            "4 kW on average at 0.200 EU",
        ),
        (SlotReason.MINIMUM, "Charge 1 kWh up to the minimum", "4 kW on average at"),
        (SlotReason.PROMISE, "Charge 1 kWh to be ready in time", "4 kW on average"),
    ],
)
def test_event(
    texts: PlanTexts, reason: SlotReason, title: str, description: str
) -> None:
    """A title for a glance, a description for the rest."""
    (run,) = runs([slot(0, reason=reason)])
    assert texts.title(run) == title
    assert texts.description(run, None, NOW).startswith(description)
    said = texts.description(run, goal(), NOW)
    assert said.startswith(f"80 % by tomorrow 07:00. {description}")
