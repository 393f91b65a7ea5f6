"""Tests of the levers that switch phases: which call, what is read back, in which order."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.ampacity.chargers.commander import Commander
from custom_components.ampacity.chargers.reader import read_charger
from custom_components.ampacity.chargers.write import LeverError
from custom_components.ampacity.engine.decision import Command
from custom_components.ampacity.engine.model import Mode
from custom_components.ampacity.engine.state import ChargerState, EngineState, Switching
from custom_components.ampacity.runtime.resume import durable, resumed
from custom_components.ampacity.settings import ChargerSettings

from .common import NEVER, charger, show_levers

NUMBER = {"phases_kind": "number", "phases_entity": "number.phases"}
SELECT = {
    "phases_kind": "select",
    "phases_entity": "select.phases",
    "phases_one": "Force_1",
    "phases_all": "Force_3",
}
SWITCH = {"phases_kind": "switch", "phases_entity": "switch.one_phase"}
INVERTED = SWITCH | {"phases_inverted": True}
ACTION = {
    "phases_kind": "action",
    "phases_action": "keba.set_phases",
    "phases_action_field": "phases",
    "phases_action_data": {"device_id": "a"},
}
SETTINGS = ChargerSettings(mode=Mode.SOLAR, min_a=6.0, max_a=16.0, priority=2)


@pytest.mark.parametrize(
    ("kind", "phases", "action", "data"),
    [
        (NUMBER, 1, "number.set_value", {"entity_id": "number.phases", "value": 1}),
        (NUMBER, 3, "number.set_value", {"entity_id": "number.phases", "value": 3}),
        (
            SELECT,
            1,
            "select.select_option",
            {"entity_id": "select.phases", "option": "Force_1"},
        ),
        (
            SELECT,
            3,
            "select.select_option",
            {"entity_id": "select.phases", "option": "Force_3"},
        ),
        (SWITCH, 1, "switch.turn_on", {"entity_id": "switch.one_phase"}),
        (SWITCH, 3, "switch.turn_off", {"entity_id": "switch.one_phase"}),
        (INVERTED, 1, "switch.turn_off", {"entity_id": "switch.one_phase"}),
        (INVERTED, 3, "switch.turn_on", {"entity_id": "switch.one_phase"}),
        (ACTION, 1, "keba.set_phases", {"device_id": "a", "phases": 1}),
    ],
)
async def test_write(
    hass: HomeAssistant,
    kind: dict[str, Any],
    phases: int,
    action: str,
    data: dict[str, Any],
) -> None:
    """Each kind has its own call."""
    for entity_id in ("number.phases", "select.phases", "switch.one_phase"):
        hass.states.async_set(entity_id, "unknown")
    async_mock_service(hass, "keba", "set_phases")
    lever = charger(kind).phase_lever
    assert lever is not None
    write = lever.write(hass, phases)
    assert (write.action, write.data, write.shown_s) == (action, data, None)


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        (NUMBER, "3.0", 3),
        (NUMBER, "1", 1),
        (NUMBER, "7", None),
        (NUMBER, "unavailable", None),
        (SELECT, "Force_1", 1),
        (SELECT, "Force_3", 3),
        (SELECT, "Auto", None),
        (SWITCH, "on", 1),
        (SWITCH, "off", 3),
        (SWITCH, "unknown", None),
        (INVERTED, "on", 3),
    ],
)
def test_read_back(
    hass: HomeAssistant, kind: dict[str, Any], state: str, expected: int | None
) -> None:
    """What the lever's entity shows, in the engine's words."""
    show_levers(hass)
    hass.states.async_set(kind["phases_entity"], state)
    reading = read_charger(hass, charger(kind), dt_util.utcnow())
    assert reading.phases == expected


@pytest.mark.parametrize(
    ("state", "expected"), [("1", 1), ("3 phases", 3), ("auto", None), (None, None)]
)
def test_own_sensor_comes_first(
    hass: HomeAssistant, state: str | None, expected: int | None
) -> None:
    """The lever shows what was chosen, the sensor what is."""
    show_levers(hass)
    hass.states.async_set("switch.one_phase", "on")
    if state is not None:
        hass.states.async_set("sensor.phases", state)
    config = charger(SWITCH, phases_sensor="sensor.phases")
    assert read_charger(hass, config, dt_util.utcnow()).phases == expected
    assert {"switch.one_phase", "sensor.phases"} <= set(config.entity_ids)


@pytest.mark.parametrize("kind", [NUMBER, SELECT, SWITCH, ACTION])
def test_lever_that_is_gone(hass: HomeAssistant, kind: dict[str, Any]) -> None:
    """It is told as an error, never dropped."""
    lever = charger(kind).phase_lever
    assert lever is not None
    assert not lever.is_reachable(hass)
    with pytest.raises(LeverError):
        lever.write(hass, 1)


@pytest.mark.parametrize(
    ("parts", "data", "expected"),
    [
        ((SWITCH,), {}, True),
        ((SWITCH, NEVER), {}, False),
        ((SWITCH,), {"phases": 1}, False),
        ((), {}, False),
    ],
)
def test_engine_charger(
    parts: tuple[dict[str, Any], ...], data: dict[str, Any], expected: bool
) -> None:
    """Only what has three phases, a pause and a lever can switch."""
    config = charger(*parts, phases_pause=25, phases_interval=15, **data)
    engine = config.engine_charger(SETTINGS)
    assert engine.can_switch_phases is expected
    assert (engine.switch_pause_s, engine.switch_interval_s) == (25.0, 900.0)


async def test_commander_switches_and_reports(hass: HomeAssistant) -> None:
    """A command for the phases is one call; without a lever, or with a bad one, it fails."""
    show_levers(hass)
    hass.states.async_set("switch.one_phase", "off")
    calls = async_mock_service(hass, "switch", "turn_on")
    commander = Commander(hass, charger(SWITCH))
    failed = []
    for state in ("off", "unavailable"):
        hass.states.async_set("switch.one_phase", state)
        await commander.async_apply(Command(phases=1))
        failed.append(commander.failed)
    assert [call.data["entity_id"] for call in calls] == ["switch.one_phase"]
    assert failed == [False, True]
    without = Commander(hass, charger())
    await without.async_apply(Command(phases=1))
    assert without.failed


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            Command(phases=1, current_a=8.0, enabled=True),
            [
                "turn_on switch.one_phase",
                "set_value number.limit",
                "turn_on switch.charge",
            ],
        ),
        (
            Command(phases=1, enabled=False),
            ["turn_off switch.charge", "turn_on switch.one_phase"],
        ),
    ],
    ids=["start", "pause"],
)
async def test_merged_commands_switch_while_nothing_is_offered(
    hass: HomeAssistant, command: Command, expected: list[str]
) -> None:
    """Two commands that became one: before a start, after a pause."""
    show_levers(hass)
    hass.states.async_set("switch.one_phase", "off")
    if command.enabled:
        hass.states.async_set("switch.charge", "off")
    calls: list[str] = []
    for domain, service in (
        ("switch", "turn_on"),
        ("switch", "turn_off"),
        ("number", "set_value"),
    ):
        hass.services.async_register(
            domain,
            service,
            lambda call: calls.append(f"{call.service} {call.data['entity_id']}"),
        )
    await Commander(hass, charger(SWITCH)).async_apply(command)
    assert calls == expected


def test_restart_keeps_phases_and_their_rest() -> None:
    """A charger that does not tell is still where it was, and not switched again too soon."""
    now = dt_util.utcnow()
    held = ChargerState(switching=Switching(phases=1, at_s=800.0))
    state = EngineState(
        now=now, clock_s=1000.0, chargers={"a": held, "b": ChargerState()}
    )
    after = resumed(durable(state), now + timedelta(seconds=90))
    switching = after.charger("a").switching
    assert switching.phases == 1
    assert switching.at_s == pytest.approx(-230.0)
    assert after.charger("b").switching == Switching()
