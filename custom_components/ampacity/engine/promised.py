"""What each charger's promise asks for right now: by the schedule, and by the last safe moment.

The schedule may be old, wrong or missing; the latest safe start is found anew at each decision and
needs none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .capacity import Pool, pools
from .laxity import laxities_s, reserve_s
from .model import Site, Snapshot
from .need import Need, need_of
from .outlook import SLOT, Outlook
from .schedule import ChargerPlan, PlannedSlot
from .state import EngineState

WORTH_BUYING_WH = 100.0
"""From so much on, planned from the grid, a car on the sun may buy a bit of it now."""
_SAME_PRICE = 0.001
_MINIMUM = 1.05
"""A slot that takes no more than this part of the minimum: it bridges two others, or the grid is
too dear there for more than what the sun lacks of it."""
RELAX_S = 900.0
"""A charger that had to hurry goes on until it could wait this much longer again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """One charger's promise at one moment."""

    need: Need
    laxity_s: float
    """For how long it could still wait; below 0 it can't be met in time."""
    late: bool
    """It has to charge now with all that there is."""
    slot: PlannedSlot | None = None
    """What is planned for now."""
    next_start: datetime | None = None
    """When it charges next by the plan."""
    until: datetime | None = None
    """When the run of slots ends that is on now."""
    pressed: bool = False
    """It has to charge now with all that a peak tariff leaves free."""
    grid_share: float = 0.0
    """Part of a power that is as well bought now as later, where the sun has the rest of it."""
    waits_for_pay: bool = False
    """What is planned from the grid is paid for taking it, so that even the sun is better fed in."""

    @property
    def short_wh(self) -> float:
        """What of the promise will be missing even at full power."""
        return max(0.0, -self.laxity_s) / 3600.0 * self.need.max_w

    @property
    def at_minimum(self) -> bool:
        """Whether no more than the minimum is planned for now."""
        return self.slot is not None and _is_at_minimum(self.slot, self.need)


def promised(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime
) -> Mapping[str, Promised]:
    """Return the promises of all chargers that have yet something to charge for one."""
    needs = {
        charger.id: need
        for charger in site.chargers
        if (need := need_of(site, charger, snapshot, state, now)) is not None
    }
    if not needs:
        return {}
    outlook = snapshot.outlook
    limits: tuple[Pool, ...] = ()
    if outlook is not None:
        last = max(need.deadline for need in needs.values())
        slots = max(1, (last - outlook.start) // SLOT + 1)
        limits = pools(site, outlook, state, slots)
    laxity_s = laxities_s(needs, limits, outlook, now)
    found = {
        key: _promised(key, need, laxity_s[key], snapshot, state, now)
        for key, need in needs.items()
    }
    late = [one for one in found.values() if one.late]
    return {key: _hurried(one, late) for key, one in found.items()} if late else found


def _hurried(one: Promised, late: Iterable[Promised]) -> Promised:
    """Return a promise as late if one that is due no sooner, and could wait no less, is late.

    The two wait for each other under a limit; the later one would else take the room of the other.
    """
    is_late = one.need.firm_wh > 0.0 and any(
        other.need.deadline >= one.need.deadline and other.laxity_s >= one.laxity_s
        for other in late
    )
    return replace(one, late=True) if is_late else one


def _promised(
    charger_id: str,
    need: Need,
    laxity_s: float,
    snapshot: Snapshot,
    state: EngineState,
    now: datetime,
) -> Promised:
    plan = snapshot.schedule.plans.get(charger_id) if snapshot.schedule else None
    if plan is not None and plan.ready_by != need.deadline:
        plan = None
    slot = plan.slot_at(now) if plan else None
    held = state.charger(charger_id)
    reserved_s = reserve_s(need, is_charging=held.waking.taking_s > 0.0)
    if held.late:
        reserved_s += RELAX_S
    return Promised(
        need=need,
        laxity_s=laxity_s,
        late=need.firm_wh > 0.0 and laxity_s <= reserved_s,
        slot=slot,
        next_start=plan.next_start(now) if plan else None,
        until=plan.run_end(now) if plan and slot else None,
        pressed=_is_pressed(plan, now),
        grid_share=0.0
        if plan is None
        else _grid_share(plan, need, snapshot.outlook, now),
        waits_for_pay=plan is not None
        and slot is None
        and _waits_for_pay(plan, snapshot.outlook, now),
    )


def _is_pressed(plan: ChargerPlan | None, now: datetime) -> bool:
    if plan is None or plan.press_from is None:
        return False
    return now >= plan.press_from


def _grid_share(
    plan: ChargerPlan, need: Need, outlook: Outlook | None, now: datetime
) -> float:
    """Return how much of a power may come from the grid, if the sun has the rest.

    So much that it costs, sun and grid together, what its energy costs where it would be bought
    later.
    """
    index = outlook.index(now) if outlook is not None else None
    if outlook is None or index is None:
        return 0.0
    price, sun_price = outlook.import_price[index], outlook.feed_in_price[index]
    later = _dearest(plan, need, sun_price, now)
    if later is None:
        return 0.0
    if price <= max(sun_price, later + _SAME_PRICE):
        return 1.0
    return max(0.0, (later - sun_price) / (price - sun_price))


def _waits_for_pay(plan: ChargerPlan, outlook: Outlook | None, now: datetime) -> bool:
    """Whether all that is planned is bought at known prices below zero, and below the sun's."""
    index = outlook.index(now) if outlook is not None else None
    later = [slot for slot in plan.slots if slot.start > now]
    if outlook is None or index is None or not later:
        return False
    known_until = outlook.known_until
    return all(
        slot.bought_wh > 0.0
        and slot.price < min(0.0, outlook.feed_in_price[index])
        and (known_until is None or slot.end <= known_until)
        for slot in later
    )


def _dearest(
    plan: ChargerPlan, need: Need, sun_price: float, now: datetime
) -> float | None:
    """Return the price of the dearest energy that a plan buys in later slots.

    None where it buys little: forecasts move that to and fro.
    """
    later = (slot for slot in plan.slots if slot.start > now and slot.bought_wh > 0.0)
    offers = sorted((_spared(slot, need, sun_price) for slot in later), reverse=True)
    spared_wh = 0.0
    for price, energy_wh in offers:
        spared_wh += energy_wh
        if spared_wh >= WORTH_BUYING_WH:
            return price
    return None


def _spared(slot: PlannedSlot, need: Need, sun_price: float) -> tuple[float, float]:
    """Return what a kWh costs that a slot could do without, and how many Wh that are.

    At the minimum sun and grid go together, at their mean price.
    """
    if not _is_at_minimum(slot, need):
        return slot.price, slot.bought_wh
    sun_part = slot.sun_w / slot.power_w
    return sun_part * sun_price + (1.0 - sun_part) * slot.price, slot.energy_wh


def _is_at_minimum(slot: PlannedSlot, need: Need) -> bool:
    return 0.0 < slot.power_w <= _MINIMUM * need.min_w
