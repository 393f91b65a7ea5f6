"""Where forecasts come from can be chosen."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.sun import Sun

from .steps import open_options, send, suggested

USUAL: dict[str, Any] = {
    "solar_correction": True,
    "usual_power": 400.0,
    "high_power": 2000.0,
}


def choices(result: Any) -> list[tuple[str, str]]:
    """Return the plants that are offered: their values and names."""
    selector = next(
        value
        for key, value in result["data_schema"].schema.items()
        if key == "solar_forecast"
    )
    return [(one["value"], one["label"]) for one in selector.config["options"]]


async def test_forecast(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """Integrations that forecast the sun are offered; what is chosen is kept."""
    sun = Sun(hass)
    sun.forecasts("roof", {})
    MockConfigEntry(domain="other", entry_id="other", title="Other").add_to_hass(hass)
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "forecast")
    assert choices(result) == [("roof", "roof")]
    assert suggested(result["data_schema"]) == USUAL
    chosen = USUAL | {"solar_forecast": ["roof"], "solar_correction": False}
    result = await send(flows, result, chosen)
    assert result["type"] == "create_entry"
    assert site.options == chosen
    result = await open_options(hass, site.entry_id, "forecast")
    assert suggested(result["data_schema"]) == chosen
    await send(flows, result, {"solar_correction": True})
    assert site.options == {"solar_correction": True}


async def test_a_choice_that_forecasts_no_more(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """What was chosen before stays to be seen, whether the dashboard is there or not."""
    MockConfigEntry(domain="other", entry_id="old", title="Old").add_to_hass(hass)
    hass.config_entries.async_update_entry(site, options={"solar_forecast": ["old"]})
    result = await open_options(hass, site.entry_id, "forecast")
    assert choices(result) == [("old", "Old")]


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"usual_power": -1}, {"usual_power": "power_range"}),
        ({"high_power": 2e6}, {"high_power": "power_range"}),
        ({"usual_power": 3000}, {"high_power": "high_below_usual"}),
        ({"high_power": 300}, {"high_power": "high_below_usual"}),
    ],
)
async def test_errors(
    hass: HomeAssistant,
    site: MockConfigEntry,
    bad: dict[str, Any],
    error: dict[str, str],
) -> None:
    """A power that makes no sense is told, and can be put right."""
    flows = hass.config_entries.options
    result = await open_options(hass, site.entry_id, "forecast")
    result = await send(flows, result, USUAL | bad)
    assert result["errors"] == error
    result = await send(flows, result, USUAL)
    assert result["type"] == "create_entry"
    assert site.options == USUAL
