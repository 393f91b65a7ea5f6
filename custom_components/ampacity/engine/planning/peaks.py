"""What a peak tariff means to the planner, which knows one free mean for all windows."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from ..peak import PeakTerm
from ..plan import Peak, Slot

NEVER_W = -1e9
"""Import without cars in a slot that does not count: whatever the cars take adds no peak."""


def with_peak(
    slots: Sequence[Slot], term: PeakTerm | None, first: int
) -> tuple[list[Slot], Peak | None]:
    """Return the slots and the peak of a tariff; ``first`` is the outlook's slot that they begin with.

    Windows differ in what is free, in the one that is running most: what is free less is put to
    the house, so that one value holds for all.
    """
    if term is None:
        return list(slots), None
    free_w = term.free_w[first:]
    counting = [one for one in free_w if isfinite(one)]
    if not counting:
        return list(slots), None
    paid_w = max(counting)
    shifted = [
        replace(
            slot,
            house_w=slot.house_w + paid_w - one if isfinite(one) else NEVER_W,
        )
        for slot, one in zip(slots, free_w, strict=True)
    ]
    return shifted, Peak(
        price=term.price_per_w,
        paid_w=paid_w,
        window=term.window_slots,
        offset=(term.offset + first) % term.window_slots,
    )
