"""Solar plants and home batteries are found by what their integrations register."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.discovery import async_find_house
from custom_components.ampacity.discovery.plant_profiles import BATTERIES, SOLAR

from .devices import add_device

SUNNY: dict[str, tuple[str, ...]] = {
    "fronius": ("solar_net_1-power_flow-power_photovoltaics",),
    "enphase_envoy": ("1234_production", "1234_production_l1"),
    "huawei_solar": ("HV21_input_power", "HV21_pv_input_power"),
    "sma": ("1A-6100_40263F00_0",),
    "solaredge_modbus": ("7E_ac_power", "7E_meter_1_ac_power", "7E_dc_power"),
    "solaredge_modbus_multi": ("SE10K_7E_ac_power", "SE10K_7E_M1_ac_power"),
    "victron_gx": ("c06_system_0_system_dc_pv_power",),
    "goodwe": ("goodwe-ppv-9502", "goodwe-ppv1-9502"),
    "solax_modbus": ("SolaX_pv_power_total", "SolaX_pv_power_1"),
    "kostal_plenticore": ("01J__virt__pv_P", "01J_devices:local_HomePv_P"),
    "powerwall": ("TG_solar_instant_power", "TG_load_instant_power"),
    "tesla_fleet": ("1-solar_power",),
    "teslemetry": ("1-solar_power",),
    "tessie": ("1-solar_power",),
    "solarlog": ("01J_power_ac",),
    "apsystems": ("B0_total_power", "B0_total_power_p1"),
}
"""The plant's power first, then what must not be taken for it."""
STORED: dict[str, tuple[dict[str, str], bool]] = {
    "fronius": (
        {"battery_power": "s_1-power_flow-power_battery", "battery_soc": "9-state_of_charge"},
        False,
    ),
    "enphase_envoy": (
        {"battery_power": "1_battery_discharge", "battery_soc": "1_battery_level"},
        False,
    ),
    "huawei_solar": (
        {
            "battery_power": "HV_storage_charge_discharge_power",
            "battery_soc": "HV_storage_state_of_capacity",
        },
        True,
    ),
    "solaredge_modbus": (
        {
            "battery_power": "7E_battery_1_dc_power",
            "battery_soc": "7E_battery_1_state_of_energy",
        },
        True,
    ),
    "solaredge_modbus_multi": (
        {
            "battery_power": "SE_7E_B1_dc_power",
            "battery_soc": "SE_7E_B1_battery_soe",
        },
        True,
    ),
    "victron_gx": (
        {
            "battery_power": "c_system_0_system_dc_battery_power",
            "battery_soc": "c_system_0_system_dc_battery_soc",
        },
        True,
    ),
    "goodwe": (
        {
            "battery_power": "goodwe-pbattery1-95",
            "battery_soc": "goodwe-battery_soc-95",
        },
        False,
    ),
    "solax_modbus": (
        {
            "battery_power": "SolaX_battery_power_charge",
            "battery_soc": "SolaX_battery_capacity",
        },
        True,
    ),
    "kostal_plenticore": (
        {
            "battery_power": "01J_devices:local:battery_P",
            "battery_soc": "01J_devices:local:battery_SoC",
        },
        False,
    ),
    "powerwall": (
        {"battery_power": "TG_battery_instant_power", "battery_soc": "TG_charge"},
        False,
    ),
    **dict.fromkeys(
        ("tesla_fleet", "teslemetry", "tessie"),
        (
            {"battery_power": "1-battery_power", "battery_soc": "1-percentage_charged"},
            False,
        ),
    ),
}  # fmt: skip


def test_all_are_tried() -> None:
    """No profile is left without a test."""
    assert {profile.platform for profile in SOLAR} == SUNNY.keys()
    pairs = {"sma"}
    assert {profile.platform for profile in BATTERIES} == STORED.keys() | pairs


@pytest.mark.parametrize("platform", SUNNY)
async def test_solar(hass: HomeAssistant, platform: str) -> None:
    """The plant's power is found, and not that of a part of it."""
    ids = add_device(hass, platform, dict.fromkeys(SUNNY[platform], "W"))
    solar = (await async_find_house(hass)).solar
    assert solar.data == {"solar_power": [ids[SUNNY[platform][0]]]}
    assert solar.names == ("A device",)


async def test_two_inverters(hass: HomeAssistant) -> None:
    """Several are added up."""
    first = add_device(hass, "apsystems", {"A_total_power": "W"}, name="East")
    second = add_device(hass, "goodwe", {"goodwe-ppv-1": "W"}, name="West")
    solar = (await async_find_house(hass)).solar
    powers = {*first.values(), *second.values()}
    assert set(solar.data["solar_power"]) == powers
    assert set(solar.names) == {"East", "West"}


@pytest.mark.parametrize("platform", STORED)
async def test_batteries(hass: HomeAssistant, platform: str) -> None:
    """Power and charge level are found, with the direction in which the make counts."""
    keys, inverted = STORED[platform]
    units = {keys["battery_power"]: "W", keys["battery_soc"]: "%"}
    ids = add_device(hass, platform, units)
    battery = (await async_find_house(hass)).battery
    expected: dict[str, Any] = {key: [ids[one]] for key, one in keys.items()}
    assert battery.data == expected | {"battery_inverted": inverted}


async def test_battery_of_two_directions(hass: HomeAssistant) -> None:
    """Charging and discharging apart."""
    keys = ("1A-6100_00496900_0", "1A-6100_00496A00_0", "1A-6100_00295A00_0")
    ids = add_device(hass, "sma", dict(zip(keys, ("W", "W", "%"), strict=True)))
    battery = (await async_find_house(hass)).battery
    assert battery.data == {
        "battery_charge": [ids[keys[0]]],
        "battery_discharge": [ids[keys[1]]],
        "battery_soc": [ids[keys[2]]],
    }


async def test_two_batteries(hass: HomeAssistant) -> None:
    """Those of one make are taken together; another make is left to the user."""
    first = add_device(hass, "goodwe", {"goodwe-pbattery1-1": "W"}, name="One")
    second = add_device(hass, "goodwe", {"goodwe-pbattery1-2": "W"}, name="Two")
    add_device(hass, "solax_modbus", {"S_battery_power_charge": "W"}, name="Three")
    battery = (await async_find_house(hass)).battery
    powers = [*first.values(), *second.values()]
    assert battery.data == {"battery_power": powers, "battery_inverted": False}
    assert battery.names == ("One", "Two")


async def test_disabled_battery(hass: HomeAssistant) -> None:
    """A charge level without a power is no battery that could be reckoned with."""
    keys = {"goodwe-pbattery1-1": "W", "goodwe-battery_soc-1": "%"}
    add_device(hass, "goodwe", keys, disabled=("goodwe-pbattery1-1",))
    assert (await async_find_house(hass)).battery.data == {}
