"""What all entities share: their device, their name, where their value comes from."""

import asyncio
from collections.abc import Callable, Iterable
from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import (
    AddConfigEntryEntitiesCallback,
    async_get_current_platform,
)
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .charger_view import ChargerView
from .const import CONF_SOLAR_POWER, DOMAIN
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator
from .engine.decision import CircuitView
from .engine.vehicle import Vehicle, VehicleMemory
from .sources.battery import BatterySource

MANUFACTURER = "Ampacity"


def site_device(coordinator: AmpacityCoordinator) -> dr.DeviceEntry:
    """Return the device of the grid connection, which the chargers hang on."""
    entry = coordinator.config_entry
    return dr.async_get(coordinator.hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer=MANUFACTURER,
        name=entry.title,
    )


def charger_device(
    coordinator: AmpacityCoordinator, subentry: ConfigSubentry
) -> DeviceInfo:
    """Return the device of a charger."""
    return DeviceInfo(
        identifiers={(DOMAIN, subentry.subentry_id)},
        manufacturer=MANUFACTURER,
        name=subentry.title,
        via_device_id=site_device(coordinator).id,
    )


def has_solar(entry: AmpacityConfigEntry) -> bool:
    """Return whether the site has solar sensors, and so a solar device."""
    return bool(entry.data.get(CONF_SOLAR_POWER))


def solar_identifier(entry: AmpacityConfigEntry) -> tuple[str, str]:
    """Return what the solar device is known by."""
    return (DOMAIN, f"{entry.entry_id}_solar")


def has_battery(entry: AmpacityConfigEntry) -> bool:
    """Return whether the site has a home battery, and so a device for it."""
    return BatterySource.from_config(entry.data).is_configured


def forget_battery(coordinator: AmpacityCoordinator) -> None:
    """Remove the home battery's device and its entities, if there are any."""
    entry, devices = coordinator.config_entry, dr.async_get(coordinator.hass)
    device = devices.async_get_device_by_identifier(
        battery_identifier(entry), entry.entry_id
    )
    if device is not None:
        devices.async_remove_device(device.id)


def battery_identifier(entry: AmpacityConfigEntry) -> tuple[str, str]:
    """Return what the home battery's device is known by."""
    return (DOMAIN, f"{entry.entry_id}_battery")


@callback
def async_add_of_subentries(
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    subentry_type: str,
    make: Callable[[ConfigSubentry], Iterable[Entity]],
) -> None:
    """Add the entities of each subentry of a type, also of those that come or change later.

    Called while a platform is set up. Entities that a changed subentry no longer has are
    forgotten; those of removed ones are removed by Home Assistant.
    """
    coordinator = entry.runtime_data
    platform = async_get_current_platform()
    lock = asyncio.Lock()

    @callback
    def add(subentry: ConfigSubentry) -> None:
        owner_id = subentry.subentry_id
        entities = list(make(subentry))
        _forget_others(coordinator, platform.domain, owner_id, entities)
        async_add_entities(entities, config_subentry_id=owner_id)

    async def renew(owner_id: str) -> None:
        async with lock:
            for entity in list(platform.entities.values()):
                known = entity.registry_entry
                if known is not None and known.config_subentry_id == owner_id:
                    await entity.async_remove()
            if (subentry := entry.subentries.get(owner_id)) is not None:
                add(subentry)

    @callback
    def refit(renewed: set[str]) -> None:
        for subentry in entry.get_subentries_of_type(subentry_type):
            if subentry.subentry_id in renewed:
                entry.async_create_task(
                    coordinator.hass, renew(subentry.subentry_id), "ampacity renew"
                )

    for subentry in entry.get_subentries_of_type(subentry_type):
        add(subentry)
    entry.async_on_unload(coordinator.async_on_refit(refit))


def _forget_others(
    coordinator: AmpacityCoordinator,
    domain: str,
    owner_id: str,
    entities: Iterable[Entity],
) -> None:
    """Remove entities of a platform that a subentry had before it was changed."""
    registry = er.async_get(coordinator.hass)
    present = {entity.unique_id for entity in entities}
    entry_id = coordinator.config_entry.entry_id
    for known in er.async_entries_for_config_entry(registry, entry_id):
        if (
            known.config_subentry_id == owner_id
            and known.domain == domain
            and known.unique_id not in present
        ):
            registry.async_remove(known.entity_id)


class AmpacityEntity(CoordinatorEntity[AmpacityCoordinator]):
    """An entity of a site."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: AmpacityCoordinator,
        owner_id: str,
        description: EntityDescription,
    ) -> None:
        """Name the entity after its key; ``owner_id`` is the entry's or the subentry's id."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_translation_key = description.translation_key or description.key
        self._attr_unique_id = f"{owner_id}_{description.key}"

    @property
    @override
    def available(self) -> bool:
        """Return whether there is anything to show; a lost source shows as unknown instead."""
        return super().available and self.coordinator.data is not None


class SiteEntity(AmpacityEntity):
    """An entity of the grid connection."""

    def __init__(
        self, coordinator: AmpacityCoordinator, description: EntityDescription
    ) -> None:
        """Put the entity on the device of the grid connection."""
        super().__init__(coordinator, coordinator.config_entry.entry_id, description)
        self._attr_device_info = DeviceInfo(
            identifiers=site_device(coordinator).identifiers
        )


class SolarEntity(SiteEntity):
    """An entity of the solar plant; a site without solar sensors shows it itself."""

    def __init__(
        self, coordinator: AmpacityCoordinator, description: EntityDescription
    ) -> None:
        """Put the entity on the solar device, where there is one."""
        super().__init__(coordinator, description)
        entry = coordinator.config_entry
        if not has_solar(entry):
            return
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={solar_identifier(entry)},
            manufacturer=MANUFACTURER,
            translation_key="solar",
            translation_placeholders={"site": entry.title},
            via_device_id=site_device(coordinator).id,
        )


class BatteryEntity(AmpacityEntity):
    """An entity of the home battery."""

    def __init__(
        self, coordinator: AmpacityCoordinator, description: EntityDescription
    ) -> None:
        """Put the entity on the device of the home battery."""
        entry = coordinator.config_entry
        super().__init__(coordinator, entry.entry_id, description)
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={battery_identifier(entry)},
            manufacturer=MANUFACTURER,
            translation_key="battery",
            translation_placeholders={"site": entry.title},
            via_device_id=site_device(coordinator).id,
        )


class ChargerEntity(AmpacityEntity):
    """An entity of one charger."""

    def __init__(
        self,
        coordinator: AmpacityCoordinator,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        """Put the entity on the charger's device."""
        super().__init__(coordinator, subentry.subentry_id, description)
        self.view = ChargerView(coordinator, subentry.subentry_id)
        self._attr_device_info = charger_device(coordinator, subentry)

    @property
    @override
    def available(self) -> bool:
        """Return whether there is anything to show; a charger that is removed has nothing."""
        return super().available and self.view.id in self.coordinator.configs


class VehicleEntity(AmpacityEntity):
    """An entity of one vehicle."""

    def __init__(
        self,
        coordinator: AmpacityCoordinator,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        """Put the entity on the vehicle's device."""
        super().__init__(coordinator, subentry.subentry_id, description)
        self._vehicle_id = subentry.subentry_id
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, subentry.subentry_id)},
            manufacturer=MANUFACTURER,
            name=subentry.title,
            via_device_id=site_device(coordinator).id,
        )

    @property
    @override
    def available(self) -> bool:
        """Return whether there is anything to show; a vehicle that is removed has nothing."""
        return super().available and self._vehicle_id in self.coordinator.vehicles

    @property
    def vehicle(self) -> Vehicle:
        """The vehicle as it is configured."""
        return self.coordinator.vehicles[self._vehicle_id].vehicle

    @property
    def memory(self) -> VehicleMemory:
        """What the engine remembers of it."""
        return self.coordinator.state.vehicles.get(self._vehicle_id) or VehicleMemory()


class CircuitEntity(AmpacityEntity):
    """An entity of one circuit."""

    def __init__(
        self,
        coordinator: AmpacityCoordinator,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        """Put the entity on the circuit's device."""
        super().__init__(coordinator, subentry.subentry_id, description)
        self._circuit_id = subentry.subentry_id
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, subentry.subentry_id)},
            manufacturer=MANUFACTURER,
            name=subentry.title,
            via_device_id=site_device(coordinator).id,
        )

    @property
    def view(self) -> CircuitView:
        """What the engine made of the circuit."""
        return self.coordinator.data.view.circuits.get(self._circuit_id, CircuitView())
