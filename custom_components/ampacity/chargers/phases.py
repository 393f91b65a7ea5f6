"""The lever that switches a charger between one phase and all of them, one class for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any, Protocol

from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import HomeAssistant, State

from .write import LeverError, Write, has_action, is_reachable, reachable_state

_NUMBER = re.compile(r"\d+")


class PhaseLever(Protocol):
    """How a charger is told on how many phases to charge."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities that are read or set."""

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether it can be set now."""

    def read_back(self, hass: HomeAssistant) -> int | None:
        """Return on how many phases the charger is set; None where nothing shows it."""

    def write(self, hass: HomeAssistant, phases: int) -> Write:
        """Return what switches to 1 phase or to all; LeverError where nothing can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPhases:
    """A ``number`` or ``input_number`` of phases."""

    entity_id: str

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The number."""
        return (self.entity_id,)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the number is available."""
        return is_reachable(hass, self.entity_id)

    def read_back(self, hass: HomeAssistant) -> int | None:
        """Return what the number shows."""
        return shown_phases(hass.states.get(self.entity_id))

    def write(self, hass: HomeAssistant, phases: int) -> Write:
        """Return what sets the number."""
        state = reachable_state(hass, self.entity_id)
        return Write(
            action=f"{state.domain}.set_value",
            data={ATTR_ENTITY_ID: self.entity_id, "value": phases},
            shown_s=_since(state, same=shown_phases(state) == phases),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectPhases:
    """A ``select`` or ``input_select`` with an option for one phase and one for all."""

    entity_id: str
    one: str
    all_: str

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The select."""
        return (self.entity_id,)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the select is available."""
        return is_reachable(hass, self.entity_id)

    def read_back(self, hass: HomeAssistant) -> int | None:
        """Return what is chosen; None for a third option, such as one that lets it choose."""
        state = hass.states.get(self.entity_id)
        known = {self.one: 1, self.all_: 3}
        return known.get(state.state) if state else None

    def write(self, hass: HomeAssistant, phases: int) -> Write:
        """Return what chooses the option."""
        state = reachable_state(hass, self.entity_id)
        option = self.one if phases == 1 else self.all_
        return Write(
            action=f"{state.domain}.select_option",
            data={ATTR_ENTITY_ID: self.entity_id, "option": option},
            shown_s=_since(state, same=state.state == option),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPhases:
    """A ``switch`` or ``input_boolean`` that is on for one phase."""

    entity_id: str
    inverted: bool = False
    """On means all phases."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The switch."""
        return (self.entity_id,)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the switch is available."""
        return is_reachable(hass, self.entity_id)

    def read_back(self, hass: HomeAssistant) -> int | None:
        """Return what the switch shows."""
        state = hass.states.get(self.entity_id)
        if state is None or state.state not in (STATE_ON, STATE_OFF):
            return None
        return 1 if (state.state == STATE_ON) is not self.inverted else 3

    def write(self, hass: HomeAssistant, phases: int) -> Write:
        """Return what turns the switch."""
        state = reachable_state(hass, self.entity_id)
        on = (phases == 1) is not self.inverted
        return Write(
            action=f"{state.domain}.{SERVICE_TURN_ON if on else SERVICE_TURN_OFF}",
            data={ATTR_ENTITY_ID: self.entity_id},
            shown_s=_since(state, same=state.state == (STATE_ON if on else STATE_OFF)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPhases:
    """Any action that takes the number of phases in one of its fields."""

    action: str
    """``domain.service``"""
    field: str
    data: Mapping[str, Any]
    """The other fields, as they are."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """None: what the action sets is not known."""
        return ()

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the action is there."""
        return has_action(hass, self.action)

    def read_back(self, hass: HomeAssistant) -> int | None:
        """Return None: an action shows nothing."""
        return None

    def write(self, hass: HomeAssistant, phases: int) -> Write:
        """Return the action with the phases filled in."""
        if not has_action(hass, self.action):
            raise LeverError(f"{self.action} does not exist")
        return Write(action=self.action, data={**self.data, self.field: phases})


def shown_phases(state: State | None) -> int | None:
    """Return the number of phases that a state such as "3" or "1 phase" names; else None."""
    match = _NUMBER.match(state.state.strip()) if state else None
    number = int(match[0]) if match else 0
    return number if number in (1, 2, 3) else None


def read_phases(
    hass: HomeAssistant, lever: PhaseLever | None, sensor: str | None
) -> int | None:
    """Return on how many phases a charger charges: by its own sensor, else by its lever."""
    if sensor is not None:
        return shown_phases(hass.states.get(sensor))
    return lever.read_back(hass) if lever is not None else None


def _since(state: State, *, same: bool) -> float | None:
    return state.last_reported_timestamp if same else None
