"""What can be wrong with what a user says of a charger."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant

from ..const import (
    CONF_BOOST_DURATION,
    CONF_CHARGING_SENSOR,
    CONF_CURRENT_SENSORS,
    CONF_ENERGY_SENSOR,
    CONF_LIMIT_KIND,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_OFFERED_SENSOR,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_PHASES_KIND,
    CONF_PLUG_SENSOR,
    CONF_POWER_SENSOR,
    CONF_SAFE_CURRENT,
    CONF_SETTLE_TIME,
    CONF_SOC_SENSOR,
    CONF_START_STOP_KIND,
    CONF_STATUS_KIND,
    CONF_WEIGHT,
    SUBENTRY_CHARGER,
)
from ..engine.model import MIN_CURRENT_A, ChargerStatus
from ..sources.reading import Quantity
from .charger_forms import PHASE_MAPS
from .common_checks import check_measured, check_once, check_range
from .form import Problem
from .lever_checks import check_levers, check_other_chargers

SENSOR_FIELDS: dict[str, tuple[Quantity, ...]] = {
    CONF_POWER_SENSOR: (Quantity.POWER,),
    **dict.fromkeys(CONF_CURRENT_SENSORS, (Quantity.CURRENT,)),
    CONF_ENERGY_SENSOR: (Quantity.ENERGY,),
    CONF_SOC_SENSOR: (Quantity.PERCENT,),
    CONF_OFFERED_SENSOR: (Quantity.CURRENT, Quantity.POWER),
}

MAX_CURRENT_A = 80.0
_MAX_SETTLE_S = 600.0
_MAX_BOOST_MIN = 1440.0
_WEIGHTS = (0.1, 10.0)


def check_kinds(
    data: Mapping[str, Any], entry: ConfigEntry, subentry_id: str | None
) -> Iterator[Problem]:
    """Check the name; the subentry is the charger that is changed, if any."""
    if CONF_NAME not in data:
        yield Problem(field=CONF_NAME, error="name_missing")
    others = (
        sub
        for sub in entry.get_subentries_of_type(SUBENTRY_CHARGER)
        if sub.subentry_id != subentry_id
    )
    if any(sub.title == data.get(CONF_NAME) for sub in others):
        yield Problem(field=CONF_NAME, error="name_taken")
    if data.get(CONF_LIMIT_KIND) == "none" and data.get(CONF_START_STOP_KIND) in (
        "zero",
        "none",
    ):
        yield Problem(field=CONF_START_STOP_KIND, error="nothing_to_command")
    switches = data.get(CONF_PHASES_KIND, "none") != "none"
    if switches and data.get(CONF_START_STOP_KIND) == "none":
        yield Problem(field=CONF_PHASES_KIND, error="phases_need_pause")


def check_control(
    data: Mapping[str, Any], hass: HomeAssistant, subentry_id: str | None
) -> Iterator[Problem]:
    """Check the charger's levers and where its status comes from."""
    yield from check_levers(hass, data)
    yield from check_other_chargers(hass, data, subentry_id)
    if data[CONF_STATUS_KIND] == "binary":
        if not {CONF_PLUG_SENSOR, CONF_CHARGING_SENSOR} & data.keys():
            yield Problem(field="base", error="status_needed")
        pair = (CONF_PLUG_SENSOR, CONF_CHARGING_SENSOR)
        yield from check_once((field, data.get(field)) for field in pair)


def check_status(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that each word, whatever its case, means one thing."""
    meaning: dict[str, str] = {}
    for status in ChargerStatus:
        for word in data.get(status.value, []):
            if meaning.setdefault(word.strip().casefold(), status.value) != status:
                names = {"state": word}
                yield Problem(
                    field=status.value, error="state_twice", placeholders=names
                )
    if not meaning:
        yield Problem(field="base", error="words_needed")


def check_sensors(data: Mapping[str, Any], hass: HomeAssistant) -> Iterator[Problem]:
    """Check what the charger measures."""
    for field, quantities in SENSOR_FIELDS.items():
        yield from check_measured(hass, field, data.get(field), *quantities)
    yield from check_once((field, data.get(field)) for field in SENSOR_FIELDS)
    given = [field for field in CONF_CURRENT_SENSORS if field in data]
    if given not in ([], [CONF_CURRENT_SENSORS[0]], [*CONF_CURRENT_SENSORS]):
        yield Problem(field=given[0], error="currents_incomplete")


def check_currents(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that each phase of the charger has a current sensor where one has."""
    phases = CONF_CURRENT_SENSORS[: data[CONF_PHASES]]
    given = [field for field in phases if field in data]
    if given and len(given) < len(phases):
        yield Problem(field=given[0], error="currents_incomplete")


def check_electrical(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the currents, the phases and the times."""
    low, high = data[CONF_MIN_CURRENT], data[CONF_MAX_CURRENT]
    if not low >= MIN_CURRENT_A:
        yield Problem(field=CONF_MIN_CURRENT, error="min_too_low")
    elif not high <= MAX_CURRENT_A:
        yield Problem(field=CONF_MAX_CURRENT, error="max_too_high")
    elif not low <= high:
        yield Problem(field=CONF_MIN_CURRENT, error="min_above_max")
    elif data.get(CONF_SAFE_CURRENT) != 0.0:
        yield from check_range(
            data, CONF_SAFE_CURRENT, MIN_CURRENT_A, high, "safe_range"
        )
    yield from check_range(data, CONF_SETTLE_TIME, 1.0, _MAX_SETTLE_S, "settle_range")
    yield from check_range(
        data, CONF_BOOST_DURATION, 1.0, _MAX_BOOST_MIN, "boost_range"
    )
    yield from check_range(data, CONF_WEIGHT, *_WEIGHTS, "weight_range")
    if data.get(CONF_PHASE_MAP, "unknown") not in PHASE_MAPS[data.get(CONF_PHASES, 1)]:
        yield Problem(field=CONF_PHASE_MAP, error="phase_map_mismatch")
