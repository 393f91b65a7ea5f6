"""Whether all that a dialog shows has words, in each language."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
from string import Formatter
from typing import Any

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import Selector

from custom_components.ampacity import config_flow
from custom_components.ampacity.const import DOMAIN

_FOLDER = Path(config_flow.__file__).parent / "translations"
_LANGUAGES = [json.loads(file.read_text()) for file in sorted(_FOLDER.glob("*.json"))]


def check(result: Any) -> None:
    """Assert that a step, its fields, sections, menu and errors have texts that can be filled in."""
    if result["type"] not in ("form", "menu"):
        return
    given = result["description_placeholders"] or {}
    for texts in _LANGUAGES:
        flow = _of(result["handler"], texts)
        step = flow["step"][result["step_id"]]
        shown = [step["title"], step.get("description", "")]
        if result["type"] == "menu":
            shown += [step["menu_options"][option] for option in result["menu_options"]]
        else:
            shown += _fields(step, result["data_schema"].schema)
            _check_choices(texts["selector"], result["data_schema"].schema)
            shown += [flow["error"][error] for error in result["errors"].values()]
        for text in shown:
            assert _placeholders(text) <= given.keys(), text


def _of(handler: Any, texts: Mapping[str, Any]) -> Any:
    """Return the texts of a dialog; its handler is the domain, an entry, or an entry and a type."""
    if handler == DOMAIN:
        return texts["config"]
    if isinstance(handler, str):
        return texts["options"]
    return texts["config_subentries"][handler[1]]


def _fields(step: Mapping[str, Any], schema: Mapping[Any, Any]) -> Iterator[str]:
    for key, value in schema.items():
        if isinstance(value, section):
            part = step["sections"][str(key)]
            yield part["name"]
            yield from _fields(part, value.schema.schema)
        else:
            yield step["data"][str(key)]
            yield step["data_description"][str(key)]


def _check_choices(selectors: Mapping[str, Any], schema: Mapping[Any, Any]) -> None:
    """Assert that choices whose words are translated have words, all of them and for each field."""
    for value in schema.values():
        if isinstance(value, section):
            _check_choices(selectors, value.schema.schema)
        if not isinstance(value, Selector):
            continue
        config: Mapping[str, Any] = value.config or {}
        if (key := config.get("translation_key")) is None:
            continue
        texts = selectors[key]
        options = config.get("options", ())
        wanted = {one for one in options if isinstance(one, str)}
        assert wanted <= texts.get("options", {}).keys(), key
        assert config.get("fields", {}).keys() <= texts.get("fields", {}).keys(), key


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
