"""The form of the home battery, and what can be wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

from ..batteries.lever import NUMBERS, SELECTS, SWITCHES
from ..const import (
    CONF_BATTERY_CAPACITY,
    CONF_BATTERY_CHARGE,
    CONF_BATTERY_DISCHARGE,
    CONF_BATTERY_HOLD,
    CONF_BATTERY_HOLD_INVERTED,
    CONF_BATTERY_HOLD_OPTION,
    CONF_BATTERY_INVERTED,
    CONF_BATTERY_POWER,
    CONF_BATTERY_RELEASE_OPTION,
    CONF_BATTERY_SOC,
    CONF_SOLAR_POWER,
)
from ..sources.reading import Quantity
from .common_checks import check_measured, check_once, check_range
from .fields import PERCENT_UNITS, POWER_UNITS, amount, entity, foreign, measured
from .form import Form, Problem
from .meter import GRID_FIELDS
from .states import options_of

SECTION_BATTERY_PAIR = "battery_pair"
SECTION_BATTERY_CONTROL = "battery_control"

_SENSORS: dict[str, Quantity] = {
    CONF_BATTERY_POWER: Quantity.POWER,
    CONF_BATTERY_CHARGE: Quantity.POWER,
    CONF_BATTERY_DISCHARGE: Quantity.POWER,
    CONF_BATTERY_SOC: Quantity.PERCENT,
}
_OPTIONS = (CONF_BATTERY_HOLD_OPTION, CONF_BATTERY_RELEASE_OPTION)


def battery_form(hass: HomeAssistant, data: Mapping[str, Any]) -> Form:
    """Return the form of the home battery; a select's own options are offered once it is known."""
    powers = measured(POWER_UNITS, multiple=True)
    pair = {
        vol.Optional(CONF_BATTERY_CHARGE): powers,
        vol.Optional(CONF_BATTERY_DISCHARGE): powers,
    }
    options = foreign(options_of(hass, data.get(CONF_BATTERY_HOLD)))
    control = {
        vol.Optional(CONF_BATTERY_HOLD): entity(*SWITCHES, *SELECTS, *NUMBERS),
        vol.Optional(CONF_BATTERY_HOLD_INVERTED, default=False): BooleanSelector(),
        **{vol.Optional(field): options for field in _OPTIONS},
    }
    return Form(
        {
            vol.Optional(CONF_BATTERY_POWER): powers,
            vol.Optional(CONF_BATTERY_INVERTED, default=False): BooleanSelector(),
            vol.Optional(SECTION_BATTERY_PAIR): _folded(
                pair, CONF_BATTERY_CHARGE in data or CONF_BATTERY_DISCHARGE in data
            ),
            vol.Optional(CONF_BATTERY_SOC): measured(PERCENT_UNITS, multiple=True),
            vol.Optional(CONF_BATTERY_CAPACITY): amount("kWh"),
            vol.Optional(SECTION_BATTERY_CONTROL): _folded(
                control, CONF_BATTERY_HOLD in data
            ),
        }
    )


def without_battery(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data, and where they describe no battery without what says how it is read."""
    if any(field in data for field in (*_SENSORS, CONF_BATTERY_HOLD)):
        return dict(data)
    unused = {
        CONF_BATTERY_CAPACITY,
        CONF_BATTERY_INVERTED,
        CONF_BATTERY_HOLD_INVERTED,
        *_OPTIONS,
    }
    return {key: value for key, value in data.items() if key not in unused}


def check_battery(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the sensors, each and together, and the control."""
    chosen = [(field, one) for field in _SENSORS for one in data.get(field, ())]
    for field, entity_id in chosen:
        yield from check_measured(hass, field, entity_id, _SENSORS[field])
    yield from check_once(_all_once(data, chosen))
    signed = CONF_BATTERY_POWER in data
    pair = [
        field
        for field in (CONF_BATTERY_CHARGE, CONF_BATTERY_DISCHARGE)
        if field in data
    ]
    if signed and pair:
        yield Problem(field=pair[0], error="battery_power_twice")
    if len(pair) == 1:
        yield Problem(field=pair[0], error="battery_pair_incomplete")
    others = (CONF_BATTERY_SOC, CONF_BATTERY_HOLD)
    if not signed and not pair and any(field in data for field in others):
        yield Problem(field=CONF_BATTERY_POWER, error="battery_power_needed")
    yield from check_range(
        data, CONF_BATTERY_CAPACITY, 0.5, 1000.0, "battery_capacity_range"
    )
    yield from _check_control(hass, data)


def _all_once(
    data: Mapping[str, Any], chosen: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str | None]]:
    """Yield the battery's sensors behind those that the meter and the solar plant have."""
    elsewhere = [data.get(field) for field in GRID_FIELDS]
    for entity_id in (*elsewhere, *data.get(CONF_SOLAR_POWER, ())):
        yield CONF_BATTERY_POWER, entity_id
    yield from chosen


def _check_control(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    entity_id = data.get(CONF_BATTERY_HOLD)
    if entity_id is None or entity_id.partition(".")[0] not in SELECTS:
        return
    hold, release = (data.get(field) for field in _OPTIONS)
    if hold is None or release is None or hold == release:
        yield Problem(field=CONF_BATTERY_HOLD, error="battery_options_needed")
        return
    known = options_of(hass, entity_id)
    for option in (hold, release):
        if known and option not in known:
            names = {"entity": entity_id, "option": option}
            yield Problem(
                field=CONF_BATTERY_HOLD,
                error="battery_not_an_option",
                placeholders=names,
            )


def _folded(fields: Mapping[Any, Any], used: bool) -> section:
    return section(vol.Schema(dict(fields)), {"collapsed": not used})
