"""What all entities share: their device, their name, where their value comes from."""

from dataclasses import dataclass
from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONF_SOLAR_POWER, DOMAIN, SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator
from .engine.decision import Decision
from .engine.model import Charger, ChargerReading, ChargerStatus
from .engine.session import Session
from .engine.state import ChargerState
from .settings import ChargerSettings

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


@dataclass(frozen=True, slots=True)
class ChargerView:
    """What is known of one charger right now, for its entities to show."""

    coordinator: AmpacityCoordinator
    id: str

    @property
    def config(self) -> Charger:
        """The charger as the engine knows it."""
        return next(
            charger
            for charger in self.coordinator.site.chargers
            if charger.id == self.id
        )

    @property
    def settings(self) -> ChargerSettings:
        """What the user chose."""
        return self.coordinator.settings.chargers[self.id]

    @property
    def reading(self) -> ChargerReading | None:
        """What the charger says; None before it was first asked."""
        return self.coordinator.snapshot.chargers.get(self.id)

    @property
    def status(self) -> ChargerStatus:
        """What the charger says of itself."""
        return self.reading.status if self.reading else ChargerStatus.OFFLINE

    @property
    def answers(self) -> bool:
        """Whether the charger knows what is going on at its plug."""
        return self.status not in {ChargerStatus.OFFLINE, ChargerStatus.ERROR}

    @property
    def decision(self) -> Decision | None:
        """What was decided for it."""
        return self.coordinator.data.decision(self.id)

    @property
    def state(self) -> ChargerState:
        """What the engine remembers of it."""
        return self.coordinator.charger_state(self.id)

    @property
    def session(self) -> Session | None:
        """The running session, else the last one; None before the first."""
        if running := self.state.session:
            return running
        finished = self.coordinator.sessions(self.id)
        return finished[-1] if finished else None


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
