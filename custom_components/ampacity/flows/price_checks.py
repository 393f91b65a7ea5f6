"""What can be wrong with what a user says of prices."""

from collections.abc import Iterator, Mapping
import math
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from ..const import (
    CONF_ADDEND,
    CONF_CHEAP_BELOW,
    CONF_CHEAPEST_HOURS,
    CONF_DAYS,
    CONF_FACTOR,
    CONF_FEED_IN_ADDEND,
    CONF_FEED_IN_ENTITY,
    CONF_FEED_IN_FACTOR,
    CONF_FEED_IN_PRICE,
    CONF_IMPORT_PRICE,
    CONF_PRICE,
    CONF_PRICE_ADDEND,
    CONF_PRICE_ENTITY,
    CONF_PRICE_FACTOR,
    CONF_PRICE_SURCHARGES,
    CONF_PRICE_WINDOWS,
)
from ..sources.price.spans import number
from .common_checks import check_range
from .form import Problem

_MAX_PRICE = 1e6
_MAX_FACTOR = 100.0
_MAX_HOURS = 24.0


def check_prices(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check what goes with any way in which the price is told."""
    for field in (CONF_FEED_IN_PRICE, CONF_FEED_IN_ADDEND, CONF_CHEAP_BELOW):
        yield from _check_price(data, field)
    yield from _check_factor(data, CONF_FEED_IN_FACTOR)
    yield from check_range(
        data, CONF_CHEAPEST_HOURS, 0.0, _MAX_HOURS, "cheapest_hours_range"
    )
    yield from _check_entity(hass, data, CONF_FEED_IN_ENTITY)


def check_fixed(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that a price is one; it may be below 0."""
    yield from _check_price(data, CONF_IMPORT_PRICE)


def check_windows(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the times with their prices."""
    yield from _check_price(data, CONF_IMPORT_PRICE)
    if not data.get(CONF_PRICE_WINDOWS):
        yield Problem(field=CONF_PRICE_WINDOWS, error="windows_needed")
    yield from _check_items(data, CONF_PRICE_WINDOWS)


def check_entity(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that the entity tells a price, and what comes on top of it."""
    yield from _check_entity(hass, data, CONF_PRICE_ENTITY)
    yield from _check_price(data, CONF_PRICE_ADDEND)
    yield from _check_factor(data, CONF_PRICE_FACTOR)
    yield from _check_items(data, CONF_PRICE_SURCHARGES)


def _check_price(data: Mapping[str, Any], field: str) -> Iterator[Problem]:
    yield from check_range(data, field, -_MAX_PRICE, _MAX_PRICE, "price_range")


def _check_factor(data: Mapping[str, Any], field: str) -> Iterator[Problem]:
    yield from check_range(data, field, 0.0, _MAX_FACTOR, "factor_range")


def _check_items(data: Mapping[str, Any], field: str) -> Iterator[Problem]:
    for item in data.get(field) or ():
        if not item[CONF_DAYS]:
            yield Problem(field=field, error="no_days")
        for key in (CONF_PRICE, CONF_ADDEND):
            if key in item and not _is_within(item[key], _MAX_PRICE):
                yield Problem(field=field, error="price_range")
        if CONF_FACTOR in item and not _is_within(item[CONF_FACTOR], _MAX_FACTOR):
            yield Problem(field=field, error="factor_range")


def _is_within(value: Any, limit: float) -> bool:
    found = number(value)
    return found is not None and math.fabs(found) <= limit


def _check_entity(
    hass: HomeAssistant, data: Mapping[str, Any], field: str
) -> Iterator[Problem]:
    """Tell when an entity is no price; one that is not there or has no state yet may come later."""
    state = hass.states.get(data.get(field, ""))
    if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return
    if number(state.state) is None and "rates" not in state.attributes:
        names = {"entity": state.entity_id, "state": state.state}
        yield Problem(field=field, error="not_a_number", placeholders=names)
