"""What a charger is told, and whether it does as it was told.

A charger that was seen where it was sent and then is elsewhere has been changed by somebody: that
is kept until the car leaves. One that after a silence offers what it falls back to by itself has
been changed by nobody, and is told again. A charger that never went there is told again, twice; one
that draws more than it offers is then paused. After that it is told again only now and then.
"""

from dataclasses import dataclass, replace

from .model import MIN_CURRENT_A, Charger, ChargerReading, ChargerStatus, Link
from .state import ChargerState, Manual, Orders, Phase
from .take import Take

TRIES = 2
RETRY_S = 60.0
"""Between two tries once the first ones have failed."""
CHANCE_S = 1800.0
"""A charger that was paused for ignoring its limit may show after this time that it obeys again."""
PATIENCE_S = 60.0
"""For a charger that tells its settings only now and then."""
OVERDRAW_A = 1.0
BOUNDARY_S = 60.0
"""Many chargers fall back to their own setting at plug-in: what differs then is put right."""
SILENCE_S = 30.0
"""A charger of which nothing was heard for so long may have fallen back by itself meanwhile."""
FALLEN_BACK_S = 300.0
"""How long after a silence that may come to light."""
WATCHED = (Phase.CHARGING, Phase.PAUSED)
"""Only here a charger is compared with its orders."""
_SAME_A = 0.5
_CLOUD_RETRY_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found when a charger's state was compared with its orders."""

    orders: Orders
    tell_again: bool = False


def adopt(
    charger: Charger, reading: ChargerReading, state: ChargerState, clock_s: float
) -> ChargerState:
    """Return the state of a charger that is taken over as it runs."""
    offer_a = _present_offer_a(charger, reading)
    orders = replace(
        state.orders,
        offer_a=offer_a,
        before_a=offer_a,
        before_low_a=(),
        before_high_a=(),
        before_now_a=0.0,
        at_s=clock_s,
        confirmed=False,
        tries=0,
        excesses=0,
        defied=False,
        adopted=True,
    )
    return replace(state, phase=Phase.ADOPTING, since_s=clock_s, orders=orders)


def _present_offer_a(charger: Charger, reading: ChargerReading) -> float:
    """Return what a charger offers as far as it tells; at worst its maximum."""
    if reading.enabled is False or reading.status is ChargerStatus.PAUSED:
        return 0.0
    told_a = _told_a(charger, reading)
    if told_a is not None:
        return told_a
    return charger.max_a if reading.status is ChargerStatus.CHARGING else 0.0


def _told_a(charger: Charger, reading: ChargerReading) -> float | None:
    """Return the offer that a charger tells as one that there can be; None where it is silent."""
    offered = reading.offered_a
    if offered is None or not offered.ok:
        return None
    return min(offered.value, charger.max_a) if offered.value >= MIN_CURRENT_A else 0.0


def keep_by_hand(
    charger: Charger, reading: ChargerReading, state: ChargerState, clock_s: float
) -> ChargerState:
    """Return the state with what somebody has set at the charger kept, where somebody has."""
    orders = state.orders
    is_ours = not orders.confirmed or _reads_back(reading, orders)
    if is_ours or reading.write_failed or clock_s - orders.at_s < charger.settle_s:
        return state
    if _is_boundary(state, clock_s) or state.phase not in WATCHED:
        return state
    if not reading.status.is_controllable or _has_fallen_back(reading, state, clock_s):
        return state
    told_a = _told_a(charger, reading)
    enabled = reading.enabled is not False and told_a != 0.0
    offer_a = (told_a or orders.offer_a) if enabled else 0.0
    return replace(
        state,
        phase=Phase.CHARGING if offer_a > 0.0 else Phase.PAUSED,
        orders=replace(orders, offer_a=offer_a, at_s=clock_s, confirmed=False, tries=0),
        manual=Manual(current_a=told_a, enabled=enabled),
        boost=None,
    )


def hear(
    reading: ChargerReading, state: ChargerState, clock_s: float, passed_s: float
) -> ChargerState:
    """Return the state with a silence noted: of the charger, towards it, or of our own.

    ``passed_s`` is how long nobody has looked, by the clock on the wall.
    """
    offered = reading.offered_a
    is_silent = (
        reading.write_failed
        or reading.status is ChargerStatus.OFFLINE
        or (offered is not None and offered.age_s >= SILENCE_S)
        or passed_s >= SILENCE_S
    )
    return replace(state, untold_s=clock_s) if is_silent else state


def _has_fallen_back(
    reading: ChargerReading, state: ChargerState, clock_s: float
) -> bool:
    """Return whether a charger offers what it falls back to, and may have had a reason to."""
    offered, failsafe_a = reading.offered_a, reading.failsafe_a
    if failsafe_a is None or offered is None or not offered.ok:
        return False
    if clock_s - state.untold_s > FALLEN_BACK_S:
        return False
    return abs(offered.value - failsafe_a) <= _SAME_A


def give(
    orders: Orders, offer_a: float, take: Take, clock_s: float, *, reached: bool = True
) -> Orders:
    """Return the orders with a new offer; ``reached`` is whether the last command arrived.

    A car that was above its offer has had one of its tries: a limit that it ignores may go on
    changing, and each time there is room again it would go too far again.
    """
    excesses, defied = orders.excesses, orders.defied
    if reached and take.settled and draws_too_much(orders, take):
        excesses += 1
        defied = defied or excesses >= TRIES
    return replace(
        _noted(_defied(orders, clock_s) if defied else orders, take),
        offer_a=offer_a,
        before_a=orders.offer_a,
        at_s=clock_s,
        raised_s=clock_s if offer_a > orders.offer_a else orders.raised_s,
        confirmed=False,
        tries=0,
        excesses=excesses,
    )


def note(orders: Orders, take: Take, clock_s: float) -> Orders:
    """Return the orders after a command that leaves the offer as it is."""
    noted = _noted(orders, take)
    return replace(
        noted, before_low_a=(), before_high_a=(), at_s=clock_s, confirmed=False
    )


def check(
    charger: Charger,
    reading: ChargerReading,
    state: ChargerState,
    take: Take,
    clock_s: float,
) -> Check:
    """Compare a charger with its orders, once it has had the time to follow them."""
    orders = state.orders
    if clock_s - orders.at_s < charger.settle_s:
        return Check(orders=orders)
    obeys = _reads_back(reading, orders)
    too_much = draws_too_much(orders, take)
    if obeys and not too_much and not reading.write_failed:
        keeps = orders.offer_a > 0.0 and take.drawn_a > 0.0
        excesses = 0 if keeps else orders.excesses
        if (orders.confirmed, orders.tries, orders.excesses) != (True, 0, excesses):
            orders = replace(orders, confirmed=True, tries=0, excesses=excesses)
        return Check(orders=orders)
    if reading.write_failed:
        return _tell_again(charger, orders, take, clock_s, too_much=False)
    if too_much:
        return _tell_again(charger, orders, take, clock_s, too_much=True)
    if _may_be_old(charger, reading, orders, clock_s):
        return Check(orders=orders)
    has_fallen_back = _has_fallen_back(reading, state, clock_s)
    if is_content(reading, orders) and not has_fallen_back:
        return Check(orders=orders)
    return _tell_again(charger, orders, take, clock_s, too_much=False)


def draws_too_much(orders: Orders, take: Take) -> bool:
    """Whether a car surely takes more than it is offered."""
    return take.measured and take.drawn_a > orders.offer_a + OVERDRAW_A


def is_content(reading: ChargerReading, orders: Orders) -> bool:
    """Whether a charger that was told often enough has a lower limit of its own: that is fine."""
    offered_a = reading.offered_a
    return (
        orders.tries >= TRIES
        and reading.enabled is not False
        and offered_a is not None
        and 0.0 < offered_a.value < orders.offer_a
    )


def _may_be_old(
    charger: Charger, reading: ChargerReading, orders: Orders, clock_s: float
) -> bool:
    """Whether what is read back may be from before the charger followed.

    A charger that is polled is waited for; one that only tells changes would never tell.
    """
    followed_s = orders.at_s + charger.settle_s
    age_s = reading.offered_a.age_s if reading.offered_a else 0.0
    return clock_s - age_s < followed_s and clock_s < followed_s + PATIENCE_S


def _reads_back(reading: ChargerReading, orders: Orders) -> bool:
    """Whether what the charger tells of itself is what it was told; silence is consent."""
    if orders.offer_a <= 0.0:
        return reading.enabled is not True
    if reading.enabled is False and reading.status is not ChargerStatus.FINISHED:
        return False
    offered_a = reading.offered_a
    if offered_a is None or not offered_a.ok:
        return True
    return abs(offered_a.value - orders.offer_a) <= _SAME_A


def _is_boundary(state: ChargerState, clock_s: float) -> bool:
    return state.plugged_s is not None and clock_s - state.plugged_s < BOUNDARY_S


def _tell_again(
    charger: Charger, orders: Orders, take: Take, clock_s: float, *, too_much: bool
) -> Check:
    if too_much and orders.excesses >= TRIES and not orders.defied:
        told = replace(orders, tries=TRIES)
        return Check(orders=_defied(told, clock_s) if charger.can_pause else told)
    rest_s = _CLOUD_RETRY_S if charger.link is Link.CLOUD else charger.settle_s
    if orders.tries >= TRIES:
        rest_s = RETRY_S
    if clock_s - orders.at_s < rest_s:
        return Check(orders=orders)
    told = replace(
        _noted(orders, take),
        at_s=clock_s,
        confirmed=False,
        tries=min(orders.tries + 1, TRIES),
        excesses=orders.excesses + too_much,
    )
    return Check(orders=told, tell_again=True)


def _defied(orders: Orders, clock_s: float) -> Orders:
    if orders.defied:
        return orders
    return replace(orders, defied=True, defied_s=clock_s)


def with_another_chance(state: ChargerState, clock_s: float) -> ChargerState:
    """Return the state of a charger that was paused for long and may try once more.

    Many obey again after a restart of their own or once their network is back. The first current
    too much pauses it again.
    """
    orders = state.orders
    if not orders.defied or clock_s - orders.defied_s < CHANCE_S:
        return state
    orders = replace(orders, defied=False, tries=0, excesses=TRIES - 1)
    return replace(state, orders=orders)


def _noted(orders: Orders, take: Take) -> Orders:
    """Return the orders with what the car takes just before a command."""
    return replace(
        orders,
        before_low_a=take.low_a,
        before_high_a=take.high_a,
        before_now_a=take.now_a,
    )


def has_failed(reading: ChargerReading, orders: Orders) -> bool:
    """Whether a charger was told often enough and still does not do it."""
    return orders.tries >= TRIES and not is_content(reading, orders)
