"""A test run is started by its button or action, and reported in plain words."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.trial import (
    StepResult,
    TrialEnd,
    TrialReport,
    TrialStep,
    Verdict,
)
from custom_components.ampacity.runtime.trial import async_report_text

from .house import CHARGER_ID, STATUS, House

NOON = datetime(2026, 6, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def _notifications(hass: HomeAssistant) -> None:
    """Have notifications."""
    await persistent_notification.async_setup(hass, {})


def told(hass: HomeAssistant) -> dict[str, Any] | None:
    """Return the notification about the charger."""
    notes = hass.data.get("persistent_notification", {})
    return notes.get(f"{DOMAIN}_test_run_{CHARGER_ID}")  # type: ignore[no-any-return]


async def press(hass: HomeAssistant, house: House) -> None:
    """Press the button."""
    data = {"entity_id": house.entity_id("button", "test_run")}
    await hass.services.async_call("button", "press", data, blocking=True)


async def test_button(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """It takes some minutes, does its steps, says what works, and the mode goes on."""
    await press(hass, house)
    assert house.reason == "test_run"
    offers = set()
    for _ in range(60):
        await house.pass_time(5)
        offers.add(house.offered_a)
    assert offers == {0.0, 6.0, 10.0}
    note = told(hass)
    assert note is not None
    assert note["title"] == "Test run: Garage"
    lines = note["message"].splitlines()
    assert lines[:6] == [
        "The test run is over.",
        "- Charging at 6 A: works.",
        "- Raising to 10 A: works.",
        "- Lowering to 6 A: works.",
        "- Pausing: works.",
        "- Resuming: works.",
    ]
    assert lines[6].startswith("- It follows a new current within ")
    await house.pass_time(200)
    assert house.reason == "solar_waiting"


async def test_pressed_again(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """The second press ends it; what was seen by then is told."""
    await press(hass, house)
    await house.pass_time(60)
    await press(hass, house)
    await hass.async_block_till_done()
    note = told(hass)
    assert note is not None
    assert note["message"].startswith("The test run was ended before it was over.")
    assert "Charging at 6 A: works." in note["message"]
    assert house.coordinator.charger_state(CHARGER_ID).trial is None


async def test_action_with_response(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """Who asks for a response gets it at the end."""
    call = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "test_run",
            {"device_id": house.device_id()},
            blocking=True,
            return_response=True,
        )
    )
    for _ in range(60):
        await asyncio.sleep(0)
        await house_step(house)
        if call.done():
            break
    answer = await call
    assert answer is not None
    assert answer["result"] == "done"
    assert set(answer["steps"].values()) == {"works"}  # type: ignore[union-attr]
    assert isinstance(answer["settle_time"], float)
    assert "Pausing: works." in str(answer["text"])


async def house_step(house: House) -> None:
    """Let five seconds pass, without waiting for tasks that wait for more."""
    house.freezer.tick(timedelta(seconds=5))
    house.measure()
    async_fire_time_changed(house.hass)
    for _ in range(20):
        await asyncio.sleep(0)


async def test_needs_a_car(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """Without a car, a charger or the permission to charge it says so and starts nothing."""
    house.plugged = False
    await house.pass_time(15)
    with pytest.raises(ServiceValidationError, match="No car is plugged in at Garage"):
        await press(hass, house)
    house.plugged = True
    await house.pass_time(15)
    house.coordinator.async_update_site(charging_enabled=False)
    with pytest.raises(ServiceValidationError, match="switched off for the whole"):
        await press(hass, house)
    house.coordinator.async_update_site(charging_enabled=True)
    hass.states.async_set(STATUS, "unavailable")
    await house.coordinator.async_refresh()
    with pytest.raises(ServiceValidationError, match="can't be reached"):
        await press(hass, house)
    assert told(hass) is None


async def test_unplugged(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """A car that leaves ends it."""
    await press(hass, house)
    await house.pass_time(40)
    house.plugged = False
    await house.pass_time(20)
    note = told(hass)
    assert note is not None
    assert "the car was unplugged" in note["message"]


async def test_choosing_a_mode_ends_it(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """What the user wants now comes first."""
    await press(hass, house)
    await house.pass_time(40)
    await house.choose("fast")
    await house.pass_time(120)
    assert house.offered_a == 16
    assert house.reason == "fast"


async def test_is_kept(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    site_entry: MockConfigEntry,
    house: House,
) -> None:
    """The last result is in the diagnostics, outlives a restart, and is told once."""
    assert await async_setup_component(hass, "diagnostics", {})
    await press(hass, house)
    await house.pass_time(300)
    before: Any = await get_diagnostics_for_config_entry(hass, hass_client, site_entry)
    result = before["chargers"][CHARGER_ID]["test_run"]
    assert result["end"] == "done"
    persistent_notification.async_dismiss(hass, f"{DOMAIN}_test_run_{CHARGER_ID}")
    house.freezer.tick(300)
    assert await hass.config_entries.async_unload(site_entry.entry_id)
    house.freezer.tick(300)
    assert await hass.config_entries.async_setup(site_entry.entry_id)
    await house.pass_time(30)
    after: Any = await get_diagnostics_for_config_entry(hass, hass_client, site_entry)
    assert after["chargers"][CHARGER_ID]["test_run"] == result
    assert told(hass) is None


@pytest.mark.parametrize("language", ["en", "de"])
async def test_every_result_has_words(hass: HomeAssistant, language: str) -> None:
    """Whatever comes out of a step, and however it ends, there is a sentence for it."""
    hass.config.language = language
    impossible = {
        ("start", "fails"),
        ("start", "unseen"),
        ("pause", "unseen"),
        ("resume", "unseen"),
    }
    results = tuple(
        StepResult(step=step, verdict=verdict, took_s=4.0)
        for step in TrialStep
        for verdict in Verdict
        if (step.value, verdict.value) not in impossible
    )
    for end in TrialEnd:
        for phases, phase_map in ((1, (1,)), (3, None), (3, (1, 2, 0)), (None, None)):
            report = TrialReport(
                started=NOON,
                ended=NOON,
                end=end,
                results=results,
                low_a=6.0,
                high_a=10.0,
                phases=phases,
                phase_map=phase_map,
            )
            text = await async_report_text(hass, report)
            assert "{" not in text
            assert len(text.splitlines()) >= len(results) + 2
