"""A charger's own fail-safe is set once, to its safe current, and its memory is spared."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.ampacity.engine.model import Mode
from custom_components.ampacity.runtime.failsafe import failsafe_told

from .conftest import CHARGER, Driven
from .single import drive, wait


def writes(driven: Driven, *names: str) -> list[Any]:
    """Return what was written to the fail-safe's entities, or by its action."""
    ids = {driven.built.entity_ids.get(name, name) for name in names}
    return [
        data.get("value", data)
        for action, data in driven.calls
        if data.get("entity_id") in ids or action in ids
    ]


HEIDELBERG = ("number.failsafe", "number.watchdog")


@pytest.mark.parametrize(
    ("states", "more", "expected"),
    [
        ({"number.failsafe": 16}, {}, [6]),
        ({"number.failsafe": 16}, {"safe_current": 0}, [0]),
        ({"number.failsafe": 16}, {"safe_current": 8}, [8]),
        ({"number.failsafe": 0}, {}, []),
        ({"number.failsafe": 6, "number.watchdog": 0}, {}, [60]),
        ({"number.failsafe": 10, "number.watchdog": 0}, {}, [6, 60]),
    ],
)
async def test_registers(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    states: dict[str, Any],
    more: dict[str, Any],
    expected: list[float],
) -> None:
    """What is not safe is written once; what is as safe already is left alone."""
    driven = await drive(hass, freezer, "heidelberg_energy_control", states)
    await driven.set_up(failsafe=True, **more)
    await wait(driven, 2)
    assert writes(driven, *HEIDELBERG) == expected
    told = failsafe_told(hass, driven.coordinator.config_entry.entry_id, CHARGER)
    assert told == {"set": True, "writes": len(expected), "error": None}
    await wait(driven, 63)
    assert writes(driven, *HEIDELBERG) == expected


async def test_only_on_request(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Who did not ask for it keeps what is set at the charger."""
    states = {"number.failsafe": 16}
    driven = await drive(hass, freezer, "heidelberg_energy_control", states)
    await driven.set_up()
    await wait(driven, 2)
    assert writes(driven, *HEIDELBERG) == []
    entry_id = driven.coordinator.config_entry.entry_id
    assert failsafe_told(hass, entry_id, CHARGER) is None


async def test_lowest_that_it_takes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """One that cannot fall back to a pause falls back to its least."""
    states = {"number.failsafe": 16}
    driven = await drive(hass, freezer, "webasto_next_modbus", states)
    await driven.set_up(failsafe=True, safe_current=0)
    await wait(driven, 2)
    assert writes(driven, "number.failsafe", "number.timeout") == [6]


@pytest.mark.parametrize(
    ("profile_id", "more", "name", "expected"),
    [
        ("compleo_wallbox", {}, "number.fallback", 4140),
        ("compleo_wallbox", {"safe_current": 0}, "number.fallback", 0),
        ("compleo_wallbox", {"phases": 1}, "number.fallback", 1380),
        ("alfen_wallbox", {"safe_current": 0}, "number.safe", 1),
        ("amina_s", {}, "number.offline", 6),
        ("amina_s", {}, "number.time", 60),
    ],
)
async def test_of_each_make(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    profile_id: str,
    more: dict[str, Any],
    name: str,
    expected: float,
) -> None:
    """A current or a power, of the charger or of the station it belongs to."""
    states = {"number.safe": 16} if profile_id == "alfen_wallbox" else {}
    driven = await drive(hass, freezer, profile_id, states)
    await driven.set_up(failsafe=True, **more)
    await wait(driven, 2)
    assert writes(driven, name) == [expected]


async def test_after_it_was_away(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A charger that comes back may have forgotten it."""
    driven = await drive(hass, freezer, "keba")
    await driven.set_up(failsafe=True)
    action = "keba.set_failsafe"
    await wait(driven, 2)
    call = {"failsafe_fallback": 6, "failsafe_timeout": 60, "failsafe_persist": 0}
    assert writes(driven, action) == [call]
    await wait(driven, 67)
    assert len(writes(driven, action)) == 1
    for plug in ("unavailable", "on"):
        driven.built.show("binary_sensor.plug", plug)
        driven.built.show(
            "binary_sensor.charging", "off" if plug == "on" else "unavailable"
        )
        await wait(driven, 2)
    assert len(writes(driven, action)) == 2


async def test_that_cannot_be_set(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged once and told in the diagnostics; the charger is controlled all the same."""
    driven = await drive(
        hass, freezer, "heidelberg_energy_control", {"number.failsafe": 16}
    )
    await driven.set_up(failsafe=True)

    async def refuse(_: ServiceCall) -> None:
        raise HomeAssistantError("no answer")

    hass.services.async_register("number", "set_value", refuse)
    await wait(driven, 133)
    message = "The fail-safe of Charger 1 could not be set: no answer"
    assert caplog.text.count(message) == 1
    entry_id = driven.coordinator.config_entry.entry_id
    told = failsafe_told(hass, entry_id, CHARGER)
    assert told is not None
    assert (told["set"], told["error"]) == (False, "no answer")
    driven.listen()
    await wait(driven, 62)
    told = failsafe_told(hass, entry_id, CHARGER)
    assert told is not None
    assert told["set"]


@pytest.mark.parametrize("state", ["unknown", "unavailable", "much"])
async def test_register_that_tells_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, state: str
) -> None:
    """Nothing is written over what cannot be read."""
    driven = await drive(
        hass, freezer, "heidelberg_energy_control", {"number.failsafe": state}
    )
    await driven.set_up(failsafe=True)
    await wait(driven, 2)
    assert writes(driven, *HEIDELBERG) == []
    entry_id = driven.coordinator.config_entry.entry_id
    assert failsafe_told(hass, entry_id, CHARGER)["error"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("profile_id", "states", "expected"),
    [
        ("heidelberg_energy_control", {"number.failsafe": 16}, 6.0),
        ("heidelberg_energy_control", {"number.failsafe": 0}, 0.0),
        ("compleo_wallbox", {}, 6.0),
        ("keba", {}, 6.0),
    ],
)
async def test_is_known_when_it_acts(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    profile_id: str,
    states: dict[str, Any],
    expected: float,
) -> None:
    """What the charger falls back to is told with its readings, while it is wanted."""
    driven = await drive(hass, freezer, profile_id, states)
    await driven.set_up(failsafe=True)
    await wait(driven, 2)
    reading = driven.coordinator.snapshot.chargers[CHARGER]
    assert reading.failsafe_a == pytest.approx(expected)
    assert driven.entry is not None
    subentry = driven.entry.subentries[CHARGER]
    hass.config_entries.async_update_subentry(
        driven.entry, subentry, data={**subentry.data, "failsafe": False}
    )
    await wait(driven, 2)
    assert driven.coordinator.snapshot.chargers[CHARGER].failsafe_a is None


async def test_a_charger_that_has_fallen_back_is_told_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """It was there all the time as far as anybody can tell, and nobody has touched it."""
    driven = await drive(
        hass, freezer, "heidelberg_energy_control", {"number.failsafe": 16}
    )
    await driven.set_up(failsafe=True)
    driven.built.show("sensor.state", "B")
    driven.rest()
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.FAST)
    assert (await driven.first_offer(within_s=300)).offer_a == 16.0
    await driven.pass_time(120)
    driven.built.show("number.current", 16)
    await driven.pass_time(60)
    driven.calls.clear()
    driven.built.show("number.current", 6)
    await driven.pass_time(60)
    limit = driven.built.entity_ids["number.current"]
    assert ("number.set_value", {"entity_id": limit, "value": 16}) in driven.calls
    assert driven.coordinator.charger_state(CHARGER).manual is None
    assert driven.coordinator.data.decision(CHARGER).offer_a == 16.0  # type: ignore[union-attr]
