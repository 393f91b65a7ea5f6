"""The home battery: what its power means for the surplus.

A battery with a controller of its own keeps the grid at zero: it takes the export that cars look
for, and feeds a car that takes too much without any import showing. So its power is counted in.

* Where the car comes first, what the battery charges with is up for the cars.
* Where the battery comes first, it is not, and a car has to leave the battery what it would take
  if no car charged. Nobody tells that, so it is learned: a battery that leaves export has all
  that it wants. Until that is known, cars get only what is exported.
* What it discharges is never sun. Above the buffer SoC it may carry the minimum of cars that
  charge already; a car does not start on it and gets no more from it.
"""

from dataclasses import dataclass, replace

from .model import Battery, BatteryReading, BatteryStrategy, Reading, Site, Snapshot
from .state import BatteryWatch, EngineState

POWER_MAX_AGE_S = 120.0
"""A battery's power that is older is not counted: the battery may do something else by now."""
SOC_MAX_AGE_S = 3600.0
FULL_SOC = 99.0
"""A battery this full wants no more."""
FALL_BACK_SOC = 2.0
"""So far below its priority SoC it comes first again, so that a SoC at the threshold flaps not."""
SATED_S = 60.0
"""Export for this long means that the battery takes all that it wants."""
MIN_EXPORT_W = 50.0
RESIDUE_W = 100.0
"""What a battery that keeps the grid at zero leaves there now and then."""
ABSURD = 10.0
"""Times what the main fuse carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryPart:
    """The battery at one moment, as far as it is believed."""

    power_w: float | None
    """Plus while it discharges."""
    reported_s: float
    """Control time at which that was reported."""
    soc: float | None
    first: bool
    """It is served before the cars."""
    appetite_w: float | None
    """What it charges with when it gets all that it wants; None while nobody knows."""
    may_carry: bool
    """Its SoC lets it carry a minimum."""

    @property
    def charging_w(self) -> float:
        """What it charges with."""
        return max(0.0, -(self.power_w or 0.0))

    @property
    def discharging_w(self) -> float:
        """What it discharges with."""
        return max(0.0, self.power_w or 0.0)


def watch_battery(site: Site, snapshot: Snapshot, state: EngineState) -> BatteryWatch:
    """Return what is remembered of the battery, at a moment at which the meter is believed."""
    if site.battery is None:
        return BatteryWatch()
    grid, reading, clock_s = snapshot.grid, snapshot.battery, state.clock_s
    served = _is_served(site.battery, reading, state.battery)
    watch = replace(state.battery, served=served)
    power_w = _power_w(site, reading)
    if power_w is None or grid.power_w is None:
        return replace(watch, export_since_s=None)
    charging_w = max(0.0, -power_w)
    if watch.appetite_w is not None and charging_w > watch.appetite_w:
        watch = replace(watch, appetite_w=charging_w)
    if -grid.power_w.value < max(MIN_EXPORT_W, site.export_margin_w / 2.0):
        return replace(watch, export_since_s=None)
    since_s = clock_s if watch.export_since_s is None else watch.export_since_s
    watch = replace(watch, export_since_s=since_s)
    if clock_s - since_s >= SATED_S:
        watch = replace(watch, appetite_w=charging_w)
    return watch


def battery_part(
    site: Site, reading: BatteryReading | None, watch: BatteryWatch, clock_s: float
) -> BatteryPart | None:
    """Return the battery as the surplus counts it; None for a site without one."""
    battery = site.battery
    if battery is None:
        return None
    soc = _soc(reading)
    power = reading.power_w if reading else None
    return BatteryPart(
        power_w=_power_w(site, reading),
        reported_s=clock_s - power.age_s if power else clock_s,
        soc=soc,
        first=soc is None
        or not watch.served
        or battery.strategy is BatteryStrategy.BATTERY_FIRST,
        appetite_w=0.0 if soc is not None and soc >= FULL_SOC else watch.appetite_w,
        may_carry=soc is not None and soc > battery.buffer_soc,
    )


def sun_w(part: BatteryPart, cars_w: float, spare_w: float) -> float:
    """Return the surplus of cars that take ``cars_w`` now.

    ``spare_w`` is the export less the margin. Neither the battery's own controller nor a change
    of the cars' power moves the result: what one takes more, the other or the grid takes less.
    """
    if part.power_w is None:
        return spare_w + cars_w
    if not part.first:
        return spare_w + cars_w - part.power_w
    found_w = spare_w + cars_w - part.discharging_w
    if part.appetite_w is None:
        return min(found_w, spare_w)
    return found_w - max(0.0, part.appetite_w - part.charging_w)


def carried_w(
    part: BatteryPart, found_w: float, import_free_w: float, floor_w: float
) -> float:
    """Return the surplus with what the battery adds to carry ``floor_w``, the cars' minimum.

    ``import_free_w`` is what cars may take until there is import, the battery as it is.
    """
    if part.power_w is None or not part.may_carry:
        return found_w
    return max(found_w, min(import_free_w, floor_w))


def _is_served(
    battery: Battery, reading: BatteryReading | None, watch: BatteryWatch
) -> bool:
    """Return whether the priority SoC is reached; as before while the SoC is not known."""
    soc = _soc(reading)
    if soc is None:
        return watch.served
    slack = FALL_BACK_SOC if watch.served else 0.0
    return soc >= battery.priority_soc - slack


def _soc(reading: BatteryReading | None) -> float | None:
    soc = _value(reading.soc, SOC_MAX_AGE_S) if reading else None
    return soc if soc is not None and 0.0 <= soc <= 100.0 else None


def _power_w(site: Site, reading: BatteryReading | None) -> float | None:
    power_w = _value(reading.power_w, POWER_MAX_AGE_S) if reading else None
    most_w = ABSURD * site.fuse_a * site.voltage_v * site.phases
    return power_w if power_w is not None and abs(power_w) <= most_w else None


def _value(reading: Reading | None, max_age_s: float) -> float | None:
    if reading is None or not reading.ok or not reading.age_s <= max_age_s:
        return None
    return reading.value
