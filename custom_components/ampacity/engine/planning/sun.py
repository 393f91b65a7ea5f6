"""How much sun is expected to be left for cars in each slot."""

from collections.abc import Iterator

from ..model import BatteryStrategy, Site, Snapshot
from ..outlook import SLOT_S, Outlook
from ..state import EngineState

BATTERY_W = 3000.0
"""What a home battery is taken to charge with until it has been seen to."""


def expected_sun_w(
    site: Site, snapshot: Snapshot, state: EngineState, outlook: Outlook
) -> list[float]:
    """Return the surplus in W that cars can expect in each slot of an outlook.

    What the house usually uses and what the home battery takes before the cars are taken off. Not the
    export margin: it is kept only where nothing has to be bought, and the sun has enough.
    """
    spare_w = (
        max(0.0, solar_w - house_w)
        for solar_w, house_w in zip(outlook.solar_w, outlook.house_w, strict=True)
    )
    return list(_after_battery(site, snapshot, state, spare_w))


def _after_battery(
    site: Site, snapshot: Snapshot, state: EngineState, spare_w: Iterator[float]
) -> Iterator[float]:
    missing_wh = _before_cars_wh(site, snapshot)
    appetite_w = state.battery.appetite_w or BATTERY_W
    for power_w in spare_w:
        taken_w = min(power_w, appetite_w, missing_wh * 3600.0 / SLOT_S)
        missing_wh -= taken_w * SLOT_S / 3600.0
        yield power_w - taken_w


def _before_cars_wh(site: Site, snapshot: Snapshot) -> float:
    """Return what the home battery takes before any car gets something."""
    battery, reading = site.battery, snapshot.battery
    if battery is None or reading is None or reading.soc is None or not reading.soc.ok:
        return 0.0
    is_first = battery.strategy is BatteryStrategy.BATTERY_FIRST
    until_soc = 100.0 if is_first else battery.priority_soc
    percent = max(0.0, until_soc - reading.soc.value)
    return percent / 100.0 * battery.capacity_wh
