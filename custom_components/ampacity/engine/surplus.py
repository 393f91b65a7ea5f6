"""PV surplus: what would be exported if no car charged from the sun."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .allocate import Ask
from .battery import RESIDUE_W, BatteryPart, battery_part, carried_w, sun_w
from .decision import BatteryRole, Reason, ReasonKey
from .model import Charger, GridReading, Site, Snapshot
from .state import EngineState
from .take import Take

_WAITING = frozenset({ReasonKey.SOLAR_WAITING, ReasonKey.OFF_PEAK_WAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Power for all cars that charge from the sun, in W; it may be negative.

    ``sure`` counts on the least that they take now, ``hoped`` on the most.
    """

    sure_w: float
    hoped_w: float
    carries: bool = False
    """Part of it comes from the home battery, which carries the minimum of cars."""
    battery: BatteryPart | None = None

    @property
    def battery_role(self) -> BatteryRole | None:
        """What the battery's power means for it; None without a battery."""
        if self.battery is None:
            return None
        if self.battery.power_w is None:
            return BatteryRole.UNKNOWN
        if self.carries:
            return BatteryRole.CARRIES
        return BatteryRole.FIRST if self.battery.first else BatteryRole.SHARES


def surplus_for(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    chargers: Iterable[Charger],
    asks: Sequence[Ask],
    takes: Mapping[str, Take],
) -> Surplus | None:
    """Return the surplus for those who ask for it, None where the meter tells no direction."""
    sunny = [ask for ask in asks if ask.on_surplus]
    battery = battery_part(site, snapshot.battery, state.battery, state.clock_s)
    return surplus(
        site,
        snapshot.grid,
        [takes[ask.charger_id] for ask in sunny],
        battery,
        floor_w=sum(ask.floor_a * ask.w_per_a for ask in sunny if not ask.idle),
        lagging=any(is_behind(battery, state, charger) for charger in chargers),
    )


def is_behind(
    battery: BatteryPart | None, state: EngineState, charger: Charger
) -> bool:
    """Return whether the battery's reading may not show yet what a charger was told last."""
    if battery is None or battery.power_w is None:
        return False
    settled_s = state.charger(charger.id).orders.at_s + charger.settle_s
    return battery.reported_s < settled_s


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
        return Surplus(
            sure_w=spare_w + low_w, hoped_w=spare_w + high_w, battery=battery
        )
    sure_w = sun_w(battery, low_w, spare_w)
    hoped_w = sun_w(battery, high_w, spare_w)
    if lagging:
        sure_w, hoped_w = min(sure_w, low_w), max(hoped_w, spare_w + high_w)
    free_w = RESIDUE_W - grid.power_w.value
    carried_sure_w = carried_w(battery, sure_w, free_w + low_w, floor_w)
    return Surplus(
        sure_w=carried_sure_w,
        hoped_w=carried_w(battery, hoped_w, free_w + high_w, floor_w),
        carries=carried_sure_w > sure_w,
        battery=battery,
    )


def explained(reason: Reason, sun: Surplus | None) -> Reason:
    """Return the reason of a charger, the home battery named where that is the cause."""
    if sun is None or sun.battery is None:
        return reason
    if sun.battery_role is BatteryRole.CARRIES and reason.key is ReasonKey.SOLAR:
        values = {**reason.values, "soc": sun.battery.soc or 0.0}
        return replace(reason, key=ReasonKey.BATTERY_CARRIES, values=values)
    if sun.battery_role is not BatteryRole.FIRST or reason.key not in _WAITING:
        return reason
    battery_w = sun.battery.charging_w
    if reason.values["surplus_w"] + battery_w < reason.values["needed_w"]:
        return reason
    values = {**reason.values, "battery_w": battery_w}
    return replace(reason, key=ReasonKey.BATTERY_FIRST, values=values)
