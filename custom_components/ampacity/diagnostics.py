"""Diagnostics: configuration, settings, and the last decisions ready to be replayed."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .circuits import circuit_subentries
from .const import (
    CONF_LIMIT_ACTION_DATA,
    CONF_START_ACTION_DATA,
    CONF_STOP_ACTION_DATA,
    DOMAIN,
)
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator
from .engine.learned import Learned
from .engine.wear import Wear
from .runtime.codec import Codec
from .runtime.failsafe import failsafe_told
from .settings import ChargerSettings, stored_site
from .store import SESSION, TESTED

_ACTION_DATA = frozenset(
    {CONF_LIMIT_ACTION_DATA, CONF_START_ACTION_DATA, CONF_STOP_ACTION_DATA}
)
"""May hold serial numbers and access codes."""


_LEARNED = Codec(Learned)
_SETTINGS = Codec(ChargerSettings)
_WEAR = Codec(Wear)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: AmpacityConfigEntry
) -> dict[str, Any]:
    """Return what is needed to understand a site, and to replay what it did."""
    coordinator = entry.runtime_data
    return {
        "site": {"data": dict(entry.data), "options": dict(entry.options)},
        "settings": stored_site(coordinator.settings),
        "chargers": {
            key: _charger(coordinator, key) for key in coordinator.charger_ids
        },
        "circuits": {
            circuit.subentry_id: dict(circuit.data)
            for circuit in circuit_subentries(entry)
        },
        "decision_time_ms": round(coordinator.loop_s * 1000.0, 3),
        "decisions": coordinator.history.encode(),
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: AmpacityConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the same for one charger; the other devices stand for the whole site."""
    coordinator = entry.runtime_data
    ids = {identifier for domain, identifier in device.identifiers if domain == DOMAIN}
    charger_id = next((key for key in coordinator.charger_ids if key in ids), None)
    if charger_id is None:
        return await async_get_config_entry_diagnostics(hass, entry)
    return {
        "charger": _charger(coordinator, charger_id),
        "decisions": coordinator.history.encode(),
    }


def _charger(coordinator: AmpacityCoordinator, charger_id: str) -> dict[str, Any]:
    tested = coordinator.charger_state(charger_id).tested
    return {
        "data": _redacted(coordinator.subentries[charger_id].data),
        "settings": _SETTINGS.encode(coordinator.settings.chargers[charger_id]),
        "last_command_failed": coordinator.commanders[charger_id].failed,
        "learned": _LEARNED.encode(coordinator.charger_state(charger_id).learned),
        "test_run": None if tested is None else TESTED.encode(tested),
        "wear": _WEAR.encode(coordinator.charger_state(charger_id).wear),
        "failsafe": failsafe_told(
            coordinator.hass, coordinator.config_entry.entry_id, charger_id
        ),
        "sessions": [
            SESSION.encode(each) for each in coordinator.sessions(charger_id)[-10:]
        ],
    }


def _redacted(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return configuration without the values that are sent along with actions."""
    return {
        key: dict.fromkeys(value, REDACTED)
        if key in _ACTION_DATA and isinstance(value, Mapping)
        else value
        for key, value in data.items()
    }
