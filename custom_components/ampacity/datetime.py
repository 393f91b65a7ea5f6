"""When a charger's car is to be ready."""

from datetime import datetime
from typing import override

from homeassistant.components.datetime import DateTimeEntity, DateTimeEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry
from .entity import ChargerEntity, async_add_of_subentries
from .promising import async_be_ready_by

PARALLEL_UPDATES = 0

READY_BY = DateTimeEntityDescription(key="ready_by")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the times of a site's chargers."""

    def times(subentry: ConfigSubentry) -> list[ReadyByTime]:
        return [ReadyByTime(entry.runtime_data, subentry, READY_BY)]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, times)


class ReadyByTime(ChargerEntity, DateTimeEntity):
    """When the promise is due that is on now, or next."""

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the time; None while nothing is promised."""
        goal = self.view.state.goal
        return goal.ready_by if goal is not None else None

    @override
    async def async_set_value(self, value: datetime) -> None:
        """Make or change the single promise."""
        async_be_ready_by(self.coordinator, self.view.id, value)
