"""The cheap hours: windows of the week, an entity that tells, or both.

With both, the hours are cheap while either says so. An entity that is not there says no, so that
nobody charges at a high price by accident; the windows go on to count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from homeassistant.const import STATE_ON, WEEKDAYS
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_DAYS,
    CONF_END,
    CONF_OFF_PEAK_ENTITY,
    CONF_OFF_PEAK_WINDOWS,
    CONF_START,
)
from ..engine.model import OffPeak
from ..engine.off_peak import off_peak, union
from ..engine.weekly import Window

ATTR_NEXT_EVENT = "next_event"
"""Of a schedule: when it changes next, a datetime."""
ATTR_START_TIME = "start_time"
ATTR_END_TIME = "end_time"
"""Of a calendar: local time, "2026-01-31 22:00:00", of the present event or of the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffPeakSource:
    """Where the cheap hours come from; both may be missing."""

    windows: tuple[Window, ...]
    entity_id: str | None

    @classmethod
    def from_config(cls, data: Mapping[str, Any]) -> OffPeakSource:
        """Return the source that a site's configuration describes."""
        return cls(
            windows=tuple(
                _window(window) for window in data.get(CONF_OFF_PEAK_WINDOWS) or ()
            ),
            entity_id=data.get(CONF_OFF_PEAK_ENTITY) or None,
        )

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities that are read."""
        return (self.entity_id,) if self.entity_id else ()

    def read(self, hass: HomeAssistant, now: datetime) -> OffPeak | None:
        """Return whether the hours are cheap at ``now`` (aware); None when nothing tells."""
        parts = []
        if self.windows:
            parts.append(off_peak(self.windows, dt_util.as_local(now)))
        if self.entity_id:
            parts.append(_of_entity(hass.states.get(self.entity_id), now))
        return union(parts) if parts else None


def _window(data: Mapping[str, Any]) -> Window:
    """Return a configured window; without days it is for every day."""
    return Window(
        days=frozenset(WEEKDAYS.index(day) for day in data.get(CONF_DAYS) or WEEKDAYS),
        start=time.fromisoformat(data[CONF_START]),
        end=time.fromisoformat(data[CONF_END]),
    )


def _of_entity(state: State | None, now: datetime) -> OffPeak:
    if state is None:
        return OffPeak(active=False)
    active = state.state == STATE_ON
    until = state.attributes.get(ATTR_NEXT_EVENT) or state.attributes.get(
        ATTR_END_TIME if active else ATTR_START_TIME
    )
    moment = _moment(until)
    return OffPeak(
        active=active, until=moment if moment is not None and moment > now else None
    )


def _moment(value: object) -> datetime | None:
    """Return an attribute as a moment in UTC; what names no time zone is local."""
    if isinstance(value, str):
        value = dt_util.parse_datetime(value)
    return dt_util.as_utc(value) if isinstance(value, datetime) else None
