"""What another Wh would cost each car beside all others, in a plan with a minimum power."""

from math import inf

from .market import Market

_LITTLE_WH = 1e-6
_SHORT_WH = 1.0


def elsewhere(market: Market, unmet: float) -> list[float]:
    """Return currency per Wh; ``unmet`` for those who lack energy, or would.

    It comes from a slot with room, or from a car that can be squeezed and finds it elsewhere.
    """
    cars = range(len(market.plan))
    problem = market.full.problem
    short = [
        problem.cars[car].firm_wh - sum(market.plan[car].values()) > _SHORT_WH
        for car in cars
    ]
    found = [_own(market, car) for car in cars]
    worth = [
        unmet if lacks else min(price, unmet)
        for lacks, (price, _) in zip(short, found, strict=True)
    ]
    changed = True
    while changed:
        changed = False
        for car, (_, givers) in enumerate(found):
            lowest = min((worth[giver] for giver in givers), default=inf)
            if not short[car] and lowest < worth[car]:
                worth[car], changed = lowest, True
    return worth


def _own(market: Market, car: int) -> tuple[float, set[int]]:
    """Return the price of the cheapest slot with room for a car, and whom it can squeeze."""
    held, best = market.plan[car], inf
    givers: set[int] = set()
    for at in market.span(car):
        free, least = market.full.headroom(car, at), market.least(car, at)
        if free > _LITTLE_WH if at in held else free >= max(least, _LITTLE_WH):
            best = min(best, market.price(at))
        elif at in held or market.lean.headroom(car, at) >= least:
            givers.update(
                other
                for other in market.on[at]
                if other != car
                and market.plan[other][at] > market.minima[other][at] + _LITTLE_WH
            )
    return best, givers
