"""Keeps a site's memory: loads it, holds it, and has it saved when that is worth a write."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..engine.session import Session
from ..engine.state import EngineState
from ..settings import (
    SiteSettings,
    charger_settings,
    site_settings,
    stored_charger,
    stored_site,
)
from ..store import SAVE_DELAY_S, SiteMemory, SiteStore
from .outlook_memory import OutlookMemory
from .resume import milestones

SAVE_INTERVAL_S = 300.0
"""Between two saves when nothing but amounts has changed, to spare the disk."""


class Keeper:
    """The memory of one site and its chargers."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, chargers: Mapping[str, ConfigSubentry]
    ) -> None:
        """Keep the memory of this entry and these chargers, by charger id."""
        self._store = SiteStore(hass, entry_id)
        self._chargers = chargers
        self._memory = SiteMemory()
        self._milestones: tuple[object, ...] = ()

    @property
    def state(self) -> EngineState:
        """What the engine remembers."""
        return self._memory.state

    async def async_load(self, now: datetime) -> SiteSettings:
        """Take up what was saved of chargers that are still there; return the settings."""
        self._memory = await self._store.async_load(now)
        settings = self._fit()
        self._milestones = milestones(self._memory.state)
        return settings

    @callback
    def turn_to(self, chargers: Mapping[str, ConfigSubentry]) -> SiteSettings:
        """Keep the memory of these chargers from now on; what others left behind goes."""
        self._chargers = chargers
        settings = self._fit()
        self._save(SAVE_DELAY_S)
        return settings

    def _fit(self) -> SiteSettings:
        """Forget chargers that are not there; return the settings of those that are."""
        memory = self._memory
        states = memory.state.chargers
        memory.state = replace(
            memory.state,
            chargers={key: states[key] for key in self._chargers if key in states},
        )
        memory.sessions = {
            key: memory.sessions[key]
            for key in self._chargers
            if key in memory.sessions
        }
        chargers = {
            key: charger_settings(subentry.data, memory.charger_settings.get(key, {}))
            for key, subentry in self._chargers.items()
        }
        return site_settings(memory.site_settings, chargers)

    @callback
    def keep_settings(self, settings: SiteSettings) -> None:
        """Have changed settings saved soon."""
        self._memory.site_settings = stored_site(settings)
        self._memory.charger_settings = {
            key: stored_charger(self._chargers[key].data, charger)
            for key, charger in settings.chargers.items()
        }
        self._save(SAVE_DELAY_S)

    @property
    def battery_hold(self) -> str | None:
        """What the battery's control showed before it was told to hold; None while it isn't."""
        return self._memory.battery_hold

    @callback
    def keep_battery_hold(self, before: str | None) -> None:
        """Hold that, and have it saved at once: only so it can be set back after a crash."""
        if before != self._memory.battery_hold:
            self._memory.battery_hold = before
            self._save(0.0)

    @property
    def outlook(self) -> OutlookMemory:
        """What is remembered of the plant and of prices."""
        return self._memory.outlook

    @callback
    def keep_outlook(self, outlook: OutlookMemory) -> None:
        """Hold what an outlook was learned from, and have it saved in due time."""
        if outlook != self._memory.outlook:
            self._memory.outlook = outlook
            self._save(SAVE_INTERVAL_S)

    @callback
    def keep_request(self, state: EngineState) -> None:
        """Hold a state that somebody has changed, and have it saved soon."""
        self._memory.state = state
        self._save(SAVE_DELAY_S)

    @callback
    def keep_state(self, state: EngineState) -> None:
        """Hold a state that a step of control has led to, and have it saved in due time."""
        self._memory.state = state
        reached = milestones(state)
        if reached != self._milestones:
            self._milestones = reached
            self._save(SAVE_DELAY_S)
        elif state.peak.window_start or any(
            charger.session for charger in state.chargers.values()
        ):
            self._save(SAVE_INTERVAL_S)

    @callback
    def keep_session(self, charger_id: str, session: Session) -> None:
        """Hold a finished session; the change of state that it comes with has it saved."""
        self._memory.add_session(charger_id, session)

    def sessions(self, charger_id: str) -> list[Session]:
        """Return the finished sessions of a charger, the newest last."""
        return list(self._memory.sessions.get(charger_id, ()))

    async def async_save(self, *, handover: bool) -> None:
        """Save now; ``handover`` lets a set-up that follows soon go on as if nothing had been."""
        await self._store.async_save(self._memory, handover=handover)

    async def async_remove(self) -> None:
        """Delete what was saved."""
        await self._store.async_remove()

    def _save(self, delay_s: float) -> None:
        self._store.schedule_save(lambda: self._memory, delay_s)
