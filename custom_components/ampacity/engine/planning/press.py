"""From when on a promise needs all that a peak tariff leaves free, should the sun give little.

A plan counts on the sun that is expected. Where less comes, the grid has to make up for it in the last
hours, with a peak that is charged for a whole month. So charging below the peak has to begin at a last
moment, which is found backwards from the deadline with the sun that is sure.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import isfinite

from ..laxity import reserve_begins
from .pose import Posed

USED = 0.85
"""Part of what is free that is counted on: currents are whole amperes, and most cars take a little less
than they are offered."""


def press_from(posed: Posed, above_w: float) -> dict[str, datetime]:
    """Return for each charger the moment from which it needs what is free and ``above_w`` beyond.

    Cars share what is left, those first that are due first. Without a peak tariff there is none.
    """
    room_w = list(_rooms_w(posed, above_w))
    if not room_w:
        return {}
    due = sorted(
        (key for key, need in posed.needs.items() if need.firm_wh > 0.0),
        key=lambda key: (posed.needs[key].deadline, key),
    )
    starts: dict[str, datetime] = {}
    needed_wh = 0.0
    for key in due:
        need = posed.needs[key]
        needed_wh += need.firm_wh
        starts[key] = _latest(posed, room_w, needed_wh, reserve_begins(need))
    earliest = posed.end
    for key in reversed(due):
        starts[key] = earliest = min(earliest, starts[key])
    return starts


def _rooms_w(posed: Posed, above_w: float) -> Iterator[float]:
    """Yield what all cars together can count on in each slot without a higher peak."""
    if posed.term is None:
        return
    outlook = posed.outlook
    most_w = sum(car.max_w for car in posed.cars.values())
    least_w = min(need.min_w for need in posed.needs.values())
    for index in posed.places:
        free_w = posed.term.free_w[index]
        if not isfinite(free_w):
            yield most_w
            continue
        room_w = free_w + above_w + outlook.solar_low_w[index] - outlook.house_w[index]
        yield min(most_w, USED * room_w) if room_w >= least_w else 0.0


def _latest(
    posed: Posed, room_w: Sequence[float], needed_wh: float, until: datetime
) -> datetime:
    """Return the last moment from which so much can be charged until another; the first at worst."""
    for slot in reversed(range(len(room_w))):
        begin, end = posed.span(slot)
        end = min(end, until)
        if end <= begin or room_w[slot] <= 0.0:
            continue
        room_wh = room_w[slot] * (end - begin).total_seconds() / 3600.0
        if room_wh >= needed_wh:
            return end - timedelta(hours=needed_wh / room_w[slot])
        needed_wh -= room_wh
    return posed.begins[0]
