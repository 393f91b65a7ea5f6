"""What is charged at once, whatever it costs, until a car has its minimum.

For the planner it is a second car on the same cable, which is in a hurry.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..model import Site
from ..need import Need, minimum_wh
from ..plan import PlanCar, Slot
from ..state import EngineState


def minimum_id(charger_id: str) -> str:
    """Return under which id the planner knows what a charger takes to its car's minimum."""
    return f"{charger_id} minimum"


def with_minimums(
    site: Site,
    state: EngineState,
    needs: Mapping[str, Need],
    cars: Mapping[str, PlanCar],
    slots: Sequence[Slot],
) -> tuple[dict[str, PlanCar], list[Slot]]:
    """Return cars and slots with what is charged at once split off the cars that lack it."""
    found = dict(cars)
    cables_w: dict[str, float] = {}
    for charger in site.chargers:
        hurry_wh = minimum_wh(site, charger, state) if charger.id in needs else 0.0
        if hurry_wh > 0.0:
            cable = f"cable {charger.id}"
            for car in _split(cars[charger.id], cable, hurry_wh, slots):
                found[car.id] = car
            cables_w[cable] = cars[charger.id].max_w
    if not cables_w:
        return found, list(slots)
    return found, [replace(slot, groups={**slot.groups, **cables_w}) for slot in slots]


def _split(
    car: PlanCar, cable: str, hurry_wh: float, slots: Sequence[Slot]
) -> Iterator[PlanCar]:
    """Yield what of a car is in a hurry, and the rest of it."""
    groups = (cable, *car.groups)
    firm_wh = max(0.0, car.firm_wh - hurry_wh)
    spared_wh = max(0.0, hurry_wh - car.firm_wh)
    yield PlanCar(
        id=minimum_id(car.id),
        firm_wh=hurry_wh,
        max_w=car.max_w,
        stop=_soonest(car, hurry_wh, slots),
        groups=groups,
        charging=car.charging,
    )
    yield replace(
        car,
        firm_wh=firm_wh,
        extra_wh=max(0.0, car.extra_wh - spared_wh),
        groups=groups,
    )


def _soonest(car: PlanCar, energy_wh: float, slots: Sequence[Slot]) -> int:
    """Return the slot before which so much can be charged at the earliest."""
    left_wh = energy_wh
    for index, slot in enumerate(slots):
        left_wh -= min(car.max_w, slot.room_w) * slot.hours
        if left_wh <= 0.0:
            return index + 1
    return len(slots)
