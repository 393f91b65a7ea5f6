"""From what integrations tell of prices to spans of time."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
import math
from typing import Any

from homeassistant.util import dt as dt_util

from ...engine.prices import PriceSpan

HOUR = timedelta(hours=1)
_SHORTEST = timedelta(minutes=1)

type Point = tuple[datetime, datetime | None, float]
"""Start, end where one is told, and the price."""


def moment(value: object) -> datetime | None:
    """Return a value as a moment in UTC; what names no time zone is local. None for no moment."""
    if isinstance(value, str):
        value = dt_util.parse_datetime(value)
    if not isinstance(value, datetime):
        return None
    return dt_util.as_utc(value)


def number(value: object) -> float | None:
    """Return a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        parsed = float(value)
    except ValueError:
        return None
    return parsed if math.isfinite(parsed) else None


def points(
    items: object,
    *,
    start: str,
    price: str,
    end: str | None = None,
    factor: float = 1.0,
) -> list[Point]:
    """Return the prices of a list of mappings with these keys; what does not fit is left out.

    Starts are those of a minute: some integrations begin a span a second after the one before.
    """
    found: list[Point] = []
    for item in items if isinstance(items, list | tuple) else ():
        if not isinstance(item, Mapping):
            continue
        begin, value = moment(item.get(start)), number(item.get(price))
        if begin is not None and value is not None:
            until = moment(item.get(end)) if end else None
            begin = begin.replace(second=0, microsecond=0)
            found.append((begin, until, value * factor))
    return found


def spans(found: Iterable[Point]) -> list[PriceSpan]:
    """Return spans; one whose end is not told lasts as long as the shortest step between two.

    No longer than an hour, so that a gap in a list stays a gap, and one price alone is for the
    hour that it begins.
    """
    ordered = sorted(found, key=lambda point: point[0])
    steps = [
        later[0] - earlier[0]
        for earlier, later in pairwise(ordered)
        if later[0] - earlier[0] >= _SHORTEST
    ]
    usual = min([*steps, HOUR])
    return [
        PriceSpan(start=start, end=end or start + usual, price=price)
        for start, end, price in ordered
    ]


def begin_of_slot(now: datetime, length: timedelta) -> datetime:
    """Return when the slot of a length began in which a moment lies, counted from midnight UTC."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (now - midnight) // length * length


def described(error: Any) -> str:
    """Return an error in a few words."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
