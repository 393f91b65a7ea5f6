"""A charger as its owner described it: levers, status, sensors and electrical data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from ..const import (
    CONF_BOOST_DURATION,
    CONF_CIRCUIT,
    CONF_CURRENT_SENSORS,
    CONF_ENERGY_SENSOR,
    CONF_LIMIT_ACTION,
    CONF_LIMIT_ACTION_DATA,
    CONF_LIMIT_ACTION_FIELD,
    CONF_LIMIT_ENTITY,
    CONF_LIMIT_KIND,
    CONF_LINK,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_OFFERED_SENSOR,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_PHASES_ACTION,
    CONF_PHASES_ACTION_DATA,
    CONF_PHASES_ACTION_FIELD,
    CONF_PHASES_ALL,
    CONF_PHASES_ENTITY,
    CONF_PHASES_INTERVAL,
    CONF_PHASES_INVERTED,
    CONF_PHASES_KIND,
    CONF_PHASES_ONE,
    CONF_PHASES_PAUSE,
    CONF_PHASES_SENSOR,
    CONF_POWER_SENSOR,
    CONF_PROFILE,
    CONF_SAFE_CURRENT,
    CONF_SETTLE_TIME,
    CONF_SOC_SENSOR,
    CONF_START_ACTION,
    CONF_START_ACTION_DATA,
    CONF_START_BUTTON,
    CONF_START_OPTION,
    CONF_START_STOP_KIND,
    CONF_START_STOP_SELECT,
    CONF_STOP_ACTION,
    CONF_STOP_ACTION_DATA,
    CONF_STOP_BUTTON,
    CONF_STOP_OPTION,
    CONF_SWITCH,
    CONF_SWITCH_INVERTED,
    CONF_WEIGHT,
)
from ..engine.model import MIN_CURRENT_A, NOMINAL_VOLTAGE_V, Charger, Link, Reading
from .limit import (
    ActionLimit,
    FixedLimit,
    Limit,
    NumberLimit,
    PerAmpere,
    SelectLimit,
    Steps,
    read_current,
)
from .phases import ActionPhases, NumberPhases, PhaseLever, SelectPhases, SwitchPhases
from .profile import Quirks, quirks_of
from .start_stop import (
    ActionStartStop,
    ButtonsStartStop,
    NoStartStop,
    SelectStartStop,
    StartStop,
    SwitchStartStop,
    ZeroStartStop,
)
from .status import StatusSource

if TYPE_CHECKING:
    from ..settings import ChargerSettings

DEFAULT_MAX_A = 16.0
DEFAULT_BOOST_MIN = 60.0
DEFAULT_SWITCH_PAUSE_S = 10.0
DEFAULT_SWITCH_INTERVAL_MIN = 10.0
DEFAULT_SETTLE_S: Mapping[Link, float] = {Link.LOCAL: 10.0, Link.CLOUD: 45.0}

type _Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerConfig:
    """One charger; sensors that it doesn't have are None."""

    id: str
    """That of the subentry."""
    name: str
    limit: Limit
    start_stop: StartStop
    status: StatusSource
    offered_sensor: str | None
    """Shows the limit that is in force, where the lever itself doesn't."""
    power_sensor: str | None
    current_sensors: tuple[str | None, ...]
    """One for each phase of the charger."""
    energy_sensor: str | None
    soc_sensor: str | None
    phases: int
    phase_map: tuple[int, ...] | None
    min_a: float
    max_a: float
    safe_a: float | None
    link: Link
    settle_s: float
    learns_settle: bool
    """Nobody has configured the settle time."""
    boost_s: float
    weight: float = 1.0
    circuit_id: str | None = None
    phase_lever: PhaseLever | None = None
    """Changes between one phase and all of them, where the charger can."""
    phases_sensor: str | None = None
    """Shows on how many it charges, where that lever itself doesn't."""
    per_ampere: PerAmpere = field(default_factory=PerAmpere)
    """What one ampere is where its limit is a power."""
    switch_pause_s: float = DEFAULT_SWITCH_PAUSE_S
    switch_interval_s: float = 60.0 * DEFAULT_SWITCH_INTERVAL_MIN
    """As configured; it need not be there."""
    quirks: Quirks = field(default_factory=Quirks)
    """What is known of a charger of its kind."""

    @classmethod
    def from_subentry(
        cls, subentry: ConfigSubentry, voltage_v: float = NOMINAL_VOLTAGE_V
    ) -> ChargerConfig:
        """Return the charger that a subentry describes; KeyError where a needed field lacks.

        ``voltage_v`` is the site's, between a phase and neutral.
        """
        data = subentry.data
        phases = int(data.get(CONF_PHASES, 3))
        quirks = quirks_of(data.get(CONF_PROFILE))
        link = Link(data.get(CONF_LINK, quirks.link))
        min_a, max_a = _span_a(data)
        per_ampere = _per_ampere(data, voltage_v, phases)
        limit = _limit(data, per_ampere)
        settle_s = data.get(CONF_SETTLE_TIME, quirks.settle_s)
        safe_a = _safe_a(data, min_a)
        return cls(
            id=subentry.subentry_id,
            name=subentry.title,
            limit=limit,
            start_stop=_start_stop(data, limit, min_a),
            status=StatusSource.from_config(data),
            offered_sensor=data.get(CONF_OFFERED_SENSOR) or None,
            power_sensor=data.get(CONF_POWER_SENSOR) or None,
            current_sensors=tuple(
                data.get(key) or None for key in CONF_CURRENT_SENSORS[:phases]
            ),
            energy_sensor=data.get(CONF_ENERGY_SENSOR) or None,
            soc_sensor=data.get(CONF_SOC_SENSOR) or None,
            phases=phases,
            phase_map=configured_phase_map(data),
            min_a=min_a,
            max_a=max_a,
            safe_a=None if safe_a is None else min(safe_a, max_a),
            link=link,
            settle_s=DEFAULT_SETTLE_S[link] if settle_s is None else float(settle_s),
            learns_settle=settle_s is None,
            boost_s=60.0 * float(data.get(CONF_BOOST_DURATION) or DEFAULT_BOOST_MIN),
            weight=float(data.get(CONF_WEIGHT) or 1.0),
            circuit_id=data.get(CONF_CIRCUIT),
            phase_lever=per_ampere.lever,
            phases_sensor=per_ampere.sensor,
            per_ampere=per_ampere,
            switch_pause_s=float(data.get(CONF_PHASES_PAUSE) or DEFAULT_SWITCH_PAUSE_S),
            switch_interval_s=60.0
            * float(data.get(CONF_PHASES_INTERVAL) or DEFAULT_SWITCH_INTERVAL_MIN),
            quirks=quirks,
        )

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities that are read or set, each once."""
        entity_ids = (
            *self.limit.entity_ids,
            *self.start_stop.entity_ids,
            *self.status.entity_ids,
            *(self.phase_lever.entity_ids if self.phase_lever else ()),
            self.phases_sensor,
            self.offered_sensor,
            self.power_sensor,
            *self.current_sensors,
            self.energy_sensor,
            self.soc_sensor,
        )
        return tuple(dict.fromkeys(filter(None, entity_ids)))

    def read_offered(self, hass: HomeAssistant, now: datetime) -> Reading | None:
        """Return what the sensor of the offered current shows; None where there is none."""
        if self.offered_sensor is None:
            return None
        return read_current(hass, self.offered_sensor, self.per_ampere, now)

    @property
    def tells_what_flows(self) -> bool:
        """Whether anything shows if a car charges."""
        return bool(
            self.status.entity_ids or self.power_sensor or any(self.current_sensors)
        )

    def limit_steps(self, hass: HomeAssistant) -> Steps:
        """Return the currents that the limit can be set to, as its entity tells now.

        The step of a charger whose limit has no entity is known from its kind.
        """
        steps = self.limit.steps(hass)
        if self.quirks.step_a is None or self.limit.entity_ids:
            return steps
        return replace(steps, finest_a=self.quirks.step_a)

    def engine_charger(
        self, settings: ChargerSettings, steps: Steps = Steps()
    ) -> Charger:
        """Return the charger for the engine: the user's currents inside the hardware's range.

        ``steps`` is what :meth:`limit_steps` returns.
        """
        max_a = min(max(settings.max_a, self.min_a), self.max_a)
        return Charger(
            id=self.id,
            phases=self.phases,
            phase_map=self.phase_map,
            min_a=min(max(settings.min_a, self.min_a), max_a),
            max_a=max_a,
            step_a=steps.finest_a,
            levels_a=tuple(
                level_a for level_a in steps.levels_a if self.min_a <= level_a <= max_a
            ),
            safe_a=self.safe_a,
            link=self.link,
            settle_s=self.settle_s,
            learns_settle=self.learns_settle,
            can_pause=self.start_stop.can_pause,
            can_switch_phases=(
                self.phase_lever is not None
                and self.phases > 1
                and self.start_stop.can_pause
            ),
            switch_pause_s=self.switch_pause_s,
            switch_interval_s=self.switch_interval_s,
            mode=settings.mode,
            priority=settings.priority,
            boost_s=self.boost_s,
            weight=self.weight,
            circuit_id=self.circuit_id,
            raise_every_s=self.quirks.raise_every_s,
            writes_per_day=self.quirks.writes_per_day,
            vague_finish=self.quirks.vague_finish,
        )


def _limit(data: _Data, per_ampere: PerAmpere) -> Limit:
    kinds: Mapping[str, Callable[[], Limit]] = {
        "number": lambda: NumberLimit(
            entity_id=data[CONF_LIMIT_ENTITY], per_a=per_ampere
        ),
        "select": lambda: SelectLimit(entity_id=data[CONF_LIMIT_ENTITY]),
        "action": lambda: ActionLimit(
            action=data[CONF_LIMIT_ACTION],
            field=data[CONF_LIMIT_ACTION_FIELD],
            data=_fields(data, CONF_LIMIT_ACTION_DATA),
        ),
        "none": lambda: FixedLimit(current_a=_span_a(data)[1]),
    }
    return kinds[data[CONF_LIMIT_KIND]]()


def _span_a(data: _Data) -> tuple[float, float]:
    """Return the lowest and the highest current; the same where there is no limit to set."""
    min_a = max(MIN_CURRENT_A, float(data.get(CONF_MIN_CURRENT, MIN_CURRENT_A)))
    max_a = max(min_a, float(data.get(CONF_MAX_CURRENT, DEFAULT_MAX_A)))
    return (max_a if data[CONF_LIMIT_KIND] == "none" else min_a), max_a


def _safe_a(data: _Data, min_a: float) -> float | None:
    """Return the safe current; a charger without a limit cannot be lowered, so it pauses."""
    safe_a = data.get(CONF_SAFE_CURRENT)
    if data[CONF_LIMIT_KIND] == "none" and (safe_a is None or safe_a < min_a):
        return 0.0
    return None if safe_a is None else float(safe_a)


def _start_stop(data: _Data, limit: Limit, min_a: float) -> StartStop:
    kinds: Mapping[str, Callable[[], StartStop]] = {
        "switch": lambda: SwitchStartStop(
            entity_id=data[CONF_SWITCH],
            inverted=bool(data.get(CONF_SWITCH_INVERTED, False)),
        ),
        "buttons": lambda: ButtonsStartStop(
            start=data[CONF_START_BUTTON], stop=data[CONF_STOP_BUTTON]
        ),
        "select": lambda: SelectStartStop(
            entity_id=data[CONF_START_STOP_SELECT],
            start_option=data[CONF_START_OPTION],
            stop_option=data[CONF_STOP_OPTION],
        ),
        "action": lambda: ActionStartStop(
            start=data[CONF_START_ACTION],
            stop=data[CONF_STOP_ACTION],
            start_data=_fields(data, CONF_START_ACTION_DATA),
            stop_data=_fields(data, CONF_STOP_ACTION_DATA),
        ),
        "zero": lambda: ZeroStartStop(limit=limit, resume_a=min_a),
        "none": NoStartStop,
    }
    return kinds[data[CONF_START_STOP_KIND]]()


def _per_ampere(data: _Data, voltage_v: float, phases: int) -> PerAmpere:
    return PerAmpere(
        voltage_v=voltage_v,
        phases=phases,
        lever=_phase_lever(data),
        sensor=data.get(CONF_PHASES_SENSOR) or None,
    )


def _phase_lever(data: _Data) -> PhaseLever | None:
    kinds: Mapping[str, Callable[[], PhaseLever]] = {
        "number": lambda: NumberPhases(entity_id=data[CONF_PHASES_ENTITY]),
        "select": lambda: SelectPhases(
            entity_id=data[CONF_PHASES_ENTITY],
            one=data[CONF_PHASES_ONE],
            all_=data[CONF_PHASES_ALL],
        ),
        "switch": lambda: SwitchPhases(
            entity_id=data[CONF_PHASES_ENTITY],
            inverted=bool(data.get(CONF_PHASES_INVERTED, False)),
        ),
        "action": lambda: ActionPhases(
            action=data[CONF_PHASES_ACTION],
            field=data[CONF_PHASES_ACTION_FIELD],
            data=_fields(data, CONF_PHASES_ACTION_DATA),
        ),
    }
    make = kinds.get(data.get(CONF_PHASES_KIND, "none"))
    return make() if make else None


def _fields(data: _Data, key: str) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], data.get(key) or {})


def phase_map_option(phase_map: tuple[int, ...]) -> str:
    """Return how a wiring is configured: "l2_l3_l1" for (1, 2, 0)."""
    return "_".join(f"l{phase + 1}" for phase in phase_map)


def configured_phase_map(data: _Data) -> tuple[int, ...] | None:
    """Return the site's phases of "l2_l3_l1" as (1, 2, 0); None for "unknown"."""
    value = data.get(CONF_PHASE_MAP)
    if not value or value == "unknown":
        return None
    return tuple(int(phase.removeprefix("l")) - 1 for phase in value.split("_"))
