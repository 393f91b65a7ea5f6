"""Three values, one per phase of the grid (L1, L2, L3), and rounding as instruments do it."""

from collections.abc import Iterable

type Phases = tuple[float, float, float]
"""A quantity on L1, L2 and L3 of the grid."""

ZERO: Phases = (0.0, 0.0, 0.0)


def add(parts: Iterable[Phases]) -> Phases:
    """Return the sum per phase."""
    l1 = l2 = l3 = 0.0
    for part in parts:
        l1 += part[0]
        l2 += part[1]
        l3 += part[2]
    return (l1, l2, l3)


def scale(shares: Phases, factor: float) -> Phases:
    """Return each phase times the factor."""
    return (shares[0] * factor, shares[1] * factor, shares[2] * factor)


def quantize(value: float, step: float) -> float:
    """Return the multiple of `step` nearest to the value; step 0 leaves it as it is."""
    if step <= 0:
        return value
    # The second rounding removes the binary dust of 3 * 0.1.
    return round(round(value / step) * step, 6)


def quantize_phases(values: Phases, step: float) -> Phases:
    """Return each phase rounded to the nearest multiple of `step`."""
    return (
        quantize(values[0], step),
        quantize(values[1], step),
        quantize(values[2], step),
    )
