"""Number of the virtual house: the wallbox's current limit."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.const import UnitOfElectricCurrent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .commands import wallbox_errors
from .const import Device
from .entity import ReportedEntity
from .runner import HouseRunner, VirtualHouseConfigEntry

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VirtualHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the number."""
    async_add_entities([CurrentLimit(entry.runtime_data)])


class CurrentLimit(ReportedEntity, NumberEntity):
    """The current that the wallbox offers while charging is allowed."""

    _attr_device_class = NumberDeviceClass.CURRENT
    _attr_mode = NumberMode.SLIDER
    _attr_native_step = 1
    _attr_native_unit_of_measurement = UnitOfElectricCurrent.AMPERE

    def __init__(self, runner: HouseRunner) -> None:
        """Belong to the wallbox and take its limits."""
        super().__init__(runner, Device.WALLBOX, "current_limit")
        config = runner.demo.wallbox.config
        self._attr_native_min_value = config.min_current_a
        self._attr_native_max_value = config.max_current_a

    @property
    @override
    def native_value(self) -> float | None:
        """Return the limit that the wallbox reports."""
        reading = self.demo.wallbox.reading
        return reading.value.current_limit_a if reading else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Command a limit; it shows when the wallbox reports it."""
        with wallbox_errors():
            self.demo.wallbox.set_current(value)
