"""What goes on with the cars: who is plugged in where, and how full each is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from .model import Reading, Site, Snapshot
from .state import ChargerState, EngineState
from .vehicle import Parked, VehicleMemory
from .vehicle_plug import seen, who_is_where
from .vehicle_soc import added, at_rest, believable, plugged_in
from .vehicle_target import held_against

type _Memories = dict[str, VehicleMemory]


def watch_vehicles(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime
) -> EngineState:
    """Return the state with the cars at the chargers and their states of charge.

    The sessions have been carried on before: what a charger has charged is counted into its car.
    """
    memories = {
        one.id: seen(
            state.vehicles.get(one.id) or VehicleMemory(),
            snapshot.vehicles.get(one.id),
            now,
        )
        for one in site.vehicles
    }
    cars = who_is_where(site, state, memories, now)
    for key, parked in cars.items():
        _let_go(state.charger(key).parked, parked, memories, now)
    for key, parked in cars.items():
        cars[key] = _counted(state.charger(key), parked, memories)
    _measured(site, snapshot, memories, cars, now)
    for charger in site.chargers:
        held, parked = state.charger(charger.id), cars[charger.id]
        soc = _soc(snapshot, charger.id, parked, memories)
        parked = held_against(site, charger, parked, soc)
        if parked != held.parked:
            state = state.with_charger(charger.id, replace(held, parked=parked))
    return state if memories == state.vehicles else replace(state, vehicles=memories)


def _let_go(before: Parked, parked: Parked, memories: _Memories, now: datetime) -> None:
    """Remember that a car has left, or was not the one: then it gives back what it was given."""
    memory = memories.get(before.vehicle_id or "")
    if memory is None or before.vehicle_id is None:
        return
    if before.plugged_at != parked.plugged_at:
        memories[before.vehicle_id] = replace(memory, left_at=now)
    elif before.vehicle_id != parked.vehicle_id:
        memories[before.vehicle_id] = added(memory, -memory.added_wh)


def _counted(held: ChargerState, parked: Parked, memories: _Memories) -> Parked:
    """Return the car at a charger with what was charged counted into its memory.

    Who is found out late gets all that was charged since plug-in, except what it has told itself.
    """
    before, vehicle_id = held.parked, parked.vehicle_id
    if before.vehicle_id != vehicle_id:
        parked = replace(
            parked, soc=None, reached_soc=None, below_minimum=False, was_above=False
        )
    if vehicle_id is None or parked.plugged_at is None:
        if parked.counted_wh is None:
            return parked
        return replace(parked, counted_wh=None)
    memory = memories[vehicle_id]
    if (before.vehicle_id, before.plugged_at) == (vehicle_id, parked.plugged_at):
        since_wh = before.counted_wh
        energy_wh = 0.0 if since_wh is None else held.total_wh - since_wh
        memory = added(memory, energy_wh) if energy_wh > 0.0 else memory
    else:
        energy_wh = held.session.energy_wh if held.session else 0.0
        memory = replace(memory, added_wh=0.0)
        if memory.read_since is None or memory.read_since <= parked.plugged_at:
            memory = added(memory, energy_wh)
        else:
            memory = replace(memory, added_wh=energy_wh)
    memories[vehicle_id] = memory
    return replace(parked, counted_wh=held.total_wh)


def _measured(
    site: Site,
    snapshot: Snapshot,
    memories: _Memories,
    cars: Mapping[str, Parked],
    now: datetime,
) -> None:
    """Take in what each car says of its state of charge, or else its charger of the car."""
    where = {one.vehicle_id: key for key, one in cars.items() if one.vehicle_id}
    for vehicle in site.vehicles:
        memory = memories[vehicle.id]
        own = snapshot.vehicles.get(vehicle.id)
        reading = own.soc if own else None
        charger_id = where.get(vehicle.id)
        if charger_id is None:
            memories[vehicle.id] = at_rest(vehicle, memory, reading, now)
            continue
        if not believable(reading, memory.soc):
            reading = _of_charger(snapshot, charger_id)
        memories[vehicle.id] = plugged_in(vehicle, memory, reading, now)


def _soc(
    snapshot: Snapshot,
    charger_id: str,
    parked: Parked,
    memories: Mapping[str, VehicleMemory],
) -> float | None:
    """Return how full the car at a charger is; what an unknown car's charger says of it is kept."""
    if parked.plugged_at is None:
        return None
    if parked.vehicle_id is not None:
        return memories[parked.vehicle_id].soc
    reading = _of_charger(snapshot, charger_id)
    if reading is not None and believable(reading, parked.soc):
        return reading.value
    return parked.soc


def _of_charger(snapshot: Snapshot, charger_id: str) -> Reading | None:
    reading = snapshot.chargers.get(charger_id)
    return reading.soc if reading else None
