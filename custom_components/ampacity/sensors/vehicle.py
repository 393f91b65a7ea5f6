"""Sensors of a vehicle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfLength, UnitOfRatio

from ..engine.vehicle import Vehicle, VehicleMemory
from ..entity import VehicleEntity


@dataclass(frozen=True, kw_only=True)
class VehicleSensorDescription(SensorEntityDescription):
    """Describe a sensor of a vehicle."""

    value_fn: Callable[[Vehicle, VehicleMemory], float | None]


def _range_added(vehicle: Vehicle, memory: VehicleMemory) -> float | None:
    """Return for how many km the energy of the present session, or the last, is good."""
    if not vehicle.consumption_wh_per_km:
        return None
    return memory.added_wh * memory.efficiency / vehicle.consumption_wh_per_km


SOC = VehicleSensorDescription(
    key="soc",
    device_class=SensorDeviceClass.BATTERY,
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    value_fn=lambda _, memory: memory.soc,
)
RANGE_ADDED = VehicleSensorDescription(
    key="range_added",
    device_class=SensorDeviceClass.DISTANCE,
    native_unit_of_measurement=UnitOfLength.KILOMETERS,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    value_fn=_range_added,
)


def vehicle_sensors(vehicle: Vehicle) -> tuple[VehicleSensorDescription, ...]:
    """Return the sensors of a vehicle; without its consumption nobody knows the range."""
    return (SOC,) if vehicle.consumption_wh_per_km is None else (SOC, RANGE_ADDED)


class VehicleSensor(VehicleEntity, SensorEntity):
    """A sensor of a vehicle."""

    entity_description: VehicleSensorDescription

    @property
    @override
    def native_value(self) -> float | None:
        """Return the state of the sensor."""
        return self.entity_description.value_fn(self.vehicle, self.memory)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return where the charge level comes from."""
        if self.entity_description is not SOC or self.memory.soc is None:
            return None
        return {
            "source": "estimated" if self.memory.is_estimate else "read",
            "contradicted": self.memory.contradicted,
        }
