"""Automations on sessions and limits."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_mock_service,
)

from custom_components.ampacity.const import DOMAIN, EVENT_SESSION_STARTED
from custom_components.ampacity.coordinator import AmpacityCoordinator
from custom_components.ampacity.engine.model import Mode
from custom_components.ampacity.trigger import TRIGGERS

from .conftest import CHARGER_ID, House, SetUp, make_entry


@pytest.fixture
def calls(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the calls of the automations' action."""
    return async_mock_service(hass, "test", "automation")


def device_id(hass: HomeAssistant, identifier: str) -> str:
    """Return the id of a device of the site."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, identifier), "SITE1"
    )
    assert device
    return device.id


async def automate(hass: HomeAssistant, device: str, *triggers: str) -> None:
    """Set automations up that tell the data of their trigger."""
    told = {
        key: f"{{{{ trigger.{key} }}}}" for key in ("name", "device_id", "description")
    }
    automations = [
        {
            "alias": trigger,
            "triggers": {
                "trigger": f"{DOMAIN}.{trigger}",
                "options": {"device_id": device},
            },
            "actions": {"action": "test.automation", "data": told},
        }
        for trigger in triggers
    ]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    await hass.async_block_till_done()


async def plug(hass: HomeAssistant, house: House, state: str) -> None:
    """Plug a car in or out."""
    house.plugged = state
    house.show()
    await hass.async_block_till_done()


@pytest.mark.parametrize("watched", [CHARGER_ID, "SITE1"])
async def test_session_started_and_finished(
    hass: HomeAssistant,
    house: House,
    site: AmpacityCoordinator,
    calls: list[ServiceCall],
    watched: str,
) -> None:
    """Plugging in and out runs the automations of the charger and of its site."""
    device = device_id(hass, watched)
    await automate(hass, device, "session_started", "session_finished")
    for state, told in (("on", "session started"), ("off", "session finished")):
        await plug(hass, house, state)
        assert [call.data for call in calls] == [
            {
                "name": "Garage",
                "device_id": device_id(hass, CHARGER_ID),
                "description": f"{told} at Garage",
            }
        ]
        calls.clear()


async def test_limit_active(
    hass: HomeAssistant,
    house: House,
    site: AmpacityCoordinator,
    calls: list[ServiceCall],
) -> None:
    """A main fuse that leaves no room runs the automation."""
    await automate(hass, device_id(hass, CHARGER_ID), "limit_active")
    house.grid_w, house.currents_a = "16100", ("23.4", "23.3", "23.3")
    await plug(hass, house, "on")
    site.async_update_charger(CHARGER_ID, mode=Mode.FAST)
    await hass.async_block_till_done()
    assert [call.data["name"] for call in calls] == ["Garage"]


async def test_other_devices_do_not_trigger(
    hass: HomeAssistant,
    house: House,
    site: AmpacityCoordinator,
    calls: list[ServiceCall],
) -> None:
    """The solar plant has no sessions."""
    await automate(hass, device_id(hass, "SITE1_solar"), "session_started")
    seen = async_capture_events(hass, EVENT_SESSION_STARTED)
    await plug(hass, house, "on")
    assert len(seen) == 1
    assert calls == []


@pytest.mark.parametrize("trigger", list(TRIGGERS))
@pytest.mark.parametrize("options", [{}, {"device_id": []}, {"device_id": "nobody"}])
async def test_wrong_devices_are_refused(
    hass: HomeAssistant,
    site: AmpacityCoordinator,
    trigger: str,
    options: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An automation on a device of nobody's is reported, not silently dead."""
    config = {
        "automation": {
            "triggers": {"trigger": f"{DOMAIN}.{trigger}", "options": options},
            "actions": {"action": "test.automation"},
        }
    }
    await async_setup_component(hass, "automation", config)
    assert "failed to setup triggers" in caplog.text


async def test_a_car_that_is_there_from_the_start_has_a_device(
    hass: HomeAssistant, house: House, set_up: SetUp
) -> None:
    """The very first decision already tells which charger it speaks of."""
    seen = async_capture_events(hass, EVENT_SESSION_STARTED)
    house.plugged = "on"
    house.show()
    await set_up(make_entry())
    assert [event.data["device_id"] for event in seen] == [device_id(hass, CHARGER_ID)]
