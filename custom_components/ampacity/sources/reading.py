"""One entity's state as a measured value, in the engine's units and with its age."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
import math

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfRatio,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    ElectricCurrentConverter,
    ElectricPotentialConverter,
    EnergyConverter,
    PowerConverter,
    UnitlessRatioConverter,
)

from ..engine.model import Fault, Reading

FUTURE_TOLERANCE_S = 5.0
"""A report that seems to be up to this much younger than now is a matter of rounding."""


class Quantity(StrEnum):
    """What a state measures; the value is the unit in which it is read."""

    POWER = UnitOfPower.WATT.value
    CURRENT = UnitOfElectricCurrent.AMPERE.value
    VOLTAGE = UnitOfElectricPotential.VOLT.value
    ENERGY = UnitOfEnergy.WATT_HOUR.value
    PERCENT = UnitOfRatio.PERCENTAGE.value


_CONVERTERS: dict[Quantity, type[BaseUnitConverter]] = {
    Quantity.POWER: PowerConverter,
    Quantity.CURRENT: ElectricCurrentConverter,
    Quantity.VOLTAGE: ElectricPotentialConverter,
    Quantity.ENERGY: EnergyConverter,
    Quantity.PERCENT: UnitlessRatioConverter,
}
_ASSUMED_UNITS = {Quantity.ENERGY: UnitOfEnergy.KILO_WATT_HOUR.value}
"""Units of states that name none, where it is not the one in which the quantity is read."""


def read(
    hass: HomeAssistant, entity_id: str, quantity: Quantity, now: datetime
) -> Reading:
    """Return an entity's state as a value in the quantity's unit.

    ``now`` is aware. The age counts from the state's last report, changed or not. It is negative
    only where the report lies more than :data:`FUTURE_TOLERANCE_S` in the future, which means
    that a clock was set. An entity that is gone has the age 0: nothing was ever reported.

    A state without a unit is taken to be in W, A, V, kWh or percent. A decimal comma is not
    accepted: nobody could tell "1,500" from "1.5".
    """
    state = hass.states.get(entity_id)
    if state is None:
        return Reading(fault=Fault.MISSING)
    age_s = _age_s(state, now)
    value = _value(state, quantity)
    if isinstance(value, Fault):
        return Reading(age_s=age_s, fault=value)
    return Reading(value=value, age_s=age_s)


def read_optional(
    hass: HomeAssistant, entity_id: str | None, quantity: Quantity, now: datetime
) -> Reading | None:
    """Return :func:`read` of an entity, None where there is no such entity in the configuration."""
    return read(hass, entity_id, quantity, now) if entity_id else None


def combine(parts: Iterable[Reading], function: Callable[..., float]) -> Reading:
    """Return ``function`` of the parts' values, as old as the oldest part.

    A fault in any part is the whole's fault.
    """
    parts = tuple(parts)
    age_s = max(part.age_s for part in parts)
    fault = next((part.fault for part in parts if part.fault is not None), None)
    if fault is not None:
        return Reading(age_s=age_s, fault=fault)
    return Reading(value=function(*(part.value for part in parts)), age_s=age_s)


def unit_factor(unit: object, quantity: Quantity) -> float | None:
    """Return what one ``unit`` is in the quantity's unit; None for a unit of something else."""
    unit = unit or _ASSUMED_UNITS.get(quantity, quantity.value)
    converter = _CONVERTERS[quantity]
    if not isinstance(unit, str) or unit not in converter.VALID_UNITS:
        return None
    return converter.convert(1.0, unit, quantity.value)


def _age_s(state: State, now: datetime) -> float:
    age_s = now.timestamp() - state.last_reported_timestamp
    return 0.0 if -FUTURE_TOLERANCE_S <= age_s < 0.0 else age_s


def _value(state: State, quantity: Quantity) -> float | Fault:
    if state.state in ("", STATE_UNAVAILABLE, STATE_UNKNOWN):
        return Fault.MISSING
    factor = unit_factor(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), quantity)
    if factor is None:
        return Fault.WRONG_UNIT
    try:
        value = float(state.state) * factor
    except ValueError:
        return Fault.NOT_A_NUMBER
    return value if math.isfinite(value) else Fault.NOT_A_NUMBER
