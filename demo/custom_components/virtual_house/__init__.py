"""A virtual house as ordinary entities, for the demo and the end-to-end tests only."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from .runner import HouseRunner, VirtualHouseConfigEntry

_PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup_entry(
    hass: HomeAssistant, entry: VirtualHouseConfigEntry
) -> bool:
    """Build the house and let it run."""
    runner = HouseRunner(hass)
    await runner.async_start(entry)
    entry.runtime_data = runner
    await hass.config_entries.async_forward_entry_setups(entry, _PLATFORMS)
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: VirtualHouseConfigEntry
) -> bool:
    """Stop the house and keep what is to last."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, _PLATFORMS)
    if unloaded:
        await entry.runtime_data.async_save()
    return unloaded
