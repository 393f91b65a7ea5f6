"""Answers that are wrong, late or missing: what is understood is taken, and a reason is logged once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.ampacity.engine.prices import PriceSeries
from custom_components.ampacity.sources.price import PriceSource
from custom_components.ampacity.sources.price.units import is_price_unit, price_factor

from .market import Answer, register, serve

START = datetime(2026, 6, 1, 22, tzinfo=UTC)
NOW = START + timedelta(hours=10)
GOOD = {"start": "2026-06-02T08:00:00+00:00", "end": "2026-06-02T09:00:00+00:00"}


@pytest.fixture(autouse=True)
async def berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Be in Berlin on a morning in June."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOW)


async def fetch(hass: HomeAssistant, source: PriceSource) -> PriceSeries | None:
    """Return what is told of two days."""
    return await source.async_fetch(hass, START, START + timedelta(days=2))


def fail(_: Any) -> Any:
    """Do not answer."""
    raise HomeAssistantError("no connection")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (fail, "HomeAssistantError: no connection"),
        (lambda _: {}, "there are no prices for the area SE3"),
        (lambda _: {"SE4": []}, "there are no prices for the area SE3"),
        (lambda _: {"SE3": None}, None),
        (lambda _: {"SE3": "soon"}, None),
        (lambda _: {"SE3": [1, None, {"start": "soon", "price": 1}]}, None),
        (lambda _: {"SE3": [GOOD | {"price": "much"}]}, None),
        (lambda _: {"SE3": [GOOD | {"price": None}]}, None),
        (lambda _: {"SE3": [GOOD | {"price": float("nan")}]}, None),
        (lambda _: {"SE3": [GOOD | {"price": True}]}, None),
    ],
)
async def test_the_present_price_is_left(
    hass: HomeAssistant, answer: Answer, reason: str | None
) -> None:
    """Where nothing is understood there is still what the entity shows, for its quarter of an hour."""
    serve(hass, "nordpool", "get_prices_for_date", answer)
    unit = {"unit_of_measurement": "SEK/kWh"}
    source = PriceSource(register(hass, "nordpool", "SE3-current_price", "0.5", unit))
    series = await fetch(hass, source)
    assert series is not None
    (span,) = series.spans
    assert (span.start, span.price) == (NOW, 0.5)
    assert not source.has_forecast
    if reason is not None:
        assert reason in (source.problem or "")


async def test_what_is_right_is_taken(hass: HomeAssistant) -> None:
    """One wrong item does not spoil the others."""
    items = [{"start": "soon"}, GOOD | {"price": 500}, 17]
    serve(hass, "nordpool", "get_prices_for_date", lambda _: {"SE3": items})
    source = PriceSource(register(hass, "nordpool", "SE3-current_price", "0.5"))
    series = await fetch(hass, source)
    assert series is not None
    assert [span.price for span in series.spans] == [0.5]
    assert series.spans[0].end - series.spans[0].start == timedelta(hours=1)


@pytest.mark.parametrize("state", ["unavailable", "unknown", "cheap", "", "nan", None])
async def test_nothing_at_all(hass: HomeAssistant, state: str | None) -> None:
    """Without a number there is no price, and a reason."""
    if state is not None:
        hass.states.async_set("sensor.price", state)
    source = PriceSource("sensor.price")
    assert await fetch(hass, source) is None
    assert source.problem == "the entity tells no price"


async def test_a_reason_is_logged_once(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """Once when it starts, once when it is over."""
    source = PriceSource("sensor.price")
    for state in ("unknown", "unavailable", "unknown", "0.3", "0.4"):
        hass.states.async_set("sensor.price", state)
        await fetch(hass, source)
    logged = [r.message for r in caplog.records if "Prices of" in r.message]
    assert logged == [
        "Prices of sensor.price: the entity tells no price",
        "Prices of sensor.price are there again",
    ]


async def test_an_answer_that_does_not_come(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """After half a minute it is given up."""
    answered = asyncio.Event()

    async def handle(_: Any) -> None:
        await answered.wait()

    hass.services.async_register(
        "omie", "get_prices_for_date", handle, supports_response=SupportsResponse.ONLY
    )
    source = PriceSource(register(hass, "omie", "es_spot_price", "0.5"))
    fetching = hass.async_create_task(fetch(hass, source))
    for seconds in (0, 29, 2):
        freezer.tick(seconds)
        for _ in range(5):
            await asyncio.sleep(0)
        assert fetching.done() is (seconds == 2)
    answered.set()
    await hass.async_block_till_done()
    assert fetching.result() is not None
    assert source.problem == "TimeoutError"


@pytest.mark.parametrize(
    ("homes", "right"),
    [
        ({"Cabin": 1.0, "Home": 2.0}, 2.0),
        ({"Somewhere": 3.0}, 3.0),
        ({"Cabin": 1.0, "Boat": 4.0}, None),
    ],
)
async def test_homes_of_tibber(
    hass: HomeAssistant, homes: dict[str, float], right: float | None
) -> None:
    """Of several homes the one that is called as the entity's device is."""
    prices = {
        name: [{"start_time": NOW.isoformat(), "price": price}]
        for name, price in homes.items()
    }
    serve(hass, "tibber", "get_prices", lambda _: {"prices": prices})
    source = PriceSource(register(hass, "tibber", "id", "unknown", device_name="Home"))
    series = await fetch(hass, source)
    assert (series.at(NOW) if series else None) == right
    assert (source.problem is None) is (right is not None)


@pytest.mark.parametrize(
    ("attributes", "price"),
    [
        ({"prices": [{"from": NOW.isoformat(), "till": None, "price": 0.2}]}, 0.2),
        ({"data": [{"start_time": NOW.isoformat(), "price_ct_per_kwh": 20}]}, 0.2),
        ({"data": [{"start_time": NOW.isoformat(), "price_eur_per_mwh": 200}]}, 0.2),
        ({"slots": [{"startsAt": NOW.isoformat(), "total": 0.2, "level": "LOW"}]}, 0.2),
        ({"slots": [{"start": "2026-06-02 10:00:00", "value": 0.2}]}, 0.2),
        ({"slots": [{"begin": NOW.isoformat(), "value": 0.2}]}, None),
        ({"slots": [{"start": NOW.isoformat(), "rank": 1}]}, None),
        ({"slots": {"start": NOW.isoformat(), "value": 0.2}}, None),
        ({"today": [0.2] * 24}, None),
    ],
)
async def test_any_list_of_prices(
    hass: HomeAssistant, attributes: dict[str, Any], price: float | None
) -> None:
    """An entity from YAML is read as well when its list names starts and prices."""
    hass.states.async_set("sensor.template", "unknown", attributes)
    series = await fetch(hass, PriceSource("sensor.template"))
    assert (series.at(NOW) if series else None) == price


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("EUR/kWh", 1.0),
        ("€/kWh", 1.0),
        ("kr/kWh", 1.0),
        ("EUR/MWh", 0.001),
        ("€/MWh", 0.001),
        ("ct/kWh", 0.01),
        ("c/kWh", 0.01),
        ("¢/kWh", 0.01),
        ("Cent/kWh", 0.01),
        ("øre/kWh", 0.01),
        ("Öre/kWh", 0.01),
        ("p/kWh", 0.01),
        ("EUR/Wh", 1000.0),
        ("EUR", 1.0),
        (None, 1.0),
        (7, 1.0),
    ],
)
async def test_units(hass: HomeAssistant, unit: Any, factor: float) -> None:
    """Whatever the unit, a price is currency per kWh."""
    assert price_factor(unit) == pytest.approx(factor)
    hass.states.async_set("sensor.price", "3", {"unit_of_measurement": unit})
    series = await fetch(hass, PriceSource("sensor.price"))
    assert series is not None
    assert series.at(NOW) == pytest.approx(3 * factor)


@pytest.mark.parametrize(
    ("unit", "is_price"),
    [
        ("EUR/kWh", True),
        ("SEK/MWh", True),
        ("øre/kWh", True),
        ("gCO2eq/kWh", False),
        ("km/kWh", False),
        ("W", False),
        (None, False),
        ("EUR/m³", False),
    ],
)
def test_units_of_prices(unit: str | None, is_price: bool) -> None:
    """Money for energy is a price; emissions and distances are not."""
    assert is_price_unit(unit) is is_price
