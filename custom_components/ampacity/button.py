"""Boost and test run of a charger."""

from typing import TYPE_CHECKING, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import ATTR_DEVICE_ID, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN, SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry
from .entity import ChargerEntity, async_add_of_subentries

PARALLEL_UPDATES = 0

BUTTONS = (
    ButtonEntityDescription(key="boost"),
    ButtonEntityDescription(key="stop_boost"),
    ButtonEntityDescription(key="test_run", entity_category=EntityCategory.CONFIG),
)
"""Their keys are the actions that they call."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a site's chargers."""

    def buttons(subentry: ConfigSubentry) -> list[ChargerButton]:
        return [
            ChargerButton(entry.runtime_data, subentry, description)
            for description in BUTTONS
        ]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, buttons)


class ChargerButton(ChargerEntity, ButtonEntity):
    """Calls an action on the charger, with all that it checks and says."""

    @override
    async def async_press(self) -> None:
        """Call the action."""
        if TYPE_CHECKING:
            assert self.device_entry
        await self.hass.services.async_call(
            DOMAIN,
            self.entity_description.key,
            {ATTR_DEVICE_ID: self.device_entry.id},
            blocking=True,
            context=self._context,
        )
