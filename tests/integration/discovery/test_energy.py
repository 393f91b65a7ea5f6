"""The Energy dashboard is proposed before anything else."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.discovery import FoundHouse, async_find_house
from custom_components.ampacity.discovery.energy import read_preferences
from custom_components.ampacity.discovery.sensors import all_sensors

from .dashboard import battery, grid, set_energy, solar
from .devices import add_device
from .known_meters import KNOWN
from .test_meters import register

PRICES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    (
        {"number_energy_price": 0.31, "number_energy_price_export": 0.08},
        {"import_price": 0.31, "feed_in_price": 0.08},
    ),
    (
        {
            "entity_energy_price": "sensor.price",
            "entity_energy_price_export": "sensor.export_price",
        },
        {
            "price_kind": "entity",
            "price_entity": "sensor.price",
            "feed_in_entity": "sensor.export_price",
        },
    ),
    ({"number_energy_price": 0.0}, {"import_price": 0.0}),
]


async def found(
    hass: HomeAssistant, hass_storage: dict[str, Any], *sources: dict[str, Any]
) -> FoundHouse:
    """Return what is found in a house with this Energy dashboard."""
    set_energy(hass, hass_storage, *sources)
    return await async_find_house(hass)


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        pytest.param(
            {"stat_rate": "sensor.grid"},
            {"grid_power": "sensor.grid", "grid_inverted": False},
            id="signed",
        ),
        pytest.param(
            {
                "stat_rate": "sensor.energy_grid_made_up",
                "power_config": {"stat_rate_inverted": "sensor.grid"},
            },
            {"grid_power": "sensor.grid", "grid_inverted": True},
            id="the other way round",
        ),
        pytest.param(
            {
                "stat_rate": "sensor.energy_grid_made_up",
                "power_config": {
                    "stat_rate_from": "sensor.taken",
                    "stat_rate_to": "sensor.given",
                },
            },
            {"grid_import": "sensor.taken", "grid_export": "sensor.given"},
            id="two sensors",
        ),
    ],
)
async def test_power(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    fields: dict[str, Any],
    data: dict[str, Any],
) -> None:
    """Its power is read from the sensors themselves, with the dashboard's sign."""
    house = await found(hass, hass_storage, grid(name="Street", **fields))
    (meter,) = house.meters
    assert (meter.data, meter.name, meter.from_energy) == (data, "Street", True)


async def test_phases_beside_the_total(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Currents, powers and voltages of the phases come from the total's device."""
    data = register(hass, KNOWN["HomeWizard P1"])
    house = await found(hass, hass_storage, grid(stat_rate=data["grid_power"]))
    (meter,) = house.meters
    assert meter.data == data
    assert (meter.name, meter.from_energy) == ("A device", True)


async def test_sign_of_the_dashboard_counts(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Powers of phases that count the other way round than the total are left out."""
    data = register(hass, KNOWN["Huawei"])
    house = await found(hass, hass_storage, grid(stat_rate=data["grid_power"]))
    (meter,) = house.meters
    powers = {"grid_power_l1", "grid_power_l2", "grid_power_l3"}
    kept = {key: value for key, value in data.items() if key not in powers}
    assert meter.data == kept | {"grid_inverted": False}


@pytest.mark.parametrize("name", ["DSMR", "GoodWe", "Shelly 3EM"])
async def test_energy_alone(
    hass: HomeAssistant, hass_storage: dict[str, Any], name: str
) -> None:
    """Where the dashboard knows only kWh, the power comes from the device that counts them."""
    data = register(hass, KNOWN[name])
    entry = hass.config_entries.async_entries(KNOWN[name][0])[0]
    kwh = add_device(hass, KNOWN[name][0], {"99-energy": "kWh"}, entry=entry)
    counter = kwh["99-energy"]
    house = await found(hass, hass_storage, grid(stat_energy_from=counter))
    (meter,) = house.meters
    assert meter.from_energy
    assert meter.data == data
    assert house.energy.powerless == ()


async def test_energy_without_any_power(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """It is told that no power was found beside a counter."""
    house = await found(
        hass, hass_storage, grid(stat_energy_from="sensor.kwh", number_energy_price=0.3)
    )
    assert house.meters == ()
    assert house.energy.powerless == ("sensor.kwh",)
    assert house.prices(None) == {"import_price": 0.3}


async def test_external_statistics(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Statistics of a service are no entities; a known meter is found all the same."""
    data = register(hass, KNOWN["Powerwall"])
    outside = grid(
        stat_energy_from="opower:pge_elec_1_energy_consumption",
        stat_energy_to="opower:pge_elec_1_energy_return",
        stat_rate="opower:pge_power",
    )
    house = await found(
        hass,
        hass_storage,
        outside,
        solar(stat_rate="cloud:solar", stat_energy_from="cloud:energy"),
        battery(stat_rate="cloud:battery", stat_soc="cloud:soc"),
    )
    assert house.energy.external == (
        "opower:pge_elec_1_energy_consumption",
        "opower:pge_elec_1_energy_return",
    )
    (meter,) = house.meters
    assert (meter.data, meter.from_energy) == (data, False)
    assert (house.solar.data, house.battery.data) == ({}, {})


async def test_two_grid_connections(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Each is a meter with prices of its own, the first one first."""
    house = await found(
        hass,
        hass_storage,
        grid(stat_rate="sensor.house", number_energy_price=0.3, name="House"),
        grid(stat_rate="sensor.heat_pump", number_energy_price=0.2, name="Heat pump"),
    )
    assert [meter.name for meter in house.meters] == ["House", "Heat pump"]
    prices = [house.prices(meter)["import_price"] for meter in house.meters]
    assert prices == [0.3, 0.2]
    assert house.prices(None) == {}


@pytest.mark.parametrize(
    ("low", "high", "options"),
    [
        (
            {"number_energy_price": 0.2, "number_energy_price_export": 0.1},
            {"number_energy_price": 0.3, "number_energy_price_export": 0.1},
            {"feed_in_price": 0.1},
        ),
        (
            {"number_energy_price": 0.3},
            {"number_energy_price_export": 0.1},
            {"import_price": 0.3, "feed_in_price": 0.1},
        ),
        (
            {"entity_energy_price": "sensor.low"},
            {"entity_energy_price": "sensor.high"},
            {},
        ),
        (
            {"entity_energy_price": "sensor.price"},
            {"entity_energy_price": "sensor.price"},
            {"price_kind": "entity", "price_entity": "sensor.price"},
        ),
    ],
)
async def test_counters_of_two_tariffs(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    low: dict[str, Any],
    high: dict[str, Any],
    options: dict[str, Any],
) -> None:
    """A meter with a counter for each tariff is one meter; prices that differ are left out."""
    data = register(hass, KNOWN["DSMR"])
    entry = hass.config_entries.async_entries("dsmr")[0]
    kwh = add_device(hass, "dsmr", {"low": "kWh", "high": "kWh"}, entry=entry)
    house = await found(
        hass,
        hass_storage,
        grid(stat_energy_from=kwh["low"], **low),
        grid(stat_energy_from=kwh["high"], **high),
    )
    (meter,) = house.meters
    assert meter.data == data
    assert house.prices(meter) == options


@pytest.mark.parametrize(("fields", "options"), PRICES)
async def test_prices(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    fields: dict[str, Any],
    options: dict[str, Any],
) -> None:
    """Fixed prices and price sensors become options; nothing is made up."""
    house = await found(hass, hass_storage, grid(stat_rate="sensor.grid", **fields))
    assert house.prices(house.meter(None)) == options


async def test_solar(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """Several plants are added up; one without a power has that of its device."""
    inverter = add_device(hass, "goodwe", {"goodwe-ppv-1": "W", "kwh": "kWh"})
    house = await found(
        hass,
        hass_storage,
        solar(stat_rate="sensor.roof"),
        solar(stat_energy_from=inverter["kwh"]),
    )
    powers = ["sensor.roof", inverter["goodwe-ppv-1"]]
    assert house.solar.data == {"solar_power": powers}


BATTERIES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"stat_rate": "sensor.b", "stat_soc": "sensor.soc", "capacity": 10.0},
        {
            "battery_power": ["sensor.b"],
            "battery_inverted": False,
            "battery_soc": ["sensor.soc"],
            "battery_capacity": 10.0,
        },
    ),
    (
        {"stat_rate": "sensor.x", "power_config": {"stat_rate_inverted": "sensor.b"}},
        {"battery_power": ["sensor.b"], "battery_inverted": True},
    ),
    (
        {
            "power_config": {
                "stat_rate_from": "sensor.giving",
                "stat_rate_to": "sensor.taking",
            }
        },
        {
            "battery_discharge": ["sensor.giving"],
            "battery_charge": ["sensor.taking"],
        },
    ),
    ({"stat_soc": "sensor.soc"}, {}),
]
"""The last one tells no power."""


@pytest.mark.parametrize(("fields", "data"), BATTERIES)
async def test_battery(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    fields: dict[str, Any],
    data: dict[str, Any],
) -> None:
    """Power with its direction, charge level and capacity."""
    house = await found(hass, hass_storage, battery(**fields))
    assert house.battery.data == data


async def test_battery_by_its_energy(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A battery without a power has that of the device that counts its energy, if it is a battery."""
    keys = {"goodwe-pbattery1-1": "W", "kwh": "kWh"}
    ids = add_device(hass, "goodwe", keys)
    meter = add_device(hass, "apsystems", {"x_total_power": "W", "kwh": "kWh"})
    for counter, power in (
        (ids["kwh"], [ids["goodwe-pbattery1-1"]]),
        (meter["kwh"], None),
    ):
        source = battery(stat_energy_from=counter, stat_soc="sensor.soc")
        house = read_preferences(hass, [source], all_sensors(hass))
        assert house.battery.data.get("battery_power") == power


async def test_batteries_that_count_differently(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Only those that are told like the first one can be added up."""
    house = await found(
        hass,
        hass_storage,
        battery(stat_rate="sensor.a"),
        battery(power_config={"stat_rate_inverted": "sensor.b"}),
        battery(stat_rate="sensor.c"),
    )
    assert house.battery.data["battery_power"] == ["sensor.a", "sensor.c"]


async def test_never_configured(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A dashboard that nobody has set up says nothing."""
    hass.config.components.add("energy")
    assert await async_find_house(hass) == FoundHouse()
    set_energy(hass, hass_storage)


async def test_not_loaded(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """Neither does one that Home Assistant has not loaded."""
    set_energy(hass, hass_storage, grid(stat_rate="sensor.grid"))
    hass.config.components.remove("energy")
    assert await async_find_house(hass) == FoundHouse()


async def test_energy_before_devices(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """The dashboard's meter comes first, others can be chosen; none appears twice."""
    p1 = register(hass, KNOWN["HomeWizard P1"])
    goodwe = register(hass, KNOWN["GoodWe"])
    house = await found(hass, hass_storage, grid(stat_rate=goodwe["grid_power"]))
    assert [meter.from_energy for meter in house.meters] == [True, False]
    assert house.meters[0].data["grid_power"] == goodwe["grid_power"]
    assert house.meters[1].data == p1
