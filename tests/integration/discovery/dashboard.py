"""An Energy dashboard, as its preferences are stored."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

GRID: dict[str, Any] = {
    "type": "grid",
    "stat_energy_from": None,
    "stat_energy_to": None,
    "stat_cost": None,
    "entity_energy_price": None,
    "number_energy_price": None,
    "stat_compensation": None,
    "entity_energy_price_export": None,
    "number_energy_price_export": None,
    "cost_adjustment_day": 0.0,
}


def set_energy(
    hass: HomeAssistant, storage: dict[str, Any], *sources: Mapping[str, Any]
) -> None:
    """Let Home Assistant have an Energy dashboard with these sources."""
    storage["energy"] = {
        "version": 1,
        "minor_version": 3,
        "key": "energy",
        "data": {
            "energy_sources": [dict(source) for source in sources],
            "device_consumption": [],
            "device_consumption_water": [],
        },
    }
    hass.config.components.add("energy")


def grid(**fields: Any) -> dict[str, Any]:
    """Return a grid connection of the dashboard."""
    return GRID | fields


def solar(**fields: Any) -> dict[str, Any]:
    """Return a solar plant of the dashboard."""
    usual = {"stat_energy_from": "sensor.solar_energy"}
    return {"type": "solar", "config_entry_solar_forecast": None} | usual | fields


def battery(**fields: Any) -> dict[str, Any]:
    """Return a battery of the dashboard."""
    energies = {"stat_energy_from": "sensor.out", "stat_energy_to": "sensor.into"}
    return {"type": "battery"} | energies | fields
