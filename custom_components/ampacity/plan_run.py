"""Runs: planned slots that follow each other without a gap, seen as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .engine.schedule import PlannedSlot, SlotReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A span in which a charger charges by its plan."""

    start: datetime
    end: datetime
    energy_wh: float
    price: float
    """Currency per kWh, the mean of what comes from the grid."""
    reason: SlotReason
    """That of most of its energy."""

    @property
    def power_w(self) -> float:
        """The mean power."""
        return self.energy_wh / ((self.end - self.start).total_seconds() / 3600.0)


def runs(slots: Iterable[PlannedSlot]) -> tuple[Run, ...]:
    """Return the runs of the slots, which are in order."""
    groups: list[list[PlannedSlot]] = []
    for slot in slots:
        if groups and groups[-1][-1].end == slot.start:
            groups[-1].append(slot)
        else:
            groups.append([slot])
    return tuple(_run(group) for group in groups)


def _run(group: list[PlannedSlot]) -> Run:
    by_reason: dict[SlotReason, float] = {}
    grid_wh = cost = 0.0
    for slot in group:
        by_reason.setdefault(slot.reason, 0.0)
        by_reason[slot.reason] += slot.energy_wh
        grid_wh += slot.bought_wh
        cost += slot.bought_wh * slot.price
    mean = sum(slot.price for slot in group) / len(group)
    return Run(
        start=group[0].start,
        end=group[-1].end,
        energy_wh=sum(by_reason.values()),
        price=cost / grid_wh if grid_wh > 0.0 else mean,
        reason=max(by_reason, key=lambda reason: by_reason[reason]),
    )
