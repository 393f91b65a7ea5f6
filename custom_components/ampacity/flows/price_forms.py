"""The forms of the prices, one for each way in which a price is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    ObjectSelector,
    ObjectSelectorConfig,
    ObjectSelectorField,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)
import voluptuous as vol

from ..const import (
    CONF_ADDEND,
    CONF_CHEAP_BELOW,
    CONF_CHEAPEST_HOURS,
    CONF_DAYS,
    CONF_END,
    CONF_FACTOR,
    CONF_FEED_IN_ADDEND,
    CONF_FEED_IN_ENTITY,
    CONF_FEED_IN_FACTOR,
    CONF_FEED_IN_PRICE,
    CONF_HOLIDAYS_ENTITY,
    CONF_IMPORT_PRICE,
    CONF_MONTHS,
    CONF_PRICE,
    CONF_PRICE_ADDEND,
    CONF_PRICE_ENTITY,
    CONF_PRICE_FACTOR,
    CONF_PRICE_KIND,
    CONF_PRICE_SURCHARGES,
    CONF_PRICE_WINDOWS,
    CONF_START,
)
from ..sources.price.config import PriceKind
from ..sources.price.units import is_price_unit
from .fields import DAYS, amount, choice, entity
from .form import Form
from .preview import Words

MONTHS = tuple(str(month) for month in range(1, 13))
SECTION_FEED_IN = "feed_in"
SECTION_CHEAP = "cheap"
SECTION_MORE = "more"
_UNITLESS = ("number", "input_number")


def prices_form(hass: HomeAssistant, data: Mapping[str, Any]) -> Form:
    """Return the form that asks how the price is told, and all that goes with any of them."""
    price = amount(f"{hass.config.currency}/kWh")
    feed_in = {
        vol.Optional(CONF_FEED_IN_ENTITY): price_entity(
            hass, data.get(CONF_FEED_IN_ENTITY)
        ),
        vol.Optional(CONF_FEED_IN_FACTOR): amount("×"),
        vol.Optional(CONF_FEED_IN_ADDEND): price,
    }
    cheap = {
        vol.Optional(CONF_CHEAP_BELOW): price,
        vol.Optional(CONF_CHEAPEST_HOURS): amount("h"),
    }
    return Form(
        {
            vol.Required(CONF_PRICE_KIND, default=PriceKind.FIXED.value): choice(
                CONF_PRICE_KIND, [kind.value for kind in PriceKind], roomy=True
            ),
            vol.Optional(CONF_FEED_IN_PRICE): price,
            vol.Optional(SECTION_FEED_IN): _folded(feed_in, data),
            vol.Optional(SECTION_CHEAP): _folded(cheap, data),
        }
    )


def fixed_form(currency: str) -> Form:
    """Return the form of one price for all hours."""
    return Form({vol.Optional(CONF_IMPORT_PRICE): amount(f"{currency}/kWh")})


def windows_form(currency: str, words: Words) -> Form:
    """Return the form of prices that go by the clock, the weekday and the season."""
    price = amount(f"{currency}/kWh")
    return Form(
        {
            vol.Required(CONF_PRICE_WINDOWS): _windows(
                words, CONF_PRICE_WINDOWS, {CONF_PRICE: _field(price, required=True)}
            ),
            vol.Required(CONF_IMPORT_PRICE): price,
            vol.Optional(CONF_HOLIDAYS_ENTITY): entity("calendar", "binary_sensor"),
        }
    )


def entity_form(hass: HomeAssistant, words: Words, data: Mapping[str, Any]) -> Form:
    """Return the form of a price that an entity tells, and of what comes on top of it."""
    price = amount(f"{hass.config.currency}/kWh")
    more = {
        vol.Optional(CONF_PRICE_SURCHARGES): _windows(
            words,
            CONF_PRICE_SURCHARGES,
            {
                CONF_ADDEND: _field(price, required=True),
                CONF_FACTOR: _field(amount("×")),
            },
        ),
        vol.Optional(CONF_HOLIDAYS_ENTITY): entity("calendar", "binary_sensor"),
    }
    return Form(
        {
            vol.Required(CONF_PRICE_ENTITY): price_entity(
                hass, data.get(CONF_PRICE_ENTITY)
            ),
            vol.Optional(CONF_PRICE_FACTOR): amount("×"),
            vol.Optional(CONF_PRICE_ADDEND): price,
            vol.Optional(SECTION_MORE): _folded(more, data),
        }
    )


def price_entity(hass: HomeAssistant, chosen: str | None) -> EntitySelector:
    """Return a choice among the entities that look like prices; among all where none does."""
    found = {
        state.entity_id
        for state in hass.states.async_all(("sensor", *_UNITLESS))
        if is_price_unit(state.attributes.get("unit_of_measurement"))
    }
    found |= {
        state.entity_id
        for state in hass.states.async_all("event")
        if "rates" in state.attributes
    }
    found |= {chosen} if chosen else set()
    config = EntitySelectorConfig(domain=["sensor", *_UNITLESS, "event"])
    if found:
        config["include_entities"] = sorted(found)
    return EntitySelector(config)


def _windows(
    words: Words, key: str, amounts: Mapping[str, ObjectSelectorField]
) -> ObjectSelector:
    """Return a list of times with their prices.

    A selector inside another one is not translated, so names of days and months are handed in.
    """
    return ObjectSelector(
        ObjectSelectorConfig(
            fields={
                CONF_DAYS: {
                    "selector": _several(words, CONF_DAYS, DAYS),
                    "required": True,
                    "default": list(DAYS),
                },
                CONF_START: _field(TimeSelector(), required=True),
                CONF_END: _field(TimeSelector(), required=True),
                **amounts,
                CONF_MONTHS: _field(_several(words, CONF_MONTHS, MONTHS)),
            },
            multiple=True,
            label_field=CONF_START,
            description_field=next(iter(amounts)),
            translation_key=key,
        )
    )


def _field(
    selector: NumberSelector | SelectSelector | TimeSelector, *, required: bool = False
) -> ObjectSelectorField:
    return {"selector": selector, "required": required}


def _several(words: Words, key: str, options: Sequence[str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=option, label=words.say(option, of=key))
                for option in options
            ],
            mode=SelectSelectorMode.DROPDOWN,
            multiple=True,
        )
    )


def _folded(fields: Mapping[Any, Any], data: Mapping[str, Any]) -> section:
    """Return a section that is folded while none of its fields is filled in."""
    is_given = any(str(field) in data for field in fields)
    return section(vol.Schema(dict(fields)), {"collapsed": not is_given})
