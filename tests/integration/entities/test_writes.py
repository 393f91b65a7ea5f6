"""What a user changes through entities arrives, lasts and is checked."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.ampacity.coordinator import AmpacityCoordinator

from .conftest import CHARGER_ID, EntityId, House, SetUp, make_entry


async def call(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Call an action on an entity and wait until it is done."""
    domain, name = action.split(".")
    await hass.services.async_call(
        domain, name, {"entity_id": entity_id, **data}, blocking=True
    )
    await hass.async_block_till_done()


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity."""
    state = hass.states.get(entity_id)
    assert state
    return state.state


@pytest.mark.parametrize(
    ("platform", "unique_id", "action", "data", "after"),
    [
        ("select", "CHARGER1_mode", "select_option", {"option": "fast"}, "fast"),
        ("number", "CHARGER1_min_current", "set_value", {"value": 8}, "8"),
        ("number", "CHARGER1_max_current", "set_value", {"value": 10}, "10"),
        ("number", "CHARGER1_priority", "set_value", {"value": 1}, "1"),
        ("number", "CHARGER1_price_limit", "set_value", {"value": 0.123}, "0.123"),
        ("number", "SITE1_export_margin", "set_value", {"value": -200}, "-200"),
        ("switch", "SITE1_charging_enabled", "turn_off", {}, "off"),
    ],
)
async def test_a_setting_is_shown_at_once_and_survives_a_reload(
    hass: HomeAssistant,
    set_up: SetUp,
    entity_id: EntityId,
    platform: str,
    unique_id: str,
    action: str,
    data: dict[str, Any],
    after: str,
) -> None:
    """Each setting is kept."""
    entry = make_entry()
    await set_up(entry)
    entity = entity_id(platform, unique_id)
    before = state_of(hass, entity)
    assert before.removesuffix(".0") != after

    await call(hass, f"{platform}.{action}", entity, **data)
    assert state_of(hass, entity).removesuffix(".0") == after

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, entity).removesuffix(".0") == after


async def test_switching_charging_off_and_on(
    hass: HomeAssistant, site: AmpacityCoordinator, entity_id: EntityId, house: House
) -> None:
    """The switch reaches the reason of every charger."""
    house.plugged = "on"
    house.show()
    await hass.async_block_till_done()
    switch = entity_id("switch", "SITE1_charging_enabled")
    reason = entity_id("sensor", f"{CHARGER_ID}_reason")

    await call(hass, "switch.turn_off", switch)
    assert state_of(hass, reason) == "disabled"
    await call(hass, "switch.turn_on", switch)
    assert state_of(hass, reason) != "disabled"


async def test_boost_begins_and_ends_by_button(
    hass: HomeAssistant, site: AmpacityCoordinator, entity_id: EntityId, house: House
) -> None:
    """A boost offers the highest current for the configured time, until it is stopped."""
    house.plugged = "on"
    house.show()
    await hass.async_block_till_done()

    await call(hass, "button.press", entity_id("button", f"{CHARGER_ID}_boost"))
    boost = site.charger_state(CHARGER_ID).boost
    assert boost
    assert boost.remaining_s == pytest.approx(1800.0, abs=5.0)

    await call(hass, "button.press", entity_id("button", f"{CHARGER_ID}_stop_boost"))
    assert site.charger_state(CHARGER_ID).boost is None


@pytest.mark.parametrize(
    ("unique_id", "value"),
    [
        ("CHARGER1_min_current", 5),
        ("CHARGER1_max_current", 17),
        ("CHARGER1_priority", 0),
        ("CHARGER1_price_limit", -0.1),
        ("SITE1_export_margin", 5000),
    ],
)
async def test_numbers_outside_their_range_are_refused(
    hass: HomeAssistant,
    site: AmpacityCoordinator,
    entity_id: EntityId,
    unique_id: str,
    value: float,
) -> None:
    """What cannot be is refused, and nothing changes."""
    entity = entity_id("number", unique_id)
    before = state_of(hass, entity)
    with pytest.raises(ServiceValidationError):
        await call(hass, "number.set_value", entity, value=value)
    assert state_of(hass, entity) == before


async def test_minimum_above_maximum_is_refused(
    hass: HomeAssistant, site: AmpacityCoordinator, entity_id: EntityId
) -> None:
    """The user is told which two currents contradict each other."""
    lowest = entity_id("number", f"{CHARGER_ID}_min_current")
    highest = entity_id("number", f"{CHARGER_ID}_max_current")
    await call(hass, "number.set_value", highest, value=10)

    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "number.set_value", lowest, value=12)

    assert raised.value.translation_key == "min_above_max"
    assert state_of(hass, lowest).removesuffix(".0") == "6"


async def test_an_unknown_mode_is_refused(
    hass: HomeAssistant, site: AmpacityCoordinator, entity_id: EntityId
) -> None:
    """Only the engine's modes can be chosen."""
    mode = entity_id("select", f"{CHARGER_ID}_mode")
    with pytest.raises(ServiceValidationError):
        await call(hass, "select.select_option", mode, option="turbo")
    assert state_of(hass, mode) == "solar"


async def test_boost_without_a_car_is_refused(
    hass: HomeAssistant, site: AmpacityCoordinator, entity_id: EntityId
) -> None:
    """The button says why nothing happens, as the action does."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "button.press", entity_id("button", f"{CHARGER_ID}_boost"))
    assert raised.value.translation_key == "not_plugged_in"
    assert site.charger_state(CHARGER_ID).boost is None
