"""The dialog of a site's options: a menu of sections, each stored by itself."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult

from .options_calendar import CalendarOptions
from .options_control import ControlOptions
from .options_forecast import ForecastOptions
from .options_operator import OperatorOptions
from .options_peak import PeakOptions
from .options_prices import PriceOptions

SECTIONS = [
    "control",
    "prices",
    "calendar",
    "forecast",
    "peak",
    "operator",
]


class SiteOptionsFlow(
    ControlOptions,
    PriceOptions,
    CalendarOptions,
    ForecastOptions,
    PeakOptions,
    OperatorOptions,
):
    """Changes how a site is controlled and planned; its entry's listener takes that over."""

    async def async_step_init(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which section to change."""
        return self.async_show_menu(step_id="init", menu_options=SECTIONS)
