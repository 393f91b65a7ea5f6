"""What entities and actions share when they promise something."""

from datetime import datetime
from typing import Final

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .const import CONF_SOC_SENSOR, DOMAIN
from .coordinator import AmpacityCoordinator
from .engine.model import Charger
from .engine.promise import Promise
from .engine.promise_risk import expected_car
from .engine.requests import set_promise

ONCE: Final = "once"
"""The single promise that a user changes through its entity."""
REPEATING: Final = "repeating"
"""The one that repeats, where none is named."""
RESERVED: Final = "calendar"
"""How the ids of promises that come from a calendar begin."""


def async_be_ready_by(
    coordinator: AmpacityCoordinator, charger_id: str, ready_by: datetime
) -> None:
    """Make or change the single promise of a charger; its amount stays as it was.

    Raises ServiceValidationError for a time in the past.
    """
    if ready_by <= dt_util.utcnow():
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="ready_by_past"
        )
    known = {one.id: one for one in coordinator.charger_state(charger_id).promises}
    before = known.get(ONCE, Promise(id=ONCE, ready_by=ready_by))
    promise = Promise(
        id=ONCE,
        ready_by=dt_util.as_utc(ready_by),
        soc=before.soc,
        energy_wh=before.energy_wh,
        price_limit=before.price_limit,
        below_limit_soc=before.below_limit_soc,
    )
    coordinator.async_request(set_promise(coordinator.state, charger_id, promise))


def knows_soc(coordinator: AmpacityCoordinator, charger: Charger) -> bool:
    """Return whether the state of charge is known of the car at a charger, or of who comes next."""
    held = coordinator.charger_state(charger.id)
    if held.parked.plugged_at is not None:
        return held.parked.soc is not None
    car = expected_car(coordinator.site, charger, held, away=True)
    if car is not None:
        memory = coordinator.state.vehicles.get(car.id)
        return memory is not None and memory.soc is not None
    subentry = coordinator.subentries[charger.id]
    return CONF_SOC_SENSOR in subentry.data
