"""The makes that are emulated, each with how its integration is set up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .devices.device import Device
from .devices.nrgkick import NrgKick
from .devices.openevse import OpenEvse
from .devices.v2c import Trydan


@dataclass(frozen=True, kw_only=True)
class Make:
    """A make of charger with an integration in Home Assistant."""

    domain: str
    """Of the integration, and the name of its profile."""
    device: Callable[[], Device]
    levers: dict[str, str]
    """Fields of the charger's configuration, and the end of the unique id of their entities."""
    phases: int
    max_current_a: float
    tells_s: int
    """How long what happens may take to be seen."""
    gone_s: int
    """How long it may take to be seen that it is gone."""
    back_s: int

    def entities(self, hass: HomeAssistant, data: dict[str, Any]) -> dict[str, str]:
        """Return the entities that a proposal names, by field; the fields are those of ``levers``.

        Each must be of this integration, and their unique ids differ in the ends only.
        """
        starts, found = set(), {}
        for key, end in self.levers.items():
            entry = er.async_get(hass).entities.get(data.get(key, ""))
            assert entry is not None, key
            assert entry.platform == self.domain
            assert entry.unique_id.endswith(end), entry.unique_id
            starts.add(entry.unique_id.removesuffix(end))
            found[key] = entry.entity_id
        assert len(starts) == 1, starts
        return found


MAKES = (
    Make(
        domain="openevse",
        device=OpenEvse,
        levers={
            "limit_entity": "-charge_rate",
            "start_stop_select": "-override_state",
            "status_sensor": "-status",
            "plug_sensor": "-vehicle",
            "offered_sensor": "-current_capacity",
            "power_sensor": "-current_power",
            "energy_sensor": "-usage_total",
        },
        phases=1,
        max_current_a=32.0,
        tells_s=10,
        # Its integration hears of a lost connection from its next poll, every five minutes.
        gone_s=310,
        back_s=400,
    ),
    Make(
        domain="nrgkick",
        device=NrgKick,
        levers={
            "limit_entity": "_current_set",
            "switch": "_charging_enabled",
            "status_sensor": "_status",
            "phases_entity": "_phase_count",
            "power_sensor": "_total_active_power",
            "energy_sensor": "_total_charged_energy",
        },
        phases=3,
        max_current_a=16.0,
        tells_s=40,
        gone_s=45,
        back_s=80,
    ),
    Make(
        domain="v2c",
        device=Trydan,
        levers={
            "limit_entity": "_intensity",
            "switch": "_paused",
            "plug_sensor": "_connected",
            "charging_sensor": "_charging",
            "phases_entity": "_charge_mode",
            "power_sensor": "_charge_power",
        },
        phases=3,
        max_current_a=32.0,
        tells_s=15,
        gone_s=15,
        back_s=40,
    ),
)
