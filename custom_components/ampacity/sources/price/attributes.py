"""Integrations that tell their prices in attributes of an entity, as lists of spans.

Known to do so, with what stands in each item:

* Nord Pool, custom-components/nordpool: ``raw_today`` and ``raw_tomorrow``, start, end, value
* Energi Data Service, MTrab/energidataservice: ``raw_today``, ``raw_tomorrow`` and ``forecast``,
  hour, price
* ENTSO-e, JaccoR/hass-entso-e: ``prices_today``, ``prices_tomorrow`` and ``prices``, time, price
* EPEX Spot, mampfes/ha_epex_spot: ``data``, start_time, end_time, price_per_kwh; older versions
  price_ct_per_kwh or price_eur_per_mwh
* Octopus Energy, BottlecapDave/HomeAssistant-OctopusEnergy: ``rates`` of events of its own, start,
  end, value_inc_vat

Others that write alike are understood as well. PVPC of Home Assistant has an attribute for each
hour: ``price_00h`` to ``price_23h``, ``price_next_day_00h`` and so on, with ``price_02h_d`` for
an hour that comes twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
import re
from typing import Any

from homeassistant.util import dt as dt_util

from ...engine.prices import PriceSpan
from .octopus import rate_lists
from .request import Request
from .spans import HOUR, Point, points, spans

_STARTS = ("start", "start_time", "starts_at", "startsAt", "from", "time", "hour")
_STARTS_TOO = ("timestamp", "datetime", "start_date")
_ENDS = ("end", "end_time", "ends_at", "till", "to")
_PRICES: Mapping[str, float | None] = {
    "price_per_kwh": 1.0,
    "per_kwh": 1.0,
    "value_inc_vat": 1.0,
    "price_ct_per_kwh": 0.01,
    "price_eur_per_mwh": 0.001,
    "price": None,
    "value": None,
    "total": None,
}
"""Keys of a price, and what it has to be multiplied with; None for the unit of the state."""
_GUESSED = ("forecast", "predictions")
"""Attributes whose prices are somebody's guess: published ones count before them."""
_HOURLY = re.compile(r"price_(next_day_)?(\d\d)h(_d)?")


def from_attributes(request: Request) -> list[PriceSpan]:
    """Return the prices that stand in the entity's attributes; nothing where none do."""
    lists = [*_lists(request.attributes), *rate_lists(request)]
    found = [_points(items, request.factor) for items in lists]
    listed = [span for each in found for span in spans(each)]
    return listed or list(_hourly(request))


def _lists(attributes: Mapping[str, Any]) -> list[list[Any]]:
    """Return all lists of mappings among the attributes, guesses first."""
    lists = {
        key: value
        for key, value in attributes.items()
        if isinstance(value, list) and value and isinstance(value[0], Mapping)
    }
    return [lists[key] for key in sorted(lists, key=lambda key: key not in _GUESSED)]


def _points(items: list[Any], unit_factor: float) -> list[Point]:
    keys = items[0].keys()
    start = _first((*_STARTS, *_STARTS_TOO), keys)
    price = _first(_PRICES, keys)
    if start is None or price is None:
        return []
    factor = _PRICES[price]
    return points(
        items,
        start=start,
        end=_first(_ENDS, keys),
        price=price,
        factor=unit_factor if factor is None else factor,
    )


def _first(wanted: Iterable[str], keys: Iterable[str]) -> str | None:
    known = set(keys)
    return next((key for key in wanted if key in known), None)


def _hourly(request: Request) -> Iterator[PriceSpan]:
    """Yield the prices of attributes named after hours, of the day on which the state was told."""
    if request.state is None:
        return
    today = dt_util.as_local(request.state.last_updated).date()
    for key, value in request.attributes.items():
        match = _HOURLY.fullmatch(key)
        if match is None or not isinstance(value, int | float):
            continue
        day = today + timedelta(days=1) if match[1] else today
        start = _begin(day, int(match[2]), again=bool(match[3]))
        price = float(value) * request.factor
        yield PriceSpan(start=start, end=start + HOUR, price=price)


def _begin(day: date, hour: int, *, again: bool) -> datetime:
    """Return in UTC when an hour of a local day begins, the second time where it comes again."""
    local = datetime.combine(day, time(hour), dt_util.get_default_time_zone())
    return dt_util.as_utc(local.replace(fold=int(again)))
