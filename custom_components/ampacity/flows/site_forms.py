"""The forms of the site and of its options."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..const import (
    CONF_BUFFER_SOC,
    CONF_FEEDS_CARS,
    CONF_FUSE_MARGIN,
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_EXPORT,
    CONF_GRID_IMPORT,
    CONF_GRID_INVERTED,
    CONF_GRID_POWER,
    CONF_GRID_POWER_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
    CONF_IMBALANCE,
    CONF_MAIN_FUSE,
    CONF_OFF_PEAK_ENTITY,
    CONF_OFF_PEAK_WINDOWS,
    CONF_PHASES,
    CONF_POWER_LIMIT,
    CONF_RAISE_DELAY,
    CONF_RESUME_DELAY,
    CONF_SOLAR_POWER,
    CONF_START_DELAY,
    CONF_STOP_DELAY,
    CONF_VOLTAGE,
)
from ..engine.model import NOMINAL_VOLTAGE_V
from .fields import (
    CURRENT_UNITS,
    POWER_UNITS,
    VOLTAGE_UNITS,
    amount,
    choice,
    entity,
    measured,
    weekly_windows,
)
from .form import Form

CONF_FOUND_METER = "found_meter"
"""Which of the meters that were found; asked for, never stored."""

SECTION_MORE = "more"
SECTION_ONE_SENSOR = "one_sensor"
SECTION_TWO_SENSORS = "two_sensors"
SECTION_PER_PHASE = "per_phase"

PHASE_OPTIONS = ("1", "3")


def user_form(
    data: Mapping[str, Any],
    *,
    meters: Mapping[str, str] | None = None,
    asks_power: bool = False,
) -> Form:
    """Return the form of the connection itself.

    ``meters`` are names of meters to choose from, by id; ``asks_power`` shows the power limit at
    once.
    """
    more = {
        vol.Required(CONF_VOLTAGE, default=NOMINAL_VOLTAGE_V): amount("V"),
        vol.Optional(CONF_POWER_LIMIT): amount("kW"),
    }
    usual = (
        not asks_power
        and CONF_POWER_LIMIT not in data
        and data.get(CONF_VOLTAGE, NOMINAL_VOLTAGE_V) == NOMINAL_VOLTAGE_V
    )
    return Form(
        {
            vol.Required(CONF_NAME): TextSelector(),
            vol.Required(CONF_PHASES, default="3"): choice(CONF_PHASES, PHASE_OPTIONS),
            vol.Required(CONF_MAIN_FUSE): amount("A"),
            **_meter_choice(meters or {}),
            vol.Optional(SECTION_MORE): section(vol.Schema(more), {"collapsed": usual}),
        }
    )


def _meter_choice(meters: Mapping[str, str]) -> dict[Any, SelectSelector]:
    """Return the choice among meters that were found; one alone is no choice."""
    options = [
        SelectOptionDict(value=meter_id, label=name)
        for meter_id, name in meters.items()
    ]
    if not options:
        return {}
    field = vol.Required(CONF_FOUND_METER, default=options[0]["value"])
    mode = SelectSelectorMode.DROPDOWN
    return {field: SelectSelector(SelectSelectorConfig(options=options, mode=mode))}


def meter_form(data: Mapping[str, Any]) -> Form:
    """Return the form of the grid meter; it has only the phases that the site has."""
    phases = data[CONF_PHASES]
    one = {
        vol.Optional(CONF_GRID_POWER): measured(POWER_UNITS),
        vol.Optional(CONF_GRID_INVERTED, default=False): BooleanSelector(),
    }
    two = {
        vol.Optional(CONF_GRID_IMPORT): measured(POWER_UNITS),
        vol.Optional(CONF_GRID_EXPORT): measured(POWER_UNITS),
    }
    each = {
        vol.Optional(field): measured(units)
        for fields, units in (
            (CONF_GRID_CURRENT_PHASES, CURRENT_UNITS),
            (CONF_GRID_POWER_PHASES, POWER_UNITS),
            (CONF_GRID_VOLTAGE_PHASES, VOLTAGE_UNITS),
        )
        for field in fields[:phases]
    }
    return Form(
        {
            vol.Optional(SECTION_ONE_SENSOR): section(vol.Schema(one)),
            vol.Optional(SECTION_TWO_SENSORS): _folded(two, data),
            vol.Optional(SECTION_PER_PHASE): _folded(each, data),
        }
    )


def solar_form(_: Mapping[str, Any]) -> Form:
    """Return the form of the solar power sensors."""
    return Form({vol.Optional(CONF_SOLAR_POWER): measured(POWER_UNITS, multiple=True)})


def off_peak_form(day_names: Mapping[str, str], _: Mapping[str, Any]) -> Form:
    """Return the form of the cheap hours, with the days' names in the user's language."""
    return Form(
        {
            vol.Optional(CONF_OFF_PEAK_WINDOWS): weekly_windows(day_names),
            vol.Optional(CONF_OFF_PEAK_ENTITY): entity(
                "schedule", "binary_sensor", "input_boolean", "calendar"
            ),
        }
    )


def control_form(phases: int, *, battery: bool = False) -> Form:
    """Return the form of how the site is controlled; one phase alone has nothing to balance."""
    balance = {vol.Optional(CONF_IMBALANCE): amount("kVA")} if phases > 1 else {}
    stored = {
        vol.Optional(CONF_BUFFER_SOC): amount("%"),
        vol.Optional(CONF_FEEDS_CARS, default=True): BooleanSelector(),
    }
    return Form(
        {
            vol.Required(CONF_FUSE_MARGIN): amount("%"),
            vol.Required(CONF_START_DELAY): amount("s"),
            vol.Required(CONF_STOP_DELAY): amount("s"),
            vol.Required(CONF_RAISE_DELAY): amount("s"),
            vol.Required(CONF_RESUME_DELAY): amount("s"),
            **balance,
            **(stored if battery else {}),
        }
    )


def _folded(fields: Mapping[Any, Any], data: Mapping[str, Any]) -> section:
    """Return a section that is folded while none of its fields is filled in."""
    return section(
        vol.Schema(dict(fields)), {"collapsed": not _any_given(fields, data)}
    )


def _any_given(fields: Iterable[Any], data: Mapping[str, Any]) -> bool:
    return any(str(field) in data for field in fields)
