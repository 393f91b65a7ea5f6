"""Diagnostics: what can be read from them, and that they can be replayed."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.runtime.history import AS_BEFORE, KEEP, replay

from .house import CHARGER_ID, ENTRY_ID, GRID_POWER, House, make_entry


async def test_decisions_can_be_replayed(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    site_entry: MockConfigEntry,
    house: House,
) -> None:
    """The last decisions come out the same from what is in the download, bad readings included."""
    await house.choose("fast")
    await house.pass_time(90)
    house.base_a = (22.0, 3.0, 3.0)
    await house.pass_time(10)
    for state in ("nan", "unavailable", "text", "-inf"):
        hass.states.async_set(GRID_POWER, state)
    await house.pass_time(60, step_s=15)

    download: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, site_entry
    )
    decisions = download["decisions"]
    assert len(decisions) == KEEP
    commands, reasons = 0, set()
    for record, result in replay(decisions):
        assert result.decisions == record.decisions
        assert result.view == record.view
        commands += sum(one.command is not None for one in record.decisions)
        reasons |= {one.reason.key for one in record.decisions}
    assert commands >= 2
    assert len(reasons) >= 2


async def test_what_is_expected_is_told_once(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    house: House,
    site_entry: MockConfigEntry,
) -> None:
    """Each slot's expectations stand in the download once, and every record can use them."""
    await house.pass_time(60, step_s=15)
    download: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, site_entry
    )
    decisions = download["decisions"]
    told = [one["snapshot"]["outlook"] for one in decisions]
    assert any(isinstance(one, dict) for one in told)
    assert told.count(AS_BEFORE) >= len(told) - 4
    for record, result in replay(decisions):
        assert result.view == record.view


async def test_private_values_are_left_out(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, house: House
) -> None:
    """What is sent along with actions may be a secret; its names are kept, its values are not."""
    data = {"pin": "1234", "serial": "ABC"}
    entry = await house.set_up(make_entry(charger={"limit_action_data": data}))
    download: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    charger = download["chargers"][CHARGER_ID]
    assert charger["data"]["limit_action_data"].keys() == data.keys()
    assert "1234" not in str(download)
    assert "Garage" not in str(download)
    assert download["settings"]["charging_enabled"] is True


@pytest.mark.parametrize(
    ("owner_id", "key"), [(CHARGER_ID, "charger"), (ENTRY_ID, "chargers")]
)
async def test_device_diagnostics(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    site_entry: MockConfigEntry,
    house: House,
    owner_id: str,
    key: str,
) -> None:
    """A charger's device gives that charger, the site's gives all."""
    device = dr.async_get(hass).async_get(house.device_id(owner_id))
    assert isinstance(device, dr.DeviceEntry)
    download: Any = await get_diagnostics_for_device(
        hass, hass_client, site_entry, device
    )
    assert key in download
    assert download["decisions"]


async def test_system_health(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """One sees at a glance whether the loop runs and the meter reports."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    assert info["sites"] == 1
    assert info["chargers"] == 1
    assert info["last_decision"].endswith(" s")
    assert info["meter_age"].endswith(" s")
    assert info["decision_time"].endswith(" ms")

    await hass.config_entries.async_unload(ENTRY_ID)
    info = await get_system_health_info(hass, DOMAIN)
    assert info["sites"] == 0
    assert info["meter_age"] == "-"
