"""Promises that come from a calendar: its events of the next days, read again and again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
import logging
from typing import Any

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_time_interval,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import CONF_PLAN_CALENDAR
from ..coordinator import AmpacityConfigEntry, AmpacityCoordinator
from ..engine.promise import Promise, PromiseSource
from ..engine.requests import follow_calendar
from ..promising import RESERVED
from ..sources.plan_title import TitleWish, read_title

_LOGGER = logging.getLogger(__name__)

READ_INTERVAL = timedelta(minutes=15)
AHEAD = timedelta(days=7)
COOLDOWN_S = 5.0
"""Between two readings at least: a calendar may change in many small steps."""


@callback
def async_follow_plan_calendar(hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
    """Make promises of the events of the chosen calendar until the entry is unloaded.

    Without one, what an earlier one has promised is withdrawn.
    """
    coordinator = entry.runtime_data
    entity_id = entry.options.get(CONF_PLAN_CALENDAR)
    if entity_id is None:
        _promise(coordinator, {})
        return
    reader = _Reader(hass, coordinator, entity_id)
    for unsubscribe in (
        async_track_state_change_event(hass, entity_id, reader.changed),
        async_track_time_interval(
            hass, reader.tick, READ_INTERVAL, cancel_on_shutdown=True
        ),
        reader.stop,
    ):
        entry.async_on_unload(unsubscribe)
    reader.read_soon()


class _Reader:
    """Reads a calendar, not more often than it needs; errors keep what was read last."""

    def __init__(
        self, hass: HomeAssistant, coordinator: AmpacityCoordinator, entity_id: str
    ) -> None:
        self._hass = hass
        self._coordinator = coordinator
        self._entity_id = entity_id
        self._failed = False
        self._debouncer = Debouncer(
            hass,
            _LOGGER,
            cooldown=COOLDOWN_S,
            immediate=True,
            function=self._async_read,
            background=True,
        )
        self.read_soon = self._debouncer.async_schedule_call
        self.stop = self._debouncer.async_shutdown

    @callback
    def changed(self, _event: Event[EventStateChangedData]) -> None:
        """Read it, as its state has changed."""
        self.read_soon()

    @callback
    def tick(self, _now: datetime) -> None:
        """Read it, as it is time."""
        self.read_soon()

    async def _async_read(self) -> None:
        if self._hass.states.get(self._entity_id) is None:
            return
        now = dt_util.utcnow()
        try:
            answer = await self._hass.services.async_call(
                "calendar",
                "get_events",
                {
                    "entity_id": self._entity_id,
                    "start_date_time": now.isoformat(),
                    "end_date_time": (now + AHEAD).isoformat(),
                },
                blocking=True,
                return_response=True,
            )
            events = _events(answer, self._entity_id)
        except (HomeAssistantError, vol.Invalid, LookupError, TypeError) as err:
            if not self._failed:
                _LOGGER.info(
                    "Could not read %s, its plans stay: %s", self._entity_id, err
                )
            self._failed = True
            return
        self._failed = False
        _promise(self._coordinator, promises_of(self._coordinator, events, now))


def _events(answer: Any, entity_id: str) -> list[Mapping[str, Any]]:
    """Return the events of an answer; raises LookupError or TypeError where it has none."""
    return [event for event in answer[entity_id]["events"] if isinstance(event, dict)]


def _promise(
    coordinator: AmpacityCoordinator, promises: Mapping[str, list[Promise]]
) -> None:
    """Let the chargers follow what the calendar holds."""
    state = coordinator.state
    for charger_id in coordinator.charger_ids:
        state = follow_calendar(state, charger_id, promises.get(charger_id, ()))
    if state is not coordinator.state:
        coordinator.async_request(state)


def promises_of(
    coordinator: AmpacityCoordinator, events: list[Mapping[str, Any]], now: datetime
) -> dict[str, list[Promise]]:
    """Return the promises that events make, by charger; at one time the largest of each."""
    names = _names(coordinator)
    found: dict[tuple[str, datetime], Promise] = {}
    for event in events:
        start = _start(event.get("start"))
        wish = read_title(str(event.get("summary") or ""), names)
        charger_id = _charger(coordinator, wish) if wish is not None else None
        if start is None or start <= now or wish is None or charger_id is None:
            continue
        promise = Promise(
            id=f"{RESERVED}_{start:%Y%m%dT%H%M}",
            ready_by=start,
            soc=wish.soc,
            energy_wh=wish.energy_wh,
            source=PromiseSource.CALENDAR,
        )
        other = found.get((charger_id, start))
        if other is None or _size(promise) > _size(other):
            found[charger_id, start] = promise
    promises: dict[str, list[Promise]] = {}
    for (charger_id, _), promise in sorted(found.items()):
        promises.setdefault(charger_id, []).append(promise)
    return promises


def _size(promise: Promise) -> tuple[float, float]:
    return promise.soc or 0.0, promise.energy_wh or 0.0


def _start(value: object) -> datetime | None:
    """Return when an event starts, in UTC; None for one of all day, and for what is no time."""
    if not isinstance(value, str) or "T" not in value:
        return None
    moment = dt_util.parse_datetime(value)
    return dt_util.as_utc(moment) if moment is not None else None


def _names(coordinator: AmpacityCoordinator) -> dict[str, str]:
    """Return the names of cars and chargers, each with its id."""
    subentries = coordinator.config_entry.subentries
    cars = (vehicle.id for vehicle in coordinator.site.vehicles)
    ids = (*coordinator.charger_ids, *cars)
    return {subentries[key].title: key for key in ids if key in subentries}


def _charger(coordinator: AmpacityCoordinator, wish: TitleWish) -> str | None:
    """Return the charger that a wish is meant for; None where nobody can tell."""
    chargers = coordinator.charger_ids
    if wish.key in chargers:
        return wish.key
    if wish.key is not None:
        held = [(key, coordinator.charger_state(key).parked) for key in chargers]
        for key, parked in held:
            if wish.key in (parked.vehicle_id, parked.chosen_id):
                return key
        for vehicle in coordinator.site.vehicles:
            if vehicle.id == wish.key and vehicle.default_charger_id in chargers:
                return vehicle.default_charger_id
    return chargers[0] if len(chargers) == 1 else None
