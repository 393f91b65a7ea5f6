"""Repair issues: raised when something lasts, gone when it is over."""

from datetime import datetime, timedelta
from typing import cast

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.control import decide
from custom_components.ampacity.engine.model import Site, Snapshot
from custom_components.ampacity.engine.result import Result, Tempo
from custom_components.ampacity.engine.state import EngineState

from .house import CHARGER_ID, ENTRY_ID, GRID_POWER, SOC, House

DECIDE = "custom_components.ampacity.coordinator.decide"


def issues(hass: HomeAssistant) -> set[str]:
    """Return what issues are raised, by their text's key."""
    registry = ir.async_get(hass)
    return {
        issue.translation_key or ""
        for (domain, _), issue in registry.issues.items()
        if domain == DOMAIN and issue.active
    }


async def test_healthy_house_has_none(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """Nothing is raised while all is well."""
    await house.choose("fast")
    await house.pass_time(900, step_s=10)
    assert issues(hass) == set()


async def test_silent_meter(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """At once the safe current, after five minutes an issue, and all is well again after."""
    await house.choose("fast")
    await house.pass_time(180)
    house.metering = False
    hass.states.async_set(GRID_POWER, "unavailable")
    await house.pass_time(30)
    assert house.offered_a == 6
    assert house.reason == "meter_stale"
    assert issues(hass) == set()

    await house.pass_time(280, step_s=10)
    assert issues(hass) == {"meter_stale"}
    house.metering = True
    await house.pass_time(180)
    assert issues(hass) == set()
    assert house.offered_a == 16


async def test_frozen_meter(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """A meter that repeats itself while the car starts is not believed."""
    house.metering = False
    values = {
        state.entity_id: (state.state, state.attributes)
        for state in hass.states.async_all("sensor")
        if state.entity_id.startswith("sensor.grid_")
    }
    await house.choose("fast")
    for _ in range(60):
        for entity_id, (state, attributes) in values.items():
            hass.states.async_set(entity_id, state, attributes)
        await house.pass_time(5)
    assert house.offered_a <= 6
    assert issues(hass) == {"meter_frozen"}


async def test_charger_that_does_not_obey(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """A charger that goes on as before is told of after five minutes."""
    await house.choose("fast")
    await house.pass_time(180)
    house.obedient = False
    await house.choose("off")
    await house.pass_time(120)
    assert issues(hass) == set()
    await house.pass_time(420, step_s=10)
    assert issues(hass) == {"not_obeying"}
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"not_obeying_{ENTRY_ID}_{CHARGER_ID}"
    )
    assert issue is not None
    assert (issue.translation_placeholders or {})["name"] == "Garage"

    house.obedient = True
    await house.pass_time(180)
    assert house.offered_a == 0
    assert issues(hass) == set()


async def test_removed_source(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    """An entity that somebody deletes is named, until it is back."""
    hass.states.async_remove(SOC)
    registry = er.async_get(hass)
    entry = registry.async_get_or_create(
        "sensor", "car", "soc", suggested_object_id="wallbox_soc"
    )
    hass.states.async_set(SOC, "50", {"unit_of_measurement": "%"})
    await house.set_up()
    await house.pass_time(60)
    assert issues(hass) == set()

    registry.async_remove(entry.entity_id)
    hass.states.async_remove(SOC)
    await house.pass_time(60)
    assert issues(hass) == {"source_gone"}
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"source_gone_{ENTRY_ID}_{SOC}")
    assert issue is not None
    assert issue.translation_placeholders == {
        "site": "Home",
        "entity_id": SOC,
        "name": "Garage",
    }

    hass.states.async_set(SOC, "51", {"unit_of_measurement": "%"})
    await house.pass_time(20)
    assert issues(hass) == set()


async def test_entity_that_reloads_is_not_gone(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """Integrations take their entities away for a moment when they reload."""
    hass.states.async_remove(SOC)
    await house.pass_time(20)
    hass.states.async_set(SOC, "50", {"unit_of_measurement": "%"})
    await house.pass_time(60)
    assert issues(hass) == set()


async def test_nothing_is_gone_while_home_assistant_starts(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """Other integrations may take minutes to bring their entities."""
    hass.set_state(CoreState.starting)
    hass.states.async_remove(SOC)
    await house.pass_time(120)
    assert issues(hass) == set()
    hass.set_state(CoreState.running)
    await house.pass_time(60)
    assert issues(hass) == {"source_gone"}


async def test_failing_engine(
    hass: HomeAssistant,
    site_entry: MockConfigEntry,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error in control is logged once, raised at once, and tried again each tick."""
    await house.choose("fast")
    await house.pass_time(180)

    def failing(
        site: Site, _snapshot: Snapshot, state: EngineState, now: datetime, tempo: Tempo
    ) -> Result:
        return decide(site, cast(Snapshot, None), state, now, tempo)

    monkeypatch.setattr(DECIDE, failing)
    await house.pass_time(60)
    assert issues(hass) == {"control_error"}
    assert house.offered_a == 6
    assert caplog.text.count("Could not decide") == 1

    monkeypatch.setattr(DECIDE, decide)
    await house.pass_time(180)
    assert issues(hass) == set()
    assert house.offered_a == 16
    assert caplog.text.count("Deciding works again") == 1


async def test_failing_reader(
    hass: HomeAssistant,
    site_entry: MockConfigEntry,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A source whose reading fails counts as missing; the loop goes on."""
    await house.choose("fast")
    await house.pass_time(180)

    def failing(*_args: object) -> None:
        raise RuntimeError("meter on fire")

    with monkeypatch.context() as patch:
        patch.setattr(type(house.coordinator.sources.grid), "read", failing)
        await house.pass_time(60)
        assert house.offered_a == 6
        assert issues(hass) == {"control_error"}
        assert caplog.text.count("Could not read grid") == 1
    await house.pass_time(180)
    assert house.offered_a == 16
    assert issues(hass) == set()


async def test_clock_that_jumps_raises_nothing(
    hass: HomeAssistant,
    site_entry: MockConfigEntry,
    house: House,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Five minutes are five minutes of control, not of the wall clock."""
    house.metering = False
    hass.states.async_set(GRID_POWER, "unavailable")
    await house.pass_time(30)
    freezer.tick(timedelta(hours=2))
    await house.pass_time(10)
    assert issues(hass) == set()


async def test_unload_clears_issues(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """A site that is gone has nothing to complain of."""
    hass.states.async_remove(SOC)
    await house.pass_time(60)
    assert issues(hass) == {"source_gone"}
    await hass.config_entries.async_unload(ENTRY_ID)
    assert issues(hass) == set()
