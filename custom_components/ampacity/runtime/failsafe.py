"""Keeps chargers set to a safe current for the time when Home Assistant is gone."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import logging
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from ..chargers.failsafe import Fallback, due_writes, fallback_a
from ..chargers.known import find_known
from ..chargers.write import LeverError, split_action
from ..const import CONF_FAILSAFE, SUBENTRY_CHARGER
from ..coordinator import AmpacityConfigEntry
from ..engine.model import ChargerStatus
from ..engine.safe import safe_current_a

_LOGGER = logging.getLogger(__name__)

CHECK_INTERVAL = timedelta(seconds=60)
LOOK_S = 3600.0
"""So often it is looked whether a charger still has what was set; also between two writes."""
WRITE_TIMEOUT_S = 10.0

_KEEPERS: HassKey[dict[str, FailSafeKeeper]] = HassKey("ampacity_failsafe")


@dataclass(slots=True, kw_only=True)
class _Kept:
    """What is known of one charger's fail-safe."""

    looked_s: float | None = None
    """Control time of the last look; None while one is due."""
    told_a: float | None = None
    """What its action was last called with, for chargers that do not tell what they have."""
    writes: int = 0
    error: str | None = None


@dataclass(slots=True)
class FailSafeKeeper:
    """Sets the fail-safe of a site's chargers at start and after they were away, else seldom."""

    hass: HomeAssistant
    entry: AmpacityConfigEntry
    _kept: dict[str, _Kept] = field(default_factory=dict)

    async def async_check(self, _now: datetime | None = None) -> None:
        """Look at each charger that is due."""
        for subentry in self.entry.get_subentries_of_type(SUBENTRY_CHARGER):
            if subentry.data.get(CONF_FAILSAFE):
                await self._async_look(subentry)
            else:
                self.async_renew({subentry.subentry_id})

    @callback
    def async_renew(self, charger_ids: set[str]) -> None:
        """Forget what is known of chargers: another device may stand there, or it is not wanted."""
        for charger_id in charger_ids:
            self._kept.pop(charger_id, None)
            self.entry.runtime_data.failsafes.pop(charger_id, None)

    def told(self, charger_id: str) -> dict[str, Any] | None:
        """Return what is known of a charger's fail-safe, for diagnostics; None where unused."""
        kept = self._kept.get(charger_id)
        if kept is None:
            return None
        return {
            "set": kept.looked_s is not None and kept.error is None,
            "writes": kept.writes,
            "error": kept.error,
        }

    async def _async_look(self, subentry: ConfigSubentry) -> None:
        coordinator = self.entry.runtime_data
        key = subentry.subentry_id
        kept = self._kept.setdefault(key, _Kept())
        reading = coordinator.snapshot.chargers.get(key)
        if reading is None or reading.status is ChargerStatus.OFFLINE:
            kept.looked_s = kept.told_a = None
            return
        clock_s = coordinator.state.clock_s
        if kept.looked_s is not None and clock_s - kept.looked_s < LOOK_S:
            return
        wanted = self._wanted(key)
        if wanted is None:
            return
        kept.looked_s = clock_s
        try:
            await self._async_set(subentry, kept, wanted)
        except (
            HomeAssistantError,
            LeverError,
            OSError,
            TimeoutError,
            ValueError,
            vol.Invalid,
        ) as err:
            self._note(subentry, kept, str(err) or type(err).__name__)
        else:
            kept.error = None

    def _wanted(self, charger_id: str) -> Fallback | None:
        """Return what a charger is to fall back to: its safe current."""
        site = self.entry.runtime_data.site
        charger = next((one for one in site.chargers if one.id == charger_id), None)
        if charger is None:
            return None
        return Fallback(
            current_a=safe_current_a(site, charger),
            w_per_a=site.voltage_v * charger.all_phases,
        )

    async def _async_set(
        self, subentry: ConfigSubentry, kept: _Kept, wanted: Fallback
    ) -> None:
        found = find_known(self.hass, subentry.data)
        failsafe = found.failsafe if found else None
        if failsafe is None:
            raise LeverError("its entities are not there")
        if failsafe.action is not None and kept.told_a == wanted.current_a:
            return
        falls_to_a = fallback_a(self.hass, failsafe, wanted)
        for write in due_writes(self.hass, failsafe, wanted):
            kept.writes += 1
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await self.hass.services.async_call(
                    *split_action(write.action), dict(write.data), blocking=True
                )
        kept.told_a = wanted.current_a
        self.entry.runtime_data.failsafes[subentry.subentry_id] = falls_to_a

    def _note(self, subentry: ConfigSubentry, kept: _Kept, error: str) -> None:
        """Log what went wrong, once until it works again."""
        if kept.error is None:
            name = subentry.title
            _LOGGER.warning("The fail-safe of %s could not be set: %s", name, error)
        kept.error = error


@callback
def async_keep_failsafe(hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
    """Keep the fail-safe of an entry's chargers set until it is unloaded."""
    keeper = FailSafeKeeper(hass, entry)
    keepers = hass.data.setdefault(_KEEPERS, {})
    keepers[entry.entry_id] = keeper

    @callback
    def forget() -> None:
        del keepers[entry.entry_id]

    for unsubscribe in (
        async_track_time_interval(
            hass, keeper.async_check, CHECK_INTERVAL, cancel_on_shutdown=True
        ),
        entry.runtime_data.async_on_refit(keeper.async_renew),
        forget,
    ):
        entry.async_on_unload(unsubscribe)


@callback
def failsafe_told(
    hass: HomeAssistant, entry_id: str, charger_id: str
) -> dict[str, Any] | None:
    """Return what is known of a charger's fail-safe; None where it is not used."""
    keeper = hass.data.get(_KEEPERS, {}).get(entry_id)
    return keeper.told(charger_id) if keeper else None
