"""What is expected at a moment of the year: prices as they are published, forecasts as wrong as real ones."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from custom_components.ampacity.engine.outlook import SLOT, Outlook
from custom_components.ampacity.engine.prices import PriceSeries, PriceSpan
from custom_components.ampacity.engine.tariff import filled
from simulation.forecast import Knowledge, Measured, SimulatedOutlook, SunForecast

from .cases import Case, Data, Forecast
from .inputs import ZONE, day_ahead, mean_w, minute_of, site

SLOTS = 192
PUBLISHED_AT = 13
"""Local hour at which the prices of the next day are known."""
WARM_UP = timedelta(days=20)
_ASK_EVERY = timedelta(hours=6)
_PAST = timedelta(days=10)
_PAST_HOURS = 240
_DAY = 100
"""Slots of the longest day."""
_HOUR = timedelta(hours=1)
_QUARTER_MIN = 15


def expected(
    case: Case, forecast: Forecast, start: datetime
) -> Callable[[datetime], Outlook] | None:
    """Return what tells the outlook from a moment on, with what was learned in the weeks before.

    None where the data are of no year.
    """
    if case.data is not Data.YEAR:
        return None
    if forecast is Forecast.PERFECT:
        return PerfectOutlook(case=case)
    data = site()
    knowledge = (
        Knowledge.WEATHER if forecast is Forecast.REALISTIC else Knowledge.REALISTIC
    )
    sun = (data.pv_w,) if case.has_sun else ()
    outlook = SimulatedOutlook(
        sun=SunForecast(
            truth=Measured(start=data.start, parts=sun), knowledge=knowledge, seed=2023
        ),
        load=Measured(start=data.start, parts=data.load_w),
        prices=Published(case=case).slots,
        zone=ZONE,
        slots=SLOTS,
    )
    moment = start - WARM_UP
    while moment < start:
        outlook(moment)
        moment += _ASK_EVERY
    return outlook


@dataclass(kw_only=True, slots=True)
class Published:
    """Prices as they are known at a moment; what is not known yet is guessed as in Home Assistant."""

    case: Case
    _since: datetime | None = None
    _until: datetime | None = None
    _prices: tuple[float, ...] = ()

    def slots(
        self, start: datetime, count: int
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return import and feed-in prices of the slots from a moment on, as known at that moment."""
        contract = self.case.contract
        feed_in = (contract.feed_in,) * count
        if contract.fixed is not None:
            return (contract.fixed,) * count, feed_in
        until = known_until(start)
        if self._since is None or until != self._until or start < self._since:
            # Until more is published, what follows from it is only cut
            published = filled(_known(until), PriceSeries(), start, _DAY + SLOTS, ZONE)
            self._prices = tuple(contract.price(price) for price in published)
            self._since, self._until = start, until
        first = (start - self._since) // SLOT
        return self._prices[first : first + count], feed_in


def _known(until: datetime) -> PriceSeries:
    """Return what has been published up to a moment, of the days that guesses are made from."""
    hours = (until - _PAST + n * _HOUR for n in range(_PAST_HOURS))
    spans = tuple(
        PriceSpan(start=hour, end=hour + _HOUR, price=day_ahead()[hour])
        for hour in hours
        if hour in day_ahead()
    )
    return PriceSeries(spans)


def known_until(moment: datetime) -> datetime:
    """Return up to when prices are published at a moment, in UTC."""
    local = moment.astimezone(ZONE)
    days = 2 if local.hour >= PUBLISHED_AT else 1
    midnight = datetime.combine(
        local.date() + timedelta(days=days), datetime.min.time(), ZONE
    )
    return midnight.astimezone(UTC)


@dataclass(kw_only=True, slots=True)
class PerfectOutlook:
    """What will be."""

    case: Case
    _made: Outlook | None = None
    _slots: dict[datetime, tuple[float, float, float]] = field(default_factory=dict)

    def __call__(self, now: datetime) -> Outlook:
        """Return the outlook from the present slot on."""
        start = now.astimezone(UTC)
        start -= (start - datetime.min.replace(tzinfo=UTC)) % SLOT
        if self._made is None or self._made.start != start:
            self._made = self._make(start)
        return self._made

    def _make(self, start: datetime) -> Outlook:
        found = [self._slot(start + n * SLOT) for n in range(SLOTS)]
        load_w = tuple(one[1] for one in found)
        sun_w = tuple(one[2] for one in found)
        return Outlook(
            start=start,
            import_price=tuple(one[0] for one in found),
            feed_in_price=(self.case.contract.feed_in,) * SLOTS,
            solar_w=sun_w,
            solar_low_w=sun_w,
            house_w=load_w,
            house_high_w=load_w,
        )

    def _slot(self, begin: datetime) -> tuple[float, float, float]:
        """Return price, load and sun of a slot."""
        if begin not in self._slots:
            hour = begin.replace(minute=0)
            published = day_ahead().get(
                hour, day_ahead().get(hour - timedelta(days=1), 0.0)
            )
            first = minute_of(begin)
            load_w, sun_w = mean_w(first, first + _QUARTER_MIN)
            sun_w = sun_w if self.case.has_sun else 0.0
            self._slots[begin] = self.case.contract.price(published), load_w, sun_w
        return self._slots[begin]
