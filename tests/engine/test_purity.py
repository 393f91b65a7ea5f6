"""The engine knows neither Home Assistant nor the time of day, and throws no dice."""

import ast
from collections.abc import Iterator
from pathlib import Path
import sys

import pytest

ENGINE = Path(__file__).parents[2] / "custom_components" / "ampacity" / "engine"
FILES = sorted(ENGINE.rglob("*.py"))
ALLOWED = {
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "itertools",
    "functools",
    "heapq",
    "math",
    "operator",
    "statistics",
    "typing",
    "zoneinfo",
}
CLOCKS = {"now", "utcnow", "today"}
"""What a date or a time knows of the present; modules with a clock are not imported."""


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the modules that are imported, with the level of relative ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


def test_files_are_found() -> None:
    """The tests below look at something."""
    assert len(FILES) > 20
    assert {"control.py", "charging.py", "model.py"} <= {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_imports_are_plain_python(file: Path) -> None:
    """Only a handful of the standard library, and the engine itself."""
    depth = len(file.relative_to(ENGINE).parts)
    for module, level in imports(ast.parse(file.read_text())):
        if level:
            assert level <= depth, f"{file.name} reaches out of the engine: {module}"
        else:
            name = module.split(".")[0]
            assert name in sys.stdlib_module_names
            assert name in ALLOWED, module


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_clock_and_no_dice(file: Path) -> None:
    """The time comes as an argument; nothing is opened, printed or slept."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS, ast.unparse(node)
        elif isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input", "exec", "eval"}
