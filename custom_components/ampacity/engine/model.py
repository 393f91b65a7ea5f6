"""What the engine knows: the site's configuration and what was measured.

Conventions, stated once for the whole project:

* Units stand in the names: ``_w`` watt, ``_wh`` watt-hour, ``_a`` ampere, ``_v`` volt, ``_s`` second.
* Signs: plus is import from the grid, charging of a car, discharge of a home battery towards the
  house. Export and battery charging are negative.
* Phases of the site are counted from 0 (L1) to 2 (L3); tuples per phase have one value a phase.
* All objects are frozen. A change makes a new object with :func:`dataclasses.replace`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
import math
from zoneinfo import ZoneInfo

from .outlook import Outlook
from .schedule import Schedule
from .tariffs import OperatorRule, OperatorSignal, PeakTariff
from .vehicle import Vehicle
from .weekly import Window

MIN_CURRENT_A = 6.0
"""The lowest current that a charger can offer, IEC 61851-1. Below it there is only a pause."""

NOMINAL_VOLTAGE_V = 230.0
_ROUNDING = 1e-6


class Mode(StrEnum):
    """What a charger may use; each mode may use all that the one before it may."""

    OFF = "off"
    """Nothing."""
    SOLAR = "solar"
    """Surplus only."""
    SOLAR_MIN = "solar_min"
    """Always the minimum, more from surplus."""
    OFF_PEAK = "off_peak"
    """Full power in the cheap hours, surplus outside them."""
    FAST = "fast"
    """Full power, always."""


class ChargerStatus(StrEnum):
    """What a charger says of itself, in words that fit every make."""

    DISCONNECTED = "disconnected"
    CONNECTED = "connected"
    """A car is plugged in and does not charge; the car or the charger waits."""
    PAUSED = "paused"
    """A car is plugged in, the charger does not offer."""
    CHARGING = "charging"
    FINISHED = "finished"
    AUTH = "auth"
    """The charger wants a card or an approval first."""
    ERROR = "error"
    OFFLINE = "offline"

    @property
    def is_plugged(self) -> bool:
        """Whether a car is on the cable."""
        return self in _PLUGGED

    @property
    def is_controllable(self) -> bool:
        """Whether the charger would act on an offer."""
        return self in _CONTROLLABLE


_CONTROLLABLE = frozenset(
    {
        ChargerStatus.CONNECTED,
        ChargerStatus.PAUSED,
        ChargerStatus.CHARGING,
        ChargerStatus.FINISHED,
    }
)
_PLUGGED = _CONTROLLABLE | {ChargerStatus.AUTH}


class Link(StrEnum):
    """How a charger is reached, which decides how often it may be written."""

    LOCAL = "local"
    CLOUD = "cloud"


class BatteryStrategy(StrEnum):
    """Who comes first when the sun has too little for both."""

    CAR_FIRST = "car_first"
    BATTERY_FIRST = "battery_first"


class Fault(StrEnum):
    """Why a reading that should be there cannot be used."""

    MISSING = "missing"
    """The source is unavailable, unknown or gone."""
    NOT_A_NUMBER = "not_a_number"
    """Text, NaN or infinity."""
    WRONG_UNIT = "wrong_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A measured value and how long ago it was reported; a fault instead when it is unusable."""

    value: float = math.nan
    age_s: float = 0.0
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a finite value, however old."""
        return (
            self.fault is None
            and math.isfinite(self.value)
            and math.isfinite(self.age_s)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GridReading:
    """The grid meter at one moment, in the engine's signs."""

    power_w: Reading | None = None
    """Total over all phases; None where the meter tells no direction."""
    current_a: tuple[Reading, ...] = ()
    """Per phase, signed where the meter tells the sign; empty where it has no phases."""
    voltage_v: tuple[float, ...] = ()
    """Per phase, measured; empty where it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerReading:
    """What a charger and its sensors say; None where there is no such sensor."""

    status: ChargerStatus
    offered_a: Reading | None = None
    """The current limit that is in force, read back from the charger."""
    enabled: bool | None = None
    """Whether the charger may charge, read back; None where it does not tell."""
    power_w: Reading | None = None
    current_a: tuple[Reading, ...] = ()
    """Per phase of the charger, in its own order."""
    energy_wh: Reading | None = None
    """A counter of charged energy; it may start anew with each session."""
    soc: Reading | None = None
    """State of charge of the car in percent."""
    phases: int | None = None
    """On how many phases it charges now, where it can change that and tells."""
    write_failed: bool = False
    """The last command could not be delivered."""
    failsafe_a: float | None = None
    """To what it falls back by itself when nobody talks to it; None where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryReading:
    """The home battery at one moment; None where there is no such sensor."""

    power_w: Reading | None = None
    """Positive while it discharges towards the house."""
    soc: Reading | None = None
    """Percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleReading:
    """What a car's own integration says; None where it has no such sensor."""

    soc: Reading | None = None
    """Percent; its age counts from the report."""
    plugged_in: bool | None = None
    at_home: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OffPeak:
    """Whether the cheap hours are on, and when that changes; None where nobody knows."""

    active: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything measured, at one moment."""

    grid: GridReading
    chargers: Mapping[str, ChargerReading] = field(default_factory=dict)
    solar_w: Reading | None = None
    off_peak: OffPeak | None = None
    circuits: Mapping[str, GridReading] = field(default_factory=dict)
    """Meters of circuits that have one, by circuit."""
    battery: BatteryReading | None = None
    vehicles: Mapping[str, VehicleReading] = field(default_factory=dict)
    """Of vehicles with sensors of their own."""
    outlook: Outlook | None = None
    """What is expected; None where neither prices nor forecasts are known."""
    schedule: Schedule | None = None
    """The newest; None before the first was made."""
    operator: OperatorSignal | None = None
    """What the grid operator says; None where nothing listens to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """The home battery as configured, with the user's present settings."""

    priority_soc: float = 0.0
    """Percent below which it is charged before any car."""
    buffer_soc: float = 100.0
    """Percent above which it may carry a car's minimum through a cloud."""
    strategy: BatteryStrategy = BatteryStrategy.CAR_FIRST
    """Who comes first above the priority SoC."""
    feeds_cars: bool = True
    """It may feed cars that charge from the grid as well; else it is told to hold, if it can."""
    can_hold: bool = False
    capacity_wh: float = 10_000.0
    """Usable; what most homes have, unless somebody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A part of the site with a limit of its own; circuits nest to any depth."""

    id: str
    fuse_a: float | None = None
    """Rated current per phase."""
    power_limit_w: float | None = None
    parent_id: str | None = None
    """The circuit that it hangs on; None for the site itself."""
    has_meter: bool = False
    """Without one, it carries its chargers and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """A charger as configured, with the user's present settings."""

    id: str
    phases: int = 3
    phase_map: tuple[int, ...] | None = None
    """For each phase of the charger the site's phase it hangs on; None when nobody knows."""
    min_a: float = MIN_CURRENT_A
    max_a: float = 16.0
    step_a: float = 1.0
    """The finest step of the offered current that the charger takes."""
    levels_a: tuple[float, ...] = ()
    """The only currents that it can be set to, rising; empty where every step will do."""
    safe_a: float | None = None
    """Offered when the meter is lost, 0 to pause; None lets the engine choose."""
    link: Link = Link.LOCAL
    settle_s: float = 10.0
    """How long after a command the charger and the car need to follow."""
    learns_settle: bool = False
    """``settle_s`` is a guess, which what is learned from its steps replaces."""
    raise_every_s: float = 0.0
    """At least this long between a command and a raise that only follows the sun."""
    writes_per_day: float | None = None
    """Commands a day that it stands; None for the usual number of its link."""
    can_pause: bool = True
    mode: Mode = Mode.SOLAR
    priority: int = 2
    """1 is served first."""
    weight: float = 1.0
    """Its part among equals: with 2 it gets twice what one with 1 gets."""
    circuit_id: str | None = None
    """The circuit that it hangs on; None for the site itself."""
    can_switch_phases: bool = False
    """It can go between one phase and ``phases`` while it is paused."""
    switch_pause_s: float = 10.0
    """How long nothing must flow around a phase switch."""
    switch_interval_s: float = 600.0
    """Between two phase switches at least."""
    wired_phases: int | None = None
    """What it is wired with, while ``phases`` are those that it charges on now; None where the
    two cannot differ."""
    vague_finish: bool = False
    """It also calls a car finished that was told to wait."""
    boost_s: float = 3600.0
    """How long a boost lasts when nothing else ends it."""
    target_soc: float | None = None
    """Percent to which it charges; None for the target of the car."""
    target_energy_wh: float | None = None
    """To be charged in a session at most; None without an end."""
    price_limit: float | None = None
    """Currency per kWh below which hours count as cheap; None leaves that to the site."""

    @property
    def all_phases(self) -> int:
        """The number of phases that it is wired with."""
        return self.wired_phases or self.phases

    def step_down(self, current_a: float) -> float:
        """Return the highest current not above this one that it can be set to.

        0 where even its lowest is above.
        """
        if self.levels_a:
            below = (one for one in self.levels_a if one <= current_a + _ROUNDING)
            return max(below, default=0.0)
        return math.floor(current_a / self.step_a + _ROUNDING) * self.step_a

    def step_up(self, current_a: float) -> float:
        """Return the lowest current not below this one that it can be set to.

        Where even its highest is below, this one.
        """
        if self.levels_a:
            above = (one for one in self.levels_a if one >= current_a - _ROUNDING)
            return min(above, default=current_a)
        return math.ceil(current_a / self.step_a - _ROUNDING) * self.step_a


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One grid connection and the chargers behind it."""

    fuse_a: float
    """Rated current of the main fuse, per phase."""
    phases: int = 3
    voltage_v: float = NOMINAL_VOLTAGE_V
    power_limit_w: float | None = None
    """Import that the connection allows in total, where there is such a limit."""
    fuse_margin: float = 0.05
    """Share of every limit that is kept free."""
    export_margin_w: float = 100.0
    """Export that solar charging leaves, so that small swings don't import."""
    start_delay_s: float = 60.0
    """Surplus of the minimum power for this long starts solar charging."""
    stop_delay_s: float = 180.0
    """The minimum power imported for this long stops it."""
    raise_delay_s: float = 60.0
    """A raise goes to what the limits had room for throughout this time."""
    resume_delay_s: float = 120.0
    """A charger that the limits paused waits for room throughout this time."""
    import_price: float = 0.0
    """Currency per kWh."""
    feed_in_price: float = 0.0
    """Currency per kWh."""
    cheap_below: float | None = None
    """Currency per kWh at or below which hours count as cheap; None where no price makes them so."""
    cheapest_hours: float = 0.0
    """So many hours of each local day count as cheap, those with the lowest prices."""
    imbalance_w: float | None = None
    """By how much the phases may differ, where the grid operator limits that."""
    charging_enabled: bool = True
    chargers: tuple[Charger, ...] = ()
    circuits: tuple[Circuit, ...] = ()
    battery: Battery | None = None
    vehicles: tuple[Vehicle, ...] = ()
    off_peak_windows: tuple[Window, ...] = ()
    """The cheap hours of the week, as far as they are known ahead."""
    peak: PeakTariff | None = None
    operator: OperatorRule | None = None
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """In which promises and tariffs count their days and hours."""

    @property
    def limit_a(self) -> float:
        """What a phase may carry, the margin taken off."""
        return self.fuse_a * (1.0 - self.fuse_margin)
