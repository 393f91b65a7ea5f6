"""What sensors and people get wrong: each ends in a safe current and a reason."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .house import (
    CHARGER_ID,
    ENERGY,
    GRID_CURRENTS,
    GRID_POWER,
    POWER,
    SOC,
    SOLAR,
    STATUS,
    House,
    make_entry,
)


@pytest.fixture
async def charging(site_entry: MockConfigEntry, house: House) -> House:
    """Return a house whose car charges at 16 A."""
    await house.choose("fast")
    await house.pass_time(180)
    assert house.offered_a == 16
    return house


@pytest.mark.parametrize("entity_id", [GRID_POWER, GRID_CURRENTS[0]])
@pytest.mark.parametrize(
    ("state", "unit"),
    [
        ("unavailable", "W"),
        ("unknown", "W"),
        ("", "W"),
        ("lots", "W"),
        ("1,5", "W"),
        ("nan", "W"),
        ("inf", "W"),
        ("-inf", "W"),
        ("12", "°C"),
    ],
)
async def test_meter_that_tells_nonsense(
    hass: HomeAssistant, charging: House, entity_id: str, state: str, unit: str
) -> None:
    """The safe current in the same turn, whatever the meter says instead of a number."""
    charging.metering = False
    hass.states.async_set(entity_id, state, {"unit_of_measurement": unit})
    assert charging.offered_a == 6
    assert charging.reason == "meter_stale"
    await charging.pass_time(60)
    assert charging.offered_a == 6


async def test_meter_that_is_absurd(hass: HomeAssistant, charging: House) -> None:
    """Hundreds of amperes behind a fuse of 25 A are not measured but made up."""
    charging.metering = False
    hass.states.async_set(GRID_CURRENTS[1], "900", {"unit_of_measurement": "A"})
    assert charging.offered_a <= 6
    assert charging.reason == "meter_absurd"


async def test_meter_that_falls_silent(charging: House) -> None:
    """A meter that keeps its last value without reporting is not believed for long."""
    charging.metering = False
    await charging.pass_time(150)
    assert charging.offered_a == 6
    assert charging.reason == "meter_stale"


@pytest.mark.parametrize("entity_id", [POWER, ENERGY, SOC, SOLAR])
@pytest.mark.parametrize("state", ["unavailable", "nan", "lots", "-50000"])
async def test_other_sensors_stop_nothing(
    hass: HomeAssistant, charging: House, entity_id: str, state: str
) -> None:
    """A sensor that isn't needed for the fuse may say what it likes."""
    unit = hass.states.get(entity_id)
    assert unit is not None
    for _ in range(12):
        await charging.pass_time(5)
        hass.states.async_set(entity_id, state, unit.attributes)
    assert charging.offered_a >= 6
    assert not charging.coordinator.data.error
    await charging.pass_time(120)
    total_wh = charging.coordinator.charger_state(CHARGER_ID).total_wh
    assert 0 <= total_wh <= 1.2 * (charging.energy_wh - 1_000_000.0)


@pytest.mark.parametrize("word", ["", "Exploded", "CHARGING", "charging "])
async def test_status_in_other_words(
    hass: HomeAssistant, charging: House, word: str
) -> None:
    """A status that nobody has mapped takes neither loop nor fuse down."""
    hass.states.async_set(STATUS, word)
    await hass.async_block_till_done()
    assert not charging.coordinator.data.error
    charging.base_a = (22.0, 1.0, 1.0)
    await charging.pass_time(30)
    assert not charging.coordinator.data.error


@pytest.mark.parametrize(
    ("data", "charger"),
    [
        ({"main_fuse": 0}, {}),
        ({"main_fuse": 1000}, {}),
        ({"voltage": 0}, {}),
        ({"power_limit": 0}, {}),
        ({"grid_power": "sensor.nothing"}, {}),
        ({}, {"min_current": 20, "max_current": 10}),
        ({}, {"safe_current": 99}),
        ({}, {"phase_map": "unknown"}),
        ({}, {"status_map": {}}),
    ],
)
async def test_configuration_that_makes_no_sense(
    house: House, data: dict[str, Any], charger: dict[str, Any]
) -> None:
    """What slipped past the flows, or was edited by hand, is set up and stays inside the fuse."""
    entry = await house.set_up(make_entry(data, charger))
    assert entry.state is ConfigEntryState.LOADED
    await house.choose("fast")
    await house.pass_time(120)
    assert house.coordinator.data.decision(CHARGER_ID) is not None
    if data.get("main_fuse") == 0 or data.get("power_limit") == 0:
        assert house.offered_a == 0


async def test_site_without_chargers(hass: HomeAssistant, house: House) -> None:
    """A site whose chargers are yet to come shows its meter and controls nothing."""
    entry = make_entry()
    entry.add_to_hass(hass)
    assert hass.config_entries.async_remove_subentry(entry, CHARGER_ID)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await house.pass_time(30)
    assert house.coordinator.charger_ids == ()
    assert house.coordinator.data.view.grid_w == pytest.approx(4 * 230)
    assert not house.calls
