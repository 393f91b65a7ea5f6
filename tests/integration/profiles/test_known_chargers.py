"""Each known charger is found, set up and driven, against what its integration makes."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.chargers.detect import async_detect
from custom_components.ampacity.chargers.profile import load_profiles
from custom_components.ampacity.engine.model import Mode

from .build import IDS, Built, load
from .conftest import CHARGER, Driven

PLUGGED = ("connected", "paused", "charging")


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


async def test_disabled_entities_are_named(driven: Driven) -> None:
    """What is disabled is told, so that the dialog can offer to enable it."""
    named = {entity.entity_id for entity in driven.found.disabled}
    expected = driven.expect.get("disabled", [])
    assert named == {driven.built.real(name) for name in expected}


async def test_native_features_are_found(driven: Driven) -> None:
    """What the charger does by itself is found, and whether it fights."""
    features = {one.entity_id: one.fights for one in driven.found.native}
    expected = driven.expect.get("native", {})
    assert features == {driven.built.real(key): on for key, on in expected.items()}


async def test_fail_safe_is_found(driven: Driven) -> None:
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


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("limit", {"current_a": 11.0}),
        ("start", {"enabled": True}),
        ("stop", {"enabled": False}),
        ("one_phase", {"phases": 1}),
        ("all_phases", {"phases": 3}),
    ],
)
async def test_takes_commands(
    driven: Driven, key: str, command: dict[str, Any]
) -> None:
    """Each command is the call that its integration expects."""
    expected = driven.expect.get(key)
    await driven.set_up()
    config = driven.coordinator.configs[CHARGER]
    if expected is None:
        has = {
            "limit": driven.found.profile.can_limit,
            "start": config.start_stop.can_pause,
            "stop": config.start_stop.can_pause,
        }
        assert not has.get(key, config.phase_lever is not None)
        return
    if "value" in expected:
        command = command | {"current_a": float(expected["value"])}
    data = driven.built.real(expected["data"])
    assert await driven.command(**command) == [(expected["action"], data)]


async def test_understands_every_status(driven: Driven) -> None:
    """Each state that its integration knows means the right thing."""
    await driven.set_up()
    sensor = driven.found.data.get("status_sensor")
    by_id = {entity_id: name for name, entity_id in driven.built.entity_ids.items()}
    cases = [
        *(
            ({by_id[sensor]: word}, status)
            for word, status in driven.built.fixture.get("statuses", {}).items()
        ),
        *driven.built.fixture.get("plug_cases", ()),
    ]
    assert cases
    for states, status in cases:
        for name, state in states.items():
            driven.built.show(name, state)
        await driven.coordinator.async_refresh()
        reading = driven.coordinator.snapshot.chargers[CHARGER]
        assert reading.status == status, states


async def test_reads_its_sensors(driven: Driven) -> None:
    """Measured values arrive in the engine's units, whatever the integration's are."""
    phases = len(driven.expect.get("reading", {}).get("current_a", (1, 2, 3)))
    await driven.set_up(phases=phases)
    reading = driven.coordinator.snapshot.chargers[CHARGER]
    assert driven.coordinator.configs[CHARGER].phases == phases
    for key, expected in driven.expect.get("reading", {}).items():
        value = getattr(reading, key)
        if key == "current_a":
            assert [one.value for one in value] == pytest.approx(expected)
        else:
            assert value.value == pytest.approx(expected), key


async def test_knows_its_steps(driven: Driven) -> None:
    """Its finest step is that of its number, or known from its kind."""
    await driven.set_up()
    steps = driven.coordinator.configs[CHARGER].limit_steps(driven.hass)
    assert steps.finest_a == driven.expect.get("step", 1.0)


async def test_charges_when_asked_to(driven: Driven) -> None:
    """With a car plugged in the engine starts it in the mode fast, after it was off."""
    fixture = driven.built.fixture
    states = next(
        (
            {"sensor": word}
            for word, status in fixture.get("statuses", {}).items()
            if status in PLUGGED[:2]
        ),
        None,
    )
    await driven.set_up()
    if states is not None:
        sensor = driven.found.data["status_sensor"]
        driven.built.show(_name(driven, sensor), states["sensor"])
    else:
        for case, status in fixture["plug_cases"]:
            if status == "connected":
                for name, state in case.items():
                    driven.built.show(name, state)
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.OFF)
    await driven.pass_time(60)
    driven.calls.clear()
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.FAST)
    await driven.pass_time(60)
    decision = driven.coordinator.data.decision(CHARGER)
    assert decision is not None
    assert decision.offer_a == pytest.approx(driven.found.data.get("max_current", 16.0))
    called = {action for action, _ in driven.calls}
    assert driven.expect.get("start", driven.expect.get("limit"))["action"] in called


def _name(driven: Driven, entity_id: str) -> str:
    """Return what the fixture calls an entity."""
    return next(
        name for name, one in driven.built.entity_ids.items() if one == entity_id
    )
