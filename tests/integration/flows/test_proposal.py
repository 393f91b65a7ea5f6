"""A site whose house Home Assistant already knows is set up on two pages with one value typed."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import DOMAIN
from tests.integration.discovery.dashboard import battery, grid, set_energy, solar
from tests.integration.discovery.devices import add_device, show
from tests.integration.discovery.known_meters import KNOWN
from tests.integration.discovery.test_meters import register

from .steps import choose, go_through, send, start_site, suggested

pytestmark = pytest.mark.usefixtures("set_up")

FUSE: dict[str, Any] = {"main_fuse": 35}
USER: dict[str, Any] = {"name": "Home", **FUSE}
PHASES = (1, 2, 3)


class Screens:
    """Goes through the dialog as a user does, and counts pages and what has to be typed."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start before the dialog is opened."""
        self.hass = hass
        self.seen: list[str] = []
        self.typed = 0

    async def open(self) -> Any:
        """Open the dialog."""
        return self._saw(await start_site(self.hass))

    async def fill_in(self, result: Any, **typed: Any) -> Any:
        """Submit a form as it is proposed, but for what is typed."""
        filled = suggested(result["data_schema"])
        self.typed += len(typed)
        flows = self.hass.config_entries.flow
        return self._saw(await send(flows, result, filled | typed))

    async def choose(self, result: Any, option: str) -> Any:
        """Choose from a menu."""
        return self._saw(await choose(self.hass, result, option))

    def _saw(self, result: Any) -> Any:
        if result["type"] in ("form", "menu"):
            self.seen.append(result["step_id"])
        return result


@pytest.fixture
def p1(hass: HomeAssistant) -> dict[str, Any]:
    """Have a P1 meter that imports 1.2 kW."""
    data = register(hass, KNOWN["HomeWizard P1"])
    show(hass, data["grid_power"], 1200, "W")
    for n, amps in zip(PHASES, (5.2, -1.2, 1.4), strict=True):
        show(hass, data[f"grid_current_l{n}"], amps, "A")
        show(hass, data[f"grid_power_l{n}"], amps * 230, "W")
        show(hass, data[f"grid_voltage_l{n}"], 231, "V")
    return data


async def test_with_an_energy_dashboard(
    hass: HomeAssistant, hass_storage: dict[str, Any], p1: dict[str, Any]
) -> None:
    """Two pages, one value typed; what is read is shown and all of it is stored."""
    show(hass, "sensor.roof", 3.1, "kW")
    show(hass, "sensor.stored", -900, "W")
    show(hass, "sensor.level", 64, "%")
    set_energy(
        hass,
        hass_storage,
        grid(
            stat_rate=p1["grid_power"],
            entity_energy_price="sensor.price",
            number_energy_price_export=0.08,
        ),
        solar(stat_rate="sensor.roof", name="Roof"),
        battery(stat_rate="sensor.stored", stat_soc="sensor.level"),
    )
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE)
    assert result["step_id"] == "confirm"
    names = result["description_placeholders"]
    assert names["reading"] == (
        "Importing 1.20 kW. L1 5.2 A, L2 -1.2 A, L3 1.4 A. Solar 3.10 kW. "
        "Battery charging with 900 W. Battery at 64 %."
    )
    assert names["found"].splitlines() == [
        "- Meter: **A device**, with the current of each phase.",
        "- Solar: **roof**.",
        "- Home battery: **stored**.",
        "- Price of electricity: sensor.price.",
        "- Feed-in tariff: 0.08 EUR/kWh.",
    ]
    result = await screens.choose(result, "finish")
    assert result["type"] == "create_entry"
    assert result["data"] == p1 | {
        "phases": 3,
        "main_fuse": 35.0,
        "voltage": 230.0,
        "solar_power": ["sensor.roof"],
        "battery_power": ["sensor.stored"],
        "battery_inverted": False,
        "battery_soc": ["sensor.level"],
    }
    assert result["options"] == {
        "price_kind": "entity",
        "price_entity": "sensor.price",
        "feed_in_price": 0.08,
    }
    assert (screens.seen, screens.typed) == (["user", "confirm"], 1)


async def test_without_an_energy_dashboard(
    hass: HomeAssistant, p1: dict[str, Any]
) -> None:
    """The same two pages, and it is said what was looked for and is missing."""
    screens = Screens(hass)
    result = await screens.open()
    found = result["description_placeholders"]["found"].splitlines()
    assert found == [
        "- Meter: **A device**, with the current of each phase.",
        "- The Energy dashboard is not set up, so known devices were looked for.",
        "- Solar: none found. The surplus is then known from the meter alone.",
        "- Home battery: none found.",
    ]
    result = await screens.fill_in(result, **FUSE)
    result = await screens.choose(result, "finish")
    assert result["data"] == p1 | {"phases": 3, "main_fuse": 35.0, "voltage": 230.0}
    assert result["options"] == {}
    assert (screens.seen, screens.typed) == (["user", "confirm"], 1)


async def test_meter_that_may_be_another_one(hass: HomeAssistant) -> None:
    """A clamp meter could hang anywhere, and its currents may be disabled: both are said."""
    kind = KNOWN["Shelly 3EM"]
    data = register(hass, kind, disabled=tuple(kind[2]["currents"]))
    screens = Screens(hass)
    result = await screens.open()
    found = result["description_placeholders"]["found"]
    assert "**A device** may measure something else than the whole house." in found
    result = await screens.fill_in(result, **FUSE)
    found = result["description_placeholders"]["found"]
    assert "**A device** may measure something else than the whole house." in found
    currents = ", ".join(data[f"grid_current_l{n}"] for n in PHASES)
    assert f"Enable {currents} and choose them later" in found


async def test_sensor_of_two_things(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A sensor that the dashboard has twice is taken for the grid alone."""
    show(hass, "sensor.power", 500, "W")
    set_energy(
        hass,
        hass_storage,
        grid(stat_rate="sensor.power"),
        solar(stat_rate="sensor.power"),
    )
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE)
    result = await screens.choose(result, "finish")
    assert result["data"]["grid_power"] == "sensor.power"
    assert "solar_power" not in result["data"]


async def test_nothing_found(hass: HomeAssistant) -> None:
    """The pages come one by one, as it is said on the first one."""
    result = await start_site(hass)
    found = result["description_placeholders"]["found"]
    assert "Meter: none found. You choose its sensors on the next page." in found
    result = await send(hass.config_entries.flow, result, USER)
    assert result["step_id"] == "meter"


async def test_solar_without_a_meter(hass: HomeAssistant) -> None:
    """What was found is filled in on the pages that come then."""
    ids = add_device(hass, "goodwe", {"goodwe-ppv-1": "W"})
    flows = hass.config_entries.flow
    result = await start_site(hass)
    meter = {"one_sensor": {"grid_power": "sensor.grid"}}
    steps: dict[str, dict[str, Any]] = {"user": USER, "meter": meter}
    result = await go_through(flows, result, steps, until="solar")
    assert suggested(result["data_schema"]) == {"solar_power": list(ids.values())}


async def test_external_statistics(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A dashboard of yesterday's values is said to be of no use here; the set-up goes on."""
    set_energy(hass, hass_storage, grid(stat_energy_from="opower:elec_consumption"))
    flows = hass.config_entries.flow
    result = await start_site(hass)
    found = result["description_placeholders"]["found"]
    assert "opower:elec_consumption in your Energy dashboard comes from" in found
    meter = {"one_sensor": {"grid_power": "sensor.grid"}}
    steps: dict[str, dict[str, Any]] = {"user": USER, "meter": meter}
    steps |= {"solar": {}, "battery": {}, "off_peak": {}}
    result = await go_through(flows, result, steps)
    result = await choose(hass, result, "finish")
    assert result["data"]["grid_power"] == "sensor.grid"


async def test_counter_without_a_power(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """It is said which counter has no power beside it."""
    set_energy(hass, hass_storage, grid(stat_energy_from="sensor.kwh"))
    result = await start_site(hass)
    found = result["description_placeholders"]["found"]
    assert "sensor.kwh in your Energy dashboard counts energy, but no sensor" in found


async def test_two_grid_connections(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """The first is proposed, the other can be chosen; a second site gets what is left."""
    show(hass, "sensor.house", 500, "W")
    show(hass, "sensor.heat_pump", 900, "W")
    set_energy(
        hass,
        hass_storage,
        grid(stat_rate="sensor.house", name="House", number_energy_price=0.3),
        grid(stat_rate="sensor.heat_pump", name="Heat", number_energy_price=0.2),
    )
    screens = Screens(hass)
    result = await screens.open()
    field = result["data_schema"].schema["found_meter"]
    assert [one["label"] for one in field.config["options"]] == [
        "House (Energy dashboard)",
        "Heat (Energy dashboard)",
        "Another one: I choose the sensors",
    ]
    result = await screens.fill_in(result, **FUSE, found_meter="energy_1")
    result = await screens.choose(result, "finish")
    assert result["data"]["grid_power"] == "sensor.heat_pump"
    assert "found_meter" not in result["data"]
    assert result["options"] == {"import_price": 0.2}

    result = await screens.open()
    assert "found_meter" not in result["data_schema"].schema
    result = await screens.fill_in(result, **FUSE)
    result = await screens.choose(result, "finish")
    assert result["data"]["grid_power"] == "sensor.house"
    assert result["options"] == {"import_price": 0.3}
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2


async def test_another_meter(hass: HomeAssistant, p1: dict[str, Any]) -> None:
    """Who has still another meter chooses its sensors."""
    register(hass, KNOWN["Kostal"])
    screens = Screens(hass)
    result = await screens.open()
    result = await screens.fill_in(result, **FUSE, found_meter="other")
    assert result["step_id"] == "meter"
    assert suggested(result["data_schema"])["one_sensor"] == {}


async def test_one_phase_of_three(hass: HomeAssistant, p1: dict[str, Any]) -> None:
    """A site with one phase takes only that one of its meter."""
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE, phases="1")
    result = await screens.choose(result, "finish")
    grid_keys = {key for key in result["data"] if key.startswith("grid")}
    kinds = ("grid_current_l1", "grid_power_l1", "grid_voltage_l1")
    assert grid_keys == {"grid_power", "grid_inverted", *kinds}


async def test_three_phases_of_one(hass: HomeAssistant) -> None:
    """A site with three phases takes the total of a meter that knows one."""
    keys = {"HWE-P1_1_active_power_w": "W", "HWE-P1_1_active_current_l1_a": "A"}
    add_device(hass, "homewizard", keys, model="P1")
    screens = Screens(hass)
    result = await screens.open()
    assert suggested(result["data_schema"])["phases"] == "1"
    result = await screens.fill_in(result, **FUSE, phases="3")
    result = await screens.choose(result, "finish")
    grid_keys = {key for key in result["data"] if key.startswith("grid")}
    assert grid_keys == {"grid_power", "grid_inverted"}


async def test_error_keeps_what_was_typed(
    hass: HomeAssistant, p1: dict[str, Any]
) -> None:
    """A fuse that is none comes back, with all that stood there."""
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), main_fuse=0, name="Cabin")
    assert result["errors"] == {"main_fuse": "not_a_fuse"}
    filled = suggested(result["data_schema"])
    assert (filled["name"], filled["main_fuse"]) == ("Cabin", 0)
    assert "A device" in result["description_placeholders"]["found"]
    result = await screens.fill_in(result, **FUSE)
    assert result["step_id"] == "confirm"


async def test_proposal_that_cannot_be(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A proposal that the forms would refuse is shown in them."""
    show(hass, "sensor.grid", 21, "°C")
    set_energy(hass, hass_storage, grid(stat_rate="sensor.grid"))
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE)
    assert result["step_id"] == "meter"
    filled = suggested(result["data_schema"])
    assert filled["one_sensor"]["grid_power"] == "sensor.grid"


@pytest.mark.parametrize(
    ("option", "entered", "changed"),
    [
        ("solar", {"solar_power": ["sensor.solar"]}, {"solar_power": ["sensor.solar"]}),
        (
            "battery",
            {"battery_power": ["sensor.solar_2"]},
            {"battery_power": ["sensor.solar_2"], "battery_inverted": False},
        ),
        (
            "off_peak",
            {"off_peak_entity": "schedule.cheap"},
            {"off_peak_entity": "schedule.cheap"},
        ),
    ],
)
async def test_changes_at_the_end(
    hass: HomeAssistant,
    p1: dict[str, Any],
    option: str,
    entered: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    """Each part can be changed from the last page, which then comes back."""
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE)
    result = await screens.choose(result, option)
    assert result["step_id"] == option
    result = await send(hass.config_entries.flow, result, entered)
    assert result["step_id"] == "confirm"
    result = await screens.choose(result, "finish")
    assert {key: result["data"][key] for key in changed} == changed


async def test_other_sensors_at_the_end(
    hass: HomeAssistant, p1: dict[str, Any]
) -> None:
    """A meter that the user replaced is no longer named as what was found."""
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE)
    result = await screens.choose(result, "meter")
    assert (
        suggested(result["data_schema"])["one_sensor"]["grid_power"]
        == (p1["grid_power"])
    )
    other = {"one_sensor": {"grid_power": "sensor.grid"}}
    result = await send(hass.config_entries.flow, result, other)
    assert "A device" not in result["description_placeholders"]["found"]


async def test_wrong_sign(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """A house that would give power away is noticed, and turning the sign helps."""
    show(hass, "sensor.house", -5000, "W")
    show(hass, "sensor.roof", 1000, "W")
    set_energy(
        hass,
        hass_storage,
        grid(stat_rate="sensor.house"),
        solar(stat_rate="sensor.roof"),
    )
    screens = Screens(hass)
    result = await screens.fill_in(await screens.open(), **FUSE)
    doubt = "the house would give power away"
    assert doubt in result["description_placeholders"]["reading"]
    result = await screens.choose(result, "flip_sign")
    assert doubt not in result["description_placeholders"]["reading"]


COUNTRIES: list[tuple[str | None, str, str, float]] = [
    ("DE", "three phases with 35 A, 50 A or 63 A", "3", 230.0),
    ("NZ", "one phase with 63 A", "1", 230.0),
    ("ES", "contract limits the power", "1", 230.0),
    ("US", "two legs of 120 V", "1", 240.0),
    ("NO", "no neutral", "3", 230.0),
    (None, "What is printed on your main fuse?", "3", 230.0),
]


@pytest.mark.parametrize(("country", "said", "phases", "voltage"), COUNTRIES)
async def test_countries(
    hass: HomeAssistant, country: str | None, said: str, phases: str, voltage: float
) -> None:
    """What is usual is said and proposed, but never a fuse."""
    hass.config.country = country
    result = await start_site(hass)
    assert said in result["description_placeholders"]["usual"]
    filled = suggested(result["data_schema"])
    assert filled["phases"] == phases
    assert "main_fuse" not in filled
    more = result["data_schema"].schema["more"]
    assert more.options["collapsed"] is (country not in ("ES", "US"))
    assert filled["more"].get("voltage", 230.0) == voltage


async def test_reconfigure_proposes_nothing(
    hass: HomeAssistant, p1: dict[str, Any], site: MockConfigEntry
) -> None:
    """A site that is changed shows what it has, page by page."""
    result: Any = await site.start_reconfigure_flow(hass)
    assert result["description_placeholders"]["found"] == ""
    filled = {"name": "Home", "phases": "3", **FUSE}
    result = await send(hass.config_entries.flow, result, filled)
    assert result["step_id"] == "meter"
    one = suggested(result["data_schema"])["one_sensor"]
    assert one["grid_power"] == "sensor.grid"


async def test_picture(hass: HomeAssistant, hass_client_no_auth: Any) -> None:
    """The picture of the main fuse is shown where Home Assistant serves pages."""
    assert await async_setup_component(hass, "http", {})
    for _ in range(2):
        result = await start_site(hass)
        picture = result["description_placeholders"]["picture"]
        assert picture == "![](/ampacity/pictures/main_fuse.svg)"
    answer = await (await hass_client_no_auth()).get("/ampacity/pictures/main_fuse.svg")
    assert (answer.status, answer.content_type) == (200, "image/svg+xml")
