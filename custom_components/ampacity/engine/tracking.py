"""What goes on while a car is plugged in: the session, the boost, the caps, the energy counter."""

from dataclasses import dataclass, replace
from datetime import datetime

from .model import ChargerReading, ChargerStatus, Site, Snapshot
from .result import Event, EventKind
from .session import Prices, Session, add_energy, counter_step_wh, solar_share
from .state import Boost, Cap, ChargerState, EngineState, Waking
from .vehicle_soc import believable

COUNTER_RESET_WH = 500.0
"""A counter that is this far behind what was charged has started anew."""
COUNTER_SILENCE_S = 900.0
"""Counters report at least this often while something flows; slow clouds take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A charger's state after the time that has passed, and what began or ended in it."""

    state: ChargerState
    started: Session | None = None
    finished: Session | None = None
    boost_ended: bool = False


def cap_after(cap: Cap | None, dt_s: float) -> Cap | None:
    """Return a cap after some time; None once it has run out."""
    if cap is None or cap.remaining_s is None:
        return cap
    remaining_s = cap.remaining_s - dt_s
    return replace(cap, remaining_s=remaining_s) if remaining_s > 0.0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The time that has passed, and where the energy of it came from."""

    now: datetime
    clock_s: float
    dt_s: float
    away_s: float
    """By the clock on the wall, for which a counter went on: long after a restart."""
    share: float
    """Part of the energy that came from the sun, 0 to 1."""
    prices: Prices


def moment_of(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    *,
    dt_s: float,
    away_s: float,
    now: datetime,
) -> Moment:
    """Return the time that has passed, with where the energy came from."""
    grid, solar = snapshot.grid.power_w, snapshot.solar_w
    cars_w = sum(state.charger(charger.id).take_w for charger in site.chargers)
    share = solar_share(
        grid.value if grid and grid.ok and state.meter.lost is None else None,
        solar.value if solar and solar.ok else None,
        cars_w,
    )
    return Moment(
        now=now,
        clock_s=state.clock_s,
        dt_s=dt_s,
        away_s=away_s,
        share=share,
        prices=Prices(import_price=site.import_price, feed_in_price=site.feed_in_price),
    )


def track_all(
    site: Site, snapshot: Snapshot, state: EngineState, moment: Moment
) -> tuple[EngineState, tuple[Event, ...]]:
    """Return the state with sessions, boosts and caps carried on, and what happened in them."""
    events: list[Event] = []
    chargers = dict(state.chargers)
    for charger in site.chargers:
        reading = snapshot.chargers[charger.id]
        tracked = track(state.charger(charger.id), reading, moment)
        chargers[charger.id] = tracked.state
        events += _events(charger.id, tracked)
    return replace(state, chargers=chargers), tuple(events)


def _events(charger_id: str, tracked: Tracked) -> list[Event]:
    found = []
    if tracked.boost_ended:
        found.append(Event(kind=EventKind.BOOST_ENDED, charger_id=charger_id))
    if tracked.started:
        found.append(
            Event(
                kind=EventKind.SESSION_STARTED,
                charger_id=charger_id,
                session=tracked.started,
            )
        )
    if tracked.finished:
        found.append(
            Event(
                kind=EventKind.SESSION_FINISHED,
                charger_id=charger_id,
                session=tracked.finished,
            )
        )
    return found


def track(state: ChargerState, reading: ChargerReading, moment: Moment) -> Tracked:
    """Return a charger's state after the time that has passed."""
    had_boost = state.boost is not None
    energy_wh, counter_wh = _charged_wh(state, reading, moment)
    state = replace(
        state,
        counter_wh=counter_wh,
        counter_s=_moved_s(state, reading, moment),
        total_wh=state.total_wh + energy_wh,
        cap=cap_after(state.cap, moment.dt_s),
        boost=_boost_after(state, reading, energy_wh, moment.dt_s),
        session=_session_after(state.session, energy_wh, moment),
    )
    started = finished = None
    if reading.status.is_plugged and state.plugged_s is None:
        state, started = _plug_in(state, moment)
    elif reading.status is ChargerStatus.DISCONNECTED:
        state, finished = _unplug(state, moment)
    return Tracked(
        state=state,
        started=started,
        finished=finished,
        boost_ended=had_boost and state.boost is None,
    )


def _session_after(
    session: Session | None, energy_wh: float, moment: Moment
) -> Session | None:
    if session is None or energy_wh <= 0.0:
        return session
    return add_energy(session, energy_wh, moment.share, moment.prices)


def _plug_in(
    state: ChargerState, moment: Moment
) -> tuple[ChargerState, Session | None]:
    """Begin a session; one that was running before a restart goes on."""
    state = replace(state, plugged_s=moment.clock_s)
    if state.session is not None:
        return state, None
    session = Session(started=moment.now)
    return replace(state, session=session), session


def _unplug(state: ChargerState, moment: Moment) -> tuple[ChargerState, Session | None]:
    """End the session and all that lasts until the car leaves."""
    orders = replace(state.orders, defied=False, tries=0, excesses=0)
    finished = state.session and replace(state.session, ended=moment.now)
    state = replace(
        state,
        plugged_s=None,
        session=None,
        boost=None,
        manual=None,
        cut=False,
        waking=Waking(),
        orders=orders,
    )
    return state, finished


def _charged_wh(
    state: ChargerState, reading: ChargerReading, moment: Moment
) -> tuple[float, float | None]:
    """Return what was charged since the last look, and up to where the counter is accounted for.

    While the counter is silent the car's power is added up, and what it counts of that later is
    not counted again.
    """
    added_wh = state.take_w * moment.dt_s / 3600.0
    counter = reading.energy_wh
    if counter is None:
        return added_wh, None
    if not counter.ok:
        before_wh = state.counter_wh
        return added_wh, None if before_wh is None else before_wh + added_wh
    if state.counter_wh is None:
        return 0.0, counter.value
    silent_s = min(moment.clock_s - state.counter_s, COUNTER_SILENCE_S)
    span_s = max(moment.away_s, silent_s)
    step_wh = counter_step_wh(state.counter_wh, counter.value, span_s)
    if step_wh is not None:
        return step_wh, counter.value
    behind_wh = state.counter_wh - counter.value
    if 0.0 < behind_wh < COUNTER_RESET_WH and counter.value > behind_wh:
        return 0.0, state.counter_wh
    return 0.0, counter.value


def _moved_s(state: ChargerState, reading: ChargerReading, moment: Moment) -> float:
    """Return when the counter last moved; what it counts now may all have come since."""
    counter = reading.energy_wh
    if counter is None or not counter.ok or counter.value == state.counter_wh:
        return state.counter_s
    return moment.clock_s


def _boost_after(
    state: ChargerState, reading: ChargerReading, energy_wh: float, dt_s: float
) -> Boost | None:
    """Return what is left of a boost; None once one of its ends is reached."""
    boost, soc = state.boost, state.parked.soc
    if boost is None:
        return None
    own = reading.soc
    if own is not None and state.parked.vehicle_id is None and believable(own, soc):
        soc = own.value
    if boost.remaining_s is not None:
        boost = replace(boost, remaining_s=boost.remaining_s - dt_s)
    if boost.energy_wh is not None:
        boost = replace(boost, energy_wh=boost.energy_wh - energy_wh)
    is_over = (
        (boost.remaining_s is not None and boost.remaining_s <= 0.0)
        or (boost.energy_wh is not None and boost.energy_wh <= 0.0)
        or (boost.soc is not None and soc is not None and soc >= boost.soc)
        or reading.status is ChargerStatus.FINISHED
    )
    return None if is_over else boost
