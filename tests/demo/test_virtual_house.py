"""The virtual house in Home Assistant: what the demo and the end-to-end tests rely on."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from demo.custom_components.virtual_house.energy import async_get_solar_forecast
from simulation.pv import SeriesPv, SeriesPvConfig
from simulation.series import Series

DOMAIN = "virtual_house"
README = (
    Path(__file__).parents[2] / "demo/custom_components/virtual_house/README.md"
).read_text(encoding="utf-8")


async def _set_up(hass: HomeAssistant) -> ConfigEntry[Any]:
    """Set the house up through its flow and return its entry."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.FORM
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    entry: ConfigEntry[Any] = result["result"]
    return entry


async def _run(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: int
) -> None:
    """Let the house run for some seconds."""
    for _ in range(seconds):
        freezer.tick(timedelta(seconds=1))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()


async def _switch(hass: HomeAssistant, entity_id: str, *, on: bool) -> None:
    """Turn a switch on or off."""
    await hass.services.async_call(
        SWITCH_DOMAIN,
        "turn_on" if on else "turn_off",
        {"entity_id": entity_id},
        blocking=True,
    )


def _value(hass: HomeAssistant, entity_id: str) -> float:
    """Return a numeric state."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return float(state.state)


def _state(hass: HomeAssistant, entity_id: str) -> str:
    """Return a state."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


def _documented() -> set[str]:
    """Return the entity ids of the README, `_l2` short forms written out."""
    found = set(re.findall(r"`([a-z_]+\.[a-z0-9_]+)`", README))
    phases = {name for name in found if name.endswith("_l1")}
    return found | {name[:-1] + digit for name in phases for digit in "23"}


async def test_entities_are_those_of_the_readme(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """Others configure against these ids."""
    await _set_up(hass)
    assert set(hass.states.async_entity_ids()) == _documented()
    assert not [r for r in caplog.records if DOMAIN in r.name and r.levelno >= 30]


async def test_single_entry(hass: HomeAssistant) -> None:
    """A second set-up is refused."""
    await _set_up(hass)
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "single_instance_allowed"


async def test_charges_and_meter_balances(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The car takes what the wallbox is told, and the meter sees it."""
    await _set_up(hass)
    await _switch(hass, "switch.house_clouds", on=False)
    await _run(hass, freezer, 5)
    assert _state(hass, "sensor.wallbox_status") == "paused"
    idle_w = _value(hass, "sensor.smart_meter_power")
    assert idle_w < -8000
    assert _value(hass, "sensor.smart_meter_current_l1") < -11

    await hass.services.async_call(
        NUMBER_DOMAIN,
        "set_value",
        {"entity_id": "number.wallbox_current_limit", "value": 10},
        blocking=True,
    )
    await _switch(hass, "switch.wallbox_charging", on=True)
    await _run(hass, freezer, 20)
    assert _state(hass, "switch.wallbox_charging") == "on"
    assert _value(hass, "number.wallbox_current_limit") == 10
    assert _state(hass, "sensor.wallbox_status") == "charging"
    assert _value(hass, "sensor.wallbox_current_l2") == pytest.approx(9.5)
    charging_w = _value(hass, "sensor.wallbox_power")
    assert charging_w == pytest.approx(3 * 9.5 * 230, rel=0.02)
    assert _value(hass, "sensor.smart_meter_power") == pytest.approx(
        idle_w + charging_w, abs=300
    )
    assert _value(hass, "sensor.wallbox_session_energy") > 0


async def test_appliances_load_their_phases(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The oven is on L1, the hob on all three."""
    await _set_up(hass)
    await _switch(hass, "switch.house_oven_automatic", on=False)
    await _switch(hass, "switch.house_clouds", on=False)
    await _run(hass, freezer, 3)
    before = [_value(hass, f"sensor.smart_meter_current_l{n}") for n in (1, 2, 3)]
    await _switch(hass, "switch.house_oven", on=True)
    await _switch(hass, "switch.house_hob", on=True)
    await _run(hass, freezer, 2)
    after = [_value(hass, f"sensor.smart_meter_current_l{n}") for n in (1, 2, 3)]
    steps = [b - a for a, b in zip(before, after, strict=True)]
    assert steps == pytest.approx([20.9, 10.4, 10.4], abs=1)


async def test_oven_goes_on_by_itself(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Every few minutes for 40 s."""
    await _set_up(hass)
    on = []
    for _ in range(400):
        await _run(hass, freezer, 1)
        on.append(_state(hass, "switch.house_oven") == "on")
    assert sum(b and not a for a, b in pairwise(on)) in (1, 2)
    assert 35 <= sum(on) <= 85


async def test_outage_and_frozen_meter(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """An outage is unavailable; frozen reports on, with the same value."""
    await _set_up(hass)
    await _run(hass, freezer, 2)
    await _switch(hass, "switch.smart_meter_outage", on=True)
    await _run(hass, freezer, 2)
    assert _state(hass, "sensor.smart_meter_power") == STATE_UNAVAILABLE
    assert _state(hass, "sensor.pv_inverter_power") != STATE_UNAVAILABLE
    await _switch(hass, "switch.smart_meter_outage", on=False)
    await _run(hass, freezer, 2)
    await _switch(hass, "switch.smart_meter_frozen", on=True)
    before = hass.states.get("sensor.smart_meter_power")
    await _switch(hass, "switch.house_hob", on=True)
    await _run(hass, freezer, 3)
    after = hass.states.get("sensor.smart_meter_power")
    assert before is not None
    assert after is not None
    assert after.state == before.state
    assert after.last_reported > before.last_updated
    assert _state(hass, "switch.smart_meter_outage") == "off"


async def test_wallbox_offline(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Its entities are unavailable and its commands fail."""
    await _set_up(hass)
    await _switch(hass, "switch.house_wallbox_offline", on=True)
    await _run(hass, freezer, 2)
    assert _state(hass, "sensor.wallbox_status") == STATE_UNAVAILABLE
    await _switch(hass, "switch.house_wallbox_offline", on=False)
    await _run(hass, freezer, 2)
    assert _state(hass, "sensor.wallbox_status") == "paused"


async def test_command_to_offline_wallbox_fails(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A command between going offline and the next report is an error, not lost in silence."""
    await _set_up(hass)
    await _run(hass, freezer, 2)
    await _switch(hass, "switch.house_wallbox_offline", on=True)
    with pytest.raises(HomeAssistantError, match="can't be reached"):
        await _switch(hass, "switch.wallbox_charging", on=True)


async def test_unplug(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Without a car the wallbox says so and the SoC is unknown."""
    await _set_up(hass)
    await _switch(hass, "switch.house_car_plugged_in", on=False)
    await _run(hass, freezer, 2)
    assert _state(hass, "sensor.wallbox_status") == "no_car"
    assert _state(hass, "binary_sensor.wallbox_plug") == "off"
    assert _state(hass, "sensor.wallbox_car_soc") == "unknown"


async def test_full_car_comes_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The demo never ends: a full car is back at 40 % after a short drive."""
    entry = await _set_up(hass)
    car = entry.runtime_data.demo.wallbox.car
    car.soc = car.config.charge_to_soc
    await _run(hass, freezer, 30)
    assert _state(hass, "sensor.wallbox_status") == "finished"
    await _run(hass, freezer, 40)
    assert _state(hass, "sensor.wallbox_status") == "no_car"
    await _run(hass, freezer, 20)
    assert _state(hass, "sensor.wallbox_status") == "paused"
    assert _value(hass, "sensor.wallbox_car_soc") == 40


async def test_reload_keeps_wallbox_and_counters(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A real wallbox goes on while Home Assistant restarts."""
    entry = await _set_up(hass)
    await _switch(hass, "switch.wallbox_charging", on=True)
    await _run(hass, freezer, 30)
    energy_kwh = _value(hass, "sensor.wallbox_total_energy")
    assert energy_kwh > 0
    assert await hass.config_entries.async_reload(entry.entry_id)
    await _run(hass, freezer, 2)
    assert _state(hass, "switch.wallbox_charging") == "on"
    assert _value(hass, "sensor.wallbox_total_energy") >= energy_kwh


async def test_main_fuse_opens_and_can_be_put_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody guards it here: car and kitchen together open the fuse of L1."""
    entry = await _set_up(hass)
    night = SeriesPvConfig(power_w=Series.constant(0.0))
    entry.runtime_data.demo.house.pv = SeriesPv(night)
    await hass.services.async_call(
        NUMBER_DOMAIN,
        "set_value",
        {"entity_id": "number.wallbox_current_limit", "value": 16},
        blocking=True,
    )
    for entity_id in ("wallbox_charging", "house_oven", "house_hob"):
        await _switch(hass, f"switch.{entity_id}", on=True)
    await _run(hass, freezer, 60)
    assert _state(hass, "binary_sensor.house_main_fuse") == "on"
    assert _value(hass, "sensor.smart_meter_current_l1") == 0
    for entity_id in ("wallbox_charging", "house_oven", "house_hob"):
        await _switch(hass, f"switch.{entity_id}", on=False)
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.house_reset_main_fuse"}, blocking=True
    )
    await _run(hass, freezer, 3)
    assert _state(hass, "binary_sensor.house_main_fuse") == "off"
    assert _value(hass, "sensor.smart_meter_current_l1") > 0


async def test_car_tells_its_charge_wherever_it_is(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """As its own integration does."""
    await _set_up(hass)
    assert _value(hass, "sensor.car_battery") == 45
    await _switch(hass, "switch.house_car_plugged_in", on=False)
    await _run(hass, freezer, 2)
    assert _value(hass, "sensor.car_battery") == 45


@pytest.mark.parametrize(("hour", "known"), [(12, False), (13, True)])
async def test_prices_are_day_ahead(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hour: int, known: bool
) -> None:
    """Quarters of an hour without a gap; tomorrow's from 13:00 on, and the state is one of them."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(datetime(2026, 3, 10, hour, 14, 58, tzinfo=UTC))
    await _set_up(hass)
    state = hass.states.get("sensor.day_ahead_price")
    assert state is not None
    listed = [*state.attributes["raw_today"], *state.attributes["raw_tomorrow"]]
    assert len(listed) == (192 if known else 96)
    assert all(one["end"] == following["start"] for one, following in pairwise(listed))
    assert all(0.05 < one["value"] < 0.7 for one in listed)
    assert float(state.state) == listed[hour * 4]["value"]
    await _run(hass, freezer, 5)
    assert _value(hass, "sensor.day_ahead_price") == listed[hour * 4 + 1]["value"]


async def test_sun_is_forecast(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """For two hours what shines now, then the days of June by the clock."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(datetime(2026, 12, 10, 22, 30, tzinfo=UTC))
    entry = await _set_up(hass)
    answer = await async_get_solar_forecast(hass, entry.entry_id)
    assert answer is not None
    told = list(answer["wh_hours"].values())
    assert len(told) == 72
    assert told[22:24] == [8000.0, 8000.0]
    assert told[0] == told[24] == 0.0
    assert 4000.0 < told[36] < 7000.0
