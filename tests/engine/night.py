"""A night with one charger and one car, whose clock and energy a test turns by hand."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.ampacity.engine.model import (
    ChargerReading,
    ChargerStatus,
    GridReading,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.promise import Goal, Promise
from custom_components.ampacity.engine.promise_watch import watch_promises
from custom_components.ampacity.engine.requests import set_promise
from custom_components.ampacity.engine.result import Event, EventKind
from custom_components.ampacity.engine.schedule import ChargerPlan, Schedule
from custom_components.ampacity.engine.session import Session
from custom_components.ampacity.engine.state import EngineState, Orders
from custom_components.ampacity.engine.vehicle import Vehicle
from custom_components.ampacity.engine.vehicle_watch import watch_vehicles

from .driver import car

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = frozenset(range(7))
AWAY = ChargerStatus.DISCONNECTED


def at(text: str) -> datetime:
    """Return a time in Berlin as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Night:
    """One charger with a car, whose clock and energy the test turns by hand."""

    now: datetime = field(default_factory=lambda: at("2026-11-22T18:00"))
    status: ChargerStatus = ChargerStatus.PAUSED
    soc: float | None = None
    vehicles: tuple[Vehicle, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    plan: ChargerPlan | None = None
    state: EngineState = field(default_factory=EngineState)
    told: list[Event] = field(default_factory=list)

    @property
    def site(self) -> Site:
        """The site as the settings are now."""
        return Site(
            fuse_a=25.0,
            chargers=(car(**self.settings),),
            vehicles=self.vehicles,
            time_zone=BERLIN,
        )

    @property
    def goal(self) -> Goal | None:
        """What is worked on."""
        return self.state.charger("a").goal

    @property
    def promises(self) -> dict[str, Promise]:
        """What is promised."""
        return {one.id: one for one in self.state.charger("a").promises}

    @property
    def kinds(self) -> list[EventKind]:
        """What was told."""
        return [event.kind for event in self.told]

    def promise(self, ready_by: str, promise_id: str = "one", **known: Any) -> None:
        """Promise something and look."""
        given: dict[str, Any] = {
            "id": promise_id,
            "ready_by": at(ready_by),
            "energy_wh": 10_000.0,
        }
        self.state = set_promise(self.state, "a", Promise(**given | known))
        self.look()

    def look(self, now: str | None = None, clock_s: float = 10.0) -> Goal | None:
        """Let the engine look at it, ten seconds later or at a time."""
        self.now = at(now) if now else self.now + timedelta(seconds=clock_s)
        held = self.state.charger("a")
        if self.status.is_plugged and held.session is None:
            held = replace(held, session=Session(started=self.now))
        state = self.state.with_charger("a", held)
        state = replace(state, now=self.now, clock_s=state.clock_s + clock_s)
        schedule = None
        if self.plan is not None:
            schedule = Schedule(made_at=self.now, plans={"a": self.plan})
        reading = ChargerReading(
            status=self.status,
            soc=None if self.soc is None else Reading(value=self.soc),
        )
        snapshot = Snapshot(
            grid=GridReading(), chargers={"a": reading}, schedule=schedule
        )
        state = watch_vehicles(self.site, snapshot, state, self.now)
        self.state, told = watch_promises(self.site, snapshot, state, self.now)
        self.told += told
        return self.goal

    def wait(self, minutes: float) -> None:
        """Let the engine look for some minutes."""
        for _ in range(round(minutes * 6)):
            self.look()

    def charge(self, energy_wh: float, *, offer_a: float = 16.0) -> None:
        """Have charged so much in this session."""
        held = self.state.charger("a")
        session = Session(started=at("2026-11-22T18:00"), energy_wh=energy_wh)
        orders = Orders(offer_a=offer_a, raised_s=0.0)
        held = replace(held, session=session, take_w=690.0 * offer_a, orders=orders)
        self.state = self.state.with_charger("a", held)
        self.look()

    def leave(self, now: str | None = None) -> None:
        """Let the car leave."""
        self.status = AWAY
        held = replace(self.state.charger("a"), session=None, take_w=0.0)
        self.state = self.state.with_charger("a", held)
        self.look(now)

    def come(self, now: str | None = None) -> None:
        """Let a car come."""
        self.status = ChargerStatus.PAUSED
        self.look(now)

    def on(self) -> Goal:
        """Return what is worked on, of which there must be something."""
        goal = self.state.charger("a").goal
        assert goal is not None
        return goal

    def due(self) -> datetime:
        """Return when that is due."""
        return self.on().ready_by


def daily(**known: Any) -> Night:
    """Return a night with a promise for 07:00 of each day."""
    night = Night()
    night.promise("2026-11-23T07:00", repeat=ALWAYS, **known)
    return night
