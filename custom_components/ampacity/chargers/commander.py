"""The one place from which a charger is commanded."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
import logging

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..engine.decision import Command
from ..engine.model import MIN_CURRENT_A
from .config import ChargerConfig
from .write import LeverError, Write, split_action

WRITE_TIMEOUT_S = 10.0
SAME_OFFER_A = 0.5
"""Sensors of the offered current are rounded, and so are the steps of levers."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """The last write to a lever, delivered or not."""

    write: Write
    at_s: float


class Commander:
    """Carries commands out on a charger's levers, one write after the other.

    A command that comes while a write is under way waits for that write alone, at most
    :data:`WRITE_TIMEOUT_S`; what then is left of older commands gives way to it.
    """

    def __init__(self, hass: HomeAssistant, config: ChargerConfig) -> None:
        """Command this charger."""
        self._hass = hass
        self._config = config
        self._lock = asyncio.Lock()
        self._waiting: Command | None = None
        self._sent: dict[str, _Sent] = {}
        self.failed = False
        """The newest write could not be delivered."""

    async def async_apply(self, command: Command) -> None:
        """Carry a command out; return when nothing is left to do.

        Never raises for a charger that doesn't take it: see :attr:`failed`. When no write is
        under way, the first service call is made before anything is waited for.
        """
        self._waiting = _merge(self._waiting, command)
        async with self._lock:
            while waiting := self._take_waiting():
                await self._async_work(waiting)

    def _take_waiting(self) -> Command | None:
        command, self._waiting = self._waiting, None
        return command

    async def _async_work(self, command: Command) -> None:
        """Carry a command out until it is done, fails, or a newer one waits."""
        left = list(self._steps(command))
        while left and await self._async_try(left.pop(0)):
            newer = self._take_waiting()
            if newer is not None:
                self._waiting = _merge(left[0], newer) if left else newer
                return

    def _steps(self, command: Command) -> Iterator[Command]:
        """Yield the levers to be set, in order, as a command each."""
        lever = self._config.start_stop
        enabled = command.enabled if lever.can_pause else None
        if enabled is False:
            yield Command(enabled=False)
        if command.phases is not None:
            yield Command(phases=command.phases)
        if enabled is False:
            return
        if command.current_a is not None:
            yield Command(current_a=command.current_a)
        if enabled and not (lever.is_limit and command.current_a is not None):
            yield Command(enabled=True)

    async def _async_try(self, step: Command) -> bool:
        """Set one lever; return whether that could be done."""
        try:
            await self._async_set(step)
        except Exception as err:  # noqa: BLE001
            # An integration may raise anything, and the next try must not depend on it
            self._note_failure(err)
            return False
        if self.failed:
            _LOGGER.info("%s takes commands again", self._config.name)
        self.failed = False
        return True

    def _note_failure(self, err: Exception) -> None:
        if not self.failed:
            reason = str(err) or type(err).__name__
            _LOGGER.warning("%s does not take commands: %s", self._config.name, reason)
        self.failed = True

    async def _async_set(self, step: Command) -> None:
        hass, config = self._hass, self._config
        if step.phases is not None:
            if config.phase_lever is None:
                raise LeverError("this charger cannot switch its phases")
            write, lever = config.phase_lever.write(hass, step.phases), "phases"
        elif step.current_a is not None:
            write, lever = config.limit.write(hass, step.current_a), "limit"
        else:
            write = config.start_stop.write(hass, enabled=bool(step.enabled))
            lever = "limit" if config.start_stop.is_limit else "start_stop"
        if not self._is_in_force(lever, write) or self._offers_else(step):
            await self._async_send(lever, write)
        if write.short:
            raise LeverError(write.short)

    def _is_in_force(self, lever: str, write: Write) -> bool:
        """Return whether a lever is set so already.

        What it shows may be older than the last write to it, so that is believed only when the
        charger has reported after it has had the time to follow.
        """
        if write.shown_s is None:
            return False
        sent = self._sent.get(lever)
        return (
            sent is None
            or sent.write.is_same_call(write)
            or write.shown_s > sent.at_s + self._config.settle_s
        )

    def _offers_else(self, step: Command) -> bool:
        """Return whether a sensor tells of another current than the one to be set.

        The lever of such a charger may show a setting that is not the one in force.
        """
        if step.current_a is None:
            return False
        offered = self._config.read_offered(self._hass, dt_util.utcnow())
        if offered is None or not offered.ok or offered.value < MIN_CURRENT_A:
            return False
        return abs(offered.value - step.current_a) > SAME_OFFER_A

    async def _async_send(self, lever: str, write: Write) -> None:
        self._sent[lever] = _Sent(write=write, at_s=dt_util.utcnow().timestamp())
        domain, service = split_action(write.action)
        try:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await self._hass.services.async_call(
                    domain, service, dict(write.data), blocking=True
                )
        except TimeoutError as err:
            raise LeverError(f"{write.action} did not return in time") from err


def _merge(older: Command | None, newer: Command) -> Command:
    """Return one command for two: the newer one counts, where it leaves a lever alone the older."""
    if older is None:
        return newer
    return Command(
        current_a=older.current_a if newer.current_a is None else newer.current_a,
        enabled=older.enabled if newer.enabled is None else newer.enabled,
        phases=older.phases if newer.phases is None else newer.phases,
    )
