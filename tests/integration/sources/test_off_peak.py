"""Tests of the cheap hours from windows and entities."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.engine.model import OffPeak
from custom_components.ampacity.sources.off_peak import OffPeakSource

# Berlin is one hour ahead of UTC on this Monday
NOW = datetime(2026, 11, 2, 21, 30, tzinfo=UTC)
WINDOW: dict[str, object] = {"days": ["mon"], "start": "22:00:00", "end": "06:00:00"}
DAYTIME: dict[str, object] = {"start": "12:00:00", "end": "14:00:00"}


@pytest.fixture(autouse=True)
async def living_in_berlin(hass: HomeAssistant) -> None:
    """Live in Berlin."""
    await hass.config.async_set_time_zone("Europe/Berlin")


def at(text: str) -> datetime:
    """Return a moment of Berlin's clock."""
    return datetime.fromisoformat(text).replace(
        tzinfo=dt_util.get_time_zone("Europe/Berlin")
    )


def read(
    hass: HomeAssistant, windows: list[dict[str, object]], entity_id: str | None
) -> OffPeak | None:
    """Read the cheap hours at NOW."""
    source = OffPeakSource.from_config(
        {"off_peak_windows": windows, "off_peak_entity": entity_id}
    )
    return source.read(hass, NOW)


def test_nothing_configured(hass: HomeAssistant) -> None:
    """Without any source nobody knows."""
    assert read(hass, [], None) is None
    assert OffPeakSource.from_config({}).read(hass, NOW) is None


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (WINDOW, OffPeak(active=True, until=at("2026-11-03T06:00"))),
        (
            WINDOW | {"days": ["tue", "sun"]},
            OffPeak(active=False, until=at("2026-11-03T22:00")),
        ),
        (DAYTIME, OffPeak(active=False, until=at("2026-11-03T12:00"))),
        (
            WINDOW | {"start": "22:31", "end": "23:00"},
            OffPeak(active=False, until=at("2026-11-02T22:31")),
        ),
    ],
)
def test_windows(
    hass: HomeAssistant, window: dict[str, object], expected: OffPeak
) -> None:
    """Windows are in local time; without days they are for every day."""
    assert read(hass, [window], None) == expected


@pytest.mark.parametrize(
    ("state", "attributes", "expected"),
    [
        ("on", {}, OffPeak(active=True)),
        ("off", {}, OffPeak(active=False)),
        ("unavailable", {}, OffPeak(active=False)),
        ("unknown", {}, OffPeak(active=False)),
        ("1", {}, OffPeak(active=False)),
        (
            "on",
            {"next_event": NOW + timedelta(hours=3)},
            OffPeak(active=True, until=NOW + timedelta(hours=3)),
        ),
        (
            "off",
            {"next_event": "2026-11-03T02:00:00+01:00"},
            OffPeak(active=False, until=at("2026-11-03T02:00")),
        ),
        ("on", {"next_event": NOW - timedelta(hours=3)}, OffPeak(active=True)),
        ("on", {"next_event": "soon"}, OffPeak(active=True)),
        ("on", {"next_event": 5}, OffPeak(active=True)),
        (
            "on",
            {"start_time": "2026-11-02 22:00:00", "end_time": "2026-11-03 05:00:00"},
            OffPeak(active=True, until=at("2026-11-03T05:00")),
        ),
        (
            "off",
            {"start_time": "2026-11-03 22:00:00", "end_time": "2026-11-04 05:00:00"},
            OffPeak(active=False, until=at("2026-11-03T22:00")),
        ),
        (
            "off",
            {"start_time": "2026-11-01 22:00:00", "end_time": "2026-11-02 05:00:00"},
            OffPeak(active=False),
        ),
    ],
)
def test_entity(
    hass: HomeAssistant, state: str, attributes: dict[str, object], expected: OffPeak
) -> None:
    """Schedules and calendars tell when they change, others only what is now."""
    hass.states.async_set("schedule.cheap", state, attributes)
    assert read(hass, [], "schedule.cheap") == expected


def test_removed_entity(hass: HomeAssistant) -> None:
    """An entity that is gone never makes the hours cheap; the windows go on to count."""
    assert read(hass, [], "binary_sensor.cheap") == OffPeak(active=False)
    assert read(hass, [WINDOW], "binary_sensor.cheap") == OffPeak(
        active=True, until=at("2026-11-03T06:00")
    )


@pytest.mark.parametrize(
    ("window", "state", "next_event", "expected"),
    [
        (
            WINDOW,
            "off",
            "2026-11-03T02:00:00+01:00",
            OffPeak(active=True, until=at("2026-11-03T06:00")),
        ),
        (
            WINDOW,
            "on",
            "2026-11-03T07:00:00+01:00",
            OffPeak(active=True, until=at("2026-11-03T07:00")),
        ),
        (WINDOW, "on", None, OffPeak(active=True)),
        (DAYTIME, "on", None, OffPeak(active=True)),
        (
            DAYTIME,
            "off",
            "2026-11-03T02:00:00+01:00",
            OffPeak(active=False, until=at("2026-11-03T02:00")),
        ),
        (DAYTIME, "off", None, OffPeak(active=False, until=at("2026-11-03T12:00"))),
    ],
)
def test_windows_and_entity(
    hass: HomeAssistant,
    window: dict[str, object],
    state: str,
    next_event: str | None,
    expected: OffPeak,
) -> None:
    """Either makes the hours cheap, and they last as long as the longer of the two."""
    hass.states.async_set("schedule.cheap", state, {"next_event": next_event})
    assert read(hass, [window], "schedule.cheap") == expected


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_a_real_schedule(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Home Assistant's own schedule is understood."""
    freezer.move_to(NOW)
    assert await async_setup_component(
        hass,
        "schedule",
        {
            "schedule": {
                "night": {
                    "name": "Night",
                    "monday": [{"from": "22:00:00", "to": "23:00:00"}],
                }
            }
        },
    )
    await hass.async_block_till_done()
    assert read(hass, [], "schedule.night") == OffPeak(
        active=True, until=at("2026-11-02T23:00")
    )
