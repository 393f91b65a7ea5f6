"""Commands to chargers that do not answer, refuse or are late."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service
import voluptuous as vol

from custom_components.ampacity.chargers import commander as commander_module
from custom_components.ampacity.chargers.commander import Commander
from custom_components.ampacity.engine.decision import Command

from .common import ACTION, NEVER, SELECT, charger, show_limit
from .wallbox import LIMIT_6, LIMIT_10, OFF, ON, Wallbox, apply


async def test_a_charger_that_never_answers(
    hass: HomeAssistant,
    wallbox: Wallbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A hanging write is given up, a start is then not tried, and the next command goes out."""
    monkeypatch.setattr(commander_module, "WRITE_TIMEOUT_S", 0.05)
    hass.states.async_set("switch.charge", "off")
    wallbox.gate = asyncio.Event()
    commander = Commander(hass, charger())
    commands = Command(current_a=10, enabled=True), Command(current_a=6)
    await asyncio.gather(*apply(hass, commander, *commands))
    assert wallbox.calls == [LIMIT_10, LIMIT_6]
    assert commander.failed
    assert caplog.text.count("Garage does not take commands") == 1
    assert "number.set_value did not return in time" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        HomeAssistantError("no connection"),
        vol.Invalid("no such value"),
        TimeoutError(),
        ValueError("surprise"),
        RuntimeError(),
    ],
)
async def test_failures(
    hass: HomeAssistant,
    wallbox: Wallbox,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """Whatever an integration raises is told once, and so is the end of it."""
    caplog.set_level("INFO")
    hass.states.async_set("switch.charge", "off")
    commander = Commander(hass, charger())
    wallbox.error = error
    for _ in range(3):
        await commander.async_apply(Command(current_a=10, enabled=True))
        assert commander.failed
    assert wallbox.calls == [LIMIT_10] * 3, "not started at a current that was refused"
    assert caplog.text.count("does not take commands") == 1

    wallbox.error = None
    for _ in range(2):
        await commander.async_apply(Command(current_a=10, enabled=True))
        assert not commander.failed
    assert caplog.text.count("takes commands again") == 1

    wallbox.error = error
    await commander.async_apply(Command(current_a=6))
    assert caplog.text.count("does not take commands") == 2


async def test_a_service_that_is_gone(hass: HomeAssistant) -> None:
    """An integration that was unloaded makes the command fail, nothing else."""
    commander = Commander(hass, charger(ACTION))
    await commander.async_apply(Command(current_a=10))
    assert commander.failed


async def test_a_value_that_a_schema_refuses(hass: HomeAssistant) -> None:
    """So does a service that wants something else."""
    async_mock_service(
        hass,
        "easee",
        "set_charger_dynamic_limit",
        schema=vol.Schema({vol.Required("serial"): str}),
    )
    commander = Commander(hass, charger(ACTION))
    await commander.async_apply(Command(current_a=10))
    assert commander.failed


@pytest.mark.parametrize("state", ["unavailable", None])
async def test_an_entity_that_is_gone(
    hass: HomeAssistant, wallbox: Wallbox, state: str | None
) -> None:
    """A command that Home Assistant would swallow counts as failed."""
    if state is None:
        hass.states.async_remove("number.limit")
    else:
        hass.states.async_set("number.limit", state)
    commander = Commander(hass, charger())
    failed = []
    await commander.async_apply(Command(current_a=10))
    failed.append(commander.failed)
    assert wallbox.calls == []
    show_limit(hass)
    await commander.async_apply(Command(current_a=10))
    failed.append(commander.failed)
    assert failed == [True, False]
    assert wallbox.calls == [LIMIT_10]


async def test_a_limit_that_does_not_go_as_low(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """It is lowered as far as it goes; that counts as failed, and nothing is started on it."""
    show_limit(hass, 16, min=8)
    hass.states.async_set("switch.charge", "off")
    commander = Commander(hass, charger())
    await commander.async_apply(Command(current_a=6, enabled=True))
    assert wallbox.calls == ["number.set_value limit 8"]
    assert commander.failed


async def test_a_late_charger_is_not_taken_at_its_old_word(
    hass: HomeAssistant, wallbox: Wallbox, freezer: FrozenDateTimeFactory
) -> None:
    """While it may still show what was before the last write, a command is sent."""
    commander = Commander(hass, charger(settle_time=30))
    await commander.async_apply(Command(current_a=10))
    assert wallbox.calls == [LIMIT_10]

    freezer.tick(20)
    show_limit(hass, 16)
    await commander.async_apply(Command(current_a=16))
    assert wallbox.calls == [LIMIT_10, "number.set_value limit 16"]
    await commander.async_apply(Command(current_a=16))
    assert len(wallbox.calls) == 2

    freezer.tick(40)
    show_limit(hass, 10)
    await commander.async_apply(Command(current_a=10))
    assert len(wallbox.calls) == 2, "set so by somebody else, and long ago"


@pytest.mark.parametrize(
    ("offered", "calls"),
    [
        ("6", ["number.set_value limit 16"]),
        ("15.8", []),
        ("0", []),
        ("unknown", []),
        (None, []),
    ],
)
async def test_a_lever_that_shows_another_limit_than_the_one_in_force(
    hass: HomeAssistant, wallbox: Wallbox, offered: str | None, calls: list[str]
) -> None:
    """A charger that offers something else than its lever shows is told; one that offers nothing isn't."""
    if offered is not None:
        hass.states.async_set("sensor.offered", offered, {"unit_of_measurement": "A"})
    commander = Commander(hass, charger(offered_sensor="sensor.offered"))
    await commander.async_apply(Command(current_a=16))
    assert wallbox.calls == calls


async def test_a_late_switch_is_turned_off(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """A switch that does not yet show that it was turned on is turned off all the same."""
    hass.states.async_set("switch.charge", "off")
    commander = Commander(hass, charger())
    await commander.async_apply(Command(enabled=True))
    await commander.async_apply(Command(enabled=False))
    assert wallbox.calls == [ON, OFF]


async def test_levers_are_remembered_apart(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """A current that was just set does not make the switch's state doubtful."""
    commander = Commander(hass, charger())
    await commander.async_apply(Command(current_a=10, enabled=True))
    assert wallbox.calls == [LIMIT_10]


async def test_real_helpers(hass: HomeAssistant) -> None:
    """Home Assistant's own helpers are driven through their own services."""
    helpers: dict[str, dict[str, Any]] = {
        "input_number": {
            "limit": {"min": 6, "max": 16, "step": 1, "initial": 6, "name": "Limit"}
        },
        "input_boolean": {"charge": {"initial": False, "name": "Charge"}},
        "input_select": {
            "amps": {"options": ["6 A", "10 A"], "initial": "6 A", "name": "Amps"}
        },
    }
    for domain, data in helpers.items():
        assert await async_setup_component(hass, domain, {domain: data})
    await hass.async_block_till_done()

    number = charger(limit_entity="input_number.limit", switch="input_boolean.charge")
    commander = Commander(hass, number)
    await commander.async_apply(Command(current_a=20, enabled=True))
    assert not commander.failed
    assert hass.states.is_state("input_number.limit", "16.0")
    assert hass.states.is_state("input_boolean.charge", "on")
    await commander.async_apply(Command(enabled=False))
    assert hass.states.is_state("input_boolean.charge", "off")

    select = charger(SELECT, NEVER, limit_entity="input_select.amps")
    await Commander(hass, select).async_apply(Command(current_a=13.5))
    assert hass.states.is_state("input_select.amps", "10 A")
