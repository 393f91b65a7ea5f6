"""Peak tariff and operator limit are chosen in the options, and become the engine's rules."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.engine.peak_presets import PRESETS
from custom_components.ampacity.engine.tariffs import OperatorRule, PeakTariff
from custom_components.ampacity.flows.options_peak import PRESET_OWN
from custom_components.ampacity.grid_rules import operator_rule, peak_tariff

from .steps import open_options, send, suggested

MEANS: dict[str, Any] = {
    "peak_window": "60",
    "peak_rank": 3,
    "peak_distinct_days": True,
    "peak_floor": 1.5,
    "peak_steps": [{"up_to": 5, "price": 300}, {"up_to": 2, "price": 0}],
}
HOURS: dict[str, Any] = {
    "peak_from": 7,
    "peak_until": 20,
    "peak_weekdays": ["mon", "fri"],
    "peak_months": ["12", "1"],
    "peak_reduced_from": 18,
    "peak_reduced_until": 20,
    "peak_reduced_share": 50,
}
RULE: dict[str, Any] = {
    "peak_price": 4.2,
    "peak_accepted": 5,
    "peak_means": MEANS,
    "peak_hours": HOURS,
}
OTHER: dict[str, Any] = {"import_price": 0.3}


async def choose(hass: HomeAssistant, entry: MockConfigEntry, preset: str) -> Any:
    """Choose a tariff; the next page is its rule."""
    result = await open_options(hass, entry.entry_id, "peak")
    flows = hass.config_entries.options
    return await send(flows, result, {"peak_preset": preset})


@pytest.mark.parametrize("preset", PRESETS)
async def test_known_tariffs(
    hass: HomeAssistant, site: MockConfigEntry, preset: str
) -> None:
    """A known tariff is filled in, and taken as it stands it is that tariff."""
    hass.config_entries.async_update_entry(site, options=OTHER)
    result = await choose(hass, site, preset)
    assert result["step_id"] == "peak_rule"
    shown = suggested(result["data_schema"])
    result = await send(hass.config_entries.options, result, shown)
    assert result["type"] == "create_entry"
    assert peak_tariff(site.options) == PRESETS[preset]
    assert site.options["import_price"] == 0.3


async def test_a_tariff_of_ones_own(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """Every field gets to the engine; the second time all of them are filled in again."""
    flows = hass.config_entries.options
    result = await choose(hass, site, PRESET_OWN)
    assert suggested(result["data_schema"])["peak_means"]["peak_window"] == "15"
    await send(flows, result, RULE)
    assert peak_tariff(site.options) == PeakTariff(
        window_s=3600.0,
        rank=3,
        distinct_days=True,
        hours=(7, 20),
        weekdays=frozenset({0, 4}),
        months=frozenset({12, 1}),
        reduced_hours=(18, 20),
        reduced_share=0.5,
        floor_w=1500.0,
        accepted_w=5000.0,
        price_per_kw=4.2,
        steps_w=(2000.0, 5000.0),
        step_prices=(0.0, 300.0),
    )
    result = await open_options(hass, site.entry_id, "peak")
    assert suggested(result["data_schema"]) == {"peak_preset": "own"}
    result = await send(flows, result, {"peak_preset": "own"})
    assert suggested(result["data_schema"]) == RULE


async def test_changing_and_leaving_a_tariff(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Another tariff replaces the rule and keeps the price; none takes all of it away."""
    flows = hass.config_entries.options
    hass.config_entries.async_update_entry(site, options=OTHER)
    await send(flows, await choose(hass, site, PRESET_OWN), RULE)
    result = await choose(hass, site, "belgium")
    shown = suggested(result["data_schema"])
    assert shown["peak_price"] == 4.2
    assert shown["peak_means"]["peak_floor"] == 2.5
    assert "peak_steps" not in shown["peak_means"]
    await send(flows, result, shown)
    tariff = peak_tariff(site.options)
    assert tariff is not None
    assert (tariff.floor_w, tariff.steps_w) == (2500.0, ())
    assert tariff.reduced_hours == (0, 0)

    result = await choose(hass, site, "none")
    assert result["type"] == "create_entry"
    assert site.options == OTHER
    assert peak_tariff(site.options) is None


@pytest.mark.parametrize(
    ("bad", "part", "error"),
    [
        ({"peak_price": -1}, None, "peak_price_range"),
        ({"peak_accepted": "nan"}, None, "peak_power_range"),
        ({"peak_floor": -1}, "peak_means", "peak_power_range"),
        ({"peak_rank": 0}, "peak_means", "peak_rank_range"),
        ({"peak_rank": 2.5}, "peak_means", "peak_rank_range"),
        ({"peak_from": 25}, "peak_hours", "peak_hour_range"),
        ({"peak_until": 7.5}, "peak_hours", "peak_hour_range"),
        ({"peak_weekdays": []}, "peak_hours", "peak_days_needed"),
        ({"peak_months": []}, "peak_hours", "peak_days_needed"),
        ({"peak_reduced_share": 101}, "peak_hours", "peak_share_range"),
        ({"peak_steps": [{"up_to": 0}]}, "peak_means", "peak_steps_order"),
        (
            {"peak_steps": [{"up_to": 2}, {"up_to": 2}]},
            "peak_means",
            "peak_steps_order",
        ),
        (
            {"peak_steps": [{"up_to": 2, "price": 1}, {"up_to": 5}]},
            "peak_means",
            "peak_steps_prices",
        ),
    ],
)
async def test_errors_of_a_tariff(
    hass: HomeAssistant,
    site: MockConfigEntry,
    bad: dict[str, Any],
    part: str | None,
    error: str,
) -> None:
    """A value that makes no sense is told, and can be put right."""
    flows = hass.config_entries.options
    wrong = RULE | bad if part is None else RULE | {part: RULE[part] | bad}
    result = await send(flows, await choose(hass, site, PRESET_OWN), wrong)
    assert result["errors"] == {part or next(iter(bad)): error}
    result = await send(flows, result, RULE)
    assert result["type"] == "create_entry"


async def test_hours_in_part_need_all_three(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """From and until without a part say nothing."""
    hours = {key: one for key, one in HOURS.items() if key != "peak_reduced_share"}
    result = await choose(hass, site, PRESET_OWN)
    flows = hass.config_entries.options
    result = await send(flows, result, RULE | {"peak_hours": hours})
    assert result["errors"] == {"peak_hours": "peak_reduced_incomplete"}


@pytest.mark.parametrize(
    ("entered", "chargers", "expected"),
    [
        ({"operator_rule": "each"}, 1, None),
        (
            {"operator_entity": "binary_sensor.dim", "operator_rule": "each"},
            2,
            OperatorRule(per_device_w=4200.0),
        ),
        (
            {"operator_entity": "binary_sensor.dim", "operator_rule": "shared"},
            2,
            OperatorRule(per_device_w=None, site_w=7560.0),
        ),
        (
            {
                "operator_limit_entity": "sensor.limit",
                "operator_rule": "own",
                "operator_limit": 6.5,
            },
            2,
            OperatorRule(per_device_w=None, site_w=6500.0),
        ),
    ],
)
async def test_operator(
    hass: HomeAssistant,
    site: MockConfigEntry,
    entered: dict[str, Any],
    chargers: int,
    expected: OperatorRule | None,
) -> None:
    """What is entered becomes the engine's rule; without an entity there is none."""
    result = await open_options(hass, site.entry_id, "operator")
    assert suggested(result["data_schema"]) == {"operator_rule": "each"}
    result = await send(hass.config_entries.options, result, entered)
    assert result["type"] == "create_entry"
    assert site.options == entered
    assert operator_rule(site.options, chargers) == expected


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"operator_limit": -1}, "operator_limit_range"),
        ({"operator_limit": "nan"}, "operator_limit_range"),
        ({"operator_rule": "own"}, "operator_limit_needed"),
        ({"operator_limit_entity": "sensor.warmth"}, "wrong_unit"),
    ],
)
async def test_errors_of_the_operator(
    hass: HomeAssistant, site: MockConfigEntry, bad: dict[str, Any], error: str
) -> None:
    """A value that makes no sense is told, and can be put right."""
    hass.states.async_set("sensor.warmth", "20", {"unit_of_measurement": "°C"})
    right = {"operator_entity": "switch.dim", "operator_rule": "each"}
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "operator")
    result = await send(flows, result, right | bad)
    field = "operator_limit" if error == "operator_limit_needed" else next(iter(bad))
    assert result["errors"] == {field: error}
    result = await send(flows, result, right)
    assert result["type"] == "create_entry"
