"""When a new schedule is worth making."""

from collections.abc import Hashable
from datetime import datetime

from ..model import Site, Snapshot
from ..outlook import SLOT
from ..state import EngineState


def occasion(
    site: Site, snapshot: Snapshot, state: EngineState, now: datetime
) -> Hashable:
    """Return what a schedule belongs to: once it has become another, a new one is due.

    That is with each slot, as cars charge a little more or less than planned and the sun shines as
    it likes, and at once when promises, cars, settings or prices have changed. Within a slot nobody
    is made to stop for a cent.
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
    return (now - datetime.min.replace(tzinfo=now.tzinfo)) // SLOT, chargers, prices
