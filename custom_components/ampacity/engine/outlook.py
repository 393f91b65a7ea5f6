"""What is expected from now on: prices, sun and the house's load, in slots of a quarter of an hour."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

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

    def since(self, moment: datetime, zone: ZoneInfo) -> Self | None:
        """Return it from the slot of a moment on; None for a moment outside of it.

        What is over moves to the earlier prices, as far as it lies in the slot's local day.
        """
        over = self.index(moment)
        if not over:
            return None if over is None else self
        start = self.begin(over)
        midnight = start.astimezone(zone).replace(hour=0, minute=0)
        today = (start - midnight.astimezone(start.tzinfo)) // SLOT
        earlier = (*self.earlier_price, *self.import_price[:over])
        return replace(
            self,
            start=start,
            import_price=self.import_price[over:],
            feed_in_price=self.feed_in_price[over:],
            solar_w=self.solar_w[over:],
            solar_low_w=self.solar_low_w[over:],
            house_w=self.house_w[over:],
            house_high_w=self.house_high_w[over:],
            earlier_price=earlier[-today:] if today else (),
        )
