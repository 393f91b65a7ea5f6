"""What is expected: put together beside control, kept fresh, and there whatever fails."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from .expectations import (
    HOUR,
    KEY,
    MIDNIGHT,
    by_hours,
    expected,
    next_slot,
    set_up,
    today,
)
from .house import House, make_entry
from .sun import Sun, use_in_dashboard

pytestmark = pytest.mark.usefixtures("berlin")


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
    house.patient = False
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
