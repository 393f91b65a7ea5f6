"""Whether what the meter says can be, beside what sun, battery and cars are known to do.

The house gives nothing back of its own, so the connection, the sun and the battery together bring
at least what the cars take. A home battery that nobody told us of may bring all of it, but it
brings neither twice as much nor just so much that nothing is left on any phase.
"""

from collections.abc import Iterable
from dataclasses import replace

from .decision import ReasonKey
from .model import Mode, Site, Snapshot
from .state import EngineState, MeterTrial
from .take import Take

ODD_S = 20.0
"""An impossible balance for this long raises a doubt; sensors do not report all at once."""

_CARS_W = 1000.0
_SLACK_W = 500.0
_SUNNY_PART = 0.7
_MUTE_PART = 0.002
_MUTE_W = 5.0


def after_balance(
    site: Site,
    snapshot: Snapshot,
    trial: MeterTrial,
    state: EngineState,
    takes: Iterable[Take],
) -> MeterTrial:
    """Return the trial, with a doubt in it once the balance could not be for a while."""
    key = None
    if trial.verdict is None:
        key = _turned_round(site, snapshot, state) or _too_still(site, snapshot, takes)
    if key is None:
        was_odd = trial.odd_since_s is not None
        return replace(trial, odd_since_s=None) if was_odd else trial
    since_s = state.clock_s if trial.odd_since_s is None else trial.odd_since_s
    if state.clock_s - since_s < ODD_S:
        return replace(trial, odd_since_s=since_s)
    return replace(
        trial, verdict=key, sure=False, since_s=state.clock_s, odd_since_s=None
    )


def _turned_round(
    site: Site, snapshot: Snapshot, state: EngineState
) -> ReasonKey | None:
    """Doubt the sign when the house would give back more than all cars take.

    A sign that is turned round counts the cars twice.
    """
    taken_w = sum(state.charger(charger.id).take_w for charger in site.chargers)
    flow_w = flow_w_of(site, snapshot)
    if snapshot.solar_w is None or flow_w is None or taken_w < _CARS_W:
        return None
    is_odd = flow_w - taken_w < -1.2 * taken_w - _SLACK_W
    return ReasonKey.METER_SIGN if is_odd else None


def _too_still(
    site: Site, snapshot: Snapshot, takes: Iterable[Take]
) -> ReasonKey | None:
    """Doubt the unit when nothing is to be seen of what the cars' own sensors tell.

    The sun may balance the cars in total for a while, but hardly on each phase to a few watts.
    """
    grid_w = grid_w_of(site, snapshot)
    if site.battery is not None or grid_w is None:
        return None
    taken_w = sum(take.low_w for take in takes if take.measured)
    if taken_w < _CARS_W or not is_mute(grid_w, taken_w):
        return None
    currents = snapshot.grid.current_a
    if not currents:
        sun = snapshot.solar_w
        is_sunny = sun is None or not sun.ok or sun.value > _SUNNY_PART * taken_w
        return None if is_sunny else ReasonKey.METER_IMPLAUSIBLE
    is_still = all(
        one.ok and is_mute(one.value * site.voltage_v, taken_w) for one in currents
    )
    return ReasonKey.METER_IMPLAUSIBLE if is_still else None


def is_mute(grid_w: float, cars_w: float) -> bool:
    """Whether a meter shows next to nothing of what the cars take.

    A home battery that nobody has told us of keeps the connection near zero too, but not as near.
    """
    return abs(grid_w) <= _MUTE_PART * cars_w + _MUTE_W


def flow_w_of(site: Site, snapshot: Snapshot) -> float | None:
    """Return what flows to the house and the cars, None where the sun may hide a step.

    Chargers that follow the sun move against it, so without its reading nothing can be told.
    """
    grid_w = grid_w_of(site, snapshot)
    solar, battery = snapshot.solar_w, snapshot.battery
    if grid_w is None:
        return None
    if battery is not None and battery.power_w is not None:
        if not battery.power_w.ok:
            return None
        grid_w += battery.power_w.value
    if solar is not None:
        return grid_w + solar.value if solar.ok else None
    follows = any(one.mode not in (Mode.FAST, Mode.OFF) for one in site.chargers)
    return None if follows else grid_w


def grid_w_of(site: Site, snapshot: Snapshot) -> float | None:
    """Return the total, None where the meter tells no direction."""
    power_w = snapshot.grid.power_w
    return power_w.value if power_w is not None and power_w.ok else None
