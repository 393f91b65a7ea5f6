"""What the limits will leave for cars in each slot to come, beside the house as it usually is.

A limit is a pool: it holds for some chargers, and has so much power for them in each slot. Pools
nest or have nothing in common, so a charger's pools are a chain from its phase to the main fuse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from .circuits import chargers_of
from .model import Charger, Circuit, Site
from .outlook import SLOT_S, Outlook
from .state import Cap, ChargerState, EngineState
from .take import site_phases

SITE_POOL = "site"
"""The pool of all chargers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Power in W that one limit leaves in each slot of an outlook for the chargers below it."""

    id: str
    members: frozenset[str]
    room_w: tuple[float, ...]


def pools(
    site: Site,
    outlook: Outlook,
    state: EngineState,
    slots: int | None = None,
) -> tuple[Pool, ...]:
    """Return the pools of a site, the widest first, for the first ``slots`` or all of them.

    The house is taken at what it rarely exceeds, spread evenly over its phases: how it will be
    spread nobody knows. A charger that is on one phase only for now is not bound to it.
    """
    house_w = outlook.house_high_w[:slots]
    total = Pool(
        id=SITE_POOL,
        members=frozenset(charger.id for charger in site.chargers),
        room_w=tuple(
            max(0.0, _limit_w(site, state.cap, index * SLOT_S) - load_w)
            for index, load_w in enumerate(house_w)
        ),
    )
    found = [total, *_circuit_pools(site, len(house_w))]
    for pool in _phase_pools(site, house_w, state):
        if all(_nests(pool, other) for other in found):
            found.append(pool)
    return tuple(sorted(found, key=lambda pool: -len(pool.members)))


def _limit_w(site: Site, cap: Cap | None, after_s: float) -> float:
    """Return the most that the connection may import after some time."""
    limits_w = [site.limit_a * site.voltage_v * site.phases]
    if site.power_limit_w is not None:
        limits_w.append(site.power_limit_w * (1.0 - site.fuse_margin))
    if cap is not None and (cap.remaining_s or inf) > after_s:
        if cap.power_w is not None:
            limits_w.append(cap.power_w)
        if cap.current_a is not None:
            limits_w.append(cap.current_a * site.voltage_v * site.phases)
    return min(limits_w)


def _circuit_pools(site: Site, slots: int) -> Iterable[Pool]:
    """Yield a pool for each circuit; what else hangs on it is not forecast."""
    below = chargers_of(site)
    for circuit in site.circuits:
        if below[circuit.id]:
            yield Pool(
                id=circuit.id,
                members=frozenset(charger.id for charger in below[circuit.id]),
                room_w=(_circuit_w(site, circuit),) * slots,
            )


def _circuit_w(site: Site, circuit: Circuit) -> float:
    free = 1.0 - site.fuse_margin
    limits_w = [inf if circuit.power_limit_w is None else circuit.power_limit_w * free]
    if circuit.fuse_a is not None:
        limits_w.append(circuit.fuse_a * free * site.voltage_v * site.phases)
    return min(limits_w)


def _phase_pools(
    site: Site, house_w: Sequence[float], state: EngineState
) -> Iterable[Pool]:
    """Yield a pool for the chargers that load only one phase, by that phase."""
    if site.phases == 1:
        return
    for phase in range(site.phases):
        members = frozenset(
            charger.id
            for charger in site.chargers
            if _loads_only(site, charger, phase)
            and not _may_use_all(charger, state.charger(charger.id))
        )
        if members:
            limit_w = site.limit_a * site.voltage_v
            yield Pool(
                id=f"phase {phase + 1}",
                members=members,
                room_w=tuple(
                    max(0.0, limit_w - load_w / site.phases) for load_w in house_w
                ),
            )


def _loads_only(site: Site, charger: Charger, phase: int) -> bool:
    """Whether a charger loads this phase alone; on an unknown one it counts for the first."""
    phases = site_phases(site, charger)
    if phases is None:
        return charger.phases == 1 and phase == 0
    return set(phases) == {phase}


def _may_use_all(charger: Charger, held: ChargerState) -> bool:
    """Whether a charger on one phase could go to all of them, and its car would use them."""
    return charger.all_phases > charger.phases and not held.switching.uses_one


def _nests(pool: Pool, other: Pool) -> bool:
    common = pool.members & other.members
    return not common or common in (pool.members, other.members)


def energy_wh(
    room_w: Sequence[float], begins_s: float, from_s: float, until_s: float
) -> float:
    """Return the energy that fits between two moments, in seconds on the clock of the slots.

    ``begins_s`` is when the first slot begins; beyond the last the room is as in the last.
    """
    total_ws = 0.0
    for index, power_w in enumerate(room_w):
        start_s = max(from_s, begins_s + index * SLOT_S)
        end_s = min(until_s, begins_s + (index + 1) * SLOT_S)
        total_ws += power_w * max(0.0, end_s - start_s)
    beyond_s = until_s - max(from_s, begins_s + len(room_w) * SLOT_S)
    if room_w and beyond_s > 0.0:
        total_ws += room_w[-1] * beyond_s
    return total_ws / 3600.0
