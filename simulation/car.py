"""A car at a charge point: what it takes of what it is offered, and what reaches its battery."""

from dataclasses import dataclass

MIN_CURRENT_A = 6.0
"""Lowest current a charge point can offer (IEC 61851-1)."""
LONGEST_FOLLOW_DOWN_S = 6.0
"""A car follows a lower offer within this time."""
_TAPERED_PART = 0.15


@dataclass(frozen=True, kw_only=True, slots=True)
class CarConfig:
    """What a car can take, how it follows its offer, and its battery."""

    phases: int = 3
    """1, 2 or 3 phases of its on-board charger, from L1 of the plug on."""
    max_current_a: float = 16.0
    undertake_a: float = 0.5
    """How much less than the offer it takes."""
    start_delay_s: float = 5.0
    """From the offer to the first current."""
    up_delay_s: float = 1.0
    down_delay_s: float = 1.0
    up_a_per_s: float = 2.0
    down_a_per_s: float = 6.0
    capacity_wh: float = 60_000.0
    soc: float = 0.45
    """State of charge when it arrives, 0 to 1."""
    charge_to_soc: float = 1.0
    """The car's own limit: here it stops."""
    taper_soc: float = 0.94
    """Above this it takes less and less."""
    loss_base_w: float = 200.0
    loss_fraction: float = 0.07
    sleeps_after_s: float | None = None
    """Falls asleep after a pause this long; None: never."""
    wakes_after_offers: int = 2
    """How many offers, each after a pause, wake it; the first one it sleeps through."""

    def __post_init__(self) -> None:
        """Raise ValueError for a car that no standard allows."""
        if self.phases not in (1, 2, 3):
            raise ValueError("A car uses 1, 2 or 3 phases")
        if self.max_current_a < MIN_CURRENT_A or self.capacity_wh <= 0:
            raise ValueError("A car takes 6 A or more into a battery with a capacity")
        follow_s = self.down_delay_s + self.max_current_a / self.down_a_per_s
        if follow_s > LONGEST_FOLLOW_DOWN_S:
            raise ValueError(f"A car follows down within 6 s, not {follow_s:.1f} s")


class Car:
    """A plugged-in or parked car."""

    __slots__ = (
        "_delay_s",
        "_direction",
        "_offered",
        "_offers_asleep",
        "_paused_s",
        "asleep",
        "config",
        "current_a",
        "soc",
    )

    def __init__(self, config: CarConfig) -> None:
        """Start awake, at its state of charge, taking nothing."""
        self.config = config
        self.soc = config.soc
        self.current_a = 0.0
        """What it takes now on each phase it uses."""
        self.asleep = False
        self._offered = False
        self._offers_asleep = 0
        self._paused_s = 0.0
        self._direction = 0
        self._delay_s = 0.0

    @property
    def full(self) -> bool:
        """Whether it has what its own limit allows."""
        return self.soc >= self.config.charge_to_soc

    def plug(self) -> None:
        """Connect it: a car just plugged in is awake."""
        self.current_a = 0.0
        self.asleep = False
        self._offered = False
        self._paused_s = 0.0
        self._direction = 0

    def advance(self, offered_a: float, dt_s: float) -> None:
        """Follow the offer (0 A is a pause) for `dt_s`."""
        self._sleep_or_wake(offered_a >= MIN_CURRENT_A, dt_s)
        target_a = self._target_a(offered_a)
        direction = (target_a > self.current_a) - (target_a < self.current_a)
        if direction != self._direction:
            self._direction = direction
            self._delay_s = self._reaction_s(direction)
        if direction:
            self._ramp(target_a, dt_s)

    def charge(self, power_w: float, dt_s: float) -> None:
        """Take power from the charge point for `dt_s`; losses never reach the battery."""
        if power_w <= 0:
            return
        config = self.config
        stored_w = max(0.0, power_w * (1 - config.loss_fraction) - config.loss_base_w)
        self.soc = min(
            config.charge_to_soc, self.soc + stored_w * dt_s / 3600 / config.capacity_wh
        )

    def _sleep_or_wake(self, offered: bool, dt_s: float) -> None:
        """Count the pause and the offers, fall asleep and wake up."""
        config = self.config
        if offered and not self._offered and self.asleep:
            self._offers_asleep += 1
            self.asleep = self._offers_asleep < config.wakes_after_offers
        self._offered = offered
        self._paused_s = 0.0 if offered else self._paused_s + dt_s
        if (
            not self.asleep
            and config.sleeps_after_s is not None
            and self._paused_s >= config.sleeps_after_s
        ):
            self.asleep = True
            self._offers_asleep = 0

    def _target_a(self, offered_a: float) -> float:
        """Return the current that the car goes for."""
        config = self.config
        if offered_a < MIN_CURRENT_A or self.asleep or self.full:
            return 0.0
        target_a = min(offered_a - config.undertake_a, config.max_current_a)
        if self.soc > config.taper_soc:
            tapered = (self.soc - config.taper_soc) / (1 - config.taper_soc)
            target_a = min(
                target_a, config.max_current_a * (1 - (1 - _TAPERED_PART) * tapered)
            )
        return target_a

    def _reaction_s(self, direction: int) -> float:
        """Return how long the car waits before it moves."""
        if direction > 0:
            return (
                self.config.up_delay_s if self.current_a else self.config.start_delay_s
            )
        return self.config.down_delay_s

    def _ramp(self, target_a: float, dt_s: float) -> None:
        """Go towards the target with what is left of the step after the delay."""
        moving_s = dt_s - self._delay_s
        self._delay_s = max(0.0, self._delay_s - dt_s)
        if moving_s <= 0:
            return
        if self._direction > 0:
            self.current_a = min(
                target_a, self.current_a + self.config.up_a_per_s * moving_s
            )
        else:
            self.current_a = max(
                target_a, self.current_a - self.config.down_a_per_s * moving_s
            )
