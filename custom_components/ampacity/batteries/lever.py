"""What holds a home battery: a switch, an option of a select, or a discharge limit of zero."""

from collections.abc import Mapping
from dataclasses import dataclass
import math
from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State

from ..chargers.write import Write, plain_number, reachable_state
from ..const import (
    CONF_BATTERY_HOLD,
    CONF_BATTERY_HOLD_INVERTED,
    CONF_BATTERY_HOLD_OPTION,
    CONF_BATTERY_RELEASE_OPTION,
)

SWITCHES = ("switch", "input_boolean")
SELECTS = ("select", "input_select")
NUMBERS = ("number", "input_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLever:
    """The entity that keeps a battery from discharging."""

    entity_id: str
    hold_option: str = ""
    release_option: str = ""
    inverted: bool = False
    """The switch allows discharging, so that off holds."""

    @classmethod
    def from_config(cls, data: Mapping[str, Any]) -> HoldLever | None:
        """Return the lever that a site's configuration describes, None without one."""
        if not (entity_id := data.get(CONF_BATTERY_HOLD)):
            return None
        return cls(
            entity_id=entity_id,
            hold_option=data.get(CONF_BATTERY_HOLD_OPTION, ""),
            release_option=data.get(CONF_BATTERY_RELEASE_OPTION, ""),
            inverted=bool(data.get(CONF_BATTERY_HOLD_INVERTED)),
        )

    def present(self, hass: HomeAssistant) -> str:
        """Return what the entity shows; LeverError where it could not be set."""
        return reachable_state(hass, self.entity_id).state

    def is_held(self, hass: HomeAssistant) -> bool:
        """Return whether the battery holds already; LeverError where nobody knows."""
        state = reachable_state(hass, self.entity_id)
        if state.domain in NUMBERS:
            value = _number(state.state)
            return value is not None and value <= _lowest(state)
        return state.state == self._word(state, hold=True)

    def hold(self, hass: HomeAssistant) -> Write:
        """Return what makes the battery hold; LeverError where nothing can."""
        state = reachable_state(hass, self.entity_id)
        return self._write(state, self._word(state, hold=True), _lowest(state))

    def release(self, hass: HomeAssistant, before: str) -> Write:
        """Return what sets the entity back; ``before`` is what it showed before the hold.

        A number of which that is not known goes to its highest value.
        """
        state = reachable_state(hass, self.entity_id)
        value = _number(before)
        if value is None:
            value = _number(state.attributes.get("max")) or 0.0
        return self._write(state, self._word(state, hold=False), value)

    def _word(self, state: State, *, hold: bool) -> str:
        if state.domain in SELECTS:
            return self.hold_option if hold else self.release_option
        return STATE_ON if hold is not self.inverted else STATE_OFF

    def _write(self, state: State, word: str, value: float) -> Write:
        data: dict[str, Any] = {ATTR_ENTITY_ID: self.entity_id}
        if state.domain in NUMBERS:
            data["value"] = plain_number(value)
            return Write(action=f"{state.domain}.set_value", data=data)
        if state.domain in SELECTS:
            data["option"] = word
            return Write(action=f"{state.domain}.select_option", data=data)
        return Write(action=f"{state.domain}.turn_{word}", data=data)


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _lowest(state: State) -> float:
    """Return the value of a number that is nearest to no discharging at all."""
    return max(0.0, _number(state.attributes.get("min")) or 0.0)
