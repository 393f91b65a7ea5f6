"""The grid operator's signal: an entity that is on while it limits, one that tells the limit, or both.

With a limit alone, every value that it tells is the limit that holds: 0 pauses. With both, the
first tells whether there is a limit and the second how much; while that is silent, the site's own
rule holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util

from ..const import CONF_OPERATOR_ENTITY, CONF_OPERATOR_LIMIT_ENTITY
from ..engine.tariffs import OperatorSignal
from .reading import Quantity, read_optional

UNTIL_ATTRIBUTES = ("until", "end_time", "next_event")
"""In which an entity may tell when its present state ends."""

_MISSING = OperatorSignal(active=False, missing=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSource:
    """Where the signal comes from; both entities may be missing."""

    entity_id: str | None = None
    limit_entity_id: str | None = None

    @classmethod
    def from_config(cls, options: Mapping[str, Any]) -> OperatorSource:
        """Return the source that a site's options describe."""
        return cls(
            entity_id=options.get(CONF_OPERATOR_ENTITY) or None,
            limit_entity_id=options.get(CONF_OPERATOR_LIMIT_ENTITY) or None,
        )

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities that are read."""
        return tuple(filter(None, (self.entity_id, self.limit_entity_id)))

    def read(self, hass: HomeAssistant, now: datetime) -> OperatorSignal | None:
        """Return what the operator says at ``now`` (aware); None where nothing listens to it."""
        if not self.entity_ids:
            return None
        limit = read_optional(hass, self.limit_entity_id, Quantity.POWER, now)
        limit_w = max(0.0, limit.value) if limit is not None and limit.ok else None
        if self.entity_id is None:
            if limit_w is None:
                return _MISSING
            return OperatorSignal(active=True, limit_w=limit_w)
        state = hass.states.get(self.entity_id)
        if state is None or state.state not in (STATE_ON, STATE_OFF):
            return _MISSING
        active = state.state == STATE_ON
        return OperatorSignal(
            active=active,
            limit_w=limit_w if active else None,
            until=_until(state, now) if active else None,
        )


def _until(state: State, now: datetime) -> datetime | None:
    """Return when the limit ends, where the entity tells; a time without a zone is local."""
    for name in UNTIL_ATTRIBUTES:
        value = state.attributes.get(name)
        if isinstance(value, str):
            value = dt_util.parse_datetime(value)
        if isinstance(value, datetime):
            moment = dt_util.as_utc(value)
            return moment if moment > now else None
    return None
