"""The lever that limits a charger's current: a number, a select of amperes, or an action.

A number may also be a power, which is shared by the phases that the charger charges on. No lever is
ever set above what is wanted if it can go lower: values are rounded down. Where the lowest value is
still above, it is set all the same, as it is less than before, and told as short.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
import math
import re
from typing import Any, Protocol

from homeassistant.const import ATTR_ENTITY_ID, ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from ..engine.model import MIN_CURRENT_A, NOMINAL_VOLTAGE_V, Fault, Reading
from ..sources.reading import Quantity, read, unit_factor
from .phases import PhaseLever, read_phases
from .write import (
    LeverError,
    Write,
    has_action,
    is_reachable,
    plain_number,
    reachable_state,
)

DEFAULT_STEP_A = 1.0
FINEST_STEP_A = 0.1
"""Finer steps are of no use: a car's current is not that exact."""
SAME_A = 0.05
"""Currents this close are the same."""
HIGHEST_A = 100.0
"""More than any charger at home offers."""

_OPTION = re.compile(
    r"\s*(?P<value>\d+(\.\d+)?)\s*($|(?P<unit>m?a)(mp(ere|s)?)?\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The currents in A that a lever can be set to."""

    finest_a: float = DEFAULT_STEP_A
    levels_a: tuple[float, ...] = ()
    """The only ones, rising, where it is not every step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerAmpere:
    """What one ampere is, of a charger whose limit is a power."""

    voltage_v: float = NOMINAL_VOLTAGE_V
    """Between a phase and neutral."""
    phases: int = 3
    """On which it charges where nothing shows it."""
    lever: PhaseLever | None = None
    sensor: str | None = None
    """Shows its phases where the lever doesn't."""

    def power_w(self, hass: HomeAssistant) -> float:
        """Return the power of one ampere on the phases that it charges on now, in W."""
        shown = read_phases(hass, self.lever, self.sensor)
        return self.voltage_v * min(shown or self.phases, self.phases)


def read_current(
    hass: HomeAssistant, entity_id: str, per_a: PerAmpere, now: datetime
) -> Reading:
    """Return a limit in A that an entity shows as a current or as a power."""
    reading = read(hass, entity_id, Quantity.CURRENT, now)
    if reading.fault is not Fault.WRONG_UNIT:
        return reading
    power = read(hass, entity_id, Quantity.POWER, now)
    if not power.ok:
        return power
    return replace(power, value=power.value / per_a.power_w(hass))


class Limit(Protocol):
    """A charger's current limit."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities that are read or set."""

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether it can be set now."""

    def read_back(self, hass: HomeAssistant, now: datetime) -> Reading | None:
        """Return the limit in A that it shows; None where it shows none."""

    def steps(self, hass: HomeAssistant) -> Steps:
        """Return the currents that it can be set to."""

    def write(self, hass: HomeAssistant, current_a: float) -> Write:
        """Return what sets it to a current in A; LeverError where nothing can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLimit:
    """A ``number`` or ``input_number`` of a current or of a power; without a unit in A."""

    entity_id: str
    per_a: PerAmpere = field(default_factory=PerAmpere)

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The number."""
        return (self.entity_id,)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the number is available."""
        return is_reachable(hass, self.entity_id)

    def read_back(self, hass: HomeAssistant, now: datetime) -> Reading:
        """Return what the number shows."""
        return read_current(hass, self.entity_id, self.per_a, now)

    def steps(self, hass: HomeAssistant) -> Steps:
        """Return the number's own step, the default where it names none.

        A power in coarse steps has levels instead: the least of them must still be a current that
        cars charge with.
        """
        state = hass.states.get(self.entity_id)
        step = _attribute(state, "step") if state else None
        factor = self._ampere_per_unit(hass, state) if state else None
        if not state or not step or not factor or step < 0.0:
            return Steps()
        step_a = round(step * factor, 6)
        if _is_power(state) and step_a > FINEST_STEP_A:
            return Steps(levels_a=_levels_a(state, step, factor))
        return Steps(finest_a=max(FINEST_STEP_A, step_a))

    def write(self, hass: HomeAssistant, current_a: float) -> Write:
        """Return what sets the number, inside its own range and on one of its steps.

        A power is rounded up where rounding down would make a pause of it.
        """
        state = reachable_state(hass, self.entity_id)
        factor = self._ampere_per_unit(hass, state)
        if factor is None:
            unit = state.attributes[ATTR_UNIT_OF_MEASUREMENT]
            raise LeverError(f"{self.entity_id} is in {unit}, which is no current")
        value = _fit(state, current_a / factor)
        wanted_a = current_a
        if _is_power(state) and value * factor < MIN_CURRENT_A <= current_a:
            value = _fit(state, value + (_attribute(state, "step") or 0.0))
            wanted_a = max(current_a, value * factor)
        shown = _attribute(state, None)
        same = shown is not None and abs(shown - value) * factor < SAME_A
        return Write(
            action=f"{state.domain}.set_value",
            data={ATTR_ENTITY_ID: self.entity_id, "value": plain_number(value)},
            shown_s=state.last_reported_timestamp if same else None,
            short=_short(self.entity_id, value * factor, wanted_a),
        )

    def _ampere_per_unit(self, hass: HomeAssistant, state: State) -> float | None:
        factor = _ampere_per_unit(state)
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        if factor is None and (power := unit_factor(unit, Quantity.POWER)) is not None:
            factor = power / self.per_a.power_w(hass)
        return factor


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectLimit:
    """A ``select`` or ``input_select`` whose options are currents: "16", "16 A", "16000 mA"."""

    entity_id: str

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The select."""
        return (self.entity_id,)

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return whether the select is available."""
        return is_reachable(hass, self.entity_id)

    def read_back(self, hass: HomeAssistant, now: datetime) -> Reading:
        """Return the current of the option that is chosen."""
        state = read(hass, self.entity_id, Quantity.CURRENT, now)
        if state.fault is Fault.MISSING:
            return state
        chosen = hass.states.get(self.entity_id)
        current_a = option_a(chosen.state) if chosen else None
        if current_a is None:
            return Reading(age_s=state.age_s, fault=Fault.NOT_A_NUMBER)
        return Reading(value=current_a, age_s=state.age_s)

    def steps(self, hass: HomeAssistant) -> Steps:
        """Return the currents of its options."""
        state = hass.states.get(self.entity_id)
        currents_a = {value_a for value_a, _ in _options_a(state)} if state else set()
        return Steps(levels_a=tuple(sorted(currents_a)))

    def write(self, hass: HomeAssistant, current_a: float) -> Write:
        """Return what chooses the highest option that is not above the current."""
        state = reachable_state(hass, self.entity_id)
        options = sorted(_options_a(state))
        if not options:
            raise LeverError(f"{self.entity_id} has no option that is a current")
        fitting = [option for option in options if option[0] <= current_a + SAME_A]
        value_a, name = fitting[-1] if fitting else options[0]
        return Write(
            action=f"{state.domain}.select_option",
            data={ATTR_ENTITY_ID: self.entity_id, "option": name},
            shown_s=state.last_reported_timestamp if state.state == name else None,
            short=_short(self.entity_id, value_a, current_a),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLimit:
    """Any action that takes a current in A in one of its fields."""

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

    def read_back(self, hass: HomeAssistant, now: datetime) -> Reading | None:
        """Return None: an action shows nothing."""
        return None

    def steps(self, hass: HomeAssistant) -> Steps:
        """Return whole amperes, which every such action takes."""
        return Steps()

    def write(self, hass: HomeAssistant, current_a: float) -> Write:
        """Return the action with the current filled in."""
        return Write(
            action=self.action,
            data={**self.data, self.field: plain_number(round(current_a, 3))},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedLimit:
    """No lever at all: the charger offers this current whenever it is started."""

    current_a: float

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """None."""
        return ()

    def is_reachable(self, hass: HomeAssistant) -> bool:
        """Return True: nothing that could be missing."""
        return True

    def read_back(self, hass: HomeAssistant, now: datetime) -> Reading:
        """Return the current that it offers."""
        return Reading(value=self.current_a)

    def steps(self, hass: HomeAssistant) -> Steps:
        """Return its only current."""
        return Steps(levels_a=(self.current_a,))

    def write(self, hass: HomeAssistant, current_a: float) -> Write:
        """Return what need not be done: its current is always in force."""
        return Write(
            action="",
            data={},
            shown_s=math.inf,
            short=_short("this charger", self.current_a, current_a),
        )


def span_a(hass: HomeAssistant, entity_id: str) -> tuple[float, float] | None:
    """Return the lowest and the highest current in A that a number or select can be set to.

    An entity without a state, which is disabled or not loaded, is known from the registry. None
    where nothing tells: a power says nothing of what the wires of one phase carry.
    """
    state = hass.states.get(entity_id)
    if state is None and (entry := er.async_get(hass).async_get(entity_id)):
        unit = {ATTR_UNIT_OF_MEASUREMENT: entry.unit_of_measurement}
        state = State(entity_id, "", {**(entry.capabilities or {}), **unit})
    if state is None:
        return None
    if amps := [current_a for current_a, _ in _options_a(state)]:
        return min(amps), max(amps)
    low, high = _attribute(state, "min"), _attribute(state, "max")
    factor = _ampere_per_unit(state)
    if low is None or high is None or factor is None:
        return None
    return low * factor, high * factor


def _is_power(state: State) -> bool:
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return bool(unit) and unit_factor(unit, Quantity.POWER) is not None


def _levels_a(state: State, step: float, factor: float) -> tuple[float, ...]:
    """Return the currents, from the least that cars charge with, of a number's steps."""
    low, high = _attribute(state, "min") or 0.0, _attribute(state, "max")
    top = HIGHEST_A if high is None else min(high * factor, HIGHEST_A)
    first = math.ceil((MIN_CURRENT_A / factor - low) / step - 1e-6)
    last = math.floor((top / factor - low) / step + 1e-6)
    return tuple((low + number * step) * factor for number in range(first, last + 1))


def _ampere_per_unit(state: State) -> float | None:
    return unit_factor(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), Quantity.CURRENT)


def _attribute(state: State, name: str | None) -> float | None:
    """Return a finite number among the attributes, or the state itself without a name."""
    try:
        value = float(state.attributes[name] if name else state.state)
    except KeyError, TypeError, ValueError:
        return None
    return value if math.isfinite(value) else None


def _fit(state: State, value: float) -> float:
    """Return the highest value of a number that is not above ``value``, else its lowest."""
    low, high, step = (_attribute(state, name) for name in ("min", "max", "step"))
    if high is not None:
        value = min(value, high)
    if step is not None and step > 0.0:
        base = low or 0.0
        value = base + math.floor((value - base) / step + 1e-6) * step
    if low is not None:
        value = max(value, low)
    return round(value, 6)


def _options_a(state: State) -> Iterator[tuple[float, str]]:
    options = state.attributes.get("options")
    for option in options if isinstance(options, list | tuple) else ():
        if (current_a := option_a(str(option))) is not None:
            yield current_a, str(option)


def option_a(option: str) -> float | None:
    """Return the current that an option names; None for "Auto", "1 phase" and the like."""
    match = _OPTION.match(option)
    if match is None:
        return None
    is_milli = (match["unit"] or "").lower() == "ma"
    return float(match["value"]) * (0.001 if is_milli else 1.0)


def _short(entity_id: str, set_a: float, wanted_a: float) -> str | None:
    if set_a <= wanted_a + SAME_A:
        return None
    return f"{entity_id} goes down to {set_a:g} A only, not to {wanted_a:g} A"
