"""Wires sources to the engine and the engine to the chargers; holds no rule of its own."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from time import perf_counter
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .batteries.holder import BatteryHolder
from .batteries.lever import HoldLever
from .chargers.commander import Commander
from .chargers.limit import Steps
from .circuits import async_adopt_orphans
from .engine.control import decide
from .engine.decision import Command, Decision
from .engine.model import BatteryStrategy, Mode, Site, Snapshot
from .engine.requests import release_manual
from .engine.result import EventKind, Result, Tempo
from .engine.safe import shutdown_commands
from .engine.session import Session
from .engine.state import ChargerState, EngineState
from .issues import IssueKeeper, battery_troubles, planning_troubles, troubles
from .runtime.announce import Announcer
from .runtime.equipment import Equipment
from .runtime.following import Following
from .runtime.history import History, Record
from .runtime.keeper import Keeper
from .runtime.lowering import async_carry_out
from .runtime.outlook import Flows, OutlookKeeper
from .runtime.planning import Planning
from .runtime.publisher import Publisher
from .runtime.reading import SnapshotReader
from .settings import SiteSettings, build_site

_LOGGER = logging.getLogger(__name__)

CONTROL_INTERVAL = timedelta(seconds=10)

type AmpacityConfigEntry = ConfigEntry[AmpacityCoordinator]


class AmpacityCoordinator(DataUpdateCoordinator[Result]):
    """Reads, decides and commands on each event that matters and on a tick.

    The guard runs within the event-loop turn of the meter's report: it reads, decides and has its
    commands on the way before anything else happens. Entities are told afterwards.
    """

    config_entry: AmpacityConfigEntry
    site: Site
    """The engine's configuration, with the present settings."""
    settings: SiteSettings
    snapshot: Snapshot
    """The newest."""

    def __init__(self, hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
        """Prepare for an entry; load, begin and start set it going, in this order."""
        super().__init__(
            hass, _LOGGER, config_entry=entry, name=entry.title, update_interval=None
        )
        self._site_config = _site_config(entry)
        self._equip(Equipment.from_entry(entry))
        self.commanders = {
            key: Commander(hass, config) for key, config in self.configs.items()
        }
        self.failsafes: dict[str, float] = {}
        """To what chargers fall back by themselves in A, as far as that was set."""
        self.history = History()
        self.loop_s = 0.0
        """How long the newest reading and decision took."""
        self._keeper = Keeper(hass, entry.entry_id, self.subentries)
        self.outlook = OutlookKeeper(
            hass, entry, self._keeper, lambda: Flows.of(self.snapshot, self.data.view)
        )
        self._reader = SnapshotReader(
            hass,
            self.sources,
            self.configs,
            self.commanders,
            self.outlook.current,
            self.failsafes,
        )
        self._issues = IssueKeeper(hass, entry)
        self._publisher = Publisher(hass, self.async_update_listeners)
        self.holder = BatteryHolder(
            hass,
            HoldLever.from_config(entry.data),
            entry.title,
            self._keeper.keep_battery_hold,
        )
        self.planning = Planning(hass, entry, self.async_control_soon)
        self._following = Following(hass, entry, self._guard, self.async_control_soon)
        self._refit_listeners: list[Callable[[set[str]], None]] = []
        self._soon: asyncio.Handle | None = None
        self._announcer = Announcer(hass, entry)
        self._steps: dict[str, Steps] = {}
        self._started = False
        self._deciding = False
        self._stopped = False
        self._failed = False

    @property
    def charger_ids(self) -> tuple[str, ...]:
        """The ids of the site's chargers, which are those of their subentries."""
        return tuple(self.configs)

    @property
    def state(self) -> EngineState:
        """What the engine remembers."""
        return self._keeper.state

    def charger_state(self, charger_id: str) -> ChargerState:
        """Return what the engine remembers of a charger."""
        return self.state.charger(charger_id)

    def circuit_name(self, circuit_id: str | None) -> str | None:
        """Return the name of a circuit; None for none."""
        subentry = self.config_entry.subentries.get(circuit_id or "")
        return subentry.title if subentry else None

    def sessions(self, charger_id: str) -> list[Session]:
        """Return the finished sessions of a charger, the newest last."""
        return self._keeper.sessions(charger_id)

    async def async_load(self) -> None:
        """Take up what was saved, as far as the chargers are still there."""
        self._apply(await self._keeper.async_load(dt_util.utcnow()))
        self.holder.take_up(self._keeper.battery_hold)
        self.outlook.async_load(dt_util.utcnow())

    @callback
    def async_begin(self) -> None:
        """Decide for the first time, so that entities have something to show."""
        self._decide(Tempo.CONTROL)

    @callback
    def async_start(self) -> None:
        """Follow events and ticks until the entry is unloaded."""
        entry, hass = self.config_entry, self.hass
        self._following.start(self._equipment)
        for unsubscribe in (
            self._following.stop,
            self.outlook.async_on_change(self.async_control_soon),
            self.outlook.async_start(),
            async_track_time_interval(
                hass, self._tick, CONTROL_INTERVAL, cancel_on_shutdown=True
            ),
            hass.async_add_shutdown_job(HassJob(self._async_on_stop)),
        ):
            entry.async_on_unload(unsubscribe)
        self._started = True
        self._announcer.start()

    async def async_stop(self) -> None:
        """Stop deciding and save, so that a set-up that follows goes on where this one was."""
        self._halt()
        self._issues.clear()
        await self.holder.async_set(hold=False)
        await self._keeper.async_save(handover=True)

    async def async_lower(self, charger_ids: Iterable[str] | None = None) -> None:
        """Lower chargers that are above their safe current to it: nobody guards them any more.

        All chargers, or those given. Waits a few seconds at most.
        """
        wanted = set(self.configs if charger_ids is None else charger_ids)
        await async_carry_out(self._lowering(wanted))

    @property
    def is_other_site(self) -> bool:
        """Whether the site itself was configured anew since we were set up."""
        return self._site_config != _site_config(self.config_entry)

    @callback
    def async_on_refit(self, listener: Callable[[set[str]], None]) -> CALLBACK_TYPE:
        """Call ``listener`` with the ids of chargers and circuits that are new or changed."""
        self._refit_listeners.append(listener)
        return lambda: self._refit_listeners.remove(listener)

    async def async_refit(self) -> None:
        """Take over chargers and circuits that were added, changed or removed.

        All within one turn, and nothing else is touched: the others' timers, commands and
        entities go on. A charger that was removed is left at its safe current.
        """
        if self._stopped:
            return
        before = self._equipment
        async_adopt_orphans(self.hass, self.config_entry, before.circuits)
        fresh = Equipment.from_entry(self.config_entry)
        if fresh.is_like(before):
            return
        renewed = fresh.renewed_since(before)
        lowering = self._lowering(before.chargers.keys() - fresh.chargers.keys())
        self._equip(fresh)
        self.commanders = {
            key: Commander(self.hass, config)
            if key in renewed
            else self.commanders[key]
            for key, config in self.configs.items()
        }
        self._reader.turn_to(self.sources, self.configs, self.commanders)
        self._apply(self._keeper.turn_to(self.subentries))
        if self._started:
            self._following.start(fresh)
        self._decide(Tempo.CONTROL)
        for listener in self._refit_listeners:
            listener(renewed)
        self._publisher.now()
        await async_carry_out(lowering)

    async def async_forget(self) -> None:
        """Delete what was saved."""
        await self._keeper.async_remove()

    @callback
    def async_update_site(self, **changes: float | bool | BatteryStrategy) -> None:
        """Change settings of the site, by field of SiteSettings."""
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._change(settings, self.state)

    @callback
    def async_update_charger(self, charger_id: str, **changes: Mode | float) -> None:
        """Change settings of a charger, by field of ChargerSettings.

        Choosing a mode ends what was set by hand at the charger. Raises ServiceValidationError
        for a minimum current above the maximum.
        """
        settings = self.settings.with_charger(charger_id, **changes)
        state = self.state
        if "mode" in changes:
            state = release_manual(state, charger_id)
        self._change(settings, state)

    @callback
    def async_control_soon(self) -> None:
        """Decide at control tempo once the present event has been dealt with."""
        if self._soon is None and not self._stopped:
            self._soon = self.hass.loop.call_soon(self._control)

    @override
    async def _async_update_data(self) -> Result:
        self._decide(Tempo.CONTROL)
        return self.data

    def _apply(self, settings: SiteSettings) -> None:
        entry = self.config_entry
        self.settings = settings
        self._steps = self._present_steps()
        chargers = [(config, self._steps[key]) for key, config in self.configs.items()]
        self.site = build_site(
            entry.data, entry.options, settings, chargers, *self._equipment.parts
        )

    def _equip(self, equipment: Equipment) -> None:
        """Work with these chargers and circuits from now on."""
        self._equipment = equipment
        self.subentries, self.configs = equipment.subentries, equipment.chargers
        self.circuits, self.vehicles = equipment.parts
        self.sources = equipment.sources

    def _lowering(self, charger_ids: Iterable[str]) -> list[tuple[Commander, Command]]:
        """Return what lowers those of the chargers that are above their safe current."""
        wanted = set(charger_ids) & self.commanders.keys()
        snapshot = self._reader.read(dt_util.utcnow())
        commands = shutdown_commands(self.site, snapshot, self.state)
        return [
            (self.commanders[key], command)
            for key, command in commands.items()
            if key in wanted
        ]

    def _present_steps(self) -> dict[str, Steps]:
        """Return the chargers' steps, which their entities tell only while they are available."""
        return {
            key: config.limit_steps(self.hass) for key, config in self.configs.items()
        }

    def _change(self, settings: SiteSettings, state: EngineState) -> None:
        self._apply(settings)
        self._keeper.keep_settings(settings)
        self.async_request(state)

    @callback
    def async_request(self, state: EngineState) -> None:
        """Go on from a changed state at once, and show what that led to."""
        self._keeper.keep_request(state)
        self._decide(Tempo.CONTROL)
        self._publisher.now()

    @callback
    def _guard(self) -> None:
        self._decide(Tempo.GUARD)

    @callback
    def _tick(self, _now: datetime) -> None:
        self._decide(Tempo.CONTROL)

    @callback
    def _control(self) -> None:
        self._soon = None
        self._decide(Tempo.CONTROL)

    def _decide(self, tempo: Tempo) -> None:
        """Read, decide, command; then tell."""
        if self._stopped:
            return
        if self._deciding:
            # A command of ours changed a source within its own call
            self.async_control_soon()
            return
        started_s = perf_counter()
        if tempo is Tempo.CONTROL and self._present_steps() != self._steps:
            self._apply(self.settings)
        now = dt_util.utcnow()
        state = self.state
        snapshot = replace(self._reader.read(now), schedule=self.planning.schedule)
        result = decide(self.site, snapshot, state, now, tempo)
        self.snapshot = snapshot
        self._keeper.keep_state(result.state)
        self._command(result.decisions)
        self._hold(wanted=result.hold_battery)
        self.loop_s = perf_counter() - started_s
        self.history.add(
            Record(
                site=self.site,
                snapshot=snapshot,
                state=state,
                now=now,
                tempo=tempo,
                decisions=result.decisions,
                view=result.view,
            )
        )
        self._conclude(result, tempo)

    def _command(self, decisions: Iterable[Decision]) -> None:
        """Send commands out, each as far as its first wait within this turn."""
        self._deciding = True
        try:
            for decision in decisions:
                if decision.command is not None:
                    self._send(decision.charger_id, decision.command)
        finally:
            self._deciding = False

    def _send(self, charger_id: str, command: Command) -> None:
        self.config_entry.async_create_task(
            self.hass,
            self.commanders[charger_id].async_apply(command),
            f"ampacity command {charger_id}",
        )

    def _hold(self, *, wanted: bool) -> None:
        """Have the home battery hold, or end that."""
        if self.holder.is_due(hold=wanted):
            self.config_entry.async_create_task(
                self.hass, self.holder.async_set(hold=wanted), "ampacity hold"
            )

    def _conclude(self, result: Result, tempo: Tempo) -> None:
        """Do what can wait until the commands are on their way."""
        before, self.data = self.data, result
        for event in result.events:
            if event.kind is EventKind.SESSION_FINISHED and event.session:
                self._keeper.keep_session(event.charger_id, event.session)
        self._announcer.tell(result)
        self._log_error(result.error)
        if tempo is Tempo.CONTROL:
            self._keep_issues(result)
            self.planning.consider(self.site, self.snapshot, result.state)
        self._publisher.request(urgent=_outcome(before) != _outcome(result))

    def _log_error(self, error: Exception | None) -> None:
        """Log a failing engine once per streak, and when it is well again."""
        if error is not None and not self._failed:
            _LOGGER.error(
                "Could not decide, chargers go to their safe current", exc_info=error
            )
        elif error is None and self._failed:
            _LOGGER.info("Deciding works again")
        self._failed = error is not None

    def _keep_issues(self, result: Result) -> None:
        error = result.error or next(iter(self._reader.errors.values()), None)
        found = troubles(self.hass, self.config_entry, result, self._uses(), error)
        found += battery_troubles(failed=self.holder.failed)
        found += planning_troubles(self.planning.error, self.outlook.missing_prices)
        self._issues.update(found, result.state.clock_s)

    def _uses(self) -> list[tuple[str, str]]:
        """Return the configured entities, each with the name of what uses it."""
        return self._equipment.uses(self.config_entry.title)

    def _halt(self) -> None:
        self._stopped = True
        self.planning.stop()
        self._publisher.stop()
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None

    async def _async_on_stop(self) -> None:
        """Home Assistant stops: nobody will guard the fuse."""
        self._halt()
        await asyncio.gather(self.async_lower(), self.holder.async_set(hold=False))
        await self._keeper.async_save(handover=False)


def _outcome(result: Result | None) -> Mapping[str, tuple[float, str]]:
    """Return what a user must see at once when it changes: offers and reasons."""
    decisions = result.decisions if result else ()
    return {
        decision.charger_id: (decision.offer_a, decision.reason.key)
        for decision in decisions
    }


def _site_config(entry: ConfigEntry) -> tuple[object, ...]:
    """Return what of a configuration is about the site as a whole."""
    return entry.title, entry.data, entry.options
