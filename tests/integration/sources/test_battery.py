"""The home battery's sensors: signs, sums, means and what is missing."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.engine.model import Fault
from custom_components.ampacity.sources.battery import BatterySource


def put(hass: HomeAssistant, name: str, value: str, unit: str = "W") -> str:
    """Set a sensor."""
    hass.states.async_set(f"sensor.{name}", value, {"unit_of_measurement": unit})
    return f"sensor.{name}"


@pytest.mark.parametrize(
    ("data", "power_w"),
    [
        ({"battery_power": ["sensor.one"]}, 1500.0),
        ({"battery_power": ["sensor.one"], "battery_inverted": True}, -1500.0),
        ({"battery_power": ["sensor.one", "sensor.two"]}, -500.0),
        ({"battery_charge": ["sensor.in"], "battery_discharge": ["sensor.out"]}, 400.0),
        (
            {"battery_charge": ["sensor.minus"], "battery_discharge": ["sensor.out"]},
            -300.0,
        ),
    ],
)
def test_power(hass: HomeAssistant, data: dict[str, Any], power_w: float) -> None:
    """Plus is discharging; of a pair only the amounts count."""
    put(hass, "one", "1.5", "kW")
    put(hass, "two", "-2000")
    put(hass, "in", "300")
    put(hass, "out", "700")
    put(hass, "minus", "-1000")
    found = BatterySource.from_config(data).read(hass, dt_util.utcnow())
    assert found is not None
    assert found.power_w is not None
    assert found.power_w.value == pytest.approx(power_w)
    assert found.soc is None


def test_charge_level_is_the_mean(hass: HomeAssistant) -> None:
    """Of all batteries alike."""
    data = {
        "battery_power": [put(hass, "one", "0")],
        "battery_soc": [put(hass, "a", "40", "%"), put(hass, "b", "90", "%")],
    }
    found = BatterySource.from_config(data).read(hass, dt_util.utcnow())
    assert found is not None
    assert found.soc is not None
    assert found.soc.value == 65.0
    hass.states.async_set("sensor.b", "unavailable")
    found = BatterySource.from_config(data).read(hass, dt_util.utcnow())
    assert found is not None
    assert found.soc is not None
    assert found.soc.fault is Fault.MISSING


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"battery_power": []},
        {"battery_soc": ["sensor.a"]},
        {"battery_charge": ["sensor.a"]},
    ],
)
def test_no_battery(hass: HomeAssistant, data: dict[str, Any]) -> None:
    """Without its power there is none."""
    source = BatterySource.from_config(data)
    assert not source.is_configured
    assert source.read(hass, dt_util.utcnow()) is None
