"""Charger configurations and the known chargers that they describe, kept together over time."""

from collections.abc import Mapping
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback, valid_entity_id
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import CONF_DEVICE, CONF_DEVICE_PARTS, CONF_PROFILE, SUBENTRY_CHARGER
from .detect import FoundCharger, find_chargers
from .profile import profile

_LOGGER = logging.getLogger(__name__)


@callback
def find_known(hass: HomeAssistant, data: Mapping[str, Any]) -> FoundCharger | None:
    """Return the charger that a subentry's data describes, as the registries show it now.

    None for one that isn't a known kind, or is gone. The profiles must have been loaded.
    """
    known = profile(data.get(CONF_PROFILE))
    if known is None:
        return None
    keys = (CONF_DEVICE, CONF_DEVICE_PARTS)
    for found in find_chargers(hass, [known]):
        if all(found.data.get(key) == data.get(key) for key in keys):
            return found
    return None


@callback
def async_heal(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Give chargers whose entities are gone those that they have now.

    Entities may get other ids while nobody follows that, and a charger may be replaced by another
    of its kind. What is there is left alone, and so is what its owner has set.
    """
    for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER):
        found = find_known(hass, subentry.data) or _successor(hass, subentry)
        if found is None:
            continue
        healed = _healed(hass, subentry.data, found.data)
        if healed != dict(subentry.data):
            _LOGGER.info("%s is found again under other entities", subentry.title)
            hass.config_entries.async_update_subentry(entry, subentry, data=healed)


def _successor(hass: HomeAssistant, subentry: ConfigSubentry) -> FoundCharger | None:
    """Return the one charger that can only be the replacement of one whose device is gone."""
    known = profile(subentry.data.get(CONF_PROFILE))
    device_id = subentry.data.get(CONF_DEVICE)
    if known is None or device_id is None or dr.async_get(hass).async_get(device_id):
        return None
    free = [one for one in find_chargers(hass, [known]) if one.used_by is None]
    return free[0] if len(free) == 1 else None


def _healed(
    hass: HomeAssistant, data: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the data with entities that are gone replaced, and with the present device."""
    is_other = data.get(CONF_DEVICE) != found.get(CONF_DEVICE)
    device = (CONF_DEVICE, CONF_DEVICE_PARTS) if is_other else ()
    changed = {
        key: value
        for key, value in found.items()
        if key in device or _names_what_is_gone(hass, data.get(key), is_other)
    }
    return dict(data) | changed


def _names_what_is_gone(hass: HomeAssistant, value: Any, is_other: bool) -> bool:
    """Return whether a value, or an action's data, names an entity or a device that is gone."""
    if isinstance(value, Mapping):
        stale = is_other and "device_id" in value
        return stale or any(_is_gone(hass, one) for one in value.values())
    return _is_gone(hass, value)


def _is_gone(hass: HomeAssistant, value: Any) -> bool:
    """Return whether a value names an entity that isn't there."""
    return (
        isinstance(value, str)
        and valid_entity_id(value)
        and hass.states.get(value) is None
        and er.async_get(hass).async_get(value) is None
    )
