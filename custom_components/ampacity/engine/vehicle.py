"""Vehicles: what a car's battery holds, and what its charger takes."""

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleMemory:
    """What is remembered of a car."""

    soc: float | None = None
    """Percent, the last that was believed, read or estimated."""
    soc_at: datetime | None = None
    """When that was so."""
    is_estimate: bool = False
    """Energy has been counted on top of what was read."""
    contradicted: bool = False
    """What was read and what was counted were too far apart, and the lower one is used."""
    efficiency: float = 0.88
    """Part of what is charged that arrives in the battery, learned."""
    lessons: int = 0
    """How often the efficiency has been learned."""
    added_wh: float = 0.0
    """Charged into it in the present session, or the last."""
