"""Tests of the one place from which chargers are commanded."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

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
    show_limit,
    show_select,
)
from .wallbox import LIMIT_0, LIMIT_6, LIMIT_10, OFF, ON, Wallbox, apply


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
    (task,) = apply(hass, commander, Command(current_a=10))
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
    tasks = apply(
        hass,
        commander,
        Command(current_a=10, enabled=True),
        Command(current_a=16),
        Command(enabled=False, current_a=8),
    )
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
    commands = Command(current_a=10, enabled=True), Command(current_a=6)
    tasks = apply(hass, commander, *commands)
    wallbox.gate.set()
    await asyncio.gather(*tasks)
    assert wallbox.calls == [LIMIT_10, LIMIT_6, ON]


async def test_a_cancelled_caller_takes_nobody_along(
    hass: HomeAssistant, wallbox: Wallbox
) -> None:
    """A command that waits is sent although the one before is given up."""
    wallbox.gate = asyncio.Event()
    commander = Commander(hass, charger())
    commands = Command(current_a=10), Command(current_a=6)
    first, second = apply(hass, commander, *commands)
    first.cancel()
    wallbox.gate.set()
    await second
    assert first.cancelled()
    assert wallbox.calls == [LIMIT_10, LIMIT_6]
