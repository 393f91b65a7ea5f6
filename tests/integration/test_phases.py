"""Switching phases inside Home Assistant: the lever, the order, the reason, the repair issue."""

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.ampacity.const import DOMAIN

from .house import CHARGER_ID, ENTRY_ID, House, make_entry

PHASES = "input_select.wallbox_phases"
CHARGER = {
    "phases_kind": "select",
    "phases_entity": PHASES,
    "phases_one": "1",
    "phases_all": "3",
}


@pytest.fixture
def obeys() -> bool:
    """Return whether the lever does as it is told."""
    return True


@pytest.fixture
async def switching(hass: HomeAssistant, house: House, obeys: bool) -> House:
    """Return a house whose wallbox is on three phases, with sun for one."""

    @callback
    def select(call: ServiceCall) -> None:
        house.calls.append(call)
        if obeys:
            hass.states.async_set(PHASES, call.data["option"])

    hass.states.async_set(PHASES, "3")
    hass.services.async_register("input_select", "select_option", select)
    await house.set_up(make_entry(charger=CHARGER))
    await house.pass_time(120)
    house.calls.clear()
    house.solar_w = 3500.0
    return house


async def test_starts_on_one_phase(hass: HomeAssistant, switching: House) -> None:
    """The phases first, the start after the pause, and the sensor shows them."""
    reasons = set()
    while not any(call.service == "turn_on" for call in switching.calls):
        await switching.pass_time(5)
        reasons.add(switching.reason)
        assert len(switching.calls) < 10
    assert "switching_phases" in reasons
    services = [call.service for call in switching.calls]
    assert services.index("select_option") < services.index("turn_on")
    assert services.count("select_option") == 1
    assert hass.states.is_state(PHASES, "1")
    assert switching.coordinator.charger_state(CHARGER_ID).switching.phases == 1


@pytest.mark.parametrize("obeys", [False])
async def test_lever_that_does_nothing(hass: HomeAssistant, switching: House) -> None:
    """Two tries, then it says so and an issue names the charger."""
    await switching.pass_time(600)
    services = [call.service for call in switching.calls]
    assert services.count("select_option") == 2
    assert switching.reason == "phases_failed"
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"phases_failed_{ENTRY_ID}_{CHARGER_ID}"
    )
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["name"] == "Garage"
    switching.plugged = False
    await switching.pass_time(60)
    assert not ir.async_get(hass).async_get_issue(
        DOMAIN, f"phases_failed_{ENTRY_ID}_{CHARGER_ID}"
    )
