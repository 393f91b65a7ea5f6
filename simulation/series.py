"""A measured quantity over time at an even period."""

from array import array
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """Values at an even period, the first at 0 s.

    Between two values the earlier one holds, or with `linear` a straight line joins
    them. Before the first and after the last value that value holds.
    """

    values: array[float]
    period_s: float
    linear: bool = False
    factor: float = 1.0
    """Each value is multiplied by this, e.g. percent of a rating to W."""

    def __post_init__(self) -> None:
        """Raise ValueError for no values or a period that is not positive."""
        if not self.values or self.period_s <= 0:
            raise ValueError("A series needs values and a positive period")

    @property
    def duration_s(self) -> float:
        """Time that the values cover, in s."""
        return len(self.values) * self.period_s

    def at(self, t_s: float) -> float:
        """Return the value at a time."""
        place = t_s / self.period_s
        last = len(self.values) - 1
        if place <= 0 or place >= last:
            return self.values[0 if place <= 0 else last] * self.factor
        index = int(place)
        value = self.values[index]
        if self.linear:
            value += (self.values[index + 1] - value) * (place - index)
        return value * self.factor
