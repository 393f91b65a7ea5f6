"""What was learned and counted of a charger: shown, kept over restarts, and taken over."""

from copy import deepcopy
from typing import Any, override

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.components.repairs.issue_handler import RepairsFlowManager
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN

from .house import CHARGER_ID, ENTRY_ID, GRID_CURRENTS, House, make_entry

ISSUE = f"phase_map_differs_{ENTRY_ID}_{CHARGER_ID}"
KEY = f"{DOMAIN}.{ENTRY_ID}"
COUNTERS = ("contactor_cycles", "phase_switches", "writes")
SINGLE = {"phases": 1, "phase_map": "l1", "settle_time": None}


class MiswiredHouse(House):
    """The wallbox has one phase, and hangs on L2."""

    @override
    def meter(self) -> None:
        """Let the grid meter report what flows."""
        states, taken_a = self.hass.states, self.taken_a
        for phase, entity_id in enumerate(GRID_CURRENTS):
            flowing_a = self.base_a[phase] + (taken_a if phase == 1 else 0.0)
            states.async_set(
                entity_id, f"{flowing_a:.2f}", {"unit_of_measurement": "A"}
            )
        power_w = (sum(self.base_a) + taken_a) * 230.0
        states.async_set(
            "sensor.grid_power", f"{power_w:.0f}", {"unit_of_measurement": "W"}
        )


@pytest.fixture
def house(hass: HomeAssistant, freezer: Any) -> House:
    """Return a house whose wallbox is wired to L2."""
    return MiswiredHouse(hass, freezer)


async def set_up(house: House, phase_map: str) -> MockConfigEntry:
    """Set the house up with a wallbox that is said to be on a phase."""
    charger = SINGLE | {"phase_map": phase_map, "power_sensor": None}
    return await house.set_up(make_entry(charger=charger))


async def make_steps(house: House, times: int) -> None:
    """Let the charger go down and up again."""
    await house.choose("fast")
    await house.pass_time(90)
    for number in range(times):
        house.coordinator.async_update_charger(
            CHARGER_ID, max_a=16.0 if number % 2 else 10.0
        )
        await house.pass_time(90)


async def confirm(hass: HomeAssistant) -> dict[str, Any]:
    """Open the repair and confirm it."""
    assert await async_setup_component(hass, REPAIRS, {})
    manager: RepairsFlowManager = hass.data[REPAIRS]["flow_manager"]
    form = await manager.async_init(DOMAIN, context={"issue_id": ISSUE})
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "confirm"
    placeholders = form["description_placeholders"]
    assert placeholders is not None
    assert placeholders["configured"] == "L1"
    assert placeholders["learned"] == "L2"
    result = await manager.async_configure(form["flow_id"], {})
    await hass.async_block_till_done()
    return dict(result)


async def test_unknown_phase_is_learned_and_shown(
    hass: HomeAssistant, house: House
) -> None:
    """After three steps it is used, and no message is needed."""
    await set_up(house, "unknown")
    await make_steps(house, 1)
    explained = await house.act("explain")
    assert explained is not None
    assert explained["learned"]["phase_map"] is None
    await make_steps(house, 4)
    explained = await house.act("explain")
    assert explained is not None
    learned = explained["learned"]
    assert learned["phase_map"] == "l2"
    assert 3.0 <= learned["settle_s"] <= 20.0
    assert not ir.async_get(hass).issues


async def test_contradiction_is_told_and_repaired(
    hass: HomeAssistant, house: House
) -> None:
    """Five steps against the configuration: an issue; confirmed, the configuration follows."""
    entry = await set_up(house, "l1")
    await make_steps(house, 3)
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None
    await make_steps(house, 4)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    assert issue is not None
    assert issue.is_fixable

    result = await confirm(hass)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.subentries[CHARGER_ID].data["phase_map"] == "l2"
    await house.pass_time(60)
    assert house.coordinator.site.chargers[0].phase_map == (1,)
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None
    assert house.offered_a > 0.0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("removed", "charger_gone"),
        ("unloaded", "not_loaded"),
        ("same", "no_difference"),
    ],
)
async def test_repair_that_comes_too_late(
    hass: HomeAssistant, house: House, change: str, reason: str
) -> None:
    """It says so and changes nothing."""
    entry = await set_up(house, "l1")
    await make_steps(house, 7)
    assert await async_setup_component(hass, REPAIRS, {})
    manager: RepairsFlowManager = hass.data[REPAIRS]["flow_manager"]
    form = await manager.async_init(DOMAIN, context={"issue_id": ISSUE})
    subentry = entry.subentries[CHARGER_ID]
    if change == "removed":
        hass.config_entries.async_remove_subentry(entry, CHARGER_ID)
    elif change == "unloaded":
        await hass.config_entries.async_set_disabled_by(
            ENTRY_ID, ConfigEntryDisabler.USER
        )
    else:
        data = {**subentry.data, "phase_map": "l2"}
        hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done()
    result = await manager.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason


async def test_counters_go_on_after_a_restart(
    hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
) -> None:
    """Cycles, switches and commands, and what was learned, are on disk."""
    await set_up(house, "unknown")
    for key in COUNTERS:
        er.async_get(hass).async_update_entity(
            house.entity_id("sensor", key), disabled_by=None
        )
    await hass.config_entries.async_reload(ENTRY_ID)
    await make_steps(house, 5)
    await house.choose("off")
    await house.pass_time(60)
    before = counters(house)
    assert before == {
        "contactor_cycles": 1,
        "phase_switches": 0,
        "writes": before["writes"],
    }
    assert before["writes"] >= 5
    await house.coordinator._keeper.async_save(handover=False)
    on_disk = deepcopy(hass_storage[KEY])
    await hass.config_entries.async_unload(ENTRY_ID)
    hass_storage[KEY] = on_disk
    assert await hass.config_entries.async_setup(ENTRY_ID)
    await hass.async_block_till_done()
    assert counters(house) == before
    assert house.coordinator.charger_state(CHARGER_ID).learned.phase_map == (1,)


def counters(house: House) -> dict[str, int]:
    """Return the counters' states."""
    found = {}
    for key in COUNTERS:
        state = house.hass.states.get(house.entity_id("sensor", key))
        assert state is not None
        assert state.attributes["state_class"] == "total_increasing"
        found[key] = int(state.state)
    return found


async def test_counters_are_disabled_at_first(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House
) -> None:
    """They are diagnostics."""
    registry = er.async_get(hass)
    for key in COUNTERS:
        entry = registry.async_get(house.entity_id("sensor", key))
        assert entry is not None
        assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        assert entry.entity_category == "diagnostic"
