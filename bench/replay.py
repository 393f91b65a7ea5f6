"""Runs a house through its year: cars come and go, a pilot commands, an account counts.

While nothing can happen time goes by in big steps; the seconds are kept to where a car follows a
command or the meter reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor
from typing import Protocol

from simulation.car import Car
from simulation.house import House
from simulation.wallbox import Wallbox

from .account import Account, Figures
from .cases import Case, Data, car, house
from .inputs import HOUR_S, Visit, month_of, visits

AWAKE_S = 15.0
"""For so long after a command each second counts."""
_SOON_S = 20.0
"""For so long before a car is full, too."""
_EPSILON_S = 1e-6
_ENDLESS_WH = 3_000_000.0


class Pilot(Protocol):
    """What commands the wallboxes of a house."""

    @property
    def commands(self) -> int:
        """Given so far."""

    @property
    def charging_step_s(self) -> float:
        """How far to go at once while a car charges."""

    @property
    def waiting_step_s(self) -> float:
        """How far to go while cars are plugged in and none charges."""

    def arrived(self, name: str, visit: Visit) -> None:
        """Take note of a car that has just been plugged in."""

    def left(self, name: str) -> None:
        """Take note of a car that has just been unplugged."""

    def look(self) -> None:
        """Read and command, at each step's end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A part of the year, for each car the stays that begin in it."""

    start: datetime
    visits: tuple[tuple[Visit, ...], ...]
    end: datetime

    @property
    def last(self) -> datetime:
        """When the span is over and all cars have left."""
        return max([self.end, *(stay[-1].unplugged for stay in self.visits if stay)])


@dataclass(kw_only=True, slots=True)
class Replay:
    """One run over a span."""

    case: Case
    span: Span
    house: House
    pilot: Pilot
    account: Account
    _events: list[tuple[float, bool, str, Visit]] = field(default_factory=list)
    """Time, whether it comes, the wallbox and the stay; the latest first."""
    _plugged: int = 0
    _awake_until_s: float = 0.0

    def __post_init__(self) -> None:
        """Put all arrivals and departures in order."""
        for name, stays in zip(self.case.cars, self.span.visits, strict=True):
            for visit in stays:
                self._events.append((self._at_s(visit.plugged), True, name, visit))
                self._events.append((self._at_s(visit.unplugged), False, name, visit))
        self._events.sort(key=lambda event: event[:3], reverse=True)

    def run(self) -> Figures:
        """Run to the end and return what came of it."""
        end_s = self._at_s(self.span.last) + 60.0
        house, pilot, account = self.house, self.pilot, self.account
        while house.now_s < end_s - _EPSILON_S:
            self._come_and_go()
            step_s, commands = self._step_s(end_s), pilot.commands
            house.step(step_s, step_s)
            account.count(step_s)
            pilot.look()
            if pilot.commands != commands:
                self._awake_until_s = house.now_s + AWAKE_S
        figures = account.close()
        figures.writes = pilot.commands
        return figures

    def _at_s(self, moment: datetime) -> float:
        return (moment - self.house.config.start).total_seconds()

    def _step_s(self, end_s: float) -> float:
        """Return how long the next step is: to the next multiple of what the moment asks for."""
        now_s = self.house.now_s
        step_s = self._pace_s()
        until_s = (floor(now_s / step_s + _EPSILON_S) + 1) * step_s
        next_s = self._events[-1][0] if self._events else end_s
        return max(min(until_s, next_s, end_s) - now_s, 0.01)

    def _pace_s(self) -> float:
        if not self._plugged:
            return 60.0
        if self.house.now_s < self._awake_until_s:
            return 1.0
        if any(map(_is_nearly_full, self.house.wallboxes)):
            return 1.0
        if any(_charges(box) for box in self.house.wallboxes):
            return self.pilot.charging_step_s
        return self.pilot.waiting_step_s

    def _come_and_go(self) -> None:
        while self._events and self._events[-1][0] <= self.house.now_s + _EPSILON_S:
            _, comes, name, visit = self._events.pop()
            box = wallbox(self.house, name)
            self._awake_until_s = self.house.now_s + AWAKE_S
            if comes:
                self._plugged += 1
                box.plug(Car(car(self.case, visit)))
                self.pilot.arrived(name, visit)
            else:
                self._plugged -= 1
                self.account.left(visit, box.session_wh)
                box.unplug()
                self.pilot.left(name)


def _is_nearly_full(box: Wallbox) -> bool:
    """Whether a car stops by itself soon: in a long step it would take too much."""
    car = box.car
    if car is None or car.full:
        return False
    left_wh = (car.config.charge_to_soc - car.soc) * car.config.capacity_wh
    return left_wh < box.power_w * _SOON_S / HOUR_S


def span_of(case: Case, start: datetime, days: float) -> Span:
    """Return the span of so many days, with the stays that begin in it; a guest stays all along.

    With a peak tariff stays that go on into another month are left out: too little is seen of that
    month to know what its peak is without them.
    """
    end = start + timedelta(days=days)
    if case.data is not Data.YEAR:
        guest = Visit(plugged=start, unplugged=end, energy_wh=_ENDLESS_WH)
        return Span(start=start, end=end, visits=((guest,),))
    return Span(
        start=start,
        end=end,
        visits=tuple(
            tuple(
                one
                for one in visits(driver)
                if start <= one.plugged < end
                and not (case.peak_per_kw and _changes_month(one))
            )
            for driver in case.drivers
        ),
    )


def _changes_month(visit: Visit) -> bool:
    return month_of(visit.plugged) != month_of(visit.unplugged)


def prepared(case: Case, span: Span, meter_s: float) -> tuple[House, Account]:
    """Return the house of a span and what counts in it."""
    home = house(case, span.start, meter_s)
    return home, Account(case=case, house=home)


def wallbox(house: House, name: str) -> Wallbox:
    """Return a wallbox by its name."""
    return next(box for box in house.wallboxes if box.config.name == name)


def _charges(box: Wallbox) -> bool:
    if box.car is None or box.power_w > 0.0:
        return box.power_w > 0.0
    return box.offered_a > 0.0 and not box.car.full


def stays(span: Span) -> Sequence[Visit]:
    """Return all stays of a span."""
    return [one for car_stays in span.visits for one in car_stays]
