"""A house with an emulated charger, its meter, and time that passes for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import time
from typing import Any
from weakref import WeakSet

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.ampacity.const import DOMAIN, SUBENTRY_CHARGER
from custom_components.ampacity.coordinator import AmpacityCoordinator
from tests.integration.flows.steps import go_through, send, start_charger, suggested

from .devices.device import Device

BASE_W = 230.0
"""What the house takes on each phase, without the car."""
SITE: dict[str, Any] = {
    "phases": 3,
    "main_fuse": 50,
    "voltage": 230,
    "grid_power": "sensor.meter",
    "grid_current_l1": "sensor.meter_l1",
    "grid_current_l2": "sensor.meter_l2",
    "grid_current_l3": "sensor.meter_l3",
    "solar_power": ["sensor.solar"],
}
_STEP_S = 2
_ROUND_S = 0.002
_ROUNDS = 150


@dataclass
class Place:
    """The house; Home Assistant's clock and the device's go in step."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    device: Device
    solar_w: float = 0.0
    site: MockConfigEntry = field(
        default_factory=lambda: MockConfigEntry(domain=DOMAIN, title="Home", data=SITE)
    )
    _asleep: WeakSet[Any] = field(default_factory=WeakSet)
    """Work of Home Assistant's that waits for its clock."""

    async def add(self, domain: str, **answers: Any) -> ConfigEntry:
        """Add an integration by its own dialog, which has one form."""
        flows = self.hass.config_entries.flow
        form = await flows.async_init(domain, context={"source": "user"})
        assert form["type"] == "form"
        result = await flows.async_configure(form["flow_id"], answers)
        assert result["type"] == "create_entry", result
        await self.settle()
        entry: ConfigEntry = result["result"]
        assert entry.state is ConfigEntryState.LOADED
        return entry

    async def set_up_site(self) -> None:
        """Set up a site without a charger."""
        self.measure()
        self.site.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(self.site.entry_id)
        await self.settle()

    async def add_found(self) -> dict[str, Any]:
        """Add the first charger that is found, as it is proposed; return what is stored."""
        flows = self.hass.config_entries.subentries
        result = await start_charger(self.hass, self.site.entry_id)
        for step in ("device", "found"):
            assert result["step_id"] == step, result
            schema = result["data_schema"]
            result = await send(flows, result, schema(suggested(schema)))
        assert result["type"] == "create_entry", result
        await self.settle()
        return dict(result["data"])

    async def add_by_entities(self, answers: Mapping[str, dict[str, Any]]) -> None:
        """Add a charger that is not listed; ``answers`` by the step that asks for them."""
        flows = self.hass.config_entries.subentries
        form = await start_charger(self.hass, self.site.entry_id)
        result = await go_through(flows, form, answers)
        assert result["type"] == "create_entry", result
        await self.settle()

    @property
    def coordinator(self) -> AmpacityCoordinator:
        """The running coordinator."""
        coordinator: AmpacityCoordinator = self.site.runtime_data
        return coordinator

    @property
    def charger_id(self) -> str:
        """The only charger of the site."""
        (subentry,) = self.site.get_subentries_of_type(SUBENTRY_CHARGER)
        return subentry.subentry_id

    def said(self, key: str, platform: str = "sensor") -> str:
        """Return the state of an entity of the charger in Ampacity."""
        entity_id = self._entity_id(platform, key, self.charger_id)
        state = self.hass.states.get(entity_id)
        assert state is not None
        return state.state

    def number(self, key: str) -> float:
        """Return the number that an entity of the charger shows."""
        return float(self.said(key))

    def _entity_id(self, platform: str, key: str, owner_id: str) -> str:
        registry = er.async_get(self.hass)
        entity_id = registry.async_get_entity_id(platform, DOMAIN, f"{owner_id}_{key}")
        assert entity_id is not None
        return entity_id

    async def choose(self, mode: str) -> None:
        """Choose the charger's mode."""
        entity_id = self._entity_id("select", "mode", self.charger_id)
        data = {"entity_id": entity_id, "option": mode}
        await self.hass.services.async_call("select", "select_option", data)

    def measure(self) -> None:
        """Let the meter and the inverter report."""
        set_state = self.hass.states.async_set
        # No house takes the same for long, and a meter that says so is taken for a frozen one.
        base_w = BASE_W + self.device.now_s % 7
        car_w = self.device.wallbox.grid_w
        watts = [base_w + phase_w - self.solar_w / 3 for phase_w in car_w]
        unit = "unit_of_measurement"
        set_state("sensor.meter", f"{sum(watts):.0f}", {unit: "W"}, True)
        set_state("sensor.solar", f"{self.solar_w:.0f}", {unit: "W"}, True)
        for number, power_w in enumerate(watts, 1):
            amps = f"{power_w / 230.0:.2f}"
            set_state(f"sensor.meter_l{number}", amps, {unit: "A"}, True)

    async def pass_time(self, seconds: int) -> None:
        """Let time pass, the meter reporting at each step."""
        for _ in range(0, seconds, _STEP_S):
            self.freezer.tick(timedelta(seconds=_STEP_S))
            await self.device.advance(_STEP_S)
            self.measure()
            async_fire_time_changed(self.hass)
            await self.settle()

    async def until(self, condition: Callable[[], bool], within_s: int) -> None:
        """Let time pass until something holds; fail when it does not in time."""
        for _ in range(0, within_s, _STEP_S):
            if condition():
                return
            await self.pass_time(_STEP_S)
        assert condition(), self.summary()

    def summary(self) -> str:
        """Return what Ampacity says beside what the device does."""
        keys = ("status", "reason", "offered_current", "charging_power")
        said = {key: self.said(key) for key in keys}
        box = self.device.wallbox
        done = {"offers": box.offered_a, "takes": box.current_a, "phases": box.phases}
        return f"{said} but {done}"

    async def settle(self) -> None:
        """Wait until everybody has answered: requests take real time while the clock stands."""
        quiet = 0
        waiting: set[Any] = set()
        for _ in range(_ROUNDS):
            await self.hass.loop.run_in_executor(None, time.sleep, _ROUND_S)
            tasks = self.hass._tasks | self.hass._background_tasks
            waiting = {task for task in tasks if not task.done()} - set(self._asleep)
            quiet = 0 if waiting else quiet + 1
            if quiet == 2:
                return
        self._asleep.update(waiting)
