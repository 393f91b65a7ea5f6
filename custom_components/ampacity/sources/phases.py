"""The current of each phase, with a sign where one can be known.

Many meters show currents without a sign. A current takes the sign of its phase's power, on a
single-phase site that of the total. Where there is no such power the currents are taken as they
come: as signed while one of them is negative, unless their sum contradicts the total. Nothing is
remembered: a meter that shows only positive currents may be importing on all phases or may know no
signs, so they count as import, which is the safe side for a fuse.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import copysign

from ..engine.model import Fault, Reading
from .reading import combine

CONTRADICTION_W = 500.0
"""Currents whose sum is this far on the other side of zero than the total have wrong signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSensors:
    """What the meter measures on one phase; None where it has no sensor for that."""

    current_a: Reading | None
    """As the sensor shows it."""
    power_w: Reading | None
    """Import as plus."""
    voltage_v: float
    """Measured or nominal."""


def phase_currents(
    phases: tuple[PhaseSensors, ...], total_w: Reading | None, *, inverted: bool
) -> tuple[Reading, ...]:
    """Return the current of each phase, import as plus; empty where the meter has no phases.

    ``inverted`` tells that the meter counts export as plus. A phase without a sensor is a fault
    where other phases have one.
    """
    if len(phases) == 1 and phases[0].power_w is None and total_w is not None:
        phases = (replace(phases[0], power_w=total_w),)
    if all(phase.current_a is None and phase.power_w is None for phase in phases):
        return ()
    sign = _sensor_sign(phases, total_w, inverted=inverted)
    return tuple(_current(phase, sign) for phase in phases)


def total_of_currents(
    phases: tuple[PhaseSensors, ...], currents: tuple[Reading, ...]
) -> Reading | None:
    """Return the total power in W that the currents make, None where they tell no direction."""
    if not any(current.ok and current.value < 0.0 for current in currents):
        return None
    return combine(currents, lambda *amperes: _sum_w(phases, amperes))


def _sensor_sign(
    phases: tuple[PhaseSensors, ...], total_w: Reading | None, *, inverted: bool
) -> int:
    """Return what turns the sensors' currents into import as plus; 0 where they have no sign."""
    amperes = [
        phase.current_a.value if phase.current_a and phase.current_a.ok else 0.0
        for phase in phases
    ]
    if min(amperes) >= 0.0:
        return 0
    sign = -1 if inverted else 1
    if total_w is None or not total_w.ok:
        return sign
    apart_w = sorted((sign * _sum_w(phases, amperes), total_w.value))
    contradicts = apart_w[0] < -CONTRADICTION_W and apart_w[1] > CONTRADICTION_W
    return 0 if contradicts else sign


def _current(phase: PhaseSensors, sign: int) -> Reading:
    """Return the current of one phase; ``sign`` is that of its sensor."""
    current, power = phase.current_a, phase.power_w
    if current is None or not current.ok:
        if power is None:
            return current or Reading(fault=Fault.MISSING)
        return combine((power,), lambda watts: watts / phase.voltage_v)
    if power is not None and power.ok:
        return combine((current, power), lambda amps, watts: copysign(amps, watts))
    return combine((current,), lambda amps: sign * amps if sign else abs(amps))


def _sum_w(phases: Iterable[PhaseSensors], amperes: Iterable[float]) -> float:
    return sum(
        ampere * phase.voltage_v for ampere, phase in zip(amperes, phases, strict=True)
    )
