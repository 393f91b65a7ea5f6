"""What is expected: put together beside control, kept fresh, and there whatever fails."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.engine.outlook import Outlook

from .house import ENTRY_ID, House, make_entry
from .sun import Sun, use_in_dashboard

KEY = f"{DOMAIN}.{ENTRY_ID}"
MIDNIGHT = datetime(2026, 5, 19, 22, tzinfo=UTC)
"""Of May 20 in Berlin."""
HOUR = timedelta(hours=1)


def by_hours(wh: float, hours: range = range(6, 20), days: int = 3) -> dict[str, float]:
    """Return the same energy for some hours of each day, keys in UTC."""
    return {
        (MIDNIGHT + (24 * day + hour) * HOUR).isoformat(): wh
        for day in range(days)
        for hour in hours
    }


@pytest.fixture(autouse=True)
async def _berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(MIDNIGHT + 10 * HOUR)


@pytest.fixture
def sun(hass: HomeAssistant) -> Sun:
    """Return an integration that forecasts."""
    return Sun(hass)


async def set_up(house: House, options: dict[str, Any] | None = None) -> None:
    """Set the site up and let it ask all sources."""
    entry = make_entry()
    entry.add_to_hass(house.hass)
    house.hass.config_entries.async_update_entry(entry, options=options or {})
    assert await house.hass.config_entries.async_setup(entry.entry_id)
    await house.hass.async_block_till_done(wait_background_tasks=True)
    await house.pass_time(15)


async def next_slot(house: House) -> None:
    """Let a quarter of an hour go by, and all that it leads to."""
    await house.pass_time(900, step_s=30)
    await house.hass.async_block_till_done(wait_background_tasks=True)


def expected(house: House) -> Outlook:
    """Return what the coming decision reckons with."""
    outlook = house.coordinator.outlook.current(dt_util.utcnow())
    assert outlook is not None
    return outlook


def today(house: House) -> str:
    """Return the state of the sensor."""
    entity_id = house.entity_id("sensor", "solar_forecast_today", ENTRY_ID)
    state = house.hass.states.get(entity_id)
    assert state is not None
    return state.state


async def test_plants_of_the_dashboard_add_up(house: House, sun: Sun) -> None:
    """Two plants of the Energy dashboard: in the sensor, and in what is decided on."""
    sun.forecasts("roof", by_hours(1000.0))
    sun.forecasts("shed", by_hours(250.0, range(8, 12)))
    await use_in_dashboard(house.hass, "roof", "shed")
    await set_up(house)
    assert float(today(house)) == pytest.approx(15.0)
    outlook = expected(house)
    assert outlook.start == MIDNIGHT + 10 * HOUR
    assert outlook.slots == 288
    assert outlook.solar_w[:8] == pytest.approx((1250.0,) * 8)
    assert outlook.solar_w[8:40] == pytest.approx((1000.0,) * 32)
    assert outlook.solar_w[40] == 0.0
    assert outlook.solar_low_w[0] == pytest.approx(625.0)
    await house.pass_time(10)
    seen = house.coordinator.snapshot.outlook
    assert seen is not None
    assert seen.solar_w == outlook.solar_w


async def test_chosen_plants(house: House, sun: Sun) -> None:
    """What is chosen in the options counts instead of the dashboard's."""
    sun.forecasts("roof", by_hours(1000.0))
    sun.forecasts("shed", by_hours(250.0))
    await use_in_dashboard(house.hass, "roof")
    await set_up(house, {"solar_forecast": ["shed"]})
    assert float(today(house)) == pytest.approx(3.5)


async def test_without_any_forecast(house: House) -> None:
    """Nothing is known: no sun, a usual house, the fixed price, and the sensor says unknown."""
    await set_up(house, {"import_price": 0.31, "usual_power": 300, "high_power": 900})
    outlook = expected(house)
    assert today(house) == "unknown"
    assert set(outlook.solar_w) == {0.0}
    assert set(outlook.import_price) == {0.31}
    assert outlook.house_w[-1] == 300.0
    assert outlook.house_high_w[-1] == 900.0


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"wh_hours": None},
        {"wh_hours": [1, 2]},
        {"wh_hours": {"soon": 5, "2026-05-20T08:00:00Z": "much"}},
        {"wh_hours": {"2026-05-20T08:00:00Z": float("nan")}},
        RuntimeError("broken"),
        TimeoutError(),
    ],
    ids=str,
)
async def test_an_answer_that_is_missing_leaves_the_last_one(
    house: House, sun: Sun, caplog: pytest.LogCaptureFixture, answer: Any
) -> None:
    """Whatever another integration does, the last forecast holds, and the log tells it once."""
    sun.forecasts("roof", by_hours(1000.0))
    await set_up(house, {"solar_forecast": ["roof"]})
    good, sun.answers["roof"] = sun.answers["roof"], answer
    for _ in range(2):
        await next_slot(house)
    assert expected(house).solar_w[0] == pytest.approx(1000.0)
    assert caplog.text.count("No solar forecast of roof") == 1
    sun.answers["roof"] = good
    await next_slot(house)
    assert caplog.text.count("roof is there again") == 1
    assert "ERROR" not in caplog.text


async def test_one_plant_of_two_never_answers(house: House, sun: Sun) -> None:
    """Half of the sun is no forecast: it is not taken for the whole."""
    sun.forecasts("roof", by_hours(1000.0))
    sun.forecasts("shed", {})
    await set_up(house, {"solar_forecast": ["roof", "shed"]})
    assert today(house) == "unknown"
    assert set(expected(house).solar_w) == {0.0}


async def test_a_plant_that_is_gone_or_off(house: House, sun: Sun) -> None:
    """A forecast that was removed or disabled is not waited for."""
    sun.forecasts("roof", by_hours(1000.0))
    await set_up(house, {"solar_forecast": ["roof", "gone"]})
    assert float(today(house)) == pytest.approx(14.0)


async def test_set_up_waits_for_nobody(
    hass: HomeAssistant, house: House, sun: Sun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forecast that never answers holds nothing up: the site is there, and charges."""
    sun.forecasts("roof", by_hours(1000.0))
    blocked = asyncio.Event()

    async def never(*_: object) -> None:
        await blocked.wait()

    monkeypatch.setattr(
        "custom_components.ampacity.sources.solar_forecast._async_spans", never
    )
    entry = make_entry()
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"solar_forecast": ["roof"]})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await house.pass_time(60)
    await house.choose("fast")
    await house.pass_time(60)
    assert house.offered_a == 16.0
    assert expected(house).slots == 288
    blocked.set()
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_slots_go_by(house: House, sun: Sun) -> None:
    """The outlook always begins with the present slot, also between two refreshes."""
    sun.forecasts("roof", by_hours(1000.0))
    await set_up(house, {"solar_forecast": ["roof"]})
    outlook = house.coordinator.outlook
    whole = expected(house)
    later = outlook.current(whole.start + 75 * timedelta(minutes=1))
    assert later is not None
    assert later.start == whole.start + 5 * timedelta(minutes=15)
    assert later.solar_w == whole.solar_w[5:]
    assert later is outlook.current(whole.start + 76 * timedelta(minutes=1))
    assert outlook.current(whole.start + timedelta(days=4)) is None
    await next_slot(house)
    assert expected(house).start == whole.start + timedelta(minutes=15)
    assert expected(house).slots == 288


async def test_prices_that_change_are_followed_at_once(
    hass: HomeAssistant, house: House
) -> None:
    """A price entity that tells tomorrow's prices leads to another outlook, and to a listener's call."""

    def tell(prices: list[float]) -> None:
        hours = [
            {
                "start": (MIDNIGHT + n * HOUR).isoformat(),
                "end": (MIDNIGHT + (n + 1) * HOUR).isoformat(),
                "value": price,
            }
            for n, price in enumerate(prices)
        ]
        hass.states.async_set(
            "sensor.price",
            str(prices[10]),
            {"raw_today": hours, "unit_of_measurement": "EUR/kWh"},
        )

    tell([0.3] * 24)
    await set_up(house, {"price_kind": "entity", "price_entity": "sensor.price"})
    assert expected(house).import_price[0] == pytest.approx(0.3)
    await next_slot(house)
    calls: list[int] = []
    stop = house.coordinator.outlook.async_on_change(lambda: calls.append(1))
    await next_slot(house)
    assert calls == []
    tell([0.1] * 24)
    await next_slot(house)
    assert expected(house).import_price[0] == pytest.approx(0.1)
    assert len(calls) == 1
    stop()
    tell([0.2] * 24)
    await next_slot(house)
    assert len(calls) == 1


async def test_the_house_as_it_is_now(house: House) -> None:
    """The first slots start from what the house uses now, cars aside."""
    house.base_a = (10.0, 5.0, 5.0)
    await set_up(house)
    await next_slot(house)
    outlook = expected(house)
    assert outlook.house_w[0] == pytest.approx(4600.0, rel=0.01)
    assert 1900.0 < outlook.house_w[4] < 2100.0
    assert outlook.house_w[-1] == 400.0
    assert outlook.house_high_w[0] > 6000.0


async def test_what_was_measured_is_learned_and_kept(
    house: House, sun: Sun, hass_storage: dict[str, Any]
) -> None:
    """An hour of sun beside its forecast is on disk soon, and known after a restart."""
    sun.forecasts("roof", by_hours(1000.0))
    house.solar_w = 700.0
    await set_up(house, {"solar_forecast": ["roof"]})
    await house.pass_time(3600 + 400, step_s=30)
    (day, *_) = hass_storage[KEY]["data"]["outlook"]["solar"]["days"]
    assert day["day"] == "2026-05-20"
    assert day["measured_wh"][8] == pytest.approx(700.0, rel=0.01)
    assert day["forecast_wh"][9] == 1000.0


def learned(part: float) -> dict[str, Any]:
    """Return what lies on disk after ten days on which a part of 1 kWh an hour was delivered."""
    days = [
        {
            "day": (MIDNIGHT + (12 - 24 * ago) * HOUR).date().isoformat(),
            "measured_wh": [1000.0 * part * (4 <= h < 18) for h in range(24)],
            "forecast_wh": [1000.0 * (4 <= h < 18) for h in range(24)],
        }
        for ago in range(10, 0, -1)
    ]
    return {"outlook": {"solar": {"days": days}, "prices": {}}}


async def test_corrected_after_a_restart(
    house: House, sun: Sun, hass_storage: dict[str, Any]
) -> None:
    """What was learned before corrects the forecast, unless that is turned off."""
    hass_storage[KEY] = {"version": 1, "key": KEY, "data": learned(0.6)}
    sun.forecasts("roof", by_hours(1000.0))
    await set_up(house, {"solar_forecast": ["roof"]})
    assert float(today(house)) == pytest.approx(0.6 * 14, rel=0.05)
    assert expected(house).solar_w[0] == pytest.approx(600.0, rel=0.05)
    assert expected(house).solar_low_w[0] == pytest.approx(600.0, rel=0.06)


async def test_correction_turned_off(
    house: House, sun: Sun, hass_storage: dict[str, Any]
) -> None:
    """Then the forecast counts as it is."""
    hass_storage[KEY] = {"version": 1, "key": KEY, "data": learned(0.6)}
    sun.forecasts("roof", by_hours(1000.0))
    await set_up(house, {"solar_forecast": ["roof"], "solar_correction": False})
    assert float(today(house)) == pytest.approx(14.0)


async def test_usual_day_without_a_forecast(
    house: House, hass_storage: dict[str, Any]
) -> None:
    """Without any forecast the last days' mean is expected; the sensor does not call it a forecast."""
    hass_storage[KEY] = {"version": 1, "key": KEY, "data": learned(0.6)}
    await set_up(house)
    assert expected(house).solar_w[0] == pytest.approx(600.0)
    assert today(house) == "unknown"


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
