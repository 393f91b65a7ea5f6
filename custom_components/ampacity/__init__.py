"""Charges electric cars from solar surplus, in cheap hours and inside the main fuse."""

from datetime import datetime

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HassJob, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.typing import ConfigType

from .chargers.known import async_heal
from .chargers.profile import async_load_profiles
from .const import DOMAIN, PLATFORMS
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator
from .plan_actions import async_setup_plan_actions
from .runtime.failsafe import async_keep_failsafe
from .runtime.healing import async_keep_healed
from .runtime.native import async_watch_native
from .runtime.plan_calendar import async_follow_plan_calendar
from .runtime.trial import async_report_test_runs
from .services import async_setup_services
from .test_run import async_setup_test_run

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

RELOAD_S = 30.0
"""An unloaded entry that is not back after this time is unloaded for good."""

_GUARDED = frozenset({ConfigEntryState.LOADED, ConfigEntryState.SETUP_IN_PROGRESS})


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions and read what is known of chargers."""
    await async_load_profiles(hass)
    async_setup_services(hass)
    async_setup_plan_actions(hass)
    async_setup_test_run(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: AmpacityConfigEntry) -> bool:
    """Set up a site.

    A source or charger that is missing or unavailable never fails this: it shows as a state.
    """
    async_heal(hass, entry)
    coordinator = AmpacityCoordinator(hass, entry)
    await coordinator.async_load()
    entry.runtime_data = coordinator
    coordinator.async_begin()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    coordinator.async_start()
    async_follow_plan_calendar(hass, entry)
    async_keep_healed(hass, entry)
    async_watch_native(hass, entry)
    async_keep_failsafe(hass, entry)
    async_report_test_runs(hass, entry)
    entry.async_on_unload(entry.add_update_listener(_async_updated))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: AmpacityConfigEntry) -> bool:
    """Unload a site. Chargers keep what they do through a reload, and are lowered otherwise."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    coordinator = entry.runtime_data
    await coordinator.async_stop()
    if entry.disabled_by:
        await coordinator.async_lower()
    else:
        _lower_unless_reloaded(hass, entry)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
    """Leave the chargers in a safe state and delete what was saved."""
    coordinator = AmpacityCoordinator(hass, entry)
    await coordinator.async_load()
    if not entry.disabled_by:
        await coordinator.async_lower()
    await coordinator.async_forget()


async def _async_updated(hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
    """Take over a changed configuration; chargers that were removed are left at a safe current.

    What concerns single chargers or circuits is taken over in place, so that the others' control
    is not interrupted; a site that was configured anew is set up anew.
    """
    before = entry.runtime_data
    if not before.is_other_site:
        await before.async_refit()
        return
    removed = before.configs.keys() - entry.subentries.keys()
    await hass.config_entries.async_reload(entry.entry_id)
    if removed:
        await before.async_lower(removed)


def _lower_unless_reloaded(hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
    """Lower the chargers of an entry that is not set up again soon: nobody guards them."""

    async def check(_now: datetime) -> None:
        known = hass.config_entries.async_get_entry(entry.entry_id)
        if known is None or known.state in _GUARDED:
            return
        coordinator = AmpacityCoordinator(hass, known)
        await coordinator.async_load()
        await coordinator.async_lower()

    async_call_later(
        hass, RELOAD_S, HassJob(check, "ampacity unload", cancel_on_shutdown=True)
    )
