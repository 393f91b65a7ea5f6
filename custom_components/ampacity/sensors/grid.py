"""Sensors of the grid connection."""

from collections.abc import Callable

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfElectricCurrent, UnitOfPower

from ..coordinator import AmpacityCoordinator
from ..engine.decision import SiteView
from . import SiteSensorDescription


def _power(
    key: str, value_fn: Callable[[AmpacityCoordinator], float | None]
) -> SiteSensorDescription:
    return SiteSensorDescription(
        key=key,
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=value_fn,
    )


def _current(
    key: str, phase: int, values_fn: Callable[[SiteView], tuple[float | None, ...]]
) -> SiteSensorDescription:
    """Describe a current of one phase; a meter without phases leaves it unknown."""

    def value(coordinator: AmpacityCoordinator) -> float | None:
        values = values_fn(coordinator.data.view)
        return values[phase] if phase < len(values) else None

    return SiteSensorDescription(
        key=f"{key}_l{phase + 1}",
        device_class=SensorDeviceClass.CURRENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=value,
    )


def grid_sensors(phases: int) -> tuple[SiteSensorDescription, ...]:
    """Return the sensors of a grid connection with so many phases."""
    return (
        _power("grid_power", lambda x: x.data.view.grid_w),
        _power("home_power", lambda x: x.data.view.home_w),
        *(_current("current", i, lambda x: x.current_a) for i in range(phases)),
        *(_current("headroom", i, lambda x: x.headroom_a) for i in range(phases)),
    )
