"""Devices as their integrations register them, under entity ids that say nothing."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

CLASSES: Mapping[str, str | None] = {
    "W": "power",
    "kW": "power",
    "A": "current",
    "V": "voltage",
    "%": "battery",
    "kWh": "energy",
}


def add_device(
    hass: HomeAssistant,
    platform: str,
    sensors: Mapping[str, str],
    *,
    name: str = "A device",
    model: str | None = None,
    entry: ConfigEntry | None = None,
    disabled: tuple[str, ...] = (),
    domain: str = "sensor",
) -> dict[str, str]:
    """Register a device with sensors, given by unique id and unit; return the entity ids by unique id."""
    if entry is None:
        mock = MockConfigEntry(domain=platform)
        mock.add_to_hass(hass)
        entry = mock
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(platform, f"{entry.entry_id} {name}")},
        name=name,
        model=model,
    )
    registry = er.async_get(hass)
    made: dict[str, str] = {}
    for unique_id, unit in sensors.items():
        entity = registry.async_get_or_create(
            domain,
            platform,
            unique_id,
            config_entry=entry,
            device_id=device.id,
            object_id_base=f"x{len(registry.entities)}",
            original_device_class=CLASSES.get(unit),
            unit_of_measurement=unit or None,
            disabled_by=er.RegistryEntryDisabler.INTEGRATION
            if unique_id in disabled
            else None,
        )
        made[unique_id] = entity.entity_id
    return made


def show(hass: HomeAssistant, entity_id: str, value: float, unit: str) -> None:
    """Let an entity say something."""
    hass.states.async_set(entity_id, str(value), {"unit_of_measurement": unit})
