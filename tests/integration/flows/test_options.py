"""How a site is controlled can be changed at any time."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import open_options, send, suggested

USUAL: dict[str, Any] = {
    "fuse_margin": 5.0,
    "start_delay": 60.0,
    "stop_delay": 180.0,
    "raise_delay": 60.0,
    "resume_delay": 120.0,
}
BALANCE = {"imbalance_limit": 4.6}


async def test_control(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """The engine's defaults are filled in; what is left empty is forgotten."""
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "control")
    assert suggested(result["data_schema"]) == pytest.approx(USUAL)
    result = await send(flows, result, USUAL | BALANCE)
    assert result["type"] == "create_entry"
    assert site.options == USUAL | BALANCE

    result = await open_options(hass, site.entry_id, "control")
    assert suggested(result["data_schema"]) == USUAL | BALANCE
    await send(flows, result, USUAL | {"start_delay": 0})
    assert site.options == USUAL | {"start_delay": 0.0}


async def test_a_section_leaves_the_others_alone(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Each section stores its own fields and no usual values of other sections."""
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "prices")
    result = await send(flows, result, {"price_kind": "fixed"})
    await send(flows, result, {"import_price": 0.3})
    prices = {"price_kind": "fixed", "import_price": 0.3}
    assert site.options == prices
    result = await open_options(hass, site.entry_id, "control")
    await send(flows, result, USUAL)
    assert site.options == prices | USUAL


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
    ],
)
async def test_errors(
    hass: HomeAssistant,
    site: MockConfigEntry,
    bad: dict[str, Any],
    error: str,
) -> None:
    """A value that makes no sense is told, and can be put right."""
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "control")
    result = await send(flows, result, USUAL | bad)
    assert result["errors"] == {next(iter(bad)): error}
    assert suggested(result["data_schema"]).keys() >= USUAL.keys()
    result = await send(flows, result, USUAL)
    assert result["type"] == "create_entry"
    assert site.options == USUAL


async def test_one_phase_needs_no_balance(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """A limit of imbalance is asked for where there are phases to differ."""
    for phases, asked in ((3, True), (1, False)):
        data = {**site.data, "phases": phases}
        hass.config_entries.async_update_entry(site, data=data)
        result = await open_options(hass, site.entry_id, "control")
        assert ("imbalance_limit" in result["data_schema"].schema) is asked
        hass.config_entries.options.async_abort(result["flow_id"])
