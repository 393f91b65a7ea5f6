"""Telling entities of new decisions, not more often than eyes and recorder need."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

INTERVAL_S = 1.0


class Publisher:
    """Calls ``publish`` at once for what is urgent, else at most once an interval."""

    def __init__(self, hass: HomeAssistant, publish: Callable[[], None]) -> None:
        """Publish by calling ``publish``."""
        self._hass = hass
        self._publish = publish
        self._published_s = -INTERVAL_S
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def request(self, *, urgent: bool) -> None:
        """Publish now, or when the interval since the last time is over."""
        wait_s = self._published_s + INTERVAL_S - self._hass.loop.time()
        if urgent or wait_s <= 0.0:
            self._now()
        elif self._cancel is None:
            self._cancel = async_call_later(
                self._hass,
                wait_s,
                HassJob(self._late, "ampacity publish", cancel_on_shutdown=True),
            )

    @callback
    def stop(self) -> None:
        """Forget what was to be published later."""
        if self._cancel:
            self._cancel()
            self._cancel = None

    @callback
    def _late(self, _now: datetime) -> None:
        self._cancel = None
        self._now()

    def _now(self) -> None:
        self.stop()
        self._published_s = self._hass.loop.time()
        self._publish()
