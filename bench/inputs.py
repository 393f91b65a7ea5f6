"""Prices, sessions, sun and load of the replayed year."""

from array import array
from collections.abc import Iterator
import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
import gzip
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

from simulation.data import SiteData, site_2023

_FOLDER = Path(__file__).parent / "data"
ZONE = ZoneInfo("Europe/Berlin")
"""Where the house stands."""
YEAR = 2023
FIRST_DAY = date(YEAR, 2, 12)
"""The first whole local day with prices."""
LAST_DAY = date(YEAR, 12, 27)
"""The last on which a car may arrive, so that it leaves within the data."""
HOUR_S = 3600.0
_SHORTEST = timedelta(minutes=15)
_GAP = timedelta(minutes=5)
_DAYS = 364
"""Whole days of UTC that the data of the house hold."""
_MINUTES = _DAYS * 1440


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """From the day-ahead price to what is paid, and what feed-in pays, in currency per kWh."""

    addend: float = 0.165
    """Grid fees and levies."""
    factor: float = 1.19
    """Value-added tax."""
    feed_in: float = 0.08
    fixed: float | None = None
    """One price for all hours instead."""

    def price(self, published: float) -> float:
        """Return what an imported kWh costs."""
        if self.fixed is not None:
            return self.fixed
        return (published + self.addend) * self.factor


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A car that stands at the house from one moment to another and is to get some energy."""

    plugged: datetime
    """In UTC, like the end."""
    unplugged: datetime
    energy_wh: float

    @property
    def ready_by(self) -> datetime:
        """When its driver wants it: ten minutes early, or a tenth of a short stay."""
        margin = min(timedelta(minutes=10), (self.unplugged - self.plugged) / 10)
        return self.unplugged - margin


@cache
def day_ahead() -> dict[datetime, float]:
    """Return the day-ahead price in EUR per kWh of each hour of UTC."""
    return {
        datetime.fromisoformat(row[0]): float(row[1])
        for row in _rows("price_de_lu_2023.csv.gz")
    }


@cache
def users() -> tuple[str, ...]:
    """Return the names of all drivers, in order."""
    return tuple(sorted({row[0] for row in _rows("ev_sessions_home.csv.gz")}))


@cache
def visits(user: str) -> tuple[Visit, ...]:
    """Return a driver's sessions, all years folded onto one, in order.

    Each keeps its week, its weekday and its times of day. Of two that overlap then the one of the
    earlier year stays, and so does a gap of five minutes.
    """
    kept: list[Visit] = []
    for name, plugged, unplugged, kwh in _rows("ev_sessions_home.csv.gz"):
        if name != user or not unplugged:
            continue
        visit = _folded(
            datetime.fromisoformat(plugged), datetime.fromisoformat(unplugged), kwh
        )
        if visit is not None and not any(_collide(visit, one) for one in kept):
            kept.append(visit)
    return tuple(sorted(kept, key=lambda visit: visit.plugged))


def _folded(plugged: datetime, unplugged: datetime, kwh: str) -> Visit | None:
    stay, energy_wh = unplugged - plugged, float(kwh) * 1000.0
    _, week, weekday = plugged.isocalendar()
    if stay < _SHORTEST or energy_wh <= 0.0 or week > 52:
        return None
    day = date.fromisocalendar(YEAR, week, weekday)
    local = datetime.combine(day, plugged.time(), ZONE)
    begin = local.astimezone(UTC)
    # Local times of the end are those of the source: a stay over a clock change is an hour off
    return Visit(plugged=begin, unplugged=begin + stay, energy_wh=energy_wh)


def _collide(one: Visit, other: Visit) -> bool:
    return one.plugged < other.unplugged + _GAP and other.plugged < one.unplugged + _GAP


@cache
def site() -> SiteData:
    """Return the house of the whole year."""
    return site_2023(date(YEAR, 1, 1), _DAYS)


@cache
def _sums() -> tuple[array[float], array[float]]:
    """Return the sums of load and of sun up to each minute, in W times minutes."""
    data = site()
    l1, l2, l3 = (series.values for series in data.load_w)
    loads = (a + b + c for a, b, c in zip(l1, l2, l3, strict=True))
    return (
        array("d", accumulate(loads, initial=0.0)),
        array("d", accumulate(data.pv_w.values, initial=0.0)),
    )


def minute_of(moment: datetime) -> int:
    """Return the minute of the year (of UTC) in which a moment lies."""
    return int((moment - site().start).total_seconds() // 60)


def month_of(moment: datetime) -> str:
    """Return the local month in which a moment lies, with its year."""
    return f"{moment.astimezone(ZONE):%Y-%m}"


def mean_w(begin: int, end: int) -> tuple[float, float]:
    """Return the mean load and the mean sun between two minutes of the year."""
    begin, end = (min(max(0, one), _MINUTES) for one in (begin, end))
    if end <= begin:
        return 0.0, 0.0
    loads, suns = _sums()
    count = end - begin
    return (loads[end] - loads[begin]) / count, (suns[end] - suns[begin]) / count


def phase_w(minute: int) -> tuple[float, float, float]:
    """Return the load of each phase in a minute of the year."""
    l1, l2, l3 = site().load_w
    return l1.values[minute], l2.values[minute], l3.values[minute]


def _rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a file below its heads."""
    with gzip.open(_FOLDER / name, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows
