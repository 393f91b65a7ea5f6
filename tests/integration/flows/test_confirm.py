"""The last step of a site shows what is being read, in the user's language."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from .steps import SITE_STEPS, choose, go_through, start_site

pytestmark = pytest.mark.usefixtures("set_up")

ONE = {"one_sensor": {"grid_power": "sensor.grid"}}
PAIR = {
    "two_sensors": {
        "grid_import": "sensor.grid_import",
        "grid_export": "sensor.grid_export",
    }
}


async def at_the_end(hass: HomeAssistant, **steps: dict[str, Any]) -> Any:
    """Go to the last step with some of the steps replaced."""
    entered = SITE_STEPS | {"solar": {}, "battery": {}, "off_peak": {}} | steps
    return await go_through(hass.config_entries.flow, await start_site(hass), entered)


def reading(result: Any) -> str:
    """Return what the user is shown."""
    text: str = result["description_placeholders"]["reading"]
    return text


async def test_all_that_is_read(hass: HomeAssistant) -> None:
    """Power, currents, solar power and cheap hours are shown with their units."""
    result = await at_the_end(
        hass,
        solar=SITE_STEPS["solar"],
        off_peak={"off_peak_entity": "schedule.cheap"},
    )
    assert reading(result) == (
        "Importing 1.24 kW. L1 5.2 A, L2 -1.2 A, L3 1.4 A. Solar 3.10 kW. "
        "It is not a cheap hour now."
    )
    hass.states.async_set("schedule.cheap", "on")
    hass.states.async_set("sensor.grid", "-480", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.solar", "900", {"unit_of_measurement": "W"})
    result = await go_through(
        hass.config_entries.flow,
        await choose(hass, result, "meter"),
        SITE_STEPS,
    )
    assert reading(result).startswith("Exporting 480 W. ")
    assert reading(result).endswith("Solar 900 W. It is a cheap hour now.")


async def test_in_german(hass: HomeAssistant) -> None:
    """What is said is in the language of the installation, numbers and days too."""
    hass.config.language = "de"
    steps = SITE_STEPS | {"meter": ONE}
    result = await go_through(
        hass.config_entries.flow, await start_site(hass), steps, until="off_peak"
    )
    windows = result["data_schema"].schema["off_peak_windows"]
    days = windows.config["fields"]["days"]["selector"].config["options"]
    assert days[0] == {"value": "mon", "label": "Montag"}
    assert reading(await at_the_end(hass, meter=ONE)) == "Bezug 1,24 kW."


@pytest.mark.parametrize("gone", ["sensor.gone", "sensor.not_there_yet"])
async def test_silent_sensors(hass: HomeAssistant, gone: str) -> None:
    """A sensor that says nothing is accepted, and named."""
    result = await at_the_end(
        hass,
        meter={"one_sensor": {"grid_power": gone}},
        solar={"solar_power": ["sensor.solar", "sensor.gone_2"]},
    )
    assert reading(result) == f"Nothing is read from {gone}, sensor.gone_2 yet."
    result = await choose(hass, result, "finish")
    assert result["type"] == "create_entry"


@pytest.mark.parametrize(
    ("meter", "before", "after", "stored"),
    [
        pytest.param(
            ONE,
            "Importing 1.24 kW.",
            "Exporting 1.24 kW.",
            {"grid_power": "sensor.grid", "grid_inverted": True},
            id="signed power",
        ),
        pytest.param(
            PAIR,
            "Exporting 500 W.",
            "Importing 500 W.",
            {
                "grid_import": "sensor.grid_export",
                "grid_export": "sensor.grid_import",
                "grid_inverted": False,
            },
            id="import and export",
        ),
    ],
)
async def test_flip_sign(
    hass: HomeAssistant,
    meter: dict[str, Any],
    before: str,
    after: str,
    stored: dict[str, Any],
) -> None:
    """A meter that is the wrong way round is turned, and turned back."""
    result = await at_the_end(hass, meter=meter)
    assert reading(result) == before
    result = await choose(hass, result, "flip_sign")
    assert (result["type"], reading(result)) == ("menu", after)
    result = await choose(hass, result, "flip_sign")
    assert reading(result) == before
    result = await choose(hass, result, "flip_sign")
    result = await choose(hass, result, "finish")
    grid = {key: value for key, value in result["data"].items() if "grid" in key}
    assert grid == stored
