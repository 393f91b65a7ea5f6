"""A wallbox of plain services, which notes what it is told."""

import asyncio

from homeassistant.core import HomeAssistant, ServiceCall

from custom_components.ampacity.chargers.commander import Commander
from custom_components.ampacity.engine.decision import Command

LIMIT_10 = "number.set_value limit 10"
LIMIT_6 = "number.set_value limit 6"
LIMIT_0 = "number.set_value limit 0"
ON = "switch.turn_on charge"
OFF = "switch.turn_off charge"

SERVICES = (
    ("number", "set_value"),
    ("select", "select_option"),
    ("switch", "turn_on"),
    ("switch", "turn_off"),
    ("button", "press"),
    ("easee", "set_charger_dynamic_limit"),
    ("easee", "action_command"),
)
WORDS = ("value", "option", "current", "action_command")


class Wallbox:
    """Takes all calls to a charger's levers, in order; it may be slow, or fail."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Register the services of all kinds of levers."""
        self.calls: list[str] = []
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        for domain, service in SERVICES:
            hass.services.async_register(domain, service, self._async_handle)

    async def _async_handle(self, call: ServiceCall) -> None:
        word = next((call.data[key] for key in WORDS if key in call.data), "")
        entity = str(call.data.get("entity_id", "")).partition(".")[2]
        parts = (f"{call.domain}.{call.service}", entity, str(word))
        self.calls.append(" ".join(filter(None, parts)))
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error


def apply(
    hass: HomeAssistant, commander: Commander, *commands: Command
) -> list[asyncio.Task[None]]:
    """Give commands one after the other, none of which waits for those before it."""
    return [
        hass.async_create_task(commander.async_apply(command), eager_start=True)
        for command in commands
    ]
