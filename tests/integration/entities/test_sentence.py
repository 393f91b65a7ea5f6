"""Every reason in both languages, as a neighbour would read it."""

from datetime import datetime, timedelta
import re
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.engine import decision
from custom_components.ampacity.engine.decision import Reason, ReasonKey
from custom_components.ampacity.sentence import (
    Sentences,
    async_load_sentences,
    cached_sentences,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
UNTIL = NOW + timedelta(hours=2, minutes=35)
READY_BY = NOW + timedelta(hours=19)

VALUES = {
    "current_a": 8.0,
    "safe_a": 6.0,
    "measured_a": 11.5,
    "headroom_a": 3.25,
    "needed_a": 6.0,
    "surplus_w": 900.0,
    "needed_w": 1380.0,
    "battery_w": 3000.0,
    "energy_wh": 3200.0,
    "short_wh": 2400.0,
    "age_s": 45.0,
    "good": 1.0,
    "needed": 3.0,
    "phase": 2.0,
    "soc": 80.0,
    "peak_w": 2500.0,
    "limit_w": 4200.0,
    "phases": 1.0,
    "tries": 3.0,
    "most": 3.0,
}


def documented(key: ReasonKey) -> str:
    """Return what the engine's documentation says of a reason's values."""
    with open(decision.__file__, encoding="utf-8") as file:
        source = file.read()
    found = re.search(
        rf'^    {key.name} = "{key.value}"\n(?:    """(.*?)""")?',
        source,
        re.MULTILINE | re.DOTALL,
    )
    assert found
    return found[1] or ""


def documented_reason(key: ReasonKey, *, ends: bool) -> Reason:
    """Return a reason with the values that are documented for it, and its end if it has one."""
    text = documented(key)
    names = re.findall(r"``(\w+)``", text)
    return Reason(
        key=key,
        values={name: VALUES[name] for name in names},
        until=UNTIL if ends and "until." in text else None,
        ready_by=READY_BY if "ready by" in text else None,
    )


@pytest.fixture(autouse=True)
async def berlin(hass: HomeAssistant) -> None:
    """Live where the clock is not UTC's."""
    await hass.config.async_set_time_zone("Europe/Berlin")


async def load(hass: HomeAssistant, language: str) -> Sentences:
    """Return the sentences of a language."""
    return await async_load_sentences(hass, language)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("key", list(ReasonKey))
async def test_every_reason_is_a_full_sentence(
    hass: HomeAssistant, key: ReasonKey, ends: bool, language: str
) -> None:
    """No placeholder remains, each end is told, and the short text differs from the sentence."""
    sentences = await load(hass, language)
    reason = documented_reason(key, ends=ends)

    said = sentences.render(reason, NOW, "Garage")

    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert "{" not in said
    assert ("14:35" in said) == (reason.until is not None)
    assert ("07:00" in said) == (reason.ready_by is not None)
    short = sentences.texts[f"component.ampacity.entity.sensor.reason.state.{key}"]
    assert said != short
    assert not short.endswith(".")


@pytest.mark.parametrize("key", list(ReasonKey))
async def test_reasons_are_not_left_in_english(
    hass: HomeAssistant, key: ReasonKey
) -> None:
    """German differs from English in every sentence."""
    reason = documented_reason(key, ends=True)
    english = (await load(hass, "en")).render(reason, NOW, "Garage")
    german = (await load(hass, "de")).render(reason, NOW, "Garage")
    assert english != german


@pytest.mark.parametrize(
    ("reason", "english", "german"),
    [
        (
            Reason(
                key=ReasonKey.SOLAR_WAITING,
                values={"surplus_w": 900.0, "needed_w": 1380.0},
            ),
            "Waiting for the sun: 900 W surplus, 1.4 kW needed.",
            "Wartet auf Sonne: 900 W Überschuss, 1,4 kW nötig.",
        ),
        (
            Reason(
                key=ReasonKey.FUSE,
                values={"current_a": 7.5, "phase": 2, "headroom_a": 0.0},
            ),
            "7.5 A, because phase L2 of the main fuse has no room for more.",
            "7,5 A, weil auf Phase L2 der Hauptsicherung nicht mehr Platz ist.",  # codespell:ignore
        ),
        (
            Reason(key=ReasonKey.METER_STALE, values={"safe_a": 6.0, "age_s": 45.4}),
            "6 A to be safe: the grid meter has been silent for 45 s.",
            "6 A zur Sicherheit: Der Netzzähler schweigt seit 45 s.",
        ),
        (
            Reason(key=ReasonKey.METER_STALE, values={"safe_a": 0.0, "age_s": 600.0}),
            "Paused to be safe: the grid meter has been silent for 10 min.",
            "Pause zur Sicherheit: Der Netzzähler schweigt seit 10 min.",
        ),
        (
            Reason(key=ReasonKey.FAST, values={"current_a": 0.0}),
            "Starting: as fast as possible, because the mode is Fast.",
            "Startet: so schnell wie möglich, weil der Modus auf Schnell steht.",  # codespell:ignore
        ),
        (
            Reason(
                key=ReasonKey.BOOST_ENERGY,
                values={"current_a": 16.0, "energy_wh": 3249.0},
            ),
            "16 A by boost, until another 3.2 kWh is charged.",
            "16 A durch Boost, bis weitere 3,2 kWh geladen sind.",
        ),
        (
            Reason(
                key=ReasonKey.PLAN_SHORT,
                values={"current_a": 16.0, "short_wh": 5000.0},
                ready_by=NOW + timedelta(minutes=30),
            ),
            "16 A: even so, 5 kWh will be missing at 12:30.",
            "16 A: Trotzdem werden um 12:30 noch 5 kWh fehlen.",
        ),
        (
            Reason(
                key=ReasonKey.PLAN_SHORT,
                values={"current_a": 16.0, "short_wh": 5000.0},
                ready_by=NOW,
            ),
            "16 A: the car was to be ready by 12:00, and 5 kWh are still missing.",
            "16 A: Das Auto sollte bis 12:00 bereit sein, es fehlen noch 5 kWh.",
        ),
    ],
)
async def test_what_is_said(
    hass: HomeAssistant, reason: Reason, english: str, german: str
) -> None:
    """Numbers come in the language's notation with their units."""
    assert (await load(hass, "en")).render(reason, NOW) == english
    assert (await load(hass, "de")).render(reason, NOW) == german


@pytest.mark.parametrize(
    ("until", "english", "german"),
    [
        (datetime(2026, 11, 20, 13, 35), "14:35", "14:35"),
        (datetime(2026, 11, 20, 23, 30), "tomorrow 00:30", "morgen 00:30"),
        (datetime(2026, 11, 21, 1, 0), "tomorrow 02:00", "morgen 02:00"),
        (datetime(2026, 11, 22, 1, 0), "Sunday 02:00", "Sonntag 02:00"),
        (datetime(2026, 11, 26, 1, 0), "Thursday 02:00", "Donnerstag 02:00"),
        (datetime(2026, 11, 27, 1, 0), "2026-11-27 02:00", "27.11.2026 02:00"),
    ],
)
async def test_until_names_the_day_when_it_is_another(
    hass: HomeAssistant, until: datetime, english: str, german: str
) -> None:
    """Ends, given in UTC, are local; today's need no day."""
    reason = Reason(
        key=ReasonKey.BOOST,
        values={"current_a": 16.0},
        until=until.replace(tzinfo=ZoneInfo("UTC")),
    )
    for language, said in (("en", english), ("de", german)):
        assert f" {said}." in (await load(hass, language)).render(reason, NOW)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-250.0, "0 W"),
        (4.0, "0 W"),
        (344.0, "340 W"),
        (994.0, "990 W"),
        (996.0, "1 kW"),
        (4140.0, "4.1 kW"),
        (11000.0, "11 kW"),
    ],
)
async def test_powers(hass: HomeAssistant, value: float, said: str) -> None:
    """Powers are rounded to what an eye needs, and no surplus is none."""
    reason = Reason(key=ReasonKey.SOLAR, values={"current_a": 6.0, "surplus_w": value})
    text = (await load(hass, "en")).render(reason, NOW)
    assert text == f"6 A from the sun: {said} surplus."


@pytest.mark.parametrize(
    "values", [{}, {"safe_a": 6.0, "age_s": float("inf")}, {"age_s": float("nan")}]
)
async def test_missing_values_leave_the_short_text(
    hass: HomeAssistant, values: dict[str, float]
) -> None:
    """A reason without its values is still told."""
    reason = Reason(key=ReasonKey.METER_STALE, values=values)
    assert (await load(hass, "en")).render(reason, NOW) == "Grid meter is silent"


async def test_other_languages_get_english(hass: HomeAssistant) -> None:
    """A language without a translation gets the English sentence, numbers and all."""
    reason = Reason(
        key=ReasonKey.SOLAR_WAITING, values={"surplus_w": 0.0, "needed_w": 1380.0}
    )
    said = (await load(hass, "fr")).render(reason, NOW)
    assert said == "Waiting for the sun: 0 W surplus, 1.4 kW needed."


async def test_the_server_language_is_used(
    hass: HomeAssistant,
) -> None:
    """Loaded once, the sentences of the server's language are at hand."""
    hass.config.language = "de"
    await async_load_sentences(hass)
    said = cached_sentences(hass).render(Reason(key=ReasonKey.FINISHED), NOW)
    assert said.startswith("Das Auto")
