"""What the entities show of a house, and what they show when it falls silent."""

from collections.abc import Awaitable, Callable

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, translation
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ampacity.coordinator import AmpacityCoordinator

from .conftest import CHARGER_ID, EntityId, House, SetUp, make_entry

PUBLISHED_AFTER_S = 1.5

type Look = Callable[[str, str], State]
type Pass = Callable[[float], Awaitable[None]]


@pytest.fixture
def look(hass: HomeAssistant, entity_id: EntityId) -> Look:
    """Return what gives the state of an entity by platform and unique id."""

    def look(platform: str, unique_id: str) -> State:
        state = hass.states.get(entity_id(platform, unique_id))
        assert state
        return state

    return look


@pytest.fixture
def pass_time(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> Pass:
    """Return what lets seconds pass while all sensors go on reporting."""

    async def pass_time(seconds: float) -> None:
        steps = [10.0] * round(seconds / 10.0)
        for step_s in (*steps, PUBLISHED_AFTER_S):
            freezer.tick(step_s)
            house.show()
            async_fire_time_changed(hass)
            await hass.async_block_till_done()

    return pass_time


def plug_in(house: House, *, grid_w: float = -3000.0) -> None:
    """Plug a car in; 3 kW of export is too little for it, 5 kW starts it at once."""
    house.plugged = STATE_ON
    house.grid_w, house.solar_w = str(grid_w), str(500.0 - grid_w)


async def test_site(site: AmpacityCoordinator, look: Look) -> None:
    """The grid connection shows the meter, and what the house makes of it."""
    assert float(look("sensor", "SITE1_grid_power").state) == -3000.0
    assert float(look("sensor", "SITE1_home_power").state) == 500.0
    assert float(look("sensor", "SITE1_solar_power").state) == 3500.0
    assert float(look("sensor", "SITE1_surplus_power").state) == 3000.0
    assert float(look("sensor", "SITE1_current_l3").state) == pytest.approx(-4.4)
    assert float(look("sensor", "SITE1_headroom_l3").state) == pytest.approx(28.15)
    assert look("binary_sensor", "SITE1_limiting").state == STATE_OFF
    assert look("switch", "SITE1_charging_enabled").state == STATE_ON
    assert float(look("number", "SITE1_export_margin").state) == 100.0


async def test_charger_without_a_car(site: AmpacityCoordinator, look: Look) -> None:
    """No car: nothing flows, and a session never was."""
    assert look("sensor", "CHARGER1_status").state == "disconnected"
    assert look("sensor", "CHARGER1_reason").state == "not_connected"
    assert look("binary_sensor", "CHARGER1_plugged_in").state == STATE_OFF
    assert look("binary_sensor", "CHARGER1_charging").state == STATE_OFF
    assert float(look("sensor", "CHARGER1_charging_power").state) == 0.0
    for key in ("session_energy", "session_cost", "session_solar_share"):
        assert look("sensor", f"CHARGER1_{key}").state == STATE_UNKNOWN
    assert look("select", "CHARGER1_mode").state == "solar"
    assert float(look("number", "CHARGER1_min_current").state) == 6.0
    assert float(look("number", "CHARGER1_max_current").state) == 16.0
    assert float(look("number", "CHARGER1_priority").state) == 2.0


async def test_reason_says_its_sentence(
    house: House,
    site: AmpacityCoordinator,
    look: Look,
    pass_time: Pass,
) -> None:
    """The reason is a key to compare and a sentence to read."""
    plug_in(house)
    await pass_time(40)

    reason = look("sensor", "CHARGER1_reason")
    assert reason.state == "solar_waiting"
    sentence = reason.attributes["sentence"]
    assert sentence.startswith("Waiting for the sun: 2.9 kW surplus, ")
    assert reason.attributes["until"] is None


async def test_reason_tells_until_when(
    house: House, site: AmpacityCoordinator, look: Look, pass_time: Pass
) -> None:
    """The end of a boost stands in the sentence and, as a time, beside it."""
    plug_in(house)
    await pass_time(10)
    await look_and_press(site, look)
    await pass_time(20)

    reason = look("sensor", "CHARGER1_reason")
    assert reason.state == "boost"
    assert " by boost, until " in reason.attributes["sentence"]
    assert reason.attributes["until"].endswith("+00:00")


async def look_and_press(site: AmpacityCoordinator, look: Look) -> None:
    """Press the boost button."""
    await site.hass.services.async_call(
        "button",
        "press",
        {"entity_id": look("button", "CHARGER1_boost").entity_id},
        blocking=True,
    )


async def test_session_and_energy(
    house: House, site: AmpacityCoordinator, look: Look, pass_time: Pass
) -> None:
    """Session sensors follow the counter, and keep showing the session after it."""
    plug_in(house, grid_w=-5000.0)
    await pass_time(10)
    started = look("sensor", "CHARGER1_session_energy").attributes["last_reset"]
    house.energy_kwh = "100.01"
    await pass_time(10)
    house.energy_kwh = "100.02"
    await pass_time(10)

    assert look("sensor", "CHARGER1_status").state == "charging"
    assert look("binary_sensor", "CHARGER1_charging").state == STATE_ON
    assert float(look("sensor", "CHARGER1_charging_power").state) == 4140.0
    house.plugged = house.charging = house.enabled = STATE_OFF
    house.power_w = "0"
    await pass_time(20)

    assert look("sensor", "CHARGER1_status").state == "disconnected"
    energy = look("sensor", "CHARGER1_session_energy")
    assert float(energy.state) == pytest.approx(0.02, abs=1e-4)
    assert energy.attributes["last_reset"] == started
    assert float(look("sensor", "CHARGER1_session_cost").state) == pytest.approx(
        0.02 * 0.08, abs=1e-4
    )
    assert float(look("sensor", "CHARGER1_session_solar_share").state) == 100.0
    assert float(look("sensor", "SITE1_solar_share_today").state) == 100.0
    assert float(look("sensor", "CHARGER1_energy").state) == pytest.approx(
        0.02, abs=1e-4
    )


async def test_solar_share_starts_anew_at_midnight_and_survives_a_reload(
    hass: HomeAssistant,
    house: House,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    look: Look,
    pass_time: Pass,
) -> None:
    """Yesterday's part of a session stays yesterday's, across a reload too."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-06-01 21:59:00+00:00")
    house.show()
    entry = make_entry()
    await set_up(entry)
    plug_in(house, grid_w=-5000.0)
    await pass_time(10)
    house.energy_kwh = "100.01"
    await pass_time(10)
    assert float(look("sensor", "SITE1_solar_share_today").state) == 100.0

    await pass_time(50)
    assert look("sensor", "SITE1_solar_share_today").state == STATE_UNKNOWN

    house.grid_w, house.solar_w = "4640", "0"
    await pass_time(10)
    house.energy_kwh = "100.02"
    await pass_time(10)
    assert float(look("sensor", "SITE1_solar_share_today").state) == 0.0
    assert 0.0 < float(look("sensor", "CHARGER1_session_solar_share").state) < 100.0

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert float(look("sensor", "SITE1_solar_share_today").state) == 0.0


async def test_lost_meter_is_unknown_not_unavailable(
    house: House, site: AmpacityCoordinator, look: Look, pass_time: Pass
) -> None:
    """Values that nobody knows are unknown; the charger tells why it is careful."""
    plug_in(house, grid_w=-5000.0)
    await pass_time(60)
    house.grid_w = "unavailable"
    house.currents_a = ("unavailable", "unavailable", "unavailable")
    await pass_time(130)

    for key in (
        "grid_power",
        "home_power",
        "surplus_power",
        "current_l1",
        "headroom_l2",
    ):
        assert look("sensor", f"SITE1_{key}").state == STATE_UNKNOWN, key
    reason = look("sensor", "CHARGER1_reason")
    assert reason.state == "meter_stale"
    assert "to be safe: the grid meter" in reason.attributes["sentence"]


async def test_offline_charger_says_so(
    house: House, site: AmpacityCoordinator, look: Look, pass_time: Pass
) -> None:
    """A charger that does not answer has a status, and no guesses."""
    house.plugged = house.charging = "unavailable"
    house.power_w = house.energy_kwh = house.limit_a = house.enabled = "unavailable"
    await pass_time(20)

    assert look("sensor", "CHARGER1_status").state == "offline"
    assert look("sensor", "CHARGER1_reason").state == "offline"
    assert look("binary_sensor", "CHARGER1_plugged_in").state == STATE_UNKNOWN
    assert look("binary_sensor", "CHARGER1_charging").state == STATE_UNKNOWN
    assert look("sensor", "CHARGER1_charging_power").state == STATE_UNKNOWN
    assert look("select", "CHARGER1_mode").state == "solar"


async def test_silent_solar_plant_is_unknown(
    house: House, site: AmpacityCoordinator, look: Look, pass_time: Pass
) -> None:
    """An inverter that sleeps leaves the surplus to the grid meter."""
    house.solar_w = "unavailable"
    await pass_time(10)
    assert look("sensor", "SITE1_solar_power").state == STATE_UNKNOWN
    assert float(look("sensor", "SITE1_surplus_power").state) == 3000.0


async def test_commands_are_counted(
    hass: HomeAssistant,
    house: House,
    set_up: SetUp,
    entity_registry: er.EntityRegistry,
    look: Look,
    pass_time: Pass,
) -> None:
    """Who turns the counter on sees how often the charger was written."""
    entity_registry.async_get_or_create(
        "sensor", "ampacity", f"{CHARGER_ID}_writes", disabled_by=None
    )
    await set_up(make_entry())
    assert float(look("sensor", "CHARGER1_writes").state) == 0.0
    plug_in(house)
    await pass_time(10)
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": look("select", "CHARGER1_mode").entity_id, "option": "fast"},
        blocking=True,
    )
    await pass_time(60)
    assert float(look("sensor", "CHARGER1_writes").state) >= 1.0


async def test_the_sentence_follows_the_language(
    hass: HomeAssistant, set_up: SetUp, look: Look, pass_time: Pass
) -> None:
    """A changed language of the server needs no restart."""
    translation.async_setup(hass)
    await set_up(make_entry())
    reason = look("sensor", "CHARGER1_reason")
    assert reason.attributes["sentence"] == "No car is plugged in."
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    await pass_time(10)
    reason = look("sensor", "CHARGER1_reason")
    assert reason.attributes["sentence"].startswith("Es ")
