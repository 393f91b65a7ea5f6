"""The form of a car, and what can be wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..const import (
    CONF_CAPACITY,
    CONF_CAR_PHASES,
    CONF_CONSUMPTION,
    CONF_DEFAULT_CHARGER,
    CONF_LOCATION_ENTITY,
    CONF_MAX_CURRENT,
    CONF_MIN_SOC,
    CONF_PLUG_ENTITY,
    CONF_SOC_ENTITY,
    CONF_TARGET_SOC,
    VEHICLE_AUTOMATIC,
)
from ..engine.vehicle import GUEST, Vehicle
from ..sources.reading import Quantity
from .common_checks import check_measured, check_range
from .fields import PERCENT_UNITS, amount, choice, entity, measured
from .form import Form, Problem

_PHASES = ("1", "2", "3")
_RANGES: Mapping[str, tuple[float, float]] = {
    CONF_CAPACITY: (1.0, 1000.0),
    CONF_TARGET_SOC: (1.0, 100.0),
    CONF_MIN_SOC: (0.0, 100.0),
    CONF_MAX_CURRENT: (6.0, 80.0),
    CONF_CONSUMPTION: (5.0, 100.0),
}
_DEFAULT = Vehicle(id="")


def vehicle_form(chargers: Mapping[str, str], _: Mapping[str, Any]) -> Form:
    """Return the form of a car; ``chargers`` are the names of the site's chargers, by id."""
    recognise: dict[Any, Any] = {
        vol.Optional(CONF_PLUG_ENTITY): entity("binary_sensor", "input_boolean"),
        vol.Optional(CONF_LOCATION_ENTITY): entity("device_tracker", "person"),
    }
    if chargers:
        recognise = {vol.Optional(CONF_DEFAULT_CHARGER): _among(chargers)} | recognise
    return Form(
        {
            vol.Required(CONF_NAME): TextSelector(),
            vol.Optional(CONF_CAPACITY): amount("kWh"),
            vol.Optional(CONF_SOC_ENTITY): measured(PERCENT_UNITS),
            vol.Required(CONF_TARGET_SOC, default=_DEFAULT.target_soc): amount("%"),
            vol.Required(CONF_MIN_SOC, default=_DEFAULT.min_soc): amount("%"),
            vol.Required("recognise"): section(
                vol.Schema(recognise), {"collapsed": False}
            ),
            vol.Required("more"): section(
                vol.Schema(
                    {
                        vol.Optional(CONF_MAX_CURRENT): amount("A"),
                        vol.Required(
                            CONF_CAR_PHASES, default=str(_DEFAULT.phases)
                        ): choice(CONF_CAR_PHASES, _PHASES),
                        vol.Optional(CONF_CONSUMPTION): amount("kWh/100 km"),
                    }
                ),
                {"collapsed": True},
            ),
        }
    )


def _among(chargers: Mapping[str, str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=value, label=label)
                for value, label in chargers.items()
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def check_vehicle(
    hass: HomeAssistant, data: Mapping[str, Any], others: Sequence[ConfigSubentry]
) -> Iterator[Problem]:
    """Check a car's name, numbers and entities."""
    name = data.get(CONF_NAME)
    if name is None:
        yield Problem(field=CONF_NAME, error="name_missing")
    elif name in (VEHICLE_AUTOMATIC, GUEST):
        yield Problem(field=CONF_NAME, error="name_reserved")
    elif any(other.title == name for other in others):
        yield Problem(field=CONF_NAME, error="name_taken")
    for field, (low, high) in _RANGES.items():
        yield from check_range(data, field, low, high, f"{field}_range")
    if data.get(CONF_MIN_SOC, 0.0) > data.get(CONF_TARGET_SOC, 100.0):
        yield Problem(field=CONF_MIN_SOC, error="min_above_target")
    soc = data.get(CONF_SOC_ENTITY)
    yield from check_measured(hass, CONF_SOC_ENTITY, soc, Quantity.PERCENT)
    yield from _not_of_others(data, others)


def _not_of_others(
    data: Mapping[str, Any], others: Sequence[ConfigSubentry]
) -> Iterator[Problem]:
    """Tell when another car has the same entity: two cars cannot be told apart by it."""
    for field in (CONF_SOC_ENTITY, CONF_PLUG_ENTITY):
        entity_id = data.get(field)
        for other in others:
            if entity_id is not None and other.data.get(field) == entity_id:
                names = {"entity": entity_id, "name": other.title}
                yield Problem(field=field, error="other_car", placeholders=names)
