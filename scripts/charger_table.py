# ruff: noqa: INP001
"""Writes docs/chargers.md from what is known of chargers; --check only tells whether it is new.

.venv/bin/python scripts/charger_table.py [--check]
"""

from collections.abc import Iterable
import json
from pathlib import Path
import sys
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from custom_components.ampacity.chargers.profile import Profile, load_profiles  # noqa: E402

PAGE = ROOT / "docs" / "chargers.md"
_TEXTS = ROOT / "custom_components/ampacity/translations/en.json"
_HEAD = ("Charger", "Integration", "Current", "Start and pause", "Phases", "To know")
_INTRO = """# Chargers that Ampacity knows

[Index](README.md) · [Which chargers work](supported.md) · [Add one](contributing-a-charger.md)

Ampacity finds these by itself and fills in the set-up. **Any other charger works too** if its entities can be chosen by hand:
see [what it needs](supported.md). What is known comes from reading the integrations' source, in the version named. It has not
been tried on each real device: please tell us how yours does.

This page is made by `scripts/charger_table.py`.
"""
_LEVERS = {
    "number": "number",
    "select": "select",
    "switch": "switch",
    "buttons": "two buttons",
    "action": "action",
    "zero": "0 A pauses",
    "none": "no",
}


def page() -> str:
    """Return the page."""
    texts: dict[str, Any] = json.loads(_TEXTS.read_text("utf-8"))["selector"]
    known = sorted(load_profiles().values(), key=lambda one: one.name.casefold())
    core = [one for one in known if one.origin == "core"]
    others = [one for one in known if one.origin != "core"]
    parts = [
        _INTRO,
        f"## With an integration of Home Assistant ({len(core)})\n",
        _table(_row(one, texts) for one in core),
        f"## With an integration from elsewhere ({len(others)})\n",
        _table(_row(one, texts) for one in others),
    ]
    return "\n".join(parts)


def _row(one: Profile, texts: dict[str, Any]) -> tuple[str, ...]:
    return (
        one.name,
        _integration(one),
        _LEVERS[one.limit.kind],
        _LEVERS[one.start_stop.kind],
        _LEVERS[one.phases.kind] if one.phases else "",
        " ".join(_remarks(one, texts)),
    )


def _integration(one: Profile) -> str:
    names = ", ".join(f"`{name}`" for name in one.integrations)
    version = one.checked or "not checked"
    if one.origin == "core":
        return f"{names} {version}"
    return f"{names}, [{one.origin}](https://github.com/{one.origin}) {version}"


def _remarks(one: Profile, texts: dict[str, Any]) -> Iterable[str]:
    """Yield what its owner should know, as sentences."""
    yield from (texts["charger_note"]["options"][note] for note in one.notes)
    names = texts["native_feature"]["options"]
    features = dict.fromkeys(names[native.feature].lower() for native in one.native)
    if features:
        yield f"To be switched off: {', '.join(features)}."
    if one.failsafe:
        yield "Has a fail-safe current."


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table whose columns are aligned."""
    cells = [_HEAD, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    lines = [
        "| "
        + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        + " |"
        for row in cells
    ]
    ruler = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([lines[0], ruler, *lines[1:]]) + "\n"


def main() -> int:
    """Write the page, or tell whether it is up to date."""
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
