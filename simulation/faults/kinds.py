"""What a fault is, where it happens, and the registry of all of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from simulation.closed_loop import ClosedLoop
from simulation.wallbox import Wallbox


class Kitchen(StrEnum):
    """What else is switched on in the house."""

    BUSY = "busy"
    """Oven, hob, kettle and washing machine as they come, two big ones on a phase at times."""
    MODEST = "modest"
    """One big appliance a phase. Nobody can lower what does not listen, and nobody sees an
    overload while there is no meter: with more, no control could hold the fuse."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Where a fault happens: the house under control, and the charger that it hits."""

    loop: ClosedLoop
    box: Wallbox
    random: Random


type Effect = Callable[[Scene], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultKind:
    """A kind of fault and what has to be seen of it."""

    name: str
    description: str
    effect: Effect
    named: frozenset[str]
    """Reasons and issues of which at least one must appear; empty where it does no harm."""
    harmless: str
    """Why nobody need be told, where that is so."""
    kitchen: Kitchen
    has_meter: bool
    """A reading of the meter exists while it lasts, so that more is asked for."""
    length_s: tuple[float, float] | None
    """How long it lasts, drawn evenly; None for the campaign's usual length."""
    chargers: int | None
    """How many chargers the house has; None for any."""


FAULTS: dict[str, FaultKind] = {}
"""All kinds, by name, in the order of the table."""


def fault(
    description: str,
    *named: str,
    harmless: str = "",
    kitchen: Kitchen = Kitchen.BUSY,
    has_meter: bool = True,
    length_s: tuple[float, float] | None = None,
    chargers: int | None = None,
) -> Callable[[Callable[[Scene], Iterator[None]]], Effect]:
    """Enter a generator function into the registry under its own name.

    Raises ValueError for a fault that is neither named to the user nor said to be harmless.
    """

    def register(function: Callable[[Scene], Iterator[None]]) -> Effect:
        if bool(named) == bool(harmless):
            raise ValueError(f"{function.__name__} is either named or harmless")
        effect = contextmanager(function)
        FAULTS[function.__name__] = FaultKind(
            name=function.__name__,
            description=description,
            effect=effect,
            named=frozenset(named),
            harmless=harmless,
            kitchen=kitchen,
            has_meter=has_meter,
            length_s=length_s,
            chargers=chargers,
        )
        return effect

    return register
