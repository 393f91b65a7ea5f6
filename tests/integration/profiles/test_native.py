"""What a charger does by itself is watched: told when it lasts, switched off when asked."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ampacity.const import DOMAIN

from .conftest import Driven
from .single import drive, wait

QUIET = {"switch.divert": "off", "switch.shaper": "off"}


def issues(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return what is told of such features."""
    return [
        one
        for one in ir.async_get(hass).issues.values()
        if one.domain == DOMAIN and one.translation_key == "native_feature"
    ]


async def running(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Driven:
    """Return a charger that does nothing by itself."""
    driven = await drive(hass, freezer, "openevse", QUIET)
    await driven.set_up(watch_native=True)
    await wait(driven, 7)
    assert issues(hass) == []
    return driven


async def fix(hass_client: ClientSessionGenerator, issue: ir.IssueEntry) -> Any:
    """Go through the repair of an issue."""
    client = await hass_client()
    data = {"handler": DOMAIN, "issue_id": issue.issue_id}
    answer = await client.post("/api/repairs/issues/fix", json=data)
    step = await answer.json()
    assert step["step_id"] == "confirm"
    answer = await client.post(f"/api/repairs/issues/fix/{step['flow_id']}", json={})
    return await answer.json()


async def test_comes_back_on(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
) -> None:
    """It is told after five minutes, nothing is done unasked, and the repair switches it off."""
    assert await async_setup_component(hass, REPAIRS, {})
    driven = await running(hass, freezer)
    driven.calls.clear()
    driven.built.show("switch.divert", "on")
    await wait(driven, 4)
    assert issues(hass) == []
    await wait(driven, 3)
    (issue,) = issues(hass)
    assert issue.is_fixable
    assert issue.translation_placeholders == {
        "site": "Home",
        "name": "Charger 1",
        "feature": "Its own solar charging",
        "entity_id": driven.built.entity_ids["switch.divert"],
    }
    divert = {"entity_id": driven.built.entity_ids["switch.divert"]}
    assert ("switch.turn_off", divert) not in driven.calls
    assert (await fix(hass_client, issue))["type"] == "create_entry"
    assert ("switch.turn_off", divert) in driven.calls
    await wait(driven, 10)
    assert issues(hass) == []


async def test_goes_off_by_itself(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What was on for a moment, or is off again, is no matter."""
    driven = await running(hass, freezer)
    driven.built.show("switch.divert", "on")
    await wait(driven, 3)
    driven.built.show("switch.divert", "unavailable")
    await wait(driven, 7)
    assert issues(hass) == []
    driven.built.show("switch.shaper", "on")
    await wait(driven, 7)
    assert len(issues(hass)) == 1
    driven.built.show("switch.shaper", "off")
    await wait(driven, 1)
    assert issues(hass) == []


@pytest.mark.parametrize(("error", "reason"), [(True, "native_failed"), (False, None)])
async def test_repair_that_does_not_help(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
    error: bool,
    reason: str | None,
) -> None:
    """A charger that refuses is told of at once, one that does not follow after a while again."""
    assert await async_setup_component(hass, REPAIRS, {})
    driven = await running(hass, freezer)
    driven.built.show("switch.divert", "on")
    await wait(driven, 7)
    (issue,) = issues(hass)
    if error:
        hass.services.async_remove("switch", "turn_off")
    else:
        hass.services.async_register("switch", "turn_off", lambda _: None)
    assert (await fix(hass_client, issue)).get("reason") == reason
    await wait(driven, 7)
    assert len(issues(hass)) == 1


async def test_kept_on_purpose(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Who wants to keep it hears nothing."""
    driven = await drive(hass, freezer, "openevse")
    await driven.set_up(watch_native=False)
    await wait(driven, 10)
    assert issues(hass) == []
