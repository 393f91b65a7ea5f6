"""The mode of a charger, and the strategy of a home battery."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry
from .engine.model import BatteryStrategy, Mode
from .entity import BatteryEntity, ChargerEntity, async_add_of_subentries, has_battery

PARALLEL_UPDATES = 0

STRATEGY = SelectEntityDescription(
    key="battery_strategy",
    entity_category=EntityCategory.CONFIG,
    options=[strategy.value for strategy in BatteryStrategy],
)
MODE = SelectEntityDescription(key="mode", options=[mode.value for mode in Mode])


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the modes of a site's chargers, and the strategy of its battery."""
    if has_battery(entry):
        async_add_entities([StrategySelect(entry.runtime_data, STRATEGY)])

    def selects(subentry: ConfigSubentry) -> list[ModeSelect]:
        return [ModeSelect(entry.runtime_data, subentry, MODE)]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, selects)


class StrategySelect(BatteryEntity, SelectEntity):
    """Who comes first above the battery's priority charge level."""

    @property
    @override
    def current_option(self) -> str:
        """Return the strategy."""
        return self.coordinator.settings.battery_strategy.value

    @override
    async def async_select_option(self, option: str) -> None:
        """Change the strategy."""
        self.coordinator.async_update_site(battery_strategy=BatteryStrategy(option))


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
