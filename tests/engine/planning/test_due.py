"""When a new schedule is due."""

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.ampacity.engine.model import (
    ChargerReading,
    ChargerStatus,
    GridReading,
    Mode,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.planning.due import occasion
from custom_components.ampacity.engine.state import ChargerState, EngineState

from .scene import EVENING, charger, goal, outlook

BOX = charger()
SITE = Site(fuse_a=25.0, chargers=(BOX,))
STATE = EngineState(chargers={BOX.id: ChargerState(goal=goal(20_000.0))})
SNAPSHOT = Snapshot(
    grid=GridReading(power_w=Reading(value=300.0)),
    chargers={BOX.id: ChargerReading(status=ChargerStatus.CHARGING)},
    outlook=outlook(),
)


def at(
    now: datetime = EVENING,
    *,
    site: Site = SITE,
    state: EngineState = STATE,
    **changes: Any,
) -> Hashable:
    """Return the occasion of a moment."""
    return occasion(site, replace(SNAPSHOT, **changes), state, now)


def test_within_a_slot_one_plan_does() -> None:
    """What flows, and what the sun is expected to do, is looked at with the next slot."""
    grid = GridReading(power_w=Reading(value=9000.0))
    later = EVENING + timedelta(minutes=14, seconds=59)
    sunny = outlook(solar_w=lambda _: 500.0)
    assert at(later, grid=grid, outlook=sunny) == at()


@pytest.mark.parametrize(
    "changes",
    [
        {"now": EVENING + timedelta(minutes=15)},
        {"outlook": outlook(price=lambda _: 0.31)},
        {"outlook": None},
        {"site": replace(SITE, chargers=(replace(BOX, mode=Mode.OFF),))},
        {"site": replace(SITE, chargers=(replace(BOX, max_a=10.0),))},
        {"state": EngineState(chargers={BOX.id: ChargerState(goal=goal(30_000.0))})},
        {"state": EngineState()},
        {"chargers": {BOX.id: ChargerReading(status=ChargerStatus.DISCONNECTED)}},
        {"chargers": {}},
    ],
    ids=["slot", "price", "unknown", "mode", "current", "goal", "none", "gone", "lost"],
)
def test_what_calls_for_a_new_one(changes: dict[str, Any]) -> None:
    """The next slot, and whatever changes what is wanted or what it costs."""
    assert at(**changes) != at()
