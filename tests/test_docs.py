"""The documentation names everything that a user meets, and nothing that is not there.

What is named stands in bold in the first column of a table, or as a heading, on the page and in
the section where a user looks for it. So a label that is renamed, added or dropped fails here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest
import voluptuous as vol

from custom_components.ampacity import const, plan_actions, services
from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import ChargerStatus, Mode
from custom_components.ampacity.engine.session import Session
from custom_components.ampacity.flows.options_control import DEFAULT_CONTROL
from custom_components.ampacity.runtime.announce import session_data

PROJECT = Path(__file__).resolve().parents[1]
INTEGRATION = PROJECT / "custom_components/ampacity"
DOCS = PROJECT / "docs"
README = PROJECT / "README.md"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
COMMANDS = ("scripts/demo", "scripts/test")
LONGEST = 450

ENGLISH: dict[str, Any] = json.loads(
    (INTEGRATION / "translations/en.json").read_text(encoding="utf-8")
)
FLOWS: dict[str, Any] = {
    "site": ENGLISH["config"],
    "charger": ENGLISH["config_subentries"]["charger"],
    "circuit": ENGLISH["config_subentries"]["circuit"],
    "options": ENGLISH["options"],
}
STEPS = [(flow, step) for flow, texts in FLOWS.items() for step in texts["step"]]
CHOICES = [
    ("phases", {"1", "3"}),
    *(
        (key, set(ENGLISH["selector"][key]["options"]))
        for key in (
            "price_kind",
            "limit_kind",
            "start_stop_kind",
            "status_kind",
            "link",
            "circuit",
            "phase_map",
        )
    ),
]
ACTIONS: dict[str, Any] = load_yaml_dict(str(INTEGRATION / "services.yaml"))
TRIGGERS: dict[str, Any] = load_yaml_dict(str(INTEGRATION / "triggers.yaml"))
SCHEMAS = {
    "boost": services.BOOST_SCHEMA,
    "stop_boost": services.DEVICE_SCHEMA,
    "limit": services.LIMIT_SCHEMA,
    "clear_limit": services.DEVICE_SCHEMA,
    "get_sessions": services.SESSIONS_SCHEMA,
    "explain": services.DEVICE_SCHEMA,
    "set_plan": plan_actions.SET_PLAN_SCHEMA,
    "clear_plan": plan_actions.PLAN_SCHEMA,
    "skip_plan": plan_actions.PLAN_SCHEMA,
    "get_plan": services.DEVICE_SCHEMA,
    "test_run": services.DEVICE_SCHEMA,
}
EVENTS = [
    const.EVENT_SESSION_STARTED,
    const.EVENT_SESSION_FINISHED,
    const.EVENT_LIMIT_ACTIVE,
    const.EVENT_PLAN_AT_RISK,
    const.EVENT_PLAN_MET,
]


def _page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _page_of(flow: str) -> str:
    """Return the page on which a dialog is explained."""
    return "options.md" if flow == "options" else "setup.md"


def _section(page: str, heading: str) -> str:
    """Return what stands under a heading, down to the next one of its level or above."""
    lines = page.splitlines()
    starts = [
        number
        for number, line in enumerate(lines)
        if re.fullmatch(rf"#+ {re.escape(heading)}", line)
    ]
    assert len(starts) == 1, f"{len(starts)} headings {heading!r}"
    level = lines[starts[0]].index(" ")
    body = []
    for line in lines[starts[0] + 1 :]:
        if re.match(rf"#{{1,{level}}} ", line):
            break
        body.append(line)
    return "\n".join(body)


def _rows(text: str) -> list[list[str]]:
    """Return the cells of all rows of all tables, without heads and rules."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            continue
        if set(line) <= set("|-: "):
            rows.pop()
            continue
        rows.append([cell.strip() for cell in line.strip("|").split(" |")])
    return rows


def _named(text: str) -> set[str]:
    """Return what stands in bold at the beginning of a row."""
    found = (re.match(r"\*\*(.+?)\*\*", row[0]) for row in _rows(text))
    return {match[1] for match in found if match}


def _labels(step: dict[str, Any]) -> set[str]:
    """Return the labels of a step's fields, in sections too, and of its menu."""
    parts = [step, *step.get("sections", {}).values()]
    return {
        label
        for part in parts
        for texts in (part.get("data", {}), part.get("menu_options", {}))
        for label in texts.values()
    }


def _blocks(page: Path) -> list[Any]:
    """Return the page's examples in YAML, parsed."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^```yaml\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    return [parse_yaml(block) for block in found]


def _calls(node: Any, key: str) -> Iterator[dict[str, Any]]:
    """Return all mappings of an example in which ``key`` names something of ours."""
    if isinstance(node, list):
        for each in node:
            yield from _calls(each, key)
    elif isinstance(node, dict):
        if str(node.get(key, "")).startswith("ampacity."):
            yield node
        yield from _calls(list(node.values()), key)


@pytest.mark.parametrize(("flow", "step"), STEPS)
def test_every_field_of_a_step_is_explained(flow: str, step: str) -> None:
    """Each step has a section named like it, with a row for each of its fields."""
    texts = FLOWS[flow]["step"][step]
    section = _section(_page(_page_of(flow)), texts["title"])
    named = _named(section) - set(ENGLISH["selector"]["phase_map"]["options"].values())
    assert named == _labels(texts)


def test_every_field_of_a_car_is_explained() -> None:
    """A car's form stands on the page of the cars, with what can be chosen in it."""
    page = _page("vehicles.md")
    for texts in ENGLISH["config_subentries"]["vehicle"]["step"].values():
        assert _named(_section(page, texts["title"])) == _labels(texts)
    choices = {
        *ENGLISH["selector"]["car_phases"]["options"].values(),
        *ENGLISH["entity"]["select"]["vehicle"]["state"].values(),
    }
    assert [text for text in choices if f"**{text}**" not in page] == []


@pytest.mark.parametrize(("selector", "options"), CHOICES)
def test_every_choice_is_named(selector: str, options: set[str]) -> None:
    """What can be chosen in a field stands in bold on the page of its dialog."""
    texts = ENGLISH["selector"][selector]["options"]
    assert set(texts) == options
    page = _page(_page_of("options" if selector == "price_kind" else "charger"))
    assert [text for text in texts.values() if f"**{text}**" not in page] == []


@pytest.mark.parametrize(
    ("flow", "step", "windows"),
    [
        ("config", "off_peak", "off_peak_windows"),
        ("options", "price_windows", "price_windows"),
        ("options", "price_entity", "price_surcharges"),
    ],
)
def test_weekly_hours_are_explained(flow: str, step: str, windows: str) -> None:
    """The fields of a weekly window stand in the section of their step."""
    section = _section(_page(_page_of(flow)), ENGLISH[flow]["step"][step]["title"])
    for field in ENGLISH["selector"][windows]["fields"].values():
        assert f"**{field['name']}**" in section


def test_usual_values_of_options_are_right() -> None:
    """The last column of the options is what the engine takes when nothing is set."""
    step = ENGLISH["options"]["step"]["control"]
    rows = {
        row[0].strip("*"): row[-1]
        for row in _rows(_section(_page("options.md"), step["title"]))
    }
    for key, label in step["data"].items():
        value = rows[label]
        if key in DEFAULT_CONTROL:
            unit = "%" if key == const.CONF_FUSE_MARGIN else "s"
            assert value == f"{DEFAULT_CONTROL[key]:g} {unit}"
        elif key == const.CONF_FEEDS_CARS:
            assert value == "on"
        else:
            assert value == "empty"


def test_every_entity_is_listed() -> None:
    """The tables of the entities name all entities, and no others."""
    names = {
        texts["name"]
        for platform in ENGLISH["entity"].values()
        for texts in platform.values()
    }
    assert _named(_page("entities.md")) == names


def test_modes_and_statuses_are_named() -> None:
    """Each mode has a row of its own; modes and statuses are named at their entities."""
    modes = ENGLISH["entity"]["select"]["mode"]["state"]
    assert set(modes) == {mode.value for mode in Mode}
    assert _named(_section(_page("modes.md"), "Modes")) == set(modes.values())
    statuses = ENGLISH["entity"]["sensor"]["status"]["state"]
    assert set(statuses) == {status.value for status in ChargerStatus}
    page = _page("entities.md")
    for name in (*modes.values(), *statuses.values()):
        assert f"**{name}**" in page


def test_every_reason_has_advice() -> None:
    """The table of reasons names each of them once, and says what to do."""
    texts = ENGLISH["entity"]["sensor"]["reason"]["state"]
    rows = _rows(_section(_page("modes.md"), "Reasons"))
    assert sorted(row[0] for row in rows) == sorted(
        texts[key.value] for key in ReasonKey
    )
    assert all(row[1] and row[2] for row in rows)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_explained(action: str) -> None:
    """Each action has a section with all of its fields and an example."""
    section = _section(_page("actions.md"), f"`ampacity.{action}`")
    texts = ENGLISH["services"][action]["fields"]
    assert set(texts) == set(ACTIONS[action]["fields"])
    wanted = {f"**{field['name']}** `{key}`" for key, field in texts.items()}
    assert {row[0] for row in _rows(section)} == wanted
    assert f"action: ampacity.{action}\n" in section


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_examples_would_work(page: Path) -> None:
    """Each example is YAML; what it asks of our actions and triggers is what they take."""
    for block in _blocks(page):
        for call in _calls(block, "action"):
            name = call["action"].removeprefix("ampacity.")
            SCHEMAS[name](call["data"])
        for trigger in _calls(block, "trigger"):
            name = trigger["trigger"].removeprefix("ampacity.")
            assert set(trigger["options"]) == set(TRIGGERS[name]["fields"])


@pytest.mark.parametrize("action", ACTIONS)
def test_examples_are_checked(action: str) -> None:
    """A field that an action does not have would be found in an example."""
    with pytest.raises(vol.Invalid):
        SCHEMAS[action]({"device_id": "1", "no_such_field": 1})


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_trigger_has_its_page(trigger: str) -> None:
    """Each trigger has a page of its own with its fields and an example, and is in the index."""
    texts = ENGLISH["triggers"][trigger]
    page = _page(f"triggers/{trigger}.md")
    assert page.startswith(f"# {texts['name']}\n")
    assert f"- trigger: ampacity.{trigger}\n" in page
    wanted = {
        f"**{texts['fields'][key]['name']}** `{key}`"
        for key in TRIGGERS[trigger]["fields"]
    }
    assert {row[0] for row in _rows(page)} == wanted
    assert f"[{texts['name']}](triggers/{trigger}.md)" in _page("triggers.md")


def test_no_page_of_a_trigger_that_is_not_there() -> None:
    """A trigger that is dropped takes its page along."""
    assert {page.stem for page in (DOCS / "triggers").glob("*.md")} == set(TRIGGERS)


def test_events_and_their_data_are_listed() -> None:
    """The events on the bus are named, and what they and the actions tell of a session."""
    assert {f"`{event}`" for event in EVENTS} == {
        row[0] for row in _rows(_page("events.md"))
    }
    told = session_data(Session(started=datetime(2026, 11, 1, tzinfo=UTC)))
    for key in told:
        assert f"`{key}`" in _page("events.md")
        assert f"`{key}`" in _page("triggers/session_finished.md")
        assert f"{key}:" in _page("actions.md")


def test_messages_in_repairs_are_explained() -> None:
    """Each repair issue has a row with its title."""
    section = _section(_page("troubleshooting.md"), "Messages under Settings → Repairs")
    wanted = {
        re.sub(r"\{.*?\}", "…", issue["title"]) for issue in ENGLISH["issues"].values()
    }
    assert {row[0] for row in _rows(section)} == wanted


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made where it is read."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.replace(" ", "-") for title in kept}


def _links(page: Path) -> list[str]:
    text = re.sub(
        r"^```.*?^```$",
        "",
        page.read_text(encoding="utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )
    return re.findall(r"\]\(([^)\s]+)\)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a file, a picture or a heading of this project finds it."""
    for link in _links(page):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(PROJECT), link
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


def test_every_page_can_be_reached() -> None:
    """From the README one gets to every page."""
    seen: set[Path] = set()
    ahead = [README]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        names = (link.partition("#")[0] for link in _links(page) if "://" not in link)
        ahead += [
            (page.parent / name).resolve() for name in names if name.endswith(".md")
        ]
    assert set(PAGES) - seen == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_names_the_commands(command: str) -> None:
    """The commands that the README tells are there and can be run."""
    assert f"`{command}`" in README.read_text(encoding="utf-8")
    assert os.access(PROJECT / command, os.X_OK)


def test_readme_shows_the_demo() -> None:
    """There is a picture of the demo, and it is one."""
    pictures = re.findall(
        r"!\[[^\]]+\]\(([^)]+\.png)\)", README.read_text(encoding="utf-8")
    )
    assert pictures == ["docs/images/demo.png"]
    assert (PROJECT / pictures[0]).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_pages_are_short(page: Path) -> None:
    """No page is too long to be read."""
    assert len(page.read_text(encoding="utf-8").splitlines()) <= LONGEST
