"""A small house as plain states: a meter with three phases, solar, and one charger."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.coordinator import AmpacityCoordinator

CHARGER_ID = "CHARGER1"
CAR_W = "4140"
"""What the car takes whenever it may: 6 A on three phases."""


@pytest.fixture(autouse=True)
def auto_enable(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@dataclass(kw_only=True)
class House:
    """What the meter, the plant and the charger show; :meth:`show` makes it so."""

    hass: HomeAssistant
    grid_w: str = "-3000"
    currents_a: tuple[str, str, str] = ("-4.3", "-4.3", "-4.4")
    solar_w: str = "3500"
    plugged: str = "off"
    charging: str = "off"
    power_w: str = "0"
    energy_kwh: str = "100"
    limit_a: str = "6"
    enabled: str = "off"

    def show(self) -> None:
        """Write all states, as a fresh report."""
        states: dict[str, tuple[str, str | None]] = {
            "sensor.grid": (self.grid_w, "W"),
            **{
                f"sensor.grid_l{phase}": (current_a, "A")
                for phase, current_a in enumerate(self.currents_a, 1)
            },
            "sensor.pv": (self.solar_w, "W"),
            "binary_sensor.plug": (self.plugged, None),
            "binary_sensor.charging": (self.charging, None),
            "sensor.car_power": (self.power_w, "W"),
            "sensor.car_energy": (self.energy_kwh, "kWh"),
            "input_number.limit": (self.limit_a, "A"),
            "input_boolean.wallbox": (self.enabled, None),
        }
        for entity_id, (state, unit) in states.items():
            attributes: dict[str, str | int] = (
                {"unit_of_measurement": unit} if unit else {}
            )
            if entity_id == "input_number.limit":
                attributes |= {"min": 6, "max": 16, "step": 1}
            self.hass.states.async_set(entity_id, state, attributes, force_update=True)


@pytest.fixture
def house(hass: HomeAssistant) -> House:
    """Return a house with sun and without a car, whose charger and car take every command."""
    house = House(hass=hass)

    async def limit(call: ServiceCall) -> None:
        house.limit_a = str(call.data["value"])
        house.show()

    async def enable(call: ServiceCall) -> None:
        before_w = float(house.power_w)
        house.enabled = call.service.removeprefix("turn_")
        house.charging = house.enabled if house.plugged == "on" else "off"
        house.power_w = CAR_W if house.charging == "on" else "0"
        house.grid_w = str(float(house.grid_w) + float(house.power_w) - before_w)
        house.show()

    hass.services.async_register("input_number", "set_value", limit)
    for service in ("turn_on", "turn_off"):
        hass.services.async_register("input_boolean", service, enable)
    house.show()
    return house


def make_entry(*, phases: int = 3, solar: bool = True) -> MockConfigEntry:
    """Return a site with one charger."""
    charger = {
        "phases": 3,
        "phase_map": "l1_l2_l3",
        "min_current": 6,
        "max_current": 16,
        "boost_duration": 30,
        "limit_kind": "number",
        "limit_entity": "input_number.limit",
        "start_stop_kind": "switch",
        "switch": "input_boolean.wallbox",
        "status_kind": "binary",
        "plug_sensor": "binary_sensor.plug",
        "charging_sensor": "binary_sensor.charging",
        "power_sensor": "sensor.car_power",
        "energy_sensor": "sensor.car_energy",
    }
    return MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        entry_id="SITE1",
        data={
            "phases": phases,
            "main_fuse": 25,
            "voltage": 230,
            "grid_power": "sensor.grid",
            **{f"grid_current_l{n}": f"sensor.grid_l{n}" for n in range(1, phases + 1)},
            "solar_power": ["sensor.pv"] if solar else [],
        },
        options={"import_price": 0.3, "feed_in_price": 0.08},
        subentries_data=[
            ConfigSubentryDataWithId(
                data=charger,
                subentry_id=CHARGER_ID,
                subentry_type="charger",
                title="Garage",
                unique_id=None,
            )
        ],
    )


type SetUp = Callable[[MockConfigEntry], Awaitable[AmpacityCoordinator]]


@pytest.fixture
def set_up(hass: HomeAssistant, house: House) -> SetUp:
    """Return what sets a site up."""

    async def set_up(entry: MockConfigEntry) -> AmpacityCoordinator:
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        coordinator: AmpacityCoordinator = entry.runtime_data
        return coordinator

    return set_up


@pytest.fixture
async def site(set_up: SetUp) -> AmpacityCoordinator:
    """Return a site that is set up."""
    return await set_up(make_entry())


type EntityId = Callable[[str, str], str]


@pytest.fixture
def entity_id(entity_registry: er.EntityRegistry) -> EntityId:
    """Return what finds an entity by its platform and the end of its unique id."""

    def find(platform: str, unique_id: str) -> str:
        found = entity_registry.async_get_entity_id(platform, DOMAIN, unique_id)
        assert found, f"no {platform} {unique_id}"
        return found

    return find
