"""Keeps what is expected fresh: prices, sun and house, put together beside control."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
import logging
from typing import Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_time_interval,
)
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..engine.decision import SiteView
from ..engine.model import Snapshot
from ..engine.outlook import Outlook
from .expectations import Expectations
from .keeper import Keeper

_LOGGER = logging.getLogger(__name__)

SAMPLE_INTERVAL = timedelta(seconds=30)
_NOTICEABLE_W = 100.0
_NOTICEABLE_HOUSE_W = 500.0
_NOTICEABLE_PRICE = 0.0005
"""What is expected and differs by less is not worth a new plan; the house is never quite steady."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """What flows now, in W; None while nobody knows."""

    solar_w: float | None = None
    house_w: float | None = None
    """Without the cars."""

    @classmethod
    def of(cls, snapshot: Snapshot, view: SiteView) -> Self:
        """Return what flowed when the site was last looked at."""
        solar = snapshot.solar_w
        solar_w = solar.value if solar is not None and solar.ok else None
        return cls(solar_w=solar_w, house_w=view.home_w)


class OutlookKeeper:
    """The outlook of one site; reading it is instant.

    It is put together anew at each slot, when a price entity changes and when Home Assistant has
    started. Each source may fail by itself: what it told before stays, or a default.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        keeper: Keeper,
        flows: Callable[[], Flows],
    ) -> None:
        """Keep the outlook of an entry, its memory in ``keeper``; ``flows`` is asked what flows."""
        self._hass = hass
        self._entry = entry
        self._keeper = keeper
        self._flows = flows
        self._listeners: list[CALLBACK_TYPE] = []
        self._expectations = Expectations(hass, entry)
        self._whole: Outlook | None = None
        self._cut: Outlook | None = None
        self.solar_today_wh: float | None = None
        """What the plants are expected to give today in all; None without a forecast."""
        self._running = False
        self._again = False
        self._stopped = False
        self._failed = False

    @property
    def missing_prices(self) -> list[str]:
        """The entities that have told no price for long."""
        return self._expectations.prices.missing(dt_util.utcnow())

    @callback
    def current(self, now: datetime) -> Outlook | None:
        """Return what is expected from the present slot on; None before anything is known."""
        cut = self._cut
        if cut is None or cut.index(now) != 0:
            zone = self._expectations.zone
            cut = self._whole.since(now, zone) if self._whole else None
            self._cut = cut
        return cut

    @callback
    def async_on_change(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call ``listener`` whenever something noticeably different is expected."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_load(self, now: datetime) -> None:
        """Take up what was saved, and expect what follows from that alone."""
        self._expectations.take_up(self._keeper.outlook)
        self._put_together(now)

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Keep it fresh until the function that is returned is called."""
        hass = self._hass
        stops = [
            async_track_time_interval(
                hass, self._sample, SAMPLE_INTERVAL, cancel_on_shutdown=True
            ),
            async_track_state_change_event(
                hass, list(self._expectations.entity_ids), self._source_changed
            ),
            async_at_started(hass, self._has_started),
        ]

        @callback
        def stop() -> None:
            self._stopped = True
            for each in stops:
                each()

        return stop

    @callback
    def async_refresh_soon(self) -> None:
        """Ask the sources in the background; once more afterwards when that is under way."""
        if self._stopped or self._running:
            self._again = True
            return
        self._running = True
        self._entry.async_create_background_task(
            self._hass, self._async_refresh(), "ampacity outlook"
        )

    @callback
    def _sample(self, now: datetime) -> None:
        flows = self._flows()
        if self._expectations.measure(now, flows.solar_w, flows.house_w):
            self._keeper.keep_outlook(self._expectations.memory)
        if self._whole is None or self._whole.index(now) != 0:
            self.async_refresh_soon()

    @callback
    def _source_changed(self, _event: Event[EventStateChangedData]) -> None:
        self.async_refresh_soon()

    @callback
    def _has_started(self, _hass: HomeAssistant) -> None:
        self.async_refresh_soon()

    async def _async_refresh(self) -> None:
        try:
            while True:
                self._again = False
                await self._expectations.async_refresh(dt_util.utcnow())
                if self._stopped:
                    return
                self._put_together(dt_util.utcnow())
                self._keeper.keep_outlook(self._expectations.memory)
                if not self._again:
                    return
        finally:
            self._running = False

    def _put_together(self, now: datetime) -> None:
        """Make the outlook of what is known, and tell when it has become another."""
        try:
            whole = self._expectations.outlook(now)
            self.solar_today_wh = self._expectations.solar_day_wh(now)
        except Exception:
            if not self._failed:
                _LOGGER.exception("Could not put together what is expected")
            self._failed = True
            return
        self._failed = False
        before = self.current(now)
        self._whole = self._cut = whole
        if before is None or differs(before, whole):
            for listener in list(self._listeners):
                listener()


def differs(before: Outlook, after: Outlook) -> bool:
    """Return whether two outlooks from the same slot on lead to different plans.

    What differs by little does not count.
    """
    if (before.start, before.known_until) != (after.start, after.known_until):
        return True
    pairs = [
        (before.import_price, after.import_price, _NOTICEABLE_PRICE),
        (before.feed_in_price, after.feed_in_price, _NOTICEABLE_PRICE),
        (before.solar_w, after.solar_w, _NOTICEABLE_W),
        (before.solar_low_w, after.solar_low_w, _NOTICEABLE_W),
        (before.house_w, after.house_w, _NOTICEABLE_HOUSE_W),
        (before.house_high_w, after.house_high_w, _NOTICEABLE_HOUSE_W),
    ]
    return any(
        abs(old - new) > noticeable
        for olds, news, noticeable in pairs
        for old, new in zip(olds, news, strict=False)
    )
