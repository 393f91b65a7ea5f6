"""Forecasts for the virtual house, as wrong as real ones, and the outlook that follows from them.

Three kinds of knowledge of the sun:

* ``PERFECT``: what will be. For comparison only.
* ``WEATHER``: what will be, blurred as a weather service's day-ahead forecast is: each day's energy is
  off by a factor that carries over to the next day, each hour's by a factor of its own. Lorenz et
  al., Irradiance Forecasting for the Power Prediction of Grid-Connected Photovoltaic Systems, IEEE
  JSTARS 2 (2009), find an RMSE of some 37 % of the mean for single places.
* ``REALISTIC``: nothing of the future. The clear sky as the best of the last days showed it, times an
  index between yesterday's and the usual one, weighted by how alike successive days are: Yang, Making
  reference solar forecasts with climatology, persistence, and their optimal convex combination,
  Solar Energy 193 (2019).

What the house uses is forecast from its past in any case, by the engine's own rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from custom_components.ampacity.engine.forecast import HOUR, Span, Spans
from custom_components.ampacity.engine.house_forecast import (
    HouseProfile,
    house_profile,
    house_slots,
)
from custom_components.ampacity.engine.outlook import SLOT, Outlook
from custom_components.ampacity.engine.solar_learning import (
    SolarMemory,
    remember_forecast,
    remember_measured,
)
from custom_components.ampacity.engine.solar_outlook import solar_outlook

from .series import Series

DAY_SPREAD = 0.22
"""Standard deviation of the logarithm of a blurred day's factor."""
DAY_MEMORY = 0.3
"""Part of a day's logarithm that carries over to the next day."""
HOUR_SPREAD = 0.2
"""Standard deviation of the logarithm of a blurred hour's factor."""
LIKE_YESTERDAY = 0.4
"""Correlation of the clear-sky indexes of successive days."""
PAST_DAYS = 20
_SAMPLES = 12
_DAYS_AHEAD = 3
_HISTORY = timedelta(weeks=8)

type Prices = Callable[[datetime, int], tuple[tuple[float, ...], tuple[float, ...]]]
"""Takes the beginning of the first slot and a number of slots; gives import and feed-in prices."""


class Knowledge(StrEnum):
    """How much of the sun's future is known."""

    PERFECT = "perfect"
    WEATHER = "weather"
    REALISTIC = "realistic"


@dataclass(kw_only=True, slots=True)
class Measured:
    """A series of powers in W whose time 0 is ``start``, as hours of energy."""

    start: datetime
    parts: tuple[Series, ...]
    """Added up, such as the phases of a load."""
    _hours: dict[datetime, float] = field(default_factory=dict)

    def hour_wh(self, hour: datetime) -> float:
        """Return the energy of an hour in Wh."""
        if hour not in self._hours:
            begin_s = (hour - self.start).total_seconds()
            step_s = 3600.0 / _SAMPLES
            self._hours[hour] = sum(
                part.at(begin_s + (n + 0.5) * step_s) / _SAMPLES
                for part in self.parts
                for n in range(_SAMPLES)
            )
        return self._hours[hour]

    def past(self, now: datetime, history: timedelta) -> list[tuple[datetime, float]]:
        """Return the hours that have passed, back to the start of the series."""
        hour = _hour(max(self.start, now - history) + HOUR - timedelta(seconds=1))
        hours = []
        while hour + HOUR <= now:
            hours.append((hour, self.hour_wh(hour)))
            hour += HOUR
        return hours


@dataclass(kw_only=True, slots=True)
class SunForecast:
    """Forecasts of a plant; the same seed is wrong in the same way."""

    truth: Measured
    knowledge: Knowledge = Knowledge.REALISTIC
    seed: int = 0
    _days: list[float] = field(default_factory=list)

    def spans(self, now: datetime) -> Spans:
        """Return the hours of today (of UTC) and the next days, as they are forecast at ``now``."""
        midnight = now.astimezone(UTC).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        hours = [midnight + n * HOUR for n in range(24 * (1 + _DAYS_AHEAD))]
        if self.knowledge is Knowledge.REALISTIC:
            energies = self._from_past(midnight, hours)
        else:
            blurred = self.knowledge is Knowledge.WEATHER
            energies = [
                self.truth.hour_wh(hour) * (self._factor(hour) if blurred else 1.0)
                for hour in hours
            ]
        return tuple(
            Span(start=hour, end=hour + HOUR, energy_wh=wh)
            for hour, wh in zip(hours, energies, strict=True)
        )

    def _from_past(self, midnight: datetime, hours: list[datetime]) -> list[float]:
        """Return energies from the days before a midnight of UTC alone."""
        past = dict(self.truth.past(midnight, timedelta(days=PAST_DAYS)))
        if len(past) < 24:
            return [0.0] * len(hours)
        clear_wh = [
            max((wh for hour, wh in past.items() if hour.hour == h), default=0.0)
            for h in range(24)
        ]
        whole_wh = sum(clear_wh)
        days = [midnight - timedelta(days=n) for n in range(1, len(past) // 24 + 1)]
        indexes = [
            sum(past[day + h * HOUR] for h in range(24)) / whole_wh if whole_wh else 0.0
            for day in days
        ]
        usual = sum(indexes) / len(indexes)
        return [
            clear_wh[hour.hour]
            * (usual + LIKE_YESTERDAY ** (1 + n // 24) * (indexes[0] - usual))
            for n, hour in enumerate(hours)
        ]

    def _factor(self, hour: datetime) -> float:
        """Return by what an hour's energy is multiplied; the mean of all factors is 1."""
        day = (hour - self.truth.start) // timedelta(days=1)
        noise = Random(f"{self.seed} {hour.isoformat()}").gauss(0.0, HOUR_SPREAD)
        mean = (DAY_SPREAD**2 + HOUR_SPREAD**2) / 2.0
        return exp(self._of_day(max(0, day)) + noise - mean)

    def _of_day(self, day: int) -> float:
        """Return the logarithm of a day's factor."""
        while len(self._days) <= day:
            fresh = Random(f"{self.seed} day {len(self._days)}").gauss(0.0, DAY_SPREAD)
            before = self._days[-1] if self._days else fresh
            weight = (1.0 - DAY_MEMORY**2) ** 0.5
            self._days.append(DAY_MEMORY * before + weight * fresh)
        return self._days[day]


@dataclass(kw_only=True, slots=True)
class SimulatedOutlook:
    """What the engine expects at a moment, with all that it has learned until then.

    Ask with moments that don't go back.
    """

    sun: SunForecast
    load: Measured
    """Of the house without its cars."""
    prices: Prices
    zone: ZoneInfo
    slots: int = 192
    memory: SolarMemory = field(default_factory=SolarMemory)
    _made: Outlook | None = None
    _profile: tuple[datetime, HouseProfile] | None = None

    def __call__(self, now: datetime) -> Outlook:
        """Return the outlook from the present slot on."""
        start = now.astimezone(UTC)
        start -= (start - datetime.min.replace(tzinfo=UTC)) % SLOT
        if self._made is None or self._made.start != start:
            self._made = self._make(start)
        return self._made

    def _make(self, start: datetime) -> Outlook:
        plants = [self.sun.spans(start)]
        self.memory = remember_forecast(self.memory, plants, start, self.zone)
        recent = self.sun.truth.past(start, timedelta(days=2))
        self.memory = remember_measured(self.memory, recent, self.zone)
        expected = solar_outlook(plants, self.memory, start, self.slots, self.zone)
        profile = self._house(start)
        house_w, high_w = house_slots(profile, start, self.slots, self.zone)
        import_price, feed_in_price = self.prices(start, self.slots)
        return Outlook(
            start=start,
            import_price=import_price,
            feed_in_price=feed_in_price,
            solar_w=expected.expected_w,
            solar_low_w=expected.low_w,
            house_w=house_w,
            house_high_w=high_w,
        )

    def _house(self, start: datetime) -> HouseProfile:
        """Return the profile from the days before today."""
        midnight = start.replace(hour=0, minute=0)
        if self._profile is None or self._profile[0] != midnight:
            hours = self.load.past(midnight, _HISTORY)
            self._profile = midnight, house_profile(hours, self.zone)
        return self._profile[1]


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
