"""Thermal model of a main fuse or breaker, per phase.

The heat θ of one pole follows θ' = ((I / (k·In))² - θ) / τ and the pole opens at
θ = 1. With k = 1.13 (the current that IEC 60898-1 wants held for an hour) and
τ = 40 s this is the quickest plausible breaker: warmed to θ = 0.5 by 0.8 × In, it
opens after about 37 s at 1.3 × In, 20 s at 1.5 × In and 8 s at 2 × In.
"""

from dataclasses import dataclass
from math import exp, inf, log

from .phases import Phases

# Below this excess over the holding current the final heat counts as 1, which is
# only reached after infinite time; rounding must not open the pole earlier.
_HOLD_TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class FuseConfig:
    """Rated current In in A, holding factor k, thermal time constant τ in s."""

    rated_a: float = 25.0
    hold_factor: float = 1.13
    time_constant_s: float = 40.0

    def __post_init__(self) -> None:
        """Raise ValueError for a rating, factor or time constant that is not positive."""
        if min(self.rated_a, self.hold_factor, self.time_constant_s) <= 0:
            raise ValueError(
                "Rating, holding factor and time constant must be positive"
            )


class Pole:
    """One phase of the fuse."""

    __slots__ = ("_config", "above_rated_s", "opened_at_s", "theta", "theta_max")

    def __init__(self, config: FuseConfig) -> None:
        """Start cold and closed."""
        self._config = config
        self.theta = 0.0
        """Heat; 1 opens the pole."""
        self.theta_max = 0.0
        """Highest heat since the start."""
        self.above_rated_s = 0.0
        """Time above the rated current since the start, in s."""
        self.opened_at_s: float | None = None
        """When the pole opened, in s since the start; None while it is closed."""

    def advance(self, current_a: float, dt_s: float, now_s: float = 0.0) -> None:
        """Let a constant current flow for `dt_s` up to `now_s`; exact, either direction."""
        config = self._config
        if self.opened_at_s is not None:
            current_a = 0.0
        if abs(current_a) > config.rated_a:
            self.above_rated_s += dt_s
        final = (current_a / (config.hold_factor * config.rated_a)) ** 2
        theta = final + (self.theta - final) * exp(-dt_s / config.time_constant_s)
        if theta >= 1 and self.opened_at_s is None and final > 1 + _HOLD_TOLERANCE:
            crossed_s = opening_time_s(config, current_a, self.theta)
            self.opened_at_s = now_s - dt_s + crossed_s
            self.theta_max = max(self.theta_max, 1.0)
            theta = exp((crossed_s - dt_s) / config.time_constant_s)
        self.theta = theta
        self.theta_max = max(self.theta_max, theta)

    def close(self) -> None:
        """Put the fuse back in, cold."""
        self.opened_at_s = None
        self.theta = 0.0


class Fuse:
    """Three poles that open each on its own, as fuses do."""

    __slots__ = ("config", "poles")

    def __init__(self, config: FuseConfig) -> None:
        """Start cold and closed."""
        self.config = config
        self.poles = (Pole(config), Pole(config), Pole(config))

    @property
    def theta(self) -> Phases:
        """Heat per phase."""
        l1, l2, l3 = self.poles
        return (l1.theta, l2.theta, l3.theta)

    @property
    def theta_max(self) -> float:
        """Highest heat of any phase since the start."""
        return max(pole.theta_max for pole in self.poles)

    @property
    def opened(self) -> tuple[bool, bool, bool]:
        """Which phases have opened."""
        l1, l2, l3 = self.poles
        return (
            l1.opened_at_s is not None,
            l2.opened_at_s is not None,
            l3.opened_at_s is not None,
        )

    def advance(self, current_a: Phases, dt_s: float, now_s: float) -> None:
        """Let constant currents flow for `dt_s` up to `now_s`."""
        l1, l2, l3 = self.poles
        l1.advance(current_a[0], dt_s, now_s)
        l2.advance(current_a[1], dt_s, now_s)
        l3.advance(current_a[2], dt_s, now_s)

    def close(self) -> None:
        """Put all poles back in, cold."""
        for pole in self.poles:
            pole.close()


def opening_time_s(config: FuseConfig, current_a: float, theta: float = 0.0) -> float:
    """Return after how many s a constant current opens a pole with heat `theta`; inf for never."""
    final = (current_a / (config.hold_factor * config.rated_a)) ** 2
    if theta >= 1:
        return 0.0
    if final <= 1 + _HOLD_TOLERANCE:
        return inf
    return config.time_constant_s * log((final - theta) / (final - 1))
