"""The section of the options that tells what electricity costs."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
import voluptuous as vol

from ..const import CONF_FEED_IN_PRICE, CONF_IMPORT_PRICE
from .common_checks import check_range
from .fields import amount
from .form import Form, Problem
from .section import OptionsSection

_MAX_PRICE = 1e6


class PriceOptions(OptionsSection):
    """What a kWh costs, and what one that is fed in brings."""

    async def async_step_prices(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for both prices."""
        form = prices_form(self.hass.config.currency)
        return self._section("prices", form, {}, check_prices, user_input)


def prices_form(currency: str) -> Form:
    """Return the form of the prices, in the currency of the installation."""
    price = amount(f"{currency}/kWh")
    return Form(
        {
            vol.Optional(CONF_IMPORT_PRICE): price,
            vol.Optional(CONF_FEED_IN_PRICE): price,
        }
    )


def check_prices(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that a price is one; it may be below 0."""
    for field in (CONF_IMPORT_PRICE, CONF_FEED_IN_PRICE):
        yield from check_range(data, field, -_MAX_PRICE, _MAX_PRICE, "price_range")
