"""The form of a circuit, and what can be wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..circuits import goes_round
from ..const import CONF_CIRCUIT, CONF_FUSE, CONF_PARENT_CIRCUIT, CONF_POWER_LIMIT
from .common_checks import check_range
from .fields import amount
from .form import Form, Problem
from .meter import GRID_FIELDS, check_meter, measures_load
from .preview import Words

MAIN_FUSE = "main_fuse"
"""Stands for no circuit where one is chosen; it is never stored."""

_FUSE_A = (6.0, 1000.0)
_POWER_KW = (0.1, 1000.0)


def circuit_choice(names: Mapping[str, str], words: Words) -> SelectSelector:
    """Return a choice among circuits, by id, and the main fuse."""
    options = {MAIN_FUSE: words.say(MAIN_FUSE, of=CONF_CIRCUIT), **names}
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=value, label=label)
                for value, label in options.items()
            ],
            mode=SelectSelectorMode.DROPDOWN,
            translation_key=CONF_CIRCUIT,
        )
    )


def circuit_form(names: Mapping[str, str], words: Words, _: Mapping[str, Any]) -> Form:
    """Return the form of a circuit's limits; ``names`` are the other circuits, by id."""
    fields: dict[Any, Any] = {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Optional(CONF_FUSE): amount("A"),
        vol.Optional(CONF_POWER_LIMIT): amount("kW"),
    }
    if names:
        marker = vol.Required(CONF_PARENT_CIRCUIT, default=MAIN_FUSE)
        fields[marker] = circuit_choice(names, words)
    return Form(fields)


def check_circuit(
    data: Mapping[str, Any],
    others: Sequence[ConfigSubentry],
    subentry_id: str | None,
) -> Iterator[Problem]:
    """Check a circuit's name and limits, and that it does not hang on itself."""
    if CONF_NAME not in data:
        yield Problem(field=CONF_NAME, error="name_missing")
    if any(other.title == data.get(CONF_NAME) for other in others):
        yield Problem(field=CONF_NAME, error="name_taken")
    yield from check_range(data, CONF_FUSE, *_FUSE_A, "fuse_range")
    yield from check_range(data, CONF_POWER_LIMIT, *_POWER_KW, "power_limit_range")
    if not {CONF_FUSE, CONF_POWER_LIMIT} & data.keys():
        yield Problem(field="base", error="limit_needed")
    parents = {
        other.subentry_id: other.data.get(CONF_PARENT_CIRCUIT) for other in others
    }
    if subentry_id is not None and goes_round(
        subentry_id, {**parents, subentry_id: data.get(CONF_PARENT_CIRCUIT)}
    ):
        yield Problem(field=CONF_PARENT_CIRCUIT, error="goes_round")


def check_circuit_meter(
    hass: HomeAssistant, data: Mapping[str, Any], subentry_id: str | None
) -> Iterator[Problem]:
    """Check a circuit's own meter, which may be missing as a whole."""
    yield from check_meter(hass, data, subentry_id)
    if GRID_FIELDS.keys() & data.keys() and not measures_load(data):
        yield Problem(field="base", error="voltage_alone")
