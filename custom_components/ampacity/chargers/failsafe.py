"""A charger's own fail-safe: the current to which it falls back when nobody talks to it."""

from dataclasses import dataclass

from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN, SERVICE_SET_VALUE
from homeassistant.const import ATTR_ENTITY_ID, ATTR_UNIT_OF_MEASUREMENT, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.util.unit_conversion import DurationConverter

from ..sources.reading import Quantity, unit_factor
from .detect import FailSafe
from .write import LeverError, Write, plain_number, reachable_state

TIMEOUT_S = 60.0
"""After so long without a word it falls back; Home Assistant asks most chargers much more often."""
LONGEST_S = 120.0
"""A time that is set already stays, where it is no longer than this."""
_SAME = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What a charger is to fall back to."""

    current_a: float
    w_per_a: float
    """Power of one ampere, for chargers whose fail-safe is a power."""


def due_writes(
    hass: HomeAssistant, failsafe: FailSafe, wanted: Fallback
) -> list[Write]:
    """Return what has to be written for a charger to fall back as wanted.

    Nothing for what is as safe already, or safer: some keep these settings in a memory that wears
    out. Raises LeverError where an entity cannot be read.
    """
    if failsafe.action is not None:
        data = dict(failsafe.action)
        fields = {
            data["current_field"]: plain_number(wanted.current_a),
            data["timeout_field"]: int(TIMEOUT_S),
        }
        return [Write(action=data["action"], data=data.get("data", {}) | fields)]
    writes = [
        _current(hass, failsafe.current_entity, wanted)
        if failsafe.current_entity
        else None,
        _timeout(hass, failsafe.timeout_entity) if failsafe.timeout_entity else None,
    ]
    return [write for write in writes if write is not None]


def fallback_a(hass: HomeAssistant, failsafe: FailSafe, wanted: Fallback) -> float:
    """Return to what current a charger falls back once that is written.

    Raises LeverError where an entity cannot be read.
    """
    if failsafe.current_entity is None:
        return wanted.current_a
    value, present, factor = _currents(hass, failsafe.current_entity, wanted)
    return min(value, present) * factor


def _current(hass: HomeAssistant, entity_id: str, wanted: Fallback) -> Write | None:
    value, present, _ = _currents(hass, entity_id, wanted)
    return None if present <= value + _SAME else _set(entity_id, value)


def _currents(
    hass: HomeAssistant, entity_id: str, wanted: Fallback
) -> tuple[float, float, float]:
    """Return what is wanted of a number, what it has, and what one of its unit is in A."""
    present, low, high, unit = _number(hass, entity_id)
    factor = unit_factor(unit, Quantity.CURRENT)
    if factor is None and (power := unit_factor(unit, Quantity.POWER)) is not None:
        factor = power / wanted.w_per_a
    if factor is None:
        raise LeverError(f"{entity_id} is neither a current nor a power")
    return min(max(wanted.current_a / factor, low), high), present, factor


def _timeout(hass: HomeAssistant, entity_id: str) -> Write | None:
    present, low, high, unit = _number(hass, entity_id)
    per_s = DurationConverter.convert(1.0, UnitOfTime.SECONDS, unit or "s")
    if 0.0 < present <= LONGEST_S * per_s:
        return None
    return _set(entity_id, min(max(TIMEOUT_S * per_s, low), high))


def _number(
    hass: HomeAssistant, entity_id: str
) -> tuple[float, float, float, str | None]:
    """Return value, lowest, highest and unit of a number; LeverError where it tells none."""
    state = reachable_state(hass, entity_id)
    try:
        value, low, high = (
            float(text)
            for text in (state.state, state.attributes["min"], state.attributes["max"])
        )
    except (KeyError, TypeError, ValueError) as err:
        raise LeverError(f"{entity_id} tells no value") from err
    return value, low, high, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)


def _set(entity_id: str, value: float) -> Write:
    data = {ATTR_ENTITY_ID: entity_id, "value": plain_number(value)}
    return Write(action=f"{NUMBER_DOMAIN}.{SERVICE_SET_VALUE}", data=data)
