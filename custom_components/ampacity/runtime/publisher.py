"""Telling entities of new decisions, not more often than eyes and recorder need."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

INTERVAL_S = 1.0


class Publisher:
    """Calls ``publish`` at most once an interval, without delay for what is urgent.

    Never within the call itself: commands that wait for the network go out before entities are
    written.
    """

    def __init__(self, hass: HomeAssistant, publish: Callable[[], None]) -> None:
        """Publish by calling ``publish``."""
        self._hass = hass
        self._publish = publish
        self._published_s = -INTERVAL_S
        self._soon: asyncio.Handle | None = None
        self._later: CALLBACK_TYPE | None = None

    @callback
    def request(self, *, urgent: bool) -> None:
        """Publish soon, or when the interval since the last time is over."""
        wait_s = self._published_s + INTERVAL_S - self._hass.loop.time()
        if urgent or wait_s <= 0.0:
            if self._soon is None:
                self._soon = self._hass.loop.call_soon(self.now)
        elif self._later is None:
            job = HassJob(self._late, "ampacity publish", cancel_on_shutdown=True)
            self._later = async_call_later(self._hass, wait_s, job)

    @callback
    def now(self) -> None:
        """Publish within this call."""
        self.stop()
        self._published_s = self._hass.loop.time()
        self._publish()

    @callback
    def stop(self) -> None:
        """Forget what was to be published."""
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._later is not None:
            self._later()
            self._later = None

    @callback
    def _late(self, _now: datetime) -> None:
        self._later = None
        self.now()
