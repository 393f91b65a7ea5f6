"""The dialog that describes a circuit: its limits, what it hangs on, and its own meter."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from ..circuits import circuit_subentries
from ..const import (
    CONF_FUSE,
    CONF_GRID_INVERTED,
    CONF_PARENT_CIRCUIT,
    CONF_PHASES,
    CONF_POWER_LIMIT,
    CONF_VOLTAGE,
)
from .circuit_forms import MAIN_FUSE, check_circuit, check_circuit_meter, circuit_form
from .form import fill
from .meter import GRID_FIELDS, flipped, measures_load
from .preview import async_site_preview, async_words
from .site_forms import meter_form

_OWN = (CONF_FUSE, CONF_POWER_LIMIT)


class CircuitFlow(ConfigSubentryFlow):
    """Describes a circuit, new or changed; all is kept until the last step."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}

    @property
    def _subentry_id(self) -> str | None:
        """The circuit that is changed, None for a new one."""
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_subentry().subentry_id
        return None

    async def async_step_reconfigure(
        self, _: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Go through the same steps with what is known filled in."""
        circuit = self._get_reconfigure_subentry()
        self._data = {**circuit.data, CONF_NAME: circuit.title}
        return await self.async_step_user()

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the limits and what the circuit hangs on."""
        others = circuit_subentries(self._get_entry(), but=self._subentry_id)
        names = {other.subentry_id: other.title for other in others}
        if self._data.get(CONF_PARENT_CIRCUIT) not in names:
            self._data[CONF_PARENT_CIRCUIT] = MAIN_FUSE
        make = partial(circuit_form, names, await async_words(self.hass))
        check = partial(check_circuit, others=others, subentry_id=self._subentry_id)
        draft = fill(make, self._data, user_input, check)
        if draft.accepted:
            self._data = draft.data
            return await self.async_step_meter()
        return self.async_show_form(step_id="user", **draft.shown(self))

    async def async_step_meter(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a meter of the circuit's own, which it need not have."""
        check = partial(check_circuit_meter, self.hass, subentry_id=self._subentry_id)
        draft = fill(meter_form, self._with_site(), user_input, check)
        if not draft.accepted:
            return self.async_show_form(step_id="meter", **draft.shown(self))
        self._data = draft.data
        if measures_load(draft.data):
            return await self.async_step_confirm()
        return await self.async_step_finish()

    async def async_step_confirm(
        self, _: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what is being read now, so that a wrong sign is caught here."""
        reading = await async_site_preview(self.hass, self._with_site())
        return self.async_show_menu(
            step_id="confirm",
            menu_options=["finish", "flip_sign", "meter"],
            description_placeholders={"reading": reading},
        )

    async def async_step_flip_sign(
        self, _: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take import for export and export for import, and show it again."""
        self._data = flipped(self._data)
        return await self.async_step_confirm()

    async def async_step_finish(
        self, _: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Store the circuit."""
        title = self._data[CONF_NAME]
        stored = _stored(self._data)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=title,
                data=stored,
            )
        return self.async_create_entry(title=title, data=stored)

    def _with_site(self) -> dict[str, Any]:
        """Return what is known, with what a circuit's meter has in common with the site's."""
        site = self._get_entry().data
        shared = {key: site[key] for key in (CONF_PHASES, CONF_VOLTAGE) if key in site}
        return {**self._data, **shared}


def _stored(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is worth storing: nothing of the site's, and no main fuse as a circuit."""
    stored = {key: data[key] for key in (*_OWN, *GRID_FIELDS) if key in data}
    if measures_load(data):
        stored[CONF_GRID_INVERTED] = data.get(CONF_GRID_INVERTED, False)
    if (parent := data.get(CONF_PARENT_CIRCUIT, MAIN_FUSE)) != MAIN_FUSE:
        stored[CONF_PARENT_CIRCUIT] = parent
    return stored
