"""What a site has as it is configured: chargers, circuits, vehicles, and all that is read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from ..chargers.config import ChargerConfig
from ..circuits import CircuitConfig, circuit_subentries
from ..const import CONF_VOLTAGE, SUBENTRY_CHARGER
from ..engine.model import NOMINAL_VOLTAGE_V
from ..sources import SiteSources
from ..vehicles import VehicleConfig, vehicle_subentries


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What belongs to a site at one moment; the entry may be ahead of it."""

    subentries: Mapping[str, ConfigSubentry]
    """Of the chargers, by charger id."""
    chargers: Mapping[str, ChargerConfig]
    circuits: Mapping[str, CircuitConfig]
    vehicles: Mapping[str, VehicleConfig]
    sources: SiteSources

    @classmethod
    def from_entry(cls, entry: ConfigEntry) -> Equipment:
        """Return what an entry and its subentries describe now."""
        chargers = {
            key: subentry
            for key, subentry in entry.subentries.items()
            if subentry.subentry_type == SUBENTRY_CHARGER
        }
        circuits = {
            subentry.subentry_id: CircuitConfig.from_subentry(subentry, entry.data)
            for subentry in circuit_subentries(entry)
        }
        vehicles = {
            subentry.subentry_id: VehicleConfig.from_subentry(subentry)
            for subentry in vehicle_subentries(entry)
        }
        voltage_v = float(entry.data.get(CONF_VOLTAGE, NOMINAL_VOLTAGE_V))
        meters = {key: one.meter for key, one in circuits.items() if one.meter}
        sources = SiteSources.from_config(entry.data, meters, entry.options)
        return cls(
            subentries=chargers,
            chargers={
                key: ChargerConfig.from_subentry(subentry, voltage_v)
                for key, subentry in chargers.items()
            },
            circuits=circuits,
            vehicles=vehicles,
            sources=replace(
                sources, vehicles={key: one.source for key, one in vehicles.items()}
            ),
        )

    @property
    def parts(
        self,
    ) -> tuple[Mapping[str, CircuitConfig], Mapping[str, VehicleConfig]]:
        """What the engine's site has beside its chargers."""
        return self.circuits, self.vehicles

    def is_like(self, other: Equipment) -> bool:
        """Return whether chargers, circuits and vehicles are the same, and configured alike."""
        return self.chargers == other.chargers and self.parts == other.parts

    def renewed_since(self, before: Equipment) -> set[str]:
        """Return the chargers, circuits and vehicles that are new, or changed in themselves.

        Where they hang and what share they get is a matter of the engine alone.
        """
        now, old = self._by_themselves(), before._by_themselves()
        return {key for key, config in now.items() if old.get(key) != config}

    def _by_themselves(self) -> dict[str, object]:
        return {
            **self.vehicles,
            **{
                key: replace(charger, circuit_id=None, weight=1.0)
                for key, charger in self.chargers.items()
            },
            **{
                key: replace(circuit, parent_id=None)
                for key, circuit in self.circuits.items()
            },
        }

    def uses(self, site: str) -> list[tuple[str, str]]:
        """Return the configured entities, each with the name of what uses it."""
        return [
            *((key, site) for key in self.sources.entity_ids),
            *(
                (key, circuit.name)
                for circuit in self.circuits.values()
                if circuit.meter is not None
                for key in circuit.meter.entity_ids
            ),
            *(
                (key, charger.name)
                for charger in self.chargers.values()
                for key in charger.entity_ids
            ),
            *(
                (key, vehicle.name)
                for vehicle in self.vehicles.values()
                for key in vehicle.source.entity_ids
            ),
        ]
