"""The measured and modelled series of the folder data; its README names source and licence."""

from array import array
from collections.abc import Iterator
import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
import gzip
from itertools import islice
from pathlib import Path

from .series import Series

_FOLDER = Path(__file__).parent / "data"
_SITE_START = datetime(2022, 12, 31, 23, 0, tzinfo=UTC)
_MINUTE_S = 60.0
_MEASURED_PLANT_KW = 500.0


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteData:
    """Load per phase and PV output of a house, in W."""

    start: datetime
    load_w: tuple[Series, Series, Series]
    pv_w: Series


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredHouse:
    """A measured single-phase house: active power in W, voltage in V, current in A."""

    start: datetime
    """Local time of the measurement, marked as UTC: the source names no zone."""
    power_w: Series
    voltage_v: Series
    current_a: Series


@cache
def site_2023(start: date, days: int = 1) -> SiteData:
    """Return whole UTC days of 2023; load holds for its minute, PV runs in a line.

    Raises ValueError for days outside the data.
    """
    begin = datetime(start.year, start.month, start.day, tzinfo=UTC)
    first = int((begin - _SITE_START) / timedelta(minutes=1))
    count = days * 1440
    columns = [array("d") for _ in range(4)]
    if first >= 0:
        for row in islice(_rows("site_2023_1min.csv.gz"), first + 1, first + 1 + count):
            for column, text in zip(columns, row[2:], strict=True):
                column.append(float(text))
    if days < 1 or len(columns[0]) != count:
        raise ValueError(f"site_2023_1min does not hold {days} days from {start}")
    l1, l2, l3, pv = columns
    return SiteData(
        start=begin,
        load_w=(_hold(l1), _hold(l2), _hold(l3)),
        pv_w=Series(values=pv, period_s=_MINUTE_S, linear=True),
    )


@cache
def house_measured() -> MeasuredHouse:
    """Return the 25 winter days; a value holds for its minute and over missing minutes."""
    rows = islice(_rows("house_measured_1min.csv.gz"), 1, None)
    columns = (array("d"), array("d"), array("d"))
    start: datetime | None = None
    for row in rows:
        at = datetime.fromisoformat(f"{row[0]}T{row[1]}+00:00")
        start = start or at
        index = int((at - start) / timedelta(minutes=1))
        for column, text in zip(columns, (row[2], row[4], row[5]), strict=True):
            while len(column) < index:
                column.append(column[-1])
            column.append(column[-1] if text == "?" else float(text))
    if start is None:
        raise ValueError("house_measured_1min holds no rows")
    kilowatt, voltage, current = columns
    return MeasuredHouse(
        start=start,
        power_w=Series(values=kilowatt, period_s=_MINUTE_S, factor=1000.0),
        voltage_v=_hold(voltage),
        current_a=_hold(current),
    )


@cache
def pv_measured(rating_w: float) -> Series:
    """Return the 12 hours of passing clouds at 1 s, scaled to a rating; in a line between seconds."""
    values = array("d", (float(row[0]) for row in _rows("pv_measured_1s.csv.gz")))
    return Series(
        values=values, period_s=1.0, linear=True, factor=rating_w / _MEASURED_PLANT_KW
    )


def _hold(values: array[float]) -> Series:
    """Return a series of minutes, each value holding for its minute."""
    return Series(values=values, period_s=_MINUTE_S)


def _rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a file."""
    with gzip.open(_FOLDER / name, "rt", encoding="utf-8", newline="") as file:
        yield from csv.reader(file)
