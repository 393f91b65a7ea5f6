"""What a lever of a charger is set with: a service call, made up from what its entity shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State


class LeverError(Exception):
    """A lever cannot be set, and why; for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A service call that sets a lever."""

    action: str
    """``domain.service``"""
    data: Mapping[str, Any]
    shown_s: float | None = None
    """When the lever's entity last reported that it is already set so, in seconds since 1970;
    None where it does not show that."""
    short: str | None = None
    """Why this is not all that was wanted, where the lever cannot go as low; for the log."""

    def is_same_call(self, other: Write) -> bool:
        """Return whether another write calls the same with the same values."""
        return (self.action, self.data) == (other.action, other.data)


def split_action(action: str) -> tuple[str, str]:
    """Return domain and service of an action."""
    domain, _, service = action.partition(".")
    return domain, service


def has_action(hass: HomeAssistant, action: str) -> bool:
    """Return whether an action is there: that of an integration that is not loaded isn't."""
    return hass.services.has_service(*split_action(action))


def is_reachable(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether an entity acts on commands; "unknown" is a normal state of many that do."""
    state = hass.states.get(entity_id)
    return state is not None and state.state != STATE_UNAVAILABLE


def reachable_state(hass: HomeAssistant, entity_id: str) -> State:
    """Return the state of an entity that acts on commands.

    Raises LeverError for any other: Home Assistant would drop the command without a word.
    """
    state = hass.states.get(entity_id)
    if state is None:
        raise LeverError(f"{entity_id} does not exist")
    if state.state == STATE_UNAVAILABLE:
        raise LeverError(f"{entity_id} is unavailable")
    return state


def plain_number(value: float) -> float | int:
    """Return a whole number as an int, which the strictest of actions take."""
    return int(value) if value.is_integer() else value
