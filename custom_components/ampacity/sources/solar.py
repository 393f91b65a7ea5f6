"""The solar plant: any number of power sensors, added up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import CONF_SOLAR_POWER
from ..engine.model import Reading
from .reading import Quantity, combine, read


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarSource:
    """The power sensors of a solar plant, none or many; production is plus."""

    entity_ids: tuple[str, ...]

    @classmethod
    def from_config(cls, data: Mapping[str, Any]) -> SolarSource:
        """Return the source that a site's configuration describes."""
        return cls(entity_ids=tuple(dict.fromkeys(data.get(CONF_SOLAR_POWER) or ())))

    def read(self, hass: HomeAssistant, now: datetime) -> Reading | None:
        """Return the production in W; None without sensors, a fault when any of them has one."""
        if not self.entity_ids:
            return None
        powers = [
            read(hass, entity_id, Quantity.POWER, now) for entity_id in self.entity_ids
        ]
        return combine(powers, lambda *parts: sum(parts))
