"""What the sections of a site's options have in common."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

from .form import Check, Form, fill


class OptionsSection(OptionsFlow):
    """One section of the options: a form of its own, stored without touching the others.

    A section is a subclass with one step, ``async_step_<section>``. It takes part in the dialog
    as a base class of the whole flow and by its name in that flow's menu.
    """

    _draft: dict[str, Any] | None = None
    """All options as a first step leaves them; None in a section with one step."""

    @property
    def _known_options(self) -> dict[str, Any]:
        """All options; those of the step before in a section that has several."""
        return dict(self.config_entry.options if self._draft is None else self._draft)

    def _section(
        self,
        step_id: str,
        form: Form,
        known: Mapping[str, Any],
        check: Check,
        user_input: dict[str, Any] | None,
    ) -> ConfigFlowResult:
        """Ask for one section and store it; options that are not in its form stay as they are.

        ``known`` are the usual values of its fields, shown where nothing is stored yet.
        """
        usual = {key: known[key] for key in known if key in form.section_of}
        stored = usual | self._known_options
        draft = fill(lambda _: form, stored, user_input, check)
        if draft.accepted:
            return self.async_create_entry(data=draft.data)
        return self.async_show_form(step_id=step_id, **draft.shown(self))
