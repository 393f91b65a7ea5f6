"""A home battery with a controller of its own, which keeps the grid at zero as far as it can."""

from dataclasses import dataclass
from math import isfinite

from .publisher import Published, Publisher


@dataclass(frozen=True, kw_only=True, slots=True)
class BatteryConfig:
    """What the battery can do, and how quickly its controller follows the grid."""

    capacity_wh: float = 10_000.0
    soc: float = 0.5
    """At the start, 0 to 1."""
    max_charge_w: float = 3000.0
    max_discharge_w: float = 3000.0
    efficiency: float = 0.95
    """Of each way, in and out."""
    control_s: float = 2.0
    """How often the controller looks at the grid; what it sees is as old as one step."""
    ramp_w_per_s: float = 1000.0
    period_s: float = 5.0
    """How often the battery reports."""

    def __post_init__(self) -> None:
        """Raise ValueError for a state of charge that none can have."""
        if not (isfinite(self.soc) and 0.0 <= self.soc <= 1.0):
            raise ValueError(f"A state of charge is between 0 and 1, not {self.soc}")


@dataclass(frozen=True, kw_only=True, slots=True)
class BatteryState:
    """What the battery reports; + is discharging."""

    power_w: float
    soc: float


class HomeBattery:
    """The battery; ``hold`` keeps it from discharging."""

    __slots__ = (
        "_control_at_s",
        "_publisher",
        "_wanted_w",
        "charged_wh",
        "config",
        "discharged_wh",
        "hold",
        "power_w",
        "soc",
    )

    def __init__(self, config: BatteryConfig) -> None:
        """Start at rest."""
        self.config = config
        self._publisher = Publisher[BatteryState](period_s=config.period_s)
        self._wanted_w = 0.0
        self._control_at_s = 0.0
        self.hold = False
        self.soc = config.soc
        self.power_w = 0.0
        self.charged_wh = 0.0
        self.discharged_wh = 0.0

    @property
    def reading(self) -> Published[BatteryState] | None:
        """What the outside sees now."""
        return self._publisher.latest

    def advance(self, grid_w: float, dt_s: float, now_s: float) -> None:
        """Let `dt_s` go by up to `now_s`; `grid_w` is what has flowed through the connection."""
        if now_s >= self._control_at_s:
            self._control_at_s = now_s + self.config.control_s
            self._wanted_w = self.power_w + grid_w
        step_w = self.config.ramp_w_per_s * dt_s
        wanted_w = self._possible_w(self._wanted_w)
        wanted_w = min(self.power_w + step_w, max(self.power_w - step_w, wanted_w))
        self.power_w = self._possible_w(wanted_w)
        self._store(dt_s)
        state = BatteryState(power_w=round(self.power_w), soc=round(self.soc, 2))
        self._publisher.advance(now_s, lambda: state)

    def _possible_w(self, power_w: float) -> float:
        """Return the power next to the wanted one that the battery can have now."""
        most_w = 0.0 if self.hold or self.soc <= 0.0 else self.config.max_discharge_w
        least_w = 0.0 if self.soc >= 1.0 else -self.config.max_charge_w
        return min(most_w, max(least_w, power_w))

    def _store(self, dt_s: float) -> None:
        energy_wh = self.power_w * dt_s / 3600.0
        if energy_wh > 0.0:
            self.discharged_wh += energy_wh
            energy_wh /= self.config.efficiency
        else:
            self.charged_wh -= energy_wh
            energy_wh *= self.config.efficiency
        self.soc = min(1.0, max(0.0, self.soc - energy_wh / self.config.capacity_wh))
