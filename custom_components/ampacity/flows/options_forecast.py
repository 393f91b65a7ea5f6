"""The section of the options that tells where forecasts come from."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import (
    CONF_HIGH_POWER,
    CONF_SOLAR_CORRECTION,
    CONF_SOLAR_FORECAST,
    CONF_USUAL_POWER,
)
from ..engine.house_forecast import HIGH_W, USUAL_W
from ..sources.dashboard import async_forecasters
from .common_checks import check_range
from .fields import amount
from .form import Form, Problem
from .section import OptionsSection

DEFAULT_FORECAST: dict[str, float | bool] = {
    CONF_SOLAR_CORRECTION: True,
    CONF_USUAL_POWER: USUAL_W,
    CONF_HIGH_POWER: HIGH_W,
}
_MAX_POWER_W = 1e6


class ForecastOptions(OptionsSection):
    """Where the sun is forecast, and what the house uses while it has no history."""

    async def async_step_forecast(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for all of them at once."""
        chosen = self.config_entry.options.get(CONF_SOLAR_FORECAST) or ()
        form = forecast_form(await _async_choices(self.hass, chosen))
        return self._section(
            "forecast", form, DEFAULT_FORECAST, check_forecast, user_input
        )


def forecast_form(choices: list[SelectOptionDict]) -> Form:
    """Return the form; ``choices`` are the integrations that forecast the sun."""
    plants = SelectSelector(
        SelectSelectorConfig(
            options=choices, multiple=True, mode=SelectSelectorMode.DROPDOWN
        )
    )
    return Form(
        {
            vol.Optional(CONF_SOLAR_FORECAST): plants,
            vol.Required(CONF_SOLAR_CORRECTION): BooleanSelector(),
            vol.Optional(CONF_USUAL_POWER): amount("W"),
            vol.Optional(CONF_HIGH_POWER): amount("W"),
        }
    )


def check_forecast(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that powers are some, and that the high one is not the lower one."""
    for field in (CONF_USUAL_POWER, CONF_HIGH_POWER):
        yield from check_range(data, field, 0.0, _MAX_POWER_W, "power_range")
    known = DEFAULT_FORECAST | dict(data)
    if known[CONF_HIGH_POWER] < known[CONF_USUAL_POWER]:
        yield Problem(field=CONF_HIGH_POWER, error="high_below_usual")


async def _async_choices(
    hass: HomeAssistant, chosen: Collection[str]
) -> list[SelectOptionDict]:
    """Return the config entries that can be asked, and those that were chosen before."""
    forecasters = await async_forecasters(hass)
    return [
        SelectOptionDict(value=entry.entry_id, label=entry.title)
        for entry in hass.config_entries.async_entries()
        if entry.domain in forecasters or entry.entry_id in chosen
    ]
