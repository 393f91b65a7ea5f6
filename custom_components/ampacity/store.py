"""What is remembered on disk: settings, running and finished sessions, boosts, counters."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import logging
import math
from typing import Any, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .engine.session import Session
from .engine.state import Cap, EngineState
from .engine.tariffs import OperatorMemory, PeakMemory
from .engine.trial import TrialReport
from .engine.vehicle import VehicleMemory
from .runtime.codec import Codec
from .runtime.outlook_memory import OutlookMemory
from .runtime.resume import Durable, DurableCharger, durable, handed_over, resumed

_LOGGER = logging.getLogger(__name__)

VERSION = 1
SAVE_DELAY_S = 10.0
KEEP_SESSIONS = 200

_STATE = Codec(EngineState)
_DURABLE = Codec(Durable)
_CHARGER = Codec(DurableCharger)
_CAP = Codec(Cap)
_PEAK = Codec(PeakMemory)
_OPERATOR = Codec(OperatorMemory)
_VEHICLE = Codec(VehicleMemory)
SESSION = Codec(Session)
TESTED = Codec(TrialReport)


@dataclass(slots=True, kw_only=True)
class SiteMemory:
    """All of a site that is saved."""

    site_settings: dict[str, Any] = field(default_factory=dict)
    charger_settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By charger id, as :func:`.settings.stored_charger` makes them."""
    sessions: dict[str, deque[Session]] = field(default_factory=dict)
    """Finished ones by charger id, the newest last."""
    state: EngineState = field(default_factory=EngineState)
    battery_hold: str | None = None
    """What the battery's control showed before it was told to hold; None while it isn't."""
    outlook: OutlookMemory = field(default_factory=OutlookMemory)

    def add_session(self, charger_id: str, session: Session) -> None:
        """Keep a finished session; the oldest one goes when there are too many."""
        self.sessions.setdefault(charger_id, deque(maxlen=KEEP_SESSIONS)).append(
            session
        )


class _Store(Store[dict[str, Any]]):
    """The file; what an older version wrote is read as far as it fits."""

    @override
    async def _async_migrate_func(
        self,
        old_major_version: int,
        old_minor_version: int,
        old_data: dict[str, Any],
    ) -> dict[str, Any]:
        _LOGGER.warning(
            "Saved data has version %s.%s, taking over what is understood",
            old_major_version,
            old_minor_version,
        )
        return old_data


class SiteStore:
    """Loads and saves the memory of one site."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Use the file of this config entry."""
        self._store = _Store(
            hass, VERSION, f"{DOMAIN}.{entry_id}", max_readable_version=VERSION + 1
        )
        self._hass = hass
        self._due_s = math.inf
        """When the scheduled save is due, on the loop's clock."""

    async def async_load(self, now: datetime) -> SiteMemory:
        """Return what was saved; of what cannot be read, a fresh start and a warning."""
        try:
            data = await self._store.async_load()
        except HomeAssistantError, OSError, ValueError, LookupError, TypeError:
            _LOGGER.warning("Saved data cannot be read, starting afresh", exc_info=True)
            data = None
        return _memory(data, now) if isinstance(data, dict) else SiteMemory()

    @callback
    def schedule_save(
        self, memory: Callable[[], SiteMemory], delay_s: float = SAVE_DELAY_S
    ) -> None:
        """Save within the delay, once for all that is scheduled until then."""
        due_s = self._hass.loop.time() + delay_s
        if due_s >= self._due_s:
            return
        self._due_s = due_s

        def data() -> dict[str, Any]:
            self._due_s = math.inf
            return _data(memory())

        self._store.async_delay_save(data, delay_s)

    async def async_save(self, memory: SiteMemory, *, handover: bool) -> None:
        """Save now; ``handover`` keeps the engine's whole state for a set-up that follows soon."""
        data = _data(memory)
        if handover:
            data["handover"] = _STATE.encode(memory.state)
        self._due_s = math.inf
        await self._store.async_save(data)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()


def _data(memory: SiteMemory) -> dict[str, Any]:
    """Return a memory as JSON can hold it."""
    return {
        "site_settings": memory.site_settings,
        "charger_settings": memory.charger_settings,
        "sessions": {
            key: [SESSION.encode(session) for session in sessions]
            for key, sessions in memory.sessions.items()
        },
        "state": _DURABLE.encode(durable(memory.state)),
        "battery_hold": memory.battery_hold,
        "outlook": memory.outlook.encode(),
    }


def _memory(data: dict[str, Any], now: datetime) -> SiteMemory:
    hold = data.get("battery_hold")
    memory = SiteMemory(
        site_settings=dict(_mapping(data, "site_settings")),
        charger_settings={
            key: dict(_mapping(_mapping(data, "charger_settings"), key))
            for key in _mapping(data, "charger_settings")
        },
        state=_state(data, now),
        battery_hold=hold if isinstance(hold, str) else None,
        outlook=OutlookMemory.decode(data.get("outlook")),
    )
    for key, sessions in _mapping(data, "sessions").items():
        for session in sessions if isinstance(sessions, list) else ():
            if (read := _part(SESSION, session)) is not None:
                memory.add_session(key, read)
    return memory


def _state(data: dict[str, Any], now: datetime) -> EngineState:
    handover = _part(_STATE, data.get("handover"))
    if handover is not None and (state := handed_over(handover, now)) is not None:
        return state
    raw = _mapping(data, "state")
    chargers = {
        key: charger
        for key, item in _mapping(raw, "chargers").items()
        if (charger := _part(_CHARGER, item)) is not None
    }
    left = _part(_DURABLE, {"now": raw.get("now")}) or Durable()
    cap = _part(_CAP, raw.get("cap"))
    saved = Durable(
        now=left.now,
        cap=cap,
        peak=_part(_PEAK, raw.get("peak")) or PeakMemory(),
        operator=_part(_OPERATOR, raw.get("operator")) or OperatorMemory(),
        chargers=chargers,
        vehicles={
            key: vehicle
            for key, item in _mapping(raw, "vehicles").items()
            if (vehicle := _part(_VEHICLE, item)) is not None
        },
    )
    return resumed(saved, now)


def _mapping(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _part[T](codec: Codec[T], data: Any) -> T | None:
    """Return one part of what was saved; None and a warning where it does not fit."""
    if data is None:
        return None
    try:
        return codec.decode(data)
    except ValueError, LookupError, TypeError, AttributeError:
        _LOGGER.warning(
            "Saved %s cannot be read and is left out", codec.name, exc_info=True
        )
        return None
