"""The files of the known chargers: whole, named in both languages, and shown in the docs."""

import json
from pathlib import Path
import runpy
from typing import Any

import pytest
import voluptuous as vol

from custom_components.ampacity.chargers.profile import (
    FOLDER,
    Profile,
    load_profiles,
    read_profile,
)
from custom_components.ampacity.chargers.profile_schema import SCHEMA

ROOT = Path(__file__).parents[3]
PROFILES = load_profiles()
TRANSLATIONS = ROOT / "custom_components" / "ampacity" / "translations"


def test_enough_chargers_can_be_controlled() -> None:
    """Forty at least, as is promised."""
    assert sum(one.can_control for one in PROFILES.values()) >= 40


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_each_file_is_whole(profile: Profile) -> None:
    """A charger is found by something, says something, and names where that stands."""
    assert profile.sources
    assert profile.can_control
    assert profile.status.kind != "none"
    assert profile.can_limit or {"no_limit"} <= set(profile.notes)
    assert profile.can_limit or profile.limits.get("max_current")
    assert profile.checked or "unchecked" in profile.notes
    assert profile.durability != "flash" or profile.quirks.writes_per_day


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_text_is_there(language: str) -> None:
    """What is told of a charger is told in both languages, and nothing is left over."""
    texts = json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    options = texts["selector"]
    notes = {note for one in PROFILES.values() for note in one.notes}
    features = {each.feature for one in PROFILES.values() for each in one.native}
    assert set(options["charger_note"]["options"]) == notes
    assert set(options["native_feature"]["options"]) == features


def test_the_page_is_up_to_date() -> None:
    """The docs show the chargers as their files describe them."""
    made = runpy.run_path(str(ROOT / "scripts" / "charger_table.py"))["page"]()
    assert (ROOT / "docs" / "chargers.md").read_text("utf-8") == made


WHOLE: dict[str, Any] = {
    "name": "Box",
    "integration": "box",
    "origin": "core",
    "sources": ["number.py"],
    "durability": "ram",
    "limit": {"number": "*_limit"},
    "start_stop": "none",
    "status": {"plug": "*_plug"},
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": {"number": "*_limit", "select": "*_limit"}},
        {"limit": {"action": "box.set"}},
        {"limit": {"number": {"uid": "*_a", "key": "a"}}},
        {"start_stop": {"switch": "*_on", "inverted": "yes"}},
        {"start_stop": {"select": "*_mode", "start": True, "stop": "b"}},
        {"status": {"sensor": "*_status", "map": {"laden": ["Laden"]}}},
        {"status": {"sensor": "*_status", "map": {"charging": [1]}}},
        {"durability": "stone"},
        {"sensors": {"colour": "*_colour"}},
        {"surprise": 1},
        {"sources": None},
    ],
)
def test_a_wrong_file_is_refused(wrong: dict[str, Any]) -> None:
    """A slip is found when the file is read, not on somebody's wall."""
    SCHEMA(WHOLE)
    with pytest.raises(vol.Invalid):
        SCHEMA(WHOLE | wrong)


def test_a_file_is_read_once() -> None:
    """Reading again costs nothing, and each file is read as it stands."""
    assert load_profiles() is PROFILES
    assert read_profile(FOLDER / "peblar.yaml") == PROFILES["peblar"]
