"""Whatever the code can say has words, in each language."""

import ast
from collections.abc import Iterator
from enum import StrEnum
import json
from pathlib import Path
import re
from typing import Any

import pytest

from custom_components import ampacity
from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import BatteryStrategy, ChargerStatus, Mode
from custom_components.ampacity.engine.promise_risk import RiskReason
from custom_components.ampacity.engine.schedule import SlotReason

ROOT = Path(ampacity.__file__).parent
PLAN = "entity.calendar.plan.state_attributes"
REASON = "entity.sensor.reason"
LANGUAGES = sorted((ROOT / "translations").glob("*.json"))

languages = pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _at(texts: Any, path: str) -> dict[str, str]:
    for key in path.split("."):
        texts = texts[key]
    assert isinstance(texts, dict)
    return texts


def _calls(name: str, *functions: str) -> Iterator[ast.Call]:
    """Yield the calls of these functions in a module."""
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in functions:
            yield node


@languages
@pytest.mark.parametrize(
    ("words", "path"),
    [
        (ReasonKey, f"{REASON}.state"),
        (ReasonKey, f"{REASON}.state_attributes.sentence.state"),
        (SlotReason, f"{PLAN}.message.state"),
        (ChargerStatus, "entity.sensor.status.state"),
        (Mode, "entity.select.mode.state"),
        (BatteryStrategy, "entity.select.battery_strategy.state"),
    ],
)
def test_each_word_of_the_engine(file: Path, words: type[StrEnum], path: str) -> None:
    """An enumeration that is shown has a text for each of its members."""
    texts = _at(_read(file), path)
    assert {word.value for word in words} <= texts.keys()


@languages
def test_each_risk_has_a_sentence(file: Path) -> None:
    """Why a plan is at risk is said in a sentence."""
    texts = _at(_read(file), f"{PLAN}.description.state")
    told = {key for key in texts if key.startswith("risk_")}
    assert told == {f"risk_{risk}" for risk in RiskReason}


@languages
def test_each_text_of_a_plan(file: Path) -> None:
    """The sentences of plans name texts that exist, and fill in what those ask for."""
    texts = _at(_read(file), f"{PLAN}.description.state")
    constants = {
        node.value
        for node in ast.walk(ast.parse((ROOT / "plan_text.py").read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = {key for key in texts if key not in constants}
    assert unused == {f"risk_{risk}" for risk in RiskReason}
    checked = 0
    for call in _calls("plan_text.py", "_text"):
        kind, key = call.args[1 if isinstance(call.func, ast.Name) else 0 :][:2]
        given = {keyword.arg for keyword in call.keywords}
        if not isinstance(key, ast.Constant) or None in given:
            continue
        assert isinstance(kind, ast.Name)
        assert set(re.findall(r"{(\w+)}", texts[str(key.value)])) <= given
        checked += 1
    assert checked > 3


@languages
def test_each_end_of_a_repair(file: Path) -> None:
    """A repair that ends without one says why."""
    told = {
        key
        for issue in _read(file)["issues"].values()
        for key in issue.get("fix_flow", {}).get("abort", {})
    }
    ends = {
        keyword.value.value
        for call in _calls("repairs.py", "async_abort")
        for keyword in call.keywords
        if keyword.arg == "reason" and isinstance(keyword.value, ast.Constant)
    }
    assert ends
    assert ends <= told


def test_one_word_for_the_charger() -> None:
    """In German the charger at home is a Wallbox, everywhere."""
    text = (ROOT / "translations/de.json").read_text(encoding="utf-8")
    assert "Wallbox" in text
    assert not re.findall(r"Ladestation\w*|Ladepunkt\w*|Ladeger\w+|Lader\b", text)
