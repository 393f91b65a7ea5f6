"""The peak that the tariff charges for, and how the running window stands."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfPower

from ..coordinator import AmpacityCoordinator
from ..engine.peak import PeakView, peak_view
from ..entity import SiteEntity

PEAK_DEMAND = SensorEntityDescription(
    key="peak_demand",
    device_class=SensorDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.KILO_WATT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=2,
)


def present_peak(coordinator: AmpacityCoordinator) -> PeakView | None:
    """Return how month and window stand; None without a peak tariff."""
    state = coordinator.state
    if state.now is None:
        return None
    return peak_view(coordinator.site, state, coordinator.snapshot.grid, state.now)


def peak_data(view: PeakView) -> dict[str, Any]:
    """Return the running window and the month's cost, powers in kW."""
    return {
        "mean": _kilowatt(view.mean_w),
        "projected": _kilowatt(view.projected_w),
        "allowed": _kilowatt(view.allowed_w),
        "until": view.until.isoformat() if view.until else None,
        "cost": None if view.cost is None else round(view.cost, 2),
    }


def _kilowatt(power_w: float | None) -> float | None:
    return None if power_w is None else round(power_w / 1000.0, 3)


class PeakSensor(SiteEntity, SensorEntity):
    """The highest mean that counts this month; the window's numbers change too often to be kept."""

    _unrecorded_attributes = frozenset(
        {"mean", "projected", "allowed", "until", "cost"}
    )

    def __init__(self, coordinator: AmpacityCoordinator) -> None:
        """Initialize the sensor."""
        super().__init__(coordinator, PEAK_DEMAND)

    @property
    @override
    def native_value(self) -> float | None:
        """Return the peak that counts so far."""
        view = present_peak(self.coordinator)
        return None if view is None else _kilowatt(view.counted_w)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return how the running window stands, and what the month costs so far."""
        view = present_peak(self.coordinator)
        return None if view is None else peak_data(view)
