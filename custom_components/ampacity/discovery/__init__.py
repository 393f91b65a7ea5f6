"""What a house already has in Home Assistant, as a proposal for the set-up.

Looked at once, when a site or a vehicle is added. Nothing here is taken without the user seeing
what is read from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant

from ..circuits import circuit_subentries
from ..const import DOMAIN
from .energy import EnergyHouse, async_energy_house
from .meters import FoundMeter, find_meters
from .plants import FoundPlant, find_battery, find_solar
from .sensors import all_sensors
from .vehicles import FoundCar, async_find_cars

__all__ = ["FoundCar", "FoundHouse", "async_find_cars", "async_find_house"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHouse:
    """All that was found of a house; an empty one where nothing was."""

    meters: tuple[FoundMeter, ...] = ()
    """The likeliest first; those that another site or circuit has are left out."""
    solar: FoundPlant = field(default_factory=FoundPlant)
    battery: FoundPlant = field(default_factory=FoundPlant)
    energy: EnergyHouse = field(default_factory=EnergyHouse)

    def meter(self, meter_id: str | None) -> FoundMeter | None:
        """Return a meter by its id, without an id the likeliest one."""
        chosen = [one for one in self.meters if meter_id in (None, one.id)]
        return next(iter(chosen), None)

    def prices(self, meter: FoundMeter | None) -> Mapping[str, Any]:
        """Return what the options would hold of prices for the connection behind a meter."""
        known = self.energy.prices
        if meter is not None and meter.id in known:
            return known[meter.id]
        return next(iter(known.values())) if len(known) == 1 else {}


async def async_find_house(hass: HomeAssistant) -> FoundHouse:
    """Return what the Energy dashboard and the registries tell of a house.

    The Energy dashboard comes first: its owner has set it up for this house. Without a power in it
    the known meters are looked for.
    """
    sensors = [one for one in all_sensors(hass) if one.platform != DOMAIN]
    energy = await async_energy_house(hass, sensors)
    taken = _taken(hass)
    meters = _each_once((*energy.meters, *find_meters(hass, sensors)))
    return FoundHouse(
        meters=tuple(meter for meter in meters if not taken & set(meter.entity_ids)),
        solar=_first(energy.solar, find_solar(hass, sensors)),
        battery=_first(energy.battery, find_battery(hass, sensors)),
        energy=energy,
    )


def _first(*plants: FoundPlant) -> FoundPlant:
    return next((plant for plant in plants if plant.data), plants[-1])


def _each_once(meters: tuple[FoundMeter, ...]) -> list[FoundMeter]:
    """Return the meters without those whose sensors an earlier one has."""
    kept: list[FoundMeter] = []
    seen: set[str] = set()
    for meter in meters:
        if not seen & set(meter.entity_ids):
            kept.append(meter)
            seen.update(meter.entity_ids)
    return kept


def _taken(hass: HomeAssistant) -> set[str]:
    """Return the entities that belong to meters of other sites and circuits."""
    taken: set[str] = set()
    for entry in hass.config_entries.async_entries(DOMAIN):
        parts = [entry.data, *(one.data for one in circuit_subentries(entry))]
        for data in parts:
            taken |= {
                value
                for key, value in data.items()
                if key.startswith("grid_") and isinstance(value, str)
            }
    return taken
