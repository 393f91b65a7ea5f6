"""From the wanted offer to a command: what is written to a charger now, if anything."""

from dataclasses import dataclass, replace

from . import orders as orders_
from .decision import Command, Reason, ReasonKey
from .model import MIN_CURRENT_A, Charger, ChargerReading
from .result import Tempo
from .state import ChargerState, Orders
from .take import Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A charger's state after its command, and what to say if it doesn't obey."""

    state: ChargerState
    command: Command | None = None
    complaint: Reason | None = None


def tell(
    charger: Charger,
    reading: ChargerReading,
    state: ChargerState,
    take: Take,
    *,
    offer_a: float,
    clock_s: float,
    tempo: Tempo,
) -> Told:
    """Return the command that brings a charger to ``offer_a``, or back to it."""
    if offer_a != state.orders.offer_a:
        told = orders_.give(
            state.orders, offer_a, take, clock_s, reached=not reading.write_failed
        )
        return Told(
            state=replace(state, orders=told),
            command=_command(charger, reading, state.orders.offer_a, offer_a),
        )
    if state.phase not in orders_.WATCHED:
        return Told(state=state)
    if tempo is Tempo.GUARD:
        return Told(state=state, complaint=_complaint(state.orders, reading, take))
    found = orders_.check(charger, reading, state, take, clock_s)
    is_same = found.orders is state.orders
    return Told(
        state=state if is_same else replace(state, orders=found.orders),
        command=_again(charger, offer_a) if found.tell_again else None,
        complaint=_complaint(found.orders, reading, take),
    )


def switch(told: Told, phases: int, take: Take, clock_s: float) -> Told:
    """Return the command that switches the phases of a charger to which nothing else is told."""
    orders = orders_.note(told.state.orders, take, clock_s)
    return replace(
        told,
        state=replace(told.state, orders=orders),
        command=Command(phases=phases),
    )


def _command(
    charger: Charger, reading: ChargerReading, before_a: float, offer_a: float
) -> Command:
    """Return the least that has to be written to get from one offer to another."""
    if offer_a <= 0.0:
        return _pause(charger)
    if before_a <= 0.0 or reading.enabled is False:
        return Command(current_a=offer_a, enabled=True if charger.can_pause else None)
    return Command(current_a=offer_a)


def _again(charger: Charger, offer_a: float) -> Command:
    if offer_a <= 0.0:
        return _pause(charger)
    return Command(current_a=offer_a, enabled=True if charger.can_pause else None)


def _pause(charger: Charger) -> Command:
    if charger.can_pause:
        return Command(enabled=False)
    return Command(current_a=MIN_CURRENT_A)


def _complaint(orders: Orders, reading: ChargerReading, take: Take) -> Reason | None:
    if not orders_.has_failed(reading, orders):
        return None
    offered = reading.offered_a
    read_a = offered.value if offered is not None and offered.ok else take.now_a
    measured_a = take.now_a if take.measured else read_a
    values = {"current_a": orders.offer_a, "measured_a": measured_a}
    return Reason(key=ReasonKey.NOT_OBEYING, values=values)
