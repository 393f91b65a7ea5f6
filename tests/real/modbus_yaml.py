"""What the owner of a charger without an integration of its own writes into configuration.yaml."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .devices.device import HOST
from .devices.heidelberg import (
    CURRENTS,
    ENERGY,
    MAX_CURRENT,
    POWER,
    STATUS,
    UNIT_ID,
    EnergyControl,
)

HUB = "heidelberg"
POLL_S = 5


def _sensor(name: str, address: int, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "unique_id": f"heidelberg_{name}",
        "address": address,
        "input_type": "input",
        "data_type": "uint16",
        "slave": UNIT_ID,
        "scan_interval": POLL_S,
        **more,
    }


def _modbus(device: EnergyControl) -> dict[str, Any]:
    amps = {"unit_of_measurement": "A", "device_class": "current", "scale": 0.1}
    amps["precision"] = 1
    sensors = [
        _sensor("wallbox_status", STATUS),
        *(_sensor(f"wallbox_l{n + 1}", CURRENTS + n, **amps) for n in range(3)),
        _sensor("wallbox_power", POWER, unit_of_measurement="W", device_class="power"),
        _sensor(
            "wallbox_energy",
            ENERGY,
            data_type="uint32",
            unit_of_measurement="Wh",
            device_class="energy",
            state_class="total_increasing",
        ),
        _sensor("wallbox_limit", MAX_CURRENT, **amps | {"input_type": "holding"}),
    ]
    return {
        "name": HUB,
        "type": "tcp",
        "host": HOST,
        "port": device.port,
        "timeout": 2,
        "sensors": sensors,
    }


def _number() -> dict[str, Any]:
    return {
        "name": "wallbox_current",
        "unique_id": "wallbox_current",
        "unit_of_measurement": "A",
        "min": 0,
        "max": 16,
        "step": 0.1,
        "state": "{{ states('sensor.wallbox_limit') }}",
        "availability": "{{ has_value('sensor.wallbox_limit') }}",
        "set_value": {
            "action": "modbus.write_register",
            "data": {
                "hub": HUB,
                "slave": UNIT_ID,
                "address": MAX_CURRENT,
                "value": "{{ (value * 10) | round | int }}",
            },
        },
    }


async def set_up(hass: HomeAssistant, device: EnergyControl) -> None:
    """Set up the modbus integration, and a number that writes the register of the current."""
    assert await async_setup_component(hass, "modbus", {"modbus": [_modbus(device)]})
    template = {"template": [{"number": [_number()]}]}
    assert await async_setup_component(hass, "template", template)
