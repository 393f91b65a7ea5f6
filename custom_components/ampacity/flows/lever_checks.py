"""What can be wrong with the means by which a charger is commanded."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import (
    CONF_LIMIT_ACTION,
    CONF_LIMIT_ACTION_DATA,
    CONF_LIMIT_ACTION_FIELD,
    CONF_LIMIT_ENTITY,
    CONF_LIMIT_KIND,
    CONF_PHASES_ACTION,
    CONF_PHASES_ACTION_DATA,
    CONF_PHASES_ACTION_FIELD,
    CONF_PHASES_ALL,
    CONF_PHASES_ENTITY,
    CONF_PHASES_INTERVAL,
    CONF_PHASES_KIND,
    CONF_PHASES_ONE,
    CONF_PHASES_PAUSE,
    CONF_START_ACTION,
    CONF_START_ACTION_DATA,
    CONF_START_BUTTON,
    CONF_START_OPTION,
    CONF_START_STOP_KIND,
    CONF_START_STOP_SELECT,
    CONF_STOP_ACTION,
    CONF_STOP_ACTION_DATA,
    CONF_STOP_BUTTON,
    CONF_STOP_OPTION,
    CONF_SWITCH,
    DOMAIN,
)
from ..engine.model import MIN_CURRENT_A
from ..sources.reading import Quantity
from .common_checks import check_measured, check_once, check_range
from .form import Problem
from .states import amps_of, options_of, range_of

_COMMANDED = (
    CONF_LIMIT_ENTITY,
    CONF_SWITCH,
    CONF_START_BUTTON,
    CONF_STOP_BUTTON,
    CONF_START_STOP_SELECT,
    CONF_PHASES_ENTITY,
)
_ACTIONS = {
    CONF_LIMIT_ACTION: CONF_LIMIT_ACTION_DATA,
    CONF_START_ACTION: CONF_START_ACTION_DATA,
    CONF_STOP_ACTION: CONF_STOP_ACTION_DATA,
    CONF_PHASES_ACTION: CONF_PHASES_ACTION_DATA,
}
MIN_SWITCH_PAUSE_S = 10.0
_MAX_SWITCH_PAUSE_S = 600.0
_MAX_SWITCH_INTERVAL_MIN = 1440.0


def check_levers(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the current limit and the means to start and stop, each and together."""
    yield from _check_limit(hass, data)
    kind = data[CONF_START_STOP_KIND]
    if kind == "select":
        yield from _check_select(hass, data)
    elif kind == "action":
        yield from _check_actions(hass, data)
    elif kind == "zero":
        yield from _check_zero(hass, data)
    yield from _check_phases(hass, data)
    yield from check_once((field, data.get(field)) for field in _COMMANDED)


def _check_limit(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    kind = data[CONF_LIMIT_KIND]
    if kind == "action":
        yield from _check_action(hass, data, CONF_LIMIT_ACTION)
        if CONF_LIMIT_ACTION_FIELD not in data:
            yield Problem(field=CONF_LIMIT_ACTION_FIELD, error="action_field_missing")
        return
    if kind == "none":
        return
    entity_id = data[CONF_LIMIT_ENTITY]
    if kind == "number":
        yield from check_measured(
            hass, CONF_LIMIT_ENTITY, entity_id, Quantity.CURRENT, Quantity.POWER
        )
    names = {"entity": entity_id}
    known = range_of(hass, entity_id)
    no_amps = kind == "select" and known is None and options_of(hass, entity_id)
    if no_amps or (known is not None and known[1] < MIN_CURRENT_A):
        yield Problem(
            field=CONF_LIMIT_ENTITY, error="no_usable_current", placeholders=names
        )


def _check_zero(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Tell when a pause by 0 A is asked of an entity that does not take 0."""
    if data[CONF_LIMIT_KIND] == "action":
        return
    entity_id = data[CONF_LIMIT_ENTITY]
    known = range_of(hass, entity_id)
    if data[CONF_LIMIT_KIND] == "select":
        takes_zero = known is None or 0.0 in amps_of(hass, entity_id)
    else:
        takes_zero = known is None or known[0] <= 0.0
    if not takes_zero:
        names = {"entity": entity_id}
        yield Problem(field=CONF_LIMIT_ENTITY, error="no_zero", placeholders=names)


def _check_phases(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the means to switch phases."""
    kind = data.get(CONF_PHASES_KIND, "none")
    if kind == "none":
        return
    if kind == "number":
        yield from _check_phase_number(hass, data[CONF_PHASES_ENTITY])
    elif kind == "select":
        pair = (CONF_PHASES_ONE, CONF_PHASES_ALL)
        yield from _check_options(hass, data, CONF_PHASES_ENTITY, pair)
    elif kind == "action":
        yield from _check_action(hass, data, CONF_PHASES_ACTION)
        if CONF_PHASES_ACTION_FIELD not in data:
            yield Problem(field=CONF_PHASES_ACTION_FIELD, error="action_field_missing")
    yield from check_range(
        data,
        CONF_PHASES_PAUSE,
        MIN_SWITCH_PAUSE_S,
        _MAX_SWITCH_PAUSE_S,
        "phases_pause_range",
    )
    yield from check_range(
        data,
        CONF_PHASES_INTERVAL,
        1.0,
        _MAX_SWITCH_INTERVAL_MIN,
        "phases_interval_range",
    )


def _check_phase_number(hass: HomeAssistant, entity_id: str) -> Iterator[Problem]:
    """Tell when a number, as far as it says, does not take 1 and 3."""
    state = hass.states.get(entity_id)
    try:
        low, high = (float(state.attributes[name]) for name in ("min", "max"))  # type: ignore[union-attr]
    except AttributeError, KeyError, TypeError, ValueError:
        return
    if low > 1.0 or high < 3.0:
        names = {"entity": entity_id}
        yield Problem(field=CONF_PHASES_ENTITY, error="not_phases", placeholders=names)


def _check_select(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    pair = (CONF_START_OPTION, CONF_STOP_OPTION)
    yield from _check_options(hass, data, CONF_START_STOP_SELECT, pair)


def _check_options(
    hass: HomeAssistant, data: Mapping[str, Any], select: str, pair: tuple[str, str]
) -> Iterator[Problem]:
    """Check that a select has two different options."""
    entity_id = data[select]
    options = options_of(hass, entity_id)
    for field in pair:
        if field not in data:
            yield Problem(field=field, error="option_missing")
        elif options and data[field] not in options:
            names = {"entity": entity_id, "option": data[field]}
            yield Problem(field=field, error="option_unknown", placeholders=names)
    if pair[1] in data and data.get(pair[0]) == data[pair[1]]:
        yield Problem(field=pair[1], error="same_option")


def _check_actions(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _check_action(hass, data, CONF_START_ACTION)
    yield from _check_action(hass, data, CONF_STOP_ACTION)
    start, stop = (
        (data.get(field), data.get(_ACTIONS[field]))
        for field in (CONF_START_ACTION, CONF_STOP_ACTION)
    )
    if start == stop:
        yield Problem(field=CONF_STOP_ACTION, error="same_action")


def _check_action(
    hass: HomeAssistant, data: Mapping[str, Any], field: str
) -> Iterator[Problem]:
    action = data.get(field, "")
    domain, _, service = action.partition(".")
    names = {"action": action}
    if not domain or not service:
        yield Problem(field=field, error="action_format", placeholders=names)
    elif not hass.services.has_service(domain, service):
        yield Problem(field=field, error="action_unknown", placeholders=names)
    if not isinstance(data.get(_ACTIONS[field], {}), dict):
        yield Problem(field=_ACTIONS[field], error="action_data_format")


def check_other_chargers(
    hass: HomeAssistant, data: Mapping[str, Any], subentry_id: str | None
) -> Iterator[Problem]:
    """Tell when another charger, of whichever site, is commanded by the same means."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        for other in entry.subentries.values():
            if other.subentry_id == subentry_id:
                continue
            theirs = _commands(other.data).values()
            for field, command in _commands(data).items():
                if command in theirs:
                    names = {"entity": data[field], "charger": other.title}
                    yield Problem(
                        field=field, error="other_charger", placeholders=names
                    )


def _commands(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what commands a charger: entities, and actions with all their data."""
    return {field: data[field] for field in _COMMANDED if field in data} | {
        field: (data[field], data.get(extra, {}))
        for field, extra in _ACTIONS.items()
        if field in data
    }
