"""Tests of the one place from which chargers are commanded."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service
import voluptuous as vol

from custom_components.ampacity.chargers import commander as commander_module
from custom_components.ampacity.chargers.commander import Commander
from custom_components.ampacity.engine.decision import Command

from .common import (
    ACTION,
    ACTIONS,
    BUTTONS,
    NEVER,
    OPTIONS,
    SELECT,
    ZERO,
    charger,
    show_levers,
    show_limit,
    show_select,
)

SERVICES = (
    ("number", "set_value"),
    ("select", "select_option"),
    ("switch", "turn_on"),
    ("switch", "turn_off"),
    ("button", "press"),
    ("easee", "set_charger_dynamic_limit"),
    ("easee", "action_command"),
)
WORDS = ("value", "option", "current", "action_command")


class Wallbox:
    """Takes all calls to a charger's levers, in order; it may be slow, or fail."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Register the services of all kinds of levers."""
        self.calls: list[str] = []
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        for domain, service in SERVICES:
            hass.services.async_register(domain, service, self._async_handle)

    async def _async_handle(self, call: ServiceCall) -> None:
        word = next((call.data[key] for key in WORDS if key in call.data), "")
        entity = str(call.data.get("entity_id", "")).partition(".")[2]
        parts = (f"{call.domain}.{call.service}", entity, str(word))
        self.calls.append(" ".join(filter(None, parts)))
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error


@pytest.fixture
def wallbox(hass: HomeAssistant) -> Wallbox:
    """Return a wallbox whose levers are at 16 A and on."""
    show_levers(hass)
    return Wallbox(hass)


LIMIT_10 = "number.set_value limit 10"
LIMIT_6 = "number.set_value limit 6"
LIMIT_0 = "number.set_value limit 0"
ON = "switch.turn_on charge"
OFF = "switch.turn_off charge"


@pytest.mark.parametrize(
    ("part", "states", "command", "calls"),
    [
        ({}, {}, Command(current_a=10), [LIMIT_10]),
        ({}, {}, Command(enabled=False), [OFF]),
        ({}, {"switch.charge": "off"}, Command(enabled=True), [ON]),
        (
            {},
            {"switch.charge": "off"},
            Command(current_a=10, enabled=True),
            [LIMIT_10, ON],
        ),
        ({}, {}, Command(current_a=10, enabled=False), [OFF]),
        ({}, {}, Command(), []),
        ({}, {}, Command(current_a=16, enabled=True), []),
        ({}, {"switch.charge": "off"}, Command(current_a=16, enabled=True), [ON]),
        ({}, {"switch.charge": "off"}, Command(enabled=False), []),
        (
            {"switch_inverted": True},
            {},
            Command(current_a=10, enabled=True),
            [LIMIT_10, OFF],
        ),
        (ZERO, {}, Command(enabled=False), [LIMIT_0]),
        (ZERO, {"number.limit": "0"}, Command(enabled=False), []),
        (
            ZERO,
            {"number.limit": "0"},
            Command(current_a=10, enabled=True),
            [LIMIT_10],
        ),
        (ZERO, {"number.limit": "0"}, Command(enabled=True), [LIMIT_6]),
        (NEVER, {}, Command(current_a=10, enabled=True), [LIMIT_10]),
        (NEVER, {}, Command(current_a=6, enabled=False), [LIMIT_6]),
        (NEVER, {}, Command(enabled=False), []),
        (
            BUTTONS,
            {"button.start": "unknown", "button.stop": "unknown"},
            Command(current_a=10, enabled=True),
            [LIMIT_10, "button.press start"],
        ),
        (
            OPTIONS,
            {"select.mode": "disabled"},
            Command(current_a=16, enabled=True),
            ["select.select_option mode active"],
        ),
        (
            ACTION | ACTIONS,
            {},
            Command(current_a=10, enabled=True),
            ["easee.set_charger_dynamic_limit 10", "easee.action_command resume"],
        ),
        (
            ACTION | ACTIONS,
            {},
            Command(enabled=False),
            ["easee.action_command pause"],
        ),
        (
            ACTION | ZERO,
            {},
            Command(enabled=False),
            ["easee.set_charger_dynamic_limit 0"],
        ),
    ],
)
async def test_order(
    hass: HomeAssistant,
    wallbox: Wallbox,
    part: dict[str, Any],
    states: dict[str, str],
    command: Command,
    calls: list[str],
) -> None:
    """The current before the start, nothing after the stop, and nothing that is set already."""
    for entity_id, state in states.items():
        if entity_id == "number.limit":
            show_limit(hass, state)
        else:
            hass.states.async_set(entity_id, state)
    commander = Commander(hass, charger(part))
    await commander.async_apply(command)
    assert wallbox.calls == calls
    assert not commander.failed


async def test_select(hass: HomeAssistant, wallbox: Wallbox) -> None:
    """A select of currents is driven by its options."""
    show_select(hass, "16 A", ["6 A", "10 A", "16 A"])
    await Commander(hass, charger(SELECT)).async_apply(Command(current_a=12))
    assert wallbox.calls == ["select.select_option limit 10 A"]


async def test_first_call_in_the_same_turn(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """The guard's command is out before anything else may run."""
    wallbox.gate = asyncio.Event()
    commander = Commander(hass, charger())
    task = hass.async_create_task(
        commander.async_apply(Command(current_a=10)), eager_start=True
    )
    assert wallbox.calls == [LIMIT_10]
    wallbox.gate.set()
    await task


async def test_a_lowering_waits_for_one_write_only(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """What a newer command overtakes is not sent any more."""
    show_limit(hass, 6)
    hass.states.async_set("switch.charge", "off")
    wallbox.gate = asyncio.Event()
    commander = Commander(hass, charger())
    commands = (
        Command(current_a=10, enabled=True),
        Command(current_a=16),
        Command(enabled=False, current_a=8),
    )
    tasks = [
        hass.async_create_task(commander.async_apply(command), eager_start=True)
        for command in commands
    ]
    assert wallbox.calls == [LIMIT_10]
    assert not any(task.done() for task in tasks)
    hass.states.async_set("switch.charge", "on")
    wallbox.gate.set()
    await asyncio.gather(*tasks)
    assert wallbox.calls == [LIMIT_10, OFF]


async def test_what_a_newer_command_leaves_alone_is_still_done(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """A start under way comes with the newer current."""
    hass.states.async_set("switch.charge", "off")
    wallbox.gate = asyncio.Event()
    commander = Commander(hass, charger())
    first = hass.async_create_task(
        commander.async_apply(Command(current_a=10, enabled=True)), eager_start=True
    )
    second = hass.async_create_task(
        commander.async_apply(Command(current_a=6)), eager_start=True
    )
    wallbox.gate.set()
    await asyncio.gather(first, second)
    assert wallbox.calls == [LIMIT_10, LIMIT_6, ON]


async def test_a_cancelled_caller_takes_nobody_along(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """A command that waits is sent although the one before is given up."""
    wallbox.gate = asyncio.Event()
    commander = Commander(hass, charger())
    first = hass.async_create_task(
        commander.async_apply(Command(current_a=10)), eager_start=True
    )
    second = hass.async_create_task(
        commander.async_apply(Command(current_a=6)), eager_start=True
    )
    first.cancel()
    wallbox.gate.set()
    await second
    assert first.cancelled()
    assert wallbox.calls == [LIMIT_10, LIMIT_6]


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
    raising = hass.async_create_task(
        commander.async_apply(Command(current_a=10, enabled=True)), eager_start=True
    )
    lowering = hass.async_create_task(
        commander.async_apply(Command(current_a=6)), eager_start=True
    )
    await asyncio.gather(raising, lowering)
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
