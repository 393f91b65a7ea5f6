"""Button of the virtual house."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import Device
from .entity import VirtualHouseEntity
from .runner import HouseRunner, VirtualHouseConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VirtualHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button."""
    async_add_entities([ResetMainFuse(entry.runtime_data)])


class ResetMainFuse(VirtualHouseEntity, ButtonEntity):
    """Puts the main fuse back in."""

    def __init__(self, runner: HouseRunner) -> None:
        """Belong to the house."""
        super().__init__(runner, Device.HOUSE, "reset_main_fuse")

    @override
    async def async_press(self) -> None:
        """Put the fuse back in."""
        self.demo.house.fuse.close()
