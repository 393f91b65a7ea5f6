"""Runs the demo's house in real time and tells the entities after every step."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .demo_house import DemoHouse, HouseMemory

_STEP = timedelta(seconds=1)
_LONGEST_STEP_S = 60.0
_STORAGE_VERSION = 1

type VirtualHouseConfigEntry = ConfigEntry[HouseRunner]


class HouseRunner:
    """The house, its clock and its memory over restarts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Build the house at the present time."""
        self.demo = DemoHouse(dt_util.now())
        self._hass = hass
        self._listeners: list[CALLBACK_TYPE] = []
        self._last = dt_util.utcnow()
        self._store = Store[HouseMemory](hass, _STORAGE_VERSION, DOMAIN)

    async def async_start(self, entry: VirtualHouseConfigEntry) -> None:
        """Go on where the last run stopped, and run until the entry is unloaded."""
        if memory := await self._store.async_load():
            self.demo.recall(memory)
        self.demo.step(_STEP.total_seconds())
        entry.async_on_unload(
            async_track_time_interval(
                self._hass,
                self._async_step,
                _STEP,
                name="Virtual house",
                cancel_on_shutdown=True,
            )
        )
        entry.async_on_unload(
            self._hass.bus.async_listen(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_on_final_write
            )
        )

    async def async_save(self) -> None:
        """Write down what is to last."""
        await self._store.async_save(self.demo.remember())

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> Callable[[], None]:
        """Call a listener after every step, in the order of their coming; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _async_on_final_write(self, _: Event) -> None:
        """Write down what is to last when Home Assistant stops."""
        await self.async_save()

    @callback
    def _async_step(self, now: datetime) -> None:
        """Let the time pass that has passed; a clock that jumps moves the house little or not."""
        passed_s = (now - self._last).total_seconds()
        self._last = now
        if passed_s > 0:
            self.demo.step(min(passed_s, _LONGEST_STEP_S))
        for listener in list(self._listeners):
            listener()
