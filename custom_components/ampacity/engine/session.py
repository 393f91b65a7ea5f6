"""Sessions: what a car was given between plug-in and unplug, from where and at what cost.

Power is split at every moment: the solar part is what the plant made less what the house used
first, or, without a solar sensor, what was not imported. Cost is the grid part at the import price
and the solar part at the feed-in price that was forgone.
"""

from dataclasses import dataclass, replace
from datetime import datetime

MAX_COUNTER_STEP_W = 50_000.0
"""A counter that moves faster than this has jumped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A charging session; running while ``ended`` is None."""

    started: datetime
    ended: datetime | None = None
    energy_wh: float = 0.0
    solar_wh: float = 0.0
    cost: float = 0.0

    @property
    def solar_share(self) -> float | None:
        """Part of the energy that came from the sun, 0 to 1; None before any was charged."""
        if self.energy_wh <= 0.0:
            return None
        return self.solar_wh / self.energy_wh


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Currency per kWh for import, and for what is not fed in."""

    import_price: float
    feed_in_price: float


def add_energy(
    session: Session, energy_wh: float, solar_share: float, prices: Prices
) -> Session:
    """Return the session with ``energy_wh`` added, ``solar_share`` (0 to 1) of it from the sun."""
    solar_wh = energy_wh * solar_share
    grid_wh = energy_wh - solar_wh
    cost = (grid_wh * prices.import_price + solar_wh * prices.feed_in_price) / 1000.0
    return replace(
        session,
        energy_wh=session.energy_wh + energy_wh,
        solar_wh=session.solar_wh + solar_wh,
        cost=session.cost + cost,
    )


def solar_share(grid_w: float | None, solar_w: float | None, cars_w: float) -> float:
    """Return which part of the cars' power comes from the sun at this moment, 0 to 1.

    With the plant's power known, the sun that is used at home is spread evenly over all that is
    used there. Without it, the house is served first and what is imported goes to the cars.
    """
    if grid_w is None:
        return 0.0
    if solar_w is not None:
        used_w = solar_w + grid_w
        own_w = solar_w + min(grid_w, 0.0)
        share = own_w / used_w if used_w > 0.0 else 0.0
    else:
        share = 1.0 - grid_w / cars_w if cars_w > 0.0 else 0.0
    return min(1.0, max(0.0, share))


def counter_step_wh(before_wh: float, after_wh: float, dt_s: float) -> float | None:
    """Return what a counter has counted; None when it jumped back or ahead and tells nothing."""
    step_wh = after_wh - before_wh
    if 0.0 <= step_wh <= MAX_COUNTER_STEP_W * max(dt_s, 1.0) / 3600.0:
        return step_wh
    return None
