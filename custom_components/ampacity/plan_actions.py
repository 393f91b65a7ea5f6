"""Actions on plans: promise, withdraw, skip once, and tell what is planned."""

from datetime import datetime, time, timedelta
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .charger_view import ChargerView
from .const import DOMAIN
from .engine.promise import Promise
from .engine.promise_choice import due
from .engine.promise_times import at_local_time, next_occurrence
from .engine.requests import clear_promises, set_promise, skip_once
from .flows.fields import DAYS
from .plan_view import async_plan_data
from .promising import ONCE, REPEATING, RESERVED, knows_soc
from .services import (
    ATTR_ENERGY,
    ATTR_SOC,
    DEVICE_SCHEMA,
    Addressee,
    charger_of,
    finite_number,
    in_wh,
    invalid,
    local_time,
)

ATTR_READY_BY = "ready_by"
ATTR_REPEAT = "repeat"
ATTR_PRICE_LIMIT = "price_limit"
ATTR_BELOW_LIMIT_SOC = "below_limit_soc"
ATTR_ID = "id"

_PERCENT = vol.All(finite_number, vol.Range(0, 100))
_ID = vol.All(cv.string, vol.Length(min=1, max=50))
SET_PLAN_SCHEMA = DEVICE_SCHEMA.extend(
    {
        vol.Required(ATTR_READY_BY): vol.Any(cv.time, cv.datetime),
        vol.Optional(ATTR_SOC): _PERCENT,
        vol.Optional(ATTR_ENERGY): finite_number,
        vol.Optional(ATTR_REPEAT): cv.weekdays,
        vol.Optional(ATTR_PRICE_LIMIT): finite_number,
        vol.Optional(ATTR_BELOW_LIMIT_SOC): _PERCENT,
        vol.Optional(ATTR_ID): _ID,
    }
)
PLAN_SCHEMA = DEVICE_SCHEMA.extend({vol.Optional(ATTR_ID): _ID})


@callback
def async_setup_plan_actions(hass: HomeAssistant) -> None:
    """Register the actions on plans."""
    schema: Any
    for name, handler, schema, response in (
        ("set_plan", _set_plan, SET_PLAN_SCHEMA, SupportsResponse.NONE),
        ("clear_plan", _clear_plan, PLAN_SCHEMA, SupportsResponse.NONE),
        ("skip_plan", _skip_plan, PLAN_SCHEMA, SupportsResponse.NONE),
        ("get_plan", _get_plan, DEVICE_SCHEMA, SupportsResponse.ONLY),
    ):
        hass.services.async_register(
            DOMAIN, name, handler, schema=schema, supports_response=response
        )


async def _set_plan(call: ServiceCall) -> None:
    """Promise something; a plan with the same id is replaced."""
    target = charger_of(call)
    repeat = frozenset(DAYS.index(day) for day in call.data.get(ATTR_REPEAT, ()))
    promise_id = call.data.get(ATTR_ID, REPEATING if repeat else ONCE)
    if promise_id.startswith(RESERVED):
        raise invalid("plan_id_reserved", id=promise_id)
    promise = Promise(
        id=promise_id,
        ready_by=_ready_by(target, call.data[ATTR_READY_BY], repeat),
        soc=call.data.get(ATTR_SOC),
        energy_wh=in_wh(call),
        repeat=repeat,
        price_limit=call.data.get(ATTR_PRICE_LIMIT),
        below_limit_soc=call.data.get(ATTR_BELOW_LIMIT_SOC),
    )
    _check_amount(target, promise)
    coordinator = target.coordinator
    coordinator.async_request(
        set_promise(coordinator.state, target.charger.id, promise)
    )


async def _clear_plan(call: ServiceCall) -> None:
    """Withdraw a promise, or all of them."""
    target = charger_of(call)
    coordinator, charger_id = target.coordinator, target.charger.id
    promise_id = call.data.get(ATTR_ID)
    if promise_id is not None:
        _promise(target, promise_id)
    coordinator.async_request(clear_promises(coordinator.state, charger_id, promise_id))


async def _skip_plan(call: ServiceCall) -> None:
    """Leave out the next time of a promise, the one that is on unless another is named."""
    target = charger_of(call)
    coordinator, charger_id = target.coordinator, target.charger.id
    goal = coordinator.charger_state(charger_id).goal
    promise_id = call.data.get(ATTR_ID, goal.promise_id if goal is not None else None)
    if promise_id is None:
        raise invalid("plan_nothing_to_skip", name=target.name)
    promise = _promise(target, promise_id)
    if (moment := due(coordinator.site, promise, dt_util.utcnow())) is None:
        raise invalid("plan_nothing_to_skip", name=target.name)
    coordinator.async_request(
        skip_once(coordinator.state, charger_id, promise_id, moment)
    )


async def _get_plan(call: ServiceCall) -> ServiceResponse:
    target = charger_of(call)
    return await async_plan_data(ChargerView(target.coordinator, target.charger.id))


def _promise(target: Addressee, promise_id: str) -> Promise:
    """Return the promise of this id; raise where there is none."""
    held = target.coordinator.charger_state(target.charger.id)
    for promise in held.promises:
        if promise.id == promise_id:
            return promise
    raise invalid("plan_unknown", name=target.name, id=promise_id)


def _ready_by(
    target: Addressee, given: datetime | time, repeat: frozenset[int]
) -> datetime:
    """Return when a plan is due first, in UTC; a time of day is the next such time."""
    now, zone = dt_util.utcnow(), target.coordinator.site.time_zone
    if isinstance(given, time):
        today = now.astimezone(zone).date()
        moment = at_local_time(today, given, zone)
        if moment <= now:
            moment = at_local_time(today + timedelta(days=1), given, zone)
    else:
        moment = dt_util.as_utc(local_time(given))
    if repeat:
        every = Promise(id=REPEATING, ready_by=moment, repeat=repeat)
        moment = next_occurrence(every, now, zone) or moment
    if moment <= now:
        raise invalid("ready_by_past")
    return moment


def _check_amount(target: Addressee, promise: Promise) -> None:
    """Raise where the amount of a promise cannot be."""
    if promise.soc is not None and promise.energy_wh is not None:
        raise invalid("plan_soc_and_energy")
    if promise.soc is not None and not knows_soc(target.coordinator, target.charger):
        raise invalid("plan_soc_unknown", name=target.name)
    if promise.below_limit_soc is None:
        return
    if promise.price_limit is None:
        raise invalid("below_limit_without_price")
    if promise.soc is None:
        raise invalid("below_limit_without_soc")
    if promise.below_limit_soc <= promise.soc:
        raise invalid(
            "below_limit_not_above",
            soc=f"{promise.soc:g}",
            below_limit_soc=f"{promise.below_limit_soc:g}",
        )
