"""What is changed in a dialog holds at once, without a restart."""

from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.coordinator import AmpacityCoordinator
from tests.integration.house import CHARGER_ID

from .steps import choose, open_options, send, suggested


def coordinator(entry: MockConfigEntry) -> AmpacityCoordinator:
    """Return what runs now."""
    running: AmpacityCoordinator = entry.runtime_data
    return running


async def go_on(manager: Any, result: Any, **changes: Any) -> Any:
    """Submit each form as it is filled in, with some fields changed, to its end."""
    while result["type"] == "form":
        filled = suggested(result["data_schema"])
        known = {str(key) for key in result["data_schema"].schema}
        changed = {key: value for key, value in changes.items() if key in known}
        result = await send(manager, result, filled | changed)
    return result


async def test_site(hass: HomeAssistant, site_entry: MockConfigEntry) -> None:
    """Another main fuse is kept from now on."""
    result = await site_entry.start_reconfigure_flow(hass)
    result = await go_on(hass.config_entries.flow, result, main_fuse=35)
    assert result["type"] == "menu"
    await choose(hass, result, "finish")
    await hass.async_block_till_done()
    assert coordinator(site_entry).site.fuse_a == 35.0


async def test_options(hass: HomeAssistant, site_entry: MockConfigEntry) -> None:
    """Another margin is kept from now on."""
    flows = hass.config_entries.options
    result = await open_options(hass, site_entry.entry_id, "control")
    await go_on(flows, result, fuse_margin=20)
    result = await open_options(hass, site_entry.entry_id, "prices")
    result = await send(flows, result, {"price_kind": "fixed"})
    await send(flows, result, {"import_price": 0.3})
    await hass.async_block_till_done()
    assert coordinator(site_entry).site.fuse_margin == 0.2
    assert coordinator(site_entry).site.import_price == 0.3


async def test_charger(hass: HomeAssistant, site_entry: MockConfigEntry) -> None:
    """Another name and current hold from now on."""
    flows = hass.config_entries.subentries
    result = await site_entry.start_subentry_reconfigure_flow(hass, CHARGER_ID)
    await go_on(flows, result, name="Carport", max_current=10)
    await hass.async_block_till_done()
    (config,) = coordinator(site_entry).configs.values()
    assert (config.name, config.max_a) == ("Carport", 10.0)
