"""A small house for the engine's tests: boxes that do as they are told, and a meter that shows it.

It is no simulation: a car follows at once, the meter is right and reports with every tick, unless
a test says otherwise.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from custom_components.ampacity.engine import Event, EventKind, Result, Tempo, decide
from custom_components.ampacity.engine.circuits import chain
from custom_components.ampacity.engine.decision import Command, Decision, ReasonKey
from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    Fault,
    GridReading,
    OffPeak,
    Reading,
    Site,
    Snapshot,
    VehicleReading,
)
from custom_components.ampacity.engine.outlook import Outlook
from custom_components.ampacity.engine.schedule import Schedule
from custom_components.ampacity.engine.state import ChargerState, EngineState
from custom_components.ampacity.engine.tariffs import OperatorSignal

NOON = datetime(2026, 6, 21, 11, 0, tzinfo=UTC)
MISSING = Reading(fault=Fault.MISSING)
VOLT = 230.0


@dataclass(kw_only=True)
class Box:
    """A charger on the wall with a car on its cable."""

    charger: Charger
    wiring: tuple[int, ...]
    """The site's phase behind each phase of the charger, as it truly is."""
    limit_a: float = 6.0
    enabled: bool = False
    plugged: bool = True
    car_a: float = 32.0
    """The most that the car takes."""
    gap_a: float = 0.0
    """How far it keeps below what it is offered."""
    car_phases: int = 3
    status: ChargerStatus | None = None
    """Said instead of what is true."""
    ignores_limit: bool = False
    ignores_pause: bool = False
    tells: bool = True
    """It tells its limit and whether it is enabled."""
    measures: bool = True
    """It has current sensors."""
    counter_wh: float | None = 0.0
    """Its energy counter; None while that is silent."""
    soc: float | None = None
    write_failed: bool = False
    age_s: float = 0.0
    """How long ago it last told its limit."""
    failsafe_a: float | None = None
    phases: int | None = None
    """On how many it is switched; None where it cannot change that, and uses all."""
    tells_phases: bool = True
    ignores_phases: bool = False
    offers_to_wake: int = 0
    """Offers that the car still sleeps through."""
    commands: list[Command] = field(default_factory=list)

    @property
    def drawn_a(self) -> tuple[float, ...]:
        """Return what the car takes on each phase of the charger."""
        runs = self.enabled and self.plugged and self.offers_to_wake == 0
        used = self.phases or self.charger.phases
        current_a = min(self.limit_a - self.gap_a, self.car_a) if runs else 0.0
        return tuple(
            current_a if phase < min(self.car_phases, used) else 0.0
            for phase in range(self.charger.phases)
        )

    def obey(self, command: Command) -> None:
        """Do as told, with the faults that a test has given it."""
        self.commands.append(command)
        if command.phases is not None:
            assert max(self.drawn_a) == 0.0, "switched under load"
            assert not self.enabled, "switched while it may charge"
            if not self.ignores_phases:
                self.phases = command.phases
        if command.enabled is True and not self.enabled and self.offers_to_wake:
            self.offers_to_wake -= 1
        if command.current_a is not None and not self.ignores_limit:
            self.limit_a = command.current_a
        if command.enabled is True or (
            command.enabled is False and not self.ignores_pause
        ):
            self.enabled = bool(command.enabled)

    def by_hand(self, *, limit_a: float | None = None, on: bool | None = None) -> None:
        """Let somebody change it in its own app."""
        if limit_a is not None:
            self.limit_a = limit_a
        if on is not None:
            self.enabled = on

    def reading(self) -> ChargerReading:
        """Return what it says."""
        return ChargerReading(
            status=self._status(),
            offered_a=Reading(value=self.limit_a, age_s=self.age_s)
            if self.tells
            else None,
            enabled=self.enabled if self.tells else None,
            current_a=tuple(Reading(value=one) for one in self.drawn_a)
            if self.measures
            else (),
            energy_wh=MISSING
            if self.counter_wh is None
            else Reading(value=self.counter_wh),
            phases=self.phases if self.tells_phases else None,
            soc=None if self.soc is None else Reading(value=self.soc),
            write_failed=self.write_failed,
            failsafe_a=self.failsafe_a,
        )

    def _status(self) -> ChargerStatus:
        if self.status is not None:
            return self.status
        if not self.plugged:
            return ChargerStatus.DISCONNECTED
        if max(self.drawn_a) > 0.0:
            return ChargerStatus.CHARGING
        return ChargerStatus.CONNECTED if self.enabled else ChargerStatus.PAUSED


class Driver:
    """A site whose time passes tick by tick."""

    def __init__(self, *chargers: Charger, **site: Any) -> None:
        """Build a three-phase house with a 25 A fuse and nothing switched on."""
        known: dict[str, Any] = {"fuse_a": 25.0, "chargers": chargers}
        self.site = Site(**known | site)
        self.boxes = {
            charger.id: Box(charger=charger, wiring=_wiring(self.site, charger))
            for charger in chargers
        }
        self.now = NOON
        self.state = EngineState()
        self.result = Result(
            decisions=(),
            state=self.state,
            view=decide(self.site, Snapshot(grid=GridReading()), self.state, NOON).view,
        )
        self.house_a = [1.0] * self.site.phases
        self.sun_w = 0.0
        """Feeds all phases evenly."""
        self.grid_override: GridReading | None = None
        self.meter_age_s = 0.0
        self.silent = False
        """The meter says nothing new: its last reading grows old."""
        self.frozen = False
        """The meter goes on saying the same."""
        self.tells_power = True
        self.tells_phases = True
        self.solar_sensor = False
        self.circuits: dict[str, GridReading] = {}
        """What the meters of circuits say beside what their chargers take, by circuit."""
        self.vehicles: dict[str, VehicleReading] = {}
        """What cars say of themselves."""
        self.off_peak: OffPeak | None = None
        self.operator: OperatorSignal | None = None
        self.schedule: Schedule | None = None
        self.outlook: Outlook | None = None
        self.events: list[Event] = []
        self.wall_jump = timedelta()
        self.zone: tzinfo = UTC
        """In which the engine is told the time."""
        self._grid = GridReading()

    @property
    def box(self) -> Box:
        """Return the only box, or the first."""
        return next(iter(self.boxes.values()))

    @property
    def grid_a(self) -> list[float]:
        """Return the true current of each phase of the connection."""
        sun_a = self.sun_w / VOLT / self.site.phases
        total = [current_a - sun_a for current_a in self.house_a]
        for box in self.boxes.values():
            for phase, current_a in zip(box.wiring, box.drawn_a, strict=False):
                total[phase] += current_a
        return total

    def change(self, charger_id: str | None = None, **changes: Any) -> None:
        """Change a charger's settings, or the site's."""
        if charger_id is None:
            self.site = replace(self.site, **changes)
            return
        chargers = tuple(
            replace(one, **changes) if one.id == charger_id else one
            for one in self.site.chargers
        )
        self.site = replace(self.site, chargers=chargers)

    def tick(self, seconds: float = 10.0, tempo: Tempo = Tempo.CONTROL) -> Result:
        """Let time pass, read, decide and carry the commands out."""
        self.now += timedelta(seconds=seconds)
        for box in self.boxes.values():
            if box.counter_wh is not None:
                box.counter_wh += sum(box.drawn_a) * VOLT * seconds / 3600.0
        self.meter_age_s = self.meter_age_s + seconds if self.silent else 0.0
        now = (self.now + self.wall_jump).astimezone(self.zone)
        self.result = decide(self.site, self.snapshot(), self.state, now, tempo)
        self.state = self.result.state
        self.events += self.result.events
        for decision in self.result.decisions:
            if decision.command is not None:
                self.boxes[decision.charger_id].obey(decision.command)
        return self.result

    def guard(self, seconds: float = 1.0) -> Result:
        """Let a new meter reading come in."""
        return self.tick(seconds, Tempo.GUARD)

    def run(self, seconds: float, step_s: float = 10.0) -> Result:
        """Let time pass in many control ticks."""
        for _ in range(round(seconds / step_s)):
            self.tick(step_s)
        return self.result

    def snapshot(self) -> Snapshot:
        """Return what can be read now."""
        return Snapshot(
            grid=self._read_grid(),
            chargers={key: box.reading() for key, box in self.boxes.items()},
            solar_w=Reading(value=self.sun_w) if self.solar_sensor else None,
            off_peak=self.off_peak,
            vehicles=dict(self.vehicles),
            operator=self.operator,
            schedule=self.schedule,
            outlook=self.outlook,
            circuits={key: self._read_circuit(key) for key in self.circuits},
        )

    def decision(self, charger_id: str | None = None) -> Decision:
        """Return the newest decision for a charger."""
        found = self.result.decision(charger_id or self.box.charger.id)
        assert found is not None
        return found

    def offer(self, charger_id: str | None = None) -> float:
        """Return what a charger offers by the newest decision."""
        return self.decision(charger_id).offer_a

    def reason(self, charger_id: str | None = None) -> ReasonKey:
        """Return why."""
        return self.decision(charger_id).reason.key

    def of(self, charger_id: str | None = None) -> ChargerState:
        """Return what is remembered of a charger."""
        return self.state.charger(charger_id or self.box.charger.id)

    def limiting(self) -> bool:
        """Return whether a limit holds a charger back."""
        return self.result.view.limiting

    def boost_left_s(self, charger_id: str | None = None) -> float:
        """Return how long the boost of a charger goes on."""
        boost = self.of(charger_id).boost
        assert boost is not None
        assert boost.remaining_s is not None
        return boost.remaining_s

    def kinds(self) -> list[EventKind]:
        """Return the kinds of all events so far."""
        return [event.kind for event in self.events]

    def _read_grid(self) -> GridReading:
        if self.grid_override is not None:
            return self.grid_override
        if not self.silent and not self.frozen:
            self._grid = self._true_grid()
        return aged(self._grid, self.meter_age_s)

    def _read_circuit(self, circuit_id: str) -> GridReading:
        """Return what a circuit's meter says: other load, and the chargers below it."""
        other = self.circuits[circuit_id]
        if not all(one.ok for one in other.current_a):
            return other
        total = [one.value for one in other.current_a]
        for box in self.boxes.values():
            if any(one.id == circuit_id for one in chain(self.site, box.charger)):
                for phase, current_a in zip(box.wiring, box.drawn_a, strict=False):
                    total[phase] += current_a
        return GridReading(current_a=tuple(Reading(value=one) for one in total))

    def _true_grid(self) -> GridReading:
        currents = self.grid_a
        power_w = sum(currents) * VOLT
        return GridReading(
            power_w=Reading(value=power_w) if self.tells_power else None,
            current_a=tuple(Reading(value=one) for one in currents)
            if self.tells_phases
            else (),
        )


def aged(grid: GridReading, age_s: float) -> GridReading:
    """Return a reading of another age."""
    return replace(
        grid,
        power_w=grid.power_w and replace(grid.power_w, age_s=age_s),
        current_a=tuple(replace(one, age_s=age_s) for one in grid.current_a),
    )


def car(charger_id: str = "a", **settings: Any) -> Charger:
    """Return a three-phase charger whose phases are known, unless the test says otherwise."""
    phases = settings.get("phases", 3)
    known: dict[str, Any] = {"id": charger_id}
    known["phase_map"] = (0, 1, 2) if phases == 3 else None
    return Charger(**known | settings)


def running(*chargers: Charger, offer_a: float = 16.0, **site: Any) -> Driver:
    """Return a site on which every charger has been charging at ``offer_a`` for a while."""
    driver = Driver(*chargers, **site)
    driver.sun_w = 3.0 * VOLT * offer_a * len(chargers) if _sunny(chargers) else 0.0
    for box in driver.boxes.values():
        box.enabled, box.limit_a = True, offer_a
    driver.run(60)
    return driver


def _sunny(chargers: tuple[Charger, ...]) -> bool:
    return all(charger.mode.value.startswith("solar") for charger in chargers)


def _wiring(site: Site, charger: Charger) -> tuple[int, ...]:
    if site.phases == 1:
        return (0,)
    return charger.phase_map or tuple(range(charger.phases))


def surplus(house: Driver, watts: float) -> None:
    """Let the sun shine so that this much is left for cars."""
    house.sun_w = watts + house.site.export_margin_w + sum(house.house_a) * VOLT
