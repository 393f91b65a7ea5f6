"""The selectors that the forms are made of."""

from collections.abc import Mapping, Sequence

from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    ObjectSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)

from ..const import CONF_DAYS, CONF_END, CONF_START

POWER_UNITS = ("W", "kW", "MW", "mW")
CURRENT_UNITS = ("A", "mA")
VOLTAGE_UNITS = ("V", "mV", "kV")
ENERGY_UNITS = ("Wh", "kWh", "MWh")
PERCENT_UNITS = ("%",)

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MEASURING = ["sensor", "number", "input_number"]


def amount(unit: str) -> NumberSelector:
    """Return a number box; what is out of range gets our own words, so it has no limits."""
    return NumberSelector(
        NumberSelectorConfig(
            mode=NumberSelectorMode.BOX, step="any", unit_of_measurement=unit
        )
    )


def measured(units: Sequence[str], *, multiple: bool = False) -> EntitySelector:
    """Return a choice among the entities that measure in one of these units."""
    only = EntityWithDeviceFilterSelectorConfig(
        domain=_MEASURING, unit_of_measurement=list(units)
    )
    return EntitySelector(EntitySelectorConfig(filter=[only], multiple=multiple))


def entity(*domains: str) -> EntitySelector:
    """Return a choice among the entities of some domains."""
    return EntitySelector(EntitySelectorConfig(domain=list(domains)))


def choice(key: str, options: Sequence[str], *, roomy: bool = False) -> SelectSelector:
    """Return a choice among our own words, translated under the key."""
    mode = SelectSelectorMode.LIST if roomy else SelectSelectorMode.DROPDOWN
    return SelectSelector(
        SelectSelectorConfig(options=list(options), mode=mode, translation_key=key)
    )


def foreign(options: Sequence[str], *, multiple: bool = False) -> SelectSelector:
    """Return a choice among somebody else's words, to which others can be typed."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            mode=SelectSelectorMode.DROPDOWN,
            multiple=multiple,
            custom_value=True,
        )
    )


def weekly_windows(day_names: Mapping[str, str]) -> ObjectSelector:
    """Return a list of weekly windows, each with its days, start and end.

    A selector inside another one is not translated, so the names of the days are handed in.
    """
    days = SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=day, label=day_names[day]) for day in DAYS],
            mode=SelectSelectorMode.LIST,
            multiple=True,
        )
    )
    return ObjectSelector(
        ObjectSelectorConfig(
            fields={
                CONF_DAYS: {
                    "selector": days,
                    "required": True,
                    "default": list(DAYS),
                },
                CONF_START: {"selector": TimeSelector(), "required": True},
                CONF_END: {"selector": TimeSelector(), "required": True},
            },
            multiple=True,
            label_field=CONF_START,
            description_field=CONF_END,
            translation_key="off_peak_windows",
        )
    )
