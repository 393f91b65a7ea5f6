"""Day-ahead prices of the virtual house's country: the same after every start, another each day."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from homeassistant.util import dt as dt_util

SLOT = timedelta(minutes=15)
PUBLISHED_AT = time(13)
"""When the prices of the next day are known."""
# fmt: off
_USUAL_CT = (
    24.0, 22.8, 21.9, 21.4, 21.6, 23.1, 27.4, 32.6, 33.8, 30.2, 26.1, 23.0,
    20.8, 20.1, 21.6, 24.9, 29.3, 35.2, 38.9, 37.6, 33.5, 30.1, 27.6, 25.7,
)
# fmt: on
"""Prices of the hours of a usual day with some sun, taxes included."""


def price(begin: datetime) -> float:
    """Return what a kWh costs in the quarter of an hour that begins at a local time, in EUR."""
    random = Random(begin.toordinal())
    level, swing = random.uniform(0.85, 1.15), random.uniform(0.7, 1.3)
    mean_ct = sum(_USUAL_CT) / len(_USUAL_CT)
    hour_ct = _USUAL_CT[begin.hour]
    next_ct = _USUAL_CT[(begin.hour + 1) % 24]
    usual_ct = hour_ct + (next_ct - hour_ct) * begin.minute / 60.0
    return round((mean_ct * level + (usual_ct - mean_ct) * swing) / 100.0, 4)


def raw(day: date) -> list[dict[str, Any]]:
    """Return the prices of a local day as the older Nord Pool integration lists them."""
    begin = dt_util.start_of_local_day(day)
    end = dt_util.start_of_local_day(day + timedelta(days=1))
    begins = []
    while begin < end:
        begins.append(begin)
        begin = dt_util.as_local(dt_util.as_utc(begin) + SLOT)
    return [
        {"start": one, "end": dt_util.as_local(dt_util.as_utc(one) + SLOT)}
        | {"value": price(one)}
        for one in begins
    ]


def attributes(now: datetime) -> dict[str, Any]:
    """Return what the price entity tells at a local time beside its state."""
    is_known = now.time() >= PUBLISHED_AT
    tomorrow = now.date() + timedelta(days=1)
    return {
        "tomorrow_valid": is_known,
        "raw_today": raw(now.date()),
        "raw_tomorrow": raw(tomorrow) if is_known else [],
    }
