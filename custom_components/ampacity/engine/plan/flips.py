"""Single slots in which a car could be on besides, the most promising first."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from .choice import Choice
from .market import Market
from .moves import Move, Moves
from .value import Plan

_TRIED = 16
_SHORT_WH = 1.0


class _Flip(NamedTuple):
    """A car that would be on in one more slot."""

    loss: float
    """Currency that it costs more than it saves, as it seems."""
    car: int
    slot: int
    out: tuple[int, ...]
    """Who has to leave."""

    def apply(self, moves: Moves, plan: Plan) -> Plan:
        """Return the changed plan; the same where a change before has settled it, or took the room."""
        is_on = self.slot in plan[self.car]
        if is_on or any(self.slot not in plan[other] for other in self.out):
            return plan
        if not moves.has_room(plan, self.car, self.slot, self.out):
            return plan
        return moves.turn_on(plan, self.car, self.slot, self.out)


def flips(moves: Moves, plan: Plan) -> Iterator[Move]:
    """Yield the changes of one slot that seem best."""
    market, worth = moves.market(plan), moves.elsewhere(plan)
    found: list[_Flip] = []
    for car in range(len(plan)):
        found += _flips_of(market, car, worth, moves.unmet)
    for flip in sorted(found)[:_TRIED]:
        yield partial(flip.apply, moves)


def _flips_of(
    market: Market, car: int, worth: list[float], unmet: float
) -> Iterator[_Flip]:
    """Yield the slots in which a car could be on besides."""
    held = market.plan[car]
    short = market.full.problem.cars[car].firm_wh - sum(held.values())
    if not held and short <= _SHORT_WH:
        return
    gain = unmet if short > _SHORT_WH else max(map(market.price, held))
    start_cost = market.full.problem.start_cost
    choices, ousted = market.offers(car, worth, oust=True)
    for one in choices:
        if one.slot not in held:
            energy = _energy(one, short)
            loss = one.cost(energy) - gain * energy
            loss -= start_cost * market.apart(car, one.slot)
            yield _Flip(loss, car, one.slot, ousted.get(one.slot, ()))


def _energy(one: Choice, short: float) -> float:
    """Return what a car would take in a slot: as much as it lacks, else its minimum."""
    return max(one.least, min(one.most, short))
