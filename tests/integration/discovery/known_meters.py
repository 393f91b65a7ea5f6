"""Meters as their integrations make them, by platform."""

from collections.abc import Mapping
from typing import Any


def three(template: str, phases: str = "123") -> list[str]:
    """Return a unique id for each phase."""
    return [template.replace("{n}", phase) for phase in phases]


# Platform, model, and the unique ids of: total, import, export, currents, powers, voltages.
Meter = tuple[str, str | None, Mapping[str, Any], bool]
SN = "1A2B"
KNOWN: dict[str, Meter] = {
    "HomeWizard P1": (
        "homewizard",
        "Wi-Fi P1 meter",
        {
            "power": "HWE-P1_5c2fafabcdef_active_power_w",
            "currents": three("HWE-P1_5c2fafabcdef_active_current_l{n}_a"),
            "powers": three("HWE-P1_5c2fafabcdef_active_power_l{n}_w"),
            "voltages": three("HWE-P1_5c2fafabcdef_active_voltage_l{n}_v"),
        },
        False,
    ),
    "DSMR": (
        "dsmr",
        None,
        {
            "import": f"{SN}_current_electricity_usage",
            "export": f"{SN}_current_electricity_delivery",
            "currents": three(f"{SN}_instantaneous_current_l{{n}}"),
            "voltages": three(f"{SN}_instantaneous_voltage_l{{n}}"),
        },
        False,
    ),
    "DSMR Reader": (
        "dsmr_reader",
        None,
        {
            "import": "01J-dsmr_reading_electricity_currently_delivered",
            "export": "01J-dsmr_reading_electricity_currently_returned",
            "currents": three("01J-dsmr_reading_phase_power_current_l{n}"),
            "voltages": three("01J-dsmr_reading_phase_voltage_l{n}"),
        },
        False,
    ),
    "P1 Monitor": (
        "p1_monitor",
        None,
        {
            "import": "01J_smartmeter_power_consumption",
            "export": "01J_smartmeter_power_production",
            "currents": three("01J_phases_current_phase_l{n}"),
            "voltages": three("01J_phases_voltage_phase_l{n}"),
        },
        False,
    ),
    "YouLess": (
        "youless",
        None,
        {
            "power": "youless_aabb_usage",
            "currents": three("youless_aabb_phase_{n}_current"),
            "powers": three("youless_aabb_phase_{n}_power"),
            "voltages": three("youless_aabb_phase_{n}_voltage"),
        },
        False,
    ),
    "Tibber Pulse": (
        "tibber",
        None,
        {
            "import": "c70d-4f_rt_power",
            "export": "c70d-4f_rt_powerProduction",
            "currents": three("c70d-4f_rt_currentL{n}"),
            "voltages": three("c70d-4f_rt_voltagePhase{n}"),
        },
        False,
    ),
    "Discovergy": (
        "discovergy",
        None,
        {
            "power": f"{SN}-power",
            "powers": three(f"{SN}-power{{n}}"),
            "voltages": three(f"{SN}-phase{{n}}Voltage"),
        },
        False,
    ),
    "IOmeter": (
        "iometer",
        None,
        {"power": "1ISK-1_power", "powers": three("1ISK-1_power_phase_{n}")},
        False,
    ),
    "SMA": (
        "sma",
        None,
        {
            "import": f"{SN}-6100_40463700_0",
            "export": f"{SN}-6100_40463600_0",
            "currents": [
                f"{SN}-6100_40466500_0",
                f"{SN}-6100_40466600_0",
                f"{SN}-6100_40466B00_0",
            ],
        },
        False,
    ),
    "Fronius smart meter": (
        "fronius",
        "Smart Meter TS 65A-3",
        {
            "power": f"{SN}-power_real",
            "currents": three(f"{SN}-current_ac_phase_{{n}}"),
            "powers": three(f"{SN}-power_real_phase_{{n}}"),
            "voltages": three(f"{SN}-voltage_ac_phase_{{n}}"),
        },
        False,
    ),
    "Fronius without a meter of its own": (
        "fronius",
        None,
        {"power": "solar_net_123-power_flow-power_grid"},
        False,
    ),
    "Enphase": (
        "enphase_envoy",
        None,
        {
            "power": "1234_net_consumption",
            "currents": three("1234_net_ct_current_l{n}"),
            "powers": three("1234_net_consumption_l{n}"),
            "voltages": three("1234_voltage_l{n}"),
        },
        False,
    ),
    "Huawei": (
        "huawei_solar",
        None,
        {
            "power": "HV21_power_meter_active_power",
            "currents": three("HV21_active_grid_{n}_current", "abc"),
            "powers": three("HV21_active_grid_{n}_power", "abc"),
            "voltages": three("HV21_grid_{n}_voltage", "abc"),
        },
        True,
    ),
    "SolarEdge Modbus": (
        "solaredge_modbus",
        None,
        {
            "power": f"{SN}_meter_1_ac_power",
            "currents": three(f"{SN}_meter_1_ac_current_phase_{{n}}", "abc"),
            "powers": three(f"{SN}_meter_1_ac_power_phase_{{n}}", "abc"),
            "voltages": three(f"{SN}_meter_1_ac_voltage_phase_{{n}}n", "abc"),
        },
        True,
    ),
    "SolarEdge Modbus Multi": (
        "solaredge_modbus_multi",
        None,
        {
            "power": "SE10K_7E_M1_ac_power",
            "currents": three("SE10K_7E_M1_ac_current_{n}", "abc"),
            "powers": three("SE10K_7E_M1_ac_power_{n}", "abc"),
            "voltages": three("SE10K_7E_M1_ac_voltage_{n}n", "abc"),
        },
        True,
    ),
    "Victron GX": (
        "victron_gx",
        None,
        {
            "power": "c0619_grid_30_grid_power",
            "currents": three("c0619_grid_30_grid_current_L{n}"),
            "powers": three("c0619_grid_30_grid_power_L{n}"),
            "voltages": three("c0619_grid_30_grid_voltage_L{n}"),
        },
        False,
    ),
    "Victron GX without a meter of its own": (
        "victron_gx",
        None,
        {
            "currents": three("c0619_system_0_system_grid_current_L{n}"),
            "powers": three("c0619_system_0_system_grid_power_L{n}"),
        },
        False,
    ),
    "Victron from HACS": (
        "victron",
        None,
        {
            "currents": three("30_grid_L{n}_current"),
            "powers": three("30_grid_L{n}_power"),
            "voltages": three("30_grid_L{n}_voltage"),
        },
        False,
    ),
    "GoodWe": ("goodwe", None, {"power": "goodwe-active_power-95027EST"}, True),
    "SolaX Modbus": (
        "solax_modbus",
        None,
        {
            "power": "SolaX_measured_power",
            "powers": three("SolaX_measured_power_l{n}"),
        },
        True,
    ),
    "Kostal": (
        "kostal_plenticore",
        None,
        {"power": "01J_devices:local_Grid_P"},
        False,
    ),
    "Powerwall": ("powerwall", None, {"power": "1232-TG_site_instant_power"}, False),
    "Teslemetry": ("teslemetry", None, {"power": "123456-grid_power"}, False),
    "Shelly Pro 3EM": (
        "shelly",
        "SPEM-003CEBEU",
        {
            "power": "AABB-em:0-total_act_power",
            "currents": three("AABB-em:0-{n}_current", "abc"),
            "powers": three("AABB-em:0-{n}_act_power", "abc"),
            "voltages": three("AABB-em:0-{n}_voltage", "abc"),
        },
        False,
    ),
    "Shelly 3EM": (
        "shelly",
        "SHEM-3",
        {
            "currents": three("AABB-emeter_{n}-current", "012"),
            "powers": three("AABB-emeter_{n}-power", "012"),
            "voltages": three("AABB-emeter_{n}-voltage", "012"),
        },
        False,
    ),
    "ESPHome, OBIS": ("esphome", None, {"power": "AABB-sensor-sml_16_7_0"}, False),
    "ESPHome, DSMR": (
        "esphome",
        None,
        {
            "import": "AABB-sensor-power_consumed",
            "export": "AABB-sensor-power_produced",
            "currents": three("AABB-sensor-current_phase_{n}"),
            "voltages": three("AABB-sensor-voltage_phase_{n}"),
        },
        False,
    ),
    "Tasmota, plain words": (
        "tasmota",
        None,
        {
            "power": "AABB_sensor_sensor_SM_Grid_Power",
            "currents": three("AABB_sensor_sensor_SM_Current_L{n}"),
        },
        False,
    ),
}
