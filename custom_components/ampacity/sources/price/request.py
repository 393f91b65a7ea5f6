"""What a source is asked for, and how it asks an integration."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.entity_registry import RegistryEntry
from homeassistant.util import dt as dt_util

from .units import price_factor

_PUBLISHED_DAYS = 2
"""Markets publish today and tomorrow."""


class PriceError(Exception):
    """An integration gave no prices, or in a shape that nobody understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The prices of an entity that are wanted, between two moments."""

    hass: HomeAssistant
    entity_id: str
    state: State | None
    entry: RegistryEntry | None
    """None for an entity that no integration has registered, such as one from YAML."""
    start: datetime
    end: datetime
    is_feed_in: bool = False

    @property
    def platform(self) -> str:
        """The integration that the entity belongs to; empty where nobody knows."""
        return self.entry.platform if self.entry else ""

    @property
    def attributes(self) -> Mapping[str, Any]:
        """What the entity tells beside its state."""
        return self.state.attributes if self.state else {}

    @property
    def factor(self) -> float:
        """What the state has to be multiplied with to be currency per kWh."""
        return price_factor(self.attributes.get(ATTR_UNIT_OF_MEASUREMENT))

    @property
    def entry_id(self) -> str:
        """The config entry that the entity belongs to.

        Raises PriceError for an entity without one.
        """
        if self.entry is None or self.entry.config_entry_id is None:
            raise PriceError("the entity belongs to no configured integration")
        return self.entry.config_entry_id

    @property
    def unique_id(self) -> str:
        """How the integration itself calls the entity; empty where nobody knows."""
        return self.entry.unique_id if self.entry else ""

    def about(self, state: State, entry: RegistryEntry) -> Request:
        """Return the same request about another entity."""
        return replace(self, state=state, entry=entry, entity_id=state.entity_id)

    def days(self, zone: str | None = None) -> list[date]:
        """Return the days of a zone, else local ones, that may be published: tomorrow's is the last."""
        tz = ZoneInfo(zone) if zone else dt_util.get_default_time_zone()
        local = dt_util.as_local(self.start).date() + timedelta(days=_PUBLISHED_DAYS)
        end = min(self.end, dt_util.as_utc(dt_util.start_of_local_day(local)))
        first = self.start.astimezone(tz).date()
        last = (end - timedelta(microseconds=1)).astimezone(tz).date()
        return [first + timedelta(days=day) for day in range((last - first).days + 1)]

    def has_action(self, name: str) -> bool:
        """Return whether the entity's integration offers an action."""
        return self.hass.services.has_service(self.platform, name)

    async def async_call(self, name: str, **data: Any) -> Mapping[str, Any]:
        """Return what an action of the entity's integration answers.

        Raises PriceError for an answer that is no mapping, and whatever the action raises.
        """
        answer = await self.hass.services.async_call(
            self.platform, name, data, blocking=True, return_response=True
        )
        if not isinstance(answer, Mapping):
            raise PriceError(f"{self.platform}.{name} answered {type(answer).__name__}")
        return answer
