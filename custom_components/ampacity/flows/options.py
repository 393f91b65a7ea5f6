"""The dialog for how a site is controlled."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

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
from .form import fill
from .site_checks import check_options
from .site_forms import options_form

_ENGINE = Site(fuse_a=0.0)
DEFAULT_OPTIONS: dict[str, float] = {
    CONF_FUSE_MARGIN: _ENGINE.fuse_margin * 100.0,
    CONF_START_DELAY: _ENGINE.start_delay_s,
    CONF_STOP_DELAY: _ENGINE.stop_delay_s,
    CONF_RAISE_DELAY: _ENGINE.raise_delay_s,
    CONF_RESUME_DELAY: _ENGINE.resume_delay_s,
}


class SiteOptionsFlow(OptionsFlow):
    """Changes margins, delays and prices; a reload follows from the entry's listener."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for all of them at once."""
        known = {**DEFAULT_OPTIONS, **self.config_entry.options}
        data = self.config_entry.data
        form = options_form(
            self.hass.config.currency,
            int(data[CONF_PHASES]),
            battery=BatterySource.from_config(data).is_configured,
        )
        draft = fill(lambda _: form, known, user_input, check_options)
        if draft.accepted:
            return self.async_create_entry(data=draft.data)
        return self.async_show_form(step_id="init", **draft.shown(self))
