"""Forecasts of solar plants, from any integration that the Energy dashboard could take them from."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import CONF_SOLAR_FORECAST
from ..engine.forecast import Spans, joined, spans_of
from .dashboard import (
    Forecaster,
    async_energy_sources,
    async_forecasters,
    forecast_entry_ids,
)

_LOGGER = logging.getLogger(__name__)

TIMEOUT_S = 30.0
_KEEP = timedelta(hours=36)
"""How long spans that are over stay, so that the sum of today stays whole."""
_SOLCAST = "solcast_solar"
_SOLCAST_ACTION = "query_forecast_data"
_SOLCAST_SPAN_H = 0.5


@dataclass(slots=True)
class SolarForecastSource:
    """The newest forecast of each plant; an answer that is missing leaves the last one."""

    chosen: tuple[str, ...] = ()
    """Config entries; none lets the Energy dashboard choose."""
    plants: dict[str, Spans] = field(default_factory=dict)
    """By config entry; empty for one that never answered."""
    problems: dict[str, str] = field(default_factory=dict)
    """Why the newest question brought nothing, by config entry, in words for the log."""

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> SolarForecastSource:
        """Return the source that a site's options describe."""
        return cls(chosen=tuple(dict.fromkeys(options.get(CONF_SOLAR_FORECAST) or ())))

    @property
    def complete(self) -> bool:
        """Whether the newest question was answered for each plant."""
        return not self.problems

    async def async_refresh(self, hass: HomeAssistant, now: datetime) -> None:
        """Ask for the forecasts of all plants. Never raises."""
        entry_ids = self.chosen or forecast_entry_ids(await async_energy_sources(hass))
        present = [key for key in entry_ids if _is_in_use(hass, key)]
        self.plants = {key: self.plants.get(key, ()) for key in present}
        problems: dict[str, str] = {}
        for key in present:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    fresh = await _async_spans(hass, key, now)
            except Exception as err:  # noqa: BLE001 - it is another integration's code
                problems[key] = f"{type(err).__name__} {err}".strip()
                continue
            if fresh:
                kept = tuple(one for one in self.plants[key] if one.end > now - _KEEP)
                self.plants[key] = joined(kept, fresh)
            else:
                problems[key] = "it told nothing"
        self._note(hass, problems)

    def _note(self, hass: HomeAssistant, problems: dict[str, str]) -> None:
        """Log what is newly wrong, and what is well again."""
        for key in problems.keys() - self.problems.keys():
            _LOGGER.info("No solar forecast of %s: %s", _name(hass, key), problems[key])
        for key in self.problems.keys() - problems.keys():
            _LOGGER.info("The solar forecast of %s is there again", _name(hass, key))
        self.problems = problems


async def _async_spans(hass: HomeAssistant, entry_id: str, now: datetime) -> Spans:
    """Return the forecast of a config entry; empty while it tells none.

    Raises whatever its integration raises.
    """
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return ()
    ask: Forecaster | None = (await async_forecasters(hass)).get(entry.domain)
    answer = await ask(hass, entry_id) if ask else None
    spans = spans_of(_amounts((answer or {}).get("wh_hours")))
    if entry.domain == _SOLCAST and spans:
        spans = _with_low(spans, await _async_solcast_low(hass, now))
    return spans


def _amounts(wh_hours: object) -> dict[datetime, float]:
    """Return energies by moments in UTC; a moment without a zone is local, what is none is left out."""
    amounts: dict[datetime, float] = {}
    if isinstance(wh_hours, Mapping):
        for key, value in wh_hours.items():
            at = _moment(key)
            if at is not None and isinstance(value, (int, float)):
                amounts[at] = amounts.get(at, 0.0) + float(value)
    return amounts


async def _async_solcast_low(
    hass: HomeAssistant, now: datetime
) -> dict[datetime, float]:
    """Return what Solcast is nine in ten sure of, in Wh by the beginnings of its half hours."""
    if not hass.services.has_service(_SOLCAST, _SOLCAST_ACTION):
        return {}
    data = {
        "start_date_time": dt_util.start_of_local_day(dt_util.as_local(now)),
        "end_date_time": now + timedelta(days=4),
    }
    try:
        answer = await hass.services.async_call(
            _SOLCAST, _SOLCAST_ACTION, data, blocking=True, return_response=True
        )
    except Exception as err:  # noqa: BLE001 - without it, we know from experience
        _LOGGER.debug("Solcast does not tell how sure it is: %s", err)
        return {}
    periods = (answer or {}).get("data")
    lows: dict[datetime, float] = {}
    for period in periods if isinstance(periods, (list, tuple)) else ():
        at = (
            _moment(period.get("period_start")) if isinstance(period, Mapping) else None
        )
        low_kw = period.get("pv_estimate10") if isinstance(period, Mapping) else None
        if at is not None and isinstance(low_kw, (int, float)):
            lows[at] = max(0.0, float(low_kw)) * 1000.0 * _SOLCAST_SPAN_H
    return lows


def _with_low(spans: Spans, low_wh: Mapping[datetime, float]) -> Spans:
    return tuple(replace(span, low_wh=low_wh.get(span.start)) for span in spans)


def _moment(value: object) -> datetime | None:
    if isinstance(value, str):
        value = dt_util.parse_datetime(value)
    return dt_util.as_utc(value) if isinstance(value, datetime) else None


def _is_in_use(hass: HomeAssistant, entry_id: str) -> bool:
    entry = hass.config_entries.async_get_entry(entry_id)
    return entry is not None and entry.disabled_by is None


def _name(hass: HomeAssistant, entry_id: str) -> str:
    entry = hass.config_entries.async_get_entry(entry_id)
    return entry.title if entry else entry_id
