"""The engine as the pilot: the same decisions and plans as in Home Assistant."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import floor
from time import thread_time

from custom_components.ampacity.engine import Tempo
from custom_components.ampacity.engine.outlook import Outlook
from custom_components.ampacity.engine.peak_house import KEPT_DAYS
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import clear_promises, set_promise
from custom_components.ampacity.engine.state import EngineState
from custom_components.ampacity.engine.tariffs import PeakMemory
from simulation.closed_loop import ClosedLoop
from simulation.house import House
from simulation.wallbox import WallboxStatus

from .cases import Case, engine_site
from .inputs import Visit, mean_w, minute_of

CONTROL_S = 10.0
_OFFSET_S = 5.0
"""Control and meter are not in step: a reading is up to half a control step old."""
_UNPLUGGED_S = 10_800.0
_PEAK_S = 60.0
"""How often to look while no car is there, without and with a peak to watch."""
_SPARE_W = 700.0
"""Half of what the least charging takes."""
_CALM_STEP_S = 60.0
_SUNNY_STEP_S = 10.0
_PROMISE = "stay"
_DAY_MIN = 1440
_QUARTER_MIN = 15


def peaks_before(start: datetime) -> PeakMemory:
    """Return what the engine has learned of the house's peaks in the weeks before."""
    first = minute_of(start)
    days = range(first - KEPT_DAYS * _DAY_MIN, first, _DAY_MIN)
    return PeakMemory(house_days_w=tuple(_highest_w(day) for day in days if day >= 0))


def _highest_w(day: int) -> float:
    """Return the highest import of a quarter in the day that begins with a minute of the year."""
    quarters = range(day, day + _DAY_MIN, _QUARTER_MIN)
    means_w = (mean_w(at, at + _QUARTER_MIN) for at in quarters)
    return max(max(0.0, load_w - sun_w) for load_w, sun_w in means_w)


@dataclass(kw_only=True, slots=True)
class Engine:
    """The engine at work in the house of a case."""

    case: Case
    house: House
    outlook: Callable[[datetime], Outlook] | None
    meter_s: float
    loop: ClosedLoop = field(init=False)
    decisions: int = 0
    decide_s: float = 0.0
    errors: int = 0
    _control: int = -1
    _reported_s: float = -1.0
    _statuses: tuple[WallboxStatus | None, ...] = ()

    def __post_init__(self) -> None:
        """Put the engine into the house."""
        peaks = PeakMemory()
        if self.case.peak_per_kw:
            peaks = peaks_before(self.house.now)
        self.loop = ClosedLoop(
            house=self.house,
            site=engine_site(self.case),
            outlook=self.outlook,
            state=EngineState(peak=peaks),
        )

    @property
    def commands(self) -> int:
        """Given so far."""
        return self.loop.tally.commands

    @property
    def charging_step_s(self) -> float:
        """From one report of the meter or one control step to the next."""
        return min(self.meter_s, _OFFSET_S)

    @property
    def waiting_step_s(self) -> float:
        """Without sun to spare nothing starts but a plan, and nothing once all cars are full."""
        if self._all_full or -sum(self.house.grid_w) < _SPARE_W:
            return _CALM_STEP_S
        return _SUNNY_STEP_S

    @property
    def _all_full(self) -> bool:
        return all(box.car is None or box.car.full for box in self.house.wallboxes)

    def arrived(self, name: str, visit: Visit) -> None:
        """Promise the driver what the stay is to bring."""
        if self.case.promises:
            promise = Promise(
                id=_PROMISE, ready_by=visit.ready_by, energy_wh=visit.energy_wh
            )
            self.loop.state = set_promise(self.loop.state, name, promise)

    def left(self, name: str) -> None:
        """Forget the promise."""
        self.loop.state = clear_promises(self.loop.state, name)

    def look(self) -> None:
        """Decide where a report of the meter, an event or the time asks for it."""
        if (tempo := self._due()) is None:
            return
        begin_s = thread_time()
        result = self.loop.decide(tempo)
        self.decide_s += thread_time() - begin_s
        self.decisions += 1
        self.errors += result.error is not None

    def _due(self) -> Tempo | None:
        boxes = self.house.wallboxes
        statuses = tuple(
            box.reading.value.status if box.reading else None for box in boxes
        )
        meter = self.house.meter.reading
        reported_s = meter.published_at_s if meter else -1.0
        control = floor((self.house.now_s - _OFFSET_S) / self._control_s())
        if statuses != self._statuses or control != self._control:
            self._statuses, self._control = statuses, control
            self._reported_s = reported_s
            return Tempo.CONTROL
        if reported_s != self._reported_s and not self._all_full:
            self._reported_s = reported_s
            return Tempo.GUARD
        return None

    def _control_s(self) -> float:
        if not self._all_full:
            return CONTROL_S
        if any(box.car for box in self.house.wallboxes):
            return _CALM_STEP_S
        return _PEAK_S if self.case.peak_per_kw else _UNPLUGGED_S
