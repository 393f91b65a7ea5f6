"""What the engine decides, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ReasonKey(StrEnum):
    """Why a charger does what it does. The values named beside each key are its placeholders."""

    DISABLED = "disabled"
    """The site's charging is switched off."""
    OFF = "off"
    NOT_CONNECTED = "not_connected"
    OFFLINE = "offline"
    NEEDS_AUTH = "needs_auth"
    CHARGER_ERROR = "charger_error"
    STARTING_UP = "starting_up"
    """What was running is kept for a settle time. ``current_a``, until."""
    METER_STALE = "meter_stale"
    """``safe_a``, ``age_s``."""
    METER_FROZEN = "meter_frozen"
    """``safe_a``."""
    METER_ABSURD = "meter_absurd"
    """``safe_a``."""
    METER_SIGN = "meter_sign"
    """It falls when the cars take more. ``safe_a``."""
    METER_IMPLAUSIBLE = "meter_implausible"
    """It does not show what the cars take. ``safe_a``."""
    METER_RECOVERING = "meter_recovering"
    """``safe_a``, ``good``, ``needed``."""
    CONTROL_ERROR = "control_error"
    """``safe_a``."""
    SOLAR = "solar"
    """``current_a``, ``surplus_w``."""
    SOLAR_WAITING = "solar_waiting"
    """``surplus_w``, ``needed_w``."""
    SOLAR_STARTING = "solar_starting"
    """``surplus_w``, until."""
    SOLAR_HOLDING = "solar_holding"
    """Too little surplus, bridged at the minimum. ``current_a``, ``surplus_w``, until."""
    BATTERY_FIRST = "battery_first"
    """It would do for the car, but the home battery is served first. ``battery_w`` that it charges
    with, ``surplus_w``, ``needed_w``, until."""
    BATTERY_CARRIES = "battery_carries"
    """The home battery carries the minimum through a cloud. ``current_a``, ``soc`` of it."""
    SOLAR_UNKNOWN = "solar_unknown"
    """The meter tells no direction, so nobody knows the surplus."""
    SOLAR_MIN = "solar_min"
    """At the minimum, partly from the grid. ``current_a``, ``surplus_w``."""
    OFF_PEAK = "off_peak"
    """``current_a``, until."""
    OFF_PEAK_WAITING = "off_peak_waiting"
    """``surplus_w``, ``needed_w``, until."""
    PLAN = "plan"
    """It charges now to keep a promise. ``current_a``, ready by, until."""
    PLAN_CHEAP = "plan_cheap"
    """These hours are among the cheapest before a promise. ``current_a``, ready by, until."""
    PLAN_SUN = "plan_sun"
    """Mostly from the sun, the rest from the grid, for a promise. ``current_a``, ready by, until."""
    PLAN_PARTLY = "plan_partly"
    """At the minimum, partly from the sun: the grid's part would be bought later anyway for a promise.
    ``current_a``, ``surplus_w``, ready by."""
    PLAN_LATE = "plan_late"
    """Without full power from now on a promise would be missed. ``current_a``, ready by."""
    PLAN_SHORT = "plan_short"
    """A promise is missed even at full power. ``current_a``, ``short_wh`` missing, ready by."""
    PLAN_WAITING = "plan_waiting"
    """It charges next by its plan at the until. ``surplus_w``, ``needed_w``, ready by, until."""
    PLAN_PAID = "plan_paid"
    """Its plan waits, even from the sun, for hours in which taking power is paid; ready by, until."""
    FAST = "fast"
    """``current_a``."""
    MINIMUM_SOC = "minimum_soc"
    """The car is below its minimum. ``current_a``, ``soc`` that it is charged to at once."""
    TARGET_REACHED = "target_reached"
    """``soc`` to which it is to be charged."""
    TARGET_ENERGY_REACHED = "target_energy_reached"
    """``energy_wh`` that was to be charged."""
    BOOST = "boost"
    """``current_a``, until."""
    BOOST_ENERGY = "boost_energy"
    """``current_a``, ``energy_wh`` that is left."""
    BOOST_SOC = "boost_soc"
    """``current_a``, ``soc`` to reach."""
    TEST_RUN = "test_run"
    """``current_a``."""
    TEST_RUN_PAUSE = "test_run_pause"
    MANUAL = "manual"
    """Changed by hand at the charger and kept until unplugged. ``current_a``."""
    MANUAL_OFF = "manual_off"
    FUSE = "fuse"
    """The main fuse holds the current down. ``current_a``, ``phase``, ``headroom_a``."""
    FUSE_PAUSED = "fuse_paused"
    """``phase``, ``headroom_a``, ``needed_a``."""
    FUSE_RESUMING = "fuse_resuming"
    """There is room again, it must last. ``headroom_a``, until."""
    POWER_LIMIT = "power_limit"
    """``current_a``."""
    POWER_LIMIT_PAUSED = "power_limit_paused"
    LIMIT = "limit"
    """A cap set by an action. ``current_a``, until."""
    LIMIT_PAUSED = "limit_paused"
    """until."""
    PEAK = "peak"
    """More would raise the peak that the tariff charges for. ``current_a``, ``peak_w``, until."""
    PEAK_PAUSED = "peak_paused"
    """``peak_w``, until."""
    OPERATOR = "operator"
    """The grid operator limits. ``current_a``, ``limit_w``, until."""
    OPERATOR_PAUSED = "operator_paused"
    """``limit_w``, until."""
    CIRCUIT = "circuit"
    """A circuit holds the current down. ``current_a``, ``headroom_a``, circuit; ``phase`` unless it
    is its total."""
    CIRCUIT_PAUSED = "circuit_paused"
    """``headroom_a``, ``needed_a``, circuit."""
    IMBALANCE = "imbalance"
    """The phases would differ too much. ``current_a``, ``phase``."""
    IMBALANCE_PAUSED = "imbalance_paused"
    """``phase``, ``needed_a``."""
    WAITING_TURN = "waiting_turn"
    """Other chargers come first."""
    SWITCHING_PHASES = "switching_phases"
    """Paused to go to another number of ``phases``, until."""
    PHASES_WAITING = "phases_waiting"
    """Enough for one phase, but the last switch was a moment ago. ``surplus_w``, until."""
    PHASES_FAILED = "phases_failed"
    """It did not switch and stays on its ``phases`` until the car leaves. ``current_a``."""
    WAKING = "waking"
    """The offer is taken back for a moment, so that the car wakes up. ``tries``, ``most``, until."""
    CAR_ASLEEP = "car_asleep"
    """``current_a`` is offered, the car takes nothing, and ``tries`` to wake it did not help."""
    CAR_NOT_TAKING = "car_not_taking"
    """``current_a`` is offered, the car takes nothing."""
    FINISHED = "finished"
    NOT_OBEYING = "not_obeying"
    """``current_a`` offered, ``measured_a`` taken or read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason with its values and, where it is known, the moment until which it holds."""

    key: ReasonKey
    values: Mapping[str, float] = field(default_factory=dict)
    until: datetime | None = None
    ready_by: datetime | None = None
    """When a promise is due that it is about."""
    circuit_id: str | None = None
    """The circuit that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to write to a charger now; None leaves that lever alone.

    ``current_a`` is set before ``enabled`` is switched on, and after it is switched off nothing
    more is set. A charger that pauses at 0 A gets its pause from ``enabled`` too.
    """

    current_a: float | None = None
    enabled: bool | None = None
    phases: int | None = None
    """Only ever given alone, while the charger is paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one charger offers, and why."""

    charger_id: str
    offer_a: float
    """0 is a pause."""
    reason: Reason
    command: Command | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitView:
    """What the engine made of a circuit; empty where it has no meter or it is lost."""

    current_a: tuple[float, ...] = ()
    headroom_a: tuple[float, ...] = ()
    """Room for more on each phase, on top of what is flowing now."""
    limiting: bool = False
    """It holds some charger below what it asks for."""


class BatteryRole(StrEnum):
    """What the home battery's power means for the surplus."""

    UNKNOWN = "unknown"
    """Its power is not known: the surplus is what the grid meter alone shows."""
    FIRST = "first"
    """It is served before the cars."""
    SHARES = "shares"
    """Cars may take what it would charge with."""
    CARRIES = "carries"
    """It carries the minimum of cars through a cloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """What the engine made of the measurements; None where it could not."""

    grid_w: float | None = None
    """Last grid power that is believed."""
    home_w: float | None = None
    """The house without the cars."""
    surplus_w: float | None = None
    """What solar charging may use, cars included."""
    battery_w: float | None = None
    """Plus while the home battery discharges."""
    battery_soc: float | None = None
    battery_role: BatteryRole | None = None
    """None without a battery."""
    current_a: tuple[float | None, ...] = ()
    """Grid current per phase."""
    headroom_a: tuple[float | None, ...] = ()
    """Room for more on each phase, on top of what is flowing now."""
    limiting: bool = False
    """A limit holds some charger below what it asks for."""
    circuits: Mapping[str, CircuitView] = field(default_factory=dict)
    """By circuit."""
