"""What a charger still needs for its promise."""

from dataclasses import dataclass
from datetime import datetime

from .model import MIN_CURRENT_A, Charger, Site, Snapshot
from .state import EngineState


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Energy that a charger has yet to take, losses included, and what it can take it with."""

    deadline: datetime
    firm_wh: float
    """Promised, whatever it costs."""
    max_w: float
    """The most that car and charger take together, where no limit of the site stops them."""
    min_w: float
    """The least with which they charge."""
    extra_wh: float = 0.0
    """Wanted beyond that at no more than ``price_limit``."""
    price_limit: float | None = None
    """Currency per kWh."""


def need_of(
    site: Site, charger: Charger, snapshot: Snapshot, state: EngineState, now: datetime
) -> Need | None:
    """Return what a charger has yet to take for its goal; None where that is nothing."""
    held = state.charger(charger.id)
    goal = held.goal
    if goal is None or goal.met or goal.energy_wh is None:
        return None
    if not snapshot.chargers[charger.id].status.is_plugged:
        return None
    charged_wh = held.session.energy_wh if held.session else 0.0
    if goal.energy_wh <= charged_wh:
        return None
    w_per_a = site.voltage_v * charger.phases
    return Need(
        deadline=goal.ready_by,
        firm_wh=goal.energy_wh - charged_wh,
        max_w=charger.max_a * w_per_a,
        min_w=max(charger.min_a, MIN_CURRENT_A) * w_per_a,
    )
