"""Which car is at which charger.

In this order: the one that a person chose; the one that is recognised, because its plug says so
or because it came home when something was plugged in; the one that usually charges there. One car
is at one charger only. Who has been recognised stays until unplugged; who is only usual there
gives way as soon as another one is recognised.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .model import Charger, Site, VehicleReading
from .state import ChargerState, EngineState
from .vehicle import GUEST, KnownBy, Parked, Vehicle, VehicleMemory

PLUG_BEFORE = timedelta(minutes=5)
PLUG_AFTER = timedelta(minutes=30)
"""A car's own word that it was plugged in may be this much later than the charger's."""
HOME_AROUND = timedelta(minutes=10)
"""A car that came home this close to the plug-in is taken for the one that was plugged in."""


def seen(
    memory: VehicleMemory, reading: VehicleReading | None, now: datetime
) -> VehicleMemory:
    """Return the memory with what the car says of its plug and where it is; silence changes nothing."""
    if reading is None:
        return memory
    if reading.plugged_in is not None and reading.plugged_in != memory.is_plugged:
        since = now if reading.plugged_in and memory.is_plugged is False else None
        memory = replace(memory, is_plugged=reading.plugged_in, plugged_since=since)
    if reading.at_home is not None and reading.at_home != memory.is_home:
        came = now if reading.at_home and memory.is_home is False else None
        memory = replace(memory, is_home=reading.at_home, came_home=came)
    return memory


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for the car at one charger."""

    site: Site
    charger: Charger
    parked: Parked
    free: Mapping[str, Vehicle]
    """Cars that have not been found elsewhere, by their ids."""
    memories: Mapping[str, VehicleMemory]
    now: datetime

    @property
    def plugged_at(self) -> datetime:
        """When the car was plugged in."""
        return self.parked.plugged_at or self.now


def choose_vehicle(
    state: EngineState, charger_id: str, chosen_id: str | None
) -> EngineState:
    """Return the state with a car chosen for what is plugged in, or will be next.

    :data:`~.vehicle.GUEST` is a car that nothing is known of, None finds it out. It is no longer
    chosen anywhere else.
    """
    for key, held in state.chargers.items():
        if chosen_id is not None and chosen_id != GUEST:
            if held.parked.chosen_id == chosen_id:
                state = _with_chosen(state, key, None)
    return _with_chosen(state, charger_id, chosen_id)


def _with_chosen(
    state: EngineState, charger_id: str, chosen_id: str | None
) -> EngineState:
    held = state.charger(charger_id)
    parked = replace(held.parked, chosen_id=chosen_id, known_by=None)
    return state.with_charger(charger_id, replace(held, parked=parked))


def who_is_where(
    site: Site,
    state: EngineState,
    memories: Mapping[str, VehicleMemory],
    now: datetime,
) -> dict[str, Parked]:
    """Return the car at each charger, with what else was remembered of it."""
    found = {
        one.id: _at_cable(state.charger(one.id), memories) for one in site.chargers
    }
    open_ones = [one for one in site.chargers if found[one.id].plugged_at is not None]
    if not site.vehicles:
        return found
    free = {one.id: one for one in site.vehicles}
    for find in (_chosen, _kept, _recognised, _usual):
        for charger in list(open_ones):
            before = found[charger.id]
            search = _Search(site, charger, before, free, memories, now)
            if (parked := find(search)) is not None:
                found[charger.id] = parked
                open_ones.remove(charger)
                free.pop(parked.vehicle_id or "", None)
    for charger in open_ones:
        parked = found[charger.id]
        found[charger.id] = replace(parked, vehicle_id=None, known_by=None)
    return found


def _at_cable(held: ChargerState, memories: Mapping[str, VehicleMemory]) -> Parked:
    """Return what was remembered of the car at a charger, as far as that still holds."""
    parked, session = held.parked, held.session
    if session is None:
        return parked if parked.plugged_at is None else Parked()
    if parked.plugged_at is None:
        parked = Parked(chosen_id=parked.chosen_id, plugged_at=session.started)
    elif parked.plugged_at != session.started:
        parked = Parked(plugged_at=session.started)
    if parked.chosen_id not in (None, GUEST) and parked.chosen_id not in memories:
        parked = replace(parked, chosen_id=None)
    if parked.vehicle_id is not None and parked.vehicle_id not in memories:
        parked = replace(parked, vehicle_id=None, known_by=None)
    return parked


def _chosen(search: _Search) -> Parked | None:
    """Return the car that a person chose; None where nobody did."""
    chosen_id = search.parked.chosen_id
    if chosen_id == GUEST:
        return replace(search.parked, vehicle_id=None, known_by=KnownBy.CHOSEN)
    if chosen_id not in search.free:
        return None
    return replace(search.parked, vehicle_id=chosen_id, known_by=KnownBy.CHOSEN)


def _kept(search: _Search) -> Parked | None:
    """Return the car that has been recognised before."""
    parked = search.parked
    is_kept = parked.known_by is KnownBy.RECOGNISED and parked.vehicle_id in search.free
    return parked if is_kept else None


def _recognised(search: _Search) -> Parked | None:
    """Return the one car that its plug or its coming home gives away; the usual one of several."""
    plugged_at, free = search.plugged_at, search.free.values()
    for fits in (_has_just_plugged, _may_fit):
        found = [one for one in free if fits(search.memories[one.id], plugged_at)]
        one = _only(found) or _only([one for one in found if _is_usual(search, one)])
        if one is not None:
            return replace(
                search.parked, vehicle_id=one.id, known_by=KnownBy.RECOGNISED
            )
    return None


def _usual(search: _Search) -> Parked | None:
    """Return the car that usually charges there."""
    one = _only([one for one in search.free.values() if _is_usual(search, one)])
    if one is None:
        return None
    return replace(search.parked, vehicle_id=one.id, known_by=KnownBy.DEFAULT)


def _only(vehicles: list[Vehicle]) -> Vehicle | None:
    return vehicles[0] if len(vehicles) == 1 else None


def _has_just_plugged(memory: VehicleMemory, plugged_at: datetime) -> bool:
    """Whether a car said that it was plugged in when something was."""
    since = memory.plugged_since
    if not memory.is_plugged or since is None or memory.is_home is False:
        return False
    return plugged_at - PLUG_BEFORE <= since <= plugged_at + PLUG_AFTER


def _may_fit(memory: VehicleMemory, plugged_at: datetime) -> bool:
    """Whether a car may well be the one: it is plugged in somehow, or has just come home."""
    if memory.is_home is False or memory.is_plugged is False:
        return False
    if memory.is_plugged and (memory.is_home or memory.plugged_since is None):
        return True
    came = memory.came_home
    return came is not None and abs(came - plugged_at) <= HOME_AROUND


def _is_usual(search: _Search, vehicle: Vehicle) -> bool:
    """Whether a car usually charges here, as the only one at the only charger does.

    Its own word that it is not plugged in may be late, its word that it is elsewhere is believed
    at first.
    """
    site, memory = search.site, search.memories[vehicle.id]
    if vehicle.default_charger_id is not None:
        is_usual = vehicle.default_charger_id == search.charger.id
    else:
        is_usual = len(site.vehicles) == 1 and len(site.chargers) == 1
    if memory.is_plugged is False and search.now - search.plugged_at > PLUG_AFTER:
        return False
    is_there = search.parked.vehicle_id == vehicle.id
    return is_usual and (is_there or memory.is_home is not False)
