"""Plans in Home Assistant: made by entity and action, shown, told of, and kept over a restart."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
import voluptuous as vol

from custom_components.ampacity.const import DOMAIN, EVENT_PLAN_AT_RISK, EVENT_PLAN_MET

from .house import CHARGER_ID, ENTRY_ID, SOC, House


async def plan(house: House) -> dict[str, Any]:
    """Return what is planned, once that has been worked out."""
    await house.hass.async_block_till_done(wait_background_tasks=True)
    answer = await house.act("get_plan")
    assert answer is not None
    return answer


def look(house: House, platform: str, key: str) -> State:
    """Return the state of one of the charger's entities."""
    state = house.hass.states.get(house.entity_id(platform, key))
    assert state is not None
    return state


async def set_ready_by(house: House, moment: str) -> None:
    """Set the time through its entity."""
    await house.hass.services.async_call(
        "datetime",
        "set_value",
        {"entity_id": house.entity_id("datetime", "ready_by"), "datetime": moment},
        blocking=True,
    )


async def test_nothing_planned(evening: House) -> None:
    """All is unknown, and the answer says so."""
    assert look(evening, "datetime", "ready_by").state == "unknown"
    assert look(evening, "sensor", "plan_start").state == "unknown"
    assert look(evening, "sensor", "plan_end").state == "unknown"
    assert look(evening, "calendar", "plan").state == "off"
    answer = await plan(evening)
    assert answer["plan"] is None
    assert answer["plans"] == answer["slots"] == []
    assert answer["sentence"] == "Nothing is planned."


async def test_ready_by_entity(evening: House) -> None:
    """Setting it makes a plan, setting it again moves that one; what it was to hold stays."""
    await set_ready_by(evening, "2026-11-23 07:00:00+01:00")
    assert look(evening, "datetime", "ready_by").state == "2026-11-23T06:00:00+00:00"
    await evening.act("set_plan", ready_by="08:00", energy=7)
    await set_ready_by(evening, "2026-11-23 09:00:00+01:00")
    answer = await plan(evening)
    assert [one["id"] for one in answer["plans"]] == ["once"]
    assert answer["plan"]["ready_by"] == "2026-11-23T09:00:00+01:00"
    assert answer["plan"]["energy_kwh"] == 7.0


async def test_ready_by_in_the_past_is_refused(evening: House) -> None:
    """And the plan stays as it was."""
    await set_ready_by(evening, "2026-11-23 07:00:00+01:00")
    with pytest.raises(ServiceValidationError) as error:
        await set_ready_by(evening, "2026-11-22 17:00:00+01:00")
    assert error.value.translation_key == "ready_by_past"
    assert look(evening, "datetime", "ready_by").state == "2026-11-23T06:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "ready_by", "plan_id"),
    [
        ({"ready_by": "07:00"}, "2026-11-23T07:00:00+01:00", "once"),
        ({"ready_by": "23:30:00"}, "2026-11-22T23:30:00+01:00", "once"),
        ({"ready_by": "2026-12-01 09:00"}, "2026-12-01T09:00:00+01:00", "once"),
        ({"ready_by": "2026-12-01T09:00Z"}, "2026-12-01T10:00:00+01:00", "once"),
        # Monday is tomorrow
        (
            {"ready_by": "07:00", "repeat": ["mon", "fri"]},
            "2026-11-23T07:00:00+01:00",
            "repeating",
        ),
        (
            {"ready_by": "07:00", "repeat": ["sun"]},
            "2026-11-29T07:00:00+01:00",
            "repeating",
        ),
        (
            {"ready_by": "2026-11-01 07:00", "repeat": ["tue"]},
            "2026-11-24T07:00:00+01:00",
            "repeating",
        ),
        (
            {"ready_by": "07:00", "repeat": "mon", "id": "work"},
            "2026-11-23T07:00:00+01:00",
            "work",
        ),
    ],
)
async def test_set_plan(
    evening: House, fields: dict[str, Any], ready_by: str, plan_id: str
) -> None:
    """A time of day is the next one, on its weekdays."""
    await evening.act("set_plan", soc=80, **fields)
    answer = await plan(evening)
    assert answer["plan"]["ready_by"] == ready_by
    assert answer["plan"]["id"] == plan_id
    assert answer["plan"]["soc"] == 80
    state = look(evening, "datetime", "ready_by")
    assert datetime.fromisoformat(state.state) == datetime.fromisoformat(ready_by)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"ready_by": "2026-11-22 17:59"}, "ready_by_past"),
        ({"energy": 0}, "energy_not_positive"),
        ({"energy": -1}, "energy_not_positive"),
        ({"energy": 5, "soc": 80}, "plan_soc_and_energy"),
        ({"soc": 50, "below_limit_soc": 80}, "below_limit_without_price"),
        ({"below_limit_soc": 80, "price_limit": 0.1}, "below_limit_without_soc"),
        (
            {"soc": 80, "below_limit_soc": 80, "price_limit": 0.1},
            "below_limit_not_above",
        ),
        ({"id": "calendar_1"}, "plan_id_reserved"),
    ],
)
async def test_set_plan_refuses(
    evening: House, fields: dict[str, Any], key: str
) -> None:
    """Nonsense is answered with a text, and the plan that there was stays."""
    await evening.act("set_plan", ready_by="06:00", energy=3)
    with pytest.raises(ServiceValidationError) as error:
        await evening.act("set_plan", **{"ready_by": "07:00"} | fields)
    assert error.value.translation_key == key
    assert error.value.translation_domain == DOMAIN
    answer = await plan(evening)
    assert [one["energy_kwh"] for one in answer["plans"]] == [3.0]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ready_by": "soon"},
        {"ready_by": "07:00", "soc": 101},
        {"ready_by": "07:00", "soc": "nan"},
        {"ready_by": "07:00", "repeat": ["monday"]},
        {"ready_by": "07:00", "id": ""},
        {"ready_by": "07:00", "price_limit": "cheap"},
    ],
)
async def test_set_plan_refuses_what_is_no_value(
    evening: House, fields: dict[str, Any]
) -> None:
    """What can be no value at all does not get past the schema."""
    with pytest.raises(vol.Invalid):
        await evening.act("set_plan", **fields)


async def test_percent_need_a_known_state_of_charge(evening: House) -> None:
    """Of a car that tells nothing, an energy can be planned."""
    entry = evening.coordinator.config_entry
    subentry = entry.subentries[CHARGER_ID]
    known = {key: one for key, one in subentry.data.items() if key != "soc_sensor"}
    evening.hass.config_entries.async_update_subentry(entry, subentry, data=known)
    evening.plugged = False
    await evening.pass_time(15)
    evening.plugged = True
    await evening.pass_time(15)
    with pytest.raises(ServiceValidationError) as error:
        await evening.act("set_plan", ready_by="07:00", soc=80)
    assert error.value.translation_key == "plan_soc_unknown"
    await evening.act("set_plan", ready_by="07:00", energy=10)
    assert (await plan(evening))["plan"]["energy_kwh"] == 10.0


async def test_percent_for_a_car_that_is_yet_to_come(evening: House) -> None:
    """The charger has a sensor that will tell."""
    evening.plugged = False
    await evening.pass_time(15)
    await evening.act("set_plan", ready_by="07:00", soc=80)
    assert (await plan(evening))["plan"]["soc"] == 80.0


@pytest.mark.parametrize("action", ["set_plan", "clear_plan", "skip_plan", "get_plan"])
async def test_only_chargers_have_plans(evening: House, action: str) -> None:
    """The site has none, and a device of nobody's neither."""
    fields = {"ready_by": "07:00"} if action == "set_plan" else {}
    for device_id in (evening.device_id(ENTRY_ID), "nobody"):
        with pytest.raises(ServiceValidationError):
            await evening.act(action, device_id=device_id, **fields)


async def test_clear_and_skip(evening: House) -> None:
    """One of several, the next time only, or all."""
    await evening.act("set_plan", ready_by="07:00", energy=5, repeat=["mon", "tue"])
    await evening.act("set_plan", ready_by="2026-11-25 12:00", energy=20, id="trip")
    await evening.act("skip_plan")
    assert (await plan(evening))["plan"]["ready_by"] == "2026-11-24T07:00:00+01:00"
    await evening.act("skip_plan", id="repeating")
    assert (await plan(evening))["plan"]["id"] == "trip"
    await evening.act("clear_plan", id="trip")
    answer = await plan(evening)
    assert [one["ready_by"] for one in answer["plans"]] == ["2026-11-30T07:00:00+01:00"]
    await evening.act("clear_plan")
    assert (await plan(evening))["plans"] == []
    await evening.act("clear_plan")
    with pytest.raises(ServiceValidationError) as error:
        await evening.act("skip_plan")
    assert error.value.translation_key == "plan_nothing_to_skip"
    for action in ("clear_plan", "skip_plan"):
        with pytest.raises(ServiceValidationError) as error:
            await evening.act(action, id="trip")
        assert error.value.translation_key == "plan_unknown"


async def test_what_is_planned_is_shown(evening: House) -> None:
    """As slots, as a calendar, as two moments with the cost, and in a sentence."""
    await evening.act("set_plan", ready_by="07:00", energy=11)
    answer = await plan(evening)
    assert answer["slots"]
    assert answer["energy_kwh"] == pytest.approx(11.0, abs=1.0)
    assert answer["cost"] == pytest.approx(11.0 * 0.30, abs=0.4)
    assert answer["missing_kwh"] == 0.0
    await evening.pass_time(5)
    first, last = answer["slots"][0], answer["slots"][-1]
    assert first["price"] == pytest.approx(0.30)
    start = look(evening, "sensor", "plan_start")
    end = look(evening, "sensor", "plan_end")
    assert datetime.fromisoformat(start.state) == datetime.fromisoformat(first["start"])
    assert datetime.fromisoformat(end.state) == datetime.fromisoformat(last["end"])
    assert end.attributes["energy_kwh"] == answer["energy_kwh"]
    assert end.attributes["cost"] == answer["cost"]
    assert answer["sentence"].startswith("11 kWh by tomorrow 07:00. Charges 11 kWh")
    calendar = look(evening, "calendar", "plan")
    assert calendar.attributes["message"].startswith("Charge 11 kWh")
    assert calendar.attributes["description"].startswith("11 kWh by")
    found = await evening.hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": calendar.entity_id, "duration": {"days": 2}},
        blocking=True,
        return_response=True,
    )
    assert found is not None
    events: Any = found[calendar.entity_id]
    assert events["events"][0]["start"] == first["start"]


async def test_met_is_told_and_shown(evening: House) -> None:
    """A car that charges anyway has what was planned, long before its time."""
    met = async_capture_events(evening.hass, EVENT_PLAN_MET)
    await evening.act("set_plan", ready_by="07:00", energy=1)
    await evening.choose("fast")
    await evening.pass_time(600, 10)
    assert [event.data["plan_id"] for event in met] == ["once"]
    assert met[0].data["device_id"] == evening.device_id()
    assert met[0].data["name"] == "Garage"
    answer = await plan(evening)
    assert answer["plan"]["met"]
    assert answer["sentence"].endswith(
        "that is there, so nothing more is charged for it."
    )


async def test_at_risk_is_told_once(evening: House) -> None:
    """A charger that is off keeps no promise; that is said a minute later, and not again."""
    risk = async_capture_events(evening.hass, EVENT_PLAN_AT_RISK)
    await evening.choose("off")
    await evening.act("set_plan", ready_by="07:00", energy=10)
    await evening.pass_time(50, 10)
    assert not risk
    await evening.pass_time(120, 10)
    assert len(risk) == 1
    assert risk[0].data["missing_kwh"] == pytest.approx(10.0)
    assert risk[0].data["ready_by"] == "2026-11-23T07:00:00+01:00"
    assert (await plan(evening))["plan"]["at_risk"]
    await evening.choose("solar")
    await evening.pass_time(120, 10)
    assert not (await plan(evening))["plan"]["at_risk"]
    await evening.choose("off")
    await evening.pass_time(120, 10)
    assert len(risk) == 1


@pytest.mark.parametrize("away", [timedelta(seconds=20), timedelta(hours=3)])
async def test_plans_outlive_a_restart(
    evening: House, hass_storage: dict[str, Any], away: timedelta
) -> None:
    """With what was said of them."""
    risk = async_capture_events(evening.hass, EVENT_PLAN_AT_RISK)
    await evening.choose("off")
    await evening.act("set_plan", ready_by="07:00", energy=10, repeat=["mon", "tue"])
    await evening.act("set_plan", ready_by="12:00", energy=20)
    await evening.pass_time(120, 10)
    assert len(risk) == 1
    key = f"{DOMAIN}.{ENTRY_ID}"
    on_disk = deepcopy(hass_storage[key])
    await evening.hass.config_entries.async_unload(ENTRY_ID)
    hass_storage[key] = on_disk
    evening.freezer.tick(away)
    evening.measure()
    assert await evening.hass.config_entries.async_setup(ENTRY_ID)
    await evening.pass_time(180, 10)
    answer = await plan(evening)
    assert {one["id"] for one in answer["plans"]} == {"repeating", "once"}
    assert answer["plan"]["id"] == "repeating"
    assert answer["plan"]["at_risk"]
    assert len(risk) == 1


async def test_sentence_is_in_the_servers_language(
    hass: HomeAssistant, evening: House
) -> None:
    """With its decimal comma."""
    hass.config.language = "de"
    await evening.act("set_plan", ready_by="07:00", energy=10.5)
    answer = await plan(evening)
    assert answer["sentence"].startswith("10,5 kWh bis morgen 07:00.")


async def test_soc_reading_makes_it_met(
    site_entry: MockConfigEntry, hass: HomeAssistant, house: House
) -> None:
    """The car says so itself."""
    await house.act("set_plan", ready_by="2030-01-01 07:00", soc=80)
    await house.pass_time(20)
    assert not (await plan(house))["plan"]["met"]
    hass.states.async_set(SOC, "80", {"unit_of_measurement": "%"})
    await house.pass_time(20)
    assert (await plan(house))["plan"]["met"]
