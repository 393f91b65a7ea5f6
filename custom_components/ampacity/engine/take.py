"""What each charger takes from each phase of the site: between a least and a most.

Right after a command the car is somewhere between where it was and where it is sent, so its
current is an interval. What raises counts on the least, what only holds may hope for the most.
A car that takes more than it is offered does not give that back when it is told to: what it takes
beyond its offer counts as load of the house.
"""

from dataclasses import dataclass, replace

from .model import Charger, ChargerReading, ChargerStatus, Reading, Site
from .state import ChargerState

MEASURED_MAX_AGE_S = 120.0
"""Beyond this age a sensor may have stopped or may only report changes: both are allowed for."""
PATIENCE_S = 60.0
"""For a car's sensor that has not reported since the car has followed a command."""
ABSURD_A = 100.0
"""No plug carries this much (IEC 62196 ends at 80 A): the sensor tells something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A charger's current per phase of its own, and the power that goes with it."""

    low_a: tuple[float, ...]
    high_a: tuple[float, ...]
    low_w: float
    high_w: float
    now_a: float
    """What it takes on its fullest phase as far as the sensors tell, however old the reading."""
    now_w: float
    drawn_a: float
    """What it surely takes on its fullest phase, within its offer or beyond."""
    settled: bool
    """The car has had the time to follow the last command."""
    measured: bool
    """There is a sensor that says what the car takes."""


def site_phases(site: Site, charger: Charger) -> tuple[int, ...] | None:
    """Return the site's phases that the charger loads; None when nobody knows which."""
    if site.phases == 1:
        return (0,)
    if charger.phase_map is not None:
        return charger.phase_map[: charger.phases]
    if charger.phases >= site.phases:
        return tuple(range(site.phases))
    return None


def take_of(
    site: Site,
    charger: Charger,
    reading: ChargerReading,
    state: ChargerState,
    clock_s: float,
    metered_s: float | None = None,
) -> Take:
    """Return what the charger takes, from its sensors and from what it was told.

    ``metered_s`` is the control time of the oldest report of the meters above it, None where that
    does not matter.
    """
    orders = state.orders
    if not reading.status.is_plugged:
        nothing = (0.0,) * charger.phases
        most = (_unseen_a(reading, state),) * charger.phases
        return _take(site, nothing, nothing, most, measured=False, settled=True)
    settled_s = orders.at_s + charger.settle_s
    expected = (_expected_a(reading, state),) * charger.phases
    measured = _measured(site, charger, reading)
    now, age_s = measured or (expected, 0.0)
    reported_s = clock_s - age_s
    lows = highs = now
    if age_s > MEASURED_MAX_AGE_S:
        lows, highs = _hull(now, expected), _hull(now, expected, most=True)

    settled = clock_s >= settled_s
    offer = (orders.offer_a,) * charger.phases
    # A sensor that only tells changes has nothing more to tell after a while.
    may_change = reported_s < settled_s and clock_s < settled_s + PATIENCE_S
    if not settled or may_change:
        if measured is None or reported_s < orders.at_s:
            lows, highs = orders.before_low_a or lows, orders.before_high_a or highs
        elif metered_s is not None and metered_s <= orders.at_s:
            # The meter shows the car as it was, however new the car's own sensor.
            highs = _hull(highs, orders.before_high_a or highs, most=True)
        lows, highs = _hull(lows, offer), _hull(highs, offer, most=True)
    take = _take(site, now, lows, highs, measured=measured is not None, settled=settled)
    if not settled or take.drawn_a <= orders.offer_a:
        return take
    return _within(site, take, offer)


def _hull(
    one: tuple[float, ...], other: tuple[float, ...], *, most: bool = False
) -> tuple[float, ...]:
    """Return the lower, or the higher, of two currents on each phase."""
    pick = max if most else min
    return tuple(pick(pair) for pair in zip(one, other, strict=False))


def _take(
    site: Site,
    now: tuple[float, ...],
    lows: tuple[float, ...],
    highs: tuple[float, ...],
    *,
    measured: bool,
    settled: bool,
) -> Take:
    return Take(
        low_a=lows,
        high_a=highs,
        low_w=sum(lows) * site.voltage_v,
        high_w=sum(highs) * site.voltage_v,
        now_a=max(now, default=0.0),
        now_w=sum(now) * site.voltage_v,
        drawn_a=max(lows, default=0.0),
        settled=settled,
        measured=measured,
    )


def _within(site: Site, take: Take, offer: tuple[float, ...]) -> Take:
    """Return the take with no more than the offer counted."""
    lows, highs = _hull(take.low_a, offer), _hull(take.high_a, offer)
    return replace(
        take,
        low_a=lows,
        high_a=highs,
        low_w=sum(lows) * site.voltage_v,
        high_w=sum(highs) * site.voltage_v,
    )


def _measured(
    site: Site, charger: Charger, reading: ChargerReading
) -> tuple[tuple[float, ...], float] | None:
    """Return current per phase of the charger and its age, where a sensor tells."""
    currents = reading.current_a[: charger.phases]
    if len(currents) == charger.phases and all(map(_is_current, currents)):
        return (
            tuple(abs(current.value) for current in currents),
            max(current.age_s for current in currents),
        )
    power_w = reading.power_w
    if power_w is not None and power_w.ok:
        current_a = abs(power_w.value) / site.voltage_v / charger.phases
        if current_a <= ABSURD_A:
            return (current_a,) * charger.phases, power_w.age_s
    return None


def _is_current(reading: Reading) -> bool:
    return reading.ok and abs(reading.value) <= ABSURD_A


def _unseen_a(reading: ChargerReading, state: ChargerState) -> float:
    """Return the most that a charger without a car to be seen may draw.

    One that is not reached any more may go on as it was last known to: with what it was told, or
    with what it had before where it is not known to have heard that.
    """
    if reading.status is not ChargerStatus.OFFLINE or state.plugged_s is None:
        return 0.0
    orders = state.orders
    if orders.confirmed:
        return orders.offer_a
    return max(orders.offer_a, orders.before_a, *orders.before_high_a)


def _expected_a(reading: ChargerReading, state: ChargerState) -> float:
    """Return what a charger without sensors is taken to draw: what it offers, if it charges."""
    if reading.status is ChargerStatus.CHARGING:
        return state.orders.offer_a
    return 0.0
