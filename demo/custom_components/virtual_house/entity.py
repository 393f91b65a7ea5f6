"""What all entities of the virtual house have in common."""

from typing import override

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity

from .const import DEVICE_NAMES, DOMAIN, Device
from .demo_house import DemoHouse
from .runner import HouseRunner


class VirtualHouseEntity(Entity):
    """An entity that shows the house after every step."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, runner: HouseRunner, device: Device, key: str) -> None:
        """Belong to one of the house's devices."""
        self._runner = runner
        self._device = device
        self._attr_translation_key = key
        self._attr_unique_id = f"{device}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, device)},
            name=DEVICE_NAMES[device],
            manufacturer="Virtual house",
        )

    @property
    def demo(self) -> DemoHouse:
        """The house."""
        return self._runner.demo

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the house's steps."""
        self.async_on_remove(self._runner.async_add_listener(self.async_write_ha_state))


class ReportedEntity(VirtualHouseEntity):
    """An entity that shows what its device reports, unavailable while it reports nothing."""

    @property
    @override
    def available(self) -> bool:
        """Whether the device reports."""
        house = self.demo.house
        match self._device:
            case Device.METER:
                return house.meter.reading is not None
            case Device.WALLBOX:
                return self.demo.wallbox.reading is not None
            case _:
                return True
