"""How full a car is: what it says of itself, carried on by what has been charged since.

A car's own integration is often slow: it goes on to report the same value while the car charges.
So what counts is when a value changed, and everything charged since then is added to it. The sum
is held against a second one that counts from the beginning: when the two are too far apart, one
of them is wrong, and the lower one is used, so that no promise is missed.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from .model import Reading
from .vehicle import Vehicle, VehicleMemory

APART_SOC = 5.0
"""Percent by which a reading and the estimate may differ."""
AGREE_SOC = 4.0
"""They must be this close again before they are believed again."""
STUCK_S = 1800.0
"""A value that is still reported unchanged after this time is meant, not late."""
JUMP_SOC = 5.0
"""From above this many percent no car falls to 0 at once: that is an integration without data."""
LESSON_SOC = 20.0
"""Percent over which the efficiency is learned, and the estimate begun anew."""
EFFICIENCIES = (0.75, 0.95)
PLAUSIBLE = (0.65, 1.05)
"""Beyond these it is the capacity that is wrong, and nothing is learned."""
_LESSONS = 6
"""So many lessons are averaged, the newest counting most."""
_ESTIMATED_SOC = 0.5
"""Percent on top of a reading from which on the sum is called an estimate."""
REPLUG = timedelta(minutes=10)
"""A car that was away for longer has been driven: what was estimated before is worth nothing."""


def believable(reading: Reading | None, before: float | None) -> bool:
    """Whether a state of charge can be one; ``before`` is the last that was believed."""
    if reading is None or not reading.ok or not 0.0 <= reading.value <= 100.0:
        return False
    return reading.value > 0.0 or (before is not None and before <= JUMP_SOC)


def added(memory: VehicleMemory, energy_wh: float) -> VehicleMemory:
    """Return the memory with so much more charged into the car; less than nothing takes it back."""
    return replace(
        memory,
        added_wh=max(0.0, memory.added_wh + energy_wh),
        read_wh=max(0.0, memory.read_wh + energy_wh),
        anchor_wh=max(0.0, memory.anchor_wh + energy_wh),
    )


def at_rest(
    vehicle: Vehicle, memory: VehicleMemory, reading: Reading | None, now: datetime
) -> VehicleMemory:
    """Return the memory of a car that is at no charger: what it says counts, up or down.

    One that says nothing is unknown again once it may have been driven.
    """
    if reading is not None and believable(reading, memory.soc):
        return _estimated(vehicle, _anchored(memory, reading, now))
    if memory.left_at is not None and now - memory.left_at > REPLUG:
        return forgotten(memory)
    return _estimated(vehicle, memory)


def forgotten(memory: VehicleMemory) -> VehicleMemory:
    """Return the memory of a car without its state of charge."""
    return replace(
        memory,
        soc=None,
        soc_at=None,
        is_estimate=False,
        contradicted=False,
        read_soc=None,
        read_since=None,
        read_wh=0.0,
        anchor_soc=None,
        anchor_wh=0.0,
        anchor_is_step=False,
    )


def plugged_in(
    vehicle: Vehicle, memory: VehicleMemory, reading: Reading | None, now: datetime
) -> VehicleMemory:
    """Return the memory of a car at a charger; what was charged has been :func:`added` before."""
    if reading is not None and believable(reading, memory.soc):
        memory = _taken_in(vehicle, memory, reading, now)
    return _estimated(vehicle, memory)


def _taken_in(
    vehicle: Vehicle, memory: VehicleMemory, reading: Reading, now: datetime
) -> VehicleMemory:
    estimate = _counted(vehicle, memory, memory.anchor_soc, memory.anchor_wh)
    if estimate is None or memory.anchor_wh <= 0.0:
        return _anchored(memory, reading, now)
    at = _reported(reading, now)
    is_new = reading.value != memory.read_soc
    since = memory.read_since or at
    memory = replace(memory, soc_at=at)
    if not is_new and (at - since).total_seconds() < STUCK_S:
        return memory
    apart = abs(reading.value - estimate)
    contradicted = apart > (AGREE_SOC if memory.contradicted else APART_SOC)
    memory = replace(
        memory,
        contradicted=contradicted,
        read_soc=reading.value,
        read_since=at if is_new else since,
        read_wh=0.0 if is_new or contradicted else memory.read_wh,
    )
    return memory if contradicted or not is_new else _step(vehicle, memory)


def _step(vehicle: Vehicle, memory: VehicleMemory) -> VehicleMemory:
    """Return the memory after a reading that has just changed and agrees with the estimate."""
    soc, before = memory.read_soc or 0.0, memory.anchor_soc or 0.0
    if memory.anchor_is_step:
        if soc - before < LESSON_SOC:
            return memory
        memory = _learned(vehicle, memory, soc - before)
    return replace(memory, anchor_soc=soc, anchor_wh=0.0, anchor_is_step=True)


def _learned(
    vehicle: Vehicle, memory: VehicleMemory, gained_soc: float
) -> VehicleMemory:
    """Return the memory with the efficiency that the car's own readings show."""
    gained_wh = gained_soc / 100.0 * (vehicle.capacity_wh or 0.0)
    seen = gained_wh / memory.anchor_wh
    if not PLAUSIBLE[0] <= seen <= PLAUSIBLE[1]:
        return memory
    seen = min(EFFICIENCIES[1], max(EFFICIENCIES[0], seen))
    weight = 1.0 / min(memory.lessons + 2, _LESSONS)
    efficiency = memory.efficiency + (seen - memory.efficiency) * weight
    return replace(memory, efficiency=efficiency, lessons=memory.lessons + 1)


def _anchored(memory: VehicleMemory, reading: Reading, now: datetime) -> VehicleMemory:
    """Return the memory with a reading from which everything counts."""
    at = _reported(reading, now)
    is_new = reading.value != memory.read_soc or memory.read_since is None
    return replace(
        memory,
        soc_at=at,
        contradicted=False,
        read_soc=reading.value,
        read_since=at if is_new else memory.read_since,
        read_wh=0.0,
        anchor_soc=reading.value,
        anchor_wh=0.0,
        anchor_is_step=False,
    )


def _estimated(vehicle: Vehicle, memory: VehicleMemory) -> VehicleMemory:
    """Return the memory with the state of charge that follows from it."""
    if memory.read_soc is None:
        return memory
    soc = _counted(vehicle, memory, memory.read_soc, memory.read_wh)
    if soc is None:
        return replace(memory, soc=memory.read_soc, is_estimate=False)
    if memory.contradicted:
        whole = _counted(vehicle, memory, memory.anchor_soc, memory.anchor_wh)
        soc = soc if whole is None else min(soc, whole)
    is_estimate = abs(soc - memory.read_soc) >= _ESTIMATED_SOC
    return replace(memory, soc=soc, is_estimate=is_estimate)


def _counted(
    vehicle: Vehicle, memory: VehicleMemory, soc: float | None, energy_wh: float
) -> float | None:
    """Return the percent that follow from a reading and what was charged since; None if unknown."""
    if soc is None or not vehicle.capacity_wh:
        return None
    return min(100.0, soc + energy_wh * memory.efficiency / vehicle.capacity_wh * 100.0)


def _reported(reading: Reading, now: datetime) -> datetime:
    return now - timedelta(seconds=max(0.0, reading.age_s))
