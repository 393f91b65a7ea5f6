"""Set-up through config flows, as a person does it in the browser."""

from collections.abc import Mapping
from typing import Any

from .api import Api, ApiError, Json

ENTRIES = "/api/config/config_entries/flow"
SUBENTRIES = "/api/config/config_entries/subentries/flow"
OPTIONS = "/api/config/config_entries/options/flow"

type Answers = Mapping[str, Mapping[str, Any]]
"""What to fill in, by the id of the step that asks for it."""


async def add_entry(api: Api, domain: str, answers: Answers) -> Json:
    """Add an integration; return the last answer of its flow, with ``result``."""
    return await _walk(api, ENTRIES, {"handler": domain}, answers)


async def add_subentry(api: Api, entry_id: str, kind: str, answers: Answers) -> Json:
    """Add a subentry of a kind to an entry; return the last answer of its flow."""
    return await _walk(api, SUBENTRIES, {"handler": [entry_id, kind]}, answers)


async def finish_next(api: Api, created: Json, answers: Answers) -> Json:
    """Go through the subentry flow that an entry's flow went straight on to."""
    _, flow_id = created["next_flow"]
    step = await api.get(f"{SUBENTRIES}/{flow_id}")
    return await _answer_all(api, SUBENTRIES, step, answers)


async def change_options(api: Api, entry_id: str, answers: Answers) -> Json:
    """Go through one section of the options flow of an entry."""
    return await _walk(api, OPTIONS, {"handler": entry_id}, answers)


async def _walk(api: Api, path: str, start: Json, answers: Answers) -> Json:
    return await _answer_all(api, path, await api.post(path, start), answers)


async def _answer_all(api: Api, path: str, step: Json, answers: Answers) -> Json:
    """Answer each step until the flow ends; what nobody fills in stays as suggested.

    Raises:
        ApiError: a step that nobody foresaw, an answer that the flow refuses, or
            a flow that ends without making anything.
    """
    while step["type"] in {"form", "menu"}:
        name = step["step_id"]
        if name not in answers:
            raise ApiError(f"{path}: no answer to the step {name}: {step}")
        if step.get("errors"):
            raise ApiError(f"{path}: {name} refuses the answer: {step['errors']}")
        filled = _suggested(step.get("data_schema") or []) | dict(answers[name])
        step = await api.post(f"{path}/{step['flow_id']}", filled)
    if step["type"] != "create_entry":
        raise ApiError(f"{path}: ended with {step}")
    return step


def _suggested(schema: list[Json]) -> Json:
    """Return what a form shows in its fields before anybody has touched them."""
    values: Json = {}
    for field in schema:
        if field.get("type") == "expandable":
            values[field["name"]] = _suggested(field["schema"])
            continue
        value = (field.get("description") or {}).get("suggested_value")
        if value is None:
            value = field.get("default")
        if value is not None:
            values[field["name"]] = value
    return values
