"""One decision for the whole site: readings in, offers and their reasons out."""

from dataclasses import replace
from datetime import datetime

from .command import tell
from .decision import Decision, Reason, ReasonKey, SiteView
from .demand import Demand
from .meter import readings, watch_meter
from .model import Charger, ChargerReading, ChargerStatus, Site, Snapshot
from .orders import adopt
from .regulate import Context, Outcome, regulate
from .result import Event, EventKind, Result, Tempo
from .safe import control_error, lower_to, meter_reason, safe_current_a, safe_offer
from .session import Prices, solar_share
from .state import MAX_STEP_S, ChargerState, EngineState, Phase
from .survey import Survey, survey, view
from .tracking import Moment, Tracked, cap_after, track

_OFFLINE = ChargerReading(status=ChargerStatus.OFFLINE)
_AT_REST = frozenset(
    {ReasonKey.NOT_CONNECTED, ReasonKey.NEEDS_AUTH, ReasonKey.CHARGER_ERROR}
)
"""The charger cannot charge; should it start on its own, the safe current is what it offers."""
_LIMITING = frozenset(
    {
        ReasonKey.FUSE,
        ReasonKey.FUSE_PAUSED,
        ReasonKey.FUSE_RESUMING,
        ReasonKey.POWER_LIMIT,
        ReasonKey.POWER_LIMIT_PAUSED,
        ReasonKey.LIMIT,
        ReasonKey.LIMIT_PAUSED,
    }
)


def decide(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    now: datetime,
    tempo: Tempo = Tempo.CONTROL,
) -> Result:
    """Return what every charger offers from now on, why, and what to remember.

    It never raises: an error inside ends in the safe current of every charger, and is returned.
    """
    before_s = state.clock_s
    state = _advance(state, now)
    try:
        site = _at_measured_voltage(site, snapshot)
        snapshot = _complete(site, snapshot)
        return _decide(site, snapshot, state, now, state.clock_s - before_s, tempo)
    except Exception as error:  # noqa: BLE001 - whatever it is, the fuse must hold
        return _all_safe(site, state, error)


def _advance(state: EngineState, now: datetime) -> EngineState:
    """Return the state with its clock moved on; a wall clock that jumps moves it by little."""
    passed_s = (now - state.now).total_seconds() if state.now else 0.0
    passed_s = min(MAX_STEP_S, max(0.0, passed_s))
    return replace(state, now=now, clock_s=state.clock_s + passed_s)


def _at_measured_voltage(site: Site, snapshot: Snapshot) -> Site:
    voltages = snapshot.grid.voltage_v
    if not voltages:
        return site
    return replace(site, voltage_v=sum(voltages) / len(voltages))


def _complete(site: Site, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with a reading for every charger: one that is missing is offline."""
    found = {
        charger.id: snapshot.chargers.get(charger.id, _OFFLINE)
        for charger in site.chargers
    }
    return replace(snapshot, chargers=found)


def _decide(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    now: datetime,
    dt_s: float,
    tempo: Tempo,
) -> Result:
    meter = watch_meter(
        site,
        snapshot.grid,
        state.meter,
        [(charger, state.charger(charger.id)) for charger in site.chargers],
        state.clock_s,
    )
    state = replace(state, meter=meter, cap=cap_after(state.cap, dt_s))
    state, events = _track(site, snapshot, state, now, dt_s)
    state = _adopt(site, snapshot, state)
    seen = survey(site, snapshot, state, meter, now=now, dt_s=dt_s, tempo=tempo)

    decisions = []
    for charger in site.chargers:
        decision, charger_state = _decide_one(seen, charger)
        decisions.append(decision)
        state = state.with_charger(charger.id, charger_state)
    limited = [one for one in decisions if one.reason.key in _LIMITING]
    if limited and not state.limiting:
        event = Event(kind=EventKind.LIMIT_ACTIVE, charger_id=limited[0].charger_id)
        events = (*events, event)
    return Result(
        decisions=tuple(decisions),
        state=replace(state, limiting=bool(limited)),
        view=view(seen, limiting=bool(limited)),
        events=events,
    )


def _track(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime, dt_s: float
) -> tuple[EngineState, tuple[Event, ...]]:
    """Carry sessions, boosts and caps on."""
    grid, solar = snapshot.grid.power_w, snapshot.solar_w
    cars_w = sum(state.charger(charger.id).take_w for charger in site.chargers)
    share = solar_share(
        grid.value if grid and grid.ok and state.meter.lost is None else None,
        solar.value if solar and solar.ok else None,
        cars_w,
    )
    moment = Moment(
        now=now,
        clock_s=state.clock_s,
        dt_s=dt_s,
        share=share,
        prices=Prices(import_price=site.import_price, feed_in_price=site.feed_in_price),
    )
    events: list[Event] = []
    for charger in site.chargers:
        reading = snapshot.chargers[charger.id]
        tracked = track(state.charger(charger.id), reading, moment)
        state = state.with_charger(charger.id, tracked.state)
        events += _events(charger.id, tracked)
    return state, tuple(events)


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


def _adopt(site: Site, snapshot: Snapshot, state: EngineState) -> EngineState:
    """Take over chargers that have just appeared; forget the grip on those that have gone."""
    for charger in site.chargers:
        reading = snapshot.chargers[charger.id]
        held = state.charger(charger.id)
        if reading.status is ChargerStatus.OFFLINE:
            orders = replace(held.orders, adopted=False)
            held = replace(held, phase=Phase.ADOPTING, orders=orders)
        elif not held.orders.adopted:
            held = adopt(charger, reading, held, state.clock_s)
        state = state.with_charger(charger.id, held)
    return state


def _decide_one(seen: Survey, charger: Charger) -> tuple[Decision, ChargerState]:
    """Return the decision for one charger and what to remember of it."""
    reading = seen.snapshot.chargers[charger.id]
    take = seen.takes[charger.id]
    outcome = _outcome(seen, charger)
    told = tell(
        charger,
        reading,
        replace(outcome.state, take_a=take.now_a, take_w=take.now_w),
        take,
        offer_a=outcome.offer_a,
        clock_s=seen.clock_s,
        tempo=seen.tempo,
    )
    decision = Decision(
        charger_id=charger.id,
        offer_a=outcome.offer_a,
        reason=told.complaint or outcome.reason,
        command=told.command,
    )
    return decision, told.state


def _outcome(seen: Survey, charger: Charger) -> Outcome:
    """Return what a charger offers: by what blocks it, by a lost meter, or by regulation."""
    state = seen.state.charger(charger.id)
    asked = seen.asked[charger.id]
    if isinstance(asked, Reason):
        return _blocked(seen, charger, state, asked)
    if state.orders.defied:
        reason = Reason(
            key=ReasonKey.NOT_OBEYING,
            values={
                "current_a": state.orders.offer_a,
                "measured_a": seen.takes[charger.id].now_a,
            },
        )
        return _off(charger, state, reason, seen.clock_s)
    if seen.meter.lost is not None:
        return _without_meter(seen, charger, state, asked)
    return regulate(
        Context(
            site=seen.site,
            charger=charger,
            reading=seen.snapshot.chargers[charger.id],
            state=state,
            take=seen.takes[charger.id],
            asked=asked,
            sure=seen.sure[charger.id],
            hoped=seen.hoped[charger.id],
            clock_s=seen.clock_s,
            dt_s=seen.dt_s,
            now=seen.now,
            may_raise=seen.tempo is Tempo.CONTROL,
            fresh=_is_fresh(seen, charger, state),
        )
    )


def _is_fresh(seen: Survey, charger: Charger, state: ChargerState) -> bool:
    reported_s = seen.meter.reported_s
    return reported_s is not None and reported_s >= state.orders.at_s + charger.settle_s


def _blocked(
    seen: Survey, charger: Charger, state: ChargerState, reason: Reason
) -> Outcome:
    offer_a = state.orders.offer_a
    if reason.key is ReasonKey.OFFLINE:
        return Outcome(state=state, offer_a=offer_a, reason=reason)
    if reason.key in _AT_REST:
        offer_a = min(offer_a, safe_current_a(seen.site, charger))
        state = replace(state, phase=Phase.IDLE, since_s=seen.clock_s)
        return Outcome(state=state, offer_a=offer_a, reason=reason)
    return _off(charger, state, reason, seen.clock_s)


def _off(
    charger: Charger, state: ChargerState, reason: Reason, clock_s: float
) -> Outcome:
    if state.phase is not Phase.PAUSED:
        state = replace(state, phase=Phase.PAUSED, since_s=clock_s, credit_s=0.0)
    offer_a = 0.0 if charger.can_pause else charger.min_a
    return Outcome(state=state, offer_a=offer_a, reason=reason)


def _without_meter(
    seen: Survey, charger: Charger, state: ChargerState, asked: Demand
) -> Outcome:
    state, offer_a = safe_offer(seen.site, charger, state, asked, seen.dt_s)
    age_s = max((part.age_s for part in readings(seen.snapshot.grid)), default=0.0)
    reason = meter_reason(seen.site, charger, seen.meter, age_s)
    if seen.tempo is Tempo.GUARD:
        offer_a = min(offer_a, state.orders.offer_a)
    return Outcome(state=state, offer_a=offer_a, reason=reason)


def _all_safe(site: Site, state: EngineState, error: Exception) -> Result:
    """Return every charger lowered to its safe current, without a look at the readings."""
    decisions = []
    for charger in site.chargers:
        held = state.charger(charger.id)
        offer_a = min(held.orders.offer_a, safe_current_a(site, charger))
        command = None
        if offer_a < held.orders.offer_a:
            command = lower_to(charger, offer_a)
        orders = replace(held.orders, offer_a=offer_a, at_s=state.clock_s)
        state = state.with_charger(charger.id, replace(held, orders=orders))
        decisions.append(
            Decision(
                charger_id=charger.id,
                offer_a=offer_a,
                reason=control_error(site, charger),
                command=command,
            )
        )
    return Result(decisions=tuple(decisions), state=state, view=SiteView(), error=error)


__all__ = ["Event", "EventKind", "Result", "Tempo", "decide"]
