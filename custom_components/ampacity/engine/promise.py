"""Promises: how much a car is to have, and until when."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PromiseSource(StrEnum):
    """Where a promise comes from."""

    USER = "user"
    """An entity or an action."""
    CALENDAR = "calendar"
    """An event in a calendar, which the promise follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What somebody wants of a charger; a repeating one is many promises, one after the other.

    The amount is ``soc`` where the car's state of charge is known, else ``energy_wh``.
    """

    id: str
    ready_by: datetime
    """In UTC. Of a repeating promise the first time; its local time of day is that of all."""
    soc: float | None = None
    """Percent, whatever it costs; None for the target of the charger."""
    energy_wh: float | None = None
    """To be charged into the car, counted from plug-in, instead of a state of charge."""
    price_limit: float | None = None
    """Currency per kWh that what goes beyond ``soc`` or ``energy_wh`` may cost at most."""
    below_limit_soc: float | None = None
    """Percent that are wanted as long as they cost no more than ``price_limit``."""
    repeat: frozenset[int] = field(default_factory=frozenset)
    """Days of the week on which it holds, 0 is Monday; empty for a single promise."""
    over: datetime | None = None
    """Occurrences up to this one no longer count: met, missed or skipped."""
    met: datetime | None = None
    """The occurrence that is met and not yet over."""
    effortless: bool = False
    """That one was met before anything was charged for it."""
    met_soc: float | None = None
    """Percent by which it was; None where that was not for how full the car is."""
    warned: datetime | None = None
    """The newest occurrence of which it was announced that it will be missed."""
    source: PromiseSource = PromiseSource.USER


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The promise that a charger works on: one occurrence, with all that was left open filled in."""

    promise_id: str
    ready_by: datetime
    soc: float | None = None
    energy_wh: float | None = None
    price_limit: float | None = None
    below_limit_soc: float | None = None
    begun: bool = False
    """Its planned charging has begun, so only the user changes it from now on."""
    charged: bool = False
    """Something has been charged while it was on."""
    met: bool = False
    """Nothing more is charged for it."""
    at_risk: bool = False
    """It will be missed as things stand."""
    warned: bool = False
    """That has been announced, which is done once."""
    risk_since_s: float | None = None
    """Control time since which it has looked as if it would be missed, or no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is told of a promise when it is met or will be missed."""

    goal: Goal
    soc_reached: float | None = None
    """Percent at ``ready_by``, where the car's capacity is known."""
    ready_at: datetime | None = None
    """When it is met, even if late; None where nobody can tell."""
    unmet_wh: float = 0.0
    """What of it is not charged in time."""
