"""The plan of each charger as a calendar."""

from datetime import datetime
from typing import override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
    CalendarEventStatus,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .const import SUBENTRY_CHARGER
from .coordinator import AmpacityConfigEntry
from .entity import ChargerEntity, async_add_of_subentries
from .plan_run import Run, runs
from .plan_text import PlanTexts
from .sentence import async_load_sentences, cached_sentences

PARALLEL_UPDATES = 0

PLAN = CalendarEntityDescription(key="plan")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the plans of a site's chargers."""
    await async_load_sentences(hass)

    def plans(subentry: ConfigSubentry) -> list[PlanCalendar]:
        return [PlanCalendar(entry.runtime_data, subentry, PLAN)]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, plans)


class PlanCalendar(ChargerEntity, CalendarEntity):
    """When a charger is going to charge; nothing that is past."""

    _shown: tuple[Run, ...] | None = None

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return what is planned for now, or next."""
        now = dt_util.utcnow()
        upcoming = (run for run in self._runs() if run.end > now)
        run = next(upcoming, None)
        return self._event(run) if run is not None else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what is planned within a span."""
        return [
            self._event(run)
            for run in self._runs()
            if run.start < end_date and run.end > start_date
        ]

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Tell who watches the calendar of a new plan."""
        super()._handle_coordinator_update()
        planned = self._runs()
        if planned != self._shown:
            self._shown = planned
            self.async_update_event_listeners()

    def _runs(self) -> tuple[Run, ...]:
        plan = self.view.plan
        return runs(plan.slots) if plan is not None else ()

    def _event(self, run: Run) -> CalendarEvent:
        currency = self.hass.config.currency
        texts = PlanTexts(cached_sentences(self.hass), currency)
        goal = self.view.state.goal
        return CalendarEvent(
            start=dt_util.as_local(run.start),
            end=dt_util.as_local(run.end),
            summary=texts.title(run),
            description=texts.description(run, goal, dt_util.utcnow()),
            status=CalendarEventStatus.TENTATIVE,
        )
