"""Puts what is known into the terms of the planner: slots with prices and room, cars with needs."""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from ..capacity import SITE_POOL, Pool, pools
from ..laxity import reserve_begins
from ..model import Charger, Site, Snapshot
from ..need import Need
from ..outlook import SLOT, Outlook
from ..peak import PeakTerm, peak_term
from ..plan import PlanCar, Problem, Slot
from ..state import ChargerState, EngineState, Phase
from .minimum import with_minimums
from .peaks import with_peak
from .sun import expected_sun_w

OTHERS_S = 7200.0
"""For so long, cars that charge without a promise are taken to go on."""
DEAR = 0.10
"""Currency per kWh that hours outside the cheap windows are taken to cost more, where the prices
themselves do not tell the difference."""
START_WH = 50.0
"""A further start must save what so much energy costs."""
TAKEN = 0.95
"""Part of what car and charger could take that is counted on: most take a little less."""
LAST_S = 60.0
"""Less than this is not worth a slot."""
_LITTLE = timedelta(seconds=LAST_S)
_SLOT_H = SLOT / timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """A problem for the planner, and what its slots are in time."""

    problem: Problem
    begins: tuple[datetime, ...]
    """Beginning of each slot."""
    end: datetime
    outlook: Outlook
    places: tuple[int, ...]
    """For each slot the one of the outlook that it is, or is a part of."""
    needs: Mapping[str, Need]
    cars: Mapping[str, PlanCar]
    term: PeakTerm | None = None
    """What a peak tariff leaves free in the slots of the outlook."""

    def span(self, slot: int) -> tuple[datetime, datetime]:
        """Return when a slot begins and ends."""
        following = slot + 1
        end = self.begins[following] if following < len(self.begins) else self.end
        return self.begins[slot], end

    def import_price(self, slot: int) -> float:
        """Return what import costs in a slot, currency per kWh."""
        return self.outlook.import_price[self.places[slot]]

    def feed_in_price(self, slot: int) -> float:
        """Return what feed-in pays in a slot, currency per kWh."""
        return self.outlook.feed_in_price[self.places[slot]]


def pose(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    outlook: Outlook,
    needs: Mapping[str, Need],
    now: datetime,
) -> Posed:
    """Return the problem of all chargers that need something, from now to the outlook's end."""
    term = peak_term(site, state, outlook, now)
    begins = _begins(outlook, now, () if term else needs.values())
    places = [outlook.index(begin) or 0 for begin in begins]
    limits = pools(site, outlook, state)
    slots = _slots(site, snapshot, state, outlook, limits, needs, begins, places)
    cars = {
        charger.id: _car(
            charger, needs[charger.id], state, limits, slots, begins, outlook.end
        )
        for charger in site.chargers
        if charger.id in needs
    }
    cars, slots = with_minimums(site, state, needs, cars, slots)
    slots, peak = with_peak(slots, term, places[0])
    mean_price = sum(slot.import_price for slot in slots) / len(slots)
    return Posed(
        problem=Problem(
            slots=tuple(slots),
            cars=tuple(cars.values()),
            peak=peak,
            start_cost=max(0.0, mean_price) * START_WH / 1000.0,
        ),
        begins=tuple(begins),
        end=outlook.end,
        outlook=outlook,
        places=tuple(places),
        needs=needs,
        cars=cars,
        term=term,
    )


def _begins(outlook: Outlook, now: datetime, needs: Iterable[Need]) -> list[datetime]:
    """Return when slots begin: those of the outlook, and one more where a car's reserve begins."""
    first = outlook.index(now) or 0
    if outlook.begin(first + 1) - now < _LITTLE:
        first = min(first + 1, outlook.slots - 1)
    begins = [outlook.begin(index) for index in range(first, outlook.slots)]
    begins[0] = max(begins[0], now)
    for need in needs:
        moment = _reserve_begins(need)
        nearest = min(abs(moment - one) for one in (*begins, outlook.end))
        if begins[0] < moment < outlook.end and nearest >= _LITTLE:
            insort(begins, moment)
    return begins


def _reserve_begins(need: Need) -> datetime:
    """Return until when a plan may charge: by then the car charges."""
    return reserve_begins(need, is_charging=True)


def _slots(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    outlook: Outlook,
    limits: Sequence[Pool],
    needs: Mapping[str, Need],
    begins: Sequence[datetime],
    places: Sequence[int],
) -> list[Slot]:
    sun_w = expected_sun_w(site, snapshot, state, outlook)
    prices = _prices(site, outlook)
    others_w = {
        pool.id: sum(
            state.charger(key).take_w for key in pool.members if key not in needs
        )
        for pool in limits
    }
    slots = []
    ends = [*begins[1:], outlook.end]
    for index, begin, end in zip(places, begins, ends, strict=True):
        is_soon = (begin - begins[0]).total_seconds() < OTHERS_S
        rooms_w = {
            pool.id: max(0.0, pool.room_w[index] - is_soon * others_w[pool.id])
            for pool in limits
        }
        slots.append(
            Slot(
                import_price=prices[index],
                feed_in_price=outlook.feed_in_price[index],
                sun_w=sun_w[index],
                room_w=rooms_w.pop(SITE_POOL),
                groups=rooms_w,
                hours=(end - begin).total_seconds() / 3600.0,
                house_w=max(0.0, outlook.house_w[index] - outlook.solar_w[index]),
            )
        )
    return slots


def _prices(site: Site, outlook: Outlook) -> Sequence[float]:
    """Return the import prices, the cheap windows made cheaper where prices do not show them."""
    if not site.off_peak_windows:
        return outlook.import_price
    cheap = [
        any(
            window.contains(outlook.begin(index).astimezone(site.time_zone))
            for window in site.off_peak_windows
        )
        for index in range(outlook.slots)
    ]
    prices = outlook.import_price
    inside = [price for price, is_cheap in zip(prices, cheap, strict=True) if is_cheap]
    outside = [p for p, is_cheap in zip(prices, cheap, strict=True) if not is_cheap]
    if not inside or not outside or max(inside) < min(outside):
        return prices
    return [
        price if is_cheap else price + DEAR
        for price, is_cheap in zip(prices, cheap, strict=True)
    ]


def _car(
    charger: Charger,
    need: Need,
    state: EngineState,
    limits: Sequence[Pool],
    slots: Sequence[Slot],
    begins: Sequence[datetime],
    end: datetime,
) -> PlanCar:
    stop = _stop(need, slots, begins, end)
    firm_wh, extra_wh, price_limit = need.firm_wh, need.extra_wh, need.price_limit
    if need.deadline > end and need.extra_wh <= 0.0:
        firm_wh, extra_wh = _within(need, end)
        price_limit = sum(slot.import_price for slot in slots) / len(slots)
    held = state.charger(charger.id)
    return PlanCar(
        id=charger.id,
        firm_wh=firm_wh,
        max_w=_counted_w(need),
        min_w=need.min_w,
        extra_wh=extra_wh,
        price_limit=0.0 if price_limit is None else price_limit,
        stop=stop,
        caps_w=_caps_w(need, stop, slots, begins),
        groups=tuple(
            pool.id
            for pool in limits
            if pool.id != SITE_POOL and charger.id in pool.members
        ),
        priority=charger.priority,
        charging=_is_charging(held),
    )


def _counted_w(need: Need) -> float:
    return max(need.min_w, need.max_w * TAKEN)


def _is_charging(held: ChargerState) -> bool:
    return held.phase is Phase.CHARGING and held.orders.offer_a > 0.0


def _within(need: Need, end: datetime) -> tuple[float, float]:
    """Return what of a far promise has to be charged before ``end``, and what may wait."""
    later_wh = _counted_w(need) * (need.deadline - end).total_seconds() / 3600.0
    firm_wh = max(0.0, need.firm_wh - later_wh)
    return firm_wh, need.firm_wh - firm_wh


def _stop(
    need: Need, slots: Sequence[Slot], begins: Sequence[datetime], end: datetime
) -> int:
    """Return the slot before which a car is to be ready: a reserve before its time, if that does.

    A slot that the reserve begins in counts if the sun has enough for a part of it. So does its part
    before the reserve; from the grid only where a whole slot would not be too much, as a car would
    else begin anew for its last percent. What is due already, or too soon to be met, is charged as
    soon as it can be.
    """
    start = begins[0]
    needed = timedelta(
        seconds=need.firm_wh / need.max_w * 3600.0 if need.max_w else 0.0
    )
    reserved = _reserve_begins(need)
    if start + needed <= reserved:
        until = min(reserved, end)
        last = sum(begin < until for begin in begins)
        if _sun_in_part_w(need, last - 1, slots, begins) >= need.min_w:
            return max(1, last)
        at_boundary = last == len(begins) or begins[last] - until < _LITTLE
        is_whole = slots[last - 1].hours >= _SLOT_H
        is_enough = is_whole or need.firm_wh >= need.min_w * _SLOT_H
        return max(1, last if at_boundary and is_enough else last - 1)
    until = need.deadline if need.deadline > start else start + needed
    return max(1, sum(begin < until for begin in begins))


def _sun_in_part_w(
    need: Need, slot: int, slots: Sequence[Slot], begins: Sequence[datetime]
) -> float:
    """Return what the sun gives in a slot before a car's reserve begins, as mean of the slot."""
    left_h = (_reserve_begins(need) - begins[slot]).total_seconds() / 3600.0
    part = min(1.0, max(0.0, left_h / slots[slot].hours))
    return part * min(slots[slot].sun_w, _counted_w(need))


def _caps_w(
    need: Need, stop: int, slots: Sequence[Slot], begins: Sequence[datetime]
) -> tuple[float, ...] | None:
    """Return the most of a car in each slot, where its time ends within its last one."""
    last = stop - 1
    hours = slots[last].hours
    most_w = _counted_w(need)
    left_s = (need.deadline - begins[last]).total_seconds()
    reserved_s = (_reserve_begins(need) - begins[last]).total_seconds()
    if 0.0 < left_s < floor(hours * 3600.0):
        last_w = most_w * left_s / (hours * 3600.0)
    elif 0.0 < reserved_s < hours * 3600.0 - LAST_S:
        last_w = _sun_in_part_w(need, last, slots, begins)
    else:
        return None
    if last_w < need.min_w and reserved_s > 0.0:
        return None
    return tuple(last_w if index == last else most_w for index in range(len(slots)))
