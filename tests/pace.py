"""How fast the machine is at the moment, for tests that limit processor time.

A shared machine may run at half its speed for seconds, which a limit in seconds takes for a
slower program.
"""

from dataclasses import dataclass, replace

from bench.speed import median_ms

USUAL_MS = 1.2
"""Processor time of :func:`_work` on the machine that limits are written for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    name: str = "thing"
    one: float = 1.0
    two: float = 2.0
    three: float | None = None
    some: tuple[float, ...] = (1.0, 2.0, 3.0)


def slowness() -> float:
    """Return how many times slower than usual the machine works now; 1 for a quicker one."""
    return max(1.0, median_ms(_work, rounds=9) / USUAL_MS)


def _work() -> float:
    """Do what the engine does most: replace, look up, add."""
    things = {number: _Thing(one=float(number)) for number in range(500)}
    for number in range(500):
        thing = things[number]
        total = sum(max(0.0, one - thing.two) for one in thing.some)
        things[number] = replace(thing, two=total, three=thing.one)
    return sum(thing.two for thing in things.values())
