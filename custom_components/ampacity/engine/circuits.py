"""Circuits: parts of the site with a limit of their own, nested to any depth.

A circuit with a meter carries its chargers and other loads, one without carries its chargers only.
What hangs on a circuit that is not there hangs on the site.
"""

from collections.abc import Mapping, Sequence

from .decision import CircuitView
from .headroom import Bound, BoundKind, Connection, bounds_of, grid_currents_a
from .meter import watch_meter
from .model import Charger, Circuit, GridReading, Site, Snapshot
from .state import EngineState, MeterWatch
from .take import Take, site_phases


def chain(site: Site, charger: Charger) -> tuple[Circuit, ...]:
    """Return the circuits above a charger, the nearest first."""
    if charger.circuit_id is None:
        return ()
    known = {circuit.id: circuit for circuit in site.circuits}
    found: list[Circuit] = []
    circuit = known.get(charger.circuit_id)
    while circuit is not None and circuit not in found:
        found.append(circuit)
        circuit = known.get(circuit.parent_id or "")
    return tuple(found)


def chargers_of(site: Site) -> dict[str, list[Charger]]:
    """Return the chargers below each circuit, those of the circuits under it among them."""
    found: dict[str, list[Charger]] = {circuit.id: [] for circuit in site.circuits}
    if found:
        for charger in site.chargers:
            for circuit in chain(site, charger):
                found[circuit.id].append(charger)
    return found


def watch_circuits(
    site: Site, snapshot: Snapshot, state: EngineState
) -> dict[str, MeterWatch]:
    """Return the watches after another look at the circuits' meters."""
    below = chargers_of(site)
    return {
        circuit.id: watch_meter(
            site,
            snapshot.circuits.get(circuit.id, GridReading()),
            state.circuits.get(circuit.id, MeterWatch()),
            [(charger, state.charger(charger.id)) for charger in below[circuit.id]],
            state.clock_s,
        )
        for circuit in site.circuits
        if circuit.has_meter
    }


def meter_above(site: Site, charger: Charger, state: EngineState) -> MeterWatch:
    """Return the watch that matters to a charger: the first above it that is lost, else the site's."""
    for circuit in chain(site, charger):
        watch = state.circuits.get(circuit.id)
        if watch is not None and watch.lost is not None:
            return watch
    return state.meter


def oldest_report_s(site: Site, charger: Charger, state: EngineState) -> float | None:
    """Return the control time of the oldest report of all meters above a charger."""
    above = (state.circuits.get(circuit.id) for circuit in chain(site, charger))
    watches = [state.meter, *filter(None, above)]
    reports = [watch.reported_s for watch in watches if watch.reported_s is not None]
    return min(reports) if len(reports) == len(watches) else None


def circuit_bounds(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    asking: Sequence[Charger],
    takes: Mapping[str, Take],
) -> list[Bound]:
    """Return the bounds that the circuits set for the chargers that ask.

    Those below a circuit whose meter is lost are not among them.
    """
    below = chargers_of(site)
    wanting = {charger.id for charger in asking}
    found: list[Bound] = []
    for circuit in site.circuits:
        watch = state.circuits.get(circuit.id)
        if circuit.has_meter and (watch is None or watch.lost is not None):
            continue
        grid = snapshot.circuits.get(circuit.id) if circuit.has_meter else None
        some = [charger for charger in below[circuit.id] if charger.id in wanting]
        others = [charger for charger in below[circuit.id] if charger.id not in wanting]
        connection = _connection(site, circuit)
        found += bounds_of(site, connection, grid, some, takes, unseen=others)
    return found


def _connection(site: Site, circuit: Circuit) -> Connection:
    free = 1.0 - site.fuse_margin
    limit_w = circuit.power_limit_w
    return Connection(
        limit_a=None if circuit.fuse_a is None else circuit.fuse_a * free,
        kind=BoundKind.CIRCUIT,
        limit_w=None if limit_w is None else limit_w * free,
        kind_w=BoundKind.CIRCUIT,
        circuit_id=circuit.id,
    )


def carried_a(
    site: Site, chargers: Sequence[Charger], takes: Mapping[str, Take]
) -> tuple[float, ...]:
    """Return the most that chargers may take together on each phase of the site.

    Where nobody knows on which phases one hangs, it counts on all of them.
    """
    carried = [0.0] * site.phases
    for charger in chargers:
        high_a = takes[charger.id].high_a
        phases = site_phases(site, charger)
        if phases is None:
            phases, high_a = tuple(range(site.phases)), (max(high_a),) * site.phases
        for phase, current_a in zip(phases, high_a, strict=False):
            carried[phase] += current_a
    return tuple(carried)


def circuit_views(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    limiting: frozenset[str | None],
) -> dict[str, CircuitView]:
    """Return what a person wants to see of each circuit; ``limiting`` are those that hold back."""
    found: dict[str, CircuitView] = {}
    for circuit in site.circuits:
        watch = state.circuits.get(circuit.id)
        currents: tuple[float, ...] = ()
        if watch is not None and watch.lost is None:
            currents = grid_currents_a(site, snapshot.circuits[circuit.id]) or ()
        limit_a = _connection(site, circuit).limit_a
        found[circuit.id] = CircuitView(
            current_a=currents,
            headroom_a=()
            if limit_a is None
            else tuple(limit_a - current_a for current_a in currents),
            limiting=circuit.id in limiting,
        )
    return found
