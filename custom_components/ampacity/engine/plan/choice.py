"""What one car can do in each slot when it charges with its minimum or not at all."""

from collections.abc import Sequence
from typing import NamedTuple


class Choice(NamedTuple):
    """A slot in which a car can charge; energies in Wh, prices in currency per Wh."""

    slot: int
    low: float
    """Price of the part that is used first."""
    high: float
    """Price of the part beyond it."""
    least: float
    """Energy at the minimum power."""
    knee: float
    """Energy up to which ``low`` holds, at least ``least``."""
    most: float
    """Energy at the greatest power."""
    least_cost: float
    knee_cost: float
    most_cost: float

    def cost(self, energy: float) -> float:
        """Return what an energy from ``least`` to ``most`` costs."""
        if energy <= self.knee:
            return self.least_cost + (energy - self.least) * self.low
        return self.knee_cost + (energy - self.knee) * self.high


def choice(
    slot: int, prices: tuple[float, float], first: float, least: float, most: float
) -> Choice:
    """Return the choice of a slot whose first ``first`` Wh cost the lower price."""
    low, high = prices
    knee = min(max(first, least), most)
    under = min(first, least)
    least_cost = under * low + (least - under) * high
    knee_cost = least_cost + (knee - least) * low
    most_cost = knee_cost + (most - knee) * high
    return Choice(slot, low, high, least, knee, most, least_cost, knee_cost, most_cost)


def offer(
    slot: int, parts: Sequence[tuple[float, float]], least: float, loss: float
) -> Choice:
    """Return the choice of a slot from prices and widths of its parts, rising, and a loss to begin.

    Of what is beyond the minimum only two prices are told apart: at the greatest step.
    """
    left, cost = least, loss
    rest: list[tuple[float, float]] = []
    for price, width in parts:
        part = min(width, left)
        cost, left = cost + part * price, left - part
        if width > part:
            rest.append((price, width - part))
    if len(rest) > 2:
        (first, _), (second, _), (third, _) = rest
        is_low = second - first > third - second
        rest = [rest[0], _merged(rest[1:])] if is_low else [_merged(rest[:2]), rest[2]]
    low, width = rest[0] if rest else (0.0, 0.0)
    high, beyond = rest[1] if len(rest) > 1 else (low, 0.0)
    knee, knee_cost = least + width, cost + width * low
    return Choice(
        slot,
        low,
        high,
        least,
        knee,
        knee + beyond,
        cost,
        knee_cost,
        knee_cost + beyond * high,
    )


def _merged(parts: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return two parts as one with their mean price."""
    width = sum(part for _, part in parts)
    return sum(price * part for price, part in parts) / width, width


class Placed(NamedTuple):
    """Energy in slots, and what it costs with all starts."""

    cost: float
    energies: dict[int, float]
    """Wh by slot."""

    @property
    def energy(self) -> float:
        """All of it, in Wh."""
        return sum(self.energies.values())


def fit(chosen: Sequence[Choice], energy: float) -> Placed:
    """Spread energy over slots that are on, at the least cost; of equal ones the late get more.

    The minimum may be more than is asked; the greatest power may be less.
    """
    energies = {one.slot: one.least for one in chosen}
    left = energy - sum(energies.values())
    cost = sum(one.least_cost for one in chosen)
    if left <= 0.0:
        return Placed(cost, energies)
    steps = [
        (one.low, -one.slot, one.knee - one.least)
        for one in chosen
        if one.knee > one.least
    ]
    steps += [
        (one.high, -one.slot, one.most - one.knee)
        for one in chosen
        if one.most > one.knee
    ]
    steps.sort()
    for price, back, width in steps:
        part = min(width, left)
        energies[-back] += part
        cost += part * price
        left -= part
        if left <= 0.0:
            break
    return Placed(cost, energies)
