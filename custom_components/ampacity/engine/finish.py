"""Whether a charger that calls a car finished means the car, or only that it was told to wait.

Some say the same of a car that is full and of one whose charging was interrupted from outside, and
go on saying it for a while once the car may charge again. They are believed once they have said so
long after the car could have begun, and from then on until it charges again or leaves.
"""

from collections.abc import Mapping
from dataclasses import replace

from .model import ChargerReading, ChargerStatus, Site, Snapshot
from .state import ChargerState, EngineState, Phase

SURE_S = 120.0
"""By then a car that is not full has begun to charge, or sleeps."""


def with_believed_finish(
    site: Site, snapshot: Snapshot, state: EngineState
) -> tuple[Snapshot, EngineState]:
    """Return what is read with such chargers' status put right, and what is remembered of it."""
    vague = [charger for charger in site.chargers if charger.vague_finish]
    if not vague:
        return snapshot, state
    readings: Mapping[str, ChargerReading] = snapshot.chargers
    for charger in vague:
        reading = readings[charger.id]
        held = state.charger(charger.id)
        finished = _is_finished(reading.status, held, state.clock_s)
        if finished is not held.finished:
            held = replace(held, finished=finished)
            state = state.with_charger(charger.id, held)
        status = believed_status(reading.status, held, vague=True)
        readings = {**readings, charger.id: replace(reading, status=status)}
    return replace(snapshot, chargers=readings), state


def believed_status(
    status: ChargerStatus, state: ChargerState, *, vague: bool
) -> ChargerStatus:
    """Return what the status of a charger means that may be such a one."""
    if status is not ChargerStatus.FINISHED or not vague or state.finished:
        return status
    runs = state.orders.offer_a > 0.0
    return ChargerStatus.CONNECTED if runs else ChargerStatus.PAUSED


def _is_finished(status: ChargerStatus, state: ChargerState, clock_s: float) -> bool:
    if status in (ChargerStatus.DISCONNECTED, ChargerStatus.CHARGING):
        return False
    if status is not ChargerStatus.FINISHED or state.finished:
        return state.finished
    may_charge = state.phase is Phase.CHARGING and state.orders.offer_a > 0.0
    return may_charge and clock_s - state.since_s >= SURE_S
