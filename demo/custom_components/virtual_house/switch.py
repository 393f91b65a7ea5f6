"""Switches of the virtual house: the wallbox, appliances, the weather and faults."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.meter import GridReading
from simulation.publisher import Fault, frozen, off

from .commands import wallbox_errors
from .const import Device
from .demo_house import DemoHouse
from .entity import ReportedEntity, VirtualHouseEntity
from .runner import HouseRunner, VirtualHouseConfigEntry

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class VirtualSwitchDescription(SwitchEntityDescription):
    """A switch of the house, its device, its state and what it does."""

    device: Device
    is_on_fn: Callable[[DemoHouse], bool]
    set_fn: Callable[[DemoHouse, bool], None]


def _appliance(name: str) -> VirtualSwitchDescription:
    """Return the switch of an appliance."""
    return VirtualSwitchDescription(
        key=name,
        device=Device.HOUSE,
        is_on_fn=lambda demo: demo.house.appliances[name].on,
        set_fn=lambda demo, on: demo.house.switch(name, on=on),
    )


def _meter_fault(key: str, fault: Fault[GridReading]) -> VirtualSwitchDescription:
    """Return the switch of a fault of the meter; a fault replaces the one before."""

    def set_fault(demo: DemoHouse, on: bool) -> None:
        meter = demo.house.meter
        if on:
            meter.fault = fault
        elif meter.fault is fault:
            meter.fault = None

    return VirtualSwitchDescription(
        key=key,
        device=Device.METER,
        is_on_fn=lambda demo: demo.house.meter.fault is fault,
        set_fn=set_fault,
    )


def _set_clouds(demo: DemoHouse, on: bool) -> None:
    if clouds := demo.house.pv.clouds:
        clouds.enabled = on


def _set_oven_automatic(demo: DemoHouse, on: bool) -> None:
    demo.house.appliances["oven"].automatic = on


def _set_wallbox_offline(demo: DemoHouse, on: bool) -> None:
    demo.wallbox.offline = on


def _set_ignores_limit(demo: DemoHouse, on: bool) -> None:
    demo.wallbox.ignores_limit = on


SWITCHES = (
    _appliance("oven"),
    _appliance("hob"),
    _appliance("kettle"),
    _meter_fault("outage", off),
    _meter_fault("frozen", frozen),
    VirtualSwitchDescription(
        key="oven_automatic",
        device=Device.HOUSE,
        is_on_fn=lambda demo: demo.house.appliances["oven"].automatic,
        set_fn=_set_oven_automatic,
    ),
    VirtualSwitchDescription(
        key="clouds",
        device=Device.HOUSE,
        is_on_fn=lambda demo: bool(
            demo.house.pv.clouds and demo.house.pv.clouds.enabled
        ),
        set_fn=_set_clouds,
    ),
    VirtualSwitchDescription(
        key="car_plugged_in",
        device=Device.HOUSE,
        is_on_fn=lambda demo: demo.wallbox.car is not None,
        set_fn=lambda demo, on: demo.plug(plugged_in=on),
    ),
    VirtualSwitchDescription(
        key="wallbox_offline",
        device=Device.HOUSE,
        is_on_fn=lambda demo: demo.wallbox.offline,
        set_fn=_set_wallbox_offline,
    ),
    VirtualSwitchDescription(
        key="wallbox_ignores_limit",
        device=Device.HOUSE,
        is_on_fn=lambda demo: demo.wallbox.ignores_limit,
        set_fn=_set_ignores_limit,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VirtualHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches."""
    runner = entry.runtime_data
    async_add_entities([WallboxCharging(runner)])
    async_add_entities(VirtualSwitch(runner, description) for description in SWITCHES)


class WallboxCharging(ReportedEntity, SwitchEntity):
    """Whether the wallbox may charge."""

    def __init__(self, runner: HouseRunner) -> None:
        """Belong to the wallbox."""
        super().__init__(runner, Device.WALLBOX, "charging")

    @property
    @override
    def is_on(self) -> bool | None:
        """Return what the wallbox reports."""
        reading = self.demo.wallbox.reading
        return reading.value.enabled if reading else None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Command it to charge; it shows when the wallbox reports it."""
        with wallbox_errors():
            self.demo.wallbox.resume()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Command a pause; it shows when the wallbox reports it."""
        with wallbox_errors():
            self.demo.wallbox.pause()


class VirtualSwitch(VirtualHouseEntity, SwitchEntity):
    """A switch of the house."""

    entity_description: VirtualSwitchDescription

    def __init__(
        self, runner: HouseRunner, description: VirtualSwitchDescription
    ) -> None:
        """Do what the description says."""
        super().__init__(runner, description.device, description.key)
        self.entity_description = description

    @property
    @override
    def is_on(self) -> bool:
        """Return the switch's state."""
        return self.entity_description.is_on_fn(self.demo)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on."""
        self._set(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        self._set(on=False)

    def _set(self, *, on: bool) -> None:
        self.entity_description.set_fn(self.demo, on)
        self.async_write_ha_state()
