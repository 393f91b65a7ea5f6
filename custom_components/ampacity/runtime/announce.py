"""Events on the bus, for automations."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..const import (
    DOMAIN,
    EVENT_LIMIT_ACTIVE,
    EVENT_PLAN_AT_RISK,
    EVENT_PLAN_MET,
    EVENT_SESSION_FINISHED,
    EVENT_SESSION_STARTED,
)
from ..engine.promise import Outcome
from ..engine.result import Event, EventKind, Result
from ..engine.session import Session

_ON_THE_BUS = {
    EventKind.SESSION_STARTED: EVENT_SESSION_STARTED,
    EventKind.SESSION_FINISHED: EVENT_SESSION_FINISHED,
    EventKind.LIMIT_ACTIVE: EVENT_LIMIT_ACTIVE,
    EventKind.PLAN_AT_RISK: EVENT_PLAN_AT_RISK,
    EventKind.PLAN_MET: EVENT_PLAN_MET,
}


class Announcer:
    """Tells the bus what happened; at set-up not before there are devices to name."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Tell of an entry, from :meth:`start` on."""
        self._hass = hass
        self._entry = entry
        self._untold: list[tuple[Result, Event]] = []
        self._started = False

    @callback
    def tell(self, result: Result) -> None:
        """Tell all that happened in a decision, or keep it until there are devices."""
        self._untold += ((result, event) for event in result.events)
        if self._started:
            self._tell_all()

    @callback
    def start(self) -> None:
        """Tell what has happened so far, and from now on at once."""
        self._started = True
        self._tell_all()

    def _tell_all(self) -> None:
        while self._untold:
            result, event = self._untold.pop(0)
            _fire(self._hass, self._entry, result, event)


def _fire(
    hass: HomeAssistant, entry: ConfigEntry, result: Result, event: Event
) -> None:
    """Fire an engine's event on the bus, with the device it belongs to."""
    if (name := _ON_THE_BUS.get(event.kind)) is None:
        return
    charger_id = event.charger_id
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, charger_id), entry.entry_id
    )
    subentry = entry.subentries.get(charger_id)
    hass.bus.async_fire(
        name,
        {
            "config_entry_id": entry.entry_id,
            ATTR_DEVICE_ID: device.id if device else None,
            ATTR_NAME: subentry.title if subentry else entry.title,
            **_data(result, event),
        },
    )


def _data(result: Result, event: Event) -> dict[str, Any]:
    if event.session is not None:
        return session_data(event.session)
    if event.outcome is not None:
        return outcome_data(event.outcome)
    return _limit(result, event.charger_id)


def session_data(session: Session) -> dict[str, Any]:
    """Return a session as events and actions tell it: kWh, share of 0 to 1, currency, ISO times."""
    share = session.solar_share
    return {
        "started": dt_util.as_local(session.started).isoformat(),
        "ended": session.ended and dt_util.as_local(session.ended).isoformat(),
        "energy_kwh": round(session.energy_wh / 1000.0, 3),
        "solar_kwh": round(session.solar_wh / 1000.0, 3),
        "solar_share": None if share is None else round(share, 3),
        "cost": round(session.cost, 4),
    }


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """Return what becomes of a promise as events tell it: percent, kWh, ISO times."""
    goal = outcome.goal
    soc, ready_at = outcome.soc_reached, outcome.ready_at
    return {
        "plan_id": goal.promise_id,
        "ready_by": dt_util.as_local(goal.ready_by).isoformat(),
        "soc": goal.soc,
        "energy_kwh": None if goal.energy_wh is None else goal.energy_wh / 1000.0,
        "soc_reached": None if soc is None else round(soc),
        "missing_kwh": round(outcome.unmet_wh / 1000.0, 1),
        "ready_at": ready_at and dt_util.as_local(ready_at).isoformat(),
    }


def _limit(result: Result, charger_id: str) -> dict[str, Any]:
    """Return which limit holds a charger back, and to what."""
    decision = next(one for one in result.decisions if one.charger_id == charger_id)
    return {"reason": decision.reason.key.value, "offered_a": decision.offer_a}
