"""A yard of wallboxes of plain states, on circuits with meters, behind one grid meter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.ampacity.const import DOMAIN, SUBENTRY_CHARGER, SUBENTRY_CIRCUIT
from custom_components.ampacity.coordinator import AmpacityCoordinator

ENTRY_ID = "01YARD"
AMPERE = {"unit_of_measurement": "A"}
WATT = {"unit_of_measurement": "W"}
PHASES = (1, 2, 3)


def meter(name: str) -> dict[str, str]:
    """Return the configuration of a meter of this name, its currents per phase."""
    return {f"grid_current_l{n}": f"sensor.{name}_l{n}" for n in PHASES}


def charger(name: str, **data: Any) -> dict[str, Any]:
    """Return the configuration of the wallbox of this name."""
    return {
        "phases": 3,
        "phase_map": "l1_l2_l3",
        "min_current": 6,
        "max_current": 16,
        "link": "local",
        "settle_time": 5,
        "limit_kind": "number",
        "limit_entity": f"input_number.{name}",
        "start_stop_kind": "switch",
        "switch": f"input_boolean.{name}",
        "status_kind": "sensor",
        "status_sensor": f"sensor.{name}_status",
        "status_map": {
            "Unplugged": "disconnected",
            "Paused": "paused",
            "Charging": "charging",
        },
        "power_sensor": f"sensor.{name}_power",
        **data,
    }


def make_yard_entry(
    chargers: Mapping[str, Mapping[str, Any]],
    circuits: Mapping[str, Mapping[str, Any]] | None = None,
    **data: Any,
) -> MockConfigEntry:
    """Return a site with these chargers and circuits; their names are their ids."""
    kinds = ((SUBENTRY_CIRCUIT, circuits or {}), (SUBENTRY_CHARGER, chargers))
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        title="Yard",
        data={
            "phases": 3,
            "main_fuse": 63,
            "voltage": 230,
            "grid_power": "sensor.grid_power",
            **meter("grid"),
            **data,
        },
        subentries_data=[
            ConfigSubentryDataWithId(
                data=dict(settings),
                subentry_id=name,
                subentry_type=kind,
                title=name.title(),
                unique_id=None,
            )
            for kind, parts in kinds
            for name, settings in parts.items()
        ],
    )


@dataclass
class Yard:
    """The yard; its sensors report whenever :meth:`measure` is called."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    names: tuple[str, ...] = ("left", "right")
    unplugged: set[str] = field(default_factory=set)
    base_a: float = 2.0
    """What the house takes on each phase."""
    metered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Which wallboxes hang on a circuit with a meter, by the meter's name."""
    other_a: dict[str, float] = field(default_factory=dict)
    """What else such a circuit carries on each phase."""
    silent: set[str] = field(default_factory=set)
    """Meters that do not report."""
    calls: list[ServiceCall] = field(default_factory=list)
    """All commands."""

    def __post_init__(self) -> None:
        """Put the wallboxes in place."""
        register = self.hass.services.async_register
        register("input_number", "set_value", self._set_value)
        register("input_boolean", "turn_on", self._turn)
        register("input_boolean", "turn_off", self._turn)
        for name in self.names:
            self._set_limit(name, 16.0)
            self.hass.states.async_set(f"input_boolean.{name}", "off")
        self.measure()

    @property
    def coordinator(self) -> AmpacityCoordinator:
        """The running coordinator."""
        coordinator = self.entry.runtime_data
        assert isinstance(coordinator, AmpacityCoordinator)
        return coordinator

    @property
    def entry(self) -> Any:
        """The site's entry."""
        entry = self.hass.config_entries.async_get_entry(ENTRY_ID)
        assert entry is not None
        return entry

    def offered_a(self, name: str) -> float:
        """Return what a wallbox offers, 0 while it is switched off."""
        if not self.hass.states.is_state(f"input_boolean.{name}", "on"):
            return 0.0
        state = self.hass.states.get(f"input_number.{name}")
        return float(state.state) if state else 0.0

    def taken_a(self, name: str) -> float:
        """Return what a car takes on each phase."""
        return 0.0 if name in self.unplugged else self.offered_a(name)

    def reason(self, name: str) -> str:
        """Return why a charger does what it does."""
        decision = self.coordinator.data.decision(name)
        assert decision is not None
        return decision.reason.key.value

    def calls_to(self, name: str) -> list[str]:
        """Return the commands that a wallbox got."""
        return [
            call.service
            for call in self.calls
            if call.data["entity_id"].partition(".")[2] == name
        ]

    def measure(self) -> None:
        """Let all sensors report what flows at this moment, the wallboxes' first."""
        states = self.hass.states
        taken_a = {name: self.taken_a(name) for name in self.names}
        for name in self.names:
            status = "Charging" if taken_a[name] > 0.0 else "Paused"
            if name in self.unplugged:
                status = "Unplugged"
            states.async_set(f"sensor.{name}_status", status)
            power_w = taken_a[name] * 690.0
            states.async_set(f"sensor.{name}_power", str(power_w), WATT)
        for name, fed in self.metered.items():
            load_a = self.other_a.get(name, 0.0) + sum(taken_a[one] for one in fed)
            self.show(name, load_a)
        total_a = self.base_a + sum(self.other_a.values()) + sum(taken_a.values())
        self.show("grid", total_a)
        states.async_set("sensor.grid_power", f"{total_a * 690.0:.0f}", WATT)

    def show(self, name: str, current_a: float) -> None:
        """Let a meter report this current on each phase."""
        if name in self.silent:
            return
        for phase in PHASES:
            entity_id = f"sensor.{name}_l{phase}"
            self.hass.states.async_set(entity_id, f"{current_a:.2f}", AMPERE)

    async def pass_time(self, seconds: float, step_s: float = 5.0) -> None:
        """Let time pass, the sensors reporting at each step."""
        left_s = seconds
        while left_s > 0.0:
            step = min(step_s, left_s)
            left_s -= step
            self.freezer.tick(timedelta(seconds=step))
            self.measure()
            async_fire_time_changed(self.hass)
            await self.hass.async_block_till_done()

    async def set_up(self, entry: MockConfigEntry) -> None:
        """Set the site up, and have what runs taken over."""
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        await self.pass_time(15)

    async def charge(self, *names: str, seconds: float = 240.0) -> None:
        """Choose the mode Fast for these chargers and wait until they have found their level."""
        for name in names:
            await self.choose(name, "fast")
        await self.pass_time(seconds)
        self.calls.clear()

    async def choose(self, name: str, mode: str) -> None:
        """Choose a charger's mode."""
        entity_id = self.entity_id("select", f"{name}_mode")
        data = {"entity_id": entity_id, "option": mode}
        await self.hass.services.async_call(
            "select", "select_option", data, blocking=True
        )

    async def act(self, action: str, name: str, **data: Any) -> Any:
        """Call one of our actions on the device of a charger, a circuit or the site."""
        return await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": self.device_id(name), **data},
            blocking=True,
            return_response=action in {"get_sessions", "explain"},
        )

    def entity_id(self, platform: str, unique_id: str) -> str:
        """Return the entity of this id."""
        registry = er.async_get(self.hass)
        entity_id = registry.async_get_entity_id(platform, DOMAIN, unique_id)
        assert entity_id is not None
        return entity_id

    def state(self, platform: str, unique_id: str) -> str:
        """Return the state of the entity of this id."""
        state = self.hass.states.get(self.entity_id(platform, unique_id))
        assert state is not None
        return state.state

    def device(self, name: str) -> dr.DeviceEntry | None:
        """Return the device of a charger, a circuit or the site."""
        registry = dr.async_get(self.hass)
        return registry.async_get_device_by_identifier((DOMAIN, name), ENTRY_ID)

    def device_id(self, name: str) -> str:
        """Return the id of that device."""
        device = self.device(name)
        assert device is not None
        return device.id

    async def add(self, kind: str, name: str, data: Mapping[str, Any]) -> None:
        """Add a charger or a circuit as its dialog would."""
        subentry = ConfigSubentry(
            data=MappingProxyType(dict(data)),
            subentry_id=name,
            subentry_type=kind,
            title=name.title(),
            unique_id=None,
        )
        self.hass.config_entries.async_add_subentry(self.entry, subentry)
        await self.hass.async_block_till_done()

    async def change(self, name: str, title: str | None = None, **data: Any) -> None:
        """Change a charger or a circuit as its dialog would."""
        subentry = self.entry.subentries[name]
        self.hass.config_entries.async_update_subentry(
            self.entry,
            subentry,
            title=title or subentry.title,
            data={**subentry.data, **data},
        )
        await self.hass.async_block_till_done()

    async def remove(self, name: str) -> None:
        """Remove a charger or a circuit as its menu would."""
        assert self.hass.config_entries.async_remove_subentry(self.entry, name)
        await self.hass.async_block_till_done()

    def _set_limit(self, name: str, current_a: float) -> None:
        attributes = {**AMPERE, "min": 0, "max": 16, "step": 1}
        self.hass.states.async_set(f"input_number.{name}", str(current_a), attributes)

    @callback
    def _set_value(self, call: ServiceCall) -> None:
        self.calls.append(call)
        self._set_limit(
            call.data["entity_id"].partition(".")[2], float(call.data["value"])
        )

    @callback
    def _turn(self, call: ServiceCall) -> None:
        self.calls.append(call)
        state = call.service.removeprefix("turn_")
        self.hass.states.async_set(call.data["entity_id"], state)
