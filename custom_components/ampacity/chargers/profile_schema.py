"""The schema of a known charger's file, and what its parts mean for a charger's configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
import re
from typing import Any

import voluptuous as vol

from ..const import (
    CONF_CHARGING_SENSOR,
    CONF_CURRENT_SENSORS,
    CONF_ENERGY_SENSOR,
    CONF_LIMIT_ACTION,
    CONF_LIMIT_ACTION_DATA,
    CONF_LIMIT_ACTION_FIELD,
    CONF_LIMIT_ENTITY,
    CONF_OFFERED_SENSOR,
    CONF_PHASES_ACTION,
    CONF_PHASES_ACTION_DATA,
    CONF_PHASES_ACTION_FIELD,
    CONF_PHASES_ALL,
    CONF_PHASES_ENTITY,
    CONF_PHASES_INVERTED,
    CONF_PHASES_ONE,
    CONF_PHASES_SENSOR,
    CONF_PLUG_SENSOR,
    CONF_POWER_SENSOR,
    CONF_SOC_SENSOR,
    CONF_START_ACTION,
    CONF_START_ACTION_DATA,
    CONF_START_BUTTON,
    CONF_START_OPTION,
    CONF_START_STOP_SELECT,
    CONF_STATUS_MAP,
    CONF_STATUS_SENSOR,
    CONF_STOP_ACTION,
    CONF_STOP_ACTION_DATA,
    CONF_STOP_BUTTON,
    CONF_STOP_OPTION,
    CONF_SWITCH,
    CONF_SWITCH_INVERTED,
)
from ..engine.model import ChargerStatus, Link

_TEXT = vol.All(str, vol.Length(min=1))
_KIND_DOMAINS = {"number": "number", "select": "select", "switch": "switch"}
_REF = vol.Any(
    _TEXT,
    vol.Schema(
        {
            vol.Exclusive("uid", "by"): _TEXT,
            vol.Exclusive("key", "by"): _TEXT,
            vol.Optional("domain"): _TEXT,
            vol.Optional("parent"): True,
        }
    ),
)
_REFS = vol.Any(_REF, [_REF])
_DATA = {str: vol.Any(str, int, float, bool)}

_LIMIT = vol.Any(
    "none",
    vol.Schema({vol.Required("number"): _REFS}),
    vol.Schema({vol.Required("select"): _REFS}),
    vol.Schema(
        {
            vol.Required("action"): _TEXT,
            vol.Required("field"): _TEXT,
            vol.Optional("data", default={}): _DATA,
        }
    ),
)
_ONE_ACTION = vol.Schema(
    {vol.Required("action"): _TEXT, vol.Optional("data", default={}): _DATA}
)
_START_STOP = vol.Any(
    "none",
    "zero",
    vol.Schema(
        {vol.Required("switch"): _REFS, vol.Optional("inverted", default=False): bool}
    ),
    vol.Schema(
        {
            vol.Required("buttons"): {
                vol.Required("start"): _REFS,
                vol.Required("stop"): _REFS,
            }
        }
    ),
    vol.Schema(
        {
            vol.Required("select"): _REFS,
            vol.Required("start"): _TEXT,
            vol.Required("stop"): _TEXT,
        }
    ),
    vol.Schema(
        {
            vol.Required("actions"): {
                vol.Required("start"): _ONE_ACTION,
                vol.Required("stop"): _ONE_ACTION,
            }
        }
    ),
)
_PHASES = vol.Any(
    vol.Schema({vol.Required("number"): _REFS, vol.Optional("shown"): _REFS}),
    vol.Schema(
        {
            vol.Required("select"): _REFS,
            vol.Required("one"): _TEXT,
            vol.Required("all"): _TEXT,
            vol.Optional("shown"): _REFS,
        }
    ),
    vol.Schema(
        {
            vol.Required("switch"): _REFS,
            vol.Optional("inverted", default=False): bool,
            vol.Optional("shown"): _REFS,
        }
    ),
    vol.Schema(
        {
            vol.Required("action"): _TEXT,
            vol.Required("field"): _TEXT,
            vol.Optional("data", default={}): _DATA,
            vol.Optional("shown"): _REFS,
        }
    ),
)
_STATUS = vol.Schema(
    {
        vol.Optional("sensor"): _REFS,
        vol.Optional("map", default={}): {
            vol.In([status.value for status in ChargerStatus]): [_TEXT]
        },
        vol.Optional("plug"): _REFS,
        vol.Optional("charging"): _REFS,
    }
)
_NATIVE = vol.Any(
    vol.Schema(
        {
            vol.Required("switch"): _REF,
            vol.Optional("wanted", default="off"): vol.In(["on", "off"]),
            vol.Required("feature"): _TEXT,
        }
    ),
    vol.Schema(
        {
            vol.Required("select"): _REF,
            vol.Required("wanted"): _TEXT,
            vol.Optional("fine", default=[]): [_TEXT],
            vol.Required("feature"): _TEXT,
        }
    ),
)
_FAILSAFE = vol.Any(
    vol.Schema(
        {
            vol.Required("current"): _REFS,
            vol.Optional("timeout"): _REFS,
        }
    ),
    vol.Schema(
        {
            vol.Required("action"): _TEXT,
            vol.Required("current_field"): _TEXT,
            vol.Required("timeout_field"): _TEXT,
            vol.Optional("data", default={}): _DATA,
        }
    ),
)
SENSORS = {
    "power": CONF_POWER_SENSOR,
    "current_l1": CONF_CURRENT_SENSORS[0],
    "current_l2": CONF_CURRENT_SENSORS[1],
    "current_l3": CONF_CURRENT_SENSORS[2],
    "energy": CONF_ENERGY_SENSOR,
    "soc": CONF_SOC_SENSOR,
    "offered": CONF_OFFERED_SENSOR,
}
"""What a charger may measure, and the field of its configuration."""

SCHEMA = vol.Schema(
    {
        vol.Required("name"): _TEXT,
        vol.Required("integration"): vol.All(
            lambda value: [value] if isinstance(value, str) else value, [_TEXT]
        ),
        vol.Required("origin"): _TEXT,
        vol.Optional("checked"): _TEXT,
        vol.Required("sources"): [_TEXT],
        vol.Optional("kind", default="charger"): vol.In(["charger", "vehicle"]),
        vol.Optional("link", default="local"): vol.In([link.value for link in Link]),
        vol.Required("durability"): vol.In(["ram", "flash", "cloud", "unknown"]),
        vol.Optional("anchor"): _REF,
        vol.Required("limit"): _LIMIT,
        vol.Required("start_stop"): _START_STOP,
        vol.Required("status"): _STATUS,
        vol.Optional("phases"): _PHASES,
        vol.Optional("sensors", default={}): {vol.In(list(SENSORS)): _REFS},
        vol.Optional("native", default=[]): [_NATIVE],
        vol.Optional("failsafe"): _FAILSAFE,
        vol.Optional("quirks", default={}): {
            vol.Optional("settle_s"): vol.Coerce(float),
            vol.Optional("raise_every_s"): vol.Coerce(float),
            vol.Optional("writes_per_day"): vol.Coerce(float),
            vol.Optional("step_a"): vol.Coerce(float),
            vol.Optional("vague_finish"): bool,
        },
        vol.Optional("min_current"): vol.Coerce(float),
        vol.Optional("max_current"): vol.Coerce(float),
        vol.Optional("phase_count"): vol.In([1, 3]),
        vol.Optional("notes", default=[]): [_TEXT],
    }
)
"""Of a file in ``profiles/``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Where an entity is found: by domain and by unique id or translation key."""

    domain: str
    uid: str | None = None
    """Pattern of the unique id: ``*`` is anything; ``{id}`` and other names in braces are what
    tells several chargers apart, so each stands for the same text, without a dot, in all of one's
    entities."""
    key: str | None = None
    """The translation key."""
    parent: bool = False
    """It is an entity of the device behind which the charger's own hangs."""

    @classmethod
    def from_raw(cls, raw: Any, domain: str) -> Ref:
        """Return what a file says: a text is a pattern of the unique id."""
        if isinstance(raw, str):
            return cls(domain=domain, uid=raw)
        return cls(**({"domain": domain} | raw))

    def match(self, unique_id: str, key: str | None) -> Mapping[str, str] | None:
        """Return what the names in braces stand for in an entity; None where it is another."""
        if self.uid is not None:
            found = _pattern(self.uid).fullmatch(unique_id)
            return found.groupdict() if found else None
        return {} if self.key == key else None

    @property
    def names(self) -> frozenset[str]:
        """What it has in braces."""
        return frozenset(_pattern(self.uid).groupindex if self.uid else ())


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    parts = (
        ".*"
        if part == "*"
        else f"(?P<{part[1:-1]}>[^.]+?)"
        if part.startswith("{")
        else re.escape(part)
        for part in re.split(r"(\*|\{\w+\})", glob)
    )
    return re.compile("".join(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A part of a charger's configuration."""

    kind: str
    refs: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    """Entities by field; the first that is there is meant."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Other fields; ``{device_id}`` and the like in texts are filled in when it is found."""
    optional: frozenset[str] = frozenset()
    """Fields of ``refs`` that may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """A feature of the charger's own that would work against Ampacity."""

    feature: str
    """Key of its name: ``selector.native_feature``."""
    ref: Ref
    wanted: str
    """The state in which it doesn't."""
    fine: tuple[str, ...] = ()
    """Other states in which it doesn't, such as those that are part of controlling it."""

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> Native:
        """Return what a file says."""
        domain = "switch" if "switch" in raw else "select"
        ref = Ref.from_raw(raw[domain], domain)
        fine = tuple(raw.get("fine", ()))
        return cls(feature=raw["feature"], ref=ref, wanted=raw["wanted"], fine=fine)


def levers(raw: Mapping[str, Any]) -> dict[str, Lever]:
    """Return the parts of a file that passed the schema, by their names in it."""
    parts = {
        "limit": _limit(raw["limit"]),
        "start_stop": _start_stop(raw["start_stop"]),
        "status": _status(raw["status"]),
        "sensors": _sensors(raw["sensors"]),
    }
    if "phases" in raw:
        parts["phases"] = _phases(raw["phases"])
    if "failsafe" in raw:
        parts["failsafe"] = _failsafe(raw["failsafe"])
    return parts


def _refs(raw: Any, domain: str) -> tuple[Ref, ...]:
    every = raw if isinstance(raw, list) else [raw]
    return tuple(Ref.from_raw(one, domain) for one in every)


def _limit(raw: Any) -> Lever:
    if raw == "none":
        return Lever(kind="none")
    if "action" in raw:
        values = {
            CONF_LIMIT_ACTION: raw["action"],
            CONF_LIMIT_ACTION_FIELD: raw["field"],
            CONF_LIMIT_ACTION_DATA: raw["data"],
        }
        return Lever(kind="action", values=values)
    ((kind, refs),) = raw.items()
    return Lever(kind=kind, refs={CONF_LIMIT_ENTITY: _refs(refs, kind)})


def _start_stop(raw: Any) -> Lever:
    if isinstance(raw, str):
        return Lever(kind=raw)
    if "switch" in raw:
        return Lever(
            kind="switch",
            refs={CONF_SWITCH: _refs(raw["switch"], "switch")},
            values={CONF_SWITCH_INVERTED: True} if raw["inverted"] else {},
        )
    if "buttons" in raw:
        pair = raw["buttons"]
        refs = {
            CONF_START_BUTTON: _refs(pair["start"], "button"),
            CONF_STOP_BUTTON: _refs(pair["stop"], "button"),
        }
        return Lever(kind="buttons", refs=refs)
    if "select" in raw:
        return Lever(
            kind="select",
            refs={CONF_START_STOP_SELECT: _refs(raw["select"], "select")},
            values={CONF_START_OPTION: raw["start"], CONF_STOP_OPTION: raw["stop"]},
        )
    start, stop = raw["actions"]["start"], raw["actions"]["stop"]
    values = {
        CONF_START_ACTION: start["action"],
        CONF_START_ACTION_DATA: start["data"],
        CONF_STOP_ACTION: stop["action"],
        CONF_STOP_ACTION_DATA: stop["data"],
    }
    return Lever(kind="action", values=values)


def _phases(raw: Mapping[str, Any]) -> Lever:
    shown = (
        {CONF_PHASES_SENSOR: _refs(raw["shown"], "sensor")} if "shown" in raw else {}
    )
    optional = frozenset(shown)
    if "action" in raw:
        values = {
            CONF_PHASES_ACTION: raw["action"],
            CONF_PHASES_ACTION_FIELD: raw["field"],
            CONF_PHASES_ACTION_DATA: raw["data"],
        }
        return Lever(kind="action", refs=shown, values=values, optional=optional)
    kind = next(kind for kind in _KIND_DOMAINS if kind in raw)
    values = {}
    if kind == "select":
        values = {CONF_PHASES_ONE: raw["one"], CONF_PHASES_ALL: raw["all"]}
    elif raw.get("inverted"):
        values = {CONF_PHASES_INVERTED: True}
    refs = {CONF_PHASES_ENTITY: _refs(raw[kind], kind), **shown}
    return Lever(kind=kind, refs=refs, values=values, optional=optional)


def _status(raw: Mapping[str, Any]) -> Lever:
    refs = {
        field_: _refs(raw[name], domain)
        for name, field_, domain in (
            ("sensor", CONF_STATUS_SENSOR, "sensor"),
            ("plug", CONF_PLUG_SENSOR, "binary_sensor"),
            ("charging", CONF_CHARGING_SENSOR, "binary_sensor"),
        )
        if name in raw
    }
    if "sensor" not in raw:
        kind = "binary" if refs else "none"
        return Lever(kind=kind, refs=refs, optional=frozenset(refs))
    words = {word: status for status, words in raw["map"].items() for word in words}
    return Lever(
        kind="sensor",
        refs=refs,
        values={CONF_STATUS_MAP: words},
        optional=frozenset({CONF_PLUG_SENSOR, CONF_CHARGING_SENSOR}),
    )


def _sensors(raw: Mapping[str, Any]) -> Lever:
    refs = {SENSORS[name]: _refs(found, "sensor") for name, found in raw.items()}
    return Lever(kind="sensors", refs=refs, optional=frozenset(refs))


FAILSAFE_CURRENT = "failsafe_current"
FAILSAFE_TIMEOUT = "failsafe_timeout"


def _failsafe(raw: Mapping[str, Any]) -> Lever:
    if "action" in raw:
        return Lever(kind="action", values=dict(raw))
    refs = {FAILSAFE_CURRENT: _refs(raw["current"], "number")}
    if "timeout" in raw:
        refs[FAILSAFE_TIMEOUT] = _refs(raw["timeout"], "number")
    return Lever(kind="number", refs=refs, optional=frozenset({FAILSAFE_TIMEOUT}))
