"""Which entities matter when, and what becomes of those that are renamed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
    async_track_state_report_event,
)

from ..const import (
    CONF_CHARGING_SENSOR,
    CONF_LIMIT_ENTITY,
    CONF_LOCATION_ENTITY,
    CONF_OFF_PEAK_ENTITY,
    CONF_OFFERED_SENSOR,
    CONF_OPERATOR_ENTITY,
    CONF_OPERATOR_LIMIT_ENTITY,
    CONF_PLUG_ENTITY,
    CONF_PLUG_SENSOR,
    CONF_START_STOP_SELECT,
    CONF_STATUS_SENSOR,
    CONF_SWITCH,
)

_PROMPT_KEYS = (
    CONF_OFF_PEAK_ENTITY,
    CONF_OPERATOR_ENTITY,
    CONF_OPERATOR_LIMIT_ENTITY,
    CONF_STATUS_SENSOR,
    CONF_PLUG_ENTITY,
    CONF_PLUG_SENSOR,
    CONF_CHARGING_SENSOR,
    CONF_LIMIT_ENTITY,
    CONF_OFFERED_SENSOR,
    CONF_SWITCH,
    CONF_START_STOP_SELECT,
    CONF_LOCATION_ENTITY,
)
"""Configured entities whose change is answered at once rather than with the next tick."""


def prompt_entity_ids(entry: ConfigEntry) -> set[str]:
    """Return the entities whose change is answered at once."""
    blocks = [entry.data, entry.options]
    blocks += (subentry.data for subentry in entry.subentries.values())
    return {block[key] for block in blocks for key in _PROMPT_KEYS if block.get(key)}


@callback
def async_track_reports(
    hass: HomeAssistant, entity_ids: Iterable[str], action: Callable[[], None]
) -> CALLBACK_TYPE:
    """Call ``action`` whenever an entity reports, changed or not, in the event's own turn."""

    @callback
    def reported(
        _event: Event[EventStateChangedData] | Event[EventStateReportedData],
    ) -> None:
        action()

    tracked = list(entity_ids)
    stop_changed = async_track_state_change_event(hass, tracked, reported)
    stop_reported = async_track_state_report_event(hass, tracked, reported)

    @callback
    def stop() -> None:
        stop_changed()
        stop_reported()

    return stop


@callback
def async_track_states(
    hass: HomeAssistant, entity_ids: Iterable[str], action: Callable[[], None]
) -> CALLBACK_TYPE:
    """Call ``action`` when the state proper of an entity changes, not just an attribute."""

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if (old and old.state) != (new and new.state):
            action()

    return async_track_state_change_event(hass, list(entity_ids), changed)


@callback
def async_follow_renames(
    hass: HomeAssistant, entry: ConfigEntry, entity_ids: Iterable[str]
) -> CALLBACK_TYPE:
    """Write the new name of a renamed entity into the configuration, wherever the old one stands."""

    @callback
    def updated(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        if data["action"] == "update" and "entity_id" in data["changes"]:
            _rename(hass, entry, data["old_entity_id"], data["entity_id"])

    return async_track_entity_registry_updated_event(hass, list(entity_ids), updated)


def _rename(hass: HomeAssistant, entry: ConfigEntry, old: str, new: str) -> None:
    hass.config_entries.async_update_entry(
        entry,
        data=renamed(entry.data, old, new),
        options=renamed(entry.options, old, new),
    )
    for subentry in entry.subentries.values():
        hass.config_entries.async_update_subentry(
            entry, subentry, data=renamed(subentry.data, old, new)
        )


def renamed(value: Any, old: str, new: str) -> Any:
    """Return configuration with the entity id ``old`` replaced by ``new`` at every depth."""
    if isinstance(value, Mapping):
        return {key: renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [renamed(item, old, new) for item in value]
    return new if value == old else value
