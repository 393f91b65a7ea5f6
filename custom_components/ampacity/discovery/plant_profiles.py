"""The solar plants and home batteries that are known, by what their integrations register.

Where an integration knows the sum of all modules, that is taken; else what the inverter gives,
which a battery behind the same inverter changes.
"""

from .profiles import BatteryProfile, SolarProfile

SOLAR: tuple[SolarProfile, ...] = (
    SolarProfile(platform="fronius", power="power_photovoltaics"),
    SolarProfile(platform="enphase_envoy", power="production", before="[^_]+_"),
    SolarProfile(platform="huawei_solar", power="input_power", before="[^_]+_"),
    SolarProfile(platform="sma", power="(?:6100_40263f00_0|grid[ _]power)"),
    SolarProfile(platform="solaredge_modbus", power="ac_power", before="(?!.*_(?:meter|battery)_).*_"),
    SolarProfile(platform="solaredge_modbus_multi", power="ac_power", before=r"(?!.*_m\d+_).*_"),
    SolarProfile(platform="victron_gx", power="(?:system_dc_pv_power|pvinverter_power_total)"),
    SolarProfile(platform="goodwe", power="goodwe-ppv-[^-]+"),
    SolarProfile(platform="solax_modbus", power="pv_power_total"),
    SolarProfile(platform="kostal_plenticore", power="_virt__pv_p"),
    SolarProfile(platform="powerwall", power="solar_instant_power"),
    SolarProfile(platform="tesla_fleet", power="solar_power"),
    SolarProfile(platform="teslemetry", power="solar_power"),
    SolarProfile(platform="tessie", power="solar_power"),
    SolarProfile(platform="solarlog", power="power_ac"),
    SolarProfile(platform="apsystems", power="total_power"),
)  # fmt: skip

BATTERIES: tuple[BatteryProfile, ...] = (
    BatteryProfile(
        platform="fronius",
        power="power_flow-power_battery",
        soc="state_of_charge",
        of_entry=True,
    ),
    BatteryProfile(
        platform="enphase_envoy",
        power="battery_discharge",
        soc="battery_level",
    ),
    BatteryProfile(
        platform="huawei_solar",
        power="storage_charge_discharge_power",
        soc="storage_state_of_capacity",
        inverted=True,
    ),
    BatteryProfile(
        platform="sma",
        charge="(?:6100_00496900_0|battery[ _]power[ _]charge[ _]total)",
        discharge="(?:6100_00496a00_0|battery[ _]power[ _]discharge[ _]total)",
        soc="(?:6100_00295a00_0|battery[ _]soc[ _]total)",
    ),
    BatteryProfile(
        platform="solaredge_modbus",
        power=r"battery_[^_]+_dc_power",
        soc=r"battery_[^_]+_state_of_energy",
        inverted=True,
    ),
    BatteryProfile(
        platform="solaredge_modbus_multi",
        power=r"b\d+_dc_power",
        soc=r"b\d+_battery_soe",
        inverted=True,
    ),
    BatteryProfile(
        platform="victron_gx",
        power="system_dc_battery_power",
        soc="system_dc_battery_soc",
        inverted=True,
    ),
    BatteryProfile(
        platform="goodwe",
        power="goodwe-(?:pbattery1|battery_power)-[^-]+",
        soc="goodwe-battery_soc-[^-]+",
    ),
    BatteryProfile(
        platform="solax_modbus",
        power="battery_power_charge",
        soc="battery_capacity",
        inverted=True,
    ),
    BatteryProfile(
        platform="kostal_plenticore",
        power="devices:local:battery_p",
        soc="devices:local:battery_soc",
    ),
    BatteryProfile(
        platform="powerwall",
        power="battery_instant_power",
        soc="charge",
        of_entry=True,
    ),
    *(
        BatteryProfile(
            platform=platform, power="battery_power", soc="percentage_charged"
        )
        for platform in ("tesla_fleet", "teslemetry", "tessie")
    ),
)
