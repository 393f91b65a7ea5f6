"""Known chargers through Home Assistant's own integrations: found, set up, controlled, lost."""

from homeassistant.config_entries import RELOAD_AFTER_UPDATE_DELAY
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.ampacity.chargers.detect import async_detect

from . import scenario
from .conftest import Open
from .devices.openevse import OpenEvse
from .devices.v2c import Trydan
from .makes import MAKES, Make
from .place import Place

each_make = pytest.mark.parametrize("make", MAKES, ids=[make.domain for make in MAKES])


async def set_up(open_place: Open, make: Make) -> Place:
    """Add the integration by its dialog, a site, and the charger that is found, as proposed."""
    place = await open_place(make.device())
    await place.add(make.domain, host=place.device.address)
    await place.set_up_site()
    await place.add_found()
    return place


@each_make
async def test_is_found_and_controlled(open_place: Open, make: Make) -> None:
    """Surplus, all it has, a pause, a new start, and the car leaves; the energy is counted."""
    place = await open_place(make.device())
    await place.add(make.domain, host=place.device.address)
    await place.set_up_site()
    data = await place.add_found()
    assert data["profile"] == make.domain
    assert data["phases"] == make.phases
    assert data["max_current"] == make.max_current_a
    assert make.entities(place.hass, data)

    box = place.device.wallbox
    await scenario.charge_on_sun(place)
    await scenario.charge_fast(place, make.max_current_a, make.tells_s)
    await scenario.pause(place, make.tells_s)
    assert place.number("energy") == pytest.approx(box.total_wh / 1000, abs=0.02)
    await scenario.charge_on_sun(place)
    await scenario.pause(place, make.tells_s)
    await scenario.leave(place, make.tells_s)


@each_make
async def test_gone_and_back(open_place: Open, make: Make) -> None:
    """A charger that is not reached any more is offline, counts on, and is found again."""
    place = await set_up(open_place, make)
    await scenario.charge_on_sun(place)
    await scenario.vanish(place, make.gone_s)
    await scenario.come_back(place, make.back_s)


@each_make
async def test_restart_while_charging(open_place: Open, make: Make) -> None:
    """What it forgets over a restart is told again."""
    place = await set_up(open_place, make)
    await scenario.charge_on_sun(place)
    await place.device.stop()
    await place.pass_time(10)
    place.device.reboot()
    await place.device.start()
    await place.pass_time(make.back_s)
    await scenario.recover(place, make.back_s)
    assert place.device.wallbox.power_w < scenario.SUN_W, place.summary()


@each_make
async def test_disabled_entities_are_enabled(open_place: Open, make: Make) -> None:
    """What it needs and its owner has disabled is enabled by the dialog, and then works."""
    place = await open_place(make.device())
    await place.add(make.domain, host=place.device.address)
    registry = er.async_get(place.hass)
    (found,) = await async_detect(place.hass)
    proposed = make.entities(place.hass, dict(found.data))
    off = [
        entity_id
        for entity_id in proposed.values()
        if entity_id.startswith(("number.", "switch.", "select."))
    ]
    assert off
    for entity_id in off:
        by = er.RegistryEntryDisabler.USER
        registry.async_update_entity(entity_id, disabled_by=by)
    await place.pass_time(RELOAD_AFTER_UPDATE_DELAY + 4)
    assert not any(map(place.hass.states.get, off))
    await place.set_up_site()
    data = await place.add_found()
    assert make.entities(place.hass, data) == proposed
    await place.pass_time(RELOAD_AFTER_UPDATE_DELAY + 4)
    assert all(map(place.hass.states.get, off))
    await scenario.charge_on_sun(place)


async def test_native_features_are_switched_off(open_place: Open) -> None:
    """What would work against Ampacity is off on the devices themselves."""
    openevse, trydan = OpenEvse(), Trydan()
    for device, domain in ((openevse, "openevse"), (trydan, "v2c")):
        place = await open_place(device)
        await place.add(domain, host=device.address)
    await place.set_up_site()
    await place.add_found()
    await place.add_found()
    assert not openevse.solar_divert
    assert trydan.settings["Dynamic"] == 0
