"""A form with sections, seen as one flat set of fields.

What is stored is flat; sections are only how a form shows it.
"""

from collections.abc import Callable, Iterable, Mapping
import dataclasses
from dataclasses import dataclass
from typing import Any

from homeassistant.data_entry_flow import FlowHandler, section
import voluptuous as vol

from ..const import CONF_PHASES

_EMPTY: tuple[Any, ...] = (None, "", [], {})

type Check = Callable[[Mapping[str, Any]], Iterable[Problem]]
"""Takes all that is known so far, flat, and tells what is wrong with it."""
type Maker = Callable[[Mapping[str, Any]], Form]
"""Makes a step's form, which may depend on what is known so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a form that cannot stay as it is."""

    field: str
    error: str
    placeholders: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Form:
    """A schema whose sections are flattened."""

    def __init__(self, schema: Mapping[Any, Any]) -> None:
        """Keep the schema and learn which section each field stands in."""
        self.schema = vol.Schema(dict(schema))
        self.section_of: dict[str, str | None] = {}
        for key, value in schema.items():
            if isinstance(value, section):
                inner = value.schema.schema
                self.section_of |= {str(name): str(key) for name in inner}
            else:
                self.section_of[str(key)] = None

    def flat(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was entered, without sections and without what was left empty."""
        values: dict[str, Any] = {}
        for key, value in user_input.items():
            values |= {key: value} if key in self.section_of else value
        stripped = {
            key: value.strip() if isinstance(value, str) else value
            for key, value in values.items()
        }
        given = {key: value for key, value in stripped.items() if value not in _EMPTY}
        if CONF_PHASES in given:
            given[CONF_PHASES] = int(given[CONF_PHASES])
        return given

    def nested(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what flat data suggests for each field, in its section."""
        values: dict[str, Any] = {}
        for name, part in self.section_of.items():
            if name not in data:
                continue
            target = values if part is None else values.setdefault(part, {})
            target[name] = str(data[name]) if name == CONF_PHASES else data[name]
        return values

    def explain(
        self, problems: Iterable[Problem]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return errors per field and what their texts name.

        A form shows no error inside a section, so it stands at the section's head. Two problems
        that would need the same placeholder for different things are shown one after the other.
        """
        errors: dict[str, str] = {}
        names: dict[str, str] = {}
        for problem in problems:
            place = self.section_of.get(problem.field) or problem.field
            clash = any(
                names.get(key, value) != value
                for key, value in problem.placeholders.items()
            )
            if place not in errors and not clash:
                errors[place] = problem.error
                names |= problem.placeholders
        return errors, names


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One step's form, filled in or about to be."""

    form: Form
    data: dict[str, Any]
    """All that is known, flat, with this step's fields as entered."""
    problems: tuple[Problem, ...] = ()
    submitted: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the user has filled in the form and nothing is wrong with it."""
        return self.submitted and not self.problems

    def shown(
        self, flow: FlowHandler[Any, Any, Any], names: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the arguments that show the form with all that was entered."""
        errors, error_names = self.form.explain(self.problems)
        return {
            "data_schema": flow.add_suggested_values_to_schema(
                self.form.schema, self.form.nested(self.data)
            ),
            "errors": errors,
            "description_placeholders": {**(names or {}), **error_names},
        }


def fill(
    make: Maker,
    data: Mapping[str, Any],
    user_input: Mapping[str, Any] | None,
    check: Check,
) -> Draft:
    """Return the draft of a step: data with the form's fields replaced by what was entered."""
    form = make(data)
    if user_input is None:
        return Draft(form=form, data=dict(data))
    kept = {key: value for key, value in data.items() if key not in form.section_of}
    merged = kept | form.flat(user_input)
    problems = tuple(check(merged))
    return Draft(form=make(merged), data=merged, problems=problems, submitted=True)
