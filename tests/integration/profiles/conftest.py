"""A charger of each known kind, found and set up in Home Assistant."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.ampacity.chargers.commander import Commander
from custom_components.ampacity.chargers.detect import FoundCharger, async_detect
from custom_components.ampacity.const import CONF_CURRENT_SENSORS, DOMAIN
from custom_components.ampacity.coordinator import AmpacityCoordinator
from custom_components.ampacity.engine.decision import Command, Decision

from .build import IDS, Built, load

CHARGER = "01CHARGER"
SITE = {
    "phases": 3,
    "main_fuse": 63,
    "voltage": 230,
    "grid_power": "sensor.meter",
    "grid_current_l1": "sensor.meter_l1",
    "grid_current_l2": "sensor.meter_l2",
    "grid_current_l3": "sensor.meter_l3",
}
_SERVICES = (
    "number.set_value",
    "select.select_option",
    "switch.turn_on",
    "switch.turn_off",
    "button.press",
)


@dataclass
class Driven:
    """A charger that Ampacity drives, and what it was told."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    built: Built
    found: FoundCharger
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    entry: MockConfigEntry | None = None

    @property
    def expect(self) -> dict[str, Any]:
        """What the fixture says must come of it."""
        expect: dict[str, Any] = self.built.fixture["expect"]
        return expect

    @property
    def coordinator(self) -> AmpacityCoordinator:
        """The running coordinator."""
        assert self.entry is not None
        coordinator: AmpacityCoordinator = self.entry.runtime_data
        return coordinator

    def cases(self) -> list[tuple[dict[str, Any], str]]:
        """Return states of the charger's entities, each with the status that they mean."""
        fixture = self.built.fixture
        names = {entity_id: name for name, entity_id in self.built.entity_ids.items()}
        sensor = names.get(self.found.data.get("status_sensor", ""), "")
        words: dict[str, str] = fixture.get("statuses", {})
        return [
            *(({sensor: word}, status) for word, status in words.items()),
            *((states, status) for states, status in fixture.get("plug_cases", ())),
        ]

    def enable(self) -> None:
        """Enable what was proposed and is disabled, as the dialog offers to."""
        names = {entity_id: name for name, entity_id in self.built.entity_ids.items()}
        for entity in self.found.disabled:
            er.async_get(self.hass).async_update_entity(
                entity.entity_id, disabled_by=None
            )
            name = names[entity.entity_id]
            self.built.show(name, self.built.fixture["entities"][name]["state"])

    def rest(self) -> None:
        """Let nothing flow."""
        names = {entity_id: name for name, entity_id in self.built.entity_ids.items()}
        for key in ("power_sensor", *CONF_CURRENT_SENSORS):
            if entity_id := self.found.data.get(key):
                self.built.show(names[entity_id], 0)

    def listen(self) -> None:
        """Note all calls of the charger's actions, and let its levers show them."""
        for action in (*_SERVICES, *self.built.fixture.get("services", ())):
            domain, _, service = action.partition(".")
            self.hass.services.async_register(domain, service, self._note)

    async def _note(self, call: ServiceCall) -> None:
        self.calls.append((f"{call.domain}.{call.service}", dict(call.data)))
        self._follow(call)

    def _follow(self, call: ServiceCall) -> None:
        """Let a lever show what it was set to."""
        names = {entity_id: name for name, entity_id in self.built.entity_ids.items()}
        name = names.get(call.data.get("entity_id", ""))
        if name is None or call.service == "press":
            return
        shown = call.data.get("value", call.data.get("option"))
        self.built.show(
            name, call.service.removeprefix("turn_") if shown is None else shown
        )

    def measure(self) -> None:
        """Let the meter report a house that takes little."""
        states = self.hass.states
        states.async_set("sensor.meter", "690", {"unit_of_measurement": "W"}, True)
        for phase in (1, 2, 3):
            states.async_set(
                f"sensor.meter_l{phase}", "1", {"unit_of_measurement": "A"}, True
            )

    async def set_up(self, **more: Any) -> None:
        """Set a site up with the charger as it was proposed.

        The platforms of Ampacity's own entities bring their actions with them.
        """
        self.enable()
        self.listen()
        self.measure()
        self.entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data=SITE,
            subentries_data=[
                ConfigSubentryDataWithId(
                    data={"phases": 3, **self.found.data, **more},
                    subentry_id=CHARGER,
                    subentry_type="charger",
                    title=self.found.name,
                    unique_id=None,
                )
            ],
        )
        self.entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()
        self.listen()

    async def command(self, **command: Any) -> list[tuple[str, dict[str, Any]]]:
        """Return what is called for a command, sent to levers that show nothing."""
        for name in self.built.entity_ids:
            if name.partition(".")[0] in ("number", "switch", "select"):
                self.built.show(name, "unknown")
        self.calls.clear()
        commander = Commander(self.hass, self.coordinator.configs[CHARGER])
        await commander.async_apply(Command(**command))
        assert not commander.failed
        return list(self.calls)

    async def first_offer(self, within_s: int) -> Decision:
        """Return the first decision to offer something, or the last one to offer nothing."""
        for _ in range(0, within_s, 10):
            await self.pass_time(10)
            decision = self.coordinator.data.decision(CHARGER)
            if decision is not None and decision.offer_a > 0.0:
                break
        assert decision is not None
        return decision

    async def pass_time(self, seconds: int) -> None:
        """Let time pass, the meter reporting."""
        for _ in range(0, seconds, 10):
            self.freezer.tick(timedelta(seconds=10))
            self.measure()
            async_fire_time_changed(self.hass)
            await self.hass.async_block_till_done()


@pytest.fixture(params=IDS)
def profile_id(request: pytest.FixtureRequest) -> str:
    """Return the id of each known charger that has a fixture."""
    return str(request.param)


@pytest.fixture
async def driven(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, profile_id: str
) -> Driven:
    """Return a charger that was built and found, not set up yet."""
    built = Built(hass, load(profile_id))
    (found,) = await async_detect(hass)
    return Driven(hass, freezer, built, found)
