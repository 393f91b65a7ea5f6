"""Flows are gone through as a person does it in the browser."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

import pytest

from demo.api import Api, ApiError, Json
from demo.flows import add_entry
from demo.house import first_morning


class Dialog(Api):
    """A Home Assistant whose dialogs are written down beforehand."""

    def __init__(self, *steps: Json) -> None:
        """Answer with these steps, one after the other."""
        self._steps = list(steps)
        self.told: list[Mapping[str, Any]] = []

    @override
    async def post(self, path: str, data: Mapping[str, Any] | None = None) -> Json:
        """Take what is told and go on to the next step."""
        self.told.append(data or {})
        return {"flow_id": "1", **self._steps.pop(0)}


FORM: Json = {
    "type": "form",
    "step_id": "user",
    "data_schema": [
        {"name": "name", "description": {"suggested_value": "Home"}},
        {"name": "phases", "default": "3"},
        {"name": "note"},
        {
            "name": "more",
            "type": "expandable",
            "schema": [{"name": "voltage", "default": 230}],
        },
    ],
}
DONE: Json = {"type": "create_entry"}


async def test_what_nobody_touches_stays_as_suggested() -> None:
    """Answers replace what a form shows; the rest is sent as it stands there."""
    dialog = Dialog(FORM, DONE)
    await add_entry(dialog, "x", {"user": {"name": "Demo"}})
    assert dialog.told[-1] == {
        "name": "Demo",
        "phases": "3",
        "more": {"voltage": 230},
    }


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([FORM | {"step_id": "surprise"}], "no answer to the step surprise"),
        ([FORM, FORM | {"errors": {"name": "taken"}}], "refuses the answer"),
        ([{"type": "abort", "reason": "single"}], "ended with"),
    ],
)
async def test_says_where_it_is_stuck(steps: list[Json], said: str) -> None:
    """A flow that does not end as foreseen is an error that names the step."""
    with pytest.raises(ApiError, match=said):
        await add_entry(Dialog(*steps), "x", {"user": {}})


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-22 18:00", "2026-11-23 07:00"),
        ("2026-11-22 22:00", "2026-11-23 07:00"),
        ("2026-11-22 22:01", "2026-11-24 07:00"),
        ("2026-11-22 05:30", "2026-11-23 07:00"),
    ],
)
def test_the_first_morning_leaves_time_for_a_plan(now: str, morning: str) -> None:
    """A visitor who comes at night is to see one, too."""
    assert first_morning(datetime.fromisoformat(now)) == morning
