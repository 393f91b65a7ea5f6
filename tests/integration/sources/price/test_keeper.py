"""Prices are kept fresh, kept over a restart, and always there."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.ampacity.sources.price import PriceConfig, PriceKeeper

from .market import HOUR, QUARTER, Market, midnight, omie, price_at, register, serve

NOON = datetime(2026, 6, 2, 10, tzinfo=UTC)
"""In Berlin."""
WINDOW = {
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "start": "22:00:00",
    "end": "06:00:00",
    "price": 0.2,
}


@pytest.fixture(autouse=True)
async def berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Be in Berlin at noon."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOON)


def keep(hass: HomeAssistant, **options: Any) -> PriceKeeper:
    """Return the keeper of a site's options."""
    return PriceKeeper(hass, PriceConfig.from_options(options))


def test_a_fixed_price_needs_nothing(hass: HomeAssistant) -> None:
    """Options of before there were kinds are one price."""
    keeper = keep(hass, import_price=0.3, feed_in_price=0.08)
    prices = keeper.prices(NOON, 4)
    assert prices.import_price == (0.3,) * 4
    assert prices.feed_in_price == (0.08,) * 4
    assert prices.earlier_price == (0.3,) * 48
    assert prices.known_until is None
    assert keeper.entity_ids == ()
    assert keep(hass).prices(NOON, 1).import_price == (0.0,)


async def test_windows_and_holidays(hass: HomeAssistant) -> None:
    """A holiday on a weekday counts as a Sunday, which has no night of its own."""
    days = {"calendar.free": {"events": [{"start": "2026-06-02", "end": "2026-06-03"}]}}
    serve(hass, "calendar", "get_events", lambda _: days)
    options: dict[str, Any] = {
        "price_kind": "windows",
        "import_price": 0.35,
        "price_windows": [WINDOW],
    }
    late = NOON + 11 * HOUR
    assert keep(hass, **options).prices(late, 1).import_price == (0.2,)
    keeper = keep(hass, **options, holidays_entity="calendar.free")
    assert keeper.entity_ids == ("calendar.free",)
    assert await keeper.async_refresh(NOON)
    assert keeper.prices(late, 1).import_price == (0.35,)
    assert keeper.prices(late + 24 * HOUR, 1).import_price == (0.2,)
    assert not await keeper.async_refresh(NOON)


async def test_formula_and_surcharges(hass: HomeAssistant) -> None:
    """What is paid is the published price with taxes and fees; feeding in has its own."""
    hass.states.async_set("sensor.spot", "100", {"unit_of_measurement": "€/MWh"})
    hass.states.async_set("sensor.feed_in", "6", {"unit_of_measurement": "ct/kWh"})
    surcharge = {"days": [], "start": "12:15", "end": "12:30", "addend": 0.5}
    keeper = keep(
        hass,
        price_kind="entity",
        price_entity="sensor.spot",
        price_factor=1.19,
        price_addend=0.15,
        price_surcharges=[surcharge],
        feed_in_entity="sensor.feed_in",
        feed_in_factor=0.5,
        feed_in_addend=-0.04,
    )
    await keeper.async_refresh(NOON)
    prices = keeper.prices(NOON, 3)
    assert prices.import_price == pytest.approx((0.269, 0.6, 0.269))
    assert prices.feed_in_price == pytest.approx((-0.01,) * 3)


async def test_a_price_without_forecast_stays_as_it_is(hass: HomeAssistant) -> None:
    """Until it is seen to go to and fro: then its hours are expected to come again."""
    keeper = keep(hass, price_kind="entity", price_entity="input_number.price")
    for index in range(97):
        now = NOON - 24 * HOUR + index * QUARTER
        hass.states.async_set("input_number.price", "0.2" if index < 48 else "0.3")
        await keeper.async_refresh(now)
    assert keeper.prices(NOON, 96).import_price == (0.3,) * 96


async def test_prices_arrive_in_the_afternoon(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Tomorrow is guessed from today until it is told; the server is asked now and then."""
    market = Market(
        hass=hass, zone="Europe/Madrid", step=QUARTER, until=midnight_after(1)
    )
    later = Market(
        hass=hass, zone="Europe/Madrid", step=QUARTER, until=midnight_after(2)
    )
    told = {"market": market}
    calls = serve(
        hass, "omie", "get_prices_for_date", lambda data: omie(told["market"], data)
    )
    entity_id = register(hass, "omie", "es_spot_price", "0.1")
    keeper = keep(hass, price_kind="entity", price_entity=entity_id)
    assert keeper.entity_ids == (entity_id,)
    assert await keeper.async_refresh(NOON)
    before = keeper.prices(NOON, 96)
    assert before.known_until == market.until
    assert before.earlier_price[0] == price_at(NOON - 12 * HOUR)
    assert before.import_price[0] == price_at(NOON)
    assert before.import_price[48] == price_at(NOON - 12 * HOUR)

    asked = len(calls)
    assert not await keeper.async_refresh(NOON + timedelta(minutes=14))
    assert len(calls) == asked
    told["market"] = later
    freezer.tick(timedelta(minutes=15))
    assert await keeper.async_refresh(NOON + QUARTER)
    after = keeper.prices(NOON, 96)
    assert after.known_until == later.until
    assert after.import_price[48] == price_at(NOON + 12 * HOUR)

    asked = len(calls)
    freezer.tick(timedelta(minutes=45))
    assert not await keeper.async_refresh(NOON + timedelta(minutes=60))
    assert len(calls) == asked
    assert not await keeper.async_refresh(NOON + timedelta(minutes=75))
    assert len(calls) > asked


def midnight_after(days: int) -> datetime:
    """Return the end of today or of a day after it."""
    return midnight((NOON + timedelta(days=days)).date(), "Europe/Madrid")


async def test_an_outage_leaves_what_is_known(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Charging never waits for prices: the old ones stay, then those hours' mean counts."""
    market = Market(
        hass=hass, zone="Europe/Madrid", step=QUARTER, until=midnight_after(2)
    )
    serve(hass, "omie", "get_prices_for_date", lambda data: omie(market, data))
    entity_id = register(hass, "omie", "es_spot_price", "0.1")
    keeper = keep(hass, price_kind="entity", price_entity=entity_id)
    await keeper.async_refresh(NOON)
    before = keeper.prices(NOON, 96)

    def fail(_: Any) -> Any:
        raise HomeAssistantError

    serve(hass, "omie", "get_prices_for_date", fail)
    hass.states.async_set(entity_id, "unavailable")
    for hours in (2, 12, 23):
        freezer.move_to(NOON + hours * HOUR)
        assert not await keeper.async_refresh(NOON + hours * HOUR)
        assert keeper.missing(NOON + hours * HOUR) == []
    assert keeper.prices(NOON, 96) == before
    assert keeper.missing(NOON + 24 * HOUR) == [entity_id]
    late = keeper.prices(NOON + 48 * HOUR, 96)
    assert min(before.import_price) <= min(late.import_price)
    assert late.known_until is None

    serve(hass, "omie", "get_prices_for_date", lambda data: omie(market, data))
    freezer.move_to(NOON + 25 * HOUR)
    await keeper.async_refresh(NOON + 25 * HOUR)
    assert keeper.missing(NOON + 25 * HOUR) == []


async def test_prices_outlive_a_restart(hass: HomeAssistant) -> None:
    """What was known is known again before anything is asked, of the same entities."""
    market = Market(
        hass=hass, zone="Europe/Madrid", step=QUARTER, until=midnight_after(2)
    )
    serve(hass, "omie", "get_prices_for_date", lambda data: omie(market, data))
    entity_id = register(hass, "omie", "es_spot_price", "0.1")
    options = {
        "price_kind": "entity",
        "price_entity": entity_id,
        "feed_in_entity": entity_id,
    }
    keeper = keep(hass, **options)
    await keeper.async_refresh(NOON)
    saved = json.loads(json.dumps(keeper.stored))
    again = keep(hass, **options)
    again.take_up(saved)
    assert again.prices(NOON, 96) == keeper.prices(NOON, 96)
    assert again.stored == keeper.stored
    other = keep(hass, price_kind="entity", price_entity="sensor.other")
    other.take_up(saved)
    assert other.series.spans == ()


@pytest.mark.parametrize(
    "saved",
    [
        None,
        7,
        [],
        {"import": None},
        {"import": {"entity_id": "sensor.spot", "prices": 7, "told": 7}},
        {"import": {"entity_id": "sensor.spot", "prices": [[1, 2, 3], ["a"], None]}},
    ],
)
async def test_what_cannot_be_read_is_left_out(
    hass: HomeAssistant, saved: object
) -> None:
    """A damaged file starts from nothing."""
    hass.states.async_set("sensor.spot", "0.3")
    keeper = keep(hass, price_kind="entity", price_entity="sensor.spot")
    keeper.take_up(saved)
    assert keeper.prices(NOON, 1).import_price == (0.0,)
    await keeper.async_refresh(NOON)
    assert keeper.prices(NOON, 1).import_price == (0.3,)


async def test_workdays(hass: HomeAssistant) -> None:
    """A weekday on which nobody works is a holiday; a weekend is none."""
    asked = serve(
        hass,
        "workday",
        "check_date",
        lambda data: {
            "binary_sensor.workday": {"workday": data["check_date"] != "2026-06-04"}
        },
    )
    keeper = keep(
        hass,
        price_kind="windows",
        price_windows=[WINDOW | {"days": ["sun"], "start": "00:00", "end": "00:00"}],
        import_price=0.3,
        holidays_entity="binary_sensor.workday",
    )
    assert await keeper.async_refresh(NOON)
    prices = keeper.prices(NOON, 4 * 72).import_price
    assert [prices[4 * hours] for hours in (0, 24, 48)] == [0.3, 0.3, 0.2]
    assert {one["check_date"] for one in asked} == {
        f"2026-06-0{day}" for day in (1, 2, 3, 4, 5)
    }


@pytest.mark.parametrize("entity_id", ["calendar.free", "binary_sensor.workday"])
@pytest.mark.parametrize(
    "answer", [{}, None, {"x": {}}, {"calendar.free": {"events": 7}}]
)
async def test_holidays_that_nobody_tells(
    hass: HomeAssistant, entity_id: str, answer: Any
) -> None:
    """Without an answer no day is a holiday."""
    serve(hass, "calendar", "get_events", lambda _: answer)
    serve(hass, "workday", "check_date", lambda _: answer)
    keeper = keep(
        hass,
        price_kind="windows",
        price_windows=[WINDOW],
        import_price=0.3,
        holidays_entity=entity_id,
    )
    assert not await keeper.async_refresh(NOON)
    assert keeper.prices(NOON, 1).import_price == (0.3,)
