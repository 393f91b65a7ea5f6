"""What can be wrong with an entity or a number, whichever form it stands in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..engine.model import Fault
from ..sources.reading import Quantity, read
from .fields import (
    CURRENT_UNITS,
    ENERGY_UNITS,
    PERCENT_UNITS,
    POWER_UNITS,
    VOLTAGE_UNITS,
)
from .form import Problem

_UNITS: dict[Quantity, Sequence[str]] = {
    Quantity.POWER: POWER_UNITS,
    Quantity.CURRENT: CURRENT_UNITS,
    Quantity.VOLTAGE: VOLTAGE_UNITS,
    Quantity.ENERGY: ENERGY_UNITS,
    Quantity.PERCENT: PERCENT_UNITS,
}


def check_range(
    data: Mapping[str, Any], field: str, low: float, high: float, error: str
) -> Iterator[Problem]:
    """Tell when a number that was given lies outside its range, or is none."""
    value = data.get(field)
    if value is not None and not low <= value <= high:
        yield Problem(field=field, error=error)


def check_measured(
    hass: HomeAssistant, field: str, entity_id: str | None, *quantities: Quantity
) -> Iterator[Problem]:
    """Tell when an entity measures none of these; one that is not there may come later."""
    if entity_id is None:
        return
    now = dt_util.utcnow()
    faults = [read(hass, entity_id, quantity, now).fault for quantity in quantities]
    fault = next((one for one in faults if one is not Fault.WRONG_UNIT), faults[0])
    state = hass.states.get(entity_id)
    if state is None or fault not in (Fault.WRONG_UNIT, Fault.NOT_A_NUMBER):
        return
    if fault is Fault.NOT_A_NUMBER:
        names = {"entity": entity_id, "state": state.state}
        yield Problem(field=field, error="not_a_number", placeholders=names)
        return
    names = {
        "entity": entity_id,
        "unit": str(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)),
        "needed": ", ".join(unit for one in quantities for unit in _UNITS[one]),
    }
    yield Problem(field=field, error="wrong_unit", placeholders=names)


def check_once(chosen: Iterable[tuple[str, str | None]]) -> Iterator[Problem]:
    """Tell when two fields, given as name and entity, name the same entity."""
    seen: set[str] = set()
    for field, entity_id in chosen:
        if entity_id is None:
            continue
        if entity_id in seen:
            names = {"entity": entity_id}
            yield Problem(field=field, error="entity_twice", placeholders=names)
        seen.add(entity_id)
