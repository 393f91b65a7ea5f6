"""Keeps a site's prices: asks for them, remembers them, and always has an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...engine.outlook import SLOT
from ...engine.prices import PriceSeries, PriceSpan
from ...engine.tariff import HISTORY, Tariff, count_slots, filled, moves
from .config import PriceConfig
from .holidays import async_holidays
from .source import PriceSource
from .spans import moment, number

AHEAD_DAYS = 3
"""Today and this many days more are asked for."""
ASK_INTERVAL = timedelta(minutes=15)
"""Between two questions to an integration, some of which ask a server each time."""
ASK_SELDOM = timedelta(hours=1)
"""The same once prices are known for the whole of tomorrow."""
_IMPORT = "import"
_FEED_IN = "feed_in"
MISSING_AFTER = timedelta(hours=24)
"""Prices that nobody has told for so long need a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPrices:
    """Prices for the slots that were asked for; nothing in it is missing."""

    import_price: tuple[float, ...]
    feed_in_price: tuple[float, ...]
    earlier_price: tuple[float, ...]
    """Import prices of the slots before the first one, back to the beginning of its local day."""
    known_until: datetime | None
    """Up to when import prices are published and not guessed; None without published prices."""


@dataclass(slots=True)
class _Feed:
    """One entity's published prices, with those of the days before."""

    source: PriceSource
    series: PriceSeries = field(default_factory=PriceSeries)
    asked: datetime | None = None
    told: datetime | None = None
    """When it last told something."""

    async def async_refresh(self, hass: HomeAssistant, now: datetime) -> bool:
        """Ask again if it is time to; return whether any price has changed."""
        today = dt_util.start_of_local_day(dt_util.as_local(now))
        end = _days_later(today, 1 + AHEAD_DAYS)
        if not self._is_due(now, _days_later(today, 2)):
            return False
        self.asked = now
        self.told = self.told or now
        found = await self.source.async_fetch(hass, dt_util.as_utc(today), end)
        if found is None:
            return False
        self.told = now
        kept = self.series.within(now - HISTORY - timedelta(days=1), end)
        before, self.series = self.series, found.over(kept)
        return self.series.within(now, end) != before.within(now, end)

    def _is_due(self, now: datetime, tomorrow_ends: datetime) -> bool:
        if self.asked is None or now < self.asked or not self.source.by_action:
            return True
        until = self.series.known_until(now)
        complete = until is not None and until >= tomorrow_ends
        return now - self.asked >= (ASK_SELDOM if complete else ASK_INTERVAL)

    def prices(
        self, start: datetime, count: int, otherwise: float
    ) -> tuple[float, ...]:
        """Return a published price for each slot; what is not known is guessed."""
        known = self.series
        if not self.source.has_forecast and not moves(self.series, start):
            spans = self.series.spans
            last = spans[-1].price if spans else otherwise
            return (last,) * count
        return filled(known, known, start, count, _zone(), otherwise)


class PriceKeeper:
    """The prices of one site, kept fresh. Reading them is instant and needs no refresh first."""

    def __init__(self, hass: HomeAssistant, config: PriceConfig) -> None:
        """Keep the prices that a site's options describe."""
        self._hass = hass
        self._config = config
        self._holidays: frozenset[date] = frozenset()
        self._holidays_asked: date | None = None
        self._feeds: dict[str, _Feed] = {}
        if config.price_entity:
            self._feeds[_IMPORT] = _Feed(PriceSource(config.price_entity))
        if config.feed_in_entity:
            feed_in = PriceSource(config.feed_in_entity, is_feed_in=True)
            self._feeds[_FEED_IN] = _Feed(feed_in)

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities whose change calls for a refresh."""
        return self._config.entity_ids

    @property
    def series(self) -> PriceSeries:
        """Published import prices, the days before included; empty where none are read."""
        feed = self._feeds.get(_IMPORT)
        return feed.series if feed else PriceSeries()

    async def async_refresh(self, now: datetime) -> bool:
        """Ask for prices and holidays where it is time to; return whether any price has changed.

        Cheap while nothing is due, so it may be called at each slot and at each change of an
        entity. An error, a timeout or an answer that nobody understands leaves what is known.
        """
        changed = await self._async_refresh_holidays(now)
        for feed in self._feeds.values():
            changed |= await feed.async_refresh(self._hass, now)
        return changed

    async def _async_refresh_holidays(self, now: datetime) -> bool:
        entity_id = self._config.holidays_entity
        today = dt_util.as_local(now).date()
        if entity_id is None or self._holidays_asked == today:
            return False
        start = now - timedelta(days=1)
        end = now + timedelta(days=1 + AHEAD_DAYS)
        found = await async_holidays(self._hass, entity_id, start, end)
        if found is None:
            return False
        self._holidays_asked = today
        before, self._holidays = self._holidays, found
        return found != before

    def prices(self, start: datetime, slots: int) -> SlotPrices:
        """Return the prices of so many slots from ``start`` (on a quarter of an hour) on."""
        local_day = dt_util.start_of_local_day(dt_util.as_local(start))
        earlier = count_slots(start - dt_util.as_utc(local_day))
        begin, count = start - earlier * SLOT, earlier + slots
        config = self._config
        imported = self._of(config.tariff, _IMPORT, begin, count, config.otherwise)
        fed_in = self._of(config.feed_in, _FEED_IN, begin, count, 0.0)
        known_until = self.series.known_until(start)
        return SlotPrices(
            import_price=imported[earlier:],
            feed_in_price=fed_in[earlier:],
            earlier_price=imported[:earlier],
            known_until=known_until,
        )

    def _of(
        self,
        tariff: Tariff,
        key: str,
        begin: datetime,
        count: int,
        otherwise: float,
    ) -> tuple[float, ...]:
        feed = self._feeds.get(key)
        published = feed.prices(begin, count, otherwise) if feed else (0.0,) * count
        return tariff.prices(published, begin, _zone(), self._holidays)

    def missing(self, now: datetime) -> list[str]:
        """Return the entities that have told no price for :data:`MISSING_AFTER`."""
        return [
            feed.source.entity_id
            for feed in self._feeds.values()
            if feed.told is not None and now - feed.told >= MISSING_AFTER
        ]

    @property
    def stored(self) -> dict[str, Any]:
        """What outlives a restart, as JSON can hold it; :meth:`take_up` reads it."""
        return {
            key: {
                "entity_id": feed.source.entity_id,
                "told": feed.told.isoformat() if feed.told else None,
                "forecast": feed.source.has_forecast,
                "prices": [
                    [span.start.isoformat(), span.end.isoformat(), span.price]
                    for span in feed.series.spans
                ],
            }
            for key, feed in self._feeds.items()
        }

    def take_up(self, stored: object) -> None:
        """Go on with what was stored of entities that are still configured; the rest is left out."""
        for key, feed in self._feeds.items():
            saved = stored.get(key) if isinstance(stored, Mapping) else None
            if not isinstance(saved, Mapping):
                continue
            if saved.get("entity_id") == feed.source.entity_id:
                feed.series = _restored(saved.get("prices"))
                feed.told = moment(saved.get("told"))
                feed.source.has_forecast = saved.get("forecast") is True


def _restored(saved: object) -> PriceSeries:
    spans = []
    for item in saved if isinstance(saved, list) else ():
        if not isinstance(item, list) or len(item) != 3:
            continue
        start, end, price = moment(item[0]), moment(item[1]), number(item[2])
        if start is not None and end is not None and price is not None:
            spans.append(PriceSpan(start=start, end=end, price=price))
    return PriceSeries.of(spans)


def _zone() -> Any:
    return dt_util.get_default_time_zone()


def _days_later(local_midnight: datetime, days: int) -> datetime:
    """Return, in UTC, the midnight so many local days later."""
    day = local_midnight.date() + timedelta(days=days)
    return dt_util.as_utc(dt_util.start_of_local_day(day))
