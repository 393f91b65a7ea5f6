"""Whether the chargers of a site may charge at all."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import AmpacityConfigEntry
from .entity import SiteEntity

PARALLEL_UPDATES = 0

CHARGING_ENABLED = SwitchEntityDescription(key="charging_enabled")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switch of a site."""
    async_add_entities([ChargingEnabledSwitch(entry.runtime_data, CHARGING_ENABLED)])


class ChargingEnabledSwitch(SiteEntity, SwitchEntity):
    """Pauses all chargers of a site while it is off."""

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the chargers may charge."""
        return self.coordinator.settings.charging_enabled

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the chargers charge."""
        self.coordinator.async_update_site(charging_enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Pause all chargers."""
        self.coordinator.async_update_site(charging_enabled=False)
