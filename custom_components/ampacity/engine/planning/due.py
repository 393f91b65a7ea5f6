"""When a new schedule is worth making."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from ..model import Site, Snapshot
from ..state import EngineState

EVERY = timedelta(minutes=5)
"""Cars charge a little more or less than planned, and the sun shines as it likes."""


def occasion(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime
) -> Hashable:
    """Return what a schedule belongs to: once it has become another, a new one is due.

    That is every few minutes, and at once when promises, cars, settings or prices have changed.
    """
    outlook = snapshot.outlook
    chargers = tuple(
        (
            charger,
            state.charger(charger.id).goal,
            snapshot.chargers[charger.id].status.is_plugged
            if charger.id in snapshot.chargers
            else None,
        )
        for charger in site.chargers
    )
    prices = (outlook.start, outlook.import_price) if outlook else None
    return (now - datetime.min.replace(tzinfo=now.tzinfo)) // EVERY, chargers, prices
