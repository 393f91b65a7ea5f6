"""Plans that come from a calendar: events that appear, move and go, and a calendar that fails."""

from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, override
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.components.calendar.const import DATA_COMPONENT
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import CONF_PLAN_CALENDAR
from custom_components.ampacity.engine.vehicle_plug import choose_vehicle

from .flows.steps import open_options, send
from .house import CHARGER, CHARGER_ID, ENTRY_ID, House, make_entry

CALENDAR = "calendar.cars"
EVENING = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def event(start: str, summary: str, **known: Any) -> dict[str, Any]:
    """Return an event as Home Assistant tells it."""
    return {"start": start, "end": "2026-12-31", "summary": summary} | known


class Diary:
    """A calendar that a test writes into."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Answer for the calendar."""
        self.hass = hass
        self.events: list[Any] = []
        self.error: Exception | None = None
        self.answer: Any = None
        """Instead of its events."""
        self.calls: list[ServiceCall] = []
        hass.states.async_set(CALENDAR, "off")
        hass.services.async_register(
            "calendar",
            "get_events",
            self._get_events,
            supports_response=SupportsResponse.ONLY,
        )

    async def _get_events(self, call: ServiceCall) -> ServiceResponse:
        self.calls.append(call)
        if self.error is not None:
            raise self.error
        if self.answer is not None:
            return dict(self.answer)
        return {CALENDAR: {"events": self.events}}

    def write(self, *events: Any) -> None:
        """Hold these events, which changes the calendar's state."""
        self.events = list(events)
        state = self.hass.states.get(CALENDAR)
        number = (state.attributes.get("number") or 0) + 1 if state else 1
        self.hass.states.async_set(CALENDAR, "off", {"number": number})


@pytest.fixture
async def diary(hass: HomeAssistant) -> Diary:
    """Return an empty calendar, which answers instead of those that Home Assistant has."""
    assert await async_setup_component(hass, "calendar", {})
    return Diary(hass)


@pytest.fixture
async def planned(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory, diary: Diary
) -> House:
    """Return a house that follows the calendar."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(EVENING)
    house.measure()
    entry = make_entry()
    options = {CONF_PLAN_CALENDAR: CALENDAR, "import_price": 0.3}
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_setup(ENTRY_ID)
    await wait(house)
    return house


async def wait(house: House, seconds: float = 20.0) -> None:
    """Let it read."""
    await house.pass_time(seconds, min(seconds, 60.0))
    await house.hass.async_block_till_done(wait_background_tasks=True)


async def plans(house: House) -> list[tuple[str, float | None, float | None]]:
    """Return what the calendar has promised: when, percent, kWh."""
    answer = await house.act("get_plan")
    assert answer is not None
    return [
        (one["ready_by"][:16], one["soc"], one["energy_kwh"])
        for one in answer["plans"]
        if one["source"] == "calendar"
    ]


async def test_events_are_plans(planned: House, diary: Diary) -> None:
    """Those whose titles say so, in whatever zone; the rest is somebody's life."""
    diary.write(
        event("2026-11-23T07:00:00+01:00", "car 80 %"),
        event("2026-11-24T06:30:00+00:00", "Garage 12.5 kWh"),
        event("2026-11-25T09:00:00+01:00", "Dentist"),
        event("2026-11-26", "car 90 %"),
        event("2026-11-22T12:00:00+01:00", "car 95 %"),
        event("soon T", "car 70 %"),
        event("2026-11-26T09:00:00+01:00", "Sale 20 %"),
        {"start": None, "summary": None},
        "nonsense",
    )
    await wait(planned)
    assert await plans(planned) == [
        ("2026-11-23T07:00", 80.0, None),
        ("2026-11-24T07:30", None, 12.5),
    ]
    state = planned.hass.states.get(planned.entity_id("datetime", "ready_by"))
    assert state is not None
    assert state.state == "2026-11-23T06:00:00+00:00"


async def test_of_two_at_once_the_larger(planned: House, diary: Diary) -> None:
    """A charger has one plan for a moment."""
    start = "2026-11-23T07:00:00+01:00"
    diary.write(*(event(start, f"car {soc} %") for soc in (60, 90, 70)))
    await wait(planned)
    assert await plans(planned) == [("2026-11-23T07:00", 90.0, None)]


async def test_moved_and_deleted(planned: House, diary: Diary) -> None:
    """The plans follow, and what a user has planned stays."""
    await planned.act("set_plan", ready_by="2026-11-25 07:00", energy=5)
    diary.write(event("2026-11-23T07:00:00+01:00", "car 80 %"))
    await wait(planned)
    diary.write(event("2026-11-23T08:00:00+01:00", "car 60 %"))
    await wait(planned)
    assert await plans(planned) == [("2026-11-23T08:00", 60.0, None)]
    diary.write()
    await wait(planned)
    assert await plans(planned) == []
    answer = await planned.act("get_plan")
    assert answer is not None
    assert [one["id"] for one in answer["plans"]] == ["once"]


async def test_read_every_quarter_of_an_hour(planned: House, diary: Diary) -> None:
    """Also when its state does not change, a week ahead."""
    diary.events = [event("2026-11-23T07:00:00+01:00", "car 80 %")]
    await wait(planned, 16 * 60)
    assert await plans(planned) == [("2026-11-23T07:00", 80.0, None)]
    call = diary.calls[-1]
    begin, end = (
        datetime.fromisoformat(call.data[f"{name}_date_time"])
        for name in ("start", "end")
    )
    assert (end - begin).days == 7


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (HomeAssistantError("no connection"), None),
        (None, {"calendar.other": {"events": []}}),
        (None, {CALENDAR: None}),
        (None, {CALENDAR: {}}),
    ],
)
async def test_a_calendar_that_fails_keeps_the_plans(
    planned: House,
    diary: Diary,
    error: Exception | None,
    answer: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is said once; when it answers again, it counts again."""
    diary.write(event("2026-11-23T07:00:00+01:00", "car 80 %"))
    await wait(planned)
    diary.error, diary.answer = error, answer
    for _ in range(3):
        diary.write()
        await wait(planned)
    assert await plans(planned) == [("2026-11-23T07:00", 80.0, None)]
    assert caplog.text.count("Could not read calendar.cars") == 1
    diary.error = diary.answer = None
    diary.write()
    await wait(planned)
    assert await plans(planned) == []


async def test_skipped_stays_skipped(planned: House, diary: Diary) -> None:
    """Though the event is still there."""
    diary.write(event("2026-11-23T07:00:00+01:00", "car 80 %"))
    await wait(planned)
    await planned.act("skip_plan")
    diary.write(event("2026-11-23T07:00:00+01:00", "car 80 %"))
    await wait(planned)
    answer = await planned.act("get_plan")
    assert answer is not None
    assert answer["plan"] is None


class Family(CalendarEntity):
    """A calendar as other integrations have it."""

    entity_id = "calendar.family"
    event = None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return a plan and a holiday."""
        berlin = ZoneInfo("Europe/Berlin")
        start = datetime(2026, 11, 23, 7, tzinfo=berlin)
        holiday = date(2026, 11, 24)
        return [
            CalendarEvent(start=start, end=start, summary="car 80 %"),
            CalendarEvent(start=holiday, end=holiday, summary="car 90 %"),
        ]


async def test_as_home_assistant_answers(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    """Through its own action, with a real calendar behind it."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(EVENING)
    house.measure()
    assert await async_setup_component(hass, "calendar", {})
    await hass.data[DATA_COMPONENT].async_add_entities([Family()])
    entry = make_entry()
    entry.add_to_hass(hass)
    options = {CONF_PLAN_CALENDAR: "calendar.family"}
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_setup(ENTRY_ID)
    await wait(house)
    assert await plans(house) == [("2026-11-23T07:00", 80.0, None)]


async def test_a_calendar_that_is_not_there(
    hass: HomeAssistant, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is planned, and nothing fails."""
    entry = make_entry()
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, options={CONF_PLAN_CALENDAR: CALENDAR}
    )
    assert await hass.config_entries.async_setup(ENTRY_ID)
    await wait(house)
    assert await plans(house) == []
    assert "Error" not in caplog.text


async def test_chosen_and_left_out_in_the_options(
    hass: HomeAssistant, site_entry: MockConfigEntry, house: House, diary: Diary
) -> None:
    """Without a calendar its plans are withdrawn."""
    diary.events = [event("2099-11-23T07:00:00-08:00", "Garage 80 %")]
    flows = hass.config_entries.options
    result = await open_options(hass, ENTRY_ID, "calendar")
    await send(flows, result, {CONF_PLAN_CALENDAR: CALENDAR})
    await hass.async_block_till_done()
    await wait(house)
    assert await plans(house) == [("2099-11-23T07:00", 80.0, None)]
    result = await open_options(hass, ENTRY_ID, "calendar")
    await send(flows, result, {})
    await hass.async_block_till_done()
    await wait(house)
    assert CONF_PLAN_CALENDAR not in site_entry.options
    assert house.coordinator.charger_state(CHARGER_ID).promises == ()


def promised(house: House, charger_id: str) -> list[float | None]:
    """Return the percent that are promised at a charger."""
    return [one.soc for one in house.coordinator.charger_state(charger_id).promises]


async def test_several_chargers_and_a_car_of_its_own(
    hass: HomeAssistant, planned: House, diary: Diary
) -> None:
    """The car's plan is where it is, else where it usually is; no name is no plan."""
    entry = planned.coordinator.config_entry
    other = {"status_sensor": "sensor.other", "limit_entity": "input_number.other"}
    parts: list[tuple[str, str, str, dict[str, Any]]] = [
        ("carport", "charger", "Carport", CHARGER | other),
        ("zoe", "vehicle", "Zoe", {"capacity": 50.0, "default_charger": "carport"}),
        ("guest", "vehicle", "Mini", {"capacity": 30.0}),
    ]
    for subentry_id, kind, title, data in parts:
        subentry = ConfigSubentry(
            data=MappingProxyType(data),
            subentry_id=subentry_id,
            subentry_type=kind,
            title=title,
            unique_id=None,
        )
        hass.config_entries.async_add_subentry(entry, subentry)
    await wait(planned)
    diary.write(
        event("2026-11-23T07:00:00+01:00", "Zoe 70 %"),
        event("2026-11-23T08:00:00+01:00", "car 80 %"),
        event("2026-11-23T09:00:00+01:00", "Garage 60 %"),
        event("2026-11-23T10:00:00+01:00", "Mini 50 %"),
    )
    await wait(planned)
    assert promised(planned, "carport") == [70.0]
    assert promised(planned, CHARGER_ID) == [60.0]
    state = planned.coordinator.state
    planned.coordinator.async_request(choose_vehicle(state, CHARGER_ID, "zoe"))
    await wait(planned, 16 * 60)
    assert promised(planned, "carport") == []
    assert promised(planned, CHARGER_ID) == [70.0, 60.0]
