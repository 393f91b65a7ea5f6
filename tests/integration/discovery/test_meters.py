"""Each known meter is found by what its integration registers."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.discovery import FoundHouse, async_find_house
from custom_components.ampacity.discovery.meter_profiles import METERS

from .devices import add_device
from .known_meters import KNOWN, Meter

_UNITS = {"currents": "A", "voltages": "V"}
_KEYS = {
    "currents": "grid_current_l",
    "powers": "grid_power_l",
    "voltages": "grid_voltage_l",
}


def register(
    hass: HomeAssistant, meter: Meter, disabled: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Register a meter; return what the site's configuration should hold of it."""
    platform, model, keys, inverted = meter
    units = {
        unique_id: _UNITS.get(kind, "W")
        for kind, key in keys.items()
        for unique_id in ([key] if isinstance(key, str) else key)
    }
    ids = add_device(hass, platform, units, model=model, disabled=disabled)
    data: dict[str, Any] = {"grid_inverted": inverted}
    for kind, key in keys.items():
        if isinstance(key, str):
            data["grid_power" if kind == "power" else f"grid_{kind}"] = ids[key]
        else:
            data |= {f"{_KEYS[kind]}{n}": ids[one] for n, one in enumerate(key, 1)}
    return data


@pytest.mark.parametrize("name", KNOWN)
async def test_known_meters(hass: HomeAssistant, name: str) -> None:
    """Total and phases of each are found, with the sign of its make."""
    expected = register(hass, KNOWN[name])
    (meter,) = (await async_find_house(hass)).meters
    assert meter.data == expected
    assert meter.name == "A device"
    assert meter.disabled == ()


def test_every_platform_is_tried() -> None:
    """A profile without a test of its own shares its keys with one that has."""
    alike = {"powerfox", "powerfox_local", "route_b_smart_meter", "solax"}
    alike |= {"tesla_fleet", "tessie", "indevolt", "iammeter"}
    tried = {platform for platform, *_ in KNOWN.values()}
    assert {profile.platform for profile in METERS} - alike == tried - {
        "esphome",
        "tasmota",
    }


@pytest.mark.parametrize(
    ("platform", "unique_id", "inverted"),
    [
        ("powerfox", "9x_power", False),
        ("powerfox_local", "9x_power", False),
        ("route_b_smart_meter", "b1_instantaneous_power", False),
        ("tesla_fleet", "1-grid_power", False),
        ("tessie", "1-grid_power", False),
        ("iammeter", "sn_Power_Net", False),
    ],
)
async def test_one_value(
    hass: HomeAssistant, platform: str, unique_id: str, inverted: bool
) -> None:
    """Meters that tell nothing but a total."""
    ids = add_device(hass, platform, {unique_id: "W"})
    (meter,) = (await async_find_house(hass)).meters
    assert meter.data == {"grid_power": ids[unique_id], "grid_inverted": inverted}


@pytest.mark.parametrize(
    ("platform", "names", "data"),
    [
        (
            "solax",
            ("Solax SV5 Exported Power",),
            {"grid_power": 0, "grid_inverted": True},
        ),
        (
            "sma",
            ("SB 5.0 Metering Power Absorbed", "SB 5.0 Metering Power Supplied"),
            {"grid_import": 0, "grid_export": 1, "grid_inverted": False},
        ),
    ],
)
async def test_names_of_sensors_without_keys(
    hass: HomeAssistant, platform: str, names: tuple[str, ...], data: dict[str, Any]
) -> None:
    """Where the unique id is a number the name that the integration gave counts."""
    entry = MockConfigEntry(domain=platform)
    entry.add_to_hass(hass)
    made = [
        er.async_get(hass).async_get_or_create(
            "sensor",
            platform,
            f"SV5-{number}",
            config_entry=entry,
            original_name=name,
            original_device_class="power",
            unit_of_measurement="W",
        )
        for number, name in enumerate(names)
    ]
    (meter,) = (await async_find_house(hass)).meters
    assert meter.data == {
        key: value if isinstance(value, bool) else made[value].entity_id
        for key, value in data.items()
    }


@pytest.mark.parametrize(
    ("platform", "model", "sensors"),
    [
        pytest.param(
            "homewizard",
            "Wi-Fi Socket",
            {"HWE-SKT_1_active_power_w": "W"},
            id="a socket of a maker of meters",
        ),
        pytest.param("shelly", None, {"AABB-switch:0-power": "W"}, id="a relay"),
        pytest.param("zha", None, {"00:11-power": "W"}, id="an unknown integration"),
        pytest.param("esphome", None, {"AABB-sensor-power": "W"}, id="some power"),
        pytest.param(
            "mqtt",
            None,
            {"evse_total_power": "W"} | {f"evse_current_l{n}": "A" for n in (1, 2, 3)},
            id="a charger with three phases",
        ),
        pytest.param(
            "homewizard",
            "Wi-Fi P1 meter",
            {"HWE-P1_1_active_power_w": "kWh"},
            id="an energy",
        ),
    ],
)
async def test_what_is_no_meter(
    hass: HomeAssistant, platform: str, model: str | None, sensors: dict[str, str]
) -> None:
    """Not every power is that of the grid connection."""
    add_device(hass, platform, sensors, model=model)
    assert (await async_find_house(hass)).meters == ()


async def test_one_phase(hass: HomeAssistant) -> None:
    """A meter with one phase has only that one."""
    sensors = {"HWE-P1_1_active_power_w": "W", "HWE-P1_1_active_current_l1_a": "A"}
    ids = list(add_device(hass, "homewizard", sensors, model="P1").values())
    (meter,) = (await async_find_house(hass)).meters
    assert meter.phases == 1
    assert meter.data == {
        "grid_power": ids[0],
        "grid_current_l1": ids[1],
        "grid_inverted": False,
    }


async def test_disabled_currents_are_named(hass: HomeAssistant) -> None:
    """Currents that Home Assistant has disabled are not used, and told."""
    kind = KNOWN["Enphase"]
    currents = tuple(kind[2]["currents"])
    expected = register(hass, kind, disabled=currents)
    (meter,) = (await async_find_house(hass)).meters
    assert meter.disabled == tuple(expected[f"grid_current_l{n}"] for n in (1, 2, 3))
    assert not meter.has_currents
    assert meter.phases == 3


async def test_disabled_total(hass: HomeAssistant) -> None:
    """Import alone counts as the total, as it does in the form."""
    kind = KNOWN["DSMR"]
    expected = register(hass, kind, disabled=(kind[2]["export"],))
    (meter,) = (await async_find_house(hass)).meters
    assert meter.data["grid_power"] == expected["grid_import"]


async def test_likeliest_first(hass: HomeAssistant) -> None:
    """A meter that can be nothing else comes first, among those one with currents."""
    shelly = register(hass, KNOWN["Shelly 3EM"])
    powerwall = register(hass, KNOWN["Powerwall"])
    p1 = register(hass, KNOWN["HomeWizard P1"])
    meters = (await async_find_house(hass)).meters
    assert [meter.data for meter in meters] == [p1, powerwall, shelly]


async def test_same_installation_once(hass: HomeAssistant) -> None:
    """The meter of an inverter stands for what the inverter tells of the grid."""
    entry = MockConfigEntry(domain="fronius")
    entry.add_to_hass(hass)
    flow = {"solar_net_1-power_flow-power_grid": "W"}
    add_device(hass, "fronius", flow, name="SolarNet", entry=entry)
    add_device(hass, "fronius", {"77-power_real": "W"}, name="Meter", entry=entry)
    (meter,) = (await async_find_house(hass)).meters
    assert meter.name == "Meter"


async def test_renamed(hass: HomeAssistant) -> None:
    """The user's own name of a device is shown."""
    register(hass, KNOWN["GoodWe"])
    registry = dr.async_get(hass)
    (device,) = registry.devices
    registry.async_update_device(device.id, name_by_user="Keller")
    (meter,) = (await async_find_house(hass)).meters
    assert meter.name == "Keller"


async def test_meter_of_another_site(hass: HomeAssistant) -> None:
    """What another site or circuit reads is not proposed again."""
    taken = register(hass, KNOWN["HomeWizard P1"])
    free = register(hass, KNOWN["GoodWe"])
    MockConfigEntry(domain=DOMAIN, data=taken).add_to_hass(hass)
    assert [one.data for one in (await async_find_house(hass)).meters] == [free]


async def test_empty_house(hass: HomeAssistant) -> None:
    """Nothing is found in an empty house, and nothing fails."""
    assert await async_find_house(hass) == FoundHouse()
