"""The virtual house under the control of the engine, as Home Assistant would run it.

This is the only module of the simulation that knows the engine. Readings reach the engine with the
ages that they have; the guard runs on each new meter reading, control every few seconds.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from custom_components.ampacity.engine import Result, Tempo, decide
from custom_components.ampacity.engine.decision import Command
from custom_components.ampacity.engine.model import (
    BatteryReading,
    ChargerReading,
    ChargerStatus,
    Fault,
    GridReading,
    OffPeak,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.outlook import Outlook
from custom_components.ampacity.engine.planning import plan_site
from custom_components.ampacity.engine.planning.due import occasion
from custom_components.ampacity.engine.requests import release_manual
from custom_components.ampacity.engine.safe import shutdown_commands
from custom_components.ampacity.engine.schedule import Schedule
from custom_components.ampacity.engine.state import EngineState
from custom_components.ampacity.runtime.resume import durable, resumed

from .house import House
from .wallbox import CommandRejectedError, Wallbox, WallboxOfflineError, WallboxStatus

_STATUS = {
    WallboxStatus.NO_CAR: ChargerStatus.DISCONNECTED,
    WallboxStatus.READY: ChargerStatus.CONNECTED,
    WallboxStatus.CHARGING: ChargerStatus.CHARGING,
    WallboxStatus.PAUSED: ChargerStatus.PAUSED,
    WallboxStatus.FINISHED: ChargerStatus.FINISHED,
    WallboxStatus.ERROR: ChargerStatus.ERROR,
}
_MISSING = Reading(fault=Fault.MISSING)


@dataclass(kw_only=True, slots=True)
class Tally:
    """What happened, counted on the true values of the house."""

    charged_wh: float = 0.0
    imported_wh: float = 0.0
    """The part of what was charged that came from the grid: all import while a car charges, up
    to what the cars take."""
    starts: int = 0
    """How often a wallbox began to offer."""
    switches: int = 0
    """How often a wallbox was told to change its phases."""
    commands: int = 0
    reasons: dict[str, float] = field(default_factory=dict)
    """Seconds under each reason."""
    issues: dict[str, float] = field(default_factory=dict)
    """Seconds under each repair issue that is about an error of ours."""

    @property
    def grid_share(self) -> float:
        """Part of the charged energy that was imported, 0 to 1."""
        return self.imported_wh / self.charged_wh if self.charged_wh else 0.0


@dataclass(kw_only=True, slots=True)
class ClosedLoop:
    """A house, the configuration of its site, and the engine between its readings and commands.

    The chargers' ids are the wallboxes' names. ``off_peak`` tells the cheap hours at a moment,
    ``outlook`` what is expected then.
    """

    house: House
    site: Site
    control_s: float = 10.0
    state: EngineState = field(default_factory=EngineState)
    off_peak: Callable[[datetime], OffPeak] | None = None
    outlook: Callable[[datetime], Outlook] | None = None
    schedule: Schedule | None = None
    """What has been planned last."""
    tally: Tally = field(default_factory=Tally)
    result: Result | None = None
    stopped: bool = False
    """Fault: nobody decides, as while Home Assistant restarts."""
    broken: set[str] = field(default_factory=set)
    """Fault: reading these raises: ``grid``, ``solar`` or a charger's id with `` reading`` behind it;
    commanding these: a charger's id; and planning, ``planner``."""
    alter: Callable[[Snapshot], Snapshot] | None = None
    """Fault: what is read is changed before the engine sees it."""
    _planned_for: Hashable = None
    _guarded_s: float = -1.0
    _controlled_s: float = -1e9
    _statuses: tuple[WallboxStatus | None, ...] = ()
    _undelivered: set[str] = field(default_factory=set)
    _jumps: list[tuple[float, float]] = field(default_factory=list)

    def run(self, duration_s: float) -> None:
        """Let time go by in steps of a second."""
        end_s = self.house.now_s + duration_s
        while self.house.now_s < end_s - 1e-6:
            self.house.step(1.0)
            self._count(1.0)
            if not self.stopped and (tempo := self._due()) is not None:
                self.decide(tempo)

    def set_clock(self, by_s: float) -> None:
        """Fault: set the clock of Home Assistant forward, or back by a negative time."""
        self._jumps.append((self.house.now_s, by_s))

    def lower(self) -> None:
        """Lower the chargers to their safe current, as before Home Assistant stops."""
        commands = shutdown_commands(self.site, self.snapshot(), self.state)
        for name, command in commands.items():
            self._write(self._wallbox(name), command)

    def restart(self) -> None:
        """Keep of the engine's memory only what outlives a restart of Home Assistant."""
        self.state = resumed(durable(self.state), self.now)

    def change(self, name: str, **settings: Any) -> None:
        """Give a charger other settings, by field of the engine's Charger."""
        chargers = tuple(
            replace(one, **settings) if one.id == name else one
            for one in self.site.chargers
        )
        self.site = replace(self.site, chargers=chargers)

    def release(self, name: str) -> None:
        """Choose a mode for a charger, which ends what somebody has set at it by hand."""
        self.state = release_manual(self.state, name)

    @property
    def now(self) -> datetime:
        """What the clock of Home Assistant shows."""
        off_s = self._stamp_s(self.house.now_s) - self.house.now_s
        return self.house.now + timedelta(seconds=off_s)

    def decide(self, tempo: Tempo = Tempo.CONTROL) -> Result:
        """Make one decision on what can be read now and carry it out."""
        snapshot = self.snapshot()
        if tempo is Tempo.CONTROL:
            self._controlled_s = self.house.now_s
            snapshot = replace(snapshot, schedule=self._plan(snapshot))
        self.result = decide(self.site, snapshot, self.state, self.now, tempo)
        self.state = self.result.state
        if self.house.battery is not None:
            self.house.battery.hold = self.result.hold_battery
        for decision in self.result.decisions:
            if decision.command is not None:
                self._write(self._wallbox(decision.charger_id), decision.command)
        return self.result

    def snapshot(self) -> Snapshot:
        """Return what can be read now; what fails to be read is missing, or offline."""
        snapshot = Snapshot(
            grid=self._grid(),
            chargers={
                wallbox.config.name: self._charger(wallbox)
                for wallbox in self.house.wallboxes
            },
            battery=self._battery(),
            solar_w=self._solar(),
            off_peak=self.off_peak(self.now) if self.off_peak else None,
            outlook=self.outlook(self.now) if self.outlook else None,
            schedule=self.schedule,
        )
        return self.alter(snapshot) if self.alter else snapshot

    def _plan(self, snapshot: Snapshot) -> Schedule | None:
        """Return the schedule, made anew where that is due."""
        if snapshot.outlook is None or "planner" in self.broken:
            return self.schedule
        planned_for = occasion(self.site, snapshot, self.state, self.now)
        if planned_for != self._planned_for:
            self._planned_for = planned_for
            self.schedule = plan_site(self.site, snapshot, self.state, self.now)
        return self.schedule

    def _due(self) -> Tempo | None:
        """Return the tempo at which to decide now, if any."""
        statuses = tuple(
            box.reading.value.status if box.reading else None
            for box in self.house.wallboxes
        )
        event, self._statuses = statuses != self._statuses, statuses
        if event or self.house.now_s - self._controlled_s >= self.control_s - 1e-6:
            return Tempo.CONTROL
        meter = self.house.meter.reading
        published_s = meter.published_at_s if meter else -1.0
        if published_s != self._guarded_s:
            self._guarded_s = published_s
            return Tempo.GUARD
        return None

    def _grid(self) -> GridReading:
        published = self.house.meter.reading
        if published is None or "grid" in self.broken:
            return GridReading(power_w=_MISSING, current_a=(_MISSING,) * 3)
        value, at_s = published.value, published.published_at_s
        currents = value.current_a[: self.site.phases]
        voltages = value.voltage_v[: self.site.phases]
        return GridReading(
            power_w=self._reading(value.power_w, at_s),
            current_a=tuple(self._reading(current_a, at_s) for current_a in currents),
            voltage_v=tuple(voltage_v for voltage_v in voltages if voltage_v > 0.0),
        )

    def _solar(self) -> Reading | None:
        if "solar" in self.broken:
            return None
        pv = self.house.pv_reading
        return self._reading(pv.value, pv.published_at_s) if pv else _MISSING

    def _battery(self) -> BatteryReading | None:
        battery = self.house.battery
        if battery is None:
            return None
        published = battery.reading
        if published is None or "battery" in self.broken:
            return BatteryReading(power_w=_MISSING, soc=_MISSING)
        value, at_s = published.value, published.published_at_s
        return BatteryReading(
            power_w=self._reading(value.power_w, at_s),
            soc=self._reading(value.soc * 100.0, at_s),
        )

    def _charger(self, wallbox: Wallbox) -> ChargerReading:
        published = wallbox.reading
        name = wallbox.config.name
        if published is None or f"{name} reading" in self.broken:
            return ChargerReading(status=ChargerStatus.OFFLINE)
        value, at_s = published.value, published.published_at_s
        return ChargerReading(
            status=_STATUS[value.status],
            offered_a=self._reading(value.current_limit_a, at_s),
            enabled=value.enabled,
            power_w=self._reading(value.power_w, at_s),
            current_a=tuple(
                self._reading(current_a, at_s)
                for current_a in value.current_a[: self._phases(wallbox)]
            ),
            energy_wh=self._reading(value.total_wh, at_s),
            soc=self._reading(wallbox.car.soc * 100.0, at_s) if wallbox.car else None,
            phases=value.phases if wallbox.config.switches_phases else None,
            write_failed=name in self._undelivered,
        )

    def _reading(self, value: float, at_s: float) -> Reading:
        age_s = self._stamp_s(self.house.now_s) - self._stamp_s(at_s)
        return Reading(value=value, age_s=age_s)

    def _stamp_s(self, at_s: float) -> float:
        """Return what the clock of Home Assistant showed at a time since the start."""
        return at_s + sum(by_s for since_s, by_s in self._jumps if since_s < at_s)

    def _phases(self, wallbox: Wallbox) -> int:
        return next(
            charger.phases
            for charger in self.site.chargers
            if charger.id == wallbox.config.name
        )

    def _wallbox(self, name: str) -> Wallbox:
        return next(box for box in self.house.wallboxes if box.config.name == name)

    def _write(self, wallbox: Wallbox, command: Command) -> None:
        """Carry a command out as the integration does; what is refused is remembered."""
        self.tally.commands += 1
        name = wallbox.config.name
        self._undelivered.add(name)
        if name in self.broken:
            return
        try:
            if command.phases is not None:
                self.tally.switches += 1
                wallbox.set_phases(command.phases)
            if command.current_a is not None:
                wallbox.set_current(command.current_a)
            if command.enabled is True:
                self.tally.starts += 1
                wallbox.resume()
            elif command.enabled is False:
                wallbox.pause()
        except CommandRejectedError, WallboxOfflineError:
            return
        self._undelivered.discard(name)

    @property
    def fails(self) -> bool:
        """Whether an error of ours shows as a repair issue: in reading or in deciding."""
        names = {box.config.name for box in self.house.wallboxes}
        error = self.result.error if self.result else None
        return error is not None or bool(self.broken - names - {"planner"})

    def _count(self, dt_s: float) -> None:
        cars_w = sum(self.house.cars_w)
        imported_w = min(cars_w, max(0.0, sum(self.house.grid_w)))
        self.tally.charged_wh += cars_w * dt_s / 3600.0
        self.tally.imported_wh += imported_w * dt_s / 3600.0
        if self.fails:
            seconds = self.tally.issues.get("control_error", 0.0)
            self.tally.issues["control_error"] = seconds + dt_s
        if "planner" in self.broken:
            seconds = self.tally.issues.get("planning_failed", 0.0)
            self.tally.issues["planning_failed"] = seconds + dt_s
        for decision in self.result.decisions if self.result else ():
            key = decision.reason.key.value
            self.tally.reasons[key] = self.tally.reasons.get(key, 0.0) + dt_s
