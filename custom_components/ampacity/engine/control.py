"""One decision for the whole site: readings in, offers and their reasons out."""

from dataclasses import replace
from datetime import UTC, datetime

from .battery import watch_battery
from .circuits import watch_circuits
from .decision import Decision, ReasonKey, SiteView
from .effective import effective_site
from .finish import with_believed_finish
from .hold import hold
from .learning import learn
from .meter import watch_meter
from .model import ChargerReading, ChargerStatus, Site, Snapshot
from .offer import decide_one
from .operator import watch_operator
from .orders import adopt, hear, keep_by_hand, with_another_chance
from .peak import watch_peak
from .phases import at_present_phases, watch_phases
from .plausible import watch_steps
from .promise_watch import watch_promises
from .result import Event, EventKind, Result, Tempo
from .safe import control_error, lower_to, safe_current_a
from .state import MAX_STEP_S, EngineState, Phase
from .survey import survey, view
from .tariff import at_present_prices
from .tracking import cap_after, moment_of, track_all
from .trial_watch import watch_trials
from .vehicle_watch import watch_vehicles

_OFFLINE = ChargerReading(status=ChargerStatus.OFFLINE)
VOLTAGE_SPREAD = 0.25
"""A voltage further from the nominal one than this part of it is a fault or a dead phase."""
_LIMITING = frozenset(
    {
        ReasonKey.FUSE,
        ReasonKey.FUSE_PAUSED,
        ReasonKey.FUSE_RESUMING,
        ReasonKey.POWER_LIMIT,
        ReasonKey.POWER_LIMIT_PAUSED,
        ReasonKey.CIRCUIT,
        ReasonKey.CIRCUIT_PAUSED,
        ReasonKey.IMBALANCE,
        ReasonKey.IMBALANCE_PAUSED,
        ReasonKey.LIMIT,
        ReasonKey.LIMIT_PAUSED,
        ReasonKey.PEAK,
        ReasonKey.PEAK_PAUSED,
        ReasonKey.OPERATOR,
        ReasonKey.OPERATOR_PAUSED,
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
    now = now.astimezone(UTC)  # local times an hour apart are not always an hour apart
    before = state
    state = _advance(state, now)
    try:
        site = _at_measured_voltage(site, snapshot)
        snapshot = _complete(site, snapshot)
        snapshot, state = with_believed_finish(site, snapshot, state)
        site = at_present_prices(site, snapshot, now)
        present = at_present_phases(site, snapshot, state)
        state = watch_phases(present, snapshot, state)
        known = effective_site(present, snapshot, state)
        result = _decide(known, snapshot, before, state, now, tempo)
        return _learned(site, snapshot, before, result)
    except Exception as error:  # noqa: BLE001 - whatever it is, the fuse must hold
        return _all_safe(site, state, error)


def _advance(state: EngineState, now: datetime) -> EngineState:
    """Return the state with its clock moved on; a wall clock that jumps moves it by little."""
    passed_s = (now - state.now).total_seconds() if state.now else 0.0
    passed_s = min(MAX_STEP_S, max(0.0, passed_s))
    return replace(state, now=now, clock_s=state.clock_s + passed_s)


def _at_measured_voltage(site: Site, snapshot: Snapshot) -> Site:
    nominal_v = site.voltage_v
    voltages = [
        voltage_v
        for voltage_v in snapshot.grid.voltage_v
        if abs(voltage_v - nominal_v) <= VOLTAGE_SPREAD * nominal_v
    ]
    if not voltages:
        return site
    return replace(site, voltage_v=sum(voltages) / len(voltages))


def _complete(site: Site, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with a reading for every charger: one that is missing is offline."""
    ids = [charger.id for charger in site.chargers]
    if snapshot.chargers.keys() == set(ids):
        return snapshot
    found = {one: snapshot.chargers.get(one, _OFFLINE) for one in ids}
    return replace(snapshot, chargers=found)


def _decide(
    site: Site,
    snapshot: Snapshot,
    before: EngineState,
    state: EngineState,
    now: datetime,
    tempo: Tempo,
) -> Result:
    dt_s = state.clock_s - before.clock_s
    state = _watch_site(site, snapshot, before, state, now)
    away_s = max(dt_s, (now - before.now).total_seconds()) if before.now else dt_s
    moment = moment_of(site, snapshot, state, dt_s=dt_s, away_s=away_s, now=now)
    state, events = track_all(site, snapshot, state, moment)
    state = watch_vehicles(site, snapshot, state, now)
    state, told = watch_promises(site, snapshot, state, now)
    events += told
    state = _adopt(site, snapshot, state, tempo, away_s)
    if tempo is Tempo.CONTROL:
        state = watch_trials(site, snapshot, state, now)
    seen = survey(site, snapshot, state, state.meter, now=now, dt_s=dt_s, tempo=tempo)

    decisions = []
    chargers = dict(state.chargers)
    for charger in site.chargers:
        decision, chargers[charger.id] = decide_one(seen, charger)
        decisions.append(decision)
    battery, hold_battery = hold(seen, decisions)
    limited = [one for one in decisions if one.reason.key in _LIMITING]
    if limited and not state.limiting:
        event = Event(kind=EventKind.LIMIT_ACTIVE, charger_id=limited[0].charger_id)
        events = (*events, event)
    return Result(
        decisions=tuple(decisions),
        state=replace(
            state, chargers=chargers, limiting=bool(limited), battery=battery
        ),
        view=view(seen, decisions, limiting=bool(limited)),
        events=events,
        hold_battery=hold_battery,
    )


def _watch_site(
    site: Site,
    snapshot: Snapshot,
    before: EngineState,
    state: EngineState,
    now: datetime,
) -> EngineState:
    """Return the state after a look at the meters, the battery, the peak and the operator."""
    dt_s = state.clock_s - before.clock_s
    meter = watch_meter(
        site,
        snapshot.grid,
        state.meter,
        [(charger, state.charger(charger.id)) for charger in site.chargers],
        state.clock_s,
    )
    meter = watch_steps(site, snapshot, before.meter, meter, state)
    state = replace(state, meter=meter, cap=cap_after(state.cap, dt_s))
    if meter.lost is None:
        state = replace(state, battery=watch_battery(site, snapshot, state))
    if site.circuits:
        state = replace(state, circuits=watch_circuits(site, snapshot, state))
    return replace(
        state,
        peak=watch_peak(site, snapshot, state, now, dt_s),
        operator=watch_operator(snapshot, state.operator, dt_s),
    )


def _learned(
    site: Site, snapshot: Snapshot, before: EngineState, result: Result
) -> Result:
    """Return the result with what the chargers' steps have taught."""
    told = frozenset(one.charger_id for one in result.decisions if one.command)
    return replace(result, state=learn(site, snapshot, before, result.state, told))


def _adopt(
    site: Site, snapshot: Snapshot, state: EngineState, tempo: Tempo, away_s: float
) -> EngineState:
    """Take over chargers that have just appeared, and what somebody has set at one by hand.

    The grip on those that have gone is forgotten.
    """
    for charger in site.chargers:
        reading = snapshot.chargers[charger.id]
        held = hear(reading, state.charger(charger.id), state.clock_s, away_s)
        if reading.status is ChargerStatus.OFFLINE:
            orders = replace(held.orders, adopted=False)
            held = replace(held, phase=Phase.ADOPTING, orders=orders)
        elif not held.orders.adopted:
            held = adopt(charger, reading, held, state.clock_s)
        elif tempo is Tempo.CONTROL:
            held = keep_by_hand(charger, reading, held, state.clock_s)
            held = with_another_chance(held, state.clock_s)
        if held is not state.chargers.get(charger.id):
            state = state.with_charger(charger.id, held)
    return state


def _all_safe(site: Site, state: EngineState, error: Exception) -> Result:
    """Return every charger lowered to its safe current, without a look at the readings.

    One of which nothing is known yet is told its safe current all the same: it may be running.
    """
    decisions = []
    for charger in site.chargers:
        held = state.charger(charger.id)
        offer_a = safe_current_a(site, charger)
        if held.orders.at_s >= 0.0:
            offer_a = min(held.orders.offer_a, offer_a)
        command = None
        if offer_a < held.orders.offer_a or held.orders.at_s < 0.0:
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
