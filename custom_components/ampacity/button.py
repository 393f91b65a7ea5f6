"""Boost of a charger."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import AmpacityConfigEntry
from .engine.state import Boost
from .entity import ChargerEntity, ChargerView, charger_subentries

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ChargerButtonDescription(ButtonEntityDescription):
    """Describe a button of a charger."""

    press_fn: Callable[[ChargerView], None]


BUTTONS = (
    ChargerButtonDescription(
        key="boost",
        press_fn=lambda x: x.coordinator.async_boost(
            x.id, Boost(remaining_s=x.config.boost_s)
        ),
    ),
    ChargerButtonDescription(
        key="stop_boost",
        press_fn=lambda x: x.coordinator.async_stop_boost(x.id),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a site's chargers."""
    for subentry in charger_subentries(entry):
        async_add_entities(
            (
                ChargerButton(entry.runtime_data, subentry, description)
                for description in BUTTONS
            ),
            config_subentry_id=subentry.subentry_id,
        )


class ChargerButton(ChargerEntity, ButtonEntity):
    """A button of a charger."""

    entity_description: ChargerButtonDescription

    @override
    async def async_press(self) -> None:
        """Do what the button says."""
        self.entity_description.press_fn(self.view)
