"""What people use today, written from what it is described to do, on the same house and cars.

All of them know how much a stay is to bring and until when, measure the grid as the engine does and
share the main fuse by the same plain rule: what a phase carries too much is taken off all cars that
charge, what it has left is given back to them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor

from custom_components.ampacity.engine.outlook import SLOT, SLOT_S
from simulation.house import House
from simulation.wallbox import Wallbox

from .cases import FULL_W, VOLTAGE_V, Case
from .expect import Published
from .inputs import HOUR_S, ZONE, Visit
from .replay import wallbox

MAX_A = 16.0
MIN_A = 6.0
FUSE_SHARE = 0.95
RESERVE_S = 600.0
"""Charging as late as possible begins so much earlier than it would have to."""
RESERVE_SHARE = 0.05
NIGHT = (23, 6)
"""Local hours between which a night timer charges."""
_WAITING_STEP_S = 60.0
_QUIET_W = 400.0


@dataclass(kw_only=True, slots=True)
class Stay:
    """A car that is plugged in, and what its controller remembers of it."""

    visit: Visit
    box: Wallbox
    target_a: float = 0.0
    """What is offered, 0 for a pause."""
    fair_a: float = MAX_A
    """What the fuse leaves."""
    enough_s: float = 0.0
    """For how long the surplus has been enough to begin."""
    short_s: float = 0.0
    """For how long it has been too little to go on."""
    up_s: float = 0.0
    down_s: float = 0.0
    """For how long the other number of phases would have been better."""
    solar_on: bool = False
    is_late: bool = False
    """It has had to begin, and goes on to the end."""
    slots: frozenset[datetime] = frozenset()
    planned: tuple[datetime, datetime] | None = None

    @property
    def left_wh(self) -> float:
        """What is still to be charged."""
        return max(0.0, self.visit.energy_wh - self.box.session_wh)


type Rule = Callable[[Stay, datetime, Controller], bool]
"""Whether a car is to charge at full power now, whatever the sun does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How a controller works."""

    title: str
    rule: Rule
    loop_s: float = 10.0
    surplus: bool = False
    start_s: float = 60.0
    """Surplus of the minimum for so long starts."""
    stop_s: float = 180.0
    """Less than the minimum for so long stops."""
    step_a: float = MAX_A
    """The most that the current changes at once."""
    one_per_tick: bool = False


@dataclass(kw_only=True, slots=True)
class Controller:
    """A rival at work."""

    case: Case
    house: House
    style: Style
    commands: int = 0
    prices: Published = field(init=False)
    stays: dict[str, Stay] = field(default_factory=dict)
    _turn: int = 0
    _tick: int = -1

    def __post_init__(self) -> None:
        """Learn the prices as they are published."""
        self.prices = Published(case=self.case)

    @property
    def charging_step_s(self) -> float:
        """Half of the quickest loop."""
        return 5.0

    @property
    def waiting_step_s(self) -> float:
        """In the dark the loop may be slower, as all times of plans are whole minutes."""
        sunny = self.style.surplus and self.house.pv_power_w > _QUIET_W
        return self.style.loop_s if sunny else _WAITING_STEP_S

    def arrived(self, name: str, visit: Visit) -> None:
        """Begin with a car, paused on three phases."""
        box = wallbox(self.house, name)
        self.stays[name] = Stay(visit=visit, box=box)
        self._tick = -1
        if box.enabled:
            box.pause()

    def left(self, name: str) -> None:
        """Forget a car."""
        del self.stays[name]

    def look(self) -> None:
        """Run the loop when it is due."""
        tick = floor(self.house.now_s / self.style.loop_s)
        if tick == self._tick or not self.stays:
            return
        self._tick = tick
        now = self.house.now
        stays = list(self.stays.values())
        self._share_fuse(stays)
        if self.style.one_per_tick:
            self._turn += 1
            stays = [stays[self._turn % len(stays)]]
        for stay in stays:
            if stay.box.car and not stay.box.car.full:
                self._serve(stay, now)

    def _share_fuse(self, stays: list[Stay]) -> None:
        """Set what the fuse leaves each car, by the meter's newest reading."""
        meter = self.house.meter.reading
        if meter is None:
            return
        limit_a = FUSE_SHARE * self.case.fuse_a
        spare_a = limit_a - max(meter.value.current_a)
        busy = [one for one in stays if one.target_a > 0.0] or stays
        for stay in busy:
            most_a = stay.fair_a + spare_a / len(busy)
            stay.fair_a = min(stay.box.config.max_current_a, max(0.0, most_a))
        for stay in stays:
            if stay not in busy:
                most_a = spare_a / len(stays)
                stay.fair_a = min(stay.box.config.max_current_a, max(0.0, most_a))

    def _serve(self, stay: Stay, now: datetime) -> None:
        if self.style.rule(stay, now, self):
            stay.solar_on = False
            if stay.box.phases == stay.box.config.phases:
                self._offer(stay, stay.box.config.max_current_a)
            else:
                self._switch(stay, stay.box.config.phases)
        elif self.style.surplus:
            self._follow_sun(stay)
        else:
            self._offer(stay, 0.0)

    def _follow_sun(self, stay: Stay) -> None:
        """Start, stop, switch phases and set the current by the surplus."""
        meter = self.house.meter.reading
        surplus_w = stay.box.power_w - (meter.value.power_w if meter else 0.0)
        loop_s = self.style.loop_s * (len(self.stays) if self.style.one_per_tick else 1)
        enough = surplus_w >= MIN_A * VOLTAGE_V
        stay.enough_s = stay.enough_s + loop_s if enough else 0.0
        stay.short_s = 0.0 if enough else stay.short_s + loop_s
        if not stay.solar_on:
            stay.solar_on = stay.enough_s > self.style.start_s
        elif stay.short_s > self.style.stop_s:
            stay.solar_on = False
        if not stay.solar_on:
            self._offer(stay, 0.0)
            return
        phases = self._phases(stay, surplus_w, loop_s)
        if phases != stay.box.phases:
            self._switch(stay, phases)
            return
        self._offer(stay, min(MAX_A, max(MIN_A, surplus_w / VOLTAGE_V / phases)))

    def _phases(self, stay: Stay, surplus_w: float, loop_s: float) -> int:
        """Return on how many phases to charge, changed with the same delays as start and stop."""
        three = surplus_w >= 3 * MIN_A * VOLTAGE_V
        stay.up_s = stay.up_s + loop_s if three else 0.0
        stay.down_s = 0.0 if three else stay.down_s + loop_s
        if stay.target_a == 0.0:
            return 3 if three else 1
        if stay.box.phases == 1:
            return 3 if stay.up_s > self.style.start_s else 1
        return 1 if stay.down_s > self.style.stop_s else 3

    def _switch(self, stay: Stay, phases: int) -> None:
        """Pause first; switch once nothing flows."""
        if stay.target_a > 0.0 or stay.box.enabled or stay.box.power_w > 0.0:
            self._offer(stay, 0.0)
            return
        self.commands += 1
        stay.box.set_phases(phases)

    def _offer(self, stay: Stay, current_a: float) -> None:
        """Offer what is wanted and what the fuse leaves, in steps as the controller makes them."""
        wanted_a = min(current_a, stay.fair_a)
        before_a = stay.target_a
        if before_a > 0.0 and wanted_a >= MIN_A:
            step_a = self.style.step_a
            wanted_a = min(before_a + step_a, max(before_a - step_a, wanted_a))
        target_a = float(floor(wanted_a + 1e-6)) if wanted_a >= MIN_A else 0.0
        if target_a == before_a:
            return
        stay.target_a = target_a
        self.commands += 1
        if target_a == 0.0:
            stay.box.pause()
            return
        stay.box.set_current(target_a)
        if before_a == 0.0:
            stay.box.resume()


def at_once(stay: Stay, now: datetime, _: Controller) -> bool:
    """Charge at once."""
    return True


def by_night(stay: Stay, now: datetime, _: Controller) -> bool:
    """Charge in the hours of the night timer."""
    first, end = NIGHT
    hour = now.astimezone(ZONE).hour
    return hour >= first or hour < end


def late(stay: Stay, now: datetime, _: Controller) -> bool:
    """Charge from the last moment on that is safe."""
    needed_s = stay.left_wh / FULL_W * HOUR_S * (1.0 + RESERVE_SHARE) + RESERVE_S
    left_s = (stay.visit.ready_by - now).total_seconds()
    stay.is_late = stay.is_late or left_s <= needed_s
    return stay.is_late


def cheapest(stay: Stay, now: datetime, controller: Controller) -> bool:
    """Charge in the cheapest slots until the car leaves, by the prices alone."""
    if late(stay, now, controller):
        return True
    start = now - timedelta(seconds=(now.timestamp() % SLOT_S))
    if stay.planned is None or stay.planned[0] != start:
        stay.slots = _cheapest_slots(stay, start, controller.prices)
        stay.planned = start, stay.visit.ready_by
    return start in stay.slots


def _cheapest_slots(
    stay: Stay, start: datetime, prices: Published
) -> frozenset[datetime]:
    """Return the slots that carry what is left, the cheapest first, the latest of equal ones."""
    count = max(1, min(192, (stay.visit.ready_by - start) // SLOT))
    price, _ = prices.slots(start, count)
    needed = int(stay.left_wh / (FULL_W * SLOT_S / HOUR_S)) + 1
    ordered = sorted(range(count), key=lambda index: (price[index], -index))
    return frozenset(start + index * SLOT for index in ordered[:needed])


def _never(stay: Stay, now: datetime, _: Controller) -> bool:
    return False


RIVALS: Mapping[str, Style] = {
    "at once": Style(title="At once", rule=at_once),
    "night timer": Style(title="Night timer, 23 to 6", rule=by_night),
    "late": Style(title="As late as possible", rule=late),
    "cheapest": Style(title="Cheapest slots by price", rule=cheapest),
    "surplus late": Style(
        title="Surplus on 1 or 3 phases, else as late as possible",
        rule=late,
        surplus=True,
    ),
    "surplus 30 s": Style(
        title="Surplus, 30 s loop, 60 s/180 s, one charger a tick, else cheapest slots",
        rule=cheapest,
        surplus=True,
        loop_s=30.0,
        one_per_tick=True,
    ),
    "surplus 10 s": Style(
        title="Surplus, 10 s loop, steps of 5 A, else cheapest slots",
        rule=cheapest,
        surplus=True,
        step_a=5.0,
    ),
    "surplus only": Style(
        title="Surplus only, 30 s loop, 60 s/180 s",
        rule=_never,
        surplus=True,
        loop_s=30.0,
        one_per_tick=True,
    ),
}
"""By name; the last one for cases in which nothing is promised."""
