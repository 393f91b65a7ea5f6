"""Cars are found by what their integrations register."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.discovery import async_find_cars
from custom_components.ampacity.discovery.vehicles import CARS

from .devices import add_device, show

# Platform: unique id of charge level, of plug with its domain, of place, of capacity.
Car = tuple[str, tuple[str, str] | None, str | None, str | None]
TESLA: Car = (
    "5YJ3-charge_state_battery_level",
    ("binary_sensor", "5YJ3-charge_state_conn_charge_cable"),
    "5YJ3-location",
    None,
)
KNOWN: dict[str, Car] = {
    "tesla_fleet": TESLA,
    "teslemetry": TESLA,
    "tessie": TESLA,
    "volkswagencarnet": (
        "WVW-sensor-battery_level",
        ("binary_sensor", "WVW-binary_sensor-charging_cable_connected"),
        "WVW-device_tracker-position",
        None,
    ),
    "audiconnect": (
        "wau_sensor_state_of_charge",
        ("binary_sensor", "wau_binary_sensor_plug_state"),
        "wau_device_tracker_position",
        None,
    ),
    "myskoda": (
        "TMB_battery_percentage",
        ("binary_sensor", "TMB_charger_connected"),
        "TMB_device_tracker",
        None,
    ),
    "skoda": ("TMB_battery_percentage", None, None, None),
    "kia_uvo": (
        "kia_uvo_1_ev_battery_percentage",
        ("binary_sensor", "kia_uvo_1_ev_battery_is_plugged_in"),
        "kia_uvo_1_location",
        "kia_uvo_1_ev_battery_capacity",
    ),
    "volvo": (
        "yv1_battery_charge_level",
        ("sensor", "yv1_charger_connection_status"),
        "yv1_location",
        "yv1_battery_capacity",
    ),
    "renault": (
        "vf1_battery_level",
        ("binary_sensor", "vf1_plugged_in"),
        "vf1_location",
        None,
    ),
    "polestar_api": (
        "polestar_lps_battery_charge_level",
        ("sensor", "polestar_lps_charger_connection_status"),
        None,
        None,
    ),
    "abrp": ("01J_77_soc", None, None, "01J_77_battery_capacity"),
    "mbapi2020": ("w1k_soc", None, None, None),
    "nissan_leaf": ("sjn_soc", ("binary_sensor", "sjn_plugstatus"), None, None),
    "subaru": (
        "jf1_ev_battery_level",
        ("binary_sensor", "jf1_ev_is_plugged_in"),
        None,
        None,
    ),
    "cardata": (
        "WBA_vehicle.drivetrain.batteryManagement.header",
        (
            "binary_sensor",
            "WBA_vehicle.powertrain.tractionBattery.charging.port.anyPosition.isPlugged",
        ),
        "WBA_device_tracker",
        None,
    ),
}


def test_all_are_tried() -> None:
    """No profile is left without a test."""
    assert {profile.platform for profile in CARS} == KNOWN.keys()


def register(
    hass: HomeAssistant, platform: str, name: str = "Car"
) -> dict[str, str | None]:
    """Register a car with a decoy; return its entities."""
    soc, plug, place, capacity = KNOWN[platform]
    entry = MockConfigEntry(domain=platform)
    entry.add_to_hass(hass)
    parts = {
        "soc": ("sensor", soc, "%"),
        "plug": (*plug, "") if plug else None,
        "location": ("device_tracker", place, "") if place else None,
        "capacity": ("sensor", capacity, "kWh") if capacity else None,
        "decoy": ("sensor", f"{name}_mileage", "km"),
    }
    made: dict[str, str | None] = {}
    for key, part in parts.items():
        if part is None:
            made[key] = None
            continue
        domain, unique_id, unit = part
        ids = add_device(
            hass, platform, {unique_id: unit}, name=name, entry=entry, domain=domain
        )
        made[key] = ids[unique_id]
    return made


@pytest.mark.parametrize("platform", KNOWN)
async def test_known_cars(hass: HomeAssistant, platform: str) -> None:
    """Charge level, plug, place and capacity are found."""
    made = register(hass, platform)
    if made["capacity"]:
        show(hass, made["capacity"], 64000, "Wh")
    (car,) = async_find_cars(hass)
    assert (car.name, car.soc) == ("Car", made["soc"])
    assert (car.plug, car.location) == (made["plug"], made["location"])
    assert car.capacity_kwh == (64.0 if made["capacity"] else None)


@pytest.mark.parametrize(
    ("value", "unit", "capacity_kwh"),
    [
        ("unavailable", "kWh", None),
        ("nan", "kWh", None),
        ("78", "kWh", 78.0),
        ("78", "%", None),
        ("0", "kWh", None),
        ("12000", "kWh", None),
    ],
)
async def test_capacity(
    hass: HomeAssistant, value: str, unit: str, capacity_kwh: float | None
) -> None:
    """A capacity that cannot be read, or that no car has, is left open."""
    entity_id = register(hass, "volvo")["capacity"]
    assert entity_id is not None
    hass.states.async_set(entity_id, value, {"unit_of_measurement": unit})
    (car,) = async_find_cars(hass)
    assert car.capacity_kwh == capacity_kwh


async def test_several(hass: HomeAssistant) -> None:
    """They come by name; a car that burns fuel has no charge level."""
    register(hass, "volvo", "Volvo")
    register(hass, "kia_uvo", "Kia")
    add_device(hass, "renault", {"x_mileage": "km"}, name="Clio")
    assert [car.name for car in async_find_cars(hass)] == ["Kia", "Volvo"]


async def test_disabled(hass: HomeAssistant) -> None:
    """A charge level that is disabled tells nothing."""
    add_device(hass, "abrp", {"1_soc": "%"}, disabled=("1_soc",))
    assert async_find_cars(hass) == []
