"""A wallbox: takes commands, offers a current to the car, measures what the car takes."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import floor

from .car import MIN_CURRENT_A, Car, CarConfig
from .phases import ZERO, Phases, quantize, quantize_phases
from .publisher import Fault, Published, Publisher, off

_CHARGING_ABOVE_A = 0.5
_SWITCH_BELOW_A = 1.0


class WallboxStatus(StrEnum):
    """What the wallbox says about itself."""

    NO_CAR = "no_car"
    READY = "ready"
    CHARGING = "charging"
    PAUSED = "paused"
    FINISHED = "finished"
    ERROR = "error"


class WallboxOfflineError(Exception):
    """The wallbox can't be reached."""


class CommandRejectedError(ValueError):
    """The wallbox refuses a command."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WallboxConfig:
    """What the wallbox can do, how it is wired and how it reports."""

    name: str = "wallbox"
    min_current_a: float = MIN_CURRENT_A
    max_current_a: float = 16.0
    current_a: float = MIN_CURRENT_A
    """Current limit at the start."""
    enabled: bool = False
    """Whether charging is allowed at the start."""
    phases: int = 3
    switches_phases: bool = False
    """Can go between one and three phases, when nothing flows."""
    rotation: tuple[int, int, int] = (0, 1, 2)
    """Grid phase (0 to 2) behind L1, L2 and L3 of the wallbox."""
    whole_amps: bool = True
    response_s: float = 0.5
    """From a command to its effect."""
    period_s: float = 1.0
    delay_s: float = 0.0
    car: CarConfig | None = None
    """The car that is plugged in at the start."""

    def __post_init__(self) -> None:
        """Raise ValueError for limits or wiring that can't be."""
        if not MIN_CURRENT_A <= self.min_current_a <= self.max_current_a:
            raise ValueError("The current limits must be 6 A or more and in order")
        if sorted(self.rotation) != [0, 1, 2] or self.phases not in (1, 3):
            raise ValueError(
                "A wallbox has one or three phases, each on a grid phase of its own"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class WallboxReading:
    """What the wallbox reports; currents on its own phases, not the grid's."""

    status: WallboxStatus
    plugged_in: bool
    enabled: bool
    current_limit_a: float
    phases: int
    power_w: float
    current_a: Phases
    session_wh: float
    total_wh: float


class Wallbox:
    """One wallbox, with its plug, its commands and its faults."""

    __slots__ = (
        "_commands",
        "_now_s",
        "_publisher",
        "car",
        "config",
        "current_a",
        "current_limit_a",
        "enabled",
        "failed",
        "grid_w",
        "ignores_limit",
        "ignores_pause",
        "phases",
        "power_w",
        "session_wh",
        "total_wh",
    )

    def __init__(self, config: WallboxConfig) -> None:
        """Start as configured, without faults."""
        self.config = config
        self._now_s = 0.0
        self._commands: deque[tuple[float, Callable[[], None]]] = deque()
        self._publisher = Publisher[WallboxReading](
            period_s=config.period_s, delay_s=config.delay_s
        )
        self.car: Car | None = None
        """The car in the plug."""
        self.current_limit_a = config.current_a
        self.enabled = config.enabled
        self.phases = config.phases
        self.current_a = ZERO
        """What the car takes on L1, L2 and L3 of the wallbox."""
        self.grid_w = ZERO
        """What the wallbox takes from L1, L2 and L3 of the grid."""
        self.power_w = 0.0
        self.session_wh = 0.0
        """Since the plug went in; stays after it comes out, until the next car."""
        self.total_wh = 0.0
        self.ignores_limit = False
        """Fault: takes current limits and goes on with the old one."""
        self.ignores_pause = False
        """Fault: takes pauses and goes on charging."""
        self.failed = False
        """Fault: reports an error and offers nothing."""
        if config.car:
            self.plug(Car(config.car))

    @property
    def reading(self) -> Published[WallboxReading] | None:
        """What the outside sees now; None before the first reading and while offline."""
        return self._publisher.latest

    @property
    def offline(self) -> bool:
        """Fault: can't be reached, and goes on with what it was last told."""
        return self._publisher.fault is off

    @offline.setter
    def offline(self, offline: bool) -> None:
        self._publisher.fault = off if offline else None

    @property
    def fault(self) -> Fault[WallboxReading] | None:
        """The present fault of its readings: one of publisher.py or a function of one's own."""
        return self._publisher.fault

    @fault.setter
    def fault(self, fault: Fault[WallboxReading] | None) -> None:
        self._publisher.fault = fault

    @property
    def offered_a(self) -> float:
        """What it offers the car now; 0 is a pause."""
        return (
            self.current_limit_a
            if self.enabled and self.car and not self.failed
            else 0.0
        )

    @property
    def status(self) -> WallboxStatus:
        """What it says about itself now."""
        if self.failed:
            return WallboxStatus.ERROR
        if self.car is None:
            return WallboxStatus.NO_CAR
        if max(self.current_a) > _CHARGING_ABOVE_A:
            return WallboxStatus.CHARGING
        if self.car.full:
            return WallboxStatus.FINISHED
        return WallboxStatus.READY if self.enabled else WallboxStatus.PAUSED

    def plug(self, car: Car) -> None:
        """Connect a car: a new session begins."""
        car.plug()
        self.car = car
        self.session_wh = 0.0

    def unplug(self) -> Car | None:
        """Take the car off and return it; None when there was none."""
        car, self.car = self.car, None
        if car:
            car.current_a = 0.0
        return car

    def set_current(self, current_a: float) -> None:
        """Set the current limit; CommandRejectedError outside the wallbox's limits."""
        if not self.config.min_current_a <= current_a <= self.config.max_current_a:
            raise CommandRejectedError(f"{current_a} A is outside the wallbox's limits")
        if self.config.whole_amps:
            current_a = float(floor(current_a))
        self._command(lambda: self._do_set_current(current_a))

    def pause(self) -> None:
        """Stop offering a current."""
        self._command(self._do_pause)

    def resume(self) -> None:
        """Offer the current limit."""
        self._command(self._do_resume)

    def set_phases(self, phases: int) -> None:
        """Go to one or three phases; CommandRejectedError unless paused below 1 A and able to."""
        if not self.config.switches_phases or phases not in (1, 3):
            raise CommandRejectedError(f"The wallbox can't go to {phases} phases")
        if not self._may_switch():
            raise CommandRejectedError(
                "Phases are only switched in a pause, when nothing flows"
            )
        self._command(lambda: self._do_set_phases(phases))

    def advance(self, voltage_v: Phases, dt_s: float, now_s: float) -> None:
        """Let `dt_s` go by up to `now_s` at the voltages of the grid's phases."""
        self._now_s = now_s
        while self._commands and self._commands[0][0] <= now_s + 1e-9:
            self._commands.popleft()[1]()
        self._draw(voltage_v, dt_s)
        energy_wh = self.power_w * dt_s / 3600
        self.session_wh += energy_wh
        self.total_wh += energy_wh
        self._publisher.advance(now_s, self._sample)

    def _command(self, effect: Callable[[], None]) -> None:
        """Let a command take effect after the response time; WallboxOfflineError when offline."""
        if self.offline:
            raise WallboxOfflineError(self.config.name)
        self._commands.append((self._now_s + self.config.response_s, effect))

    def _do_set_current(self, current_a: float) -> None:
        if not self.ignores_limit:
            self.current_limit_a = current_a

    def _do_pause(self) -> None:
        if not self.ignores_pause:
            self.enabled = False

    def _do_resume(self) -> None:
        self.enabled = True

    def _do_set_phases(self, phases: int) -> None:
        if self._may_switch():
            self.phases = phases

    def _may_switch(self) -> bool:
        return not self.enabled and max(self.current_a) < _SWITCH_BELOW_A

    def _draw(self, voltage_v: Phases, dt_s: float) -> None:
        """Let the car follow the offer and spread what it takes over the phases."""
        car = self.car
        if car is None:
            self.current_a = self.grid_w = ZERO
            self.power_w = 0.0
            return
        car.advance(self.offered_a, dt_s)
        used = min(self.phases, car.config.phases)
        l1, l2, l3 = self.config.rotation
        amps = car.current_a
        a1 = amps if voltage_v[l1] else 0.0
        a2 = amps if used > 1 and voltage_v[l2] else 0.0
        a3 = amps if used > 2 and voltage_v[l3] else 0.0
        watts = [0.0, 0.0, 0.0]
        watts[l1], watts[l2], watts[l3] = (
            a1 * voltage_v[l1],
            a2 * voltage_v[l2],
            a3 * voltage_v[l3],
        )
        self.current_a = (a1, a2, a3)
        self.grid_w = (watts[0], watts[1], watts[2])
        self.power_w = sum(watts)
        car.charge(self.power_w, dt_s)

    def _sample(self) -> WallboxReading:
        """Return the present values, rounded."""
        return WallboxReading(
            status=self.status,
            plugged_in=self.car is not None,
            enabled=self.enabled,
            current_limit_a=self.current_limit_a,
            phases=self.phases,
            power_w=quantize(self.power_w, 1.0),
            current_a=quantize_phases(self.current_a, 0.1),
            session_wh=self.session_wh,
            total_wh=self.total_wh,
        )
