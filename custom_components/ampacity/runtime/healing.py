"""Looks for chargers' entities again when some come or go, while everything runs on."""

from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later

from ..chargers.known import async_heal

SETTLE_S = 5.0
"""Entities of one device come and go together; it is looked once, when they are through."""


class Healer:
    """Gives an entry's chargers the entities that they have now, soon after a change."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Look after nothing yet."""
        self._hass = hass
        self._entry = entry
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def soon(self, _event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        """Look once the present changes are over."""
        self.stop()
        job = HassJob(self._heal, "ampacity healing", cancel_on_shutdown=True)
        self._cancel = async_call_later(self._hass, SETTLE_S, job)

    @callback
    def stop(self) -> None:
        """Look no more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _heal(self, _now: datetime) -> None:
        self._cancel = None
        async_heal(self._hass, self._entry)


@callback
def async_keep_healed(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Follow the registries until the entry is unloaded: nothing is polled."""
    healer = Healer(hass, entry)
    for unsubscribe in (
        hass.bus.async_listen(
            er.EVENT_ENTITY_REGISTRY_UPDATED, healer.soon, event_filter=_comes_or_goes
        ),
        healer.stop,
    ):
        entry.async_on_unload(unsubscribe)


@callback
def _comes_or_goes(data: er.EventEntityRegistryUpdatedData) -> bool:
    """Return whether an entity is new or gone; a rename is followed elsewhere."""
    return data["action"] in ("create", "remove")
