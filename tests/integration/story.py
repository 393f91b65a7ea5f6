"""What the story of a week needs beside the house: its price entity and its car."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
import re
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.const import (
    DOMAIN,
    EVENT_PLAN_AT_RISK,
    EVENT_PLAN_MET,
    EVENT_SESSION_FINISHED,
    EVENT_SESSION_STARTED,
    SUBENTRY_CHARGER,
    SUBENTRY_VEHICLE,
)

from .house import CHARGER, CHARGER_ID, ENTRY_ID, SITE, SOC, House

PRICE = "sensor.nordpool"
CAR_SOC = "sensor.zoe_battery"
CAR_ID = "01ZOE"
CAPACITY_KWH = 52.0
EFFICIENCY = 0.9
"""What of the charger's energy arrives in the car's battery."""
TOMORROW_AT = time(13)
"""When the prices of the next day are published."""
REPORTS = timedelta(minutes=5)
"""How often the car tells its charge level."""
STEP_S = 30.0
QUIET_STEP = timedelta(minutes=10)

EVENTS = (
    EVENT_SESSION_STARTED,
    EVENT_SESSION_FINISHED,
    EVENT_PLAN_MET,
    EVENT_PLAN_AT_RISK,
)

# fmt: off
USUAL = (
    26, 22, 20, 21, 24, 27, 31, 36, 38, 35, 31, 28,
    26, 25, 27, 31, 36, 40, 42, 40, 36, 33, 30, 28,
)
"""Prices of the hours of a day, in cents per kWh."""
# fmt: on
CHARGER_DATA = {key: one for key, one in CHARGER.items() if key != "soc_sensor"}
CAR: dict[str, Any] = {
    "capacity": CAPACITY_KWH,
    "soc_entity": CAR_SOC,
    "target_soc": 80.0,
    "min_soc": 0.0,
    "car_phases": "3",
    "default_charger": CHARGER_ID,
}


def make_story_entry() -> MockConfigEntry:
    """Return the entry of a house with prices of an entity, a wallbox and a car."""
    parts = (
        (CHARGER_ID, SUBENTRY_CHARGER, "Garage", CHARGER_DATA),
        (CAR_ID, SUBENTRY_VEHICLE, "Zoe", CAR),
    )
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        title="Home",
        data=SITE,
        options={
            "price_kind": "entity",
            "price_entity": PRICE,
            "feed_in_price": 0.08,
        },
        subentries_data=[
            ConfigSubentryDataWithId(
                data=data,
                subentry_id=key,
                subentry_type=kind,
                title=title,
                unique_id=None,
            )
            for key, kind, title, data in parts
        ],
    )


@dataclass
class Story:
    """The house in its week: hours pass, prices are published, a car comes and goes."""

    house: House
    soc: float = 30.0
    """What is in the car's battery, in percent."""
    days: dict[date, tuple[int, ...]] = field(default_factory=dict)
    """Prices of days that are not as usual."""
    events: list[Event] = field(default_factory=list)
    """All that was told on the bus and not looked at yet."""

    def __post_init__(self) -> None:
        """Listen to what is told, and let price entity and car tell their first."""
        for name in EVENTS:
            self.hass.bus.async_listen(name, self._keep)
        self.hass.states.async_remove(SOC)
        self.tell()

    @callback
    def _keep(self, event: Event) -> None:
        self.events.append(event)

    @property
    def hass(self) -> HomeAssistant:
        """The Home Assistant that it happens in."""
        return self.house.hass

    @property
    def now(self) -> datetime:
        """The local time."""
        return dt_util.now()

    def tell(self) -> None:
        """Let the price entity and the car tell what is now."""
        today = self.now.date()
        tomorrow = today + timedelta(days=1)
        is_known = self.now.time() >= TOMORROW_AT
        self.hass.states.async_set(
            PRICE,
            str(self._day(today)[self.now.hour] / 100.0),
            {
                "unit_of_measurement": "EUR/kWh",
                "tomorrow_valid": is_known,
                "raw_today": self._raw(today),
                "raw_tomorrow": self._raw(tomorrow) if is_known else [],
            },
        )
        self.hass.states.async_set(
            CAR_SOC, f"{self.soc:.0f}", {"unit_of_measurement": "%"}
        )

    def _day(self, day: date) -> tuple[int, ...]:
        return self.days.get(day, USUAL)

    def _raw(self, day: date) -> list[dict[str, Any]]:
        """Return a day as the custom integration Nord Pool tells it."""
        begin = dt_util.start_of_local_day(day)
        quarter = timedelta(minutes=15)
        return [
            {
                "start": begin + index * quarter,
                "end": begin + (index + 1) * quarter,
                "value": self._day(day)[index // 4] / 100.0,
            }
            for index in range(96)
        ]

    async def until(self, day: int, clock: str, *, quiet: bool = False) -> None:
        """Let time pass up to a local time on a day of the month, one that is to come.

        While nothing happens its steps may be longer than a meter's silence that is borne; the
        last minutes are as long as ever.
        """
        end = datetime.combine(
            self.now.date().replace(day=day),
            time.fromisoformat(clock),
            dt_util.get_default_time_zone(),
        )
        assert end > self.now
        while (left := end - self.now) > timedelta(0):
            if quiet and left >= 2 * QUIET_STEP:
                await self.pass_time(*[QUIET_STEP.total_seconds()] * 2)
            else:
                await self.pass_time(min(left, REPORTS).total_seconds())

    async def pass_time(self, seconds: float, step_s: float = STEP_S) -> None:
        """Let time pass; then car and prices tell what is now, and plans follow."""
        before_wh = self.house.energy_wh
        await self.house.pass_time(seconds, step_s)
        charged_kwh = (self.house.energy_wh - before_wh) / 1000.0
        self.soc = min(100.0, self.soc + charged_kwh * EFFICIENCY / CAPACITY_KWH * 100)
        self.tell()
        await self.settle()

    async def settle(self) -> None:
        """Let all that is done in the background be done, and its result be shown."""
        for _ in range(2):
            await self.hass.async_block_till_done(wait_background_tasks=True)

    async def arrive(self, soc: float) -> None:
        """Come home with so much in the battery, and plug in."""
        self.soc = soc
        self.tell()
        self.house.plugged = True
        await self.see()

    async def leave(self) -> None:
        """Unplug and drive off."""
        self.house.plugged = False
        await self.see()

    async def promise(self, **fields: Any) -> None:
        """Make a plan."""
        await self.house.act("set_plan", **fields)
        await self.see()

    async def see(self) -> None:
        """Let a minute pass, and what follows from it be shown."""
        for seconds in (50, 5, 5):
            await self.pass_time(seconds)

    async def plan(self) -> dict[str, Any]:
        """Return what is planned."""
        answer = await self.house.act("get_plan")
        assert answer is not None
        return answer

    def look(self, platform: str, key: str, owner_id: str = CHARGER_ID) -> State:
        """Return the state of an entity of the charger, or of somebody else."""
        state = self.hass.states.get(self.house.entity_id(platform, key, owner_id))
        assert state is not None
        return state

    def planned(self) -> tuple[str, str] | None:
        """Local day and time of the plan's start and end as their sensors show; None for none."""
        shown = [self.look("sensor", key).state for key in ("plan_start", "plan_end")]
        if shown == ["unknown", "unknown"]:
            return None
        start, end = (
            dt_util.as_local(datetime.fromisoformat(moment)) for moment in shown
        )
        return f"{start:%a %H:%M}", f"{end:%a %H:%M}"

    @property
    def ready_by(self) -> str | None:
        """Local day and time of the next plan; None for none."""
        shown = dt_util.parse_datetime(self.look("datetime", "ready_by").state)
        return f"{dt_util.as_local(shown):%a %H:%M}" if shown else None

    @property
    def why(self) -> str:
        """The sentence of the charger's reason."""
        said = self.look("sensor", "reason").attributes["sentence"]
        assert isinstance(said, str)
        return said

    async def told(self) -> str:
        """Return the sentence of the plan, with # in place of what is reckoned."""
        said: str = (await self.plan())["sentence"]
        return re.sub(r"\d+(\.\d+)?(?= kWh| EUR| % then)", "#", said)

    def commands(self) -> list[str]:
        """Return what the wallbox was told since the last look."""
        told = [
            f"{call.data['value']:g} A" if "value" in call.data else call.service
            for call in self.house.calls
        ]
        self.house.calls.clear()
        return told

    def heard(self) -> dict[str, dict[str, Any]]:
        """Return what was told on the bus since the last look, by its name."""
        told = {
            str(event.event_type).removeprefix(f"{DOMAIN}_"): dict(event.data)
            for event in self.events
        }
        assert len(told) == len(self.events)
        self.events.clear()
        return told
