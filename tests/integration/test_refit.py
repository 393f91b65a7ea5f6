"""Adding, changing or removing one charger or circuit leaves the others' control alone."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.ampacity.const import (
    EVENT_SESSION_FINISHED,
    EVENT_SESSION_STARTED,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
)
from custom_components.ampacity.engine.state import Phase

from .yard import ENTRY_ID, Yard, charger, make_yard_entry, meter

NAMES = ("left", "right", "third")
CIRCUITS = {"garage": {"fuse": 40}}


@pytest.fixture
async def yard(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Yard:
    """Return a yard in which the left car boosts, the right one charges, and a third box waits."""
    yard = Yard(hass, freezer, names=NAMES, unplugged={"third"})
    chargers = {
        "left": charger("left", circuit="garage"),
        "right": charger("right", circuit="garage"),
    }
    await yard.set_up(make_yard_entry(chargers, CIRCUITS))
    await yard.charge("left", "right")
    await yard.act("boost", "left", duration={"hours": 2}, current=12)
    await yard.pass_time(60)
    yard.calls.clear()
    assert (yard.offered_a("left"), yard.offered_a("right")) == (12, 16)
    return yard


type Step = Callable[[Yard], Awaitable[None]]

STEPS: dict[str, Step] = {
    "add a charger": lambda x: x.add(SUBENTRY_CHARGER, "third", charger("third")),
    "add a circuit": lambda x: x.add(SUBENTRY_CIRCUIT, "barn", {"fuse": 20}),
    "change a charger's current": lambda x: x.change("right", max_current=10),
    "change a charger's name": lambda x: x.change("right", title="Carport"),
    "move a charger": lambda x: x.change("right", circuit=None),
    "change a circuit": lambda x: x.change("garage", fuse=50),
    "remove a charger": lambda x: x.remove("right"),
    "remove a circuit": lambda x: x.remove("garage"),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
async def test_others_go_on(hass: HomeAssistant, yard: Yard, step: Step) -> None:
    """No command, no lost timer, session or boost, no start anew, no gap in its entities."""
    registry = er.async_get(hass)
    ours = [
        entry.entity_id
        for entry in er.async_entries_for_config_entry(registry, ENTRY_ID)
        if entry.config_subentry_id in (None, "left") and not entry.disabled_by
    ]
    seen: list[str] = []

    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        seen.append(state.state if state else "gone")

    async_track_state_change_event(hass, ours, note)
    started = async_capture_events(hass, EVENT_SESSION_STARTED)
    finished = async_capture_events(hass, EVENT_SESSION_FINISHED)
    coordinator = yard.coordinator
    before = coordinator.charger_state("left")

    await step(yard)

    assert yard.coordinator is coordinator
    assert coordinator.charger_state("left") == replace(
        before, room=coordinator.charger_state("left").room
    )
    await yard.pass_time(120)
    after = coordinator.charger_state("left")
    assert after.phase is Phase.CHARGING
    assert (after.since_s, after.plugged_s) == (before.since_s, before.plugged_s)
    assert after.session is not None
    assert before.session is not None
    assert after.session.started == before.session.started
    assert after.boost is not None
    assert before.boost is not None
    assert before.boost.remaining_s is not None
    assert after.boost.remaining_s == pytest.approx(before.boost.remaining_s - 120)
    assert yard.calls_to("left") == []
    assert yard.offered_a("left") == 12
    assert yard.reason("left").startswith("boost")
    assert not {"unavailable", "unknown", "gone", "starting_up"} & set(seen)
    assert not started
    assert not finished


async def test_added_charger_is_taken_over(hass: HomeAssistant, yard: Yard) -> None:
    """It has its entities at once, and is controlled without a reload."""
    yard.unplugged.clear()
    yard.measure()
    await yard.add(SUBENTRY_CHARGER, "third", charger("third", circuit="garage"))
    assert yard.state("select", "third_mode") == "solar"
    assert yard.state("sensor", "third_reason") == "starting_up"
    await yard.charge("third", seconds=30)
    assert yard.offered_a("third") >= 6
    total_a = sum(map(yard.offered_a, NAMES))
    assert total_a <= 40 * 0.95


async def test_changed_charger_follows(hass: HomeAssistant, yard: Yard) -> None:
    """Its range, its name and its lever are the new ones; its session and settings go on."""
    session = yard.coordinator.charger_state("right").session
    await yard.change("right", title="Carport", max_current=10)
    number = hass.states.get(yard.entity_id("number", "right_max_current"))
    assert number is not None
    assert (number.state, number.attributes["max"]) == ("10.0", 10.0)
    device = yard.device("right")
    assert device is not None
    assert device.name == "Carport"
    assert yard.state("select", "right_mode") == "fast"
    now = yard.coordinator.charger_state("right").session
    assert session is not None
    assert now is not None
    assert now.started == session.started
    await yard.pass_time(20)
    assert yard.offered_a("right") == 10


async def test_changed_twice_in_one_turn(hass: HomeAssistant, yard: Yard) -> None:
    """Two changes at once leave one set of entities, as configured last."""
    right = yard.entry.subentries["right"]
    for current in (8, 9):
        data = {**right.data, "max_current": current}
        hass.config_entries.async_update_subentry(yard.entry, right, data=data)
    await hass.async_block_till_done()
    number = hass.states.get(yard.entity_id("number", "right_max_current"))
    assert number is not None
    assert (number.state, number.attributes["max"]) == ("9.0", 9.0)


async def test_changed_and_removed_in_one_turn(hass: HomeAssistant, yard: Yard) -> None:
    """A charger that goes while its entities are renewed leaves none behind."""
    right = yard.entry.subentries["right"]
    data = {**right.data, "max_current": 8}
    hass.config_entries.async_update_subentry(yard.entry, right, data=data)
    await yard.remove("right")
    entries = er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
    assert not [entry for entry in entries if entry.config_subentry_id == "right"]
    assert not [one for one in hass.states.async_entity_ids() if "right_mode" in one]


async def test_removed_charger_is_let_go(hass: HomeAssistant, yard: Yard) -> None:
    """It is lowered to its safe current; nothing of it stays, and the rest can charge."""
    await yard.remove("right")
    assert yard.offered_a("right") == 6
    assert yard.device("right") is None
    assert yard.coordinator.charger_ids == ("left",)
    assert "right" not in yard.coordinator.state.chargers
    yard.calls.clear()
    hass.states.async_set("sensor.grid_l1", "70", {"unit_of_measurement": "A"})
    assert yard.calls_to("left")
    assert not yard.calls_to("right")


async def test_new_sources_are_followed_and_old_ones_not(
    hass: HomeAssistant, yard: Yard
) -> None:
    """A circuit's new meter wakes the guard from now on, and no longer once it is removed."""
    history = yard.coordinator.history
    await yard.change("garage", **meter("garage"))
    yard.show("garage", 28.0)
    before = list(history)[-1]
    yard.show("garage", 28.5)
    assert list(history)[-1] is not before
    assert list(history)[-1].tempo == "guard"
    await yard.remove("garage")
    before = list(history)[-1]
    yard.show("garage", 29.0)
    assert list(history)[-1] is before


async def test_sensors_come_and_go_with_the_meter(yard: Yard) -> None:
    """A circuit that gets a meter gets its sensors, one that loses it leaves none behind."""
    registry = er.async_get(yard.hass)

    def keys() -> set[str]:
        entries = er.async_entries_for_config_entry(registry, ENTRY_ID)
        return {
            entry.unique_id.removeprefix("garage_")
            for entry in entries
            if entry.config_subentry_id == "garage"
        }

    assert keys() == {"limiting"}
    await yard.change("garage", **meter("garage"))
    currents = {f"current_l{n}" for n in (1, 2, 3)}
    assert keys() == {"limiting", *currents, *(f"headroom_l{n}" for n in (1, 2, 3))}
    await yard.change("garage", fuse=None, power_limit=20)
    assert keys() == {"limiting", *currents}
    await yard.change("garage", **dict.fromkeys(meter("garage")))
    assert keys() == {"limiting"}


async def test_change_of_the_site_is_a_reload(hass: HomeAssistant, yard: Yard) -> None:
    """A site configured anew is set up anew, with all that is remembered handed over."""
    before = yard.coordinator
    data: dict[str, Any] = {**yard.entry.data, "main_fuse": 50}
    hass.config_entries.async_update_entry(yard.entry, data=data)
    await hass.async_block_till_done()
    assert yard.coordinator is not before
    assert yard.coordinator.site.fuse_a == 50
    assert not yard.calls
    await before.async_refit()
    assert before.site.fuse_a == 63
