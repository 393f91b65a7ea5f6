"""Has the home battery hold while it is wanted, and sets its control back afterwards."""

import asyncio
from collections.abc import Callable
import logging

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..chargers.write import LeverError, Write, split_action
from .lever import HoldLever

WRITE_TIMEOUT_S = 5.0
RETRY_S = 30.0

_LOGGER = logging.getLogger(__name__)


class BatteryHolder:
    """Writes to the control of a battery only what changes it.

    What the control showed before is remembered outside, so that it is set back even if Home
    Assistant crashes meanwhile. What somebody else has set since is left alone, and so is a
    battery that held already.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        lever: HoldLever | None,
        name: str,
        remember: Callable[[str | None], None],
    ) -> None:
        """Hold by this lever; ``remember`` is told what it showed before, None when set back."""
        self.lever = lever
        self.before: str | None = None
        """What the control showed before our hold; None while there is none."""
        self.failed = False
        """The newest write could not be delivered."""
        self._hass = hass
        self._name = name
        self._remember = remember
        self._wanted = False
        self._holds = False
        self._tried_s: float | None = None
        self._lock = asyncio.Lock()

    def take_up(self, before: str | None) -> None:
        """Go on from what was remembered: a hold that was not ended is ours to end."""
        self.before = before if self.lever is not None else None

    def is_due(self, *, hold: bool) -> bool:
        """Return whether :meth:`async_set` has something to do; after a failure not at once."""
        if self.lever is None or self._is_done(hold=hold):
            self.failed = False
            self._wanted = hold
            return False
        if hold != self._wanted or self._tried_s is None:
            return True
        return dt_util.utcnow().timestamp() - self._tried_s >= RETRY_S

    async def async_set(self, *, hold: bool) -> None:
        """Have the battery hold, or end that; never raises, see :attr:`failed`."""
        self._wanted = hold
        self._tried_s = dt_util.utcnow().timestamp()
        async with self._lock:
            lever = self.lever
            if lever is None or self._wanted != hold or self._is_done(hold=hold):
                return
            try:
                async with asyncio.timeout(WRITE_TIMEOUT_S):
                    await (self._async_hold if hold else self._async_release)(lever)
            except (LeverError, HomeAssistantError, vol.Invalid, TimeoutError) as err:
                self._fail(err)
                return
            self._tried_s = None
            if self.failed:
                _LOGGER.info("The battery of %s takes commands again", self._name)
            self.failed = False

    def _is_done(self, *, hold: bool) -> bool:
        return self._holds if hold else not self._holds and self.before is None

    async def _async_hold(self, lever: HoldLever) -> None:
        if not lever.is_held(self._hass):
            self._keep(lever.present(self._hass))
            await self._async_call(lever.hold(self._hass))
        self._holds = True

    async def _async_release(self, lever: HoldLever) -> None:
        if self.before is not None and lever.is_held(self._hass):
            await self._async_call(lever.release(self._hass, self.before))
        self._holds = False
        self._keep(None)

    async def _async_call(self, write: Write) -> None:
        domain, service = split_action(write.action)
        await self._hass.services.async_call(
            domain, service, dict(write.data), blocking=True
        )

    def _keep(self, before: str | None) -> None:
        self.before = before
        self._remember(before)

    def _fail(self, err: Exception) -> None:
        if not self.failed:
            reason = str(err) or type(err).__name__
            _LOGGER.warning(
                "The battery of %s does not take commands: %s", self._name, reason
            )
        self.failed = True
