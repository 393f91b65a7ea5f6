"""Tests of the solar plant's sensors and of a site's sources together."""

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.engine.model import Fault
from custom_components.ampacity.sources import SiteSources
from custom_components.ampacity.sources.solar import SolarSource


@pytest.mark.parametrize(
    ("states", "value", "fault"),
    [
        (["3.2"], 3200.0, None),
        (["3.2", "1"], 4200.0, None),
        (["3.2", "-0.005"], 3195.0, None),
        (["3.2", "unavailable"], None, Fault.MISSING),
        (["NaN", "1"], None, Fault.NOT_A_NUMBER),
    ],
)
def test_sum(
    hass: HomeAssistant, states: list[str], value: float | None, fault: Fault | None
) -> None:
    """All sensors are added up; one that fails makes the sum unknown."""
    for number, state in enumerate(states):
        hass.states.async_set(
            f"sensor.pv{number}", state, {"unit_of_measurement": "kW"}
        )
    source = SolarSource.from_config(
        {"solar_power": [f"sensor.pv{number}" for number in range(len(states))]}
    )
    reading = source.read(hass, dt_util.utcnow())
    assert reading is not None
    assert reading.fault is fault
    assert reading.ok is (value is not None)
    if value is not None:
        assert reading.value == pytest.approx(value)


@pytest.mark.parametrize("data", [{}, {"solar_power": []}, {"solar_power": None}])
def test_no_solar(hass: HomeAssistant, data: dict[str, object]) -> None:
    """A site without solar sensors has no reading, which is no fault."""
    assert SolarSource.from_config(data).read(hass, dt_util.utcnow()) is None


def test_site_sources() -> None:
    """A site tells which entities to follow, those of the meter apart."""
    sources = SiteSources.from_config(
        {
            "grid_power": "sensor.meter",
            "solar_power": ["sensor.roof", "sensor.meter", "sensor.roof"],
            "off_peak_entity": "schedule.cheap",
        }
    )
    assert sources.meter_entity_ids == ("sensor.meter",)
    assert sources.entity_ids == ("sensor.meter", "sensor.roof", "schedule.cheap")
