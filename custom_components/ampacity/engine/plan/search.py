"""Search for a better plan with a minimum power, within a budget of work.

One change after the other is tried and kept when it helps (a local search with ejection chains,
F. Glover, 1996: a car displaces others, who find another place). Where none helps any more, some
cars are taken away and placed anew, and the search goes on from there (an iterated local search,
H. R. Lourenço, O. Martin, T. Stützle, 2003). All in a fixed order: the same problem has the same
plan.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from .flips import flips
from .moves import Move, Moves
from .problem import Problem
from .site import site_of
from .value import Plan, value

_FACTORS = (1.0, 3.0)
"""How much starts count: as they do, and more, for plans with fewer of them."""
_LESS = 1e-9


class Search:
    """The best plan so far, and the one from which changes are tried."""

    def __init__(
        self,
        problem: Problem,
        grid_wh: Sequence[float] | None,
        plan: Plan,
        worth: Sequence[float],
    ) -> None:
        """Begin with a plan; ``worth`` is what energy is worth to each car in the exact plan."""
        self._moves = Moves(problem, grid_wh, site_of(problem, grid_wh))
        self._worth = [price / 1000.0 for price in worth]
        self._problem = problem
        self._plan, self._value = plan, value(problem, plan)
        self.best, self.best_value = self._plan, self._value

    def run(self, enough: float, work: int) -> Plan:
        """Return the best plan found until it costs no more than enough, or the work is done."""
        count = len(self._problem.cars)
        if self._is_over(enough, work):
            return self.best
        for turn in range(2 * count + 1):
            while self._round(enough, work):
                pass
            if self._is_over(enough, work):
                break
            self._start_again(turn)
        return self.best

    def _is_over(self, enough: float, work: int) -> bool:
        return self.best_value <= enough or self._moves.work >= work

    def _round(self, enough: float, work: int) -> bool:
        """Try all changes; return whether one helped and more may."""
        before = self._value
        for factor in _FACTORS if self._problem.start_cost > 0.0 else _FACTORS[:1]:
            self._moves.start_factor = factor
            for move in self._changes():
                self._go(move(self._plan), only_down=True)
                if self._is_over(enough, work):
                    return False
        return self._value < before - _LESS

    def _go(self, plan: Plan, *, only_down: bool) -> None:
        """Go on from another plan."""
        if plan is self._plan:
            return
        cost = value(self._problem, plan)
        if not only_down or cost < self._value - _LESS:
            self._plan, self._value = plan, cost
        if cost < self.best_value - _LESS:
            self.best, self.best_value = plan, cost

    def _changes(self) -> Iterator[Move]:
        """Yield changes, those first that help most for their work.

        With starts that count more it is the bids alone that help.
        """
        moves, cars = self._moves, range(len(self._plan))
        for car in cars:
            yield partial(moves.bid, car=car, worth=self._worth)
        if moves.start_factor > 1.0:
            return
        for car in cars:
            yield partial(moves.bid, car=car, worth=None)
        yield from flips(moves, self._plan)
        for apart in cars[1:]:
            for car in cars:
                other = (car + apart) % len(cars)
                yield partial(moves.pair, car=car, other=other, worth=self._worth)
        for car in cars:
            rest = [other for other in cars if other != car]
            yield partial(moves.again, away=(car,), order=[*rest, car])

    def _start_again(self, turn: int) -> None:
        """Go on from the best plan with two cars placed anew after all others."""
        count = len(self._plan)
        first, step = turn % count, 1 if turn < count else -1
        order = [(first + 1 + step * place) % count for place in range(count)]
        away = (first, (first + 1 + turn // count) % count)
        self._moves.start_factor = 1.0
        self._go(self._moves.again(self.best, away, order), only_down=False)
