"""What import costs beyond energy: peak tariffs, and the grid operator's limits."""

from dataclasses import dataclass
from datetime import datetime


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
    """First hour that counts and first that does not, by local time."""
    weekdays: frozenset[int] = frozenset(range(7))
    months: frozenset[int] = frozenset(range(1, 13))
    floor_w: float = 0.0
    """Charged for at least, so that anything below costs nothing."""
    price_per_kw: float = 0.0
    """Currency per kW and month."""
    steps_w: tuple[float, ...] = ()
    """Ends of the steps in which the price rises, lowest first; empty where every kW costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakMemory:
    """The peaks of the month so far, and the window that is running."""

    month: str = ""
    """Year and month by local time, such as 2026-11."""
    peaks: tuple[tuple[str, float], ...] = ()
    """Highest means in W, each with its local day, highest first."""
    window_start: datetime | None = None
    imported_wh: float = 0.0
    """Imported in the running window."""


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
