"""On how many phases a charger charges, and on how many it should.

All phases when the sun has enough for their minimum, one when it has less; for what may use the
grid all of them, unless the limits leave room on the first alone, or another charger is shut out.
"""

from dataclasses import dataclass, replace

from .alternative import Alternative
from .demand import Demand, DemandClass, ceiling
from .learned import Watching
from .model import MIN_CURRENT_A, Charger, ChargerReading, ChargerStatus, Site, Snapshot
from .state import ChargerState, EngineState, Phase, Switching
from .wear import phases_factor

UP_S = 120.0
"""Enough sun for all phases, for this long."""
DOWN_S = 180.0
"""Too little for them, for this long."""
DECAY = 4.0
"""How much faster a time runs back while its condition does not hold: a value that swings around
a threshold never adds up."""
MAX_FAILURES = 2
RESERVE_A = 1.0
"""Free beyond the minimum before a charger goes to all phases."""
FLOWING_A = 1.0
"""A phase with less carries nothing."""
BOUNDARY_S = 60.0
"""Many chargers fall back to their own setting at plug-in: nobody has touched them."""


def may_ever_switch(site: Site, charger: Charger) -> bool:
    """Whether a charger can change its phases at this site."""
    return (
        charger.can_switch_phases
        and charger.can_pause
        and site.phases > 1
        and charger.all_phases > 1
    )


def at_present_phases(site: Site, snapshot: Snapshot, state: EngineState) -> Site:
    """Return the site with each charger on the phases that it charges on now."""
    if not any(charger.can_switch_phases for charger in site.chargers):
        return site
    chargers = []
    for charger in site.chargers:
        if may_ever_switch(site, charger):
            held = state.charger(charger.id).switching
            number = present_phases(charger, snapshot.chargers[charger.id], held)
            charger = replace(charger, phases=number, wired_phases=charger.all_phases)
        elif charger.can_switch_phases:
            charger = replace(charger, can_switch_phases=False)
        chargers.append(charger)
    return replace(site, chargers=tuple(chargers))


def present_phases(charger: Charger, reading: ChargerReading, held: Switching) -> int:
    """Return on how many phases a charger charges: what flows, what it tells, what it was told."""
    flowing = [
        current.ok and abs(current.value) > FLOWING_A for current in reading.current_a
    ]
    if any(flowing[1:]):
        return charger.all_phases
    told = reading.phases
    if told is None:
        told = held.target if held.target and held.is_sent else held.phases
    return 1 if told == 1 else charger.all_phases


def watch_phases(site: Site, snapshot: Snapshot, state: EngineState) -> EngineState:
    """Return the state with what the chargers show of their phases taken in.

    The site is one of :func:`at_present_phases`.
    """
    for charger in site.chargers:
        if charger.can_switch_phases:
            held = state.charger(charger.id)
            reading = snapshot.chargers[charger.id]
            seen = _seen(charger, reading, held, state.clock_s)
            if charger.phases != (held.switching.phases or charger.all_phases):
                # What was learned on other phases holds for those only
                other_room, room = held.room, held.switching.other_room
                held = replace(held, room=room, watching=Watching())
                seen = replace(seen, other_room=other_room)
            state = state.with_charger(charger.id, replace(held, switching=seen))
    return state


def _seen(
    charger: Charger, reading: ChargerReading, state: ChargerState, clock_s: float
) -> Switching:
    held = state.switching
    if reading.status is ChargerStatus.OFFLINE:
        if held.target is None:
            return held
        failures = held.failures + 1
        return replace(held, target=None, phases=None, failures=failures)
    if not reading.status.is_plugged:
        return Switching(
            phases=charger.phases, at_s=held.at_s, other_room=held.other_room
        )
    if held.target is not None and state.phase is Phase.SWITCHING:
        return replace(held, phases=charger.phases)
    if _is_by_hand(charger, reading, state, clock_s):
        held = replace(held, by_hand=True, at_s=clock_s)
    return replace(
        held,
        target=None,
        phases=charger.phases,
        confirmed=reading.phases is not None,
        uses_one=_uses_one(charger, reading, state, clock_s),
    )


def _is_by_hand(
    charger: Charger, reading: ChargerReading, state: ChargerState, clock_s: float
) -> bool:
    """Whether a charger that was where we knew it tells another number of phases."""
    held = state.switching
    if not held.confirmed or held.target is not None or reading.phases is None:
        return False
    if state.plugged_s is None or clock_s - state.plugged_s < BOUNDARY_S:
        return False
    return (1 if reading.phases == 1 else charger.all_phases) != held.phases


def _uses_one(
    charger: Charger, reading: ChargerReading, state: ChargerState, clock_s: float
) -> bool:
    """Whether the car takes one phase of all; only on all of them that can be seen."""
    currents = reading.current_a
    known = state.switching.uses_one
    if charger.phases == 1 or len(currents) < charger.phases:
        return known
    if not all(current.ok for current in currents):
        return known
    if clock_s - state.orders.at_s < charger.settle_s or state.orders.offer_a <= 0.0:
        return known
    first, *others = (abs(current.value) > FLOWING_A for current in currents)
    if any(others):
        return False
    return known or first


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What bears on the number of phases of one charger at one moment."""

    site: Site
    charger: Charger
    state: ChargerState
    asked: Demand
    room_a: float
    """What the limits leave on the present phases."""
    sure: Alternative
    hoped: Alternative
    clock_s: float

    @property
    def phases(self) -> int:
        """What it is switched to now, however many of them its car uses."""
        return self.state.switching.phases or self.charger.all_phases

    @property
    def is_up(self) -> bool:
        """Whether it is on all phases."""
        return self.phases > 1

    @property
    def may_shrink(self) -> bool:
        """Whether going to one phase would make its minimum smaller."""
        return self.is_up and self.charger.phases > 1 and not is_refused(self.state)

    @property
    def one_phase_w(self) -> float:
        """Power of the minimum on one phase."""
        return self.asked.min_a * self.site.voltage_v

    @property
    def all_phases_w(self) -> float:
        """Surplus from which all phases are better: their minimum, and more than one can take."""
        all_a = self.charger.all_phases * self.asked.min_a
        one_a = self._wish_a(1) + RESERVE_A
        return max(all_a, one_a) * self.site.voltage_v

    def _wish_a(self, phases: int) -> float:
        charger = replace(self.charger, phases=phases)
        return min(ceiling(self.site, charger, self.state), self._most_a)

    @property
    def _most_a(self) -> float:
        """What is asked for, unless that is less for a cap on power that depends on the phases."""
        if self.state.cap is not None and self.state.cap.power_w is not None:
            return self.charger.max_a
        return self.asked.wish_a

    def has_sun_for_all(self) -> bool:
        """Whether the sun surely has enough for all phases."""
        return _reaches(self.sure.surplus_w, self._from_sun_w(self.all_phases_w))

    def lacks_sun_for_all(self) -> bool:
        """Whether the sun has too little for all phases even if the cars take most."""
        return not _reaches(self.hoped.surplus_w, self._from_sun_w(self.all_phases_w))

    def _from_sun_w(self, power_w: float) -> float:
        """Return what of a power has to come from the sun."""
        return power_w - self.asked.from_grid_w

    def fits_all(self) -> bool:
        """Whether all phases have had room for long enough, and would give more than one."""
        wish_a = self._wish_a(self.charger.all_phases)
        if wish_a < self.asked.min_a or self.state.switching.uses_one:
            return False
        needed_a = min(self.asked.min_a + RESERVE_A, wish_a)
        lately_a = self.state.switching.other_room.lowest(
            self.clock_s - self.site.raise_delay_s
        )
        if (
            min(self.sure.room_a, self.sure.room_a if lately_a is None else lately_a)
            < needed_a
        ):
            return False
        all_a = self.charger.all_phases * min(self.sure.room_a, wish_a)
        return all_a >= min(self.room_a, self._wish_a(1)) + RESERVE_A

    def fits_one(self) -> bool:
        """Whether one phase has room for the minimum."""
        return self.hoped.room_a >= self.asked.min_a

    def counted(self, dt_s: float) -> Switching:
        """Return the memory with the times counted on for which a change would be better.

        They are those of a charger that charges: one that waits begins on whatever is best then.
        """
        if self.state.phase is Phase.PAUSED:
            return replace(self.state.switching, up_s=0.0, down_s=0.0)
        on_sun = self.asked.on_surplus
        better_up = self.fits_all() and (not on_sun or self.has_sun_for_all())
        better_down = (
            self.is_up
            and self.fits_one()
            and (self.hoped.lets_in or (on_sun and self.lacks_sun_for_all()))
        )
        held = self.state.switching
        return replace(
            held,
            up_s=_counted(held.up_s, dt_s, holds=not self.is_up and better_up),
            down_s=_counted(held.down_s, dt_s, holds=better_down),
        )

    def wanted(self) -> int:
        """Return the number of phases that a charging charger should go to."""
        held = self.state.switching
        if self.is_up:
            if self.charger.phases == 1:
                return self.phases
            by_sun = self.asked.on_surplus and self.lacks_sun_for_all()
            after_s = DOWN_S if by_sun else self.site.raise_delay_s
            is_useful = self.hoped.lets_in or (by_sun and self.has_sun_for_one())
            due = held.down_s >= after_s and is_useful
            return 1 if due else self.phases
        after_s = (
            UP_S * phases_factor(self.state.wear) if self.asked.on_surplus else 0.0
        )
        return self.charger.all_phases if held.up_s >= max(after_s, 1e-9) else 1

    def wanted_to_start(self) -> int:
        """Return the number of phases on which a paused charger should begin."""
        if self.state.switching.uses_one and self.asked.on_surplus:
            return 1
        if self.is_up:
            if self.charger.phases == 1:
                return self.phases
            if self.asked.on_surplus and not self.has_sun_for_all():
                return 1
            needed_a = min(self.asked.min_a + RESERVE_A, self.asked.wish_a)
            stuck = self.room_a < self.asked.min_a and self.sure.room_a >= needed_a
            return 1 if stuck else self.phases
        if self.asked.on_surplus and not self.has_sun_for_all():
            return 1
        return self.charger.all_phases if self.fits_all() else 1

    def has_sun_for_one(self) -> bool:
        """Whether the sun has enough for one phase; what is always served needs none."""
        is_always = self.asked.klass is not DemandClass.SURPLUS
        from_sun_w = self.one_phase_w * self.asked.sun_part
        return is_always or _reaches(self.hoped.surplus_w, from_sun_w)


def is_refused(state: ChargerState) -> bool:
    """Whether a charger has failed to switch too often, or somebody else has chosen its phases."""
    return has_failed(state) or state.switching.by_hand


def has_failed(state: ChargerState) -> bool:
    """Whether a charger has failed to switch too often; that holds until the car leaves."""
    return state.switching.failures >= MAX_FAILURES


def stays_s(charger: Charger, state: ChargerState, clock_s: float) -> float:
    """Return how long a charger must stay on its phases for now."""
    return max(0.0, state.switching.at_s + charger.switch_interval_s - clock_s)


def one_phase_fits_cap(site: Site, charger: Charger, state: ChargerState) -> bool:
    """Whether a cap that is too low for all phases leaves the minimum on one."""
    one = replace(charger, phases=1)
    lowest_a = charger.step_up(max(charger.min_a, MIN_CURRENT_A))
    return charger.phases > 1 and ceiling(site, one, state) >= lowest_a


def _reaches(surplus_w: float | None, needed_w: float) -> bool:
    return surplus_w is not None and surplus_w >= needed_w


def _counted(counted_s: float, dt_s: float, *, holds: bool) -> float:
    return counted_s + dt_s if holds else max(0.0, counted_s - DECAY * dt_s)
