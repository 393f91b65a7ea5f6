"""Which part of today's charged energy came from the sun.

Sessions hold the energy; one that began before midnight brings some of it from yesterday. What
such a session had at the first look of the day is kept apart and taken off again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfRatio
from homeassistant.core import callback
from homeassistant.helpers.restore_state import ExtraStoredData, RestoreEntity
from homeassistant.util import dt as dt_util

from ..coordinator import AmpacityCoordinator
from ..engine.session import Session
from ..entity import SolarEntity

SOLAR_SHARE_TODAY = SensorEntityDescription(
    key="solar_share_today",
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(ExtraStoredData):
    """A day, and what the sessions that ran into it had before."""

    start: datetime
    """Local midnight."""
    before: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """By the session's start in ISO format: charged and solar energy in Wh."""

    @classmethod
    def begin(cls, start: datetime, sessions: Iterable[Session]) -> Self:
        """Return a new day, with what its sessions have at this moment taken off."""
        return cls(
            start=start,
            before={
                session.started.isoformat(): (session.energy_wh, session.solar_wh)
                for session in sessions
                if session.started < start
            },
        )

    def solar_share(self, sessions: Iterable[Session]) -> float | None:
        """Return the solar part of what was charged today, 0 to 1; None when nothing was."""
        energy_wh = solar_wh = 0.0
        for session in sessions:
            if session.ended is not None and session.ended < self.start:
                continue
            before = self.before.get(session.started.isoformat(), (0.0, 0.0))
            energy_wh += session.energy_wh - before[0]
            solar_wh += session.solar_wh - before[1]
        return min(1.0, max(0.0, solar_wh / energy_wh)) if energy_wh > 0.0 else None

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return the day for storage."""
        return {
            "start": self.start.isoformat(),
            "before": {key: list(value) for key, value in self.before.items()},
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self | None:
        """Return a stored day; None when the storage holds something else."""
        try:
            return cls(
                start=datetime.fromisoformat(stored["start"]),
                before={
                    key: (float(energy_wh), float(solar_wh))
                    for key, (energy_wh, solar_wh) in stored["before"].items()
                },
            )
        except AttributeError, KeyError, TypeError, ValueError:
            return None


class SolarShareSensor(SolarEntity, SensorEntity, RestoreEntity):
    """The part of today's charged energy that came from the sun."""

    def __init__(self, coordinator: AmpacityCoordinator) -> None:
        """Wait with the day until it is known what was stored of it."""
        super().__init__(coordinator, SOLAR_SHARE_TODAY)
        self._day: Day | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Go on with the day that was stored."""
        await super().async_added_to_hass()
        if stored := await self.async_get_last_extra_data():
            self._day = Day.from_dict(stored.as_dict())
        self._update()

    @property
    @override
    def extra_restore_state_data(self) -> Day | None:
        """Return what a restart must not lose."""
        return self._day

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Follow the sessions."""
        self._update()
        super()._handle_coordinator_update()

    @callback
    def _update(self) -> None:
        """Begin a new day after midnight, and take the share."""
        if not self.available:
            return
        sessions = [
            session
            for charger_id in self.coordinator.charger_ids
            for session in (
                *self.coordinator.sessions(charger_id),
                self.coordinator.charger_state(charger_id).session,
            )
            if session
        ]
        midnight = dt_util.start_of_local_day()
        if self._day is None or self._day.start != midnight:
            self._day = Day.begin(midnight, sessions)
        share = self._day.solar_share(sessions)
        self._attr_native_value = None if share is None else share * 100.0
