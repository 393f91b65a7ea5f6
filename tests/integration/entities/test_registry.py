"""Which devices and entities a site has: names, ids, classes, units, categories."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.ampacity.const import DOMAIN
from custom_components.ampacity.coordinator import AmpacityCoordinator
from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import ChargerStatus, Mode

from .conftest import CHARGER_ID, EntityId, SetUp, make_entry

# platform, unique id -> entity id, device class, unit, category
EXPECTED = {
    ("sensor", "SITE1_grid_power"): ("home_grid_power", "power", "W", None),
    ("sensor", "SITE1_home_power"): ("home_household_power", "power", "W", None),
    ("sensor", "SITE1_current_l1"): ("home_current_l1", "current", "A", "diagnostic"),
    ("sensor", "SITE1_current_l2"): ("home_current_l2", "current", "A", "diagnostic"),
    ("sensor", "SITE1_current_l3"): ("home_current_l3", "current", "A", "diagnostic"),
    ("sensor", "SITE1_headroom_l1"): ("home_headroom_l1", "current", "A", "diagnostic"),
    ("sensor", "SITE1_headroom_l2"): ("home_headroom_l2", "current", "A", "diagnostic"),
    ("sensor", "SITE1_headroom_l3"): ("home_headroom_l3", "current", "A", "diagnostic"),
    ("sensor", "SITE1_import_price"): (
        "home_price_of_electricity",
        None,
        "EUR/kWh",
        None,
    ),
    ("sensor", "SITE1_solar_power"): ("home_solar_power", "power", "W", None),
    ("sensor", "SITE1_surplus_power"): ("home_solar_surplus", "power", "W", None),
    ("sensor", "SITE1_solar_forecast_today"): (
        "home_solar_solar_forecast_today",
        "energy",
        "kWh",
        None,
    ),
    ("sensor", "SITE1_solar_share_today"): (
        "home_solar_solar_share_today",
        None,
        "%",
        None,
    ),
    ("binary_sensor", "SITE1_limiting"): (
        "home_main_fuse_limits_charging",
        None,
        None,
        None,
    ),
    ("number", "SITE1_export_margin"): ("home_export_margin", "power", "W", "config"),
    ("switch", "SITE1_charging_enabled"): ("home_charging_allowed", None, None, None),
    ("select", "CHARGER1_mode"): ("garage_mode", None, None, None),
    ("select", "CHARGER1_vehicle"): ("garage_vehicle", None, None, None),
    ("sensor", "CHARGER1_status"): ("garage_status", "enum", None, None),
    ("sensor", "CHARGER1_reason"): ("garage_reason", "enum", None, None),
    ("sensor", "CHARGER1_charging_power"): (
        "garage_charging_power",
        "power",
        "W",
        None,
    ),
    ("sensor", "CHARGER1_offered_current"): (
        "garage_offered_current",
        "current",
        "A",
        None,
    ),
    ("sensor", "CHARGER1_session_energy"): (
        "garage_session_energy",
        "energy",
        "kWh",
        None,
    ),
    ("sensor", "CHARGER1_session_cost"): (
        "garage_session_cost",
        "monetary",
        "EUR",
        None,
    ),
    ("sensor", "CHARGER1_session_solar_share"): (
        "garage_session_solar_share",
        None,
        "%",
        None,
    ),
    ("sensor", "CHARGER1_energy"): ("garage_energy", "energy", "kWh", None),
    ("sensor", "CHARGER1_contactor_cycles"): (
        "garage_contactor_cycles",
        None,
        None,
        "diagnostic",
    ),
    ("sensor", "CHARGER1_phase_switches"): (
        "garage_phase_switches",
        None,
        None,
        "diagnostic",
    ),
    ("sensor", "CHARGER1_phases"): ("garage_phases_in_use", None, None, "diagnostic"),
    ("sensor", "CHARGER1_writes"): ("garage_commands_sent", None, None, "diagnostic"),
    ("binary_sensor", "CHARGER1_plugged_in"): ("garage_car", "plug", None, None),
    ("binary_sensor", "CHARGER1_charging"): (
        "garage_charging",
        "battery_charging",
        None,
        None,
    ),
    ("number", "CHARGER1_min_current"): (
        "garage_minimum_current",
        "current",
        "A",
        "config",
    ),
    ("number", "CHARGER1_max_current"): (
        "garage_maximum_current",
        "current",
        "A",
        "config",
    ),
    ("number", "CHARGER1_priority"): ("garage_priority", None, None, "config"),
    ("number", "CHARGER1_target_soc"): (
        "garage_target_charge_level",
        None,
        "%",
        None,
    ),
    ("number", "CHARGER1_target_energy"): (
        "garage_target_energy",
        "energy",
        "kWh",
        None,
    ),
    ("number", "CHARGER1_price_limit"): (
        "garage_price_limit",
        None,
        "EUR/kWh",
        "config",
    ),
    ("datetime", "CHARGER1_ready_by"): ("garage_ready_by", None, None, None),
    ("calendar", "CHARGER1_plan"): ("garage_plan", None, None, None),
    ("sensor", "CHARGER1_plan_start"): ("garage_plan_start", "timestamp", None, None),
    ("sensor", "CHARGER1_plan_end"): ("garage_plan_end", "timestamp", None, None),
    ("button", "CHARGER1_boost"): ("garage_boost", None, None, None),
    ("button", "CHARGER1_stop_boost"): ("garage_stop_boost", None, None, None),
    ("button", "CHARGER1_test_run"): ("garage_test_run", None, None, "config"),
}


async def test_entities(
    site: AmpacityCoordinator, entity_registry: er.EntityRegistry
) -> None:
    """The public interface is complete, and there is nothing else."""
    entries = er.async_entries_for_config_entry(entity_registry, "SITE1")
    found = {
        (entry.domain, entry.unique_id): (
            entry.entity_id.removeprefix(f"{entry.domain}."),
            entry.original_device_class,
            entry.unit_of_measurement,
            entry.entity_category,
        )
        for entry in entries
    }
    assert {key: found[key] for key in found if found[key] != EXPECTED.get(key)} == {}
    assert found.keys() == EXPECTED.keys()
    disabled = {entry.unique_id for entry in entries if entry.disabled_by}
    assert disabled == {
        "CHARGER1_contactor_cycles",
        "CHARGER1_phase_switches",
        "CHARGER1_phases",
        "CHARGER1_writes",
    }
    for entry in entries:
        of_charger = entry.unique_id.startswith(CHARGER_ID)
        assert entry.config_subentry_id == (CHARGER_ID if of_charger else None)
        assert entry.has_entity_name
        assert entry.translation_key == entry.unique_id.partition("_")[2]


async def test_every_enabled_entity_has_a_state(
    hass: HomeAssistant,
    site: AmpacityCoordinator,
    entity_registry: er.EntityRegistry,
) -> None:
    """Nothing is left without a state or unavailable while all sources are there."""
    for entry in er.async_entries_for_config_entry(entity_registry, "SITE1"):
        if entry.disabled_by is None:
            state = hass.states.get(entry.entity_id)
            assert state, entry.entity_id
            assert state.state != "unavailable", entry.entity_id


async def test_devices(
    site: AmpacityCoordinator, device_registry: dr.DeviceRegistry
) -> None:
    """Charger and solar plant hang on the grid connection, which is named like the site."""

    def find(identifier: str) -> dr.DeviceEntry:
        device = device_registry.async_get_device_by_identifier(
            (DOMAIN, identifier), "SITE1"
        )
        assert device
        return device

    grid, solar, charger = find("SITE1"), find("SITE1_solar"), find(CHARGER_ID)
    assert (grid.name, solar.name, charger.name) == ("Home", "Home solar", "Garage")
    assert grid.entry_type is dr.DeviceEntryType.SERVICE
    assert solar.entry_type is dr.DeviceEntryType.SERVICE
    assert charger.entry_type is None
    assert grid.via_device_id is None
    assert solar.via_device_id == charger.via_device_id == grid.id
    assert charger.config_subentry_id == CHARGER_ID


async def test_options_are_all_that_the_engine_knows(
    hass: HomeAssistant, site: AmpacityCoordinator, entity_id: EntityId
) -> None:
    """Modes, statuses and reasons are offered to automations."""
    for platform, key, known in (
        (Platform.SELECT, "mode", Mode),
        (Platform.SENSOR, "status", ChargerStatus),
        (Platform.SENSOR, "reason", ReasonKey),
    ):
        state = hass.states.get(entity_id(platform, f"{CHARGER_ID}_{key}"))
        assert state
        assert state.attributes["options"] == [item.value for item in known]


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [("min_current", 6, 16), ("max_current", 6, 16), ("priority", 1, 10)],
)
async def test_numbers_stay_in_their_range(
    hass: HomeAssistant,
    site: AmpacityCoordinator,
    entity_id: EntityId,
    key: str,
    low: float,
    high: float,
) -> None:
    """Currents can be set inside what the hardware can."""
    state = hass.states.get(entity_id("number", f"{CHARGER_ID}_{key}"))
    assert state
    assert (state.attributes["min"], state.attributes["max"]) == (low, high)


async def test_without_solar_sensors(
    set_up: SetUp,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Surplus and solar share are known from the grid alone, and sit there."""
    await set_up(make_entry(solar=False))
    assert not device_registry.async_get_device_by_identifier(
        (DOMAIN, "SITE1_solar"), "SITE1"
    )
    grid = device_registry.async_get_device_by_identifier((DOMAIN, "SITE1"), "SITE1")
    assert grid
    for key in ("surplus_power", "solar_forecast_today", "solar_share_today"):
        found = entity_registry.async_get_entity_id("sensor", DOMAIN, f"SITE1_{key}")
        entry = entity_registry.async_get(found or "")
        assert entry
        assert entry.device_id == grid.id
    assert not entity_registry.async_get_entity_id(
        "sensor", DOMAIN, "SITE1_solar_power"
    )


async def test_reconfigured_site_leaves_nothing_behind(
    hass: HomeAssistant,
    set_up: SetUp,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    entity_id: EntityId,
) -> None:
    """Without its solar plant and two phases, their entities go and the others stay the same."""
    entry = make_entry()
    await set_up(entry)
    surplus = entity_id("sensor", "SITE1_surplus_power")
    entity_registry.async_update_entity(surplus, name="Sun")

    data = {**entry.data, "phases": 1, "solar_power": []}
    hass.config_entries.async_update_entry(entry, data=data)
    await hass.async_block_till_done()

    kept = entity_registry.async_get(surplus)
    grid = device_registry.async_get_device_by_identifier((DOMAIN, "SITE1"), "SITE1")
    assert kept
    assert grid
    assert (kept.name, kept.device_id) == ("Sun", grid.id)
    ids = {
        entry.unique_id
        for entry in er.async_entries_for_config_entry(entity_registry, "SITE1")
    }
    gone = {f"SITE1_{key}_l{n}" for key in ("current", "headroom") for n in (2, 3)}
    assert EXPECTED.keys() >= {("sensor", key) for key in gone}
    assert {unique_id for _, unique_id in EXPECTED} - ids == {
        *gone,
        "SITE1_solar_power",
    }
    assert not device_registry.async_get_device_by_identifier(
        (DOMAIN, "SITE1_solar"), "SITE1"
    )


async def test_single_phase_site(set_up: SetUp, entity_id: EntityId) -> None:
    """A site has current and headroom for as many phases as it has."""
    await set_up(make_entry(phases=1))
    entity_id("sensor", "SITE1_headroom_l1")
    with pytest.raises(AssertionError, match="no sensor"):
        entity_id("sensor", "SITE1_headroom_l2")
