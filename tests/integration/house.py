"""A house of plain states: a meter, a solar plant and a wallbox that does as it is told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.ampacity.const import DOMAIN, SUBENTRY_CHARGER
from custom_components.ampacity.coordinator import AmpacityCoordinator

ENTRY_ID = "01SITE"
CHARGER_ID = "01GARAGE"

EVENING = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""18:00 in Berlin, a Sunday."""

GRID_POWER = "sensor.grid_power"
GRID_CURRENTS = ("sensor.grid_l1", "sensor.grid_l2", "sensor.grid_l3")
SOLAR = "sensor.solar"
LIMIT = "input_number.wallbox_current"
SWITCH = "input_boolean.wallbox_enable"
STATUS = "sensor.wallbox_status"
POWER = "sensor.wallbox_power"
ENERGY = "sensor.wallbox_energy"
SOC = "sensor.wallbox_soc"

SITE: dict[str, Any] = {
    "phases": 3,
    "main_fuse": 25,
    "voltage": 230,
    "grid_power": GRID_POWER,
    "grid_current_l1": GRID_CURRENTS[0],
    "grid_current_l2": GRID_CURRENTS[1],
    "grid_current_l3": GRID_CURRENTS[2],
    "solar_power": [SOLAR],
}
CHARGER: dict[str, Any] = {
    "phases": 3,
    "phase_map": "l1_l2_l3",
    "min_current": 6,
    "max_current": 16,
    "link": "local",
    "settle_time": 5,
    "limit_kind": "number",
    "limit_entity": LIMIT,
    "start_stop_kind": "switch",
    "switch": SWITCH,
    "status_kind": "sensor",
    "status_sensor": STATUS,
    "status_map": {
        "Unplugged": "disconnected",
        "Waiting": "connected",
        "Paused": "paused",
        "Charging": "charging",
    },
    "power_sensor": POWER,
    "energy_sensor": ENERGY,
    "soc_sensor": SOC,
}


def worked_ns() -> int:
    """Return how long this thread has worked, whatever else keeps the machine busy.

    It goes on while the tests' own clock stands still.
    """
    return time.clock_gettime_ns(time.CLOCK_THREAD_CPUTIME_ID)


def make_entry(
    data: dict[str, Any] | None = None, charger: dict[str, Any] | None = None
) -> MockConfigEntry:
    """Return an entry for the house, with some of its data and of its charger's replaced."""
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        title="Home",
        data=SITE | (data or {}),
        subentries_data=[
            ConfigSubentryDataWithId(
                data=CHARGER | (charger or {}),
                subentry_id=CHARGER_ID,
                subentry_type=SUBENTRY_CHARGER,
                title="Garage",
                unique_id=None,
            )
        ],
    )


@dataclass
class House:
    """The house; its meter reports whenever :meth:`measure` is called."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    base_a: tuple[float, float, float] = (2.0, 1.0, 1.0)
    """What the house takes on each phase."""
    solar_w: float = 0.0
    plugged: bool = True
    obedient: bool = True
    metering: bool = True
    instant: bool = False
    """The car follows, and the meter shows it, within the command's own call."""
    patient: bool = True
    """Time waits for what is done in the background, so that a plan is there within its step."""
    energy_wh: float = 1_000_000.0
    calls: list[ServiceCall] = field(default_factory=list)
    """All commands to the wallbox."""
    called_ns: list[int] = field(default_factory=list)
    """When they came, by :func:`worked_ns`."""

    def __post_init__(self) -> None:
        """Put the wallbox's actions and all states in place."""
        register = self.hass.services.async_register
        register("input_number", "set_value", self._set_value)
        register("input_boolean", "turn_on", self._turn)
        register("input_boolean", "turn_off", self._turn)
        self.set_limit(16.0)
        self.hass.states.async_set(SWITCH, "off")
        self.hass.states.async_set(SOC, "50", {"unit_of_measurement": "%"})
        self.measure()

    @property
    def limit_a(self) -> float:
        """What the wallbox is set to."""
        state = self.hass.states.get(LIMIT)
        return float(state.state) if state else 0.0

    @property
    def offered_a(self) -> float:
        """What the wallbox offers, 0 while it is switched off."""
        return self.limit_a if self.hass.states.is_state(SWITCH, "on") else 0.0

    @property
    def taken_a(self) -> float:
        """What the car takes on each phase."""
        return self.offered_a if self.plugged else 0.0

    @property
    def coordinator(self) -> AmpacityCoordinator:
        """The running coordinator."""
        entry = self.hass.config_entries.async_get_entry(ENTRY_ID)
        assert entry is not None
        coordinator = entry.runtime_data
        assert isinstance(coordinator, AmpacityCoordinator)
        return coordinator

    @property
    def reason(self) -> str:
        """Why the charger does what it does."""
        decision = self.coordinator.data.decision(CHARGER_ID)
        assert decision is not None
        return decision.reason.key.value

    def set_limit(self, current_a: float) -> None:
        """Set the wallbox's limit."""
        attributes = {"unit_of_measurement": "A", "min": 0, "max": 16, "step": 1}
        self.hass.states.async_set(LIMIT, str(current_a), attributes)

    def measure(self) -> None:
        """Let all sensors report what flows."""
        states, taken_a = self.hass.states, self.taken_a
        status = "Unplugged"
        if self.plugged:
            status = "Charging" if taken_a > 0.0 else "Paused"
        states.async_set(STATUS, status)
        states.async_set(POWER, str(taken_a * 690.0), {"unit_of_measurement": "W"})
        states.async_set(
            ENERGY, str(self.energy_wh / 1000.0), {"unit_of_measurement": "kWh"}
        )
        states.async_set(SOLAR, str(self.solar_w), {"unit_of_measurement": "W"})
        if self.metering:
            self.meter()

    def meter(self) -> None:
        """Let the grid meter report what flows."""
        states, solar_a = self.hass.states, self.solar_w / 690.0
        flowing_a = [base_a + self.taken_a - solar_a for base_a in self.base_a]
        for entity_id, current_a in zip(GRID_CURRENTS, flowing_a, strict=True):
            states.async_set(
                entity_id, f"{current_a:.2f}", {"unit_of_measurement": "A"}
            )
        power_w = sum(flowing_a) * 230.0
        states.async_set(GRID_POWER, f"{power_w:.0f}", {"unit_of_measurement": "W"})

    async def pass_time(self, seconds: float, step_s: float = 5.0) -> None:
        """Let time pass, the sensors reporting at each step."""
        left_s = seconds
        while left_s > 0.0:
            step = min(step_s, left_s)
            left_s -= step
            self.freezer.tick(timedelta(seconds=step))
            self.energy_wh += self.taken_a * 690.0 * step / 3600.0
            self.measure()
            async_fire_time_changed(self.hass)
            await self.hass.async_block_till_done(wait_background_tasks=self.patient)

    async def set_up(self, entry: MockConfigEntry | None = None) -> MockConfigEntry:
        """Set the site up."""
        entry = entry or make_entry()
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        return entry

    def entity_id(self, platform: str, key: str, owner_id: str = CHARGER_ID) -> str:
        """Return the entity of this key."""
        registry = er.async_get(self.hass)
        entity_id = registry.async_get_entity_id(platform, DOMAIN, f"{owner_id}_{key}")
        assert entity_id is not None
        return entity_id

    def device_id(self, owner_id: str = CHARGER_ID) -> str:
        """Return the device of the charger, or of the site by the entry's id."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, owner_id), ENTRY_ID
        )
        assert device is not None
        return device.id

    async def choose(self, mode: str) -> None:
        """Choose the charger's mode."""
        await self.hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": self.entity_id("select", "mode"), "option": mode},
            blocking=True,
        )

    async def act(self, action: str, **data: Any) -> dict[str, Any] | None:
        """Call one of our actions, for the charger unless another device is named."""
        response = action in {"get_sessions", "explain", "get_plan"}
        answer = await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": self.device_id(), **data},
            blocking=True,
            return_response=response,
        )
        return dict(answer) if answer is not None else None

    @callback
    def _set_value(self, call: ServiceCall) -> None:
        self.called_ns.append(worked_ns())
        self.calls.append(call)
        if self.obedient:
            self.set_limit(call.data["value"])
        if self.instant:
            self.measure()

    @callback
    def _turn(self, call: ServiceCall) -> None:
        self.called_ns.append(worked_ns())
        self.calls.append(call)
        if self.obedient:
            self.hass.states.async_set(SWITCH, call.service.removeprefix("turn_"))
