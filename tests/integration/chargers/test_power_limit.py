"""Chargers whose limit is a power, which the phases share."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.chargers.config import ChargerConfig
from custom_components.ampacity.chargers.limit import Steps
from custom_components.ampacity.chargers.reader import read_charger
from custom_components.ampacity.settings import ChargerSettings

from .common import NEVER, NO_STATUS, NUMBER, charger, show_limit

WATT: dict[str, Any] = {"min": 0, "max": 22000, "step": 100, "unit_of_measurement": "W"}
KILOWATT: dict[str, Any] = {
    "min": 0,
    "max": 22,
    "step": 0.1,
    "unit_of_measurement": "kW",
}
FINE: dict[str, Any] = WATT | {"step": 1}
PHASES = {
    "phases_kind": "select",
    "phases_entity": "select.phases",
    "phases_one": "1_phase",
    "phases_all": "3_phase",
}


@pytest.mark.parametrize(
    ("attributes", "phases", "current_a", "value"),
    [
        (WATT, 3, 16.0, 11000),
        (WATT, 3, 0.0, 0),
        (WATT, 3, 10.0, 6900),
        (WATT, 3, 6.0, 4200),
        (WATT, 1, 6.0, 1400),
        (WATT, 1, 16.0, 3600),
        (WATT, 3, 40.0, 22000),
        (KILOWATT, 3, 16.0, 11),
        (KILOWATT, 1, 10.0, 2.3),
        (FINE, 3, 6.0, 4140),
        (FINE, 1, 13.37, 3075),
    ],
)
def test_set(
    hass: HomeAssistant,
    attributes: dict[str, Any],
    phases: int,
    current_a: float,
    value: float,
) -> None:
    """Rounded down to a step, but never from a current that cars charge with to one they don't."""
    show_limit(hass, "unknown", **attributes)
    write = charger(phases=phases).limit.write(hass, current_a)
    assert write.data["value"] == pytest.approx(value)
    assert write.short is None


@pytest.mark.parametrize(
    ("shown", "value"),
    [("1_phase", 2300), ("3_phase", 6900), ("automatic", 6900), ("unavailable", 6900)],
)
def test_on_the_phases_in_use(hass: HomeAssistant, shown: str, value: int) -> None:
    """The power of one ampere follows the phases as soon as the charger shows them."""
    show_limit(hass, 6900, **WATT)
    hass.states.async_set("select.phases", shown)
    config = charger(PHASES)
    assert config.limit.write(hass, 10.0).data["value"] == value
    reading = read_charger(hass, config, dt_util.utcnow())
    assert reading.offered_a is not None
    assert reading.offered_a.value == pytest.approx(6900 / value * 10.0)


def test_by_its_own_phase_sensor(hass: HomeAssistant) -> None:
    """A sensor that shows the phases knows better than the lever."""
    show_limit(hass, 6900, **WATT)
    hass.states.async_set("select.phases", "3_phase")
    hass.states.async_set("sensor.phases", "1")
    config = charger(PHASES, phases_sensor="sensor.phases")
    assert config.limit.write(hass, 10.0).data["value"] == 2300


def test_at_the_voltage_of_the_site(hass: HomeAssistant) -> None:
    """An ampere is less where the voltage is lower."""
    show_limit(hass, 0, **WATT)
    subentry = ConfigSubentry(
        data=MappingProxyType(NUMBER | NEVER | NO_STATUS | {"phases": 1}),
        subentry_id="garage",
        subentry_type="charger",
        title="Garage",
        unique_id=None,
    )
    config = ChargerConfig.from_subentry(subentry, voltage_v=100.0)
    assert config.limit.write(hass, 10.0).data["value"] == 1000


def test_offer_in_watt_of_another_entity(hass: HomeAssistant) -> None:
    """What is in force may be a power, too."""
    show_limit(hass, 3600, **WATT)
    show_limit(hass, 11040, "number.in_force", **WATT)
    config = charger(offered_sensor="number.in_force")
    reading = read_charger(hass, config, dt_util.utcnow())
    assert reading.offered_a is not None
    assert reading.offered_a.value == pytest.approx(16.0)


def test_coarse_steps_are_levels(hass: HomeAssistant) -> None:
    """The engine offers only what the number can be set to, and never less than a car takes."""
    show_limit(hass, 0, **WATT)
    steps = charger().limit_steps(hass)
    assert steps.levels_a[0] == pytest.approx(4200 / 690)
    assert steps.levels_a[-1] == pytest.approx(22000 / 690)
    whole = ChargerSettings(min_a=6.0, max_a=16.0)
    engine = charger(max_current=16).engine_charger(whole, steps)
    assert engine.step_down(16.0) == pytest.approx(11000 / 690)
    show_limit(hass, 0, **FINE)
    assert charger().limit_steps(hass) == Steps(finest_a=0.1)
