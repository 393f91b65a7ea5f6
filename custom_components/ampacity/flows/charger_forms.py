"""The forms of a charger."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    ObjectSelector,
    SelectSelector,
    TextSelector,
)
import voluptuous as vol

from ..const import (
    CONF_BOOST_DURATION,
    CONF_CHARGING_SENSOR,
    CONF_CIRCUIT,
    CONF_CURRENT_SENSORS,
    CONF_ENERGY_SENSOR,
    CONF_FAILSAFE,
    CONF_LIMIT_ACTION,
    CONF_LIMIT_ACTION_DATA,
    CONF_LIMIT_ACTION_FIELD,
    CONF_LIMIT_ENTITY,
    CONF_LIMIT_KIND,
    CONF_LINK,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_OFFERED_SENSOR,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_PHASES_ACTION,
    CONF_PHASES_ACTION_DATA,
    CONF_PHASES_ACTION_FIELD,
    CONF_PHASES_ALL,
    CONF_PHASES_ENTITY,
    CONF_PHASES_INTERVAL,
    CONF_PHASES_INVERTED,
    CONF_PHASES_KIND,
    CONF_PHASES_ONE,
    CONF_PHASES_PAUSE,
    CONF_PHASES_SENSOR,
    CONF_PLUG_SENSOR,
    CONF_POWER_SENSOR,
    CONF_SAFE_CURRENT,
    CONF_SETTLE_TIME,
    CONF_SOC_SENSOR,
    CONF_START_ACTION,
    CONF_START_ACTION_DATA,
    CONF_START_BUTTON,
    CONF_START_OPTION,
    CONF_START_STOP_KIND,
    CONF_START_STOP_SELECT,
    CONF_STATUS_KIND,
    CONF_STATUS_MAP,
    CONF_STATUS_SENSOR,
    CONF_STOP_ACTION,
    CONF_STOP_ACTION_DATA,
    CONF_STOP_BUTTON,
    CONF_STOP_OPTION,
    CONF_SWITCH,
    CONF_SWITCH_INVERTED,
    CONF_WEIGHT,
)
from ..engine.model import Charger, ChargerStatus, Link
from .circuit_forms import MAIN_FUSE
from .fields import (
    CURRENT_UNITS,
    ENERGY_UNITS,
    PERCENT_UNITS,
    POWER_UNITS,
    amount,
    choice,
    entity,
    foreign,
    measured,
)
from .form import Form
from .site_forms import PHASE_OPTIONS
from .states import options_of

BOOST_MIN = Charger(id="").boost_s / 60.0
"""How long a boost lasts where the user says nothing else."""

PHASES_PAUSE_S = Charger(id="").switch_pause_s
PHASES_INTERVAL_MIN = Charger(id="").switch_interval_s / 60.0

SECTION_ADVANCED = "advanced"

LIMIT_KINDS = ("number", "select", "action", "none")
START_STOP_KINDS = ("switch", "buttons", "select", "action", "zero", "none")
STATUS_KINDS = ("sensor", "binary", "none")
PHASES_KINDS = ("none", "number", "select", "switch", "action")

KIND_FIELDS: dict[str, tuple[str, ...]] = {
    CONF_LIMIT_KIND: (
        CONF_LIMIT_ENTITY,
        CONF_LIMIT_ACTION,
        CONF_LIMIT_ACTION_FIELD,
        CONF_LIMIT_ACTION_DATA,
    ),
    CONF_START_STOP_KIND: (
        CONF_SWITCH,
        CONF_SWITCH_INVERTED,
        CONF_START_BUTTON,
        CONF_STOP_BUTTON,
        CONF_START_STOP_SELECT,
        CONF_START_OPTION,
        CONF_STOP_OPTION,
        CONF_START_ACTION,
        CONF_START_ACTION_DATA,
        CONF_STOP_ACTION,
        CONF_STOP_ACTION_DATA,
    ),
    CONF_PHASES_KIND: (
        CONF_PHASES_ENTITY,
        CONF_PHASES_ONE,
        CONF_PHASES_ALL,
        CONF_PHASES_INVERTED,
        CONF_PHASES_ACTION,
        CONF_PHASES_ACTION_FIELD,
        CONF_PHASES_ACTION_DATA,
        CONF_PHASES_SENSOR,
        CONF_PHASES_PAUSE,
        CONF_PHASES_INTERVAL,
    ),
    CONF_STATUS_KIND: (
        CONF_STATUS_SENSOR,
        CONF_STATUS_MAP,
        CONF_PLUG_SENSOR,
        CONF_CHARGING_SENSOR,
    ),
}
"""Which fields belong to the choice of a kind."""

PHASE_MAPS = {
    1: ("unknown", "l1", "l2", "l3"),
    3: (
        "unknown",
        "l1_l2_l3",
        "l2_l3_l1",
        "l3_l1_l2",
        "l1_l3_l2",
        "l2_l1_l3",
        "l3_l2_l1",
    ),
}


def kinds_form(_: Mapping[str, Any], *, site_phases: int) -> Form:
    """Return the form of the name and of how the charger is driven."""

    def kind(key: str, options: tuple[str, ...]) -> dict[Any, Any]:
        marker = vol.Required(key, default=options[0])
        return {marker: choice(key, options, roomy=True)}

    return Form(
        {vol.Required(CONF_NAME): TextSelector()}
        | kind(CONF_LIMIT_KIND, LIMIT_KINDS)
        | kind(CONF_START_STOP_KIND, START_STOP_KINDS)
        | kind(CONF_STATUS_KIND, STATUS_KINDS)
        | (kind(CONF_PHASES_KIND, PHASES_KINDS) if site_phases > 1 else {})
    )


def control_form(hass: HomeAssistant, data: Mapping[str, Any]) -> Form:
    """Return the form of the chosen kinds' fields."""
    return Form(
        _limit_fields(hass, data[CONF_LIMIT_KIND])
        | _start_stop_fields(hass, data)
        | _status_fields(data[CONF_STATUS_KIND])
        | _phases_fields(hass, data)
    )


def _limit_fields(hass: HomeAssistant, kind: str) -> dict[Any, Any]:
    if kind == "number":
        return {vol.Required(CONF_LIMIT_ENTITY): entity("number", "input_number")}
    if kind == "select":
        return {vol.Required(CONF_LIMIT_ENTITY): entity("select", "input_select")}
    if kind == "none":
        return {}
    return {
        vol.Required(CONF_LIMIT_ACTION): foreign(_actions(hass)),
        vol.Required(CONF_LIMIT_ACTION_FIELD): TextSelector(),
        vol.Optional(CONF_LIMIT_ACTION_DATA): ObjectSelector(),
    }


def _start_stop_fields(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[Any, Any]:
    kind = data[CONF_START_STOP_KIND]
    if kind == "switch":
        return {
            vol.Required(CONF_SWITCH): entity("switch", "input_boolean"),
            vol.Optional(CONF_SWITCH_INVERTED, default=False): BooleanSelector(),
        }
    if kind == "buttons":
        return {
            vol.Required(CONF_START_BUTTON): entity("button", "input_button"),
            vol.Required(CONF_STOP_BUTTON): entity("button", "input_button"),
        }
    if kind == "select":
        # The options are known once the entity is, so the form comes back with them to choose.
        options = foreign(options_of(hass, data.get(CONF_START_STOP_SELECT)))
        return {
            vol.Required(CONF_START_STOP_SELECT): entity("select", "input_select"),
            vol.Optional(CONF_START_OPTION): options,
            vol.Optional(CONF_STOP_OPTION): options,
        }
    if kind == "action":
        actions = foreign(_actions(hass))
        return {
            vol.Required(CONF_START_ACTION): actions,
            vol.Optional(CONF_START_ACTION_DATA): ObjectSelector(),
            vol.Required(CONF_STOP_ACTION): actions,
            vol.Optional(CONF_STOP_ACTION_DATA): ObjectSelector(),
        }
    return {}


def _status_fields(kind: str) -> dict[Any, Any]:
    if kind == "sensor":
        domains = ("sensor", "select", "input_select", "input_text")
        return {vol.Required(CONF_STATUS_SENSOR): entity(*domains)}
    if kind == "binary":
        return {
            vol.Optional(CONF_PLUG_SENSOR): entity("binary_sensor", "input_boolean"),
            vol.Optional(CONF_CHARGING_SENSOR): entity(
                "binary_sensor", "input_boolean"
            ),
        }
    return {}


def _phases_fields(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[Any, Any]:
    kind = data.get(CONF_PHASES_KIND, "none")
    fields: dict[Any, Any] = {}
    if kind == "none":
        return fields
    if kind == "number":
        fields = {vol.Required(CONF_PHASES_ENTITY): entity("number", "input_number")}
    elif kind == "select":
        options = foreign(options_of(hass, data.get(CONF_PHASES_ENTITY)))
        fields = {
            vol.Required(CONF_PHASES_ENTITY): entity("select", "input_select"),
            vol.Optional(CONF_PHASES_ONE): options,
            vol.Optional(CONF_PHASES_ALL): options,
        }
    elif kind == "switch":
        fields = {
            vol.Required(CONF_PHASES_ENTITY): entity("switch", "input_boolean"),
            vol.Optional(CONF_PHASES_INVERTED, default=False): BooleanSelector(),
        }
    else:
        fields = {
            vol.Required(CONF_PHASES_ACTION): foreign(_actions(hass)),
            vol.Required(CONF_PHASES_ACTION_FIELD): TextSelector(),
            vol.Optional(CONF_PHASES_ACTION_DATA): ObjectSelector(),
        }
    return fields | {
        vol.Optional(CONF_PHASES_SENSOR): entity("sensor", "number", "select"),
        vol.Optional(CONF_PHASES_PAUSE, default=PHASES_PAUSE_S): amount("s"),
        vol.Optional(CONF_PHASES_INTERVAL, default=PHASES_INTERVAL_MIN): amount("min"),
    }


def _actions(hass: HomeAssistant) -> list[str]:
    services = hass.services.async_services()
    return sorted(
        f"{domain}.{name}" for domain in services for name in services[domain]
    )


def status_form(words: Iterable[str], _: Mapping[str, Any]) -> Form:
    """Return the form that sorts the words of the status sensor."""
    selector = foreign(list(words), multiple=True)
    return Form({vol.Optional(status.value): selector for status in ChargerStatus})


def sensors_form(_: Mapping[str, Any], *, site_phases: int) -> Form:
    """Return the form of what the charger measures."""
    currents = {
        vol.Optional(field): measured(CURRENT_UNITS)
        for field in CONF_CURRENT_SENSORS[:site_phases]
    }
    return Form(
        {
            vol.Optional(CONF_POWER_SENSOR): measured(POWER_UNITS),
            **currents,
            vol.Optional(CONF_ENERGY_SENSOR): measured(ENERGY_UNITS),
            vol.Optional(CONF_SOC_SENSOR): measured(PERCENT_UNITS),
            vol.Optional(CONF_OFFERED_SENSOR): measured((*CURRENT_UNITS, *POWER_UNITS)),
        }
    )


def electrical_form(
    data: Mapping[str, Any],
    *,
    site_phases: int,
    circuits: SelectSelector | None = None,
    has_failsafe: bool = False,
) -> Form:
    """Return the form of what the charger can carry and how it hangs on the site.

    ``circuits`` is the choice among the site's circuits, None where it has none. With
    ``has_failsafe`` it can be told what to do when nobody talks to it any more.
    """
    wiring: dict[Any, Any] = {}
    if site_phases == 3:
        maps = tuple(dict.fromkeys((*PHASE_MAPS[3], *PHASE_MAPS[1])))
        wiring = {
            vol.Required(CONF_PHASES, default="3"): choice(CONF_PHASES, PHASE_OPTIONS),
            vol.Required(CONF_PHASE_MAP, default="unknown"): choice(
                CONF_PHASE_MAP, maps
            ),
        }
    failsafe: dict[Any, Any] = {}
    if has_failsafe:
        failsafe[vol.Required(CONF_FAILSAFE, default=False)] = BooleanSelector()
    return Form(
        wiring
        | {
            vol.Required(CONF_MIN_CURRENT): amount("A"),
            vol.Required(CONF_MAX_CURRENT): amount("A"),
            **failsafe,
            vol.Optional(SECTION_ADVANCED): section(
                vol.Schema(_advanced(circuits)), {"collapsed": _is_usual(data)}
            ),
        }
    )


def _advanced(circuits: SelectSelector | None) -> dict[Any, Any]:
    """Return the fields that hardly anybody needs."""
    fields: dict[Any, Any] = {}
    if circuits is not None:
        fields[vol.Required(CONF_CIRCUIT, default=MAIN_FUSE)] = circuits
    return fields | {
        vol.Optional(CONF_SAFE_CURRENT): amount("A"),
        vol.Required(CONF_LINK, default=Link.LOCAL.value): choice(
            CONF_LINK, list(Link)
        ),
        vol.Optional(CONF_SETTLE_TIME): amount("s"),
        vol.Optional(CONF_BOOST_DURATION, default=BOOST_MIN): amount("min"),
        vol.Optional(CONF_WEIGHT): amount("×"),
    }


def _is_usual(data: Mapping[str, Any]) -> bool:
    """Whether nothing but the usual has been chosen among them."""
    return (
        not {CONF_SAFE_CURRENT, CONF_SETTLE_TIME, CONF_WEIGHT} & data.keys()
        and data.get(CONF_CIRCUIT, MAIN_FUSE) == MAIN_FUSE
        and data.get(CONF_LINK, Link.LOCAL) == Link.LOCAL
        and data.get(CONF_BOOST_DURATION, BOOST_MIN) == BOOST_MIN
    )
