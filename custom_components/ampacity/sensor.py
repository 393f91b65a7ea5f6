"""Sensors of the grid connection, the solar plant and the chargers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .const import CONF_PHASES, SUBENTRY_CHARGER, SUBENTRY_CIRCUIT, SUBENTRY_VEHICLE
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator
from .entity import (
    ChargerEntity,
    CircuitEntity,
    SiteEntity,
    SolarEntity,
    async_add_of_subentries,
    has_solar,
    site_device,
    solar_identifier,
)
from .sensors import ChargerSensorDescription, SiteSensorDescription
from .sensors.charger import REASON, charger_sensors
from .sensors.circuit import CircuitSensorDescription, circuit_sensors
from .sensors.grid import grid_sensors
from .sensors.peak import PeakSensor
from .sensors.plan import PLAN_SENSORS, PlanSensor
from .sensors.solar import SOLAR_FORECAST_TODAY, SOLAR_POWER, SURPLUS_POWER
from .sensors.solar_share import SolarShareSensor
from .sensors.vehicle import VehicleSensor, vehicle_sensors
from .sentence import async_load_sentences, cached_sentences

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a site and its chargers."""
    coordinator = entry.runtime_data
    await async_load_sentences(hass)
    site = _site_sensors(coordinator)
    _forget_what_is_gone(hass, coordinator, site)
    async_add_entities(site)

    def of_charger(subentry: ConfigSubentry) -> list[ChargerEntity]:
        return [
            *(
                ChargerSensor(coordinator, subentry, description)
                for description in charger_sensors(hass.config.currency)
            ),
            ReasonSensor(coordinator, subentry),
            *(
                PlanSensor(coordinator, subentry, description)
                for description in PLAN_SENSORS
            ),
        ]

    def of_circuit(subentry: ConfigSubentry) -> list[CircuitSensor]:
        circuit = coordinator.circuits[subentry.subentry_id]
        return [
            CircuitSensor(coordinator, subentry, description)
            for description in circuit_sensors(circuit, entry.data[CONF_PHASES])
        ]

    def of_vehicle(subentry: ConfigSubentry) -> list[VehicleSensor]:
        vehicle = coordinator.vehicles[subentry.subentry_id].vehicle
        return [
            VehicleSensor(coordinator, subentry, description)
            for description in vehicle_sensors(vehicle)
        ]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, of_charger)
    async_add_of_subentries(entry, async_add_entities, SUBENTRY_VEHICLE, of_vehicle)
    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CIRCUIT, of_circuit)


def _site_sensors(coordinator: AmpacityCoordinator) -> list[SiteEntity]:
    """Return the sensors that this site has."""
    entry = coordinator.config_entry
    sensors: list[SiteEntity] = [
        *(
            SiteSensor(coordinator, description)
            for description in grid_sensors(
                entry.data[CONF_PHASES], coordinator.hass.config.currency
            )
        ),
        SolarSensor(coordinator, SURPLUS_POWER),
        SolarSensor(coordinator, SOLAR_FORECAST_TODAY),
        SolarShareSensor(coordinator),
    ]
    if coordinator.site.peak is not None:
        sensors.append(PeakSensor(coordinator))
    if has_solar(entry):
        sensors.append(SolarSensor(coordinator, SOLAR_POWER))
    return sensors


def _forget_what_is_gone(
    hass: HomeAssistant, coordinator: AmpacityCoordinator, sensors: list[SiteEntity]
) -> None:
    """Remove sensors that the site had before it was reconfigured, and a solar device left empty."""
    entry = coordinator.config_entry
    entities, devices = er.async_get(hass), dr.async_get(hass)
    present = {sensor.unique_id for sensor in sensors}
    site = site_device(coordinator)
    solar = devices.async_get_device_by_identifier(
        solar_identifier(entry), entry.entry_id
    )
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        if entity.domain != Platform.SENSOR or entity.config_subentry_id:
            continue
        if entity.unique_id not in present:
            entities.async_remove(entity.entity_id)
        elif solar and entity.device_id == solar.id and not has_solar(entry):
            entities.async_update_entity(entity.entity_id, device_id=site.id)
    if solar and not has_solar(entry):
        devices.async_remove_device(solar.id)


class SiteSensor(SiteEntity, SensorEntity):
    """A sensor of the grid connection."""

    entity_description: SiteSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the state of the sensor."""
        return self.entity_description.value_fn(self.coordinator)


class SolarSensor(SolarEntity, SensorEntity):
    """A sensor of the solar plant."""

    entity_description: SiteSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the state of the sensor."""
        return self.entity_description.value_fn(self.coordinator)


class CircuitSensor(CircuitEntity, SensorEntity):
    """A sensor of a circuit."""

    entity_description: CircuitSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the state of the sensor."""
        return self.entity_description.value_fn(self.view)


class ChargerSensor(ChargerEntity, SensorEntity):
    """A sensor of a charger."""

    entity_description: ChargerSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the state of the sensor."""
        return self.entity_description.value_fn(self.view)

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Return when the session began that the value counts from."""
        return self.entity_description.last_reset_fn(self.view)


class ReasonSensor(ChargerSensor):
    """Why the charger does what it does, as a key to compare and a sentence to read."""

    _unrecorded_attributes = frozenset({"sentence", "until"})

    def __init__(
        self, coordinator: AmpacityCoordinator, subentry: ConfigSubentry
    ) -> None:
        """Initialize the sensor."""
        super().__init__(coordinator, subentry, REASON)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the sentence, and until when it holds where that is known."""
        if not (decision := self.view.decision):
            return None
        reason = decision.reason
        sentences = cached_sentences(self.hass)
        return {
            "sentence": sentences.render(
                reason,
                dt_util.now(),
                self.coordinator.circuit_name(reason.circuit_id),
            ),
            "until": reason.until.isoformat() if reason.until else None,
        }
