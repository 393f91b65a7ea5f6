"""PV surplus: what would be exported if no car charged from the sun."""

from collections.abc import Iterable
from dataclasses import dataclass

from .battery import BatteryPart, carried_w, sun_w
from .model import GridReading, Site
from .take import Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Power for all cars that charge from the sun, in W; it may be negative.

    ``sure`` counts on the least that they take now, ``hoped`` on the most.
    """

    sure_w: float
    hoped_w: float
    carries: bool = False
    """Part of it comes from the home battery, which carries the minimum of cars."""


def surplus(
    site: Site,
    grid: GridReading,
    solar_takes: Iterable[Take],
    battery: BatteryPart | None = None,
    *,
    floor_w: float = 0.0,
    lagging: bool = False,
) -> Surplus | None:
    """Return the surplus, None where the meter tells no direction.

    ``floor_w`` is the minimum of the cars that charge from the sun already. A battery reading
    that is ``lagging``, as it does not show yet what the last commands led to, raises nothing.
    """
    if grid.power_w is None:
        return None
    spare_w = -grid.power_w.value - site.export_margin_w
    low_w = high_w = 0.0
    for take in solar_takes:
        low_w += take.low_w
        high_w += take.high_w
    if battery is None or battery.power_w is None:
        return Surplus(sure_w=spare_w + low_w, hoped_w=spare_w + high_w)
    sure_w = sun_w(battery, low_w, spare_w)
    hoped_w = sun_w(battery, high_w, spare_w)
    if lagging:
        sure_w, hoped_w = min(sure_w, low_w), max(hoped_w, spare_w + high_w)
    free_w = spare_w + max(0.0, site.export_margin_w)
    carried_sure_w = carried_w(battery, sure_w, free_w + low_w, floor_w)
    return Surplus(
        sure_w=carried_sure_w,
        hoped_w=carried_w(battery, hoped_w, free_w + high_w, floor_w),
        carries=carried_sure_w > sure_w,
    )
