"""The section of the options that tells what electricity costs."""

from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult

from ..const import CONF_PRICE_KIND
from ..sources.price.config import PriceKind
from .form import fill
from .preview import async_words
from .price_checks import check_entity, check_fixed, check_prices, check_windows
from .price_forms import entity_form, fixed_form, prices_form, windows_form
from .section import OptionsSection


class PriceOptions(OptionsSection):
    """What a kWh costs, what one that is fed in brings, and which hours are cheap."""

    async def async_step_prices(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how the price is told, then for that price."""
        make = partial(prices_form, self.hass)
        check = partial(check_prices, self.hass)
        draft = fill(make, self.config_entry.options, user_input, check)
        if not draft.accepted:
            return self.async_show_form(step_id="prices", **draft.shown(self))
        self._draft = draft.data
        match PriceKind(draft.data[CONF_PRICE_KIND]):
            case PriceKind.FIXED:
                return await self.async_step_price_fixed()
            case PriceKind.WINDOWS:
                return await self.async_step_price_windows()
            case PriceKind.ENTITY:
                return await self.async_step_price_entity()

    async def async_step_price_fixed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the price of all hours."""
        form = fixed_form(self.hass.config.currency)
        return self._section("price_fixed", form, {}, check_fixed, user_input)

    async def async_step_price_windows(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for times and their prices."""
        form = windows_form(self.hass.config.currency, await async_words(self.hass))
        return self._section("price_windows", form, {}, check_windows, user_input)

    async def async_step_price_entity(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the entity, and for what comes on top of what it tells."""
        words = await async_words(self.hass)
        form = entity_form(self.hass, words, self._known_options)
        check = partial(check_entity, self.hass)
        return self._section("price_entity", form, {}, check, user_input)
