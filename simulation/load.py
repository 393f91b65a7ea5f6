"""What the house takes beside the cars and the appliances: its base load, per phase."""

from dataclasses import dataclass
from random import Random
from typing import Protocol

from .phases import Phases
from .series import Series


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseLoadConfig:
    """Mean load per phase that wanders around its mean."""

    mean_w: Phases = (150.0, 130.0, 120.0)
    spread: float = 0.15
    """Standard deviation as a part of the mean."""
    hold_s: tuple[float, float] = (5.0, 30.0)
    """How long a level holds before the next one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesLoadConfig:
    """A base load that follows a series in W for each phase."""

    power_w: tuple[Series, Series, Series]


class BaseLoad(Protocol):
    """Anything that gives a load per phase."""

    def power_w(self, t_s: float) -> Phases:
        """Return the load at a time since the start; ask with times that don't go back."""


def base_load(config: BaseLoadConfig | SeriesLoadConfig, random: Random) -> BaseLoad:
    """Return the base load that the configuration describes."""
    if isinstance(config, SeriesLoadConfig):
        return SeriesLoad(config)
    return WanderingLoad(config, random)


class WanderingLoad:
    """A load whose level changes at seeded moments, never below a quarter of its mean."""

    __slots__ = ("_config", "_level_w", "_random", "_until_s")

    def __init__(self, config: BaseLoadConfig, random: Random) -> None:
        """Start at the mean."""
        self._config = config
        self._random = random
        self._level_w = config.mean_w
        self._until_s = random.uniform(*config.hold_s)

    def power_w(self, t_s: float) -> Phases:
        """Return the load at a time since the start."""
        while t_s >= self._until_s:
            self._until_s += self._random.uniform(*self._config.hold_s)
            l1, l2, l3 = self._config.mean_w
            self._level_w = (self._around(l1), self._around(l2), self._around(l3))
        return self._level_w

    def _around(self, mean_w: float) -> float:
        """Return a level around the mean."""
        return max(
            0.25 * mean_w, self._random.gauss(mean_w, self._config.spread * mean_w)
        )


class SeriesLoad:
    """A load that follows a series."""

    __slots__ = ("_l1", "_l2", "_l3")

    def __init__(self, config: SeriesLoadConfig) -> None:
        """Follow the series."""
        self._l1, self._l2, self._l3 = config.power_w

    def power_w(self, t_s: float) -> Phases:
        """Return the load at a time since the start."""
        return (self._l1.at(t_s), self._l2.at(t_s), self._l3.at(t_s))
