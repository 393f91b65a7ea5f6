"""Finds the sensors of the phases beside a total, on a meter whose integration is not known.

Three sensors of one quantity are those of the phases if what their integration calls them differs
in nothing but a phase: 1, 2, 3 or a, b, c, alone or behind ``l`` or ``phase``. Where a device has
several such sets nobody could tell which belongs to the grid, so none is taken.
"""

from collections.abc import Iterable, Iterator
import re
from typing import Any

from ..const import (
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_POWER_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
)
from ..sources.reading import Quantity
from .sensors import FoundSensor

_FIELDS = (
    (CONF_GRID_CURRENT_PHASES, Quantity.CURRENT),
    (CONF_GRID_POWER_PHASES, Quantity.POWER),
    (CONF_GRID_VOLTAGE_PHASES, Quantity.VOLTAGE),
)
_PHASE = re.compile(r"(?<![a-z0-9])((?:l|phase[-_ ]?)?)([123abc])(?![a-z0-9])")
_ORDER = {"1": 0, "2": 1, "3": 2, "a": 0, "b": 1, "c": 2}
_NOT_OF_THE_GRID = re.compile(
    "inverter|pv|solar|string|mppt|battery|load|charg|wallbox|evse"
    "|max|min|avg|average|peak|angle|import|export|consum|produc|return|deliver|feed"
)
"""Marks of sensors of something else, and of powers that know only one direction."""


def phases_beside(sensors: Iterable[FoundSensor]) -> dict[str, Any]:
    """Return the sensors of the phases among those of one device, as a configuration has them."""
    sensors = list(sensors)
    data: dict[str, Any] = {}
    for fields, quantity in _FIELDS:
        own = [one for one in sensors if one.quantity is quantity and one.enabled]
        sets = set(_sets(own))
        if len(sets) == 1:
            data |= dict(zip(fields, sets.pop(), strict=True))
    return data


def _sets(sensors: Iterable[FoundSensor]) -> Iterator[tuple[str, str, str]]:
    """Yield three entities for each set of sensors that differ only in their phase."""
    alike: dict[tuple[int, str, bool], dict[int, str]] = {}
    for sensor in sensors:
        for place, mark in enumerate(sensor.marks):
            if _NOT_OF_THE_GRID.search(mark):
                break
            for found in _PHASE.finditer(mark):
                rest = f"{mark[: found.start()]}{found[1]}#{mark[found.end() :]}"
                key = place, rest, found[2].isdigit()
                alike.setdefault(key, {})[_ORDER[found[2]]] = sensor.entity_id
    for phases in alike.values():
        if len(phases) == len(_ORDER) // 2:
            yield phases[0], phases[1], phases[2]
