"""Vehicles as their owner described them; all but the name may be unknown."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .const import (
    CONF_CAPACITY,
    CONF_CAR_PHASES,
    CONF_CONSUMPTION,
    CONF_DEFAULT_CHARGER,
    CONF_MAX_CURRENT,
    CONF_MIN_SOC,
    CONF_TARGET_SOC,
    SUBENTRY_VEHICLE,
)
from .engine.vehicle import Vehicle
from .sources.vehicle import VehicleSource


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleConfig:
    """One car."""

    name: str
    vehicle: Vehicle
    """As the engine knows it; its usual charger need not be there."""
    source: VehicleSource

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> VehicleConfig:
        """Return the car that a subentry describes."""
        data = subentry.data
        default = Vehicle(id=subentry.subentry_id)
        return cls(
            name=subentry.title,
            vehicle=Vehicle(
                id=subentry.subentry_id,
                capacity_wh=_scaled(data, CONF_CAPACITY, 1000.0),
                max_a=_scaled(data, CONF_MAX_CURRENT, 1.0),
                phases=int(data.get(CONF_CAR_PHASES, default.phases)),
                target_soc=data.get(CONF_TARGET_SOC, default.target_soc),
                min_soc=data.get(CONF_MIN_SOC, default.min_soc),
                default_charger_id=data.get(CONF_DEFAULT_CHARGER),
                consumption_wh_per_km=_scaled(data, CONF_CONSUMPTION, 10.0),
            ),
            source=VehicleSource.from_config(data),
        )


def _scaled(data: Mapping[str, Any], key: str, factor: float) -> float | None:
    value = data.get(key)
    return None if value is None else float(value) * factor


def engine_vehicles(
    configs: Iterable[VehicleConfig], charger_ids: Collection[str]
) -> tuple[Vehicle, ...]:
    """Return the cars for the engine; one whose usual charger is gone has none."""
    return tuple(
        config.vehicle
        if config.vehicle.default_charger_id in (None, *charger_ids)
        else replace(config.vehicle, default_charger_id=None)
        for config in configs
    )


def vehicle_subentries(
    entry: ConfigEntry, but: str | None = None
) -> list[ConfigSubentry]:
    """Return the cars of a site, all ``but`` one."""
    return [
        subentry
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_VEHICLE and subentry.subentry_id != but
    ]


def labels(configs: Mapping[str, VehicleConfig]) -> dict[str, str]:
    """Return the cars' names by their ids, each name but once."""
    found: dict[str, str] = {}
    for key, config in configs.items():
        name, number = config.name, 2
        while name in found.values():
            name, number = f"{config.name} ({number})", number + 1
        found[key] = name
    return found
