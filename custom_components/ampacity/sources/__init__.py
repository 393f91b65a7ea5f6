"""From Home Assistant to the engine: what a site's entities show, with units, signs and ages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .battery import BatterySource
from .grid import GridSource
from .off_peak import OffPeakSource
from .operator import OperatorSource
from .solar import SolarSource
from .vehicle import VehicleSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSources:
    """All that a site reads, its chargers aside."""

    grid: GridSource
    solar: SolarSource
    off_peak: OffPeakSource
    battery: BatterySource
    operator: OperatorSource = field(default_factory=OperatorSource)
    circuits: Mapping[str, GridSource] = field(default_factory=dict)
    """The meters of circuits that have one, by circuit."""
    vehicles: Mapping[str, VehicleSource] = field(default_factory=dict)
    """What cars say of themselves, by vehicle."""

    @classmethod
    def from_config(
        cls,
        data: Mapping[str, Any],
        circuits: Mapping[str, GridSource] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> SiteSources:
        """Return the sources that a site's configuration describes, with its circuits' meters."""
        return cls(
            circuits=circuits or {},
            grid=GridSource.from_config(data),
            solar=SolarSource.from_config(data),
            off_peak=OffPeakSource.from_config(data),
            battery=BatterySource.from_config(data),
            operator=OperatorSource.from_config(options or {}),
        )

    @property
    def meter_entity_ids(self) -> tuple[str, ...]:
        """The entities of all meters, each of whose reports the guard looks at."""
        meters = (self.grid, *self.circuits.values())
        return tuple(dict.fromkeys(key for meter in meters for key in meter.entity_ids))

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities of the site itself that are read, each once."""
        entity_ids = (
            *self.grid.entity_ids,
            *self.solar.entity_ids,
            *self.battery.entity_ids,
            *self.off_peak.entity_ids,
            *self.operator.entity_ids,
        )
        return tuple(dict.fromkeys(entity_ids))
