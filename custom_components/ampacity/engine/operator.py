"""The grid operator's limit: what chargers may take from the grid while its signal is on.

Limited is what the controllable devices draw from the grid; what the own plant gives at the same
time beyond what the house needs comes on top (BNetzA, BK6-22-300, annex 1, 2.3). The limit holds
for all that charges, whatever it was promised.

A signal that goes missing: a limit that was on stays on until the signal is back, for
:data:`FAILSAFE_S` at most; one that was off stays off. That is how devices behave that hear of the
limit by EEBUS (use case "limitation of power consumption": at least two hours in the fail-safe
state, then without a limit), and a cut wire of a relay means no limit as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from .decision import Reason, ReasonKey
from .headroom import Bound, BoundKind, power_bound
from .model import Charger, Site, Snapshot
from .state import EngineState
from .take import Take
from .tariffs import OperatorMemory, OperatorRule, OperatorSignal

DEVICE_W = 4200.0
"""What a controllable device keeps at least, BK6-22-300, annex 1, 4.5."""
FAILSAFE_S = 7200.0
_SIMULTANEITY = (1.0, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45)
"""Factor by the number of devices, from one to nine and more; annex 1, 4.5.2."""


def shared_limit_w(devices: int) -> float:
    """Return what several controllable devices behind one energy management keep together.

    4.2 kW for the first, and for each further one 4.2 kW times the simultaneity factor of their
    number: 7.56 kW for two, 10.5 kW for three (BNetzA, BK6-22-300, annex 1, 4.5.2). Heat pumps and
    air conditioning above 11 kW keep more, which has to be configured as a value of one's own.
    """
    factor = _SIMULTANEITY[min(max(devices, 1), len(_SIMULTANEITY)) - 1]
    return DEVICE_W * (1.0 + max(0, devices - 1) * factor)


def watch_operator(
    snapshot: Snapshot, memory: OperatorMemory, dt_s: float
) -> OperatorMemory:
    """Return the memory after another look at the signal."""
    signal = snapshot.operator
    if signal is None:
        return OperatorMemory()
    if not signal.missing:
        return OperatorMemory(signal=signal)
    return replace(memory, silent_s=memory.silent_s + dt_s)


def signal_now(memory: OperatorMemory) -> OperatorSignal | None:
    """Return the signal whose limit holds now; None while there is no limit."""
    if not memory.signal.active or memory.silent_s > FAILSAFE_S:
        return None
    return memory.signal


def operator_bounds(
    site: Site,
    snapshot: Snapshot,
    state: EngineState,
    asking: Sequence[Charger],
    takes: Mapping[str, Take],
    now: datetime,
) -> list[Bound]:
    """Return the bounds that the operator's limit sets: one for all chargers, or one for each.

    Where each charger has a limit of its own, the sun is shared evenly among those that ask. What
    others take that ask for nothing comes off the limit that all share.
    """
    rule, signal = site.operator, signal_now(state.operator)
    if rule is None or signal is None or not asking:
        return []
    shared_w = shared_w_of(rule, signal)
    if shared_w is None:
        each_w = rule.per_device_w or 0.0
        found = _each(each_w, _sun(site, snapshot, asking, takes), asking)
    else:
        asked = {charger.id for charger in asking}
        others_w = sum(take.high_w for key, take in takes.items() if key not in asked)
        sun = _sun(site, snapshot, site.chargers, takes)
        found = [
            replace(
                sun,
                sure=shared_w + sun.sure - others_w,
                hoped=shared_w + sun.hoped - others_w,
                value_w=shared_w,
            )
        ]
    if signal.until is None or signal.until <= now:
        return found
    remaining_s = (signal.until - now).total_seconds()
    return [replace(bound, remaining_s=remaining_s) for bound in found]


def _sun(
    site: Site,
    snapshot: Snapshot,
    chargers: Sequence[Charger],
    takes: Mapping[str, Take],
) -> Bound:
    """Return what the own plant has for these chargers; nothing where the meter does not tell."""
    room = power_bound(site, snapshot.grid, chargers, takes)
    if room is None or snapshot.grid.power_w is None:
        return Bound(kind=BoundKind.OPERATOR, sure=0.0, hoped=0.0)
    return Bound(
        kind=BoundKind.OPERATOR,
        sure=max(0.0, room.sure),
        hoped=max(0.0, room.hoped),
    )


def _each(each_w: float, sun: Bound, asking: Sequence[Charger]) -> list[Bound]:
    return [
        replace(
            sun,
            sure=each_w + sun.sure / len(asking),
            hoped=each_w + sun.hoped / len(asking),
            members=frozenset({charger.id}),
            value_w=each_w,
        )
        for charger in asking
    ]


def shared_w_of(rule: OperatorRule, signal: OperatorSignal) -> float | None:
    """Return the limit that all chargers share; None where each has its own."""
    return signal.limit_w if signal.limit_w is not None else rule.site_w


def limit_w(rule: OperatorRule, signal: OperatorSignal) -> float:
    """Return the limit, of all chargers together or of each."""
    shared_w = shared_w_of(rule, signal)
    return (rule.per_device_w or 0.0) if shared_w is None else shared_w


def blind_limit_a(site: Site, state: EngineState, charger: Charger) -> float | None:
    """Return what the limit leaves for a charger while no meter tells of the sun; None without one.

    0 where that is less than its lowest current.
    """
    rule, signal = site.operator, signal_now(state.operator)
    if rule is None or signal is None:
        return None
    power_w = limit_w(rule, signal)
    if shared_w_of(rule, signal) is not None:
        power_w /= max(1, len(site.chargers))
    current_a = charger.step_down(power_w / site.voltage_v / charger.phases)
    return current_a if current_a >= charger.min_a else 0.0


def paused_by_operator(site: Site, state: EngineState) -> Reason:
    """Return the reason of a charger for which the limit leaves too little."""
    rule, signal = site.operator, signal_now(state.operator)
    values = {"limit_w": limit_w(rule, signal)} if rule and signal else {}
    until = signal.until if signal else None
    return Reason(key=ReasonKey.OPERATOR_PAUSED, values=values, until=until)
