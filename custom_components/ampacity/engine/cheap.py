"""Cheap hours by price: below a limit, or the cheapest hours of the day.

They add to the site's own cheap hours (windows, an entity): it is cheap while any of them says so.
A charger with a price limit of its own goes by that alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from functools import lru_cache

from .model import Charger, OffPeak, Site, Snapshot
from .off_peak import union
from .outlook import SLOT, SLOT_S, Outlook

_ROUNDING = 1e-9


def off_peak_for(
    site: Site, charger: Charger, snapshot: Snapshot, now: datetime
) -> OffPeak | None:
    """Return whether hours are cheap for a charger at ``now``, and when that changes.

    None where nothing tells. ``until`` is as far as prices are expected: a state that lasts
    beyond that has None.
    """
    outlook = snapshot.outlook
    cheap = cheap_slots(site, charger, outlook)
    index = outlook.index(now) if outlook is not None else None
    if outlook is None or cheap is None or index is None:
        return snapshot.off_peak
    by_price = OffPeak(active=cheap[index], until=_changes(cheap, index, outlook))
    if charger.price_limit is not None or snapshot.off_peak is None:
        return by_price
    return union((snapshot.off_peak, by_price))


def cheap_slots(
    site: Site, charger: Charger, outlook: Outlook | None
) -> tuple[bool, ...] | None:
    """Return for each slot of an outlook whether its price makes it cheap for a charger.

    None where prices have no say, because none are expected or nothing was set.
    """
    if outlook is None:
        return None
    if charger.price_limit is not None:
        return _below(charger.price_limit, outlook.import_price)
    if site.cheap_below is None and site.cheapest_hours <= 0.0:
        return None
    parts = []
    if site.cheap_below is not None:
        parts.append(_below(site.cheap_below, outlook.import_price))
    if site.cheapest_hours > 0.0:
        parts.append(_cheapest(site.cheapest_hours, outlook, site.time_zone))
    return tuple(any(flags) for flags in zip(*parts, strict=True))


def _below(limit: float, prices: Sequence[float]) -> tuple[bool, ...]:
    return tuple(price <= limit + _ROUNDING for price in prices)


@lru_cache(maxsize=8)
def _cheapest(hours: float, outlook: Outlook, zone: tzinfo) -> tuple[bool, ...]:
    """Return the slots that are among the cheapest of their local day; of equal ones the first.

    The day that has begun is seen whole, with the prices of the hours that are over. Kept, as all
    chargers of a site ask for it at each decision.
    """
    earlier = len(outlook.earlier_price)
    prices = (*outlook.earlier_price, *outlook.import_price)
    start = outlook.start - earlier * SLOT
    days: dict[date, list[int]] = defaultdict(list)
    for index in range(len(prices)):
        days[(start + index * SLOT).astimezone(zone).date()].append(index)
    wanted = round(hours * 3600.0 / SLOT_S)
    chosen: set[int] = set()
    for slots in days.values():
        chosen |= set(sorted(slots, key=prices.__getitem__)[:wanted])
    return tuple(index in chosen for index in range(earlier, len(prices)))


def _changes(cheap: Sequence[bool], index: int, outlook: Outlook) -> datetime | None:
    """Return when it is no longer as it is in a slot; None where that is not foreseen."""
    later = range(index + 1, len(cheap))
    change = next((slot for slot in later if cheap[slot] != cheap[index]), None)
    return None if change is None else outlook.begin(change)
