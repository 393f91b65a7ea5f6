"""Changes of a plan with a minimum power, each followed by the exact powers for who is on when."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .elsewhere import elsewhere
from .improve import WHOLE_H, share
from .market import Market, Ousted, market_of
from .place import place
from .problem import Problem
from .runs import Runs, whole_ones
from .site import Site
from .value import Plan, over_price, unmet_price, value
from .want import want_of

_LITTLE_WH = 1.0
_ROUNDING = 1e-9

type Move = Callable[[Plan], Plan]
"""Returns another plan, better or worse, or the same."""


@dataclass(slots=True)
class Moves:
    """What changes of plans have in common."""

    problem: Problem
    grid_wh: Sequence[float] | None
    empty: Site
    """With nothing taken."""
    start_factor: float = 1.0
    """How much more than it costs a start counts while a car chooses."""
    work: int = 0
    """How often a car has chosen, or powers have been shared for a change of one slot."""

    def market(self, plan: Plan) -> Market:
        """Return the market of a plan."""
        return market_of(self.empty, plan)

    def elsewhere(self, plan: Plan) -> list[float]:
        """Return what energy is worth to each car in a plan, in currency per Wh."""
        return elsewhere(self.market(plan), self.unmet)

    @property
    def unmet(self) -> float:
        """Return currency per Wh of firm energy that is missing."""
        return unmet_price(self.problem) / 1000.0

    def has_room(self, plan: Plan, car: int, slot: int, out: Sequence[int]) -> bool:
        """Return whether a car could be on in a slot as well, once some have left it."""
        problem, taken = self.problem, self.empty.copy()
        hours = problem.slots[slot].hours
        for other, energies in enumerate(plan):
            if slot in energies and other not in out:
                taken.add(other, {slot: problem.cars[other].min_w * hours})
        least = problem.cars[car].min_w * hours
        return taken.headroom(car, slot) >= least - _ROUNDING

    def bid(self, plan: Plan, car: int, worth: Sequence[float] | None) -> Plan:
        """Let a car choose again at what others lose, then those who lost, each of them once.

        Without ``worth`` it is what energy is worth to each in this plan.
        """
        prices = self.elsewhere(plan) if worth is None else worth
        return self._bids(plan, [dict(one) for one in plan], car, prices, oust=True)

    def pair(self, plan: Plan, car: int, other: int, worth: Sequence[float]) -> Plan:
        """Let two cars choose again as if neither were there, and then those who lost."""
        without = _without(plan, (car, other))
        return self._bids(plan, without, car, worth, oust=False)

    def again(self, plan: Plan, away: Iterable[int], order: Iterable[int]) -> Plan:
        """Take some cars away, and let all choose in an order."""
        plan = _without(plan, away)
        for car in order:
            chosen, _ = self._choose(plan, car, self.elsewhere(plan), oust=False)
            if chosen.keys() != plan[car].keys():
                plan = self._shared(plan, car, chosen, {})
        return plan

    def turn_on(self, plan: Plan, car: int, slot: int, out: Sequence[int]) -> Plan:
        """Let a car be on in one more slot and others leave it, who then choose again."""
        self.work += 1
        before = _energies(plan)
        plan = best = self._shared(
            plan, car, {**plan[car], slot: 0.0}, {slot: tuple(out)}
        )
        for loser in [
            one for one, lost in enumerate(_lost(before, plan)) if lost > 0.0
        ]:
            chosen, _ = self._choose(plan, loser, self.elsewhere(plan), oust=False)
            plan = self._shared(plan, loser, chosen, {})
            best = self._better(best, plan)
        return best

    def _bids(
        self,
        before: Plan,
        plan: Plan,
        car: int,
        worth: Sequence[float],
        *,
        oust: bool,
    ) -> Plan:
        """Return the best plan of a chain in which whoever has lost most chooses next.

        Who has chosen is not displaced any more, so it ends.
        """
        energies, best = _energies(before), before
        prices = list(worth)
        for _ in plan:
            chosen, ousted = self._choose(plan, car, prices, oust=oust)
            if chosen.keys() == plan[car].keys() and not ousted:
                break
            plan = self._shared(plan, car, chosen, ousted)
            best = plan if best is before else self._better(best, plan)
            prices[car] = 2.0 * self.unmet
            lost = _lost(energies, plan)
            lost[car] = 0.0
            if max(lost) <= 0.0:
                break
            car = lost.index(max(lost))
        return best

    def _better(self, one: Plan, other: Plan) -> Plan:
        return min(one, other, key=lambda plan: value(self.problem, plan))

    def _choose(
        self, plan: Plan, car: int, worth: Sequence[float], *, oust: bool
    ) -> tuple[dict[int, float], Ousted]:
        """Return what is best for a car at what others lose, and who has to leave for it."""
        self.work += 1
        problem, one = self.problem, self.problem.cars[car]
        choices, ousted = self.market(plan).offers(car, worth, oust=oust)
        short = problem.slots[0].hours < WHOLE_H
        runs = Runs(
            choices=whole_ones(choices, one.charging) if short else choices,
            start_cost=problem.start_cost * self.start_factor,
            charging=one.charging,
            short=short,
        )
        want = want_of(one, unmet_price(problem), over_price(problem))
        chosen = place(runs, want, thorough=True).energies
        return chosen, {at: out for at, out in ousted.items() if at in chosen}

    def _shared(
        self, plan: Plan, car: int, chosen: dict[int, float], ousted: Ousted
    ) -> Plan:
        """Return the plan in which a car is on as it has chosen, at the best powers of all."""
        plan = [dict(one) for one in plan]
        plan[car] = chosen
        for at, out in ousted.items():
            for other in out:
                plan[other].pop(at, None)
        return share(self.problem, self.grid_wh, plan)


def _without(plan: Plan, away: Iterable[int]) -> Plan:
    gone = set(away)
    return [{} if car in gone else dict(one) for car, one in enumerate(plan)]


def _energies(plan: Plan) -> list[float]:
    return [sum(one.values()) for one in plan]


def _lost(before: Sequence[float], plan: Plan) -> list[float]:
    """Return what each car has lost, in Wh, little counted as nothing."""
    return [
        lost if (lost := energy - sum(one.values())) > _LITTLE_WH else 0.0
        for energy, one in zip(before, plan, strict=True)
    ]
