"""What is to be planned: slots with prices and room, cars with needs, a peak that costs.

Energies are those that meters see, so losses are in them already. Powers are means over a slot.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A span of time with one price and one limit."""

    import_price: float
    """Currency per kWh from the grid."""
    feed_in_price: float = 0.0
    """Currency per kWh of sun that is fed in instead: what the sun costs."""
    sun_w: float = 0.0
    """Surplus that is expected for the cars."""
    room_w: float = inf
    """What all cars together may take, sun included."""
    groups: Mapping[str, float] = field(default_factory=dict)
    """What the cars of a group together may take, in W; a group that is not named has no limit."""
    hours: float = 0.25
    """The first slot may be shorter."""
    house_w: float = 0.0
    """Import that is expected without cars; only a peak looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCar:
    """What one car needs, and where it hangs."""

    id: str
    firm_wh: float
    """Promised, whatever it costs."""
    max_w: float
    min_w: float = 0.0
    """The least power but 0; the 6 A of the standard."""
    extra_wh: float = 0.0
    """Wanted beyond that as long as a kWh costs at most ``price_limit``."""
    price_limit: float = inf
    """Currency per kWh, for the extra only."""
    first: int = 0
    """The first slot in which it can charge."""
    stop: int | None = None
    """The slot at whose beginning it must be ready; None at the end of them all."""
    caps_w: tuple[float, ...] | None = None
    """Where ``max_w`` is lower in some slots: the most in each."""
    groups: tuple[str, ...] = ()
    """The groups that it is in. Of two groups one holds the other, or they share no car."""
    priority: int = 0
    """Where not all can be met, lower ones are served first."""
    charging: bool = False
    """It charges now: going on in the first slot is no start."""

    def cap_w(self, slot: int) -> float:
        """Return the most it can take in a slot, in W."""
        if self.caps_w is None:
            return self.max_w
        return min(self.max_w, self.caps_w[slot])


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A tariff that charges the highest mean import."""

    price: float
    """Currency for each W above ``paid_w``."""
    paid_w: float = 0.0
    """Mean import that is paid for already, or worth paying."""
    window: int = 1
    """Slots over which the tariff takes the mean: 1 or 4."""
    offset: int = 0
    """Slots of the first window that are over already."""
    imported_wh: float = 0.0
    """What has been imported in the first window so far."""
    elapsed_h: float = 0.0
    """How much of the first window is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that a plan depends on."""

    slots: tuple[Slot, ...]
    cars: tuple[PlanCar, ...]
    peak: Peak | None = None
    start_cost: float = 0.0
    """Currency that a further start must save."""
