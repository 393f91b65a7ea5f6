"""Answers as the integrations' own tests record them, with their real values."""

from datetime import UTC, date, datetime, timedelta
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.sources.price import PriceSource

from .market import midnight, register, serve

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.json"))


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
async def test_recorded_answer(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, file: Path
) -> None:
    """Each moment has the price that the recording tells, in currency per kWh."""
    recorded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    await hass.config.async_set_time_zone(recorded["zone"])
    day = date.fromisoformat(recorded["day"])
    start = midnight(day, recorded["zone"])
    freezer.move_to(start + timedelta(hours=8))
    expected = {
        datetime.fromisoformat(moment).astimezone(UTC): price
        for moment, price in recorded["expected"].items()
    }
    calls = serve(
        hass, recorded["platform"], recorded["action"], lambda _: recorded["answer"]
    )
    entity_id = register(
        hass,
        recorded["platform"],
        recorded["unique_id"],
        "unknown",
        device_name=recorded.get("device"),
    )
    source = PriceSource(entity_id)
    series = await source.async_fetch(hass, start, start + timedelta(days=1))
    assert source.problem is None
    assert series is not None
    for moment, price in expected.items():
        assert series.at(moment) == pytest.approx(price), moment
    assert calls


CONFIG_ENTRY: dict[str, dict[str, Any]] = {
    "nordpool": {"config_entry": ..., "date": "2024-11-05"},
    "energyzero": {
        "config_entry": ...,
        "incl_vat": True,
        "interval": "quarter",
        "start": "2024-11-05",
        "end": "2024-11-05",
    },
    "easyenergy": {
        "config_entry": ...,
        "incl_vat": True,
        "start": "2024-11-05",
        "end": "2024-11-05",
    },
    "amberelectric": {"config_entry_id": ..., "channel_type": "general"},
    "omie": {"date": "2024-11-05", "countries": ["pt"]},
    "tibber": {
        "start": "2024-11-04T23:00:00+00:00",
        "end": "2024-11-05T23:00:00+00:00",
    },
}


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
async def test_question(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, file: Path
) -> None:
    """Each integration is asked in its own words."""
    recorded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    await hass.config.async_set_time_zone("Europe/Brussels")
    start = midnight(date(2024, 11, 5), "Europe/Brussels")
    freezer.move_to(start + timedelta(hours=8))
    platform = recorded["platform"]
    calls = serve(hass, platform, recorded["action"], lambda _: recorded["answer"])
    entity_id = register(hass, platform, recorded["unique_id"], "0.2")
    await PriceSource(entity_id).async_fetch(hass, start, start + timedelta(days=1))
    (entry,) = hass.config_entries.async_entries(platform)
    wanted = {
        key: entry.entry_id if value is ... else value
        for key, value in CONFIG_ENTRY[platform].items()
    }
    assert calls[0] == wanted


@pytest.mark.parametrize(
    ("platform", "unique_id", "action", "attributes", "expected"),
    [
        (
            "easyenergy",
            "x_today_energy_return_current_hour_price",
            "get_energy_return_prices",
            {},
            {"start": "2024-11-05", "end": "2024-11-05"},
        ),
        (
            "amberelectric",
            "01-feed_in",
            "get_forecasts",
            {"channel_type": "feedIn"},
            {"channel_type": "feed_in"},
        ),
        (
            "amberelectric",
            "01-controlled_load",
            "get_forecasts",
            {"channel_type": "controlledLoad"},
            {"channel_type": "controlled_load"},
        ),
    ],
)
async def test_other_channels(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    platform: str,
    unique_id: str,
    action: str,
    attributes: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    """What feeding in brings, or a circuit of its own, is asked for as such."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    start = midnight(date(2024, 11, 5), "Europe/Amsterdam")
    freezer.move_to(start + timedelta(hours=8))
    serve(hass, platform, "get_energy_usage_prices", lambda _: {})
    calls = serve(hass, platform, action, lambda _: {})
    entity_id = register(hass, platform, unique_id, "0.2", attributes)
    await PriceSource(entity_id).async_fetch(hass, start, start + timedelta(days=1))
    assert calls[0].items() >= expected.items()
    assert "incl_vat" not in calls[0]
