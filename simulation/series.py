"""A measured quantity over time at an even period."""

from array import array
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """Values at an even period, the first at `start_s`.

    Between two values the earlier one holds, or with `linear` a straight line joins
    them. Before the first and after the last value that value holds.
    """

    values: array[float]
    period_s: float
    linear: bool = False
    factor: float = 1.0
    """Each value is multiplied by this, e.g. a part of a rating to W."""
    start_s: float = 0.0

    def __post_init__(self) -> None:
        """Raise ValueError for no values or a period that is not positive."""
        if not self.values or self.period_s <= 0:
            raise ValueError("A series needs values and a positive period")

    @classmethod
    def constant(cls, value: float) -> Self:
        """Return a quantity that never changes."""
        return cls(values=array("d", [value]), period_s=1.0)

    def scaled(self, factor: float) -> Self:
        """Return it times a factor, e.g. a measured current in A times 230 V in W."""
        return replace(self, factor=self.factor * factor)

    def starting_at(self, start_s: float) -> Self:
        """Return it with its first value at another time, e.g. 6:00 of a day."""
        return replace(self, start_s=start_s)

    @property
    def duration_s(self) -> float:
        """Time that the values cover, in s."""
        return len(self.values) * self.period_s

    def at(self, t_s: float) -> float:
        """Return the value at a time."""
        place = (t_s - self.start_s) / self.period_s
        last = len(self.values) - 1
        if place <= 0 or place >= last:
            return self.values[0 if place <= 0 else last] * self.factor
        index = int(place)
        value = self.values[index]
        if self.linear:
            value += (self.values[index + 1] - value) * (place - index)
        return value * self.factor
