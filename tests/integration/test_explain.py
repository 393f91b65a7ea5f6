"""The action ``explain``: car, promise, circuits and limits of a charger in one answer."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .house import CHARGER_ID, ENTRY_ID, EVENING, SOC, STATUS, House, make_entry
from .test_vehicles import Drive
from .yard import Yard, charger, make_yard_entry, meter

OVERLOAD_A = (14.0, 1.0, 1.0)
"""Leaves less than 6 of the 23.75 A of the fuse to a car that takes 16 A, but only on L1."""


async def ask(house: House, owner_id: str = CHARGER_ID) -> dict[str, Any]:
    """Return the answer for the charger, or for the site."""
    answer = await house.act("explain", device_id=house.device_id(owner_id))
    assert answer is not None
    return answer


async def switch(house: House, key: str, state: str) -> None:
    """Turn a switch of the site on or off."""
    data = {"entity_id": house.entity_id("switch", key, ENTRY_ID)}
    await house.hass.services.async_call("switch", f"turn_{state}", data, blocking=True)


@pytest.fixture
async def promised(evening: House) -> House:
    """Return a house at six in the evening with 7 kWh promised by seven in the morning."""
    await evening.act("set_plan", ready_by="07:00", energy=7)
    await evening.hass.async_block_till_done(wait_background_tasks=True)
    return evening


async def test_nothing_promised_and_no_car(
    site_entry: MockConfigEntry, house: House
) -> None:
    """What is not there is null; the limits of the grid connection always are."""
    house.plugged = False
    await house.pass_time(20)
    answer = await ask(house)
    assert answer["vehicle"] is None
    assert answer["plan"] is None
    assert answer["circuits"] == []
    assert answer["limited_by"] is None
    site = answer["site"]
    assert (site["main_fuse_a"], site["power_limit_w"]) == (25, None)
    assert (site["peak"], site["operator"]) == (None, None)
    assert site["charging_enabled"] is True


async def test_a_car_that_nobody_knows(
    site_entry: MockConfigEntry, house: House
) -> None:
    """Its charge level is the charger's, and all that a car of ours would have is null."""
    vehicle = (await ask(house))["vehicle"]
    assert vehicle["name"] is vehicle["known_by"] is vehicle["capacity_kwh"] is None
    assert (vehicle["soc"], vehicle["soc_source"]) == (50, "charger")
    house.hass.states.async_set(SOC, "unavailable")
    await house.pass_time(20)
    assert (await ask(house))["status"] != "offline"


async def test_a_known_car(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """It says which car it is, how that is known, and whether its charge level is estimated."""
    house = House(hass, freezer)
    hass.states.async_remove(SOC)
    drive = Drive(house)
    drive.says(50.0)
    await house.set_up(make_entry(charger={"soc_sensor": None}))
    drive.add(min_soc=20.0)
    await hass.async_block_till_done()
    await house.pass_time(15)
    vehicle = (await ask(house))["vehicle"]
    assert (vehicle["name"], vehicle["known_by"]) == ("Zoe", "default")
    assert (vehicle["soc"], vehicle["soc_source"]) == (50, "read")
    assert (vehicle["target_soc"], vehicle["minimum_soc"]) == (80, 20)
    assert (vehicle["capacity_kwh"], vehicle["efficiency"]) == (50, 0.88)
    assert vehicle["below_minimum"] is False
    read_at = vehicle["soc_read_at"]
    assert read_at is not None

    await house.choose("fast")
    await house.pass_time(900)
    vehicle = (await ask(house))["vehicle"]
    assert vehicle["soc"] == pytest.approx(54.5, abs=0.7)
    assert vehicle["soc_source"] == "estimated"

    await drive.choose("guest")
    await house.pass_time(15)
    vehicle = (await ask(house))["vehicle"]
    assert (vehicle["name"], vehicle["known_by"]) == (None, "chosen")
    assert vehicle["soc"] is vehicle["soc_source"] is None


async def test_a_promise(promised: House) -> None:
    """It says what is promised, what comes next for it, and at what cost."""
    plan = (await ask(promised))["plan"]
    assert plan["ready_by"] == "2026-11-23T07:00:00+01:00"
    assert (plan["soc"], plan["energy_kwh"]) == (None, 7)
    assert plan["at_risk"] is plan["met"] is plan["late"] is False
    assert plan["risk"] is plan["risk_sentence"] is None
    coming, planned = plan["next"], plan["planned"]
    assert datetime.fromisoformat(coming["start"]) > EVENING
    assert coming["start"] < coming["end"] <= plan["ready_by"]
    assert coming["energy_kwh"] == planned["energy_kwh"] == pytest.approx(7, abs=0.05)
    assert (coming["power_w"], coming["price"]) == (pytest.approx(11_040, rel=0.5), 0.3)
    assert planned["cost"] == pytest.approx(2.1, abs=0.02)
    assert planned["missing_kwh"] == 0
    assert plan["sentence"].startswith("7 kWh by tomorrow 07:00. Charges 7 kWh between")


async def _switch_off(house: House) -> None:
    await house.choose("off")


async def _disable(house: House) -> None:
    await switch(house, "charging_enabled", "off")


async def _want_too_much(house: House) -> None:
    await house.act("set_plan", ready_by="2026-11-22 18:30", energy=9, id="soon")


@pytest.mark.parametrize(
    ("happens", "risk", "words"),
    [
        (_switch_off, "off", "the mode is Off"),
        (_disable, "disabled", "Charging allowed"),
        (_want_too_much, "time", "too little time is left"),
    ],
)
async def test_why_a_promise_is_at_risk(
    promised: House, happens: Any, risk: str, words: str
) -> None:
    """The answer says what would have to change, as a word and in a sentence."""
    await happens(promised)
    await promised.pass_time(120)
    plan = (await ask(promised))["plan"]
    assert plan["at_risk"] is True
    assert plan["risk"] == risk
    assert words in plan["risk_sentence"]


async def test_at_risk_inside_a_power_limit(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    """There would be time enough at full power, which the grid connection does not allow."""
    freezer.move_to(EVENING)
    house.measure()
    await house.set_up(make_entry({"power_limit": 6}))
    await house.pass_time(15)
    ready_by = (EVENING + timedelta(minutes=90)).isoformat()
    await house.act("set_plan", ready_by=ready_by, energy=12)
    await hass.async_block_till_done(wait_background_tasks=True)
    await house.pass_time(120)
    plan = (await ask(house))["plan"]
    assert (plan["at_risk"], plan["risk"]) == (True, "limits")
    assert "leave too little power" in plan["risk_sentence"]
    assert plan["planned"]["missing_kwh"] > 3


async def test_at_risk_with_a_charger_that_is_silent(promised: House) -> None:
    """It is said before all that would not help as long as nobody can reach it."""
    await _want_too_much(promised)
    await promised.pass_time(120)
    promised.hass.states.async_set(STATUS, "unavailable")
    await promised.hass.async_block_till_done()
    plan = (await ask(promised))["plan"]
    assert (plan["at_risk"], plan["risk"]) == (True, "unreachable")
    assert "does not answer" in plan["risk_sentence"]


async def test_circuits_above_a_charger(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The nearest comes first, with its limit and what it carries, by its meter or without one."""
    yard = Yard(hass, freezer, metered={"outer": ("left", "right")})
    chargers = {
        "left": charger("left", circuit="inner"),
        "right": charger("right", circuit="outer"),
    }
    circuits: dict[str, dict[str, Any]] = {
        "outer": {"fuse": 32, "power_limit": 20, **meter("outer")},
        "inner": {"fuse": 10, "parent_circuit": "outer"},
    }
    await yard.set_up(make_yard_entry(chargers, circuits))
    await yard.charge("left", "right")
    answer = await yard.act("explain", "left")
    inner, outer = answer["circuits"]
    assert answer["limited_by"] == {"kind": "circuit", "circuit": "Inner", "phase": 1}
    assert (inner["name"], inner["below"]) == ("Inner", "Outer")
    assert (inner["fuse_a"], inner["has_meter"]) == (10, False)
    assert inner["current_a"] == [9, 9, 9]
    assert inner["headroom_a"] == pytest.approx([0.5] * 3)
    assert inner["power_w"] == 9 * 690
    assert inner["limiting"] is True
    assert (outer["name"], outer["below"]) == ("Outer", None)
    assert (outer["power_limit_w"], outer["has_meter"]) == (20_000, True)
    carried_a = sum(yard.offered_a(name) for name in ("left", "right"))
    assert outer["current_a"] == pytest.approx([carried_a] * 3)
    assert outer["power_w"] == pytest.approx(carried_a * 690)

    yard.silent.add("outer")
    await yard.pass_time(200)
    outer = (await yard.act("explain", "right"))["circuits"][0]
    assert outer["meter_lost"] == "meter_stale"
    assert outer["current_a"] == outer["headroom_a"] == []
    assert outer["power_w"] is None


async def test_held_back_by_the_main_fuse(
    site_entry: MockConfigEntry, house: House
) -> None:
    """The limit and its phase are named."""
    await house.choose("fast")
    await house.pass_time(120)
    house.base_a = OVERLOAD_A
    await house.pass_time(30)
    answer = await ask(house)
    assert answer["limited_by"] == {"kind": "fuse", "circuit": None, "phase": 1}
    assert answer["site"]["limiting"] is True


async def test_peak_and_operator(hass: HomeAssistant, house: House) -> None:
    """How the month's peak stands and what the operator asks for is told with the site."""
    await hass.config.async_set_time_zone("UTC")
    house.freezer.move_to(EVENING)
    hass.states.async_set("binary_sensor.dim", "off")
    entry = make_entry()
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry,
        options={
            "peak_preset": "belgium",
            "peak_floor": 2.5,
            "peak_accepted": 6.0,
            "peak_price": 4.0,
            "operator_entity": "binary_sensor.dim",
            "operator_rule": "each",
        },
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await house.pass_time(30)
    site = (await ask(house, ENTRY_ID))["site"]
    peak = site["peak"]
    assert (peak["counted_w"], peak["allowed_w"]) == (2500, 6000)
    assert peak["mean_w"] == pytest.approx(920, abs=10)
    assert peak["projected_w"] == pytest.approx(920, abs=10)
    assert peak["month_cost"] == 10
    assert peak["window_end"] == "2026-11-22T17:15:00+00:00"
    assert site["operator"] == {
        "active": False,
        "limit_w": 4200,
        "per_charger": True,
        "until": None,
        "silent_s": 0,
    }

    hass.states.async_set("binary_sensor.dim", "on")
    await house.choose("fast")
    await house.pass_time(60)
    answer = await ask(house)
    assert answer["site"]["operator"]["active"] is True
    assert answer["limited_by"]["kind"] == "operator"
    hass.states.async_set("binary_sensor.dim", "unavailable")
    await house.pass_time(30)
    operator = (await ask(house))["site"]["operator"]
    assert operator["active"] is True
    assert operator["silent_s"] == pytest.approx(30, abs=6)
