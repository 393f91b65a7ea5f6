"""What all entities share: their device, their name, where their value comes from."""

from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .charger_view import ChargerView
from .const import CONF_SOLAR_POWER, DOMAIN, SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator

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


def charger_subentries(entry: AmpacityConfigEntry) -> list[ConfigSubentry]:
    """Return the chargers of a site."""
    return [
        subentry
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_CHARGER
    ]


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
        self._attr_translation_key = description.key
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
