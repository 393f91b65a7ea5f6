"""Set-up of the virtual house: one confirmation."""

from typing import Any, override

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from .const import DOMAIN


class VirtualHouseConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks for nothing: the house is always the same."""

    VERSION = 1

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Confirm, then create the entry."""
        if user_input is None:
            return self.async_show_form(step_id="user")
        return self.async_create_entry(title="Virtual house", data={})
