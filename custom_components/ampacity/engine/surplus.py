"""PV surplus: what would be exported if no car charged from the sun."""

from collections.abc import Iterable
from dataclasses import dataclass

from .model import GridReading, Site
from .take import Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Power for all cars that charge from the sun, in W; it may be negative.

    ``sure`` counts on the least that they take now, ``hoped`` on the most.
    """

    sure_w: float
    hoped_w: float


def surplus(
    site: Site, grid: GridReading, solar_takes: Iterable[Take]
) -> Surplus | None:
    """Return the surplus, None where the meter tells no direction."""
    if grid.power_w is None:
        return None
    spare_w = -grid.power_w.value - site.export_margin_w
    low_w = high_w = 0.0
    for take in solar_takes:
        low_w += take.low_w
        high_w += take.high_w
    return Surplus(sure_w=spare_w + low_w, hoped_w=spare_w + high_w)
