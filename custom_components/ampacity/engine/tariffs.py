"""What import costs beyond energy: peak tariffs, and the grid operator's limits."""

from dataclasses import dataclass, field
from datetime import datetime

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakTariff:
    """A price on the highest mean import of a month, as configured."""

    window_s: float = 900.0
    """Length of the spans over which import is averaged, aligned to the hour."""
    rank: int = 1
    """Mean of this many highest."""
    distinct_days: bool = False
    """Each of them on another day."""
    hours: tuple[int, int] = (0, 24)
    """First hour that counts and first that does not, by local time; over midnight where the
    second is not above the first."""
    weekdays: frozenset[int] = frozenset(range(7))
    """0 is Monday."""
    months: frozenset[int] = frozenset(range(1, 13))
    reduced_hours: tuple[int, int] = (0, 0)
    """Hours in which a window counts in part only; none where both are the same."""
    reduced_share: float = 1.0
    """The part that counts then, such as 0.5."""
    floor_w: float = 0.0
    """Charged for at least, so that anything below costs nothing."""
    accepted_w: float = 0.0
    """A peak that the user is willing to pay for from the first of the month on."""
    price_per_kw: float = 0.0
    """Currency per kW and month; 0 where it is not known."""
    steps_w: tuple[float, ...] = ()
    """Ends of the steps in which the price rises, lowest first; empty where every kW costs."""
    step_prices: tuple[float, ...] = ()
    """Currency per month of each step, as long as ``steps_w``; empty where they are not known."""

    @property
    def window_h(self) -> float:
        """The length of a window in hours."""
        return self.window_s / HOUR_S


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakMemory:
    """The peaks of the month so far, and the window that is running.

    Means are as they count: in hours that count in part they are that part.
    """

    month: str = ""
    """Year and month by local time, such as 2026-11."""
    peaks: tuple[tuple[str, float], ...] = ()
    """Highest means in W, each with its local day, highest first."""
    window_start: datetime | None = None
    imported_wh: float = 0.0
    """Imported in the running window."""
    measured_s: float = 0.0
    """How much of the running window the meter has measured."""
    house_wh: float = 0.0
    """What would have been imported in the running window without cars."""
    house_day: str = ""
    """The local day whose highest window without cars is ``house_day_w``."""
    house_day_w: float = 0.0
    house_days_w: tuple[float, ...] = ()
    """The same of the days before, the latest last, beyond the month's beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRule:
    """What the grid operator's signal means here, as configured."""

    per_device_w: float | None = 4200.0
    """Import that each charger is left with while the signal is on."""
    site_w: float | None = None
    """Import that all chargers share instead, where the site has one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSignal:
    """What the grid operator says now."""

    active: bool
    limit_w: float | None = None
    """A limit that came with the signal; None where the rule's holds."""
    until: datetime | None = None
    missing: bool = False
    """The signal cannot be read; what else stands here means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorMemory:
    """What the grid operator last said."""

    signal: OperatorSignal = field(default_factory=lambda: OperatorSignal(active=False))
    silent_s: float = 0.0
    """For how long the signal has been missing."""
