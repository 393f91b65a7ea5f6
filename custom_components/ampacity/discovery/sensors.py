"""The sensors that Home Assistant knows, with what tells them apart whatever they are called.

An entity id and a name are the user's; platform, unique id, translation key and the name that the
integration gave are not. Only those are looked at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
import re

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..sources.reading import Quantity, unit_factor

_QUANTITIES: Mapping[str, Quantity] = {
    SensorDeviceClass.POWER: Quantity.POWER,
    SensorDeviceClass.CURRENT: Quantity.CURRENT,
    SensorDeviceClass.VOLTAGE: Quantity.VOLTAGE,
    SensorDeviceClass.BATTERY: Quantity.PERCENT,
}
_UNITS: Mapping[str, Quantity] = {"%": Quantity.PERCENT}
"""What a unit alone tells, where an integration gives its sensor no device class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSensor:
    """A sensor of the entity registry that measures something which Ampacity reads."""

    entity_id: str
    platform: str
    marks: tuple[str, ...]
    """What its integration calls it, in lower case: unique id, translation key, own name."""
    quantity: Quantity
    device_id: str | None
    entry_id: str | None
    enabled: bool


def all_sensors(hass: HomeAssistant) -> tuple[FoundSensor, ...]:
    """Return all sensors that measure power, current, voltage or a charge level."""
    found = (_sensor(entry) for entry in er.async_get(hass).entities.values())
    return tuple(sensor for sensor in found if sensor is not None)


def _sensor(entry: er.RegistryEntry) -> FoundSensor | None:
    if entry.domain != Platform.SENSOR or (quantity := _quantity(entry)) is None:
        return None
    marks = (entry.unique_id, entry.translation_key, entry.original_name)
    return FoundSensor(
        entity_id=entry.entity_id,
        platform=entry.platform,
        marks=tuple(str(mark).lower() for mark in marks if mark),
        quantity=quantity,
        device_id=entry.device_id,
        entry_id=entry.config_entry_id,
        enabled=entry.disabled_by is None,
    )


def _quantity(entry: er.RegistryEntry) -> Quantity | None:
    """Return what a sensor measures, None where its unit and its device class disagree."""
    unit = entry.unit_of_measurement
    quantity = _QUANTITIES.get(entry.device_class or entry.original_device_class or "")
    quantity = quantity or _UNITS.get(unit or "")
    if quantity is None or (unit and unit_factor(unit, quantity) is None):
        return None
    return quantity


def matching(
    sensors: Iterable[FoundSensor], pattern: str, quantity: Quantity
) -> list[FoundSensor]:
    """Return the sensors of a quantity one of whose marks is the pattern, enabled ones first.

    The pattern is a regular expression for a whole mark. Where several fit, the one with the
    shortest mark comes first: longer ones name something more special.
    """
    compiled = re.compile(pattern)
    fitting: list[tuple[bool, int, str, FoundSensor]] = []
    for sensor in sensors:
        if sensor.quantity is not quantity:
            continue
        lengths = [len(mark) for mark in sensor.marks if compiled.fullmatch(mark)]
        if lengths:
            key = (not sensor.enabled, min(lengths), sensor.entity_id)
            fitting.append((*key, sensor))
    return [sensor for *_, sensor in sorted(fitting, key=lambda one: one[:3])]


def by_group(
    sensors: Iterable[FoundSensor], *, of_entry: bool
) -> Iterator[tuple[str, list[FoundSensor]]]:
    """Yield id and sensors of each device, or of each config entry, that has any."""
    groups: dict[str, list[FoundSensor]] = {}
    for sensor in sensors:
        group = sensor.entry_id if of_entry else (sensor.device_id or sensor.entry_id)
        if group is not None:
            groups.setdefault(group, []).append(sensor)
    yield from groups.items()


def device_name(hass: HomeAssistant, device_id: str | None) -> str | None:
    """Return what the user or else the integration calls a device."""
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    return (device.name_by_user or device.name) if device else None


def device_model(hass: HomeAssistant, device_id: str | None) -> str:
    """Return model and model id of a device, in lower case; empty where it has none."""
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    if not isinstance(device, dr.DeviceEntry):
        return ""
    parts = (device.model, device.model_id)
    return " ".join(part for part in parts if part).lower()
