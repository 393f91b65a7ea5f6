"""Following what a site's sources and levers report."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from .equipment import Equipment
from .tracking import (
    async_follow_renames,
    async_track_reports,
    async_track_states,
    prompt_entity_ids,
)


class Following:
    """Calls the guard on each report of a meter, and control when a state that matters changes."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        guard: Callable[[], None],
        control: Callable[[], None],
    ) -> None:
        """Follow nothing yet."""
        self._hass = hass
        self._entry = entry
        self._guard = guard
        self._control = control
        self._stops: list[CALLBACK_TYPE] = []

    @callback
    def start(self, equipment: Equipment) -> None:
        """Follow this equipment, and what was followed before no more."""
        self.stop()
        hass, entry = self._hass, self._entry
        entity_ids = [key for key, _ in equipment.uses("")]
        meters = equipment.sources.meter_entity_ids
        self._stops = [
            async_track_reports(hass, meters, self._guard),
            async_track_states(hass, prompt_entity_ids(entry), self._control),
            async_follow_renames(hass, entry, entity_ids),
        ]

    @callback
    def stop(self) -> None:
        """Follow nothing any more."""
        while self._stops:
            self._stops.pop()()
