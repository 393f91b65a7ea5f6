"""What electricity costs is told in two steps: how it is told, and the price itself."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import collapsed, open_options, send, suggested

EUROS = {"unit_of_measurement": "EUR/kWh"}
WINDOW: dict[str, Any] = {
    "days": ["mon", "fri"],
    "start": "22:00:00",
    "end": "06:00:00",
    "price": 0.21,
}
SURCHARGE: dict[str, Any] = {
    "days": ["mon"],
    "start": "17:00:00",
    "end": "21:00:00",
    "addend": 0.25,
    "months": ["11", "12"],
}
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "fixed": ({"import_price": 0.32}, {"import_price": 0.32}),
    "windows": (
        {
            "price_windows": [WINDOW],
            "import_price": 0.34,
            "holidays_entity": "calendar.holidays",
        },
        {
            "price_windows": [WINDOW],
            "import_price": 0.34,
            "holidays_entity": "calendar.holidays",
        },
    ),
    "entity": (
        {
            "price_entity": "sensor.spot",
            "price_factor": 1.19,
            "price_addend": 0.15,
            "more": {"price_surcharges": [SURCHARGE]},
        },
        {
            "price_entity": "sensor.spot",
            "price_factor": 1.19,
            "price_addend": 0.15,
            "price_surcharges": [SURCHARGE],
        },
    ),
}
COMMON: dict[str, Any] = {
    "feed_in_price": 0.08,
    "feed_in": {"feed_in_entity": "sensor.feed_in", "feed_in_addend": -0.01},
    "cheap": {"cheap_below": 0.1, "cheapest_hours": 4},
}
COMMON_STORED: dict[str, Any] = {
    "feed_in_price": 0.08,
    "feed_in_entity": "sensor.feed_in",
    "feed_in_addend": -0.01,
    "cheap_below": 0.1,
    "cheapest_hours": 4.0,
}


@pytest.fixture(autouse=True)
def prices(hass: HomeAssistant) -> None:
    """Have two prices, an event with rates, and other things by the kWh."""
    states = hass.states
    states.async_set("sensor.spot", "0.12", EUROS)
    states.async_set("sensor.feed_in", "80", {"unit_of_measurement": "€/MWh"})
    states.async_set("event.day_rates", "2026-03-01T00:00:00", {"rates": []})
    states.async_set("sensor.co2", "300", {"unit_of_measurement": "gCO2eq/kWh"})
    states.async_set("sensor.power", "300", {"unit_of_measurement": "W"})


async def go_to(
    hass: HomeAssistant, site: MockConfigEntry, kind: str, **common: Any
) -> Any:
    """Open the step of one kind of price."""
    result = await open_options(hass, site.entry_id, "prices")
    flows = hass.config_entries.options
    result = await send(flows, result, {"price_kind": kind} | common)
    assert result["step_id"] == f"price_{kind}"
    return result


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_is_stored_and_shown_again(
    hass: HomeAssistant, site: MockConfigEntry, kind: str
) -> None:
    """What was entered in both steps is stored, and filled in the next time."""
    flows = hass.config_entries.options
    entered, stored = KINDS[kind]
    result = await go_to(hass, site, kind, **COMMON)
    result = await send(flows, result, entered)
    assert result["type"] == "create_entry"
    assert site.options == {"price_kind": kind} | COMMON_STORED | stored

    result = await open_options(hass, site.entry_id, "prices")
    assert suggested(result["data_schema"]) == {"price_kind": kind} | COMMON
    assert collapsed(result["data_schema"]) == {"feed_in": False, "cheap": False}
    result = await send(flows, result, {"price_kind": kind})
    assert suggested(result["data_schema"]) == entered
    await send(flows, result, entered)
    assert site.options == {"price_kind": kind} | stored


async def test_options_of_before_are_one_price(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Where no kind was chosen yet, the price that is stored is filled in."""
    hass.config.currency = "SEK"
    options = {"import_price": 3.2, "feed_in_price": 0.8}
    hass.config_entries.async_update_entry(site, options=options)
    result = await open_options(hass, site.entry_id, "prices")
    assert suggested(result["data_schema"])["feed_in_price"] == 0.8
    hass.config_entries.options.async_abort(result["flow_id"])
    result = await go_to(hass, site, "fixed", feed_in_price=0.8)
    assert suggested(result["data_schema"]) == {"import_price": 3.2}
    selector = result["data_schema"].schema["import_price"]
    assert selector.config["unit_of_measurement"] == "SEK/kWh"


async def test_only_prices_are_offered(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A price has a unit of money for energy, or comes as a list of rates."""
    result = await go_to(hass, site, "entity")
    selector = result["data_schema"].schema["price_entity"]
    found = ["event.day_rates", "sensor.feed_in", "sensor.spot"]
    assert selector.config["include_entities"] == found
    for entity_id in found:
        hass.states.async_remove(entity_id)
    hass.config_entries.options.async_abort(result["flow_id"])
    result = await go_to(hass, site, "entity")
    selector = result["data_schema"].schema["price_entity"]
    assert "include_entities" not in selector.config


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"feed_in_price": "inf"}, {"feed_in_price": "price_range"}),
        ({"feed_in": {"feed_in_factor": -1}}, {"feed_in": "factor_range"}),
        ({"feed_in": {"feed_in_entity": "sensor.words"}}, {"feed_in": "not_a_number"}),
        ({"cheap": {"cheap_below": "nan"}}, {"cheap": "price_range"}),
        ({"cheap": {"cheapest_hours": 25}}, {"cheap": "cheapest_hours_range"}),
    ],
)
async def test_errors_of_the_first_step(
    hass: HomeAssistant, site: MockConfigEntry, bad: dict[str, Any], error: Any
) -> None:
    """What makes no sense is told at once, and can be put right."""
    hass.states.async_set("sensor.words", "cheap", EUROS)
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "prices")
    result = await send(flows, result, {"price_kind": "fixed"} | bad)
    assert result["errors"] == error
    result = await send(flows, result, {"price_kind": "fixed"})
    assert result["step_id"] == "price_fixed"


@pytest.mark.parametrize(
    ("kind", "bad", "error"),
    [
        ("fixed", {"import_price": "nan"}, {"import_price": "price_range"}),
        ("windows", {"import_price": 1e9}, {"import_price": "price_range"}),
        ("windows", {"price_windows": []}, {"price_windows": "windows_needed"}),
        (
            "windows",
            {"price_windows": [WINDOW | {"days": []}]},
            {"price_windows": "no_days"},
        ),
        (
            "windows",
            {"price_windows": [WINDOW | {"price": "nan"}]},
            {"price_windows": "price_range"},
        ),
        ("entity", {"price_entity": "sensor.words"}, {"price_entity": "not_a_number"}),
        ("entity", {"price_factor": 101}, {"price_factor": "factor_range"}),
        ("entity", {"price_addend": "inf"}, {"price_addend": "price_range"}),
        (
            "entity",
            {"more": {"price_surcharges": [SURCHARGE | {"factor": 1000}]}},
            {"more": "factor_range"},
        ),
    ],
)
async def test_errors_of_a_kind(
    hass: HomeAssistant,
    site: MockConfigEntry,
    kind: str,
    bad: dict[str, Any],
    error: dict[str, str],
) -> None:
    """What makes no sense is told, and can be put right."""
    hass.states.async_set("sensor.words", "cheap", EUROS)
    flows = hass.config_entries.options
    entered, stored = KINDS[kind]
    result = await go_to(hass, site, kind)
    result = await send(flows, result, entered | bad)
    assert result["errors"] == error
    result = await send(flows, result, entered)
    assert result["type"] == "create_entry"
    assert site.options == {"price_kind": kind} | stored


@pytest.mark.parametrize("state", ["unavailable", "unknown", None])
async def test_a_price_may_come_later(
    hass: HomeAssistant, site: MockConfigEntry, state: str | None
) -> None:
    """An entity that is not there yet, or says nothing, can be chosen."""
    if state is not None:
        hass.states.async_set("sensor.late", state, EUROS)
    result = await go_to(hass, site, "entity")
    schema = result["data_schema"]
    assert schema is not None
    flows = hass.config_entries.options
    result = await send(flows, result, {"price_entity": "sensor.spot"})
    assert result["type"] == "create_entry"
    hass.config_entries.async_update_entry(
        site, options={"price_kind": "entity", "price_entity": "sensor.late"}
    )
    result = await go_to(hass, site, "entity")
    await send(flows, result, {"price_entity": "sensor.late"})
    assert site.options["price_entity"] == "sensor.late"
