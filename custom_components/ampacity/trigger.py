"""Triggers for automations: what happens to sessions, limits and plans."""

from typing import ClassVar, cast, override

from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .const import (
    DOMAIN,
    EVENT_LIMIT_ACTIVE,
    EVENT_PLAN_AT_RISK,
    EVENT_PLAN_MET,
    EVENT_SESSION_FINISHED,
    EVENT_SESSION_STARTED,
)

_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_OPTIONS): {
            vol.Required(ATTR_DEVICE_ID): vol.All(
                cv.ensure_list, vol.Length(min=1), [cv.string]
            ),
        },
    }
)


class DeviceEventTrigger(Trigger):
    """Trigger when an event on the bus concerns one of the chosen devices.

    The grid connection stands for all of its chargers.
    """

    event_type: ClassVar[str]
    description: ClassVar[str]

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Validate the options; each device must be one of a site."""
        config = cast(ConfigType, _SCHEMA(config))
        for device_id in config[CONF_OPTIONS][ATTR_DEVICE_ID]:
            _, entry = dr.async_get_device_and_config_entry_for_domain(
                hass, device_id, domain=DOMAIN
            )
            if entry is None:
                raise vol.Invalid(f"Device {device_id} does not belong to Ampacity")
        return config

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Initialize the trigger."""
        super().__init__(hass, config)
        self._device_ids = frozenset((config.options or {})[ATTR_DEVICE_ID])

    def _entry_ids(self) -> frozenset[str]:
        """Return the sites whose grid connection is among the devices."""
        chosen = (
            dr.async_get_device_and_config_entry_for_domain(
                self._hass, device_id, domain=DOMAIN
            )
            for device_id in self._device_ids
        )
        return frozenset(
            entry.entry_id
            for device, entry in chosen
            if device and entry and (DOMAIN, entry.entry_id) in device.identifiers
        )

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the action on each event of a chosen device, with the event's data."""
        entry_ids = self._entry_ids()

        @callback
        def handle(event: Event) -> None:
            data = event.data
            if (
                data.get(ATTR_DEVICE_ID) in self._device_ids
                or data.get("config_entry_id") in entry_ids
            ):
                run_action(
                    dict(data),
                    f"{self.description} at {data.get(ATTR_NAME)}",
                    event.context,
                )

        return self._hass.bus.async_listen(self.event_type, handle)


class SessionStartedTrigger(DeviceEventTrigger):
    """A car was plugged in."""

    event_type = EVENT_SESSION_STARTED
    description = "session started"


class SessionFinishedTrigger(DeviceEventTrigger):
    """A car was unplugged."""

    event_type = EVENT_SESSION_FINISHED
    description = "session finished"


class LimitActiveTrigger(DeviceEventTrigger):
    """A limit has begun to hold a charger back."""

    event_type = EVENT_LIMIT_ACTIVE
    description = "limit active"


class PlanAtRiskTrigger(DeviceEventTrigger):
    """A car will not be ready in time, as things stand."""

    event_type = EVENT_PLAN_AT_RISK
    description = "plan at risk"


class PlanMetTrigger(DeviceEventTrigger):
    """A car has what was promised."""

    event_type = EVENT_PLAN_MET
    description = "plan met"


TRIGGERS: dict[str, type[Trigger]] = {
    "session_started": SessionStartedTrigger,
    "session_finished": SessionFinishedTrigger,
    "limit_active": LimitActiveTrigger,
    "plan_at_risk": PlanAtRiskTrigger,
    "plan_met": PlanMetTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
