"""Planning in Home Assistant: beside control, whatever it does."""

from threading import Event
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.schedule import Schedule
from custom_components.ampacity.runtime import planning

from .house import ENTRY_ID, EVENING, House, make_entry

ISSUE = (DOMAIN, f"planning_failed_{ENTRY_ID}")


@pytest.fixture
async def promised(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> House:
    """Return a house in the evening whose car charges at once, with a promise for the morning."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(EVENING)
    house.measure()
    await house.set_up(make_entry())
    await house.act("set_plan", ready_by="07:00", energy=20)
    await hass.async_block_till_done(wait_background_tasks=True)
    return house


async def test_the_guard_does_not_wait_for_a_plan(
    promised: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a plan takes its time, an overload is cut on the very reading that shows it."""
    started, done = Event(), Event()

    def slow(*args: Any) -> Schedule:
        started.set()
        assert done.wait(20.0)
        return Schedule(made_at=EVENING)

    monkeypatch.setattr(planning, "plan_site", slow)
    await promised.act("boost")
    await promised.pass_time(120)
    await promised.act("set_plan", ready_by="08:00", energy=20)
    await promised.hass.async_add_executor_job(started.wait, 5.0)
    assert promised.offered_a == 16.0

    promised.base_a = (17.0, 1.0, 1.0)
    promised.measure()
    await promised.hass.async_block_till_done()
    assert promised.offered_a == 6.0

    done.set()
    await promised.hass.async_block_till_done(wait_background_tasks=True)
    assert promised.coordinator.planning.schedule == Schedule(made_at=EVENING)


async def test_a_planner_that_fails_is_told_and_tried_again(
    promised: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The last plan stays, one line is logged, and the message goes with the fault."""
    before = promised.coordinator.planning.schedule
    assert before is not None
    issues = ir.async_get(promised.hass)

    def broken(*args: Any) -> Schedule:
        raise RuntimeError("A bug")

    with monkeypatch.context() as patch:
        patch.setattr(planning, "plan_site", broken)
        for _ in range(3):
            await promised.pass_time(900, step_s=15)
            await promised.hass.async_block_till_done(wait_background_tasks=True)
        await promised.pass_time(15)
        assert issues.async_get_issue(*ISSUE) is not None
        assert promised.coordinator.planning.schedule is before
        assert promised.reason == "plan_waiting"
        assert caplog.text.count("Could not plan") == 1

    await promised.pass_time(900, step_s=15)
    await promised.hass.async_block_till_done(wait_background_tasks=True)
    await promised.pass_time(15)
    assert issues.async_get_issue(*ISSUE) is None
    assert promised.coordinator.planning.schedule is not before


async def test_planning_ends_with_the_entry(promised: House) -> None:
    """Nothing is planned for a site that is gone."""
    coordinator = promised.coordinator
    before = coordinator.planning.schedule
    await promised.hass.config_entries.async_unload(ENTRY_ID)
    coordinator.planning.consider(
        coordinator.site, coordinator.snapshot, coordinator.state
    )
    await promised.hass.async_block_till_done(wait_background_tasks=True)
    assert coordinator.planning.schedule is before
