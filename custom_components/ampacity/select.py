"""The mode of a charger."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry
from .engine.model import Mode
from .entity import ChargerEntity, async_add_of_subentries

PARALLEL_UPDATES = 0

MODE = SelectEntityDescription(key="mode", options=[mode.value for mode in Mode])


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the modes of a site's chargers."""

    def selects(subentry: ConfigSubentry) -> list[ModeSelect]:
        return [ModeSelect(entry.runtime_data, subentry, MODE)]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, selects)


class ModeSelect(ChargerEntity, SelectEntity):
    """What a charger may use."""

    @property
    @override
    def current_option(self) -> str:
        """Return the mode."""
        return self.view.settings.mode.value

    @override
    async def async_select_option(self, option: str) -> None:
        """Change the mode."""
        self.coordinator.async_update_charger(self.view.id, mode=Mode(option))
