"""What wears a charger out: cycles of its contactor, phase switches, writes to its memory.

Beside the totals each kind has a load: what the last day has seen, of which the old fades with a
time constant of 24 h. A rate that goes on for days brings the load to just that rate per day, so
it is compared with a budget per day without anybody's midnight. Near the end of a budget solar
charging starts, stops and rises more calmly. Limits are never made to wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, exp2

from .decision import Command
from .model import Charger, Link, Site

DAY_S = 86_400.0
CYCLES_PER_DAY = 30.0
SWITCHES_PER_DAY = 10.0
WRITES_PER_DAY: Mapping[Link, float] = {Link.LOCAL: 1000.0, Link.CLOUD: 300.0}
NEAR = 0.5
"""Part of a budget from which on it is spared."""
FREE_SWITCHES = 2.0
"""So many a day go without a longer wait."""
DOUBLING_SWITCHES = 2.0
"""Each so many beyond double the wait, so that a day of clouds ends near the budget."""
_FACTOR_NEAR = 2.0
_FACTOR_SPENT = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """How often a charger was used, in all and of late."""

    cycles: int = 0
    """Times the contactor was closed for a car."""
    switches: int = 0
    """Times the number of phases was changed."""
    writes: int = 0
    """Commands given."""
    cycles_load: float = 0.0
    """The same per day, see above."""
    switches_load: float = 0.0
    writes_load: float = 0.0


def faded(wear: Wear, dt_s: float) -> Wear:
    """Return the wear after some time without use."""
    if dt_s <= 0.0 or not (wear.cycles_load or wear.switches_load or wear.writes_load):
        return wear
    rest = exp(-dt_s / DAY_S)
    return replace(
        wear,
        cycles_load=wear.cycles_load * rest,
        switches_load=wear.switches_load * rest,
        writes_load=wear.writes_load * rest,
    )


def whole_minutes_s(clock_s: float, dt_s: float) -> float:
    """Return the whole minutes that ended within the last ``dt_s``, in s.

    Fading by the minute is as good as in each step, and costs far less.
    """
    return 60.0 * (clock_s // 60.0 - (clock_s - dt_s) // 60.0)


def used(wear: Wear, command: Command, *, starts: bool) -> Wear:
    """Return the wear with a command counted; ``starts`` is one that closes the contactor."""
    switches = command.phases is not None
    return Wear(
        cycles=wear.cycles + starts,
        switches=wear.switches + switches,
        writes=wear.writes + 1,
        cycles_load=wear.cycles_load + starts,
        switches_load=wear.switches_load + switches,
        writes_load=wear.writes_load + 1,
    )


def calm_factor(wear: Wear) -> float:
    """Return how many times as long solar charging waits before it starts, stops or adds phases."""
    spent = max(
        wear.cycles_load / CYCLES_PER_DAY, wear.switches_load / SWITCHES_PER_DAY
    )
    if spent < NEAR:
        return 1.0
    return _FACTOR_NEAR if spent < 1.0 else _FACTOR_SPENT


def phases_factor(wear: Wear) -> float:
    """Return how many times as long the sun must have enough before phases are added."""
    beyond = max(0.0, wear.switches_load - FREE_SWITCHES)
    return exp2(beyond / DOUBLING_SWITCHES)


def calmed(site: Site, wear: Wear) -> Site:
    """Return the site with the delays of solar charging as a charger's wear wants them.

    Twice as long once half of a day's cycles or phase switches is used up, four times when all is.
    """
    factor = calm_factor(wear)
    if factor <= 1.0:
        return site
    return replace(
        site,
        start_delay_s=site.start_delay_s * factor,
        stop_delay_s=site.stop_delay_s * factor,
    )


def rest_s(charger: Charger, wear: Wear) -> float:
    """Return how long to rest between a command and a raise that only follows the sun.

    As long as its make asks for. Once half of a day's writes is used up, as long as spreads a
    budget evenly over a day; with all of them, twice that, for the lowering that most raises bring
    along.
    """
    budget = charger.writes_per_day or WRITES_PER_DAY[charger.link]
    spent = wear.writes_load / budget
    if spent < NEAR:
        return charger.raise_every_s
    even_s = DAY_S / budget
    return max(charger.raise_every_s, even_s if spent < 1.0 else 2.0 * even_s)
