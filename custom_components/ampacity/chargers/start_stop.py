"""The lever that lets a charger charge or pauses it, one small class for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import HomeAssistant

from ..engine.model import Reading
from .limit import Limit
from .write import LeverError, Write, has_action, is_reachable, reachable_state


class StartStop(Protocol):
    """How a charger is started and paused."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities that are read or set."""

    @property
    def can_pause(self) -> bool:
        """Whether there is such a lever at all."""

    @property
    def is_limit(self) -> bool:
        """Whether setting a current starts the charger, too."""

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether it can be set now."""

    def enabled(self, hass: HomeAssistant, offered_a: Reading | None) -> bool | None:
        """Return whether the charger may charge; None where nothing shows it."""

    def write(self, hass: HomeAssistant, *, enabled: bool) -> Write:
        """Return what starts or pauses the charger; LeverError where nothing can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pauses:
    """What most kinds have in common."""

    @property
    def can_pause(self) -> bool:
        """Return True."""
        return True

    @property
    def is_limit(self) -> bool:
        """Return False: it is a lever of its own."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchStartStop(_Pauses):
    """A ``switch`` or ``input_boolean`` that is on while the charger may charge."""

    entity_id: str
    inverted: bool = False
    """On means paused."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The switch."""
        return (self.entity_id,)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the switch is available."""
        return is_reachable(hass, self.entity_id)

    def enabled(self, hass: HomeAssistant, offered_a: Reading | None) -> bool | None:
        """Return what the switch shows."""
        state = hass.states.get(self.entity_id)
        if state is None or state.state not in (STATE_ON, STATE_OFF):
            return None
        return (state.state == STATE_ON) is not self.inverted

    def write(self, hass: HomeAssistant, *, enabled: bool) -> Write:
        """Return what turns the switch."""
        state = reachable_state(hass, self.entity_id)
        on = enabled is not self.inverted
        same = state.state == (STATE_ON if on else STATE_OFF)
        return Write(
            action=f"{state.domain}.{SERVICE_TURN_ON if on else SERVICE_TURN_OFF}",
            data={ATTR_ENTITY_ID: self.entity_id},
            shown_s=state.last_reported_timestamp if same else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonsStartStop(_Pauses):
    """Two ``button`` or ``input_button`` entities, which show nothing."""

    start: str
    stop: str

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """Both buttons."""
        return (self.start, self.stop)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether one is available: many chargers hide the one that makes no sense."""
        return is_reachable(hass, self.start) or is_reachable(hass, self.stop)

    def enabled(self, hass: HomeAssistant, offered_a: Reading | None) -> bool | None:
        """Return None: nobody knows which was pressed last."""
        return None

    def write(self, hass: HomeAssistant, *, enabled: bool) -> Write:
        """Return what presses the button."""
        state = reachable_state(hass, self.start if enabled else self.stop)
        return Write(
            action=f"{state.domain}.press", data={ATTR_ENTITY_ID: state.entity_id}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectStartStop(_Pauses):
    """A ``select`` or ``input_select`` with an option for charging and one for the pause."""

    entity_id: str
    start_option: str
    stop_option: str

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The select."""
        return (self.entity_id,)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the select is available."""
        return is_reachable(hass, self.entity_id)

    def enabled(self, hass: HomeAssistant, offered_a: Reading | None) -> bool | None:
        """Return what is chosen; None for a third option, of which nothing is known."""
        state = hass.states.get(self.entity_id)
        known = {self.start_option: True, self.stop_option: False}
        return known.get(state.state) if state else None

    def write(self, hass: HomeAssistant, *, enabled: bool) -> Write:
        """Return what chooses the option."""
        state = reachable_state(hass, self.entity_id)
        option = self.start_option if enabled else self.stop_option
        return Write(
            action=f"{state.domain}.select_option",
            data={ATTR_ENTITY_ID: self.entity_id, "option": option},
            shown_s=state.last_reported_timestamp if state.state == option else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStartStop(_Pauses):
    """Two actions with their fields, or one action with different fields."""

    start: str
    """``domain.service``"""
    stop: str
    start_data: Mapping[str, Any]
    stop_data: Mapping[str, Any]

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """What the actions' data names; what else they set is not known."""
        named = (self.start_data.get("entity_id"), self.stop_data.get("entity_id"))
        return tuple(entity_id for entity_id in named if isinstance(entity_id, str))

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether both actions are there."""
        return has_action(hass, self.start) and has_action(hass, self.stop)

    def enabled(self, hass: HomeAssistant, offered_a: Reading | None) -> bool | None:
        """Return None: actions show nothing."""
        return None

    def write(self, hass: HomeAssistant, *, enabled: bool) -> Write:
        """Return the action."""
        if enabled:
            return Write(action=self.start, data=self.start_data)
        return Write(action=self.stop, data=self.stop_data)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroStartStop:
    """The current limit itself: 0 A pauses, any other current starts."""

    limit: Limit
    resume_a: float
    """The current to start with where none is asked for."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """None beyond those of the limit."""
        return ()

    @property
    def can_pause(self) -> bool:
        """Return True."""
        return True

    @property
    def is_limit(self) -> bool:
        """Return True."""
        return True

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the limit can be set."""
        return self.limit.is_reachable(hass)

    def enabled(self, hass: HomeAssistant, offered_a: Reading | None) -> bool | None:
        """Return whether there is an offer; None where the charger tells none."""
        if offered_a is None or not offered_a.ok:
            return None
        return offered_a.value > 0.0

    def write(self, hass: HomeAssistant, *, enabled: bool) -> Write:
        """Return what sets the limit."""
        return self.limit.write(hass, self.resume_a if enabled else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoStartStop:
    """A charger that cannot be paused."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def can_pause(self) -> bool:
        """Return False."""
        return False

    @property
    def is_limit(self) -> bool:
        """Return False."""
        return False

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return True: nothing that could be missing."""
        return True

    def enabled(self, hass: HomeAssistant, offered_a: Reading | None) -> bool | None:
        """Return None: there is nothing to tell."""
        return None

    def write(self, hass: HomeAssistant, *, enabled: bool) -> Write:
        """Raise LeverError."""
        raise LeverError("this charger cannot be paused")
