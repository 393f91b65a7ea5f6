"""The section of the options that tells what the grid operator may limit."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..const import (
    CONF_OPERATOR_ENTITY,
    CONF_OPERATOR_LIMIT,
    CONF_OPERATOR_LIMIT_ENTITY,
    CONF_OPERATOR_RULE,
)
from ..grid_rules import OPERATOR_RULES, RULE_EACH, RULE_OWN
from ..sources.reading import Quantity
from .common_checks import check_measured, check_range
from .fields import POWER_UNITS, amount, choice, entity, measured
from .form import Form, Problem
from .section import OptionsSection

_MAX_KW = 1000.0


class OperatorOptions(OptionsSection):
    """The signal, and what it leaves."""

    async def async_step_operator(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for all of it at once."""
        return self._section(
            "operator",
            operator_form(),
            {CONF_OPERATOR_RULE: RULE_EACH},
            partial(check_operator, self.hass),
            user_input,
        )


def operator_form() -> Form:
    """Return the form of the operator's limit."""
    return Form(
        {
            vol.Optional(CONF_OPERATOR_ENTITY): entity(
                "binary_sensor", "switch", "input_boolean"
            ),
            vol.Optional(CONF_OPERATOR_LIMIT_ENTITY): measured(POWER_UNITS),
            vol.Required(CONF_OPERATOR_RULE, default=RULE_EACH): choice(
                CONF_OPERATOR_RULE, OPERATOR_RULES, roomy=True
            ),
            vol.Optional(CONF_OPERATOR_LIMIT): amount("kW"),
        }
    )


def check_operator(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that the limit's entity measures power, and that a value of one's own is there."""
    yield from check_measured(
        hass,
        CONF_OPERATOR_LIMIT_ENTITY,
        data.get(CONF_OPERATOR_LIMIT_ENTITY),
        Quantity.POWER,
    )
    yield from check_range(
        data, CONF_OPERATOR_LIMIT, 0.0, _MAX_KW, "operator_limit_range"
    )
    if data[CONF_OPERATOR_RULE] == RULE_OWN and CONF_OPERATOR_LIMIT not in data:
        yield Problem(field=CONF_OPERATOR_LIMIT, error="operator_limit_needed")
