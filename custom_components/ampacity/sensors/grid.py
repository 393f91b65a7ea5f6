"""Sensors of the grid connection."""

from collections.abc import Callable

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfPower,
)

from ..const import CONF_IMPORT_PRICE, CONF_PRICE_KIND
from ..coordinator import AmpacityCoordinator
from ..engine.decision import SiteView
from ..engine.tariff import at_present_prices
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


def _import_price(coordinator: AmpacityCoordinator) -> float | None:
    """Return what a kWh costs now; None where nobody has told what it costs."""
    options, now = coordinator.config_entry.options, coordinator.state.now
    if now is None or not {CONF_IMPORT_PRICE, CONF_PRICE_KIND} & options.keys():
        return None
    return at_present_prices(coordinator.site, coordinator.snapshot, now).import_price


def grid_sensors(phases: int, currency: str) -> tuple[SiteSensorDescription, ...]:
    """Return the sensors of a grid connection with so many phases."""
    return (
        SiteSensorDescription(
            key="import_price",
            native_unit_of_measurement=f"{currency}/{UnitOfEnergy.KILO_WATT_HOUR}",
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=3,
            value_fn=_import_price,
        ),
        _power("grid_power", lambda x: x.data.view.grid_w),
        _power("home_power", lambda x: x.data.view.home_w),
        *(_current("current", i, lambda x: x.current_a) for i in range(phases)),
        *(_current("headroom", i, lambda x: x.headroom_a) for i in range(phases)),
    )
