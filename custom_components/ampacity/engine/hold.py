"""When the home battery is asked to hold, so that it feeds no car that charges from the grid."""

from collections.abc import Iterable
from dataclasses import replace

from .decision import Decision
from .demand import Demand
from .model import Site
from .state import BatteryWatch
from .survey import Survey

HOLD_S = 60.0
"""The battery goes on holding for this long, so that a car that hesitates moves no control."""
TAKES_A = 0.5


def hold(seen: Survey, decisions: Iterable[Decision]) -> tuple[BatteryWatch, bool]:
    """Return what to remember, and whether the battery is to hold.

    It is asked only where it can be told, and where the user does not want it to feed such cars.
    """
    watch = seen.state.battery
    if not _is_wanted(seen.site):
        return watch, False
    if any(_charges_from_grid(seen, decision) for decision in decisions):
        watch = replace(watch, from_grid_s=seen.clock_s)
    since_s = watch.from_grid_s
    return watch, since_s is not None and seen.clock_s - since_s < HOLD_S


def _is_wanted(site: Site) -> bool:
    battery = site.battery
    return battery is not None and battery.can_hold and not battery.feeds_cars


def _charges_from_grid(seen: Survey, decision: Decision) -> bool:
    """Return whether a car charges that is to use the grid."""
    asked = seen.asked[decision.charger_id]
    if not isinstance(asked, Demand) or decision.offer_a <= 0.0:
        return False
    if asked.on_surplus and not asked.from_grid_w:
        return False
    return seen.takes[decision.charger_id].now_a >= TAKES_A
