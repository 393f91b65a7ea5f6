"""What the car at a charger is charged to: its minimum, its target, and when that is reached."""

from dataclasses import replace

from .decision import Reason, ReasonKey
from .model import Charger, Site
from .state import ChargerState
from .vehicle import Parked, Vehicle

HYSTERESIS_SOC = 1.0
"""Percent by which a car may fall below its target or minimum before it is charged again."""


def vehicle_at(site: Site, state: ChargerState) -> Vehicle | None:
    """Return the vehicle at a charger; None for none, and for one that nobody knows."""
    return _vehicle(site, state.parked)


def _vehicle(site: Site, parked: Parked) -> Vehicle | None:
    vehicle_id = parked.vehicle_id
    if vehicle_id is None:
        return None
    return next((one for one in site.vehicles if one.id == vehicle_id), None)


def target_soc(site: Site, charger: Charger, state: ChargerState) -> float | None:
    """Return to how many percent a charger charges: what is set there, else the car's own target.

    None where neither is known.
    """
    return _target_soc(charger, vehicle_at(site, state))


def _target_soc(charger: Charger, vehicle: Vehicle | None) -> float | None:
    if charger.target_soc is not None:
        return charger.target_soc
    return vehicle.target_soc if vehicle else None


def below_minimum(site: Site, charger: Charger, state: ChargerState) -> float | None:
    """Return the minimum in percent that a car has not reached yet; None where it has."""
    vehicle = vehicle_at(site, state)
    return vehicle.min_soc if vehicle and state.parked.below_minimum else None


def target_reached(site: Site, charger: Charger, state: ChargerState) -> Reason | None:
    """Return why a charger charges no more, where it has charged all that it is to charge.

    A promise of more goes on, and so does a boost, which is asked for before.
    """
    reached_soc = state.parked.reached_soc
    charged_wh = state.session.energy_wh if state.session else 0.0
    if reached_soc is not None and not _promises_more(state, reached_soc, charged_wh):
        return Reason(key=ReasonKey.TARGET_REACHED, values={"soc": reached_soc})
    most_wh = charger.target_energy_wh
    soc = 100.0 if state.parked.soc is None else state.parked.soc
    if most_wh is None or charged_wh < most_wh or _promises_more(state, soc, most_wh):
        return None
    return Reason(key=ReasonKey.TARGET_ENERGY_REACHED, values={"energy_wh": most_wh})


def _promises_more(state: ChargerState, soc: float, energy_wh: float) -> bool:
    """Whether something more than this charge level or this energy is promised."""
    goal = state.goal
    if goal is None or goal.met:
        return False
    wanted_soc = max(goal.soc or 0.0, goal.below_limit_soc or 0.0)
    return wanted_soc > soc or (goal.energy_wh or 0.0) > energy_wh


def held_against(
    site: Site, charger: Charger, parked: Parked, soc: float | None
) -> Parked:
    """Return the car at a charger with its charge level, held against its target and minimum.

    A little below counts as there once it has been there, so that nothing flaps.
    """
    if soc is None and parked.soc is None:
        return parked
    vehicle = _vehicle(site, parked)
    target = _target_soc(charger, vehicle)
    minimum = vehicle.min_soc if vehicle else 0.0
    was_above, below = parked.was_above, False
    if soc is not None:
        least = minimum - HYSTERESIS_SOC if was_above else minimum
        below = soc < least or (parked.below_minimum and soc < minimum)
        was_above = (was_above and not below) or soc >= minimum
    return replace(
        parked,
        soc=soc,
        reached_soc=_reached(parked.reached_soc, soc, target),
        below_minimum=below,
        was_above=was_above,
    )


def _reached(
    before: float | None, soc: float | None, target: float | None
) -> float | None:
    """Return the target where it is reached; ``before`` is the one that was."""
    if soc is None or target is None:
        return None
    least = target - HYSTERESIS_SOC if before == target else target
    return target if soc >= least else None
