"""Outlooks from sources that fail, hang or are gone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .expectations import KEY, by_hours, expected, next_slot, set_up, today
from .house import ENTRY_ID, House, make_entry
from .sun import Sun

pytestmark = pytest.mark.usefixtures("berlin")


@pytest.mark.parametrize(
    "saved",
    [
        "text",
        {"solar": 5, "prices": 7},
        {"solar": {"days": [{"day": "once"}]}},
        {"solar": {"days": [{"day": "2026-05-19", "measured_wh": [1.0]}]}},
        {"prices": {"sensor.price": {"prices": "x"}}},
    ],
    ids=str,
)
async def test_garbage_on_disk(
    house: House, hass_storage: dict[str, Any], saved: Any
) -> None:
    """What cannot be read is forgotten."""
    hass_storage[KEY] = {"version": 1, "key": KEY, "data": {"outlook": saved}}
    await set_up(house)
    assert set(expected(house).solar_w) == {0.0}


async def test_clocks_are_set(
    hass: HomeAssistant, house: House, sun: Sun, freezer: FrozenDateTimeFactory
) -> None:
    """On a day of 25 hours, keys in local time without a zone mean what the clock says."""
    freezer.move_to("2026-10-25T05:00:00+00:00")
    local = {f"2026-10-25T{hour:02}:00:00": 1000.0 for hour in range(8, 17)}
    sun.forecasts("roof", local)
    await set_up(house, {"solar_forecast": ["roof"]})
    assert float(today(house)) == pytest.approx(9.0)
    outlook = expected(house)
    first = next(n for n, power_w in enumerate(outlook.solar_w) if power_w > 0.0)
    assert outlook.begin(first) == datetime(2026, 10, 25, 7, tzinfo=UTC)


async def test_a_change_while_sources_are_asked(
    hass: HomeAssistant, house: House, sun: Sun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes meanwhile is asked for once more; a site that is unloaded meanwhile is left alone."""
    sun.forecasts("roof", by_hours(1000.0))
    gate = asyncio.Event()
    asked: list[int] = []

    async def slow(*_: object) -> tuple[()]:
        asked.append(1)
        await gate.wait()
        return ()

    monkeypatch.setattr(
        "custom_components.ampacity.sources.solar_forecast._async_spans", slow
    )
    entry = make_entry()
    entry.add_to_hass(hass)
    options = {
        "solar_forecast": ["roof"],
        "price_kind": "entity",
        "price_entity": "sensor.price",
    }
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    for price in (0.1, 0.2, 0.3):
        hass.states.async_set("sensor.price", str(price))
        await hass.async_block_till_done()
    assert len(asked) == 1
    gate.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(asked) == 2
    assert expected(house).import_price[0] == pytest.approx(0.3)

    gate.clear()
    hass.states.async_set("sensor.price", "0.4")
    await hass.async_block_till_done()
    kept = house.coordinator.outlook
    assert await hass.config_entries.async_unload(ENTRY_ID)
    gate.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    now = kept.current(dt_util.utcnow())
    assert now is not None
    assert now.import_price[0] == pytest.approx(0.3)
    kept.async_refresh_soon()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(asked) == 3


async def test_one_error_leaves_the_others(
    house: House,
    sun: Sun,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error of ours in one source is logged once, and the other sources go on."""

    async def broken(*_: object) -> None:
        raise RuntimeError("ours")

    sun.forecasts("roof", by_hours(1000.0))
    name = "custom_components.ampacity.runtime.expectations.async_solar_hours"
    with monkeypatch.context() as patch:
        patch.setattr(name, broken)
        await set_up(house, {"solar_forecast": ["roof"]})
        for _ in range(5):
            await next_slot(house)
    assert caplog.text.count("Could not refresh solar history") == 1
    assert expected(house).solar_w[0] == pytest.approx(1000.0)


async def test_an_outlook_that_cannot_be_made(
    house: House,
    sun: Sun,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The last one goes on, slot by slot, and control with it."""

    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    sun.forecasts("roof", by_hours(1000.0))
    await set_up(house, {"solar_forecast": ["roof"]})
    before = expected(house)
    name = "custom_components.ampacity.runtime.expectations.house_slots"
    with monkeypatch.context() as patch:
        patch.setattr(name, broken)
        for _ in range(2):
            await next_slot(house)
        assert expected(house).start == before.start + timedelta(minutes=30)
        assert expected(house).slots == before.slots - 2
        await house.choose("fast")
        await house.pass_time(60)
        assert house.offered_a == 16.0
    assert caplog.text.count("Could not put together what is expected") == 1
    await next_slot(house)
    assert expected(house).slots == before.slots


async def test_unloading_ends_it(
    hass: HomeAssistant, house: House, sun: Sun, site_entry: MockConfigEntry
) -> None:
    """After the site was unloaded nobody is asked any more."""
    assert await hass.config_entries.async_unload(ENTRY_ID)
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = sun.asked
    await house.pass_time(1000, step_s=100)
    assert sun.asked == asked
