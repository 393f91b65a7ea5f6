"""Keeps a site's schedule: made beside control, never in its way."""

from collections.abc import Callable, Hashable
from datetime import datetime
import logging
from time import perf_counter

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..engine.model import Site, Snapshot
from ..engine.planning import plan_site
from ..engine.planning.due import occasion
from ..engine.schedule import Schedule
from ..engine.state import EngineState

_LOGGER = logging.getLogger(__name__)


class Planning:
    """Makes a new schedule in a thread whenever there is an occasion, one at a time.

    Where planning fails the last schedule stays, and the next occasion is the next try: the last
    safe moment to charge is found without it.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, planned: CALLBACK_TYPE
    ) -> None:
        """Plan for an entry; ``planned`` is called when there is a new schedule."""
        self._hass = hass
        self._entry = entry
        self._planned = planned
        self._listeners: list[CALLBACK_TYPE] = []
        self._made_for: Hashable = None
        self._is_running = False
        self._stopped = False
        self.schedule: Schedule | None = None
        """The newest; None before the first."""
        self.error: Exception | None = None
        """Why the last try failed; None when it did not."""
        self.took_s = 0.0
        """How long the last try took."""

    @callback
    def async_on_schedule(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever there is a new schedule."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def consider(self, site: Site, snapshot: Snapshot, state: EngineState) -> None:
        """Make a new schedule if there is an occasion and none is being made."""
        now = state.now
        if self._is_running or self._stopped or now is None:
            return
        made_for = occasion(site, snapshot, state, now)
        if made_for == self._made_for:
            return
        self._made_for, self._is_running = made_for, True
        self._entry.async_create_background_task(
            self._hass, self._make(site, snapshot, state, now), "ampacity plan"
        )

    @callback
    def stop(self) -> None:
        """Make no more schedules."""
        self._stopped = True

    async def _make(
        self, site: Site, snapshot: Snapshot, state: EngineState, now: datetime
    ) -> None:
        try:
            schedule = await self._hass.async_add_executor_job(
                self._plan, site, snapshot, state, now
            )
        except Exception as err:
            if self.error is None:
                _LOGGER.error("Could not plan, the last plan stays", exc_info=err)
            self.error = err
            return
        finally:
            self._is_running = False
        if self._stopped:
            return
        self.schedule, self.error = schedule, None
        self._planned()
        for listener in list(self._listeners):
            listener()

    def _plan(
        self, site: Site, snapshot: Snapshot, state: EngineState, now: datetime
    ) -> Schedule:
        """Plan, in a thread."""
        started_s = perf_counter()
        schedule = plan_site(site, snapshot, state, now)
        self.took_s = perf_counter() - started_s
        return schedule
