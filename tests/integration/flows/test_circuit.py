"""A circuit is described, changed, and told when it cannot be."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import (
    CHARGER_DATA,
    CHARGER_STEPS,
    ELECTRICAL,
    collapsed,
    go_through,
    lost,
    send,
    start_charger,
    suggested,
)

LIMITS: dict[str, Any] = {"name": "Garage", "fuse": 20}
METER: dict[str, Any] = {
    "per_phase": {f"grid_current_l{n}": f"sensor.car_l{n}" for n in (1, 2, 3)}
}
STEPS: dict[str, dict[str, Any]] = {
    "user": LIMITS,
    "meter": METER,
}
DATA: dict[str, Any] = {
    "fuse": 20.0,
    "grid_inverted": False,
    **METER["per_phase"],
}


def add(
    hass: HomeAssistant, entry: MockConfigEntry, name: str, **data: Any
) -> ConfigSubentry:
    """Add a circuit without its dialog."""
    circuit = ConfigSubentry(
        data=MappingProxyType({"fuse": 20.0, **data}),
        subentry_id=name.lower(),
        subentry_type="circuit",
        title=name,
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, circuit)
    return circuit


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Open the dialog of a new circuit."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "circuit"), context={"source": "user"}
    )


async def choose(hass: HomeAssistant, result: Any, option: str) -> Any:
    """Choose from the menu at the end."""
    flows = hass.config_entries.subentries
    return await send(flows, result, {"next_step_id": option})


def options(result: Any, field: str, part: str = "") -> dict[str, str]:
    """Return what a selection offers, by its value."""
    fields = result["data_schema"].schema
    if part:
        fields = fields[part].schema.schema
    return {one["value"]: one["label"] for one in fields[field].config["options"]}


async def test_with_meter(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """What the meter reads is shown before the circuit is stored."""
    flows = hass.config_entries.subentries
    result = await start(hass, site)
    assert "parent_circuit" not in result["data_schema"].schema
    result = await go_through(flows, result, STEPS)
    assert result["menu_options"] == ["finish", "flip_sign", "meter"]
    shown = result["description_placeholders"]["reading"]
    assert "L1 9.8 A, L2 9.7 A, L3 9.9 A." in shown
    result = await choose(hass, result, "finish")
    assert result["type"] == "create_entry"
    (circuit,) = site.subentries.values()
    assert (circuit.title, circuit.subentry_type) == ("Garage", "circuit")
    assert circuit.data == DATA


async def test_without_meter(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A circuit need not have a meter, and a power limit alone is a limit."""
    flows = hass.config_entries.subentries
    user = {"name": " Garage ", "power_limit": 11}
    result = await go_through(
        flows, await start(hass, site), {"user": user, "meter": {}}
    )
    assert result["type"] == "create_entry"
    (circuit,) = site.subentries.values()
    assert circuit.title == "Garage"
    assert circuit.data == {"power_limit": 11.0}


@pytest.mark.parametrize(
    ("meter", "before", "after"),
    [
        (
            {"one_sensor": {"grid_power": "sensor.solar"}},
            {"grid_power": "sensor.solar", "grid_inverted": False},
            {"grid_power": "sensor.solar", "grid_inverted": True},
        ),
        (
            {"two_sensors": {"grid_import": "sensor.grid_import", "grid_export": "sensor.grid_export"}},
            {"grid_import": "sensor.grid_import", "grid_export": "sensor.grid_export", "grid_inverted": False},
            {"grid_import": "sensor.grid_export", "grid_export": "sensor.grid_import", "grid_inverted": False},
        ),
    ],
)  # fmt: skip
async def test_signs_can_be_turned(
    hass: HomeAssistant,
    site: MockConfigEntry,
    meter: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """A wrong sign is caught where it is seen; other sensors can be chosen, too."""
    flows = hass.config_entries.subentries
    steps = {"user": LIMITS, "meter": meter}
    for turns, expected in ((0, before), (1, after), (2, before)):
        result = await go_through(flows, await start(hass, site), steps)
        for _ in range(turns):
            result = await choose(hass, result, "flip_sign")
        result = await choose(hass, result, "finish")
        (circuit,) = site.subentries.values()
        assert circuit.data == {"fuse": 20.0, **expected}
        hass.config_entries.async_remove_subentry(site, circuit.subentry_id)

    result = await go_through(flows, await start(hass, site), steps)
    result = await choose(hass, result, "meter")
    assert lost(suggested(result["data_schema"]), meter) == {}
    result = await send(flows, result, {})
    assert result["type"] == "create_entry"
    (circuit,) = site.subentries.values()
    assert circuit.data == {"fuse": 20.0}


async def test_nested(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A circuit hangs on another one or on the main fuse, which is not stored."""
    add(hass, site, "House")
    flows = hass.config_entries.subentries
    result = await start(hass, site)
    assert options(result, "parent_circuit") == {
        "main_fuse": "The main fuse",
        "house": "House",
    }
    assert suggested(result["data_schema"])["parent_circuit"] == "main_fuse"
    for name, parent in (("Garage", "house"), ("Barn", "main_fuse")):
        user = {"name": name, "fuse": 16, "parent_circuit": parent}
        result = await go_through(
            flows, await start(hass, site), {"user": user, "meter": {}}
        )
        assert result["type"] == "create_entry"
    _, garage, barn = site.subentries.values()
    assert garage.data == {"fuse": 16.0, "parent_circuit": "house"}
    assert barn.data == {"fuse": 16.0}


async def test_reconfigure(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """All that is known is filled in; what is emptied goes."""
    house = add(hass, site, "House", parent_circuit="gone", **METER["per_phase"])
    add(hass, site, "Barn", parent_circuit="house")
    flows = hass.config_entries.subentries
    result: Any = await site.start_subentry_reconfigure_flow(hass, "house")
    filled = suggested(result["data_schema"])
    assert filled == {"name": "House", "fuse": 20.0, "parent_circuit": "main_fuse"}
    assert "house" not in options(result, "parent_circuit")

    result = await send(flows, result, filled | {"parent_circuit": "barn"})
    assert result["errors"] == {"parent_circuit": "goes_round"}
    result = await send(flows, result, filled | {"name": "Annex", "power_limit": 9})
    assert suggested(result["data_schema"])["per_phase"] == METER["per_phase"]
    assert not collapsed(result["data_schema"])["per_phase"]
    result = await send(flows, result, METER)
    result = await choose(hass, result, "finish")
    assert (result["type"], result["reason"]) == ("abort", "reconfigure_successful")
    assert house.title == "Annex"
    assert house.data == DATA | {"power_limit": 9.0}

    result = await site.start_subentry_reconfigure_flow(hass, "barn")
    assert suggested(result["data_schema"])["parent_circuit"] == "house"


UNIT = {"entity": "sensor.temperature", "unit": "°C", "needed": "A, mA"}
USER_ERRORS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"name": " ", "fuse": 20}, {"name": "name_missing"}),
    ({"name": "House", "fuse": 20}, {"name": "name_taken"}),
    ({"name": "Garage"}, {"base": "limit_needed"}),
    ({"name": "Garage", "fuse": 5}, {"fuse": "fuse_range"}),
    ({"name": "Garage", "fuse": "nan"}, {"fuse": "fuse_range"}),
    ({"name": "Garage", "power_limit": 0}, {"power_limit": "power_limit_range"}),
]
METER_ERRORS: list[tuple[dict[str, Any], dict[str, str], dict[str, str]]] = [
    (
        {"one_sensor": {"grid_power": "sensor.grid"}},
        {"one_sensor": "other_meter"},
        {"entity": "sensor.grid", "name": "Home"},
    ),
    (
        {"one_sensor": {"grid_power": "sensor.charging_power"}},
        {"one_sensor": "other_meter"},
        {"entity": "sensor.charging_power", "name": "House"},
    ),
    (
        {"per_phase": {f"grid_voltage_l{n}": f"sensor.voltage_l{n}" for n in (1, 2, 3)}},
        {"base": "voltage_alone"},
        {},
    ),
    (
        {"per_phase": {"grid_current_l1": "sensor.car_l1"}},
        {"per_phase": "phases_incomplete"},
        {},
    ),
    (
        {"per_phase": {**METER["per_phase"], "grid_current_l2": "sensor.temperature"}},
        {"per_phase": "wrong_unit"},
        UNIT,
    ),
    (
        {"per_phase": {f"grid_current_l{n}": "sensor.car_l1" for n in (1, 2, 3)}},
        {"per_phase": "entity_twice"},
        {"entity": "sensor.car_l1"},
    ),
    (
        {"two_sensors": {"grid_export": "sensor.grid_export"}},
        {"two_sensors": "export_alone"},
        {},
    ),
    (
        {"two_sensors": {"grid_import": "sensor.grid_import"}},
        {"two_sensors": "import_alone"},
        {},
    ),
]  # fmt: skip
CASES = [
    *(("user", bad, errors, {}) for bad, errors in USER_ERRORS),
    *(("meter", bad, errors, names) for bad, errors, names in METER_ERRORS),
]


@pytest.mark.parametrize(("step", "bad", "errors", "names"), CASES)
async def test_errors(
    hass: HomeAssistant,
    site: MockConfigEntry,
    step: str,
    bad: dict[str, Any],
    errors: dict[str, str],
    names: dict[str, str],
) -> None:
    """The step comes back with what was entered, and goes on once it is right."""
    add(hass, site, "House", grid_power="sensor.charging_power")
    flows = hass.config_entries.subentries
    result = await go_through(flows, await start(hass, site), STEPS, until=step)
    result = await send(flows, result, bad)
    assert (result["type"], result["step_id"]) == ("form", step)
    assert result["errors"] == errors
    assert result["description_placeholders"] == names
    assert lost(suggested(result["data_schema"]), bad) == {}
    result = await send(flows, result, STEPS[step])
    result = await go_through(flows, result, STEPS)
    result = await choose(hass, result, "finish")
    assert result["type"] == "create_entry"


async def test_single_phase_site(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A circuit has as many phases as the site."""
    data = {**site.data, "phases": 1}
    hass.config_entries.async_update_entry(site, data=data)
    result = await start(hass, site)
    result = await send(hass.config_entries.subentries, result, LIMITS)
    fields = result["data_schema"].schema["per_phase"].schema.schema
    assert {str(field) for field in fields} == {
        "grid_current_l1",
        "grid_power_l1",
        "grid_voltage_l1",
    }


async def test_charger_on_a_circuit(hass: HomeAssistant, site: MockConfigEntry) -> None:
    """A charger's circuit and share are chosen at its end; the main fuse is not stored."""
    add(hass, site, "Garage")
    flows = hass.config_entries.subentries
    result: Any = await start_charger(hass, site.entry_id)
    result = await go_through(flows, result, CHARGER_STEPS, until="electrical")
    assert options(result, "circuit", "advanced") == {
        "main_fuse": "The main fuse",
        "garage": "Garage",
    }
    more = ELECTRICAL["advanced"] | {"circuit": "garage", "weight": 2}
    for weight in (0, 0.05, 11, "nan"):
        bad = ELECTRICAL | {"advanced": more | {"weight": weight}}
        result = await send(flows, result, bad)
        assert result["errors"] == {"advanced": "weight_range"}
    result = await send(flows, result, ELECTRICAL | {"advanced": more})
    assert result["type"] == "create_entry"
    charger = site.get_subentries_of_type("charger")[0]
    assert charger.title == "Garage"
    assert charger.data == CHARGER_DATA | {"circuit": "garage", "weight": 2.0}

    result = await site.start_subentry_reconfigure_flow(hass, charger.subentry_id)
    result = await go_through(flows, result, CHARGER_STEPS, until="electrical")
    assert suggested(result["data_schema"])["advanced"]["circuit"] == "garage"
    assert not collapsed(result["data_schema"])["advanced"]
    more = ELECTRICAL["advanced"] | {"circuit": "main_fuse"}
    await send(flows, result, ELECTRICAL | {"advanced": more})
    assert charger.data == CHARGER_DATA


@pytest.mark.parametrize("others", [(), ("Barn",)])
async def test_charger_on_a_circuit_that_is_gone(
    hass: HomeAssistant, site: MockConfigEntry, others: tuple[str, ...]
) -> None:
    """It shows on the main fuse, and is stored so."""
    for name in others:
        add(hass, site, name)
    charger = ConfigSubentry(
        data=MappingProxyType(CHARGER_DATA | {"circuit": "gone"}),
        subentry_id="charger",
        subentry_type="charger",
        title="Garage",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(site, charger)
    flows = hass.config_entries.subentries
    result: Any = await site.start_subentry_reconfigure_flow(hass, "charger")
    result = await go_through(flows, result, CHARGER_STEPS, until="electrical")
    filled = suggested(result["data_schema"])
    assert filled["advanced"].get("circuit") == ("main_fuse" if others else None)
    result = await send(flows, result, filled)
    assert result["reason"] == "reconfigure_successful"
    assert charger.data == CHARGER_DATA
