"""Sensors of the virtual house."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfRatio,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from simulation.meter import GridReading
from simulation.wallbox import WallboxReading, WallboxStatus

from .const import Device
from .demo_house import DemoHouse
from .entity import ReportedEntity, VirtualHouseEntity
from .prices import SLOT, attributes, price
from .runner import HouseRunner, VirtualHouseConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class VirtualSensorDescription(SensorEntityDescription):
    """A sensor, the device it belongs to and where its value comes from."""

    device: Device
    value_fn: Callable[[DemoHouse], float | str | None]


def _power(
    device: Device, value_fn: Callable[[DemoHouse], float | None]
) -> VirtualSensorDescription:
    """Return a sensor of power in W."""
    return VirtualSensorDescription(
        key="power",
        device=device,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=value_fn,
    )


def _charge_level(
    device: Device,
    key: str,
    precision: int,
    value_fn: Callable[[DemoHouse], float | None],
) -> VirtualSensorDescription:
    """Return a sensor of a charge level in percent of a value from 0 to 1."""

    def percent(demo: DemoHouse) -> float | None:
        soc = value_fn(demo)
        return None if soc is None else round(soc * 100, precision)

    return VirtualSensorDescription(
        key=key,
        device=device,
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=precision,
        value_fn=percent,
    )


def _energy(
    device: Device, key: str, value_fn: Callable[[DemoHouse], float | None]
) -> VirtualSensorDescription:
    """Return a counter in kWh of a value in Wh."""

    def kilowatt_hours(demo: DemoHouse) -> float | None:
        energy_wh = value_fn(demo)
        return None if energy_wh is None else round(energy_wh / 1000, 3)

    return VirtualSensorDescription(
        key=key,
        device=device,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        value_fn=kilowatt_hours,
    )


def _current(
    device: Device, phase: int, value_fn: Callable[[DemoHouse], float | None]
) -> VirtualSensorDescription:
    """Return a sensor of a phase's current in A."""
    return VirtualSensorDescription(
        key=f"current_l{phase + 1}",
        device=device,
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=value_fn,
    )


def _of_meter[T](
    get: Callable[[GridReading], T],
) -> Callable[[DemoHouse], T | None]:
    """Return how to get a value from the meter's reading."""

    def value(demo: DemoHouse) -> T | None:
        reading = demo.house.meter.reading
        return get(reading.value) if reading else None

    return value


def _of_wallbox[T](
    get: Callable[[WallboxReading], T],
) -> Callable[[DemoHouse], T | None]:
    """Return how to get a value from the wallbox's reading."""

    def value(demo: DemoHouse) -> T | None:
        reading = demo.wallbox.reading
        return get(reading.value) if reading else None

    return value


def _meter_phase(phase: int) -> tuple[VirtualSensorDescription, ...]:
    """Return the meter's sensors of one phase."""
    return (
        _current(Device.METER, phase, _of_meter(lambda r: r.current_a[phase])),
        VirtualSensorDescription(
            key=f"voltage_l{phase + 1}",
            device=Device.METER,
            device_class=SensorDeviceClass.VOLTAGE,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfElectricPotential.VOLT,
            suggested_display_precision=1,
            value_fn=_of_meter(lambda r: r.voltage_v[phase]),
        ),
    )


def _pv_power_w(demo: DemoHouse) -> float | None:
    """Return the PV power as the inverter reports it."""
    reading = demo.house.pv_reading
    return reading.value if reading else None


def _wallbox_phase(phase: int) -> VirtualSensorDescription:
    """Return the wallbox's sensor of one phase."""
    return _current(Device.WALLBOX, phase, _of_wallbox(lambda r: r.current_a[phase]))


SENSORS = (
    _power(Device.INVERTER, _pv_power_w),
    _energy(Device.INVERTER, "energy", lambda demo: demo.house.pv_wh),
    VirtualSensorDescription(
        key="status",
        device=Device.WALLBOX,
        device_class=SensorDeviceClass.ENUM,
        options=list(WallboxStatus),
        value_fn=_of_wallbox(lambda r: r.status),
    ),
    _power(Device.WALLBOX, _of_wallbox(lambda r: r.power_w)),
    _wallbox_phase(0),
    _wallbox_phase(1),
    _wallbox_phase(2),
    _energy(Device.WALLBOX, "session_energy", _of_wallbox(lambda r: r.session_wh)),
    _energy(Device.WALLBOX, "total_energy", _of_wallbox(lambda r: r.total_wh)),
    _charge_level(Device.WALLBOX, "car_soc", 1, lambda demo: demo.soc),
    _charge_level(Device.CAR, "battery", 0, lambda demo: demo.car_soc),
    VirtualSensorDescription(
        key="main_fuse_heat",
        device=Device.HOUSE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        value_fn=lambda demo: round(max(demo.house.fuse.theta) * 100, 1),
    ),
    _power(Device.METER, _of_meter(lambda r: r.power_w)),
    *_meter_phase(0),
    *_meter_phase(1),
    *_meter_phase(2),
    _energy(Device.METER, "import_energy", _of_meter(lambda r: r.import_wh)),
    _energy(Device.METER, "export_energy", _of_meter(lambda r: r.export_wh)),
)
"""The meter comes last: who reads all when it reports finds the others at the same second."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VirtualHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors."""
    runner = entry.runtime_data
    async_add_entities(VirtualSensor(runner, description) for description in SENSORS)
    async_add_entities([PriceSensor(runner, Device.MARKET, "price")])


class VirtualSensor(ReportedEntity, SensorEntity):
    """A value of the house."""

    entity_description: VirtualSensorDescription

    def __init__(
        self, runner: HouseRunner, description: VirtualSensorDescription
    ) -> None:
        """Show what the description says."""
        super().__init__(runner, description.device, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | str | None:
        """Return the value as last reported."""
        return self.entity_description.value_fn(self.demo)


class PriceSensor(VirtualHouseEntity, SensorEntity):
    """What a kWh costs now, and day-ahead, as the older Nord Pool integration tells it."""

    _attr_native_unit_of_measurement = "EUR/kWh"
    _attr_suggested_display_precision = 3
    _unrecorded_attributes = frozenset({"raw_today", "raw_tomorrow"})
    _slot: int | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the clock, but tell only when the price is another one."""
        self.async_on_remove(self._runner.async_add_listener(self._follow))
        self._take_up()

    @callback
    def _follow(self) -> None:
        if _slot_of(dt_util.utcnow()) != self._slot:
            self._take_up()
            self.async_write_ha_state()

    def _take_up(self) -> None:
        now = dt_util.now()
        self._slot = _slot_of(now)
        begin = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        self._attr_native_value = price(begin)
        self._attr_extra_state_attributes = attributes(now)


def _slot_of(moment: datetime) -> int:
    """Return the number of a moment's quarter of an hour."""
    return int(moment.timestamp() // SLOT.total_seconds())
