"""What entities offer to choose from, as far as they tell right now."""

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant

from ..chargers.limit import option_a
from ..sources.reading import Quantity, unit_factor


def options_of(hass: HomeAssistant, entity_id: str | None) -> list[str]:
    """Return the options of a select or an enum sensor, empty where it names none."""
    if entity_id is None or (state := hass.states.get(entity_id)) is None:
        return []
    return [str(option) for option in state.attributes.get("options") or ()]


def words_of(hass: HomeAssistant, entity_id: str) -> list[str]:
    """Return the words that a status sensor is known to say, at least its present one."""
    words = options_of(hass, entity_id)
    state = hass.states.get(entity_id)
    if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN, "", *words):
        return words
    return [*words, state.state]


def amps_of(hass: HomeAssistant, entity_id: str) -> list[float]:
    """Return the currents among a select's options, in A, lowest first."""
    currents = (option_a(option) for option in options_of(hass, entity_id))
    return sorted(current_a for current_a in currents if current_a is not None)


def range_of(hass: HomeAssistant, entity_id: str) -> tuple[float, float] | None:
    """Return the lowest and highest current in A that a number or a select takes, None if unknown."""
    if (state := hass.states.get(entity_id)) is None:
        return None
    if state.domain in ("select", "input_select"):
        amps = amps_of(hass, entity_id)
        return (amps[0], amps[-1]) if amps else None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    factor = unit_factor(unit, Quantity.CURRENT)
    try:
        low, high = (float(state.attributes[name]) for name in ("min", "max"))
    except KeyError, TypeError, ValueError:
        return None
    return None if factor is None else (low * factor, high * factor)
