"""Forecasts in the shapes that integrations give them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.engine.forecast import energy_between
from custom_components.ampacity.sources.solar_forecast import SolarForecastSource
from tests.integration.sun import Sun, use_in_dashboard

NOON = datetime(2026, 5, 20, 10, tzinfo=UTC)
HALF = timedelta(minutes=30)


@pytest.fixture(autouse=True)
async def _berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOON)


def half_hours(wh: float) -> dict[str, float]:
    """Return a day of half hours as Solcast gives it: keys in UTC, nights left out."""
    return {(NOON + n * HALF).isoformat(): wh for n in range(-10, 18)}


@pytest.mark.parametrize(
    ("wh_hours", "wh"),
    [
        (half_hours(400.0), 800.0),
        ({"2026-05-20T12:00:00+02:00": 900, "2026-05-20T13:00:00+02:00": 700}, 900.0),
        ({"2026-05-20T12:00:00": 900, "2026-05-20T13:00:00": 700}, 900.0),
        ({"2026-05-20T10:00:00Z": 900.5}, 900.5),
        (
            {
                "2026-05-20T05:20:11+02:00": 0,
                "2026-05-20T06:00:00+02:00": 110,
                "2026-05-20T07:00:00+02:00": 420,
                "2026-05-20T08:00:00+02:00": 700,
                "2026-05-20T09:00:00+02:00": 800,
                "2026-05-20T10:00:00+02:00": 900,
                "2026-05-20T11:00:00+02:00": 1000,
                "2026-05-20T12:00:00+02:00": 1100,
                "2026-05-20T13:00:00+02:00": 1234,
                "2026-05-20T14:00:00+02:00": 1100,
                "2026-05-20T14:20:30+02:00": 300,
            },
            1234.0,
        ),
    ],
    ids=["solcast", "local", "naive", "one", "forecast_solar_before_2026_11"],
)
async def test_shapes(
    hass: HomeAssistant, wh_hours: dict[str, float], wh: float
) -> None:
    """The hour from 12:00 to 13:00 in Berlin, whatever the keys look like."""
    sun = Sun(hass)
    sun.forecasts("roof", wh_hours)
    source = SolarForecastSource(chosen=("roof",))
    await source.async_refresh(hass, NOON)
    assert source.complete
    energy = energy_between(source.plants["roof"], NOON, NOON + 2 * HALF)
    assert energy == pytest.approx(wh)


@pytest.mark.parametrize(
    ("times", "low_wh"),
    [("datetime", 75.0), ("text", 75.0), ("raises", None), ("garbage", None)],
)
async def test_solcast_tells_what_is_sure(
    hass: HomeAssistant, times: str, low_wh: float | None
) -> None:
    """The tenth percentile comes by action, as mean kW of half hours; without it the rest goes on."""
    sun = Sun(hass, domain="solcast_solar")
    sun.forecasts("roof", half_hours(400.0))
    asked: list[ServiceCall] = []

    async def query(call: ServiceCall) -> Any:
        asked.append(call)
        if times == "raises":
            raise ValueError("no data yet")
        if times == "garbage":
            return {"data": [5, {"period_start": "x"}, {"pv_estimate10": 1}]}
        starts = [NOON + n * HALF for n in range(4)]
        return {
            "data": [
                {
                    "period_start": start.isoformat() if times == "text" else start,
                    "pv_estimate": 0.8,
                    "pv_estimate10": 0.15,
                }
                for start in starts
            ]
        }

    hass.services.async_register(
        "solcast_solar",
        "query_forecast_data",
        query,
        supports_response=SupportsResponse.ONLY,
    )
    source = SolarForecastSource(chosen=("roof",))
    await source.async_refresh(hass, NOON)
    (now,) = [span for span in source.plants["roof"] if span.start == NOON]
    assert now.low_wh == low_wh
    assert now.energy_wh == 400.0
    assert asked[0].data["start_date_time"] == dt_util.start_of_local_day()


async def test_an_entry_that_is_not_loaded_yet(hass: HomeAssistant) -> None:
    """At start the other integration may come later; then it is asked."""
    sun = Sun(hass)
    entry = sun.forecasts("roof", half_hours(400.0))
    entry.mock_state(hass, ConfigEntryState.SETUP_RETRY)
    source = SolarForecastSource(chosen=("roof",))
    await source.async_refresh(hass, NOON)
    assert source.plants == {"roof": ()}
    assert not source.complete
    entry.mock_state(hass, ConfigEntryState.LOADED)
    await source.async_refresh(hass, NOON)
    assert source.plants["roof"]
    assert source.complete


async def test_the_dashboard_chooses(hass: HomeAssistant) -> None:
    """The dashboard may be changed at any time."""
    sun = Sun(hass)
    sun.forecasts("roof", half_hours(400.0))
    sun.forecasts("shed", half_hours(100.0))
    source = SolarForecastSource.from_options({})
    await source.async_refresh(hass, NOON)
    assert source.plants == {}
    await use_in_dashboard(hass, "roof")
    await source.async_refresh(hass, NOON)
    assert source.plants.keys() == {"roof"}
    await use_in_dashboard(hass, "shed")
    await source.async_refresh(hass, NOON)
    assert source.plants.keys() == {"shed"}


async def test_without_the_energy_dashboard(hass: HomeAssistant) -> None:
    """An installation without it has no forecasts, and no error."""
    source = SolarForecastSource(chosen=("roof",))
    await source.async_refresh(hass, NOON)
    assert source.plants == {}
    assert source.complete


async def test_a_dashboard_that_cannot_be_read(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its broken file is told, and leaves us without a forecast."""

    async def broken(_hass: HomeAssistant) -> None:
        raise ValueError("no JSON")

    Sun(hass)
    monkeypatch.setattr(
        "homeassistant.components.energy.data.async_get_manager", broken
    )
    source = SolarForecastSource()
    await source.async_refresh(hass, NOON)
    assert source.plants == {}
    assert "The Energy dashboard cannot be read" in caplog.text
