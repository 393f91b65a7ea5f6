"""The sensors of a charger's plan: when it begins and ends, and what it costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)

from ..engine.schedule import ChargerPlan
from ..entity import ChargerEntity
from ..plan_view import cost_data


@dataclass(frozen=True, kw_only=True)
class PlanSensorDescription(SensorEntityDescription):
    """Describe a sensor of a charger's plan."""

    value_fn: Callable[[ChargerPlan], datetime | None]
    data_fn: Callable[[ChargerPlan], Mapping[str, Any]] | None = None


PLAN_SENSORS = (
    PlanSensorDescription(
        key="plan_start",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda x: x.slots[0].start if x.slots else None,
    ),
    PlanSensorDescription(
        key="plan_end",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda x: x.slots[-1].end if x.slots else None,
        data_fn=cost_data,
    ),
)


class PlanSensor(ChargerEntity, SensorEntity):
    """A sensor of a charger's plan; unknown while nothing is planned."""

    entity_description: PlanSensorDescription
    _unrecorded_attributes = frozenset({"energy_kwh", "cost", "cost_at_once", "saving"})

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the moment."""
        plan = self.view.plan
        return self.entity_description.value_fn(plan) if plan is not None else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return what the plan costs."""
        data_fn, plan = self.entity_description.data_fn, self.view.plan
        return data_fn(plan) if data_fn is not None and plan is not None else None
