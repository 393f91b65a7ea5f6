"""When to be on, where each start and each Wh has a price: exact, by dynamic programming."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from .choice import Choice


class Pattern(NamedTuple):
    """Slots in which a car is on, the best there is for a value of energy."""

    energy: float
    cost: float
    """With all starts."""
    on: dict[int, float]
    """Wh by slot, as they are best at that value; by position among the choices."""


def whole_ones(choices: Sequence[Choice], charging: bool) -> Sequence[Choice]:
    """Return the choices without one that would be a short run or gap where the first slot is short.

    Who charges cannot go on in the second slot without the first, nor others begin for the first alone.
    """
    slots = [one.slot for one in choices[:2]]
    if charging and slots[:1] == [1]:
        return choices[1:]
    if not charging and slots[:1] == [0] and slots != [0, 1]:
        return choices[1:]
    return choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """A car's choices, in order, and what a start costs it."""

    choices: Sequence[Choice]
    start_cost: float
    charging: bool
    short: bool = False
    """The first slot of all is shorter than the shortest run, and than the shortest gap."""

    def bridged(self, on: Iterable[int], energy: float) -> list[int]:
        """Return positions in which no run and no gap is shorter than a whole slot.

        Only the first slot of all can be, as it may have begun: who charges goes on through it,
        and who does not begins with the next, unless all are needed for an energy.
        """
        found = sorted(on)
        if not self.bridges:
            return found
        now, then = 0 in found[:1], 1 in found[:2]
        if self.charging and then and not now:
            return [0, *found]
        if self.charging or then or not now:
            return found
        without = found[1:]
        if sum(self.choices[position].most for position in without) >= energy:
            return without
        return [0, 1, *without]

    @property
    def bridges(self) -> bool:
        """Return whether the first choice is the short first slot, and the second the next one."""
        return self.short and [one.slot for one in self.choices[:2]] == [0, 1]

    def follows(self) -> Iterator[bool]:
        """Yield for each choice whether a car that was on before it goes on without a start."""
        last = -1 if self.charging else -2
        for one in self.choices:
            yield one.slot == last + 1
            last = one.slot

    def starts(self, on: Sequence[int]) -> int:
        """Return how often it starts, on in these positions, which are in order."""
        count, last = 0, -1 if self.charging else -2
        for position in on:
            slot = self.choices[position].slot
            count += slot != last + 1
            last = slot
        return count

    def best(self, value: float) -> Pattern:
        """Return the pattern that earns most where each Wh is worth a value.

        Two states, on and off, and for each slot the better way to come to either.
        """
        on, off, last = (0.0 if self.charging else -inf), 0.0, -1
        came_on: list[bool] = []
        stayed_off: list[bool] = []
        start = self.start_cost
        for (
            slot,
            low,
            high,
            least,
            knee,
            most,
            least_cost,
            knee_cost,
            most_cost,
        ) in self.choices:
            if value > high:
                gain = value * most - most_cost
            elif value > low:
                gain = value * knee - knee_cost
            else:
                gain = value * least - least_cost
            staying_off = off >= on
            waiting = off if staying_off else on
            stayed_off.append(staying_off)
            if slot == last + 1:
                going_on = on >= off - start
                on = (on if going_on else off - start) + gain
            else:
                going_on = not staying_off
                on = waiting - start + gain
            came_on.append(going_on)
            off, last = waiting, slot
        return self._trace(value, on > off, came_on, stayed_off)

    def _trace(
        self, value: float, is_on: bool, came_on: list[bool], stayed_off: list[bool]
    ) -> Pattern:
        """Return the pattern to which the better ways lead back."""
        energy = cost = 0.0
        on: dict[int, float] = {}
        for position in range(len(self.choices) - 1, -1, -1):
            one = self.choices[position]
            if is_on:
                part, price = one.least, one.least_cost
                if value > one.high:
                    part, price = one.most, one.most_cost
                elif value > one.low:
                    part, price = one.knee, one.knee_cost
                energy += part
                cost += price
                on[position] = part
                is_on = came_on[position]
            else:
                is_on = not stayed_off[position]
        cost += self.start_cost * self.starts(list(on)[::-1])
        return Pattern(energy, cost, on)
