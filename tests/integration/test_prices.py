"""Prices in Home Assistant: the sensor, the session's cost, cheap hours, and prices that stop."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.ampacity.const import DOMAIN

from .house import CHARGER_ID, ENTRY_ID, House, make_entry

SPOT = "sensor.spot"
START = datetime(2026, 6, 2, 8, 0, 30, tzinfo=UTC)
EUROS = {"unit_of_measurement": "EUR/MWh"}


@pytest.fixture(autouse=True)
async def _berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(START)


def show(hass: HomeAssistant, now: float, hours: list[float] | None = None) -> None:
    """Let the price entity show a price per MWh, and those of the hours from ten on."""
    begin = START.replace(second=0)
    data = [
        {
            "start": (begin + timedelta(hours=hour)).isoformat(),
            "end": (begin + timedelta(hours=hour + 1)).isoformat(),
            "price": price,
        }
        for hour, price in enumerate(hours or ())
    ]
    hass.states.async_set(SPOT, str(now), EUROS | ({"data": data} if data else {}))


async def set_up(house: House, **options: Any) -> None:
    """Set the site up with prices of an entity."""
    entry = make_entry()
    entry.add_to_hass(house.hass)
    told = {"price_kind": "entity", "price_entity": SPOT, "price_addend": 0.1}
    house.hass.config_entries.async_update_entry(entry, options=told | options)
    assert await house.hass.config_entries.async_setup(entry.entry_id)
    await settle(house, 15)


async def settle(house: House, seconds: float) -> None:
    """Let time pass, and what is done in the background."""
    await house.pass_time(seconds)
    await house.hass.async_block_till_done(wait_background_tasks=True)
    await house.pass_time(10)


def value(house: House, key: str, owner_id: str) -> float:
    """Return what a sensor shows."""
    state = house.hass.states.get(house.entity_id("sensor", key, owner_id))
    assert state is not None
    return float(state.state)


def price(house: House) -> float:
    """Return what the sensor of the price shows."""
    return value(house, "import_price", ENTRY_ID)


async def test_the_sensor_follows_the_entity(house: House) -> None:
    """With the formula, at each change of the entity and at each new hour."""
    hass = house.hass
    show(hass, 200, [200, 300, -50])
    await set_up(house)
    state = hass.states.get(house.entity_id("sensor", "import_price", ENTRY_ID))
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "EUR/kWh"
    assert price(house) == pytest.approx(0.3)
    await house.pass_time(3600, step_s=30)
    assert price(house) == pytest.approx(0.4)
    show(hass, 300, [200, 100, -50])
    await settle(house, 5)
    assert price(house) == pytest.approx(0.2)
    await house.pass_time(3600, step_s=30)
    assert price(house) == pytest.approx(0.05)


async def test_a_session_costs_the_price_of_the_moment(house: House) -> None:
    """Half an hour at one price, half an hour at another, from the same grid."""
    show(house.hass, 200, [200, 700])
    await set_up(house)
    await house.choose("fast")
    await house.pass_time(1800, step_s=10)
    before = value(house, "session_cost", CHARGER_ID)
    energy = value(house, "session_energy", CHARGER_ID)
    assert before == pytest.approx(energy * 0.3, rel=0.01)
    await house.pass_time(1800, step_s=10)
    middle = value(house, "session_energy", CHARGER_ID)
    await house.pass_time(1800, step_s=10)
    cost = value(house, "session_cost", CHARGER_ID)
    total = value(house, "session_energy", CHARGER_ID)
    assert total > middle > energy > 4.0
    assert cost == pytest.approx(middle * 0.3 + (total - middle) * 0.8, rel=0.02)


async def test_cheap_hours_by_price(house: House) -> None:
    """In the mode for cheap hours the car charges while a kWh costs no more than the limit."""
    show(house.hass, 300, [300, 100, 300])
    await set_up(house, cheap_below=0.2)
    await house.choose("off_peak")
    await house.pass_time(600, step_s=10)
    assert (house.reason, house.offered_a) == ("off_peak_waiting", 0)
    await house.pass_time(3600, step_s=10)
    assert (house.reason, house.offered_a) == ("off_peak", 16)
    await house.pass_time(3600, step_s=10)
    assert (house.reason, house.offered_a) == ("off_peak_waiting", 0)


async def test_the_cheapest_hour_of_the_day(house: House) -> None:
    """Hours that are over count, so that the cheapest of a day comes once."""
    show(house.hass, 300, [300, 100, 200, 300])
    await set_up(house, cheapest_hours=1)
    await house.choose("off_peak")
    seen = []
    for _ in range(4):
        await house.pass_time(1800, step_s=30)
        seen.append(house.offered_a)
        await house.pass_time(1800, step_s=30)
    assert seen == [0, 16, 0, 0]


async def test_prices_that_stop(house: House) -> None:
    """The price stays what it was on the day before; after a day a person is told."""
    hass = house.hass
    show(hass, 200, [200, 300] * 12)
    await set_up(house)
    hass.states.async_set(SPOT, "unavailable")
    raised: set[str] = set()

    @callback
    def collect() -> None:
        registry = ir.async_get(hass)
        raised.update(
            issue.translation_key or ""
            for (domain, _), issue in registry.issues.items()
            if domain == DOMAIN and issue.active
        )

    await house.pass_time(23 * 3600, step_s=600)
    collect()
    assert "prices_missing" not in raised
    assert price(house) in (pytest.approx(0.3), pytest.approx(0.4))
    await house.pass_time(2 * 3600, step_s=300)
    collect()
    assert "prices_missing" in raised
    assert price(house) in (pytest.approx(0.3), pytest.approx(0.4))
    show(hass, 250)
    await settle(house, 900)
    await house.pass_time(60)
    active = [
        issue.translation_key
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    ]
    assert "prices_missing" not in active


async def test_without_prices_the_sensor_knows_nothing(house: House) -> None:
    """A price that nobody has told is unknown, not 0."""
    await house.set_up()
    await house.pass_time(15)
    entity_id = house.entity_id("sensor", "import_price", ENTRY_ID)
    state = house.hass.states.get(entity_id)
    assert state is not None
    assert state.state == "unknown"
