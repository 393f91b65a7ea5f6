"""What an outlook is made of, and how it is asked for; each part may fail by itself."""

from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
import logging
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_HIGH_POWER,
    CONF_SOLAR_CORRECTION,
    CONF_SOLAR_POWER,
    CONF_USUAL_POWER,
)
from ..engine.forecast import HOUR
from ..engine.hour_meter import HourMeter, metered
from ..engine.house_forecast import (
    HIGH_W,
    USUAL_W,
    HouseProfile,
    house_profile,
    house_slots,
)
from ..engine.outlook import SLOT, Outlook
from ..engine.solar_learning import (
    KEEP_DAYS,
    SolarMemory,
    remember_forecast,
    remember_measured,
)
from ..engine.solar_outlook import solar_day_wh, solar_outlook
from ..sources.house_forecast import async_house_hours
from ..sources.price import PriceConfig, PriceKeeper
from ..sources.solar_forecast import SolarForecastSource
from ..sources.solar_history import async_solar_hours
from .outlook_memory import OutlookMemory

_LOGGER = logging.getLogger(__name__)

SLOTS = 288
"""Three days, so that two are left when a day has gone by without an answer."""
SOLAR_HISTORY_INTERVAL = timedelta(hours=1)
HOUSE_HISTORY_INTERVAL = timedelta(hours=6)
_PRESENT = timedelta(minutes=15)
"""What the house uses now is its mean over this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What the site's options say of forecasts."""

    corrected: bool
    usual_w: float
    high_w: float


class Expectations:
    """Prices, sun and house of one site."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Expect what the entry's options lead to."""
        self._hass = hass
        self._entry = entry
        options = entry.options
        self._options = _Options(
            corrected=options.get(CONF_SOLAR_CORRECTION, True),
            usual_w=options.get(CONF_USUAL_POWER, USUAL_W),
            high_w=options.get(CONF_HIGH_POWER, HIGH_W),
        )
        self.prices = PriceKeeper(hass, PriceConfig.from_options(options))
        self.sun = SolarForecastSource.from_options(options)
        self.house = self._profile([])
        self._solar_memory = SolarMemory()
        self._solar_meter = HourMeter()
        self._house_w: deque[tuple[datetime, float]] = deque()
        self._asked: dict[str, datetime] = {}
        self._failing: set[str] = set()

    @property
    def zone(self) -> ZoneInfo:
        """In which days and hours are counted."""
        zone = dt_util.get_default_time_zone()
        return zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities whose change calls for a refresh."""
        return self.prices.entity_ids

    @property
    def memory(self) -> OutlookMemory:
        """What outlives a restart."""
        return OutlookMemory(solar=self._solar_memory, prices=self.prices.stored)

    def take_up(self, memory: OutlookMemory) -> None:
        """Go on with what was remembered."""
        self._solar_memory = memory.solar
        self.prices.take_up(memory.prices)

    def measure(
        self, now: datetime, solar_w: float | None, house_w: float | None
    ) -> bool:
        """Take what flows now, in W; return whether that completed an hour worth being saved."""
        while self._house_w and now - self._house_w[0][0] > _PRESENT:
            self._house_w.popleft()
        if house_w is not None:
            self._house_w.append((now, house_w))
        self._solar_meter, done = metered(self._solar_meter, now, solar_w)
        if done is None:
            return False
        self._solar_memory = remember_measured(self._solar_memory, [done], self.zone)
        return True

    async def async_refresh(self, now: datetime) -> None:
        """Ask all sources that are due. Never raises."""
        await self._try("prices", self.prices.async_refresh(now))
        await self._try("solar forecast", self.sun.async_refresh(self._hass, now))
        if self._is_due("solar history", now, SOLAR_HISTORY_INTERVAL):
            await self._try("solar history", self._async_solar_history(now))
        if self._is_due("house history", now, HOUSE_HISTORY_INTERVAL):
            await self._try("house history", self._async_house_history(now))
        self._solar_memory = remember_forecast(
            self._solar_memory, list(self.sun.plants.values()), now, self.zone
        )

    def outlook(self, now: datetime) -> Outlook:
        """Return what is expected from the slot of ``now`` on, of what is known."""
        start = dt_util.as_utc(now)
        start -= (start - dt_util.utc_from_timestamp(0)) % SLOT
        zone = self.zone
        prices = self.prices.prices(start, SLOTS)
        sun = solar_outlook(
            list(self.sun.plants.values()),
            self._solar_memory,
            start,
            SLOTS,
            zone,
            corrected=self._options.corrected,
        )
        usual_w, high_w = house_slots(
            self.house, start, SLOTS, zone, self.present_house_w(now)
        )
        return Outlook(
            start=start,
            import_price=prices.import_price,
            feed_in_price=prices.feed_in_price,
            earlier_price=prices.earlier_price,
            known_until=prices.known_until,
            solar_w=sun.expected_w,
            solar_low_w=sun.low_w,
            house_w=usual_w,
            house_high_w=high_w,
        )

    def present_house_w(self, now: datetime) -> float | None:
        """Return what the house has used in the last quarter of an hour; None when nobody knows."""
        recent = [power_w for at, power_w in self._house_w if now - at <= _PRESENT]
        return sum(recent) / len(recent) if recent else None

    def solar_day_wh(self, now: datetime) -> float | None:
        """Return what the plants are expected to give today, corrected; None without a forecast."""
        return solar_day_wh(
            list(self.sun.plants.values()),
            self._solar_memory,
            now,
            self.zone,
            corrected=self._options.corrected,
        )

    async def _async_solar_history(self, now: datetime) -> None:
        powers = self._entry.data.get(CONF_SOLAR_POWER) or ()
        since = now - timedelta(days=KEEP_DAYS)
        hours = await async_solar_hours(self._hass, powers, since)
        past = sorted(one for one in hours.items() if one[0] + HOUR <= now)
        self._solar_memory = remember_measured(self._solar_memory, past, self.zone)

    async def _async_house_history(self, now: datetime) -> None:
        hours = await async_house_hours(self._hass, self._entry, now)
        if past := [one for one in hours if one[0] + HOUR <= now]:
            self.house = self._profile(past)

    def _profile(self, hours: list[tuple[datetime, float]]) -> HouseProfile:
        return house_profile(
            hours,
            self.zone,
            usual_w=self._options.usual_w,
            high_w=self._options.high_w,
        )

    def _is_due(self, what: str, now: datetime, interval: timedelta) -> bool:
        asked = self._asked.get(what)
        if asked is not None and asked <= now < asked + interval - SLOT / 2:
            return False
        self._asked[what] = now
        return True

    async def _try(self, what: str, work: Awaitable[Any]) -> None:
        """Wait for one source; an error is logged once per streak and leaves what was known."""
        try:
            await work
        except Exception:
            if what not in self._failing:
                _LOGGER.exception("Could not refresh %s", what)
            self._failing.add(what)
        else:
            self._failing.discard(what)
