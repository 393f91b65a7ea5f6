"""Features of a charger's own that work against Ampacity: whether they are on, switching them off."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, ATTR_OPTION
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from ..const import CONF_WATCH_NATIVE
from .detect import NativeFeature
from .known import find_known


def watched_features(
    hass: HomeAssistant, data: Mapping[str, Any]
) -> Iterable[NativeFeature]:
    """Return the features of a subentry's charger that are to stay as wanted.

    None for a charger whose owner wants to keep them, and for one that isn't a known kind.
    """
    if not data.get(CONF_WATCH_NATIVE, True):
        return ()
    found = find_known(hass, data)
    return found.native if found else ()


async def async_switch_off(hass: HomeAssistant, feature: NativeFeature) -> str | None:
    """Have a feature be as wanted; return why that failed, None where it did not.

    One that already is so is left alone.
    """
    state = hass.states.get(feature.entity_id)
    if state is not None and state.state in (feature.wanted, *feature.fine):
        return None
    domain = feature.entity_id.partition(".")[0]
    data = {ATTR_ENTITY_ID: feature.entity_id}
    if domain == "select":
        service = "select_option"
        data[ATTR_OPTION] = feature.wanted
    else:
        service = f"turn_{feature.wanted}"
    try:
        await hass.services.async_call(domain, service, data, blocking=True)
    except (HomeAssistantError, vol.Invalid, OSError, TimeoutError) as err:
        return str(err) or type(err).__name__
    return None
