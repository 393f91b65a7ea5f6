"""The phases of a meter that nobody knows, beside the total that the Energy dashboard names."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.discovery import async_find_house

from .dashboard import grid, set_energy
from .devices import add_device

SETS: list[tuple[str, list[str], str]] = [
    ("words", ["meter_current_l1", "meter_current_l2", "meter_current_l3"], "A"),
    ("letters", ["x-phase_a-i", "x-phase_b-i", "x-phase_c-i"], "A"),
    ("numbers", ["grid.power.1", "grid.power.2", "grid.power.3"], "W"),
    ("volts", ["v phase 1", "v phase 2", "v phase 3"], "V"),
]
FIELDS = {"A": "grid_current_l", "W": "grid_power_l", "V": "grid_voltage_l"}


async def phases(
    hass: HomeAssistant, storage: dict[str, Any], sensors: dict[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a meter has beside its total, and the entity ids."""
    ids = add_device(hass, "homemade", {"total": "W", **sensors})
    set_energy(hass, storage, grid(stat_rate=ids["total"]))
    (meter,) = (await async_find_house(hass)).meters
    data = dict(meter.data)
    assert data.pop("grid_power") == ids["total"]
    assert data.pop("grid_inverted") is False
    return data, ids


@pytest.mark.parametrize(("keys", "unit"), [one[1:] for one in SETS])
async def test_sets(
    hass: HomeAssistant, hass_storage: dict[str, Any], keys: list[str], unit: str
) -> None:
    """However they are called, in whichever order they were registered."""
    data, ids = await phases(hass, hass_storage, dict.fromkeys(reversed(keys), unit))
    assert data == {f"{FIELDS[unit]}{n}": ids[key] for n, key in enumerate(keys, 1)}


@pytest.mark.parametrize(
    "sensors",
    [
        pytest.param({"i_l1": "A", "i_l2": "A"}, id="two of three"),
        pytest.param({"i_1": "A", "i_b": "A", "i_3": "A"}, id="no set"),
        pytest.param({f"inverter_current_l{n}": "A" for n in (1, 2, 3)}, id="inverter"),
        pytest.param({f"power_import_l{n}": "W" for n in (1, 2, 3)}, id="one direction"),
        pytest.param(
            {f"{side}_current_l{n}": "A" for n in (1, 2, 3) for side in ("x", "y")},
            id="two sets",
        ),
        pytest.param({f"t{n}": "A" for n in (1, 2, 3)}, id="no phases"),
    ],
)  # fmt: skip
async def test_no_guess(
    hass: HomeAssistant, hass_storage: dict[str, Any], sensors: dict[str, str]
) -> None:
    """What is not clear is left to the user."""
    data, _ = await phases(hass, hass_storage, sensors)
    assert data == {}


async def test_total_without_a_device(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A helper's total stands alone; sensors of other devices are not its phases."""
    add_device(hass, "homemade", {f"current_l{n}": "A" for n in (1, 2, 3)})
    set_energy(hass, hass_storage, grid(stat_rate="sensor.template"))
    (meter,) = (await async_find_house(hass)).meters
    assert meter.data == {"grid_power": "sensor.template", "grid_inverted": False}
