"""Circuits: what they may carry, what they carry, whether they hold something back."""

from typing import Any

from ..coordinator import AmpacityCoordinator
from ..engine.circuits import carried_a, chargers_of
from ..engine.decision import CircuitView
from ..engine.headroom import total_w
from ..engine.model import Circuit
from ..engine.survey import takes_of


def circuit_data(coordinator: AmpacityCoordinator, circuit: Circuit) -> dict[str, Any]:
    """Return a circuit; one without a meter carries what its chargers may take.

    Nothing is known of what a circuit carries whose meter is lost.
    """
    site = coordinator.site
    watch = coordinator.state.circuits.get(circuit.id)
    view = coordinator.data.view.circuits.get(circuit.id, CircuitView())
    current_a, headroom_a = view.current_a, view.headroom_a
    power_w: float | None = None
    if not circuit.has_meter:
        current_a = _carried_a(coordinator, circuit)
        headroom_a = _headroom_a(coordinator, circuit, current_a)
        power_w = sum(current_a) * site.voltage_v
    elif watch is not None and watch.lost is None:
        power_w = total_w(site, coordinator.snapshot.circuits[circuit.id])
    return {
        "name": coordinator.circuit_name(circuit.id),
        "below": coordinator.circuit_name(circuit.parent_id),
        "fuse_a": circuit.fuse_a,
        "power_limit_w": circuit.power_limit_w,
        "has_meter": circuit.has_meter,
        "current_a": [round(one, 2) for one in current_a],
        "power_w": None if power_w is None else round(power_w),
        "headroom_a": [round(one, 2) for one in headroom_a],
        "limiting": view.limiting,
        "meter_lost": watch.lost if watch else None,
    }


def _carried_a(coordinator: AmpacityCoordinator, circuit: Circuit) -> tuple[float, ...]:
    site = coordinator.site
    takes = takes_of(site, coordinator.snapshot, coordinator.state)
    return carried_a(site, chargers_of(site)[circuit.id], takes)


def _headroom_a(
    coordinator: AmpacityCoordinator, circuit: Circuit, current_a: tuple[float, ...]
) -> tuple[float, ...]:
    if circuit.fuse_a is None:
        return ()
    limit_a = circuit.fuse_a * (1.0 - coordinator.site.fuse_margin)
    return tuple(limit_a - one for one in current_a)
