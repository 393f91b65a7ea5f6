"""The section of the options that tells how a site is controlled."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult

from ..const import (
    CONF_FUSE_MARGIN,
    CONF_PHASES,
    CONF_RAISE_DELAY,
    CONF_RESUME_DELAY,
    CONF_START_DELAY,
    CONF_STOP_DELAY,
)
from ..engine.model import Site
from ..sources.battery import BatterySource
from .section import OptionsSection
from .site_checks import check_control
from .site_forms import control_form

_ENGINE = Site(fuse_a=0.0)
DEFAULT_CONTROL: dict[str, float] = {
    CONF_FUSE_MARGIN: _ENGINE.fuse_margin * 100.0,
    CONF_START_DELAY: _ENGINE.start_delay_s,
    CONF_STOP_DELAY: _ENGINE.stop_delay_s,
    CONF_RAISE_DELAY: _ENGINE.raise_delay_s,
    CONF_RESUME_DELAY: _ENGINE.resume_delay_s,
}


class ControlOptions(OptionsSection):
    """Margins and delays."""

    async def async_step_control(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for all of them at once."""
        data = self.config_entry.data
        form = control_form(
            int(data[CONF_PHASES]),
            battery=BatterySource.from_config(data).is_configured,
        )
        return self._section(
            "control", form, DEFAULT_CONTROL, check_control, user_input
        )
