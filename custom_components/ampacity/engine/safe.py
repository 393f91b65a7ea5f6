"""The safe current: what a charger offers when nobody watches the fuse."""

from collections.abc import Mapping
from dataclasses import replace

from .decision import Command, Reason, ReasonKey
from .demand import Demand, DemandClass
from .meter import GOOD_READINGS
from .model import MIN_CURRENT_A, Charger, Site, Snapshot
from .state import ChargerState, EngineState, MeterWatch, Phase

TYPICAL_HOUSE_A = 10.0
"""Load of a house per phase that is left room for beside the chargers."""


def safe_current_a(site: Site, charger: Charger) -> float:
    """Return the safe current in A; 0 is a pause.

    Unless it is configured: the minimum where the site carries that for every charger beside a
    typical house, else a pause.
    """
    if charger.safe_a is not None:
        return charger.safe_a if charger.safe_a >= MIN_CURRENT_A else 0.0
    needed_a = TYPICAL_HOUSE_A + MIN_CURRENT_A * len(site.chargers)
    return MIN_CURRENT_A if needed_a <= site.limit_a else 0.0


def safe_offer(
    site: Site,
    charger: Charger,
    state: ChargerState,
    asked: Demand | None,
    dt_s: float,
) -> tuple[ChargerState, float]:
    """Return what a charger offers while the meter is lost.

    What runs goes to its safe current. From the sun alone it stays there for the stop delay only,
    since nobody knows whether the sun shines. What may use the grid starts at the safe current.
    """
    safe_a = safe_current_a(site, charger)
    runs = state.phase is Phase.CHARGING or (
        state.phase is Phase.ADOPTING and state.orders.offer_a > 0.0
    )
    on_sun_only = asked is not None and asked.klass is DemandClass.SURPLUS
    debt_s = state.debt_s + dt_s if runs and on_sun_only else state.debt_s
    if asked is None or (on_sun_only and debt_s >= site.stop_delay_s):
        offer_a = 0.0
    elif runs:
        offer_a = min(state.orders.offer_a, safe_a, asked.wish_a)
    else:
        offer_a = 0.0 if on_sun_only else min(safe_a, asked.wish_a)
    phase = Phase.CHARGING if offer_a > 0.0 else Phase.PAUSED
    return replace(state, phase=phase, debt_s=debt_s), offer_a


def meter_reason(offer_a: float, watch: MeterWatch, age_s: float) -> Reason:
    """Return the reason that a lost meter gives to what is offered meanwhile."""
    values = {"safe_a": offer_a}
    if watch.good:
        values |= {"good": watch.good, "needed": GOOD_READINGS}
        return Reason(key=ReasonKey.METER_RECOVERING, values=values)
    key = ReasonKey(watch.lost or ReasonKey.METER_STALE)
    if key is ReasonKey.METER_STALE:
        values |= {"age_s": age_s}
    return Reason(key=key, values=values)


def shutdown_commands(
    site: Site, snapshot: Snapshot, state: EngineState
) -> Mapping[str, Command]:
    """Return what to tell the chargers before control ends: none above its safe current."""
    commands: dict[str, Command] = {}
    for charger in site.chargers:
        reading = snapshot.chargers.get(charger.id)
        safe_a = safe_current_a(site, charger)
        offer_a = state.charger(charger.id).orders.offer_a
        if reading is None or not reading.status.is_plugged or offer_a <= safe_a:
            continue
        commands[charger.id] = lower_to(charger, safe_a)
    return commands


def lower_to(charger: Charger, current_a: float) -> Command:
    """Return the command that lowers a running charger, or pauses it at 0 A."""
    if current_a > 0.0:
        return Command(current_a=current_a)
    if charger.can_pause:
        return Command(enabled=False)
    return Command(current_a=MIN_CURRENT_A)


def control_error(site: Site, charger: Charger) -> Reason:
    """Return the reason of a charger at its safe current after an error in control."""
    values = {"safe_a": safe_current_a(site, charger)}
    return Reason(key=ReasonKey.CONTROL_ERROR, values=values)
