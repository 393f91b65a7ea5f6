"""From demands to asks: whose turn it is, and what a car that does not use it all gives back.

A car that takes clearly less than it is offered asks for little more than it takes. The rest goes
to others, and comes back as soon as the car takes what it has. Of the sun, one that takes nothing
keeps nothing from others.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import inf

from .allocate import Ask
from .decision import Reason
from .demand import Demand, DemandClass
from .model import Charger, ChargerReading, ChargerStatus, Site
from .state import ChargerState, EngineState
from .take import Take, site_phases

TURN_S = 900.0
"""A charger keeps its turn at least this long."""
UNUSED_A = 1.0
"""A car that takes less than its offer by more than this leaves something unused."""
UNUSED_S = 30.0
IDLE_S = 60.0
"""A car that has taken nothing of its offer for so long is not about to begin."""
_NOTHING_A = 0.5
_CHARGING_A = 4.0
_LEARNS = 0.1
"""Of what each look shows of the gap."""
_NEARLY = 0.99
"""Of a step, so that one that the sun fills by itself is not followed by another."""
SLACK_A = 2.0
"""Left above what a car takes, so that it can show that it wants more."""


def asks(
    site: Site,
    chargers: Sequence[Charger],
    state: EngineState,
    takes: Mapping[str, Take],
    asked: Mapping[str, Demand | Reason],
    readings: Mapping[str, ChargerReading],
) -> Iterator[Ask]:
    """Yield an ask for each of the chargers that asks for something."""
    is_shared = len(chargers) > 1
    for charger in chargers:
        wanted = asked[charger.id]
        if isinstance(wanted, Reason):
            continue
        held, take = state.charger(charger.id), takes[charger.id]
        phases = site_phases(site, charger)
        idle = is_shared and _is_idle(wanted, held, take, readings[charger.id])
        yield Ask(
            charger_id=charger.id,
            klass=wanted.klass,
            priority=charger.priority,
            phases=tuple(range(site.phases)) if phases is None else phases,
            w_per_a=site.voltage_v * charger.phases,
            floor_a=wanted.floor_a,
            wish_a=_wish_a(wanted, held, take, is_shared=is_shared, idle=idle),
            idle=idle,
            min_a=wanted.min_a,
            lean_a=wanted.lean * wanted.min_a,
            on_surplus=wanted.on_surplus,
            laxity_s=wanted.laxity_s,
            due=_due(wanted),
            turn=_turn(held, state.clock_s),
            weight=charger.weight,
            holds_a=max(take.high_a, default=0.0),
            own_a=min(take.low_a) if phases is None else 0.0,
            beyond_a=_beyond_a(site, charger, wanted, held),
            from_grid_w=wanted.from_grid_w,
        )


def _due(wanted: Demand) -> float:
    """Return when a charger in a hurry is to be ready, as a time stamp; no end for all others."""
    if wanted.klass is not DemandClass.PLAN_LATE or wanted.ready_by is None:
        return inf
    return wanted.ready_by.timestamp()


def _is_idle(
    wanted: Demand, held: ChargerState, take: Take, reading: ChargerReading
) -> bool:
    """Whether a car on the sun takes nothing: it is full, or asleep."""
    if wanted.klass is not DemandClass.SURPLUS:
        return False
    is_asleep = held.unused_s >= IDLE_S and take.now_a < _NOTHING_A
    return is_asleep or reading.status is ChargerStatus.FINISHED


def _wish_a(
    wanted: Demand, held: ChargerState, take: Take, *, is_shared: bool, idle: bool
) -> float:
    """Return what a charger wishes; where others could use it, no more than its car does."""
    if idle:
        return wanted.min_a
    if not is_shared or held.unused_s < UNUSED_S:
        return wanted.wish_a
    return min(wanted.wish_a, max(wanted.min_a, take.now_a + SLACK_A))


def _beyond_a(
    site: Site, charger: Charger, wanted: Demand, held: ChargerState
) -> float:
    """Return what the sun's current may be exceeded by: what the car leaves of any offer.

    And, where something has to be bought anyway, what rounds it up to the next step, with nothing
    left for export.
    """
    if not wanted.on_surplus:
        return 0.0
    margin_a = site.export_margin_w / (site.voltage_v * charger.phases)
    return held.gap_a + wanted.grid_share * (_NEARLY * charger.step_a + margin_a)


def gap_a(held: ChargerState, take: Take) -> float:
    """Return by how much a car keeps below whatever it is offered, from what it did so far.

    Many take 0.2 to 1 A less. One that takes clearly less is full, or slow to begin.
    """
    if held.plugged_s is None:
        return 0.0
    left_a = held.orders.offer_a - take.now_a
    is_charging = take.measured and take.settled and take.now_a >= _CHARGING_A
    if not is_charging or not 0.0 <= left_a <= UNUSED_A:
        return held.gap_a
    return held.gap_a + _LEARNS * (left_a - held.gap_a)


def unused_s(held: ChargerState, take: Take, dt_s: float) -> float:
    """Return for how long a car has been leaving something of its offer unused."""
    offer_a = held.orders.offer_a
    uses_all = offer_a <= 0.0 or take.now_a >= offer_a - UNUSED_A
    if uses_all or not (take.measured and take.settled):
        return 0.0
    return held.unused_s + dt_s


def _turn(held: ChargerState, clock_s: float) -> tuple[int, float]:
    """Return a charger's place among equals: who runs keeps its turn, then who has waited longest.

    Who has had its turn for long makes room for one that has waited as long, and for no other: who
    has just been paused would else put off the next one, until nobody runs.
    """
    lasted_s = clock_s - held.since_s
    if not held.phase.has_turn:
        return (1 if lasted_s >= TURN_S else 3, -lasted_s)
    return (0, 0.0) if lasted_s < TURN_S else (2, -lasted_s)
