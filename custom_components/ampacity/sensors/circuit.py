"""Sensors of a circuit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfElectricCurrent

from ..circuits import CircuitConfig
from ..engine.decision import CircuitView


@dataclass(frozen=True, kw_only=True)
class CircuitSensorDescription(SensorEntityDescription):
    """Describe a sensor of a circuit."""

    value_fn: Callable[[CircuitView], float | None]


def _current(
    key: str, phase: int, values_fn: Callable[[CircuitView], Sequence[float | None]]
) -> CircuitSensorDescription:
    """Describe a current of one phase; a meter that is lost leaves it unknown."""

    def value(view: CircuitView) -> float | None:
        values = values_fn(view)
        return values[phase] if phase < len(values) else None

    return CircuitSensorDescription(
        key=f"{key}_l{phase + 1}",
        device_class=SensorDeviceClass.CURRENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=value,
    )


def circuit_sensors(
    circuit: CircuitConfig, phases: int
) -> tuple[CircuitSensorDescription, ...]:
    """Return the sensors of a circuit: what its meter, if it has one, tells and its fuse leaves."""
    if circuit.meter is None:
        return ()
    currents = (_current("current", i, lambda x: x.current_a) for i in range(phases))
    if circuit.fuse_a is None:
        return tuple(currents)
    rooms = (_current("headroom", i, lambda x: x.headroom_a) for i in range(phases))
    return (*currents, *rooms)
