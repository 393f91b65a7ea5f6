"""Each known charger is found, set up and driven, against what its integration makes."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.chargers.detect import async_detect
from custom_components.ampacity.chargers.profile import load_profiles
from custom_components.ampacity.engine.model import Mode
from custom_components.ampacity.flows.charger_checks import check_sensors
from custom_components.ampacity.flows.lever_checks import check_levers

from .build import IDS, Built, load
from .conftest import CHARGER, Driven


def test_each_profile_has_a_fixture() -> None:
    """No charger is claimed to work that was never driven in a test."""
    can_be_found = {key for key, one in load_profiles().items() if one.anchor}
    assert can_be_found == set(IDS)


async def test_is_found(driven: Driven, profile_id: str) -> None:
    """It is found once, complete, under the name of its device."""
    found, built, expect = driven.found, driven.built, driven.expect
    assert found.profile.id == profile_id
    assert found.device_id == built.device_id
    assert found.missing == ()
    assert found.used_by is None
    if built.device_id and "name" not in expect:
        assert found.name == "Charger 1"
    low, high = expect.get("range", (None, None))
    assert found.data.get("min_current") == low
    assert found.data.get("max_current") == high
    assert found.data["link"] == expect.get("link", "local")
    _check_disabled(driven)
    _check_native(driven)
    _check_failsafe(driven)


def _check_disabled(driven: Driven) -> None:
    """What is disabled is told, so that the dialog can offer to enable it."""
    named = {entity.entity_id for entity in driven.found.disabled}
    expected = driven.expect.get("disabled", [])
    assert named == {driven.built.real(name) for name in expected}


def _check_native(driven: Driven) -> None:
    """What the charger does by itself is found, and whether it fights."""
    features = {one.entity_id: one.fights for one in driven.found.native}
    expected = driven.expect.get("native", {})
    assert features == {driven.built.real(key): on for key, on in expected.items()}


def _check_failsafe(driven: Driven) -> None:
    """A charger that can fall back to a current by itself says where that is set."""
    expected = driven.expect.get("failsafe")
    found = driven.found.failsafe
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found.current_entity == driven.built.real(expected.get("current"))
    assert found.timeout_entity == driven.built.real(expected.get("timeout"))
    assert (found.action or {}).get("action") == expected.get("action")


async def test_two_of_a_kind_are_told_apart(
    hass: HomeAssistant, profile_id: str
) -> None:
    """Each of two chargers is proposed with its own entities."""
    first, second = (Built(hass, load(profile_id), number) for number in (1, 2))
    found = await async_detect(hass)
    assert len(found) == 2
    for built in (first, second):
        own = set(built.entity_ids.values())
        (charger,) = [
            one
            for one in found
            if own & {value for value in one.data.values() if isinstance(value, str)}
        ]
        used = {
            value
            for value in charger.data.values()
            if isinstance(value, str) and "geraet_" in value
        }
        assert used <= own


COMMANDS: dict[str, dict[str, Any]] = {
    "limit": {"current_a": 11.0},
    "start": {"enabled": True},
    "stop": {"enabled": False},
    "one_phase": {"phases": 1},
    "all_phases": {"phases": 3},
}


async def test_takes_commands(driven: Driven) -> None:
    """What is proposed passes the dialog's checks, and each command is the right call."""
    await driven.set_up()
    data = driven.found.data
    problems = [*check_levers(driven.hass, data), *check_sensors(data, driven.hass)]
    assert problems == []
    config = driven.coordinator.configs[CHARGER]
    can = {
        "limit": driven.found.profile.can_limit,
        "start": config.start_stop.can_pause,
        "stop": config.start_stop.can_pause,
    }
    for key, command in COMMANDS.items():
        expected = driven.expect.get(key)
        assert (expected is not None) is can.get(key, config.phase_lever is not None)
        if expected is not None:
            call = (expected["action"], driven.built.real(expected["data"]))
            assert await driven.command(**command) == [call], key


async def test_understands_every_status(driven: Driven) -> None:
    """Each state that its integration knows means the right thing."""
    await driven.set_up()
    cases = driven.cases()
    assert cases
    for states, status in cases:
        for name, state in states.items():
            driven.built.show(name, state)
        await driven.coordinator.async_refresh()
        reading = driven.coordinator.snapshot.chargers[CHARGER]
        assert reading.status == status, states


async def test_reads_its_sensors(driven: Driven) -> None:
    """Measured values arrive in the engine's units, whatever the integration's are."""
    expected = driven.expect.get("reading", {})
    await driven.set_up(phases=len(expected.get("current_a", (1, 2, 3))))
    steps = driven.coordinator.configs[CHARGER].limit_steps(driven.hass)
    assert steps.finest_a == driven.expect.get("step", 1.0)
    reading = driven.coordinator.snapshot.chargers[CHARGER]
    for key, value in expected.items():
        read = getattr(reading, key)
        if key == "current_a":
            assert [one.value for one in read] == pytest.approx(value)
        else:
            assert read.value == pytest.approx(value), key


async def test_charges_when_asked_to(driven: Driven) -> None:
    """With a car plugged in the engine starts it in the mode fast, after it was off."""
    await driven.set_up()
    waits = next(
        states for states, status in driven.cases() if status in ("connected", "paused")
    )
    for name, state in waits.items():
        driven.built.show(name, state)
    driven.rest()
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.OFF)
    await driven.pass_time(60)
    driven.calls.clear()
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.FAST)
    decision = await driven.first_offer(within_s=300)
    highest_a = driven.found.data.get("max_current", 16.0)
    offer_a = driven.expect.get("offer_a", highest_a)
    assert decision.offer_a == pytest.approx(offer_a, abs=0.001)
    called = {action for action, _ in driven.calls}
    assert driven.expect["start"]["action"] in called


VAGUE = {
    "goecharger_api2": ("Complete", "Charging"),
    "goecharger_v1": ("charging finished, vehicle still connected", "charging"),
    "wattpilot": ("Complete", "Charging"),
}


@pytest.mark.parametrize("profile_id", VAGUE, indirect=True)
async def test_finished_by_a_pause_is_paused(driven: Driven, profile_id: str) -> None:
    """A charger that calls a car finished which it was told to leave alone is not believed."""
    finished, charging = VAGUE[profile_id]
    names = {entity_id: name for name, entity_id in driven.built.entity_ids.items()}
    sensor = names[driven.found.data["status_sensor"]]
    await driven.set_up()
    status = "sensor.charger_1_status"
    driven.built.show(sensor, charging)
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.OFF)
    await driven.pass_time(60)
    driven.rest()
    driven.built.show(sensor, finished)
    await driven.pass_time(60)
    assert driven.hass.states.get(status).state == "paused"  # type: ignore[union-attr]
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.FAST)
    assert (await driven.first_offer(within_s=300)).offer_a > 0.0
    assert driven.hass.states.get(status).state == "connected"  # type: ignore[union-attr]
    driven.built.show(sensor, charging)
    await driven.pass_time(60)
    driven.built.show(sensor, finished)
    await driven.pass_time(300)
    assert driven.hass.states.get(status).state == "finished"  # type: ignore[union-attr]
