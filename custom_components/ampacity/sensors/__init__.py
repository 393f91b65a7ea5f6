"""The sensors of each device, as descriptions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.helpers.typing import StateType

from ..charger_view import ChargerView
from ..coordinator import AmpacityCoordinator


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SensorEntityDescription):
    """Describe a sensor of the grid connection or of the solar plant."""

    value_fn: Callable[[AmpacityCoordinator], StateType]


@dataclass(frozen=True, kw_only=True)
class ChargerSensorDescription(SensorEntityDescription):
    """Describe a sensor of a charger."""

    value_fn: Callable[[ChargerView], StateType]
    last_reset_fn: Callable[[ChargerView], datetime | None] = lambda _: None
