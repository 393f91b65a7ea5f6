"""Makes the schedule: from needs, expectations and limits to when each charger is to charge.

It may take some milliseconds, so it runs beside control, which works with the newest schedule that
there is. Nothing depends on it but cost: what has to charge now is found without it.
"""

from datetime import datetime

from ..effective import effective_site
from ..model import Site, Snapshot
from ..need import need_of
from ..phases import at_present_phases
from ..plan import solve
from ..schedule import Schedule
from ..state import EngineState
from .front import front_loaded
from .pose import pose
from .tell import tell

__all__ = ["plan_site"]


def plan_site(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime
) -> Schedule:
    """Return the cheapest schedule that keeps all promises within all limits.

    Chargers without a promise, or without anything left to charge for it, are not in it. Without
    an outlook nothing is planned.
    """
    present = at_present_phases(site, snapshot, state)
    known = effective_site(present, snapshot, state)
    needs = {
        charger.id: need
        for charger in known.chargers
        if (need := need_of(known, charger, snapshot, state, now)) is not None
    }
    outlook = snapshot.outlook
    if outlook is None or not needs or outlook.index(now) is None:
        return Schedule(made_at=now)
    posed = pose(known, snapshot, state, outlook, needs, now)
    solution = solve(posed.problem)
    if posed.problem.peak is None:
        solution = front_loaded(posed.problem, posed.cars, solution)
    return tell(known, state, posed, solution)
