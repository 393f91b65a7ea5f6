"""The best slots for one car to be on, by labels with a bound.

Between slots that are on energy is moved until one marginal price holds: what is cheaper is at its
upper bend, what is dearer at its lower one, and only what has just that price may be in between. So
for each price that can be the marginal one, who is on decides all. Patterns grow slot by slot as
labels (M. Desrochers, F. Soumis, "A generalized permanent labelling algorithm", 1988). A label goes
on while what it has lost, and what the rest of the time loses at least, are less than the best plan
known; both are counted at the price at which the bound on all plans is highest (Lagrangian
relaxation). That is exact as long as no more labels are good enough than may go on.
"""

from collections.abc import Iterable
from dataclasses import replace
from heapq import nsmallest
from math import inf
from typing import NamedTuple

from .runs import Runs
from .steps import steps_of
from .want import Want

_ROUNDING_WH = 1e-6
_FAR_WH = 1e9
"""More than anyone can take."""
_LITTLE = 1e-3
"""Currency that is not worth a search."""
_LABELS = 16
"""So many go on from a slot, those that have lost least."""
_WORK = 1500
"""Labels after which no further price is tried: some milliseconds."""


class Label(NamedTuple):
    """A pattern up to a slot, with the sums of its steps."""

    loss: float
    energy: float
    width: float
    last: int
    """Position of the last slot that is on; -1 for none."""
    before: Label | None
    """The pattern before that slot."""

    def on(self) -> list[int]:
        """Return the positions that are on, in order."""
        found: list[int] = []
        label: Label | None = self
        while label is not None and label.last >= 0:
            found.append(label.last)
            label = label.before
        return found[::-1]


type Labels = dict[tuple[int, int], Label]
"""The best label for each energy and width, in whole Wh."""


def best_on(runs: Runs, want: Want, middle: float, most: float) -> list[int] | None:
    """Return the positions of the best pattern whose cost less its worth is below ``most``.

    ``middle`` is the price at which the bound is highest. None where there is no such pattern.
    """
    chances = Growth(runs, want, middle, middle).chances(most - _LITTLE)
    runs = replace(runs, choices=[runs.choices[position] for position in chances])
    prices = {want.worth, want.limit, want.over}
    prices.update(price for one in runs.choices for price in (one.low, one.high))
    least, greatest = want.over, want.worth
    best: list[int] | None = None
    work = _WORK
    for price in sorted(prices, key=lambda price: (abs(price - middle), price)):
        if not least <= price <= greatest:
            continue
        growth = Growth(runs, want, price, middle)
        if growth.bound >= most - _LITTLE:
            least, greatest = (least, price) if price > middle else (price, greatest)
            continue
        for label in growth.labels(most - _LITTLE):
            if (loss := growth.loss(label)) < most:
                most, best = loss, [chances[position] for position in label.on()]
        work -= growth.count + len(chances)
        if work <= 0:
            break
    return best


class Growth:
    """Patterns at one marginal price."""

    def __init__(self, runs: Runs, want: Want, price: float, middle: float) -> None:
        """Look ahead from the end: what is lost at least from each slot on, and the most Wh."""
        self._charging, self._want = runs.charging, want
        self._price, self._middle = price, middle
        self._low, self._high = want.span(price)
        ends = (self._low, min(self._high, self._low + _FAR_WH))
        self._offset = min(middle * end - want.value(end) for end in ends)
        self._steps = steps_of(runs, price, middle)
        off = on = rest = 0.0
        self._ahead = [(off, on, rest)]
        for stop, begin, go_on, energy, width in reversed(self._steps):
            off, on = min(off, begin + on), min(stop + off, go_on + on)
            rest += energy + width
            self._ahead.append((off, on, rest))
        self._ahead.reverse()
        self.count = 0
        """How many labels have gone on."""

    @property
    def bound(self) -> float:
        """Cost less its worth: no pattern with this marginal price has less."""
        off, on, _ = self._ahead[0]
        return (on if self._charging else off) + self._offset

    def chances(self, most: float) -> list[int]:
        """Return the positions that are on in any pattern whose cost less its worth is below ``most``."""
        off, on = (inf, 0.0) if self._charging else (0.0, inf)
        found = []
        for at, (stop, begin, go_on, _, _) in enumerate(self._steps):
            off, on = min(off, on + stop), min(off + begin, on + go_on)
            if on + self._ahead[at + 1][1] + self._offset < most:
                found.append(at)
        return found

    def loss(self, label: Label) -> float:
        """Return what a whole pattern costs less its worth."""
        end = label.energy + (label.width if self._price < self._middle else 0.0)
        energy = max(label.energy, min(self._high, label.energy + label.width))
        cost = label.loss + self._middle * end + self._price * (energy - end)
        return cost - self._want.value(energy)

    def labels(self, most: float) -> Iterable[Label]:
        """Return whole patterns that take what is wanted, cost less its worth below ``most``."""
        none: Labels = {(0, 0): Label(0.0, 0.0, 0.0, -1, None)}
        off, on = ({}, none) if self._charging else (none, {})
        for at in range(len(self._steps)):
            off, on = self._grown(at, off, on, most - self._offset)
            if not off and not on:
                break
            self.count += len(off) + len(on)
        return (*off.values(), *on.values())

    def _grown(
        self, at: int, off: Labels, on: Labels, most: float
    ) -> tuple[Labels, Labels]:
        """Return the labels after one more slot: off and on in it."""
        stop, begin, go_on, energy, width = self._steps[at]
        ahead_off, ahead_on, rest = self._ahead[at + 1]
        least = self._low - rest - _ROUNDING_WH
        greatest = self._high - energy + _ROUNDING_WH
        stays: Labels = {}
        goes: Labels = {}
        for labels, stay, go in ((off, 0.0, begin), (on, stop, go_on)):
            most_stay, most_go = most - ahead_off - stay, most - ahead_on - go
            for key, one in labels.items():
                lost, taken, more, _, _ = one
                if lost < most_stay and taken + more >= least:
                    if key not in stays or lost < stays[key][0]:
                        stays[key] = one
                if lost >= most_go or taken > greatest:
                    continue
                taken, more, lost = taken + energy, more + width, lost + go
                key = (round(taken), round(more))
                if taken + more >= least and (key not in goes or lost < goes[key][0]):
                    goes[key] = Label(lost, taken, more, at, one)
        return _fewer(stays), _fewer(goes)


def _fewer(labels: Labels) -> Labels:
    """Return as many as may go on."""
    if len(labels) <= _LABELS:
        return labels
    return dict(nsmallest(_LABELS, labels.items(), key=lambda item: item[1].loss))
