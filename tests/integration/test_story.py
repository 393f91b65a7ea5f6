"""The whole story of a week: plans kept, changed, left, taken up again and missed.

The sentences are read as a person would hear them.
"""

from datetime import UTC, datetime
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from .house import House
from .story import CAR_ID, Story, make_story_entry

START = datetime(2026, 11, 22, 16, 50, tzinfo=UTC)
"""A quarter to six in the evening in Berlin, a Sunday."""
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
# fmt: off
LATE_CHEAP = (
    26, 25, 25, 24, 24, 23, 22, 30, 38, 35, 31, 28,
    26, 25, 27, 31, 36, 40, 42, 40, 36, 33, 30, 28,
)
# fmt: on
"""Prices of a day that are lowest between five and seven."""


@pytest.fixture
async def story(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> Story:
    """Return the house before the car comes home with 30 %."""
    caplog.set_level(logging.WARNING)
    # Time that is made to pass looks like slow callbacks.
    caplog.set_level(logging.ERROR, "asyncio")
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(START)
    told = Story(House(hass, freezer, plugged=False))
    await told.house.set_up(make_story_entry())
    await told.until(22, "18:00")
    return told


@pytest.mark.timeout(300)
async def test_story(story: Story, caplog: pytest.LogCaptureFixture) -> None:
    """Four days from the first evening on, without a word in the log."""
    caplog.clear()
    await plugged_in_at_six(story)
    await charges_in_the_cheapest_hours(story)
    await is_ready_at_seven(story)
    await again_with_a_plan_that_repeats(story)
    await prices_change_at_one(story)
    await leaves_early(story)
    await comes_back(story)
    await cannot_be_met(story)
    await is_late(story)
    ours = [one for one in caplog.records if "ampacity" in one.name]
    assert not ours


async def plugged_in_at_six(story: Story) -> None:
    """A plan for seven is made, and shown everywhere with what it saves."""
    await story.arrive(soc=30)
    assert list(story.heard()) == ["session_started"]
    assert story.why == "Waiting for the sun: 0 W surplus, 4.1 kW needed."
    await story.promise(ready_by="07:00", soc=80)
    assert story.ready_by == "Mon 07:00"
    assert story.planned() == ("Mon 01:00", "Mon 04:00")
    assert story.why == (
        "Will charge from tomorrow 01:00 on, to be ready by tomorrow 07:00. "
        "Earlier with enough sun: 0 W surplus, 2.9 kW needed."
    )
    plan = await story.plan()
    assert plan["sentence"] == (
        "80 % by tomorrow 07:00. Charges 30.1 kWh between tomorrow 01:00 and 04:00 "
        "for 6.32 EUR, 5.57 EUR less than charging at once."
    )
    assert plan["cost_at_once"] - plan["cost"] == pytest.approx(plan["saving"])
    assert {slot["price"] for slot in plan["slots"]} == {0.20, 0.21, 0.22}
    assert {slot["reason"] for slot in plan["slots"]} == {"cheap"}
    assert story.look("sensor", "plan_end").attributes["saving"] == plan["saving"]
    calendar = story.look("calendar", "plan")
    assert (calendar.state, calendar.attributes["start_time"]) == (
        "off",
        "2026-11-23 01:00:00",
    )
    assert calendar.attributes["message"] == "Charge 30.1 kWh in cheap hours"
    assert calendar.attributes["description"] == (
        "80 % by tomorrow 07:00. 10 kW on average at 0.210 EUR/kWh."
    )


async def charges_in_the_cheapest_hours(story: Story) -> None:
    """Nothing before one o'clock; then full current."""
    await story.until(23, "00:50", quiet=True)
    assert story.why == (
        "Will charge from 01:00 on, to be ready by 07:00. "
        "Earlier with enough sun: 0 W surplus, 1.9 kW needed."
    )
    assert story.commands() == []
    await story.until(23, "01:10")
    assert story.commands() == ["turn_on"]
    assert story.house.offered_a == 16
    assert story.why == "16 A in cheap hours until 04:00, to be ready by 07:00."
    assert story.look("calendar", "plan").state == "on"
    await story.until(23, "02:30")
    assert (await story.told()).startswith(
        "80 % by 07:00. Charges # kWh between 02:30 and 0"
    )


async def is_ready_at_seven(story: Story) -> None:
    """The promise is kept, told, and gone when its time has come."""
    await story.until(23, "04:05")
    assert story.commands()[-1] == "turn_off"
    assert story.soc == pytest.approx(80, abs=1)
    told = story.heard()
    assert list(told) == ["plan_met"]
    assert told["plan_met"]["ready_by"] == "2026-11-23T07:00:00+01:00"
    assert (told["plan_met"]["plan_id"], told["plan_met"]["soc_reached"]) == (
        "once",
        80,
    )
    assert (await story.plan())["sentence"] == (
        "80 % by 07:00: that is there, so nothing more is charged for it."
    )
    assert story.why == "The car has its target charge level of 80 %."
    await story.until(23, "07:30", quiet=True)
    assert (story.ready_by, story.planned()) == (None, None)
    assert (await story.plan())["sentence"] == "Nothing is planned."
    assert (story.commands(), story.heard()) == ([], {})


async def again_with_a_plan_that_repeats(story: Story) -> None:
    """It leaves, comes home in the evening, and is ready the next morning, too."""
    await story.leave()
    session = story.heard()["session_finished"]
    assert 0.20 < session["cost"] / session["energy_kwh"] < 0.212
    await story.until(23, "18:00", quiet=True)
    await story.arrive(soc=65)
    await story.promise(ready_by="07:00", soc=80, repeat=WORKDAYS)
    assert story.planned() == ("Tue 02:00", "Tue 02:51")
    await story.until(24, "01:50", quiet=True)
    assert story.commands() == []
    await story.until(24, "04:05")
    assert story.soc == pytest.approx(80, abs=1)
    assert list(story.heard()) == ["session_started", "plan_met"]
    await story.until(24, "07:05", quiet=True)
    assert (story.ready_by, story.planned()) == ("Wed 07:00", None)
    assert (await story.plan())["sentence"] == (
        "80 % by tomorrow 07:00: that is there, so nothing more is charged for it."
    )
    await story.leave()
    assert list(story.heard()) == ["session_finished"]
    story.commands()


async def prices_change_at_one(story: Story) -> None:
    """Guessed from the day before until then; the new ones move the plan.

    The car tells its old charge level when it comes; once it tells better, it is planned for.
    """
    await story.until(24, "09:00", quiet=True)
    await story.arrive(soc=80)
    story.soc = 60
    await story.pass_time(300)
    assert list(story.heard()) == ["session_started", "plan_met"]
    await story.see()
    assert story.planned() == ("Wed 02:00", "Wed 03:08")
    guessed = await story.plan()
    story.days[story.now.date().replace(day=25)] = LATE_CHEAP
    await story.until(24, "12:55", quiet=True)
    assert story.planned() == ("Wed 02:00", "Wed 03:08")
    await story.until(24, "13:01")
    assert story.planned() == ("Wed 05:45", "Wed 06:54")
    plan = await story.plan()
    assert plan["cost"] > guessed["cost"]
    assert plan["energy_kwh"] == pytest.approx(11.9, abs=0.4)
    assert await story.told() == (
        "80 % by tomorrow 07:00. Charges # kWh between tomorrow 05:45 and 06:54 "
        "for # EUR, # EUR less than charging at once."
    )
    assert story.look("calendar", "plan").attributes["start_time"] == (
        "2026-11-25 05:45:45"
    )
    assert (story.heard(), story.commands()) == ({}, [])


async def leaves_early(story: Story) -> None:
    """The session ends, what was planned is withdrawn, the promise stays; nobody is warned."""
    await story.until(24, "20:00", quiet=True)
    await story.leave()
    assert list(story.heard()) == ["session_finished"]
    assert (story.ready_by, story.planned()) == ("Wed 07:00", None)
    assert story.look("calendar", "plan").state == "off"
    assert story.why == "No car is plugged in."
    assert (await story.plan())["sentence"] == (
        "80 % by tomorrow 07:00. When it charges is planned once a car is plugged in."
    )
    await story.until(25, "08:00", quiet=True)
    assert (story.ready_by, story.planned()) == ("Thu 07:00", None)
    assert (story.heard(), story.commands()) == ({}, [])


async def comes_back(story: Story) -> None:
    """After its time: the next one counts."""
    await story.until(25, "13:30", quiet=True)
    await story.arrive(soc=60)
    assert story.planned() == ("Thu 02:00", "Thu 03:08")
    assert await story.told() == (
        "80 % by tomorrow 07:00. Charges # kWh between tomorrow 02:00 and 03:08 "
        "for # EUR, # EUR less than charging at once."
    )
    assert list(story.heard()) == ["session_started"]


async def cannot_be_met(story: Story) -> None:
    """A trip on short notice: all that there is, and a word of what it will come to."""
    await story.until(25, "18:00", quiet=True)
    await story.promise(ready_by="18:30", soc=79, id="trip")
    await story.pass_time(60)
    risk = story.heard()["plan_at_risk"]
    assert (risk["plan_id"], risk["ready_by"]) == ("trip", "2026-11-25T18:30:00+01:00")
    assert risk["soc_reached"] == pytest.approx(68, abs=1)
    assert risk["missing_kwh"] == pytest.approx(6.5, abs=1)
    assert datetime.fromisoformat(risk["ready_at"]).hour == 19
    assert story.commands()[-1] == "turn_on"
    assert story.house.offered_a == 16
    assert story.why.startswith("16 A: even so, ")
    assert story.why.endswith(" kWh will be missing at 18:30.")
    assert await story.told() == (
        "79 % by 18:30. Charges # kWh between 18:02 and 18:30 for # EUR. "
        "The car will be at # % then, and # kWh will be missing."
    )
    assert (
        story.look("calendar", "plan")
        .attributes["message"]
        .endswith(" kWh to be ready in time")
    )


async def is_late(story: Story) -> None:
    """It goes on after its time until it is done; then the plan that repeats counts again."""
    await story.until(25, "18:35")
    assert story.why.startswith("16 A: the car was to be ready by 18:30, and ")
    assert story.why.endswith(" kWh are still missing.")
    assert await story.told() == (
        "79 % was due at 18:30; charging goes on until it is there. "
        "Charges # kWh between 18:35 and 19:15 for # EUR."
    )
    assert story.heard() == {}
    await story.until(25, "19:20")
    told: dict[str, Any] = story.heard()["plan_met"]
    assert (told["plan_id"], told["soc_reached"]) == ("trip", 79)
    assert story.ready_by == "Thu 07:00"
    assert float(story.look("sensor", "soc", CAR_ID).state) >= 79
