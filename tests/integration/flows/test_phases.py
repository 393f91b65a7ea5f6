"""The dialog of a charger that can change its phases."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import (
    CHARGER_STEPS,
    CONTROL,
    KINDS,
    go_through,
    send,
    start_charger,
    suggested,
)

FIELDS: dict[str, dict[str, Any]] = {
    "number": {"phases_entity": "number.phases"},
    "select": {
        "phases_entity": "select.phases",
        "phases_one": "1",
        "phases_all": "3",
    },
    "switch": {"phases_entity": "switch.one_phase", "phases_inverted": True},
    "action": {
        "phases_action": "keba.set_current",
        "phases_action_field": "phases",
        "phases_action_data": {"device": "a"},
    },
}
TIMES = {"phases_pause": 20, "phases_interval": 15}


@pytest.fixture(autouse=True)
def levers(hass: HomeAssistant) -> None:
    """Set the entities that switch phases."""
    hass.states.async_set("number.phases", "3", {"min": 1, "max": 3})
    hass.states.async_set("number.narrow", "3", {"min": 3, "max": 3})
    hass.states.async_set("select.phases", "3", {"options": ["auto", "1", "3"]})
    hass.states.async_set("switch.one_phase", "off")


@pytest.mark.parametrize("kind", FIELDS)
async def test_kinds(hass: HomeAssistant, site: MockConfigEntry, kind: str) -> None:
    """Each kind asks for its own fields and stores them; gone with the kind."""
    flows = hass.config_entries.subentries
    fields = FIELDS[kind] | TIMES | {"phases_sensor": "sensor.phases"}
    steps = CHARGER_STEPS | {
        "user": KINDS | {"phases_kind": kind},
        "control": CONTROL | fields,
    }
    result = await go_through(flows, await start_charger(hass, site.entry_id), steps)
    assert result["type"] == "create_entry"
    (charger,) = site.subentries.values()
    stored = {key: value for key, value in charger.data.items() if key in fields}
    assert stored == fields
    assert charger.data["phases_kind"] == kind

    result = await flows.async_init(
        (site.entry_id, "charger"),
        context={"source": "reconfigure", "subentry_id": charger.subentry_id},
    )
    assert suggested(result["data_schema"])["phases_kind"] == kind
    steps = CHARGER_STEPS | {"user": KINDS | {"phases_kind": "none"}}
    result = await go_through(flows, result, steps)
    assert result["reason"] == "reconfigure_successful"
    (charger,) = site.subentries.values()
    assert not any(key.startswith("phases_") for key in charger.data)


@pytest.mark.parametrize(
    ("kind", "bad", "field", "error"),
    [
        ("number", {"phases_entity": "number.narrow"}, "phases_entity", "not_phases"),
        ("number", {"phases_entity": "number.limit"}, "phases_entity", "not_phases"),
        ("select", {"phases_one": "2"}, "phases_one", "option_unknown"),
        ("select", {"phases_one": ""}, "phases_one", "option_missing"),
        ("select", {"phases_one": "3"}, "phases_all", "same_option"),
        (
            "switch",
            {"phases_entity": "switch.charging"},
            "phases_entity",
            "entity_twice",
        ),
        ("action", {"phases_action": "keba.fly"}, "phases_action", "action_unknown"),
        ("switch", {"phases_pause": 3}, "phases_pause", "phases_pause_range"),
        ("switch", {"phases_interval": 0}, "phases_interval", "phases_interval_range"),
    ],
)
async def test_errors(
    hass: HomeAssistant,
    site: MockConfigEntry,
    kind: str,
    bad: dict[str, Any],
    field: str,
    error: str,
) -> None:
    """What cannot work is told at its field, and can be put right."""
    flows = hass.config_entries.subentries
    result = await start_charger(hass, site.entry_id)
    result = await send(flows, result, KINDS | {"phases_kind": kind})
    good = CONTROL | FIELDS[kind] | TIMES
    result = await send(flows, result, good | bad)
    assert result["errors"] == {field: error}
    result = await send(flows, result, good)
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"


async def test_needs_a_pause(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A charger that cannot be paused cannot be switched."""
    flows = hass.config_entries.subentries
    kinds = KINDS | {"phases_kind": "switch", "start_stop_kind": "none"}
    result = await start_charger(hass, site.entry_id)
    result = await send(flows, result, kinds)
    assert result["errors"] == {"phases_kind": "phases_need_pause"}
