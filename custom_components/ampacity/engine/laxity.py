"""How long each promised car could still wait: the latest safe start, whatever was planned.

Laxity is the time until the deadline less the time that charging takes: a term of real-time
scheduling (Dertouzos and Mok, 1989). Cars that share a limit are taken together, the earliest
deadline first: what all that are due by then need must fit into what the limit has until then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf

from .capacity import Pool, energy_wh
from .need import Need
from .outlook import Outlook

RESERVE_S = 300.0
"""Charging for a promise begins this long before the last moment at the latest."""
RUNNING_RESERVE_S = 120.0
"""A car that charges already needs no more than this, for more phases."""
RESERVE_SHARE = 0.05
"""And this part of the time that charging takes earlier still."""


def laxities_s(
    needs: Mapping[str, Need],
    pools: Iterable[Pool],
    outlook: Outlook | None,
    now: datetime,
) -> dict[str, float]:
    """Return for each need how long it could wait in s; below 0 it can't be met in time.

    Without an outlook each is looked at alone.
    """
    found = {key: _alone_s(need, now) for key, need in needs.items()}
    if outlook is None:
        return found
    for pool in pools:
        due = sorted(
            (key for key in needs if key in pool.members),
            key=lambda key: (needs[key].deadline, key),
        )
        for key, spare_s in _shared_s(pool, due, needs, outlook, now):
            found[key] = min(found[key], spare_s)
    return found


def reserve_s(need: Need, *, is_charging: bool = False) -> float:
    """Return how much laxity is kept for what nobody foresees; less for a car that charges."""
    start_s = RUNNING_RESERVE_S if is_charging else RESERVE_S
    return start_s + RESERVE_SHARE * _charging_s(need)


def reserve_begins(need: Need, *, is_charging: bool = False) -> datetime:
    """Return when that begins, before a need's deadline."""
    return need.deadline - timedelta(seconds=reserve_s(need, is_charging=is_charging))


def _alone_s(need: Need, now: datetime) -> float:
    return (need.deadline - now).total_seconds() - _charging_s(need)


def _charging_s(need: Need) -> float:
    if need.firm_wh <= 0.0:
        return 0.0
    return need.firm_wh / need.max_w * 3600.0 if need.max_w > 0.0 else inf


def _shared_s(
    pool: Pool,
    due: Sequence[str],
    needs: Mapping[str, Need],
    outlook: Outlook,
    now: datetime,
) -> Iterable[tuple[str, float]]:
    """Yield for each car under a limit how long all that are due with it or before could wait."""
    if len(due) == 0:
        return
    begins_s = (outlook.start - now).total_seconds()
    needed_wh, least_s = 0.0, inf
    spare_s: dict[str, float] = {}
    for key in due:
        needed_wh += needs[key].firm_wh
        left_s = (needs[key].deadline - now).total_seconds()
        room_wh = energy_wh(pool.room_w, begins_s, 0.0, left_s)
        mean_w = room_wh * 3600.0 / left_s if left_s > 0.0 else 0.0
        spare_s[key] = (room_wh - needed_wh) * 3600.0 / mean_w if mean_w else -left_s
    for key in reversed(due):
        least_s = min(least_s, spare_s[key])
        if needs[key].firm_wh > 0.0:
            yield key, least_s
