"""What Home Assistant's system information page says of us."""

from datetime import datetime
from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import AmpacityConfigEntry, AmpacityCoordinator
from .engine.model import GridReading


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register what we tell."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return for all loaded sites the worst of each figure."""
    entries: list[AmpacityConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    loaded = [
        entry.runtime_data
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
    ]
    now = dt_util.utcnow()
    return {
        "sites": len(loaded),
        "chargers": sum(len(coordinator.charger_ids) for coordinator in loaded),
        "last_decision": _seconds([_decision_age_s(each, now) for each in loaded]),
        "meter_age": _seconds([meter_age_s(each.snapshot.grid) for each in loaded]),
        "decision_time": _milliseconds([each.loop_s for each in loaded]),
    }


def meter_age_s(grid: GridReading) -> float | None:
    """Return the age of the oldest value of the meter; None while it gives none."""
    readings = [grid.power_w, *grid.current_a]
    return max(
        (reading.age_s for reading in readings if reading and reading.ok), default=None
    )


def _decision_age_s(coordinator: AmpacityCoordinator, now: datetime) -> float | None:
    at = coordinator.state.now
    return None if at is None else (now - at).total_seconds()


def _seconds(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{max(known):.0f} s" if known else "-"


def _milliseconds(values: list[float]) -> str:
    return f"{max(values) * 1000.0:.1f} ms" if values else "-"
