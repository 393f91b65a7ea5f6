"""Makes the demo's own integrations loadable next to the project's."""

from pathlib import Path

import pytest

import custom_components

_DEMO_INTEGRATIONS = (
    Path(__file__).parents[2] / "demo" / "custom_components"
).as_posix()


@pytest.fixture(autouse=True)
def demo_integrations(
    monkeypatch: pytest.MonkeyPatch, enable_custom_integrations: None
) -> None:
    """Let Home Assistant find the integrations of the demo."""
    monkeypatch.setattr(
        custom_components,
        "__path__",
        [*custom_components.__path__, _DEMO_INTEGRATIONS],
    )
