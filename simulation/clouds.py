"""Passing clouds as a seeded process: what part of the clear-sky output gets through."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudsConfig:
    """Ranges from which each cloud is drawn evenly."""

    gap_s: tuple[float, float] = (40.0, 90.0)
    """Clear time between two clouds."""
    length_s: tuple[float, float] = (15.0, 40.0)
    """How long a cloud shades, with its edges."""
    shade: tuple[float, float] = (0.4, 0.8)
    """Part of the output that the cloud takes."""
    edge_s: float = 3.0
    """Time in which its edge passes over the plant."""


class Clouds:
    """Clouds one after another. Ask with times that don't go back."""

    __slots__ = ("_begin_s", "_config", "_end_s", "_random", "_shade", "enabled")

    def __init__(self, config: CloudsConfig, random: Random) -> None:
        """Draw the first cloud."""
        self._config = config
        self._random = random
        self._end_s = 0.0
        self.enabled = True
        """False: the sky stays clear; the clouds go on unseen, so that a seed's weather stays the same."""
        self._next()

    def transmission(self, t_s: float) -> float:
        """Return the part of the clear-sky output that gets through, 0 to 1."""
        while t_s >= self._end_s:
            self._next()
        if not self.enabled or t_s <= self._begin_s:
            return 1.0
        inside_s = min(t_s - self._begin_s, self._end_s - t_s)
        return 1 - self._shade * min(1.0, inside_s / self._config.edge_s)

    def _next(self) -> None:
        """Draw the next cloud."""
        config, uniform = self._config, self._random.uniform
        self._begin_s = self._end_s + uniform(*config.gap_s)
        self._end_s = self._begin_s + uniform(*config.length_s)
        self._shade = uniform(*config.shade)
