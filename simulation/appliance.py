"""Appliances that run a programme, switched by hand or on by themselves now and then."""

from dataclasses import dataclass
from math import inf
from random import Random

from .phases import ZERO, Phases, scale


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplianceConfig:
    """An appliance: its rated power per phase and its programme.

    The programme is a row of stages (part of the rated power, s). When it is through it
    starts again at stage `repeat_from`, as a thermostat does; without one it ends and
    the appliance switches itself off. Lengths vary by `jitter` (a part of the length).
    """

    name: str
    rated_w: Phases
    stages: tuple[tuple[float, float], ...] = ((1.0, inf),)
    repeat_from: int | None = None
    jitter: float = 0.1
    always_on: bool = False
    """On from the start."""
    auto_gap_s: tuple[float, float] | None = None
    """Goes on by itself after a gap of this range; None: only by hand."""
    auto_run_s: float = inf
    """How long a run lasts at most that it began by itself."""

    def __post_init__(self) -> None:
        """Raise ValueError for stages or gaps that would never let time pass."""
        if not self.stages or any(length_s <= 0 for _, length_s in self.stages):
            raise ValueError(f"{self.name}: every stage needs a positive length")
        if self.auto_gap_s and self.auto_gap_s[0] <= 0:
            raise ValueError(f"{self.name}: the gap between runs must be positive")


OVEN = ApplianceConfig(
    name="oven",
    rated_w=(2400.0, 0.0, 0.0),
    stages=((1.0, 300.0), (0.0, 60.0), (1.0, 40.0)),
    repeat_from=1,
)
"""Preheats for 5 min, then its thermostat cycles."""
HOB = ApplianceConfig(name="hob", rated_w=(2400.0, 2400.0, 2400.0))
"""Three phases, 7.2 kW."""
KETTLE = ApplianceConfig(
    name="kettle", rated_w=(0.0, 2200.0, 0.0), stages=((1.0, 180.0),)
)
FRIDGE = ApplianceConfig(
    name="fridge",
    rated_w=(0.0, 0.0, 90.0),
    stages=((1.0, 600.0), (0.0, 1200.0)),
    repeat_from=0,
    always_on=True,
)
WASHING_MACHINE = ApplianceConfig(
    name="washing_machine",
    rated_w=(0.0, 0.0, 2100.0),
    stages=((0.05, 120.0), (1.0, 900.0), (0.08, 2700.0), (0.2, 600.0)),
)
"""Fills, heats, washes, spins, ends."""


class Appliance:
    """One appliance. Ask with times that don't go back."""

    __slots__ = (
        "_config",
        "_levels_w",
        "_next_s",
        "_now_w",
        "_random",
        "_stage",
        "_stops_s",
        "automatic",
        "by_hand",
        "on",
    )

    def __init__(self, config: ApplianceConfig, random: Random) -> None:
        """Start off, or on where it always is."""
        self._config = config
        self._random = random
        self._levels_w = [scale(config.rated_w, part) for part, _ in config.stages]
        self._stage = 0
        self.automatic = True
        """Whether it goes on by itself at all."""
        self.by_hand = False
        """Whether it is on because somebody switched it on."""
        self.on = False
        """Whether it is switched on; its thermostat may still hold it at 0 W."""
        if config.always_on:
            self.switch(on=True, now_s=0.0)
        else:
            self._end(0.0)

    @property
    def name(self) -> str:
        """Name from the configuration."""
        return self._config.name

    def switch(self, *, on: bool, now_s: float) -> None:
        """Switch it by hand; on while it is on starts its programme anew."""
        self.by_hand = on
        if on:
            self._begin(now_s, run_s=inf)
        else:
            self._end(now_s)

    def power_w(self, t_s: float) -> Phases:
        """Return what it takes at a time since the start."""
        while t_s >= self._next_s:
            self._change(self._next_s)
        return self._now_w

    def _change(self, at_s: float) -> None:
        """Do what is due: start by itself, stop such a run, or the next stage."""
        if not self.on:
            if self.automatic:
                self._begin(at_s, run_s=self._config.auto_run_s)
            else:
                self._end(at_s)
        elif at_s >= self._stops_s:
            self._end(at_s)
        else:
            self._next_stage(at_s)

    def _next_stage(self, at_s: float) -> None:
        """Go to the next stage of the programme, or to its end."""
        stage: int | None = self._stage + 1
        if stage == len(self._levels_w):
            stage = self._config.repeat_from
        if stage is None:
            self._end(at_s)
        else:
            self._enter(stage, at_s)

    def _begin(self, at_s: float, *, run_s: float) -> None:
        """Start the programme, to be stopped after `run_s`."""
        self.on = True
        self._stops_s = at_s + run_s
        self._enter(0, at_s)

    def _enter(self, stage: int, at_s: float) -> None:
        """Start a stage of the programme."""
        self._stage = stage
        jitter = self._config.jitter
        length_s = self._config.stages[stage][1] * self._random.uniform(
            1 - jitter, 1 + jitter
        )
        self._now_w = self._levels_w[stage]
        self._next_s = min(at_s + length_s, self._stops_s)

    def _end(self, at_s: float) -> None:
        """Switch off, and wait for the next run where it goes on by itself."""
        self.on = False
        self.by_hand = False
        self._now_w = ZERO
        self._stops_s = inf
        gap_s = self._config.auto_gap_s
        self._next_s = at_s + self._random.uniform(*gap_s) if gap_s else inf
