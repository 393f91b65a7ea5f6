"""The section of the options that names a calendar whose events are plans."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
import voluptuous as vol

from ..const import CONF_PLAN_CALENDAR
from .fields import entity
from .form import Form
from .section import OptionsSection

_FORM = Form({vol.Optional(CONF_PLAN_CALENDAR): entity("calendar")})


class CalendarOptions(OptionsSection):
    """The calendar that plans come from."""

    async def async_step_calendar(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the calendar."""
        return self._section("calendar", _FORM, {}, lambda _: (), user_input)
