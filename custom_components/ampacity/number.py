"""Numbers of the grid connection and the chargers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfPower,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charger_view import ChargerView
from .const import SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry
from .entity import (
    BatteryEntity,
    ChargerEntity,
    SiteEntity,
    async_add_of_subentries,
    forget_battery,
    has_battery,
)
from .settings import hardware_range

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ChargerNumberDescription(NumberEntityDescription):
    """Describe a number of a charger."""

    value_fn: Callable[[ChargerView], float | None]
    set_fn: Callable[[ChargerView, float], None]


EXPORT_MARGIN = NumberEntityDescription(
    key="export_margin",
    device_class=NumberDeviceClass.POWER,
    entity_category=EntityCategory.CONFIG,
    native_min_value=-2000,
    native_max_value=2000,
    native_step=10,
    native_unit_of_measurement=UnitOfPower.WATT,
)


PRIORITY_SOC = NumberEntityDescription(
    key="battery_priority_soc",
    entity_category=EntityCategory.CONFIG,
    native_min_value=0,
    native_max_value=100,
    native_step=1,
    native_unit_of_measurement=PERCENTAGE,
)


def _set_target_soc(view: ChargerView, value: float) -> None:
    """Set the target of a charger; the one that the car has anyway is left to the car."""
    vehicle = view.vehicle
    is_usual = vehicle is not None and vehicle.target_soc == value
    view.coordinator.async_update_charger(
        view.id, target_soc=0.0 if is_usual else value
    )


CHARGER_NUMBERS = (
    ChargerNumberDescription(
        key="priority",
        entity_category=EntityCategory.CONFIG,
        native_min_value=1,
        native_max_value=10,
        native_step=1,
        value_fn=lambda x: x.settings.priority,
        set_fn=lambda x, value: x.coordinator.async_update_charger(
            x.id, priority=int(value)
        ),
    ),
    ChargerNumberDescription(
        key="target_soc",
        native_min_value=1,
        native_max_value=100,
        native_step=1,
        native_unit_of_measurement=PERCENTAGE,
        value_fn=lambda x: x.target_soc,
        set_fn=_set_target_soc,
    ),
    ChargerNumberDescription(
        key="target_energy",
        device_class=NumberDeviceClass.ENERGY,
        native_min_value=0,
        native_max_value=500,
        native_step=0.1,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        mode=NumberMode.BOX,
        value_fn=lambda x: x.settings.target_energy_wh / 1000.0,
        set_fn=lambda x, value: x.coordinator.async_update_charger(
            x.id, target_energy_wh=value * 1000.0
        ),
    ),
)


def charger_numbers(
    subentry: ConfigSubentry, currency: str
) -> tuple[ChargerNumberDescription, ...]:
    """Return the numbers of a charger; its currents stay inside what its hardware can.

    Prices are in the currency, an ISO 4217 code.
    """
    return (*_currents(subentry), *CHARGER_NUMBERS, _price_limit(currency))


def _currents(subentry: ConfigSubentry) -> tuple[ChargerNumberDescription, ...]:
    lowest_a, highest_a = hardware_range(subentry.data)
    current = partial(
        ChargerNumberDescription,
        device_class=NumberDeviceClass.CURRENT,
        entity_category=EntityCategory.CONFIG,
        native_min_value=lowest_a,
        native_max_value=highest_a,
        native_step=1,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
    )
    return (
        current(
            key="min_current",
            value_fn=lambda x: x.settings.min_a,
            set_fn=lambda x, value: x.coordinator.async_update_charger(
                x.id, min_a=value
            ),
        ),
        current(
            key="max_current",
            value_fn=lambda x: x.settings.max_a,
            set_fn=lambda x, value: x.coordinator.async_update_charger(
                x.id, max_a=value
            ),
        ),
    )


def _price_limit(currency: str) -> ChargerNumberDescription:
    return ChargerNumberDescription(
        key="price_limit",
        entity_category=EntityCategory.CONFIG,
        native_min_value=0,
        native_max_value=1000,
        native_step=0.001,
        native_unit_of_measurement=f"{currency}/kWh",
        mode=NumberMode.BOX,
        value_fn=lambda x: x.settings.price_limit,
        set_fn=lambda x, value: x.coordinator.async_update_charger(
            x.id, price_limit=value
        ),
    )


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of a site and its chargers."""
    async_add_entities([ExportMarginNumber(entry.runtime_data, EXPORT_MARGIN)])
    if has_battery(entry):
        async_add_entities([PrioritySocNumber(entry.runtime_data, PRIORITY_SOC)])
    else:
        forget_battery(entry.runtime_data)

    def numbers(subentry: ConfigSubentry) -> list[ChargerNumber]:
        return [
            ChargerNumber(entry.runtime_data, subentry, description)
            for description in charger_numbers(subentry, hass.config.currency)
        ]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, numbers)


class ExportMarginNumber(SiteEntity, NumberEntity):
    """The export that solar charging leaves; below zero it may import so much."""

    @property
    @override
    def native_value(self) -> float:
        """Return the export that is left."""
        return self.coordinator.settings.export_margin_w

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Change the export that is left."""
        self.coordinator.async_update_site(export_margin_w=value)


class PrioritySocNumber(BatteryEntity, NumberEntity):
    """The charge level below which the home battery comes first."""

    @property
    @override
    def native_value(self) -> float:
        """Return the charge level."""
        return self.coordinator.settings.battery_priority_soc

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Change the charge level."""
        self.coordinator.async_update_site(battery_priority_soc=value)


class ChargerNumber(ChargerEntity, NumberEntity):
    """A number of a charger."""

    entity_description: ChargerNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """Return the setting; None while nothing is set and nothing is usual."""
        return self.entity_description.value_fn(self.view)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Change the setting."""
        self.entity_description.set_fn(self.view, value)
