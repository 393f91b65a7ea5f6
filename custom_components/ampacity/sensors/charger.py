"""Sensors of a charger."""

from collections.abc import Callable, Mapping

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfRatio,
)

from ..charger_view import ChargerView
from ..engine.decision import Decision, ReasonKey
from ..engine.model import ChargerStatus
from ..engine.session import Session
from . import ChargerSensorDescription


def _decided[T](value_fn: Callable[[Decision], T]) -> Callable[[ChargerView], T | None]:
    """Take a value from the charger's decision; None while there is none."""
    return lambda charger: (
        value_fn(decision) if (decision := charger.decision) else None
    )


def _of_session[T](
    value_fn: Callable[[Session], T],
) -> Callable[[ChargerView], T | None]:
    """Take a value from the running or last session; None before the first."""
    return lambda charger: value_fn(session) if (session := charger.session) else None


REASON = ChargerSensorDescription(
    key="reason",
    device_class=SensorDeviceClass.ENUM,
    options=[key.value for key in ReasonKey],
    value_fn=_decided(lambda x: x.reason.key.value),
)

_WEAR: Mapping[str, Callable[[ChargerView], int]] = {
    "contactor_cycles": lambda x: x.state.wear.cycles,
    "phase_switches": lambda x: x.state.wear.switches,
    "writes": lambda x: x.state.wear.writes,
}

_PHASES = ChargerSensorDescription(
    key="phases",
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    state_class=SensorStateClass.MEASUREMENT,
    value_fn=lambda x: x.state.switching.phases or x.coordinator.configs[x.id].phases,
)

_NOW = (
    ChargerSensorDescription(
        key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in ChargerStatus],
        value_fn=lambda x: x.status.value,
    ),
    ChargerSensorDescription(
        key="charging_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda x: x.state.take_w if x.answers else None,
    ),
    ChargerSensorDescription(
        key="offered_current",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=_decided(lambda x: x.offer_a),
    ),
    ChargerSensorDescription(
        key="energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=1,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        value_fn=lambda x: x.state.total_wh,
    ),
    *(
        ChargerSensorDescription(
            key=key,
            entity_category=EntityCategory.DIAGNOSTIC,
            entity_registry_enabled_default=False,
            state_class=SensorStateClass.TOTAL_INCREASING,
            value_fn=value_fn,
        )
        for key, value_fn in _WEAR.items()
    ),
    _PHASES,
)


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100.0


def _session(currency: str) -> tuple[ChargerSensorDescription, ...]:
    """Return the sensors of the session, which go on showing the last one until the next."""
    return (
        ChargerSensorDescription(
            key="session_energy",
            device_class=SensorDeviceClass.ENERGY,
            native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
            state_class=SensorStateClass.TOTAL,
            suggested_display_precision=1,
            suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
            value_fn=_of_session(lambda x: x.energy_wh),
            last_reset_fn=_of_session(lambda x: x.started),
        ),
        ChargerSensorDescription(
            key="session_cost",
            device_class=SensorDeviceClass.MONETARY,
            native_unit_of_measurement=currency,
            state_class=SensorStateClass.TOTAL,
            suggested_display_precision=2,
            value_fn=_of_session(lambda x: x.cost),
            last_reset_fn=_of_session(lambda x: x.started),
        ),
        ChargerSensorDescription(
            key="session_solar_share",
            native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=0,
            value_fn=_of_session(lambda x: _percent(x.solar_share)),
        ),
    )


def charger_sensors(currency: str) -> tuple[ChargerSensorDescription, ...]:
    """Return the sensors of a charger but the reason; cost is in the currency, an ISO 4217 code."""
    return (*_NOW, *_session(currency))
