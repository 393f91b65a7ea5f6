"""The grid connection and what limits it: main fuse, peak tariff, grid operator."""

from typing import Any

from ..coordinator import AmpacityCoordinator
from ..engine.operator import limit_w, shared_w_of, signal_now
from ..engine.peak import peak_view
from ..engine.state import Cap
from ..plan_view import iso
from ..runtime.codec import Codec
from ..system_health import meter_age_s

CAP = Codec(Cap)


def site_data(coordinator: AmpacityCoordinator) -> dict[str, Any]:
    """Return what flows at the grid connection, and its limits."""
    view, site = coordinator.data.view, coordinator.site
    return {
        "name": coordinator.config_entry.title,
        "charging_enabled": site.charging_enabled,
        "grid_w": view.grid_w,
        "home_w": view.home_w,
        "surplus_w": view.surplus_w,
        "battery_w": view.battery_w,
        "battery_soc": view.battery_soc,
        "battery_role": view.battery_role,
        "main_fuse_a": site.fuse_a,
        "power_limit_w": site.power_limit_w,
        "current_a": list(view.current_a),
        "headroom_a": list(view.headroom_a),
        "limiting": view.limiting,
        "limit": CAP.encode(cap) if (cap := coordinator.state.cap) else None,
        "peak": _peak(coordinator),
        "operator": _operator(coordinator),
        "meter_age_s": meter_age_s(coordinator.snapshot.grid),
        "meter_lost": coordinator.state.meter.lost,
    }


def _peak(coordinator: AmpacityCoordinator) -> dict[str, Any] | None:
    """Return how the month and the running window stand; None without a peak tariff."""
    state = coordinator.state
    if state.now is None:
        return None
    view = peak_view(coordinator.site, state, coordinator.snapshot.grid, state.now)
    if view is None:
        return None
    return {
        "counted_w": _round(view.counted_w),
        "mean_w": _round(view.mean_w),
        "projected_w": _round(view.projected_w),
        "allowed_w": _round(view.allowed_w),
        "window_end": iso(view.until),
        "month_cost": None if view.cost is None else round(view.cost, 2),
    }


def _operator(coordinator: AmpacityCoordinator) -> dict[str, Any] | None:
    """Return what the grid operator asks for; None where nothing listens to it.

    ``silent_s`` says for how long its signal could not be read.
    """
    rule, memory = coordinator.site.operator, coordinator.state.operator
    if rule is None:
        return None
    signal = signal_now(memory)
    told = signal or memory.signal
    return {
        "active": signal is not None,
        "limit_w": _round(limit_w(rule, told)),
        "per_charger": shared_w_of(rule, told) is None,
        "until": iso(signal.until) if signal else None,
        "silent_s": round(memory.silent_s),
    }


def _round(power_w: float | None) -> int | None:
    return None if power_w is None else round(power_w)
