"""Says a solution in the terms of people: spans, reasons, costs, what is reached and when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from ..model import Charger, Site
from ..need import soc_after
from ..plan import CarCharge, Solution
from ..schedule import ChargerPlan, PlannedSlot, Schedule, SlotReason
from ..state import EngineState
from .minimum import minimum_id
from .pose import Posed
from .press import press_from
from .shared import Shared

LEAST_W = 1.0
"""Less than this in a slot is nothing."""
MET_WH = 1.0
"""Less than this missing is met."""
CHEAPER = 0.001
"""A price in currency per kWh is cheap when it is below the mean by more than this."""


def tell(site: Site, state: EngineState, posed: Posed, solution: Solution) -> Schedule:
    """Return the schedule that a solution stands for."""
    chargers = {charger.id: charger for charger in site.chargers}
    shared = Shared(posed.problem, solution)
    above_w = _above_peak_w(posed, solution)
    pressed = press_from(posed, above_w)
    return Schedule(
        made_at=posed.begins[0],
        above_peak_w=above_w,
        plans={
            key: replace(
                _plan(
                    site, chargers[key], state, posed, _Charge.of(solution, key), shared
                ),
                press_from=pressed.get(key),
            )
            for key in posed.needs
        },
    )


@dataclass(frozen=True, slots=True)
class _Charge:
    """What a charger takes, and how much of that is to reach the car's minimum."""

    whole: CarCharge
    hurried: CarCharge | None

    @classmethod
    def of(cls, solution: Solution, charger_id: str) -> _Charge:
        """Return a charger's part of a solution."""
        return cls(
            solution.charges[charger_id],
            solution.charges.get(minimum_id(charger_id)),
        )

    @property
    def _parts(self) -> Sequence[CarCharge]:
        return [self.whole] if self.hurried is None else [self.whole, self.hurried]

    @property
    def unmet_wh(self) -> float:
        """What cannot be charged in time."""
        return sum(part.unmet_wh for part in self._parts)

    def power_w(self, slot: int) -> float:
        """Return what is charged in a slot."""
        return sum(part.power_w(slot) for part in self._parts)

    def sun_w(self, slot: int) -> float:
        """Return how much of it is from the sun."""
        return sum(part.sun_w[slot] for part in self._parts)

    def hurried_w(self, slot: int) -> float:
        """Return how much of it is to reach the minimum."""
        return self.hurried.power_w(slot) if self.hurried else 0.0


def _above_peak_w(posed: Posed, solution: Solution) -> float:
    """Return how far the plan goes above the peak that is free."""
    peak = posed.problem.peak
    return 0.0 if peak is None else max(0.0, solution.peak_w - peak.paid_w)


def _plan(
    site: Site,
    charger: Charger,
    state: EngineState,
    posed: Posed,
    charge: _Charge,
    shared: Shared,
) -> ChargerPlan:
    need = posed.needs[charger.id]
    used = [i for i in range(len(posed.begins)) if charge.power_w(i) > LEAST_W]
    dear = _dear(posed, charger.id)
    slots = tuple(
        replace(
            _slot(posed, charge, index, dear),
            limited=shared.is_limited(charger.id, index),
        )
        for index in used
    )
    full_w = posed.cars[charger.id].max_w
    roomy = {
        posed.span(index)[0]
        for index in used
        if shared.has_room(charger.id, index, full_w)
    }
    # Below a peak a run begins with what is free, in its first quarter as well
    keeps_first = posed.cars[charger.id].charging or posed.term is not None
    slots = at_full_power(slots, full_w, roomy, keeps_first=keeps_first)
    energy_wh = sum(slot.energy_wh for slot in slots)
    return ChargerPlan(
        ready_by=need.deadline,
        slots=slots,
        energy_wh=energy_wh,
        unmet_wh=charge.unmet_wh if charge.unmet_wh > MET_WH else 0.0,
        soc_reached=soc_after(site, charger, state, energy_wh),
        ready_at=_ready_at(slots, need.firm_wh),
        cost=_cost(posed, charge, used),
        cost_at_once=cost_at_once(posed, charger.id, energy_wh),
    )


def at_full_power(
    slots: Sequence[PlannedSlot],
    full_w: float,
    roomy: Collection[datetime],
    *,
    keeps_first: bool,
) -> tuple[PlannedSlot, ...]:
    """Return the slots with those at either end of a run cut to what they take at full power.

    A car charges with all there is while a slot from the grid is on: in a whole slot it would take
    more than planned, from what is to come from the sun, or in cheaper hours. Slots with sun stay
    whole, so do those in which limits leave less, those between two others, with ``keeps_first`` the
    first one, as of a car that charges, and those whose beginning is not in ``roomy``: there is no
    room for full power beside other cars.
    """
    found = list(slots)
    for index, slot in enumerate(slots):
        if slot.limited or slot.sun_w > LEAST_W or slot.power_w >= full_w:
            continue
        if slot.start not in roomy:
            continue
        goes_on = any(one.start == slot.end for one in slots[index + 1 : index + 2])
        went_on = slots[index - 1].end == slot.start if index else keeps_first
        if goes_on and went_on:
            continue
        whole = slot.end - slot.start
        needed = timedelta(seconds=ceil(whole.total_seconds() * slot.power_w / full_w))
        power_w = slot.power_w * (whole / needed)
        if goes_on:
            found[index] = replace(slot, start=slot.end - needed, power_w=power_w)
        else:
            found[index] = replace(slot, end=slot.start + needed, power_w=power_w)
    return tuple(found)


def _slot(posed: Posed, charge: _Charge, index: int, dear: float) -> PlannedSlot:
    start, end = posed.span(index)
    power_w = charge.power_w(index)
    weighed = posed.problem.slots[index].import_price
    if charge.hurried_w(index) >= power_w / 2.0:
        reason = SlotReason.MINIMUM
    elif charge.sun_w(index) >= power_w / 2.0:
        reason = SlotReason.SUN
    elif weighed < dear and charge.unmet_wh <= MET_WH:
        reason = SlotReason.CHEAP
    else:
        reason = SlotReason.PROMISE
    return PlannedSlot(
        start=start,
        end=end,
        power_w=power_w,
        sun_w=charge.sun_w(index),
        price=posed.import_price(index),
        reason=reason,
    )


def _dear(posed: Posed, charger_id: str) -> float:
    """Return the price from which on nothing is cheap: the mean until a car's deadline."""
    stop = posed.cars[charger_id].stop or len(posed.begins)
    slots = posed.problem.slots[:stop]
    return sum(slot.import_price for slot in slots) / stop - CHEAPER


def _ready_at(slots: Sequence[PlannedSlot], firm_wh: float) -> datetime | None:
    """Return when so much has been charged; None when it never is."""
    left_wh = firm_wh
    for slot in slots:
        if left_wh <= slot.energy_wh + MET_WH:
            hours = min(left_wh, slot.energy_wh) / slot.power_w
            return slot.start + timedelta(hours=hours)
        left_wh -= slot.energy_wh
    return None


def _cost(posed: Posed, charge: _Charge, used: Sequence[int]) -> float:
    """Return what the energy costs by the prices themselves."""
    return sum(
        posed.problem.slots[index].hours
        / 1000.0
        * (
            (charge.power_w(index) - charge.sun_w(index)) * posed.import_price(index)
            + charge.sun_w(index) * posed.feed_in_price(index)
        )
        for index in used
    )


def cost_at_once(posed: Posed, charger_id: str, energy_wh: float) -> float:
    """Return what the same energy would cost if it were charged from now on without a pause."""
    car = posed.cars[charger_id]
    left_wh, cost = energy_wh, 0.0
    for index, slot in enumerate(posed.problem.slots):
        if left_wh <= 0.0:
            break
        taken_wh = min(left_wh, min(car.max_w, slot.room_w) * slot.hours)
        sun_wh = min(taken_wh, slot.sun_w * slot.hours)
        left_wh -= taken_wh
        cost += sun_wh / 1000.0 * posed.feed_in_price(index)
        cost += (taken_wh - sun_wh) / 1000.0 * posed.import_price(index)
    return cost
