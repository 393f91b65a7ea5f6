"""Finds solar plants and home batteries among the sensors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import (
    CONF_BATTERY_CHARGE,
    CONF_BATTERY_DISCHARGE,
    CONF_BATTERY_INVERTED,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_SOLAR_POWER,
)
from ..sources.reading import Quantity
from .plant_profiles import BATTERIES, SOLAR
from .profiles import BatteryProfile, SolarProfile
from .sensors import FoundSensor, by_group, device_name, matching


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlant:
    """The solar plant or the battery of a site, made of one or several devices."""

    names: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    """What the site's configuration would hold of it; empty where there is none."""


def find_solar(hass: HomeAssistant, sensors: Sequence[FoundSensor]) -> FoundPlant:
    """Return the solar plant: all known inverters together."""
    chosen = [
        sensor
        for profile in SOLAR
        for sensor in solar_of(profile, sensors)
        if sensor.enabled
    ]
    powers = tuple(dict.fromkeys(sensor.entity_id for sensor in chosen))
    if not powers:
        return FoundPlant()
    return FoundPlant(names=_names(hass, chosen), data={CONF_SOLAR_POWER: list(powers)})


def solar_of(
    profile: SolarProfile, sensors: Sequence[FoundSensor]
) -> list[FoundSensor]:
    """Return the power sensor of each device that a profile fits."""
    own = [sensor for sensor in sensors if sensor.platform == profile.platform]
    pattern = f"{profile.before}{profile.power}"
    return [
        found[0]
        for _, members in by_group(own, of_entry=False)
        if (found := matching(members, pattern, Quantity.POWER))
    ]


def find_battery(hass: HomeAssistant, sensors: Sequence[FoundSensor]) -> FoundPlant:
    """Return the home battery: those of the first integration that has any.

    Batteries of two integrations may count in different directions, which one configuration can't
    tell, so the others are left to the user.
    """
    for profile in BATTERIES:
        own = [sensor for sensor in sensors if sensor.platform == profile.platform]
        found = [
            part
            for _, members in by_group(own, of_entry=profile.of_entry)
            if (part := _battery(profile, members)) is not None
        ]
        if found:
            return _together(hass, profile, found)
    return FoundPlant()


type _Part = dict[str, FoundSensor]


def _battery(profile: BatteryProfile, members: Sequence[FoundSensor]) -> _Part | None:
    """Return the sensors of one battery by field, None where its power isn't among them."""
    keys = {
        CONF_BATTERY_POWER: (profile.power, Quantity.POWER),
        CONF_BATTERY_CHARGE: (profile.charge, Quantity.POWER),
        CONF_BATTERY_DISCHARGE: (profile.discharge, Quantity.POWER),
        CONF_BATTERY_SOC: (profile.soc, Quantity.PERCENT),
    }
    part: _Part = {}
    for name, (key, quantity) in keys.items():
        pattern = f"{profile.before}{key}"
        found = matching(members, pattern, quantity) if key else []
        if found and found[0].enabled:
            part[name] = found[0]
    pair = {CONF_BATTERY_CHARGE, CONF_BATTERY_DISCHARGE}
    return part if CONF_BATTERY_POWER in part or pair <= part.keys() else None


def _together(
    hass: HomeAssistant, profile: BatteryProfile, parts: Sequence[_Part]
) -> FoundPlant:
    data: dict[str, Any] = {}
    for part in parts:
        for name, sensor in part.items():
            data.setdefault(name, []).append(sensor.entity_id)
    if CONF_BATTERY_POWER in data:
        data[CONF_BATTERY_INVERTED] = profile.inverted
    sensors = [sensor for part in parts for sensor in part.values()]
    return FoundPlant(names=_names(hass, sensors), data=data)


def _names(hass: HomeAssistant, sensors: Sequence[FoundSensor]) -> tuple[str, ...]:
    names = (
        device_name(hass, sensor.device_id) or sensor.platform for sensor in sensors
    )
    return tuple(dict.fromkeys(names))
