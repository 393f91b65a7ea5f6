"""One known charger, driven by Ampacity."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ampacity.chargers.detect import async_detect

from .build import Built, load
from .conftest import Driven


async def drive(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    profile_id: str,
    states: dict[str, Any] | None = None,
) -> Driven:
    """Return a charger that was built and found, some of its states changed, not set up yet."""
    built = Built(hass, load(profile_id))
    for name, state in (states or {}).items():
        built.show(name, state)
    (found,) = await async_detect(hass)
    return Driven(hass, freezer, built, found)


async def wait(driven: Driven, minutes: int) -> None:
    """Let time pass in steps of a minute."""
    for _ in range(minutes):
        driven.freezer.tick(timedelta(seconds=60))
        driven.measure()
        async_fire_time_changed(driven.hass)
        await driven.hass.async_block_till_done()
