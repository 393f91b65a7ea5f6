"""What is on disk: saved in time, read with care."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.model import Mode
from custom_components.ampacity.settings import (
    ChargerSettings,
    charger_settings,
    stored_charger,
)
from custom_components.ampacity.store import KEEP_SESSIONS

from .house import CHARGER_ID, ENTRY_ID, House

KEY = f"{DOMAIN}.{ENTRY_ID}"
SESSION = {
    "started": "2026-11-01T08:00:00+00:00",
    "ended": "2026-11-01T09:00:00+00:00",
    "energy_wh": 5000.0,
    "solar_wh": 2000.0,
    "cost": 1.2,
}


def saved(data: Any, version: int = 1) -> dict[str, Any]:
    """Return a file as it lies on disk."""
    return {"version": version, "minor_version": 1, "key": KEY, "data": data}


async def test_settings_are_saved_soon(
    site_entry: MockConfigEntry, house: House, hass_storage: dict[str, Any]
) -> None:
    """A mode is on disk ten seconds after it was chosen."""
    await house.choose("off_peak")
    await house.pass_time(15)
    chargers = hass_storage[KEY]["data"]["charger_settings"]
    assert chargers[CHARGER_ID]["mode"] == "off_peak"


async def test_disk_is_spared(
    site_entry: MockConfigEntry, house: House, hass_storage: dict[str, Any]
) -> None:
    """While only amounts tick on, they are saved every five minutes."""
    await house.choose("fast")
    await house.pass_time(60)
    writes = 0
    before = hass_storage[KEY]
    for _ in range(180):
        await house.pass_time(5)
        writes += hass_storage[KEY] is not before
        before = hass_storage[KEY]
    assert 2 <= writes <= 4
    session = before["data"]["state"]["chargers"][CHARGER_ID]["session"]
    assert session["energy_wh"] > 1000


@pytest.mark.parametrize(
    "data",
    [
        [],
        "text",
        {},
        {"site_settings": 5, "charger_settings": [], "sessions": 7, "state": "x"},
        {"state": {"now": "yesterday", "chargers": {CHARGER_ID: {"session": 3}}}},
        {"handover": {"clock_s": "soon"}},
        {"sessions": {CHARGER_ID: [None, {}, 4]}},
        {"charger_settings": {CHARGER_ID: {"mode": "warp", "min_a": "x"}}},
        {"site_settings": {"export_margin_w": None, "unheard_of": 1}},
    ],
)
async def test_garbage_is_no_reason_to_fail(
    house: House, hass_storage: dict[str, Any], data: Any
) -> None:
    """Whatever is in the file, the site is set up, with defaults for what cannot be read."""
    hass_storage[KEY] = saved(data)
    entry = await house.set_up()
    assert entry.state is ConfigEntryState.LOADED
    assert house.coordinator.settings.chargers[CHARGER_ID] == ChargerSettings()
    assert house.coordinator.settings.export_margin_w == 100
    await house.choose("fast")
    await house.pass_time(120)
    assert house.offered_a == 16


async def test_good_parts_survive_bad_ones(
    house: House, hass_storage: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """One session that cannot be read takes no other with it."""
    hass_storage[KEY] = saved(
        {
            "charger_settings": {CHARGER_ID: {"mode": "off", "min_a": "x"}},
            "sessions": {CHARGER_ID: [SESSION, {"started": "never"}, SESSION]},
        }
    )
    await house.set_up()
    sessions = house.coordinator.sessions(CHARGER_ID)
    assert [session.energy_wh for session in sessions] == [5000.0, 5000.0]
    assert house.coordinator.settings.chargers[CHARGER_ID].mode is Mode.OFF
    assert "Saved Session cannot be read" in caplog.text


@pytest.mark.parametrize(("version", "kept"), [(0, 1), (2, 1), (9, 0)])
async def test_other_versions(
    house: House, hass_storage: dict[str, Any], version: int, kept: int
) -> None:
    """Older data and that of the next version is read; what is far ahead is left out."""
    hass_storage[KEY] = saved({"sessions": {CHARGER_ID: [SESSION]}}, version)
    entry = await house.set_up()
    assert entry.state is ConfigEntryState.LOADED
    assert len(house.coordinator.sessions(CHARGER_ID)) == kept


async def test_only_so_many_sessions_are_kept(
    house: House, hass_storage: dict[str, Any]
) -> None:
    """The oldest go."""
    sessions = [SESSION | {"energy_wh": float(number)} for number in range(250)]
    hass_storage[KEY] = saved({"sessions": {CHARGER_ID: sessions}})
    await house.set_up()
    kept = house.coordinator.sessions(CHARGER_ID)
    assert len(kept) == KEEP_SESSIONS
    assert kept[0].energy_wh == 50
    assert kept[-1].energy_wh == 249


async def test_what_a_removed_charger_left_is_dropped(
    hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
) -> None:
    """Sessions of a charger that is no longer there don't pile up."""
    hass_storage[KEY] = saved({"sessions": {"01GONE": [SESSION]}})
    await house.set_up()
    await house.choose("off")
    await house.pass_time(15)
    assert hass_storage[KEY]["data"]["sessions"] == {}


@given(
    lowest_a=st.floats(6, 16),
    span_a=st.floats(0, 26),
    min_a=st.floats(-5, 50),
    max_a=st.floats(-5, 50),
)
def test_stored_currents_stay_inside_the_hardware(
    lowest_a: float, span_a: float, min_a: float, max_a: float
) -> None:
    """Whatever was stored, the range is one that the charger has."""
    data = {"min_current": lowest_a, "max_current": lowest_a + span_a}
    settings = charger_settings(data, {"min_a": min_a, "max_a": max_a})
    assert lowest_a <= settings.min_a <= settings.max_a <= lowest_a + span_a
    assert charger_settings(data, stored_charger(data, settings)) == settings


def test_a_wider_range_is_followed() -> None:
    """Who never touched the maximum gets the new one; who lowered it keeps that."""
    old = {"min_current": 6, "max_current": 16}
    new = {"min_current": 6, "max_current": 32}
    untouched = charger_settings(old, {})
    assert charger_settings(new, stored_charger(old, untouched)).max_a == 32
    lowered = ChargerSettings(max_a=10)
    assert charger_settings(new, stored_charger(old, lowered)).max_a == 10
