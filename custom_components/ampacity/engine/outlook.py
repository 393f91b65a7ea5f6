"""What is expected from now on: prices, sun and the house's load, in slots of a quarter of an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SLOT_S = 900.0
SLOT = timedelta(seconds=SLOT_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Expected values, one of each a slot; all tuples are equally long.

    Nothing in it is missing: what no source tells has been filled with the best guess there is.
    """

    start: datetime
    """Beginning of the first slot, in UTC, on a quarter of an hour."""
    import_price: tuple[float, ...]
    """Currency per kWh, all that an imported kWh costs."""
    feed_in_price: tuple[float, ...]
    """Currency per kWh that is fed in; below 0 where that costs."""
    solar_w: tuple[float, ...]
    """What the plant is expected to give."""
    solar_low_w: tuple[float, ...]
    """What it gives on nine of ten such days, for promises."""
    house_w: tuple[float, ...]
    """What the house without cars usually uses: the median."""
    house_high_w: tuple[float, ...]
    """What it rarely exceeds: the 90th percentile, for the limits."""
    known_until: datetime | None = None
    """Up to when import prices are published and not guessed; None without published prices."""
    earlier_price: tuple[float, ...] = ()
    """Import prices of the slots before the first one, back to the beginning of its local day."""

    @property
    def slots(self) -> int:
        """The number of slots."""
        return len(self.import_price)

    @property
    def end(self) -> datetime:
        """The end of the last slot."""
        return self.start + self.slots * SLOT

    def begin(self, index: int) -> datetime:
        """Return when a slot begins."""
        return self.start + index * SLOT

    def index(self, moment: datetime) -> int | None:
        """Return in which slot a moment lies; None for one outside of them."""
        index = (moment - self.start) // SLOT
        return index if 0 <= index < self.slots else None
