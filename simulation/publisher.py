"""How an instrument's values reach the outside: period, delay and faults.

An instrument samples itself every period. A sample is published when its delay has
passed; what is published then may be changed by a fault, which is a plain function.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Published[T]:
    """A value as the outside sees it, with the time it was measured and published."""

    value: T
    measured_at_s: float
    published_at_s: float


type Fault[T] = Callable[[Published[T], Published[T] | None], Published[T] | None]
"""From the fresh publication and the last one to what appears; None is unavailable."""


def off[T](fresh: Published[T], last: Published[T] | None) -> Published[T] | None:
    """Show nothing: the instrument is unavailable."""
    return None


def frozen[T](fresh: Published[T], last: Published[T] | None) -> Published[T] | None:
    """Go on publishing, at the usual times, the values of the last reading."""
    if last is None:
        return fresh
    return Published(
        value=last.value,
        measured_at_s=last.measured_at_s,
        published_at_s=fresh.published_at_s,
    )


def silent[T](fresh: Published[T], last: Published[T] | None) -> Published[T] | None:
    """Publish nothing: the last reading stays and grows old."""
    return last


class Publisher[T]:
    """Takes samples at the period and shows them after the delay."""

    __slots__ = (
        "_delay_s",
        "_next_sample_s",
        "_pending",
        "_period_s",
        "fault",
        "latest",
    )

    def __init__(
        self, *, period_s: float, delay_s: float = 0.0, fault: Fault[T] | None = None
    ) -> None:
        """Start with nothing published; ValueError for a period or delay that can't be."""
        if period_s <= 0 or delay_s < 0:
            raise ValueError("The period must be positive and the delay not negative")
        self._period_s = period_s
        self._delay_s = delay_s
        self._next_sample_s = 0.0
        self._pending: deque[tuple[float, T]] = deque()
        self.latest: Published[T] | None = None
        """What the outside sees now; None before the first reading and while unavailable."""
        self.fault = fault
        """The present fault, or None."""

    def advance(self, now_s: float, sample: Callable[[], T]) -> None:
        """Sample when the period is over; publish what is due at `now_s`."""
        if now_s >= self._next_sample_s - 1e-9:
            self._pending.append((now_s, sample()))
            periods = int((now_s + 1e-9) / self._period_s) + 1
            self._next_sample_s = periods * self._period_s
        while self._pending and self._pending[0][0] + self._delay_s <= now_s + 1e-9:
            measured_at_s, value = self._pending.popleft()
            self._publish(
                Published(
                    value=value, measured_at_s=measured_at_s, published_at_s=now_s
                )
            )

    def _publish(self, fresh: Published[T]) -> None:
        """Show the fresh reading, or what the fault makes of it."""
        self.latest = self.fault(fresh, self.latest) if self.fault else fresh
