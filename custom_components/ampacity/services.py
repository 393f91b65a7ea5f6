"""Actions: boost, limit, and telling what happened and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
import math
import re
from typing import Any, cast

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator
from .engine.model import Charger, ChargerReading, ChargerStatus
from .engine.requests import clear_cap, set_cap, start_boost, stop_boost
from .engine.state import Boost, Cap
from .explain import async_explain
from .runtime.announce import session_data

ATTR_DURATION = "duration"
ATTR_ENERGY = "energy"
ATTR_SOC = "soc"
ATTR_CURRENT = "current"
ATTR_POWER = "power"
ATTR_START = "start"
ATTR_END = "end"

_POWER_TEXT = re.compile(r"(?P<value>-?[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>k?W)")


def finite_number(value: object) -> float:
    """Return a number; raises vol.Invalid for what is none, and for infinity."""
    number = float(vol.Coerce(float)(value))
    if not math.isfinite(number):
        raise vol.Invalid("expected a finite number")
    return number


def power_w(value: object) -> float:
    """Return a power in W: a bare number is kW, a text may name W or kW."""
    if isinstance(value, str) and (match := _POWER_TEXT.fullmatch(value.strip())):
        return float(match["value"]) * (1000.0 if match["unit"] == "kW" else 1.0)
    return finite_number(value) * 1000.0


_DEVICE: dict[vol.Marker, Any] = {vol.Required(ATTR_DEVICE_ID): cv.string}
DEVICE_SCHEMA = vol.Schema(_DEVICE)
BOOST_SCHEMA = vol.Schema(
    {
        **_DEVICE,
        vol.Optional(ATTR_DURATION): cv.time_period,
        vol.Optional(ATTR_ENERGY): finite_number,
        vol.Optional(ATTR_SOC): vol.All(finite_number, vol.Range(0, 100)),
        vol.Optional(ATTR_CURRENT): finite_number,
    }
)
LIMIT_SCHEMA = vol.Schema(
    {
        **_DEVICE,
        vol.Optional(ATTR_POWER): power_w,
        vol.Optional(ATTR_CURRENT): finite_number,
        vol.Optional(ATTR_DURATION): cv.time_period,
    }
)
SESSIONS_SCHEMA = vol.Schema(
    {
        **_DEVICE,
        vol.Optional(ATTR_START): cv.datetime,
        vol.Optional(ATTR_END): cv.datetime,
    }
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """What an action is meant for: a site, or one of its chargers."""

    coordinator: AmpacityCoordinator
    charger_id: str | None
    name: str

    @property
    def charger(self) -> Charger:
        """The charger as the engine knows it."""
        chargers = self.coordinator.site.chargers
        return next(each for each in chargers if each.id == self.charger_id)

    @property
    def reading(self) -> ChargerReading:
        """What the charger says."""
        return self.coordinator.snapshot.chargers[self.charger.id]


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register all actions."""
    schema: Any
    for name, handler, schema, response in (
        ("boost", _boost, BOOST_SCHEMA, SupportsResponse.NONE),
        ("stop_boost", _stop_boost, DEVICE_SCHEMA, SupportsResponse.NONE),
        ("limit", _limit, LIMIT_SCHEMA, SupportsResponse.NONE),
        ("clear_limit", _clear_limit, DEVICE_SCHEMA, SupportsResponse.NONE),
        ("get_sessions", _get_sessions, SESSIONS_SCHEMA, SupportsResponse.ONLY),
        ("explain", _explain, DEVICE_SCHEMA, SupportsResponse.ONLY),
    ):
        hass.services.async_register(
            DOMAIN, name, handler, schema=schema, supports_response=response
        )


async def _boost(call: ServiceCall) -> None:
    """Start a boost of a charger; one that runs is replaced."""
    target = charger_of(call)
    _check_plugged(target)
    _check_current(target, call.data.get(ATTR_CURRENT))
    _check_soc(target, call.data.get(ATTR_SOC))
    ends = call.data.keys() & {ATTR_DURATION, ATTR_ENERGY, ATTR_SOC}
    default_s = None if ends else target.charger.boost_s
    boost = Boost(
        remaining_s=_duration_s(call, default_s),
        energy_wh=in_wh(call),
        soc=call.data.get(ATTR_SOC),
        current_a=call.data.get(ATTR_CURRENT),
    )
    coordinator = target.coordinator
    coordinator.async_request(start_boost(coordinator.state, target.charger.id, boost))


async def _stop_boost(call: ServiceCall) -> None:
    target = charger_of(call)
    coordinator = target.coordinator
    coordinator.async_request(stop_boost(coordinator.state, target.charger.id))


async def _limit(call: ServiceCall) -> None:
    """Cap a charger, or the import of a site."""
    target = _addressee(call)
    cap = Cap(
        current_a=_not_negative(call, ATTR_CURRENT),
        power_w=_not_negative(call, ATTR_POWER),
        remaining_s=_duration_s(call, None),
    )
    if cap.current_a is None and cap.power_w is None:
        raise invalid("limit_without_value")
    coordinator = target.coordinator
    coordinator.async_request(set_cap(coordinator.state, target.charger_id, cap))


async def _clear_limit(call: ServiceCall) -> None:
    target = _addressee(call)
    coordinator = target.coordinator
    coordinator.async_request(clear_cap(coordinator.state, target.charger_id))


async def _get_sessions(call: ServiceCall) -> ServiceResponse:
    """Return the finished sessions of a charger that ended within a span, the oldest first."""
    target = charger_of(call)
    start = _span_end(call, ATTR_START)
    end = _span_end(call, ATTR_END)
    running = target.coordinator.charger_state(target.charger.id).session
    return {
        "sessions": [
            session_data(session)
            for session in target.coordinator.sessions(target.charger.id)
            if (start is None or (session.ended or session.started) >= start)
            and (end is None or session.started < end)
        ],
        "running": session_data(running) if running else None,
    }


async def _explain(call: ServiceCall) -> ServiceResponse:
    target = _addressee(call)
    return await async_explain(target.coordinator, target.charger_id)


def _addressee(call: ServiceCall) -> Addressee:
    """Return the site or charger whose device is named; raise where there is none."""
    device, entry = service.async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    coordinator = cast(AmpacityConfigEntry, entry).runtime_data
    name = device.name_by_user or device.name or entry.title
    ids = {identifier for domain, identifier in device.identifiers if domain == DOMAIN}
    charger_id = next((key for key in coordinator.charger_ids if key in ids), None)
    if charger_id is None and entry.entry_id not in ids:
        raise invalid("not_a_site_or_charger", name=name)
    return Addressee(coordinator, charger_id, name)


def charger_of(call: ServiceCall) -> Addressee:
    """Return the charger whose device is named; raise where it is none."""
    target = _addressee(call)
    if target.charger_id is None:
        raise invalid("not_a_charger", name=target.name)
    return target


def _check_plugged(target: Addressee) -> None:
    if target.reading.status is ChargerStatus.OFFLINE:
        raise invalid("charger_offline", name=target.name)
    if not target.reading.status.is_plugged:
        raise invalid("not_plugged_in", name=target.name)


def _check_current(target: Addressee, current_a: float | None) -> None:
    charger = target.charger
    if current_a is not None and not charger.min_a <= current_a <= charger.max_a:
        raise invalid(
            "current_out_of_range",
            current=f"{current_a:g}",
            min=f"{charger.min_a:g}",
            max=f"{charger.max_a:g}",
        )


def _check_soc(target: Addressee, soc: float | None) -> None:
    if soc is None:
        return
    parked = target.coordinator.charger_state(target.charger.id).parked
    present, own = parked.soc, target.reading.soc
    is_silent = parked.vehicle_id is None and not (own and own.ok)
    if present is None or is_silent:
        raise invalid("soc_unknown", name=target.name)
    if present >= soc:
        raise invalid(
            "soc_reached",
            name=target.name,
            soc=f"{soc:g}",
            present=f"{present:.0f}",
        )


def local_time(moment: datetime) -> datetime:
    """Return a moment that was given without a time zone as one in the house's."""
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=dt_util.get_default_time_zone())


def _span_end(call: ServiceCall, key: str) -> datetime | None:
    moment: datetime | None = call.data.get(key)
    return local_time(moment) if moment is not None else None


def _duration_s(call: ServiceCall, default_s: float | None) -> float | None:
    duration: timedelta | None = call.data.get(ATTR_DURATION)
    if duration is None:
        return default_s
    if duration <= timedelta(0):
        raise invalid("duration_not_positive")
    return duration.total_seconds()


def in_wh(call: ServiceCall) -> float | None:
    """Return the energy that is named, in Wh; None where none is, raise where it is not above 0."""
    energy_kwh: float | None = call.data.get(ATTR_ENERGY)
    if energy_kwh is None:
        return None
    if not energy_kwh > 0.0:
        raise invalid("energy_not_positive")
    return energy_kwh * 1000.0


def _not_negative(call: ServiceCall, key: str) -> float | None:
    value: float | None = call.data.get(key)
    if value is not None and not value >= 0.0:
        raise invalid("limit_negative")
    return value


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error of this translation, for the caller to raise."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders or None,
    )
