"""What a car can have of what others hold in a slot, and what that costs them.

Others can be squeezed down to their minimum power, or ousted from a slot. Both cost what their
energy is worth to them, which is what they would pay to charge it elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .choice import Choice, offer
from .site import Site
from .value import Plan

_ROUNDING = 1e-9

type Ousted = dict[int, tuple[int, ...]]
"""Cars that have to leave, by slot."""


@dataclass(slots=True)
class Market:
    """A site with all cars in it; prices and worths in currency per Wh."""

    plan: Plan
    full: Site
    """With what each car takes."""
    lean: Site
    """With the least that each car takes where it is on."""
    minima: Plan
    """That least, in Wh by slot."""
    on: list[list[int]]
    """Cars that are on, by slot."""

    def price(self, slot: int) -> float:
        """Return what the next Wh in a slot costs."""
        low, width, high, _ = self.full.parts[slot]
        return low if self.full.taken[slot] < width - 1e-6 else high

    def span(self, car: int) -> range:
        """Return the slots in which a car can be on at all."""
        one, count = self.full.problem.cars[car], len(self.on)
        return range(max(0, one.first), count if one.stop is None else one.stop)

    def least(self, car: int, slot: int) -> float:
        """Return what a car takes at its minimum power, in Wh."""
        problem = self.full.problem
        return problem.cars[car].min_w * problem.slots[slot].hours

    def apart(self, car: int, slot: int) -> int:
        """Return how many starts more a car has without a slot in which it is on."""
        held = self.plan[car]
        goes_on = slot - 1 in held or (
            slot == 0 and self.full.problem.cars[car].charging
        )
        return goes_on + (slot + 1 in held) - 1

    def offers(
        self, car: int, worth: Sequence[float], *, oust: bool
    ) -> tuple[list[Choice], Ousted]:
        """Return what a car can do in each slot, and who has to leave for it."""
        held, least = self.plan[car], self.minima[car]
        self.full.add(car, held, -1.0)
        self.lean.add(car, least, -1.0)
        found: list[Choice] = []
        ousted: Ousted = {}
        for at in self.span(car):
            out: tuple[int, ...] = ()
            if self.lean.headroom(car, at) < self.least(car, at) - _ROUNDING:
                out = self._ousted(car, at, worth) if oust else ()
                if not out:
                    continue
                ousted[at] = out
            found += self._offer(car, at, worth, out)
        self.full.add(car, held)
        self.lean.add(car, least)
        return found, ousted

    def _others(self, car: int, slot: int) -> Iterator[int]:
        return (other for other in self.on[slot] if other != car)

    def _let(self, cars: Sequence[int], slot: int, sign: float) -> None:
        """Let cars give back what they hold in a slot, or take it again."""
        for car in cars:
            self.full.add(car, {slot: self.plan[car][slot]}, sign)
            self.lean.add(car, {slot: self.minima[car][slot]}, sign)

    def _ousted(self, car: int, slot: int, worth: Sequence[float]) -> tuple[int, ...]:
        """Return who has to leave a slot so that a car can be on, those who lose least first."""
        least, out = self.least(car, slot), []
        if self.full.problem.cars[car].cap_w(slot) < self.full.problem.cars[car].min_w:
            return ()
        fits = False
        for other in sorted(
            self._others(car, slot), key=lambda one: worth[one] * self.plan[one][slot]
        ):
            out.append(other)
            self._let([other], slot, -1.0)
            fits = self.lean.headroom(car, slot) >= least - _ROUNDING
            if fits:
                break
        self._let(out, slot, 1.0)
        return tuple(out) if fits else ()

    def _offer(
        self, car: int, slot: int, worth: Sequence[float], out: Sequence[int]
    ) -> Iterator[Choice]:
        """Yield what a car can do in a slot, if anything, when some have left."""
        self._let(out, slot, -1.0)
        most = self.lean.headroom(car, slot)
        free = min(most, max(0.0, self.full.headroom(car, slot)))
        low, width, high, _ = self.full.parts[slot]
        cheap = min(free, max(0.0, width - self.full.taken[slot]))
        self._let(out, slot, 1.0)
        if most <= _ROUNDING:
            return
        start_cost, price = self.full.problem.start_cost, self.price(slot)
        loss = sum(
            (worth[one] - price) * self.plan[one][slot]
            + start_cost * self.apart(one, slot)
            for one in out
        )
        parts = [(low, cheap), (high, free - cheap)]
        if most > free:
            dearer = high if free > cheap else low
            squeezed = max(dearer, self._squeezed(car, slot, worth, out))
            parts.append((squeezed, most - free))
        yield offer(slot, parts, self.least(car, slot), loss)

    def _squeezed(
        self, car: int, slot: int, worth: Sequence[float], out: Sequence[int]
    ) -> float:
        """Return what a Wh above the minimum is worth to those who are on, on average."""
        total = paid = 0.0
        for one in self._others(car, slot):
            if one not in out:
                energy = self.plan[one][slot] - self.minima[one][slot]
                total += energy
                paid += energy * worth[one]
        return paid / total if total > 0.0 else 0.0


def market_of(empty: Site, plan: Plan) -> Market:
    """Return the market of a plan on a site in which nothing is taken."""
    problem = empty.problem
    minima = [
        {at: car.min_w * problem.slots[at].hours for at in energies}
        for car, energies in zip(problem.cars, plan, strict=True)
    ]
    on: list[list[int]] = [[] for _ in problem.slots]
    full, lean = empty.copy(), empty.copy()
    for car, energies in enumerate(plan):
        full.add(car, energies)
        lean.add(car, minima[car])
        for at in energies:
            on[at].append(car)
    return Market(plan, full, lean, minima, on)
