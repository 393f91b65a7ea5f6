"""A car's own entities: how full it is, whether it is plugged in, whether it is at home."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.const import (
    STATE_HOME,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant

from ..const import CONF_LOCATION_ENTITY, CONF_PLUG_ENTITY, CONF_SOC_ENTITY
from ..engine.model import VehicleReading
from .reading import Quantity, read_optional


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleSource:
    """The entities of a car, each of which may be missing."""

    soc: str | None = None
    plug: str | None = None
    location: str | None = None

    @classmethod
    def from_config(cls, data: Mapping[str, Any]) -> VehicleSource:
        """Return the source that a vehicle's configuration describes."""
        return cls(
            soc=data.get(CONF_SOC_ENTITY) or None,
            plug=data.get(CONF_PLUG_ENTITY) or None,
            location=data.get(CONF_LOCATION_ENTITY) or None,
        )

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities that are read."""
        return tuple(key for key in (self.soc, self.plug, self.location) if key)

    def read(self, hass: HomeAssistant, now: datetime) -> VehicleReading:
        """Return what the car says at ``now`` (aware); what is silent or says else is None."""
        return VehicleReading(
            soc=read_optional(hass, self.soc, Quantity.PERCENT, now),
            plugged_in=_is_on(hass, self.plug),
            at_home=_is_home(hass, self.location),
        )


def _is_on(hass: HomeAssistant, entity_id: str | None) -> bool | None:
    state = hass.states.get(entity_id) if entity_id else None
    if state is None or state.state not in (STATE_ON, STATE_OFF):
        return None
    return state.state == STATE_ON


def _is_home(hass: HomeAssistant, entity_id: str | None) -> bool | None:
    """Return whether a tracker or a person is at home; anywhere else is not."""
    state = hass.states.get(entity_id) if entity_id else None
    if state is None or state.state in ("", STATE_UNAVAILABLE, STATE_UNKNOWN):
        return None
    return state.state == STATE_HOME
