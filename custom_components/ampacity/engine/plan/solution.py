"""What a plan says: power of every car in every slot, what cannot be met, what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CarCharge:
    """What one car takes."""

    sun_w: tuple[float, ...]
    """Power from the sun, one value a slot."""
    grid_w: tuple[float, ...]
    """Power from the grid, one value a slot."""
    energy_wh: float
    """Taken in all slots, firm and extra."""
    unmet_wh: float
    """What of the firm energy cannot be charged."""
    cost: float
    """Currency for its energy: sun at the feed-in price, grid at the import price."""

    def power_w(self, slot: int) -> float:
        """Return what it takes in a slot from sun and grid, in W."""
        return self.sun_w[slot] + self.grid_w[slot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The cheapest charges of all cars that were found."""

    charges: Mapping[str, CarCharge]
    """By car, all cars of the problem."""
    peak_w: float = 0.0
    """Highest mean import of all windows; 0 without a peak in the problem."""
    peak_cost: float = 0.0
    """Currency for what is above the peak that is paid for."""

    @property
    def unmet_wh(self) -> float:
        """What of the firm energy of all cars cannot be charged."""
        return sum(charge.unmet_wh for charge in self.charges.values())

    @property
    def cost(self) -> float:
        """Currency for all energy and the peak."""
        return self.peak_cost + sum(charge.cost for charge in self.charges.values())
