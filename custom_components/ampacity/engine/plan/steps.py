"""What each slot adds to a pattern of runs at a marginal price."""

from math import inf
from typing import NamedTuple

from .choice import Choice
from .runs import Runs

_LATER = 1e-8
"""Currency that an earlier slot costs more: among equals late ones are taken, and few."""


class Step(NamedTuple):
    """What a slot adds to a pattern at a marginal price; currency beyond the price of the bound."""

    stop: float
    """Of who is on before it and off in it: nothing, or without end where that must not be."""
    begin: float
    """Of who is off before it and on in it."""
    go_on: float
    """Of who is on before it and in it."""
    energy: float
    """Wh, the least of what is as good at the marginal price."""
    width: float
    """Wh that it can take beyond that at just that price."""


def steps_of(runs: Runs, price: float, middle: float) -> list[Step]:
    """Return what each slot adds at a marginal price, with what it loses at ``middle``."""
    later = _LATER * len(runs.choices)
    found = []
    for one, follows in zip(runs.choices, runs.follows(), strict=True):
        low, high = bends(one, price)
        end = low if price >= middle else high
        loss = one.cost(end) - middle * end + later
        later -= _LATER
        begin = loss + runs.start_cost
        found.append(Step(0.0, begin, loss if follows else begin, low, high - low))
    if runs.bridges:
        rule = {"begin": inf} if runs.charging else {"stop": inf}
        found[1] = found[1]._replace(**rule)
    return found


def bends(one: Choice, price: float) -> tuple[float, float]:
    """Return the least and the most of the energies that are best in a slot at a price, in Wh."""
    if price > one.high:
        return one.most, one.most
    if price == one.high:
        return one.least if price == one.low else one.knee, one.most
    if price > one.low:
        return one.knee, one.knee
    return one.least, one.knee if price == one.low else one.least
