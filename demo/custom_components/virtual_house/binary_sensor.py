"""Binary sensors of the virtual house."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import Device
from .entity import ReportedEntity
from .runner import HouseRunner, VirtualHouseConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VirtualHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors."""
    async_add_entities([Plug(entry.runtime_data), MainFuse(entry.runtime_data)])


class Plug(ReportedEntity, BinarySensorEntity):
    """Whether a car is connected."""

    _attr_device_class = BinarySensorDeviceClass.PLUG

    def __init__(self, runner: HouseRunner) -> None:
        """Belong to the wallbox."""
        super().__init__(runner, Device.WALLBOX, "plug")

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the wallbox reports a car."""
        reading = self.demo.wallbox.reading
        return reading.value.plugged_in if reading else None


class MainFuse(ReportedEntity, BinarySensorEntity):
    """Whether a phase of the main fuse has opened."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM

    def __init__(self, runner: HouseRunner) -> None:
        """Belong to the house."""
        super().__init__(runner, Device.HOUSE, "main_fuse")

    @property
    @override
    def is_on(self) -> bool:
        """Return whether a phase has opened."""
        return any(self.demo.house.fuse.opened)
