"""How a site is controlled can be changed at any time."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import send, suggested

USUAL: dict[str, Any] = {
    "fuse_margin": 5.0,
    "start_delay": 60.0,
    "stop_delay": 180.0,
    "raise_delay": 60.0,
    "resume_delay": 120.0,
}
PRICES = {"import_price": 0.32, "feed_in_price": -0.01}
BALANCE = {"imbalance_limit": 4.6}


async def test_options(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """The engine's defaults are filled in; prices are in the currency of the installation."""
    hass.config.currency = "SEK"
    flows = hass.config_entries.options
    result: Any = await flows.async_init(site.entry_id)
    assert suggested(result["data_schema"]) == pytest.approx(USUAL)
    selector = result["data_schema"].schema["import_price"]
    assert selector.config["unit_of_measurement"] == "SEK/kWh"
    result = await send(flows, result, USUAL | PRICES | BALANCE)
    assert result["type"] == "create_entry"
    assert site.options == USUAL | PRICES | BALANCE

    result = await flows.async_init(site.entry_id)
    assert suggested(result["data_schema"]) == USUAL | PRICES | BALANCE
    await send(flows, result, USUAL | {"start_delay": 0})
    assert site.options == USUAL | {"start_delay": 0.0}


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"fuse_margin": -1}, "margin_range"),
        ({"fuse_margin": 51}, "margin_range"),
        ({"start_delay": -1}, "delay_range"),
        ({"stop_delay": 3601}, "delay_range"),
        ({"raise_delay": "nan"}, "delay_range"),
        ({"resume_delay": "inf"}, "delay_range"),
        ({"imbalance_limit": 0}, "imbalance_range"),
        ({"imbalance_limit": 101}, "imbalance_range"),
        ({"import_price": "nan"}, "price_range"),
        ({"feed_in_price": "inf"}, "price_range"),
    ],
)
async def test_errors(
    hass: HomeAssistant, site: MockConfigEntry, bad: dict[str, Any], error: str
) -> None:
    """A value that makes no sense is told, and can be put right."""
    flows = hass.config_entries.options
    result: Any = await flows.async_init(site.entry_id)
    result = await send(flows, result, USUAL | PRICES | {"fuse_margin": 7} | bad)
    assert result["errors"] == {next(iter(bad)): error}
    filled = suggested(result["data_schema"])
    assert filled["fuse_margin"] == float(bad.get("fuse_margin", 7))
    result = await send(flows, result, USUAL)
    assert result["type"] == "create_entry"
    assert site.options == USUAL


async def test_one_phase_needs_no_balance(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A limit of imbalance is asked for where there are phases to differ."""
    flows = hass.config_entries.options
    for phases, asked in ((3, True), (1, False)):
        data = {**site.data, "phases": phases}
        hass.config_entries.async_update_entry(site, data=data)
        result: Any = await flows.async_init(site.entry_id)
        assert ("imbalance_limit" in result["data_schema"].schema) is asked
        flows.async_abort(result["flow_id"])
