"""Circuits and several chargers in one site, from their meters to their entities."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ampacity.circuits import async_adopt_orphans
from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.runtime.equipment import Equipment
from custom_components.ampacity.runtime.history import replay

from .yard import AMPERE, ENTRY_ID, Yard, charger, make_yard_entry, meter

FED = ("left", "right")
BOTH = {name: charger(name, circuit="garage") for name in FED}
METERED = {"garage": {"fuse": 32, **meter("garage")}}


@pytest.fixture
def yard(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Yard:
    """Return a yard whose two wallboxes hang on a garage with a meter."""
    return Yard(hass, freezer, metered={"garage": FED})


@pytest.fixture
async def charging(yard: Yard) -> Yard:
    """Return it with both cars charging, held back by the garage's 32 A."""
    await yard.set_up(make_yard_entry(BOTH, METERED))
    await yard.charge(*FED)
    assert [yard.offered_a(name) for name in FED] == [15, 15]
    return yard


async def test_circuit_is_shared(charging: Yard) -> None:
    """Two equal chargers get equal parts of what the circuit leaves, and say why."""
    assert [charging.reason(name) for name in FED] == ["circuit", "circuit"]
    sentence = charging.hass.states.get(charging.entity_id("sensor", "left_reason"))
    assert sentence is not None
    assert "Garage" in sentence.attributes["sentence"]
    assert charging.state("binary_sensor", "garage_limiting") == "on"


@pytest.mark.parametrize("phase", [1, 2, 3])
async def test_circuit_meter_wakes_the_guard(charging: Yard, phase: int) -> None:
    """An overload of the circuit is acted on within the turn of its own meter's report."""
    entity_id = f"sensor.garage_l{phase}"
    charging.hass.states.async_set(entity_id, "42.0", AMPERE)
    assert len(charging.calls) == 2
    assert {call.service for call in charging.calls} == {"set_value"}
    assert sum(call.data["value"] for call in charging.calls) <= 30 - (42.0 - 30.4)


async def test_other_load_on_the_circuit(charging: Yard) -> None:
    """What else hangs on the circuit leaves less for the cars, for good."""
    charging.other_a["garage"] = 5.0
    await charging.pass_time(240)
    assert [charging.offered_a(name) for name in FED] == [12, 12]


async def test_circuit_without_meter_counts_its_chargers(yard: Yard) -> None:
    """It carries its chargers and nothing else; it has no sensors but the one."""
    yard.metered.clear()
    await yard.set_up(make_yard_entry(BOTH, {"garage": {"fuse": 20}}))
    await yard.charge(*FED)
    assert [yard.offered_a(name) for name in FED] == [9, 9]
    assert yard.state("binary_sensor", "garage_limiting") == "on"
    with pytest.raises(AssertionError):
        yard.entity_id("sensor", "garage_current_l1")


async def test_power_limit_of_a_circuit(yard: Yard) -> None:
    """A limit in kW holds as well."""
    yard.metered.clear()
    circuits = {"garage": {"power_limit": 11}}
    await yard.set_up(make_yard_entry(BOTH, circuits))
    await yard.charge(*FED)
    total_a = sum(map(yard.offered_a, FED))
    assert 12 <= total_a <= 11_000 * 0.95 / 690


async def test_nested_circuits(yard: Yard) -> None:
    """A charger keeps the limits of all circuits above it, the one beside it does not."""
    yard.metered.clear()
    chargers = {
        "left": charger("left", circuit="inner"),
        "right": charger("right", circuit="outer"),
    }
    circuits: dict[str, dict[str, Any]] = {
        "outer": {"fuse": 25},
        "inner": {"fuse": 10, "parent_circuit": "outer"},
    }
    await yard.set_up(make_yard_entry(chargers, circuits))
    await yard.charge(*FED)
    assert [yard.offered_a(name) for name in FED] == [9, 14]


async def test_weight(yard: Yard) -> None:
    """A charger with twice the share gets twice as much."""
    chargers = {**BOTH, "right": charger("right", circuit="garage", weight=2.0)}
    await yard.set_up(make_yard_entry(chargers, {"garage": {"fuse": 25}}))
    await yard.charge(*FED)
    assert [yard.offered_a(name) for name in FED] == [7, 15]


async def test_priority_through_its_entity(charging: Yard) -> None:
    """The one with priority gets all it wants, the other what is left, at least its minimum."""
    await charging.hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": charging.entity_id("number", "right_priority"), "value": 1},
        blocking=True,
    )
    await charging.pass_time(240)
    assert [charging.offered_a(name) for name in FED] == [14, 16]


async def test_actions_reach_one_charger(charging: Yard) -> None:
    """A limit on one charger leaves room that the other one takes."""
    await charging.act("limit", "left", current=8)
    await charging.pass_time(120)
    assert [charging.offered_a(name) for name in FED] == [8, 16]
    answer = await charging.act("explain", ENTRY_ID)
    assert {one["name"] for one in answer["chargers"]} == {"Left", "Right"}
    await charging.act("clear_limit", "left")
    await charging.pass_time(120)
    assert [charging.offered_a(name) for name in FED] == [15, 15]


async def test_circuit_is_no_charger(charging: Yard) -> None:
    """An action for a circuit is answered in words."""
    with pytest.raises(ServiceValidationError, match="Garage"):
        await charging.act("limit", "garage", current=8)


async def test_sensors(charging: Yard) -> None:
    """Current and headroom of the circuit, per phase, on a device of its own."""
    for phase in (1, 2, 3):
        current = float(charging.state("sensor", f"garage_current_l{phase}"))
        headroom = float(charging.state("sensor", f"garage_headroom_l{phase}"))
        assert current == pytest.approx(30.0)
        assert headroom == pytest.approx(0.4)
    (told,) = (await charging.act("explain", ENTRY_ID))["circuits"]
    assert told["name"] == "Garage"
    assert told["current_a"] == pytest.approx([30.0] * 3)
    assert told["headroom_a"] == pytest.approx([0.4] * 3)
    assert told["limiting"] is True
    assert told["meter_lost"] is None
    device, site = charging.device("garage"), charging.device(ENTRY_ID)
    assert device is not None
    assert site is not None
    assert (device.name, device.via_device_id) == ("Garage", site.id)
    assert device.entry_type is dr.DeviceEntryType.SERVICE


@pytest.mark.parametrize("state", ["unavailable", "unknown", "nan", None])
async def test_lost_meter_of_a_circuit(charging: Yard, state: str | None) -> None:
    """Who hangs on a circuit whose meter is lost goes to the safe current, others go on."""
    await charging.change("right", circuit=None)
    charging.metered["garage"] = ("left",)
    await charging.pass_time(120)
    assert charging.offered_a("right") == 16
    charging.silent.add("garage")
    for phase in (1, 2, 3):
        entity_id = f"sensor.garage_l{phase}"
        if state is None:
            charging.hass.states.async_remove(entity_id)
        else:
            charging.hass.states.async_set(entity_id, state, AMPERE)
    await charging.pass_time(30)
    assert [charging.offered_a(name) for name in FED] == [6, 16]
    assert charging.reason("left") == "meter_stale"
    assert charging.state("sensor", "garage_current_l1") == "unknown"


async def test_lost_meter_of_a_circuit_is_told(charging: Yard) -> None:
    """After five minutes a message names the circuit; it goes when the meter is back."""
    registry = ir.async_get(charging.hass)
    issue = (DOMAIN, f"circuit_meter_lost_{ENTRY_ID}_garage")
    charging.silent.add("garage")
    await charging.pass_time(240)
    assert registry.async_get_issue(*issue) is None
    await charging.pass_time(180)
    raised = registry.async_get_issue(*issue)
    assert raised is not None
    assert raised.translation_placeholders == {"site": "Yard", "name": "Garage"}
    charging.silent.clear()
    await charging.pass_time(60)
    assert registry.async_get_issue(*issue) is None


async def test_removed_circuit_leaves_its_own_to_the_one_above(yard: Yard) -> None:
    """Chargers and circuits that hung on it hang on what it hung on; its device goes."""
    yard.metered.clear()
    chargers = {
        "left": charger("left", circuit="inner"),
        "right": charger("right", circuit="middle"),
    }
    circuits: dict[str, dict[str, Any]] = {
        "outer": {"fuse": 30},
        "middle": {"fuse": 20, "parent_circuit": "outer"},
        "inner": {"fuse": 10, "parent_circuit": "middle"},
    }
    await yard.set_up(make_yard_entry(chargers, circuits))
    await yard.remove("middle")
    site = yard.coordinator.site
    assert {one.id: one.parent_id for one in site.circuits} == {
        "outer": None,
        "inner": "outer",
    }
    assert {one.id: one.circuit_id for one in site.chargers} == {
        "left": "inner",
        "right": "outer",
    }
    assert yard.entry.subentries["right"].data["circuit"] == "outer"
    assert yard.device("middle") is None
    await yard.remove("outer")
    await yard.remove("inner")
    assert {one.circuit_id for one in yard.coordinator.site.chargers} == {None}
    assert "circuit" not in yard.entry.subentries["left"].data


@pytest.mark.parametrize(
    ("circuits", "parents"),
    [
        ({"garage": {"fuse": 20, "parent_circuit": "gone"}}, {"garage": None}),
        ({"garage": {"fuse": 20, "parent_circuit": "garage"}}, {"garage": None}),
        (
            {
                "garage": {"fuse": 20, "parent_circuit": "barn"},
                "barn": {"fuse": 20, "parent_circuit": "garage"},
                "shed": {"fuse": 20, "parent_circuit": "barn"},
            },
            {"garage": None, "barn": None, "shed": "barn"},
        ),
    ],
)
async def test_what_hangs_on_nothing_hangs_on_the_main_fuse(
    yard: Yard, circuits: dict[str, dict[str, Any]], parents: dict[str, str | None]
) -> None:
    """A circuit that is gone, or goes round, is no reason not to guard the main fuse."""
    yard.metered.clear()
    chargers = {
        "left": charger("left", circuit="garage"),
        "right": charger("right", circuit="gone"),
    }
    await yard.set_up(make_yard_entry(chargers, circuits, main_fuse=25))
    site = yard.coordinator.site
    assert {one.id: one.parent_id for one in site.circuits} == parents
    assert [one.circuit_id for one in site.chargers] == ["garage", None]
    await yard.charge(*FED)
    assert sum(map(yard.offered_a, FED)) + yard.base_a <= 25 * 0.95
    assert yard.offered_a("right") >= 6


async def test_whole_branch_that_is_removed_at_once(yard: Yard) -> None:
    """What hung on a circuit that went with the one above it hangs on the next that is there."""
    circuits: dict[str, dict[str, Any]] = {
        "outer": {"fuse": 30},
        "middle": {"fuse": 20, "parent_circuit": "outer"},
        "inner": {"fuse": 10, "parent_circuit": "middle"},
        "one": {"fuse": 10, "parent_circuit": "other"},
        "other": {"fuse": 10, "parent_circuit": "one"},
    }
    chargers = {
        "left": charger("left", circuit="inner"),
        "right": charger("right", circuit="one"),
    }
    entry = make_yard_entry(chargers, circuits)
    before = Equipment.from_entry(entry).circuits
    entry.add_to_hass(yard.hass)
    for name in ("middle", "inner", "one", "other"):
        yard.hass.config_entries.async_remove_subentry(entry, name)
    async_adopt_orphans(yard.hass, entry, before)
    assert entry.subentries["left"].data["circuit"] == "outer"
    assert "circuit" not in entry.subentries["right"].data


async def test_imbalance_option_reaches_the_engine(
    hass: HomeAssistant, yard: Yard
) -> None:
    """Two cars on one and the same phase may not differ from the others by more than 4.6 kVA."""
    on_l1 = {"phases": 1, "phase_map": "l1", "max_current": 16}
    chargers = {name: charger(name, **on_l1) for name in FED}
    entry = make_yard_entry(chargers)
    yard.metered.clear()
    await yard.set_up(entry)
    hass.config_entries.async_update_entry(entry, options={"imbalance_limit": 4.6})
    await hass.async_block_till_done()
    assert yard.coordinator.site.imbalance_w == 4600


async def test_diagnostics(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, charging: Yard
) -> None:
    """Circuits are in the download, and what was decided with them can be replayed."""
    download: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, charging.entry
    )
    assert download["circuits"] == {"garage": METERED["garage"]}
    *_, (record, result) = replay(download["decisions"])
    assert record.view.circuits["garage"].limiting
    assert result.view == record.view
