"""Sensors of the solar plant."""

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import UnitOfEnergy, UnitOfPower

from ..coordinator import AmpacityCoordinator
from . import SiteSensorDescription


def _solar_power(coordinator: AmpacityCoordinator) -> float | None:
    """Return what the plant makes, in W; None while its sensors don't say."""
    reading = coordinator.snapshot.solar_w
    return reading.value if reading and reading.ok else None


SOLAR_POWER = SiteSensorDescription(
    key="solar_power",
    device_class=SensorDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    value_fn=_solar_power,
)

SURPLUS_POWER = SiteSensorDescription(
    key="surplus_power",
    device_class=SensorDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    value_fn=lambda x: x.data.view.surplus_w,
)

SOLAR_FORECAST_TODAY = SiteSensorDescription(
    key="solar_forecast_today",
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
    suggested_display_precision=1,
    suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    value_fn=lambda x: x.outlook.solar_today_wh,
)
