"""The integration's files agree with each other and with what Home Assistant accepts.

Stands in for hassfest, which cannot be run without its container.
"""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
import json
from pathlib import Path
import re
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
import homeassistant
from homeassistant.const import Platform
from homeassistant.helpers import service
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components import ampacity
from custom_components.ampacity.const import DOMAIN, PLATFORMS
from custom_components.ampacity.engine.decision import ReasonKey

ROOT = Path(ampacity.__file__).parent
HOMEASSISTANT = Path(homeassistant.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
LANGUAGES = sorted(file.stem for file in (ROOT / "translations").glob("*.json"))

SECTIONS = {
    "title",
    "config",
    "config_subentries",
    "options",
    "selector",
    "entity",
    "device",
    "services",
    "triggers",
    "exceptions",
    "issues",
    "system_health",
}
TRANSLATED_ERRORS = {
    "ConfigEntryError",
    "ConfigEntryNotReady",
    "HomeAssistantError",
    "ServiceValidationError",
    "UpdateFailed",
}


def _json(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ROOT / name).read_text())
    return data


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _texts(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node
        return
    for key, value in node.items():
        yield from _texts(value, f"{path}.{key}".lstrip("."))


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """Return the manifest."""
    return _json("manifest.json")


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    """Return the English texts."""
    return _json("translations/en.json")


@pytest.fixture(scope="module")
def icons() -> dict[str, Any]:
    """Return the icons."""
    return _json("icons.json")


def test_manifest_is_complete_and_in_order(manifest: dict[str, Any]) -> None:
    """Domain and name come first, the rest in the order of the alphabet."""
    assert manifest["domain"] == DOMAIN == ROOT.name
    assert list(manifest) == [
        "domain",
        "name",
        *sorted(manifest.keys() - {"domain", "name"}),
    ]
    assert manifest.keys() >= {
        "codeowners",
        "config_flow",
        "documentation",
        "integration_type",
        "iot_class",
        "issue_tracker",
        "version",
    }
    assert not (HOMEASSISTANT / "components" / DOMAIN).exists()


def test_manifest_has_an_acceptable_version(manifest: dict[str, Any]) -> None:
    """Home Assistant refuses a custom integration with a version that it cannot read."""
    AwesomeVersion(manifest["version"], ensure_strategy=[AwesomeVersionStrategy.SEMVER])


def test_manifest_names_known_categories(manifest: dict[str, Any]) -> None:
    """Categories are among those that Home Assistant knows, as far as it knows any."""
    file = HOMEASSISTANT / "generated" / "integration_categories.json"
    if not file.exists():
        pytest.skip("this release knows no categories")
    known = {
        f"{category['slug']}.{sub['slug']}"
        for category in json.loads(file.read_text())
        for sub in category["subcategories"]
    }
    assert set(manifest["categories"]) <= known


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_imports_of_other_integrations_are_declared(
    path: Path, manifest: dict[str, Any]
) -> None:
    """What is imported of another integration must be there when it is imported."""
    declared = {
        *manifest.get("dependencies", ()),
        *manifest.get("after_dependencies", ()),
    }
    platforms = {platform.value for platform in Platform}
    always_there = {
        "diagnostics",
        "system_health",
        "repairs",
        "input_number",
        "persistent_notification",
        "schedule",
    }
    imported = {
        module.split(".")[2]
        for module in _imported(path)
        if module.startswith("homeassistant.components.")
    }
    assert imported <= declared | platforms | always_there


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_engine_stands_alone() -> None:
    """The engine is plain Python, so that simulation and bench can use it."""
    files = sorted((ROOT / "engine").rglob("*.py"))
    assert len(files) > 10
    for path in files:
        assert not [
            name for name in _imported(path) if name.startswith("homeassistant")
        ]


def test_english_texts_are_plain(english: dict[str, Any]) -> None:
    """Texts have no references, links, markup or stray spaces, which Home Assistant rejects."""
    assert english.keys() <= SECTIONS
    for path, text in _texts(english):
        assert text == text.strip(), path
        assert "[%key:" not in text, path
        assert not re.search(r"(https?|ftp|mqtts?)://|www\.", text, re.IGNORECASE), path
        assert not re.search(r"<[a-z/][^>]*>", text), path
        assert not re.search(r"'{\w+}'", text), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_say_the_same(language: str, english: dict[str, Any]) -> None:
    """Every language has all texts, with the same placeholders."""
    theirs = dict(_texts(_json(f"translations/{language}.json")))
    ours = dict(_texts(english))
    assert theirs.keys() == ours.keys()
    for path, text in ours.items():
        placeholders = set(re.findall(r"{(\w+)}", text))
        assert set(re.findall(r"{(\w+)}", theirs[path])) == placeholders, path


def test_flow_fields_are_described(english: dict[str, Any]) -> None:
    """Each field of a flow has a name and a description, and nothing else has."""
    flows = [
        english["config"],
        english["options"],
        *english["config_subentries"].values(),
    ]
    steps = [step for flow in flows for step in flow.get("step", {}).values()]
    assert steps
    for step in steps:
        for block in (step, *step.get("sections", {}).values()):
            assert (
                block.get("data", {}).keys() == block.get("data_description", {}).keys()
            )
    for subentry in english["config_subentries"].values():
        assert subentry.keys() >= {"entry_type", "initiate_flow", "step"}


def _services_schema() -> Callable[[Any], Any]:
    return service._SERVICES_SCHEMA


def _triggers_schema() -> Callable[[Any], Any]:
    try:
        module = import_module("homeassistant.helpers.trigger.descriptions")
    except ModuleNotFoundError:
        module = import_module("homeassistant.helpers.trigger")
    schema: Callable[[Any], Any] = module._TRIGGERS_DESCRIPTION_SCHEMA
    return schema


@pytest.mark.parametrize(
    ("kind", "schema"),
    [("services", _services_schema), ("triggers", _triggers_schema)],
)
def test_actions_and_triggers_are_described(
    kind: str,
    schema: Callable[[], Callable[[Any], Any]],
    english: dict[str, Any],
    icons: dict[str, Any],
) -> None:
    """Each action and trigger, and each of its fields, has texts and an icon; a bad file here makes Home Assistant's pages hang."""
    described = load_yaml_dict(str(ROOT / f"{kind}.yaml"))
    schema()(described)
    assert described.keys() == english[kind].keys() == icons[kind].keys()
    for key, value in described.items():
        texts = english[kind][key]
        assert texts.keys() >= {"name", "description"}
        assert (value.get("fields") or {}).keys() == texts.get("fields", {}).keys()


def test_entity_icons_belong_to_entities(
    english: dict[str, Any], icons: dict[str, Any]
) -> None:
    """An icon without an entity of that name is never shown."""
    for platform, keys in icons["entity"].items():
        assert keys.keys() <= english["entity"][platform].keys()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platforms_say_how_many_updates_run_at_once(platform: Platform) -> None:
    """Home Assistant would update one entity after the other otherwise."""
    module = import_module(f"custom_components.{DOMAIN}.{platform}")
    assert module.PARALLEL_UPDATES == 0


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_errors_are_translated(path: Path, english: dict[str, Any]) -> None:
    """An error that a user sees names a text that exists."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in TRANSLATED_ERRORS:
            continue
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        assert "translation_key" in keywords, f"{_name(path)}:{node.lineno}"
        key = keywords["translation_key"]
        if isinstance(key, ast.Constant):
            assert key.value in english["exceptions"], f"{_name(path)}:{node.lineno}"


def test_error_keys_of_actions_exist(english: dict[str, Any]) -> None:
    """Actions pass their error keys through one function; each has a text."""
    keys = {
        ast.literal_eval(node.args[0])
        for name in ("services.py", "plan_actions.py", "test_run.py")
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "invalid"
    }
    assert len(keys) > 15
    assert keys <= english["exceptions"].keys()


def test_issue_texts_exist(english: dict[str, Any]) -> None:
    """Each repair issue has a title and says what to do."""
    raised = set(re.findall(r'key="(\w+)"', (ROOT / "issues.py").read_text()))
    # The meter's contradictions are raised by the key of their reason.
    contradictions = {ReasonKey.METER_SIGN.value, ReasonKey.METER_IMPLAUSIBLE.value}
    assert raised | contradictions == english["issues"].keys()
    for texts in english["issues"].values():
        assert texts.keys() in ({"title", "description"}, {"title", "fix_flow"})


def test_every_reason_has_an_icon(icons: dict[str, Any]) -> None:
    """A reason that is added without one would look like an unknown state; they are in order."""
    states = icons["entity"]["sensor"]["reason"]["state"]
    assert list(states) == [key.value for key in ReasonKey]


def _quality_rules(root: Path) -> dict[str, Any]:
    rules = load_yaml_dict(str(root / "quality_scale.yaml"))["rules"]
    assert isinstance(rules, dict)
    return rules


def test_quality_scale_is_complete() -> None:
    """Every rule has a status, and an exemption says why."""
    rules = _quality_rules(ROOT)
    assert (
        rules.keys() == _quality_rules(HOMEASSISTANT / "components" / "peblar").keys()
    )
    for rule, state in rules.items():
        if isinstance(state, str):
            assert state in {"done", "todo"}, rule
        else:
            assert state["status"] == "exempt", rule
            assert state["comment"], rule


def test_brand_images_exist() -> None:
    """Home Assistant and its marketplace show them."""
    for name in ("icon.png", "icon@2x.png", "logo.png"):
        assert (ROOT / "brand" / name).read_bytes().startswith(b"\x89PNG")
