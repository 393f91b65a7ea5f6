"""What the Energy dashboard is set up with, and the solar forecasts that it can ask for."""

from collections.abc import Awaitable, Callable, Mapping
import logging
from typing import Any

from homeassistant.core import HomeAssistant

_LOGGER = logging.getLogger(__name__)

type Forecaster = Callable[[HomeAssistant, str], Awaitable[Mapping[str, Any] | None]]
"""Asks for the forecast of a config entry."""


async def async_energy_sources(hass: HomeAssistant) -> list[Mapping[str, Any]]:
    """Return the dashboard's sources; none while it isn't there or was never set up.

    Never raises.
    """
    if "energy" not in hass.config.components:
        return []
    # Imported late: it needs the recorder, which an installation may do without.
    from homeassistant.components.energy.data import async_get_manager  # noqa: PLC0415

    try:
        preferences = (await async_get_manager(hass)).data
    except Exception:
        _LOGGER.warning("The Energy dashboard cannot be read", exc_info=True)
        return []
    if preferences is None:
        return []
    return [dict(source) for source in preferences["energy_sources"]]


async def async_forecasters(hass: HomeAssistant) -> Mapping[str, Forecaster]:
    """Return who can be asked for a solar forecast, by integration; nobody without the dashboard."""
    if "energy" not in hass.config.components:
        return {}
    from homeassistant.components.energy.websocket_api import async_get_energy_platforms  # noqa: PLC0415

    platforms: Mapping[str, Forecaster] = await async_get_energy_platforms(hass)
    return platforms


def forecast_entry_ids(sources: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the config entries that the dashboard takes its solar forecast from."""
    named = (
        entry_id
        for source in sources
        if source.get("type") == "solar"
        for entry_id in source.get("config_entry_solar_forecast") or ()
    )
    return tuple(dict.fromkeys(named))
