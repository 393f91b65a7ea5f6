"""Windows of the week, by the clock on the wall."""

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours on some days of the week, in local time; the end is no longer part of them."""

    days: frozenset[int]
    """The days on which it starts, 0 is Monday."""
    start: time
    end: time
    """Not after ``start``: on the next day. Equal to it: 24 hours later."""

    def contains(self, local: datetime) -> bool:
        """Return whether a local time lies in the window."""
        day, clock = local.weekday(), local.time()
        if self.start < self.end:
            return day in self.days and self.start <= clock < self.end
        if clock >= self.start:
            return day in self.days
        return clock < self.end and (day - 1) % 7 in self.days
