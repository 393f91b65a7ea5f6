"""The car at a charger: which one, how that is known, how full it is, what it is charged to."""

from typing import Any

from ..charger_view import ChargerView
from ..engine.vehicle import Vehicle, VehicleMemory
from ..plan_view import in_kwh, iso


def vehicle_data(view: ChargerView) -> dict[str, Any] | None:
    """Return the car that is plugged in; None while there is none.

    Of a car that nobody knows there is what the charger itself tells.
    """
    if not view.status.is_plugged:
        return None
    parked, vehicle = view.state.parked, view.vehicle
    return {
        "name": _name(view, vehicle),
        "known_by": parked.known_by.value if parked.known_by else None,
        "soc": None if parked.soc is None else round(parked.soc, 1),
        **_known(view, vehicle),
        "target_soc": view.target_soc,
        "minimum_soc": vehicle.min_soc if vehicle else None,
        "below_minimum": parked.below_minimum,
    }


def _name(view: ChargerView, vehicle: Vehicle | None) -> str | None:
    config = view.coordinator.vehicles.get(vehicle.id) if vehicle else None
    return config.name if config else None


def _known(view: ChargerView, vehicle: Vehicle | None) -> dict[str, Any]:
    """Return where the charge level comes from, and what it is reckoned with."""
    if vehicle is None:
        source = None if view.state.parked.soc is None else "charger"
        unknown = ("soc_read_at", "soc_contradicted", "capacity_kwh", "efficiency")
        return {"soc_source": source, **dict.fromkeys(unknown)}
    state = view.coordinator.state
    memory = state.vehicles.get(vehicle.id, VehicleMemory())
    return {
        "soc_source": _source(memory),
        "soc_read_at": iso(memory.soc_at),
        "soc_contradicted": memory.contradicted,
        "capacity_kwh": in_kwh(vehicle.capacity_wh),
        "efficiency": round(memory.efficiency, 3),
    }


def _source(memory: VehicleMemory) -> str | None:
    if memory.soc is None:
        return None
    return "estimated" if memory.is_estimate else "read"
