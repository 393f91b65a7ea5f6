"""The lowest value within the last minutes, in few numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlidingMin:
    """A sliding minimum: samples of time and value, both rising from the oldest to the newest.

    A sample that is followed by a lower one can never be the minimum again and is dropped, so
    only a few are kept however often the value is sampled.
    """

    samples: tuple[tuple[float, float], ...] = ()

    def add(self, at_s: float, value: float, keep_s: float) -> SlidingMin:
        """Return the window with a sample added and what is older than ``keep_s`` forgotten."""
        oldest_s = at_s - keep_s
        kept = [
            sample
            for sample in self.samples
            if sample[1] < value and sample[0] >= oldest_s
        ]
        return SlidingMin((*kept, (at_s, value)))

    def lowest(self, since_s: float) -> float | None:
        """Return the lowest value sampled at or after ``since_s``; None without a sample."""
        return next((value for at_s, value in self.samples if at_s >= since_s), None)

    def last_below_s(self, value: float) -> float | None:
        """Return when a sample was last below ``value``; None when none in the window was."""
        return next(
            (at_s for at_s, sample in reversed(self.samples) if sample < value), None
        )
