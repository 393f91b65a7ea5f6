"""What the engine remembers from one decision to the next.

Timers count on the engine's own clock, ``clock_s``: seconds of control time, advanced by each
step and never by more than :data:`MAX_STEP_S`. A wall clock that is set back or forward therefore
moves no timer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from .learned import Learned, Watching
from .promise import Goal, Promise
from .session import Session
from .tariffs import OperatorMemory, PeakMemory
from .trial import Trial, TrialReport
from .vehicle import Parked, VehicleMemory
from .wear import Wear
from .window import SlidingMin

MAX_STEP_S = 60.0


class Phase(StrEnum):
    """Where a charger's regulation stands."""

    ADOPTING = "adopting"
    """Just taken over: what runs is kept for a settle time."""
    IDLE = "idle"
    """No car, or a charger that cannot act."""
    PAUSED = "paused"
    CHARGING = "charging"
    SWITCHING = "switching"
    """Paused to go to another number of phases; charging begins or goes on right after."""
    WAKING = "waking"
    """Paused for a moment, so that a sleeping car sees a new offer."""

    @property
    def has_turn(self) -> bool:
        """Whether the charger has begun to charge and keeps what that takes."""
        return self in (Phase.CHARGING, Phase.SWITCHING, Phase.WAKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Boost:
    """Full current now; it ends with whichever of its ends comes first."""

    remaining_s: float | None = None
    energy_wh: float | None = None
    """Still to be charged."""
    soc: float | None = None
    """Percent to be reached."""
    current_a: float | None = None
    """Offered instead of the charger's maximum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """An upper limit set by an action, on the site's import or on one charger."""

    current_a: float | None = None
    power_w: float | None = None
    remaining_s: float | None = None
    """None lasts until it is cleared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """What somebody set at the charger itself; None where that lever was not touched."""

    current_a: float | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterTrial:
    """What the chargers' own steps tell of the meter."""

    point_s: float | None = None
    """Control time of the last moment at which all cars had settled; None before the first."""
    flow_w: float = 0.0
    """What flowed to the house and the cars then."""
    grid_w: float = 0.0
    """What the meter said then."""
    taken_w: float = 0.0
    """What the cars took then."""
    seen_w: float = 0.0
    """What the cars took at the last report."""
    top_w: float = 0.0
    """The most that the cars have taken lately."""
    top_s: float = -1e9
    """Control time of that."""
    solar_w: float = 0.0
    """What the sun gave then, as far as that is known."""
    odd_since_s: float | None = None
    """Control time since which the balance cannot be; None while it can."""
    against: int = 0
    """Steps in a row that the meter did not follow."""
    verdict: str | None = None
    """Why it is not believed, a ReasonKey's value; None while it is."""
    sure: bool = False
    """A step has confirmed the doubt."""
    since_s: float = 0.0
    """Control time of the verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterWatch:
    """Whether the grid meter can be believed."""

    reported_s: float | None = None
    """Control time of the newest report."""
    period_s: float = 0.0
    """Usual time between two reports, learned."""
    good: int = 0
    """Good readings in a row since the meter was last lost; it is believed from three on."""
    lost: str | None = None
    """Why it is not believed, a ReasonKey's value; None while it is."""
    value: tuple[float, ...] = ()
    """What the newest report said, as one tuple of all its numbers."""
    same_since_s: float = 0.0
    """Control time since which that has not moved by a digit."""
    trial: MeterTrial = field(default_factory=MeterTrial)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryWatch:
    """What has been seen of the home battery."""

    served: bool = False
    """Its priority SoC is reached."""
    appetite_w: float | None = None
    """What it charged with when it last had all that it wanted; None before that was seen."""
    export_since_s: float | None = None
    """Control time since which something has been exported; None while nothing is."""
    from_grid_s: float | None = None
    """Control time at which a car last charged that need not be fed by the battery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a charger was told, and how it took it."""

    offer_a: float = 0.0
    """In force by our word, 0 for a pause."""
    before_a: float = 0.0
    """What was in force before that."""
    before_low_a: tuple[float, ...] = ()
    """The least that the car took just before the last command, per phase of the charger."""
    before_high_a: tuple[float, ...] = ()
    """The most that it may have taken."""
    before_now_a: float = 0.0
    """What it took by its sensors, on its fullest phase."""
    at_s: float = -1e9
    """Control time of the last command."""
    raised_s: float = -1e9
    """Control time of the last raise."""
    confirmed: bool = False
    """The charger has been seen to be where it was told."""
    tries: int = 0
    """Commands given again because they were not obeyed."""
    excesses: int = 0
    """Commands in a row that found the car above its offer; back at 0 once it keeps to one."""
    adopted: bool = False
    """What the charger was doing when we came has been taken over."""
    defied: bool = False
    """Lowering the current did not help, so the charger is to pause."""
    defied_s: float = 0.0
    """Control time of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """On how many phases a charger charges, where it can change that."""

    phases: int | None = None
    """What it was last switched to, or was seen on; None while nobody knows."""
    target: int | None = None
    """What it is being switched to; None while nothing is under way."""
    is_sent: bool = False
    """That has been commanded."""
    confirmed: bool = False
    """The charger itself has told ``phases`` since."""
    at_s: float = -1e9
    """Control time of the last switch."""
    failures: int = 0
    """Switches in a row that did not happen."""
    by_hand: bool = False
    """Somebody else has switched, which is kept until the car leaves."""
    uses_one: bool = False
    """The car has been seen to take one phase of all."""
    up_s: float = 0.0
    """For how long there has been enough for all phases."""
    down_s: float = 0.0
    """For how long one phase would have been better."""
    other_room: SlidingMin = field(default_factory=SlidingMin)
    """What the limits would have left on the other number of phases in the last minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waking:
    """Whether a car that is offered current takes any, and what was done about it."""

    is_due: bool = False
    """It was paused, is offered current again, and has not taken any since."""
    tries: int = 0
    """Offers taken back and made again to wake it."""
    taking_s: float = 0.0
    """How long it has been charging without a break."""
    peak_a: float = 0.0
    """The most that it has taken in this session."""
    taper_s: float = 0.0
    """How long it has taken clearly less than its peak and its offer: it is getting full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerState:
    """What is remembered of one charger."""

    phase: Phase = Phase.ADOPTING
    since_s: float = 0.0
    """Control time at which the phase began."""
    plugged_s: float | None = None
    """Control time of the plug-in; None without a car."""
    finished: bool = False
    """The car is full, by the word of a charger that is not believed at once."""
    untold_s: float = -1e9
    """Control time at which nothing was last heard of it, or nothing reached it, for a while."""
    credit_s: float = 0.0
    """Start: seconds of minimum power that the surplus has been worth."""
    debt_s: float = 0.0
    """Stop: seconds of minimum power that have been imported."""
    drift_s: float = 0.0
    """How long the offer has been off its goal by less than the dead-band."""
    unused_s: float = 0.0
    """How long the car has taken clearly less than it is offered."""
    gap_a: float = 0.0
    """By how much the car keeps below what it is offered, learned since it came."""
    firm: bool = False
    """What it asked for last did not depend on the sun."""
    cut: bool = False
    """A limit has paused the charger and it has not resumed since."""
    room: SlidingMin = field(default_factory=SlidingMin)
    """What the limits had room for in the last minutes."""
    take_a: float = 0.0
    """What the car took at the last decision, on the phase on which it takes most."""
    take_w: float = 0.0
    orders: Orders = field(default_factory=Orders)
    learned: Learned = field(default_factory=Learned)
    watching: Watching = field(default_factory=Watching)
    wear: Wear = field(default_factory=Wear)
    switching: Switching = field(default_factory=Switching)
    waking: Waking = field(default_factory=Waking)
    boost: Boost | None = None
    cap: Cap | None = None
    manual: Manual | None = None
    trial: Trial | None = None
    """The test run that is under way."""
    tested: TrialReport | None = None
    """What the last test run has shown."""
    promises: tuple[Promise, ...] = ()
    goal: Goal | None = None
    """What it works on; None while nothing is promised."""
    late: bool = False
    """It had to hurry for its promise at the last decision."""
    parked: Parked = field(default_factory=Parked)
    """The car that is plugged in."""
    session: Session | None = None
    counter_wh: float | None = None
    """Last value of the charger's energy counter."""
    counter_s: float = 0.0
    """Control time when the counter last moved."""
    total_wh: float = 0.0
    """All energy ever charged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineState:
    """What is remembered of a site."""

    now: datetime | None = None
    clock_s: float = 0.0
    meter: MeterWatch = field(default_factory=MeterWatch)
    battery: BatteryWatch = field(default_factory=BatteryWatch)
    circuits: Mapping[str, MeterWatch] = field(default_factory=dict)
    """Of circuits with a meter of their own."""
    cap: Cap | None = None
    limiting: bool = False
    """A limit held some charger back at the last decision."""
    chargers: Mapping[str, ChargerState] = field(default_factory=dict)
    vehicles: Mapping[str, VehicleMemory] = field(default_factory=dict)
    peak: PeakMemory = field(default_factory=PeakMemory)
    operator: OperatorMemory = field(default_factory=OperatorMemory)

    def charger(self, charger_id: str) -> ChargerState:
        """Return what is remembered of a charger; of an unknown one, a fresh start."""
        return self.chargers.get(charger_id) or ChargerState(since_s=self.clock_s)

    def with_charger(self, charger_id: str, charger: ChargerState) -> EngineState:
        """Return this state with one charger's part replaced."""
        return replace(self, chargers={**self.chargers, charger_id: charger})
