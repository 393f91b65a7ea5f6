"""What can be wrong with what a user says of the site."""

from collections.abc import Iterator, Mapping
from datetime import time
from itertools import chain
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_BUFFER_SOC,
    CONF_DAYS,
    CONF_END,
    CONF_FUSE_MARGIN,
    CONF_IMBALANCE,
    CONF_MAIN_FUSE,
    CONF_OFF_PEAK_WINDOWS,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_POWER_LIMIT,
    CONF_RAISE_DELAY,
    CONF_RESUME_DELAY,
    CONF_SOLAR_POWER,
    CONF_START,
    CONF_START_DELAY,
    CONF_STOP_DELAY,
    CONF_VOLTAGE,
)
from ..sources.reading import Quantity
from .common_checks import check_measured, check_once, check_range
from .form import Problem
from .meter import GRID_FIELDS, check_meter, measures_load

_FUSE_A = (6.0, 200.0)
_NO_FUSE_A = 1000.0
_MAX_DELAY_S = 3600.0
_MAX_MARGIN = 50.0
_MAX_IMBALANCE_KVA = 100.0
_ONE_PHASE_MAPS = ("l1", "unknown")


def check_site(data: Mapping[str, Any], entry: ConfigEntry | None) -> Iterator[Problem]:
    """Check the connection; the entry is the one that is changed, if any."""
    if CONF_NAME not in data:
        yield Problem(field=CONF_NAME, error="name_missing")
    fuse = data[CONF_MAIN_FUSE]
    if not 0.0 < fuse < _NO_FUSE_A:
        yield Problem(field=CONF_MAIN_FUSE, error="not_a_fuse")
    else:
        yield from check_range(data, CONF_MAIN_FUSE, *_FUSE_A, "fuse_range")
    yield from check_range(data, CONF_VOLTAGE, 100.0, 260.0, "voltage_range")
    yield from check_range(data, CONF_POWER_LIMIT, 0.1, 1000.0, "power_limit_range")
    if data[CONF_PHASES] == 1 and entry is not None:
        yield from _three_phase_chargers(entry)


def _three_phase_chargers(entry: ConfigEntry) -> Iterator[Problem]:
    for subentry in entry.subentries.values():
        if (
            subentry.data.get(CONF_PHASES, 1) != 1
            or subentry.data.get(CONF_PHASE_MAP, "l1") not in _ONE_PHASE_MAPS
        ):
            names = {"charger": subentry.title}
            yield Problem(
                field=CONF_PHASES, error="charger_has_phases", placeholders=names
            )


def check_site_meter(
    hass: HomeAssistant, data: Mapping[str, Any], entry: ConfigEntry | None
) -> Iterator[Problem]:
    """Check the grid meter, which a site must have; the entry is the one that is changed, if any."""
    yield from check_meter(hass, data, entry.entry_id if entry else None)
    if not measures_load(data):
        yield Problem(field="base", error="meter_needed")


def check_solar(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the solar sensors."""
    sensors = data.get(CONF_SOLAR_POWER, [])
    for entity_id in sensors:
        yield from check_measured(hass, CONF_SOLAR_POWER, entity_id, Quantity.POWER)
    grid = ((CONF_SOLAR_POWER, data.get(field)) for field in GRID_FIELDS)
    yield from check_once(
        chain(grid, ((CONF_SOLAR_POWER, entity_id) for entity_id in sensors))
    )


def check_off_peak(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the weekly windows."""
    for window in data.get(CONF_OFF_PEAK_WINDOWS, []):
        if not window[CONF_DAYS]:
            yield Problem(field=CONF_OFF_PEAK_WINDOWS, error="no_days")
        if _time(window[CONF_START]) == _time(window[CONF_END]):
            yield Problem(
                field=CONF_OFF_PEAK_WINDOWS,
                error="empty_window",
                placeholders={"time": str(window[CONF_START])},
            )


def _time(text: str) -> time | None:
    return dt_util.parse_time(text)


def check_control(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check how the site is controlled."""
    yield from check_range(data, CONF_FUSE_MARGIN, 0.0, _MAX_MARGIN, "margin_range")
    for field in (
        CONF_START_DELAY,
        CONF_STOP_DELAY,
        CONF_RAISE_DELAY,
        CONF_RESUME_DELAY,
    ):
        yield from check_range(data, field, 0.0, _MAX_DELAY_S, "delay_range")
    yield from check_range(
        data, CONF_IMBALANCE, 0.1, _MAX_IMBALANCE_KVA, "imbalance_range"
    )
    yield from check_range(data, CONF_BUFFER_SOC, 0.0, 100.0, "buffer_range")
