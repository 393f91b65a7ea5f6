"""Actions: what they do, and what they answer to nonsense."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.state import Boost, Cap
from custom_components.ampacity.services import power_w

from .house import CHARGER_ID, ENTRY_ID, SOC, STATUS, House

ACTIONS = ("boost", "stop_boost", "limit", "clear_limit", "get_sessions", "explain")


def boost_of(house: House) -> Boost | None:
    """Return the boost that is running."""
    return house.coordinator.charger_state(CHARGER_ID).boost


def site_cap(house: House) -> Cap | None:
    """Return the cap on the site's import."""
    return house.coordinator.state.cap


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Boost(remaining_s=3600.0)),
        ({"duration": {"minutes": 5}}, Boost(remaining_s=300.0)),
        ({"duration": "00:10:00", "current": 8}, Boost(remaining_s=600.0, current_a=8)),
        ({"current": 8}, Boost(remaining_s=3600.0, current_a=8)),
        ({"energy": 2.5}, Boost(energy_wh=2500.0)),
        ({"soc": 80}, Boost(soc=80)),
    ],
)
async def test_boost(
    site_entry: MockConfigEntry, house: House, fields: dict[str, Any], expected: Boost
) -> None:
    """A boost ends with what was asked for; with nothing, after the charger's usual time."""
    await house.act("boost", **fields)
    assert boost_of(house) == expected
    await house.pass_time(60)
    assert house.offered_a == (expected.current_a or 16)
    assert house.reason.startswith("boost")
    await house.act("stop_boost")
    assert boost_of(house) is None
    await house.pass_time(300)
    assert house.offered_a == 0


async def test_boost_ends_by_itself(site_entry: MockConfigEntry, house: House) -> None:
    """After its time the charger is back in its mode."""
    await house.act("boost", duration={"minutes": 3})
    await house.pass_time(120)
    assert house.offered_a == 16
    await house.pass_time(400)
    assert house.offered_a == 0
    assert boost_of(house) is None


async def test_second_boost_replaces_the_first(
    site_entry: MockConfigEntry, house: House
) -> None:
    """Nothing of the first boost is left."""
    await house.act("boost", duration={"minutes": 30}, current=8)
    await house.act("boost", energy=1)
    assert boost_of(house) == Boost(energy_wh=1000.0)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"duration": {"minutes": -5}}, "duration_not_positive"),
        ({"duration": 0}, "duration_not_positive"),
        ({"energy": 0}, "energy_not_positive"),
        ({"energy": -3}, "energy_not_positive"),
        ({"current": 5}, "current_out_of_range"),
        ({"current": 17}, "current_out_of_range"),
        ({"soc": 50}, "soc_reached"),
        ({"soc": 30}, "soc_reached"),
    ],
)
async def test_boost_refuses(
    site_entry: MockConfigEntry, house: House, fields: dict[str, Any], key: str
) -> None:
    """Nonsense is answered with a text, and no boost starts."""
    with pytest.raises(ServiceValidationError) as error:
        await house.act("boost", **fields)
    assert error.value.translation_key == key
    assert error.value.translation_domain == DOMAIN
    assert boost_of(house) is None


@pytest.mark.parametrize("fields", [{"soc": 101}, {"energy": "nan"}, {"current": "x"}])
async def test_boost_refuses_what_is_no_value(
    site_entry: MockConfigEntry, house: House, fields: dict[str, Any]
) -> None:
    """What can be no value at all does not get past the schema."""
    with pytest.raises(vol.Invalid):
        await house.act("boost", **fields)


@pytest.mark.parametrize(
    ("entity_id", "state", "fields", "key"),
    [
        (STATUS, "Unplugged", {}, "not_plugged_in"),
        (STATUS, "unavailable", {}, "charger_offline"),
        (SOC, "unknown", {"soc": 80}, "soc_unknown"),
    ],
)
async def test_boost_needs_a_car(
    hass: HomeAssistant,
    site_entry: MockConfigEntry,
    house: House,
    entity_id: str,
    state: str,
    fields: dict[str, Any],
    key: str,
) -> None:
    """Without a car, a charger or a state of charge there is nothing to boost."""
    hass.states.async_set(entity_id, state, {"unit_of_measurement": "%"})
    await hass.async_block_till_done()
    await house.pass_time(0)
    house.coordinator.async_control_soon()
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError) as error:
        await house.act("boost", **fields)
    assert error.value.translation_key == key


async def test_limit_of_a_charger(site_entry: MockConfigEntry, house: House) -> None:
    """A cap lowers a charger until it is lifted."""
    await house.choose("fast")
    await house.pass_time(120)
    await house.act("limit", current=10)
    await house.pass_time(30)
    assert house.offered_a == 10
    await house.act("clear_limit")
    await house.pass_time(180)
    assert house.offered_a == 16


async def test_limit_of_the_site_ends_by_itself(
    site_entry: MockConfigEntry, house: House
) -> None:
    """A cap on the import counts the house, and ends after its time."""
    await house.choose("fast")
    await house.pass_time(120)
    site = house.device_id(ENTRY_ID)
    await house.act("limit", device_id=site, power=7, duration={"minutes": 5})
    assert site_cap(house) == Cap(power_w=7000.0, remaining_s=300.0)
    await house.pass_time(60)
    assert 690 * house.offered_a + 4 * 230 <= 7000
    await house.pass_time(600)
    assert site_cap(house) is None
    assert house.offered_a == 16


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "limit_without_value"),
        ({"duration": {"minutes": 5}}, "limit_without_value"),
        ({"power": -1}, "limit_negative"),
        ({"current": -0.1}, "limit_negative"),
        ({"current": 10, "duration": {"minutes": -1}}, "duration_not_positive"),
    ],
)
async def test_limit_refuses(
    site_entry: MockConfigEntry, house: House, fields: dict[str, Any], key: str
) -> None:
    """A limit needs a value that can be one."""
    with pytest.raises(ServiceValidationError) as error:
        await house.act("limit", **fields)
    assert error.value.translation_key == key
    assert house.coordinator.charger_state(CHARGER_ID).cap is None


@pytest.mark.parametrize(
    ("value", "expected_w"),
    [(4.2, 4200), ("4.2", 4200), ("4200 W", 4200), ("4.2 kW", 4200), (0, 0)],
)
def test_power_may_name_its_unit(value: object, expected_w: float) -> None:
    """A bare number is in kW, as everywhere in the configuration."""
    assert power_w(value) == expected_w


@pytest.mark.parametrize("value", ["4 MW", "inf", "much"])
def test_power_refuses_other_texts(value: str) -> None:
    """What names another unit, or is no number, is refused."""
    with pytest.raises(vol.Invalid):
        power_w(value)


@pytest.mark.parametrize("action", ACTIONS)
async def test_unknown_device(
    site_entry: MockConfigEntry, house: House, action: str
) -> None:
    """Each action tells that there is no such device."""
    with pytest.raises(ServiceValidationError) as error:
        await house.act(action, device_id="nothing")
    assert error.value.translation_key == "service_device_not_found"


@pytest.mark.parametrize("action", ["boost", "stop_boost", "get_sessions"])
async def test_site_is_no_charger(
    site_entry: MockConfigEntry, house: House, action: str
) -> None:
    """What only a charger can do is refused for the site."""
    with pytest.raises(ServiceValidationError) as error:
        await house.act(action, device_id=house.device_id(ENTRY_ID))
    assert error.value.translation_key == "not_a_charger"


@pytest.mark.parametrize("action", ACTIONS)
async def test_solar_device_is_neither(
    site_entry: MockConfigEntry, house: House, action: str
) -> None:
    """The solar plant's device is nothing to act on."""
    with pytest.raises(ServiceValidationError) as error:
        await house.act(action, device_id=house.device_id(f"{ENTRY_ID}_solar"))
    assert error.value.translation_key == "not_a_site_or_charger"


async def test_device_of_somebody_else(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """A device of another integration is refused by name."""
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}
    )
    with pytest.raises(ServiceValidationError) as error:
        await house.act("explain", device_id=device.id)
    assert error.value.translation_key == "service_device_wrong_domain"


@pytest.mark.parametrize("action", ACTIONS)
async def test_site_that_is_not_loaded(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House, action: str
) -> None:
    """Actions stay registered, and say that the site is not loaded."""
    device_id = house.device_id()
    await hass.config_entries.async_unload(site_entry.entry_id)
    assert site_entry.state is ConfigEntryState.NOT_LOADED
    with pytest.raises(ServiceValidationError) as error:
        await house.act(action, device_id=device_id)
    assert error.value.translation_key == "service_config_entry_not_loaded"


async def test_get_sessions(site_entry: MockConfigEntry, house: House) -> None:
    """Finished sessions come with their numbers, the running one apart."""
    await house.act("boost", duration={"minutes": 10})
    await house.pass_time(600)
    house.plugged = False
    await house.pass_time(20)
    house.plugged = True
    await house.pass_time(20)
    answer = await house.act("get_sessions")
    assert answer is not None
    assert answer["running"]["ended"] is None
    (session,) = answer["sessions"]
    assert session["energy_kwh"] == pytest.approx(1.8, abs=0.2)
    assert session["solar_share"] == 0.0

    later = house.coordinator.sessions(CHARGER_ID)[0].ended
    assert later is not None
    for span, count in (
        ({"start": (later + timedelta(minutes=1)).isoformat()}, 0),
        ({"start": (later - timedelta(minutes=1)).isoformat()}, 1),
        ({"end": (later - timedelta(hours=1)).isoformat()}, 0),
        ({"end": later.isoformat()}, 1),
        ({"start": "2020-01-01 00:00:00", "end": "2020-02-01 00:00:00"}, 0),
        ({"start": "2020-01-01 00:00:00"}, 1),
    ):
        answer = await house.act("get_sessions", **span)
        assert answer is not None
        assert len(answer["sessions"]) == count


async def test_explain(site_entry: MockConfigEntry, house: House) -> None:
    """One answer says what is done, why, until when, and on what measurements."""
    await house.act("boost", duration={"minutes": 10})
    await house.pass_time(60)
    charger = await house.act("explain")
    assert charger is not None
    assert charger["reason"] == "boost"
    assert "16" in charger["sentence"]
    assert charger["until"]
    assert charger["mode"] == "solar"
    assert charger["status"] == "charging"
    assert charger["offered_a"] == charger["offered_by_charger_a"] == 16
    assert charger["measured_w"] == pytest.approx(16 * 690)
    assert charger["site"]["meter_lost"] is None
    assert len(charger["site"]["headroom_a"]) == 3

    site = await house.act("explain", device_id=house.device_id(ENTRY_ID))
    assert site is not None
    assert [each["name"] for each in site["chargers"]] == ["Garage"]
