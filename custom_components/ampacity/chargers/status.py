"""A charger's status from its own words, from plug and charging sensors, or from what flows."""

from collections.abc import Mapping
from dataclasses import dataclass
import logging
from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ..const import (
    CONF_CHARGING_SENSOR,
    CONF_PLUG_SENSOR,
    CONF_STATUS_KIND,
    CONF_STATUS_MAP,
    CONF_STATUS_SENSOR,
    DOMAIN,
)
from ..engine.model import ChargerStatus

_LOGGER = logging.getLogger(__name__)

_TOLD: HassKey[set[tuple[str, str]]] = HassKey(f"{DOMAIN}_unknown_status")
"""Sensors and their words that were logged as not understood."""

_ABSENT = (STATE_UNAVAILABLE, STATE_UNKNOWN, "")
_PLUGGED = {STATE_ON: True, STATE_OFF: False, "plugged in": True, "unplugged": False}
"""What plug and charging sensors say; a few are sensors with words of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSource:
    """Where a charger's status comes from; all of it may be missing.

    In this order, the first that knows: the status sensor with its map, in which upper and lower
    case are the same; the plug and charging sensors; whether power or current flows. A status
    or plug sensor that is there but has no state makes the charger ``offline``: whether a car
    is plugged in is not known then, and guessing would end its session. A status sensor that is
    available and does not know leaves the answer to the plug sensor where there is one; and a
    charger that is ``paused`` may be so without a car, which its plug sensor tells.
    """

    sensor: str | None
    words: Mapping[str, ChargerStatus]
    """What each state of the status sensor means, in lower case."""
    plug: str | None
    charging: str | None

    @classmethod
    def from_config(cls, data: Mapping[str, Any]) -> StatusSource:
        """Return the source that a charger's configuration describes."""
        kind = data[CONF_STATUS_KIND]
        words: Mapping[str, str] = data.get(CONF_STATUS_MAP) or {}
        return cls(
            sensor=data[CONF_STATUS_SENSOR] if kind == "sensor" else None,
            words={
                word.strip().casefold(): ChargerStatus(status)
                for word, status in words.items()
            },
            plug=None if kind == "none" else data.get(CONF_PLUG_SENSOR) or None,
            charging=None if kind == "none" else data.get(CONF_CHARGING_SENSOR) or None,
        )

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities that are read."""
        return tuple(filter(None, (self.sensor, self.plug, self.charging)))

    def read(
        self, hass: HomeAssistant, *, is_taking: bool, enabled: bool | None
    ) -> ChargerStatus:
        """Return the status.

        ``is_taking``: power or current flows. ``enabled``: what the start and stop lever shows.
        """
        status = self._of_sensor(hass)
        if status is ChargerStatus.PAUSED and self._is_unplugged(hass):
            return ChargerStatus.DISCONNECTED
        return status or self._of_plug(hass, is_taking=is_taking, enabled=enabled)

    def _is_unplugged(self, hass: HomeAssistant) -> bool:
        """Return whether the plug sensor tells that there is no car."""
        return self.plug is not None and _is_on(hass, self.plug) is False

    def _of_sensor(self, hass: HomeAssistant) -> ChargerStatus | None:
        if self.sensor is None:
            return None
        state = hass.states.get(self.sensor)
        word = state.state if state else STATE_UNAVAILABLE
        status = self.words.get(word.strip().casefold())
        if status is None and word == STATE_UNKNOWN and self.plug is not None:
            return None
        if status is None and word in _ABSENT:
            return ChargerStatus.OFFLINE
        if status is None:
            _tell_once(hass, self.sensor, word)
        return status

    def _of_plug(
        self, hass: HomeAssistant, *, is_taking: bool, enabled: bool | None
    ) -> ChargerStatus:
        if self.plug is not None:
            plugged = _is_on(hass, self.plug)
            if plugged is None:
                return ChargerStatus.OFFLINE
            if not plugged:
                return ChargerStatus.DISCONNECTED
        charging = _is_on(hass, self.charging) if self.charging else None
        if charging or (charging is None and is_taking):
            return ChargerStatus.CHARGING
        return ChargerStatus.PAUSED if enabled is False else ChargerStatus.CONNECTED


def _is_on(hass: HomeAssistant, entity_id: str) -> bool | None:
    state = hass.states.get(entity_id)
    return _PLUGGED.get(state.state.casefold()) if state else None


def _tell_once(hass: HomeAssistant, entity_id: str, word: str) -> None:
    told = hass.data.setdefault(_TOLD, set())
    if (entity_id, word) in told:
        return
    told.add((entity_id, word))
    _LOGGER.info(
        "%s shows %r, which its charger's set-up does not know", entity_id, word
    )
