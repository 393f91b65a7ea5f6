"""Vehicles: what is configured of a car, and what is remembered of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GUEST = "guest"
"""Chosen instead of a vehicle: a car that nothing is known of."""
EFFICIENCY = 0.88
"""Part of what is charged that usually arrives in the battery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A car as configured, with the user's present settings."""

    id: str
    capacity_wh: float | None = None
    """Usable; None where nobody knows."""
    max_a: float | None = None
    """The most that its charger takes per phase; None for whatever it is offered."""
    phases: int = 3
    """On how many phases it charges when it is offered all."""
    target_soc: float = 80.0
    """Percent to which it is charged unless a promise says otherwise."""
    min_soc: float = 0.0
    """Percent below which it is charged at once, whatever it costs."""
    default_charger_id: str | None = None
    consumption_wh_per_km: float | None = None


class KnownBy(StrEnum):
    """How it is known which car is at a charger."""

    CHOSEN = "chosen"
    """A person said so."""
    RECOGNISED = "recognised"
    """By its plug, or because it came home when something was plugged in."""
    DEFAULT = "default"
    """It is the car that usually charges there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """The car at a charger, as far as it is known."""

    chosen_id: str | None = None
    """The vehicle that a person chose for what is plugged in, or next: :data:`GUEST` for none of
    them, None to find it out."""
    vehicle_id: str | None = None
    """None while no car is plugged in, and for one that nothing is known of."""
    known_by: KnownBy | None = None
    plugged_at: datetime | None = None
    """None while no car is plugged in."""
    counted_wh: float | None = None
    """Up to where the charger's total has been counted into the vehicle; None without one."""
    soc: float | None = None
    """Percent, read or estimated, of whatever is plugged in; None where nobody knows."""
    reached_soc: float | None = None
    """The target that has been reached; None while it has not."""
    below_minimum: bool = False
    """It is charged at once up to its minimum."""
    was_above: bool = False
    """It has been at its minimum since it was plugged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleMemory:
    """What is remembered of a car."""

    soc: float | None = None
    """Percent, the last that was believed, read or estimated."""
    soc_at: datetime | None = None
    """When it was last read."""
    is_estimate: bool = False
    """Energy has been counted on top of what was read."""
    contradicted: bool = False
    """What was read and what was counted were too far apart, and the lower one is used."""
    efficiency: float = EFFICIENCY
    """Part of what is charged that arrives in the battery, learned."""
    lessons: int = 0
    """How often the efficiency has been learned."""
    added_wh: float = 0.0
    """Charged into it in the present session, or the last."""
    read_soc: float | None = None
    """Percent, the newest reading that was believed."""
    read_since: datetime | None = None
    """When it first said so: what it says since is the same."""
    read_wh: float = 0.0
    """Charged since then."""
    anchor_soc: float | None = None
    """Percent, the reading that the estimate counts from."""
    anchor_wh: float = 0.0
    """Charged since then."""
    anchor_is_step: bool = False
    """It was read the moment it changed, so it is not rounded by more than its last digit."""
    left_at: datetime | None = None
    """When it was last unplugged; what was read before says nothing of what came after."""
    is_plugged: bool | None = None
    """By its own integration, the last that it said."""
    plugged_since: datetime | None = None
    """When it began to say so; None where that was not seen."""
    is_home: bool | None = None
    came_home: datetime | None = None
    """None where that was not seen."""
