"""The schedule: when each charger is to charge, how much, why and at what cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SlotReason(StrEnum):
    """Why something is charged in a slot."""

    SUN = "sun"
    """Surplus is expected."""
    CHEAP = "cheap"
    """It is among the cheapest that do."""
    MINIMUM = "minimum"
    """The car is below its minimum, or the slot bridges two others."""
    PROMISE = "promise"
    """Without it the promise would be missed, whatever it costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot:
    """A span in which a charger charges with one power."""

    start: datetime
    end: datetime
    power_w: float
    """On average, from the grid and from the sun."""
    sun_w: float
    """How much of it is expected from surplus."""
    price: float
    """Currency per kWh of the part from the grid."""
    reason: SlotReason
    limited: bool = False
    """Limits leave no more: what is not planned for it in this slot is planned for others."""

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end - self.start).total_seconds() / 3600.0

    @property
    def energy_wh(self) -> float:
        """What is charged in it."""
        return self.power_w * self.hours

    @property
    def bought_wh(self) -> float:
        """What of it comes from the grid."""
        return max(0.0, self.power_w - self.sun_w) * self.hours


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerPlan:
    """What is planned for one charger until its promise."""

    ready_by: datetime
    press_from: datetime | None = None
    """From then on it has to charge with all that a peak tariff leaves free; None without one."""
    slots: tuple[PlannedSlot, ...] = ()
    """In order; without those in which nothing is charged."""
    energy_wh: float = 0.0
    """Taken from grid and sun in all slots."""
    unmet_wh: float = 0.0
    """What of the promise cannot be charged in time, in the same terms."""
    soc_reached: float | None = None
    """Percent at ``ready_by``, where the car's capacity is known."""
    ready_at: datetime | None = None
    """When the promise is met by this plan; None where it is not."""
    cost: float = 0.0
    """Currency, solar energy at the feed-in price that is forgone."""
    cost_at_once: float = 0.0
    """Currency that the same energy would cost if it were charged from now on without a pause."""

    def slot_at(self, moment: datetime) -> PlannedSlot | None:
        """Return the slot that is on at a moment; None while nothing is planned."""
        return next((one for one in self.slots if one.start <= moment < one.end), None)

    def run_end(self, moment: datetime) -> datetime | None:
        """Return when the run of slots ends in which a moment lies; None outside of any."""
        end = None
        for slot in self.slots:
            if slot.start <= moment < slot.end or slot.start == end:
                end = slot.end
        return end

    def next_start(self, moment: datetime) -> datetime | None:
        """Return when the next slot after a moment begins; None when no more follows."""
        return next((one.start for one in self.slots if one.start > moment), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The plans of all chargers, made together at one moment."""

    made_at: datetime
    above_peak_w: float = 0.0
    """How far the import may rise above what a peak tariff leaves free: that was worth its price."""
    plans: Mapping[str, ChargerPlan] = field(default_factory=dict)
    """By charger; without those that have nothing promised."""
