"""Binary sensors of the grid connection and the chargers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charger_view import ChargerView
from .const import SUBENTRY_CHARGER, SUBENTRY_CIRCUIT
from .coordinator import AmpacityConfigEntry
from .engine.model import ChargerStatus
from .entity import ChargerEntity, CircuitEntity, SiteEntity, async_add_of_subentries

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ChargerBinarySensorDescription(BinarySensorEntityDescription):
    """Describe a binary sensor of a charger."""

    is_on_fn: Callable[[ChargerView], bool | None]


LIMITING = BinarySensorEntityDescription(key="limiting")
CIRCUIT_LIMITING = BinarySensorEntityDescription(
    key="limiting", translation_key="circuit_limiting"
)

CHARGER_SENSORS = (
    ChargerBinarySensorDescription(
        key="plugged_in",
        device_class=BinarySensorDeviceClass.PLUG,
        is_on_fn=lambda x: x.status.is_plugged if x.answers else None,
    ),
    ChargerBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        is_on_fn=lambda x: x.status is ChargerStatus.CHARGING if x.answers else None,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a site and its chargers."""
    async_add_entities([LimitingSensor(entry.runtime_data, LIMITING)])

    def of_charger(subentry: ConfigSubentry) -> list[ChargerBinarySensor]:
        return [
            ChargerBinarySensor(entry.runtime_data, subentry, description)
            for description in CHARGER_SENSORS
        ]

    def of_circuit(subentry: ConfigSubentry) -> list[CircuitLimitingSensor]:
        return [CircuitLimitingSensor(entry.runtime_data, subentry, CIRCUIT_LIMITING)]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, of_charger)
    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CIRCUIT, of_circuit)


class LimitingSensor(SiteEntity, BinarySensorEntity):
    """Whether a limit of the site holds some charger back."""

    @property
    @override
    def is_on(self) -> bool:
        """Return whether charging is held back."""
        return self.coordinator.data.view.limiting


class CircuitLimitingSensor(CircuitEntity, BinarySensorEntity):
    """Whether a circuit holds some charger back."""

    @property
    @override
    def is_on(self) -> bool:
        """Return whether charging is held back."""
        return self.view.limiting


class ChargerBinarySensor(ChargerEntity, BinarySensorEntity):
    """A binary sensor of a charger."""

    entity_description: ChargerBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the state; None while the charger does not say."""
        return self.entity_description.is_on_fn(self.view)
