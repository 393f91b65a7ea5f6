"""The dialog that describes a charger: its levers, its status, its sensors and its currents."""

from collections.abc import Mapping
from functools import partial
from typing import Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult
from homeassistant.const import CONF_NAME

from ..chargers.known import find_known
from ..circuits import circuit_subentries
from ..const import (
    CONF_BOOST_DURATION,
    CONF_CIRCUIT,
    CONF_CURRENT_SENSORS,
    CONF_LIMIT_ENTITY,
    CONF_LINK,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_PHASES_KIND,
    CONF_STATUS_KIND,
    CONF_STATUS_MAP,
    CONF_STATUS_SENSOR,
)
from ..engine.model import MIN_CURRENT_A, Charger, ChargerStatus, Link
from .charger_checks import (
    check_control,
    check_currents,
    check_electrical,
    check_kinds,
    check_sensors,
    check_status,
)
from .charger_forms import (
    BOOST_MIN,
    KIND_FIELDS,
    control_form,
    electrical_form,
    kinds_form,
    sensors_form,
    status_form,
)
from .charger_found import ChargerChoice
from .circuit_forms import MAIN_FUSE, circuit_choice
from .form import Draft, Form, Problem, fill
from .preview import async_charger_preview, async_words
from .states import range_of, words_of
from .status_words import propose

_USUAL_MAX_A = 32.0
"""Proposed at most, whatever a number entity would take."""


class ChargerFlow(ChargerChoice):
    """Describes a charger, new or changed; all is kept until the last step."""

    async def async_step_reconfigure(
        self, _: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Go through the same steps with what is known filled in."""
        charger = self._get_reconfigure_subentry()
        self._data = {**charger.data, CONF_NAME: charger.title}
        if await self._async_has_replacements():
            options = ["user", "replace"]
            return self.async_show_menu(step_id="reconfigure", menu_options=options)
        return await self.async_step_user()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the name and how the charger is driven."""
        if await self._async_has_chargers():
            return await self.async_step_device()
        check = partial(
            check_kinds, entry=self._get_entry(), subentry_id=self._subentry_id
        )
        make = partial(kinds_form, site_phases=self._site_phases)
        draft = fill(make, self._data, user_input, check)
        if draft.accepted:
            self._data = _without_other_kinds(draft.data, self._data)
            return await self.async_step_control()
        return self.async_show_form(step_id="user", **draft.shown(self))

    async def async_step_control(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what the chosen kinds need."""
        check = partial(check_control, hass=self.hass, subentry_id=self._subentry_id)
        make = partial(control_form, self.hass)
        draft = fill(make, self._data, user_input, check)
        if not draft.accepted:
            return self.async_show_form(step_id="control", **draft.shown(self))
        sensor = draft.data.get(CONF_STATUS_SENSOR)
        if sensor != self._data.get(CONF_STATUS_SENSOR):
            draft.data.pop(CONF_STATUS_MAP, None)
        self._data = draft.data
        if self._data[CONF_STATUS_KIND] == "sensor":
            return await self.async_step_status_map()
        return await self.async_step_sensors()

    async def async_step_status_map(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what the words of the status sensor mean, with a guess filled in."""
        words = words_of(self.hass, self._data[CONF_STATUS_SENSOR])
        meanings = self._data.get(CONF_STATUS_MAP) or propose(words)
        words = list(dict.fromkeys([*words, *meanings]))
        draft = fill(
            partial(status_form, words), _by_status(meanings), user_input, check_status
        )
        if not draft.accepted:
            return self.async_show_form(step_id="status_map", **draft.shown(self))
        self._data[CONF_STATUS_MAP] = {
            word: status for status, chosen in draft.data.items() for word in chosen
        }
        return await self.async_step_sensors()

    async def async_step_sensors(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what the charger measures."""
        check = partial(check_sensors, hass=self.hass)
        draft = fill(self._sensors_form, self._data, user_input, check)
        if draft.accepted:
            self._data = draft.data
            return await self.async_step_electrical()
        return self.async_show_form(step_id="sensors", **draft.shown(self))

    async def async_step_electrical(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for currents and phases, and show what the charger says now."""
        known = self._proposed() | self._data
        names = self._circuits()
        if names and known.get(CONF_CIRCUIT) not in names:
            known[CONF_CIRCUIT] = MAIN_FUSE
        found = find_known(self.hass, known)
        make = partial(
            electrical_form,
            site_phases=self._site_phases,
            has_failsafe=found is not None and found.failsafe is not None,
            circuits=circuit_choice(names, await async_words(self.hass))
            if names
            else None,
        )
        draft = fill(make, known, user_input, check_electrical)
        if draft.accepted:
            self._data = draft.data
            if problems := tuple(check_currents(draft.data)):
                return self._back_to_sensors(problems)
            return self._finish(draft.data)
        preview = {"reading": await async_charger_preview(self.hass, known)}
        return self.async_show_form(step_id="electrical", **draft.shown(self, preview))

    @override
    def _circuits(self) -> dict[str, str]:
        """Return the names of the site's circuits, by id."""
        circuits = circuit_subentries(self._get_entry())
        return {circuit.subentry_id: circuit.title for circuit in circuits}

    def _sensors_form(self, data: Mapping[str, Any]) -> Form:
        return sensors_form(data, site_phases=self._site_phases)

    def _back_to_sensors(self, problems: tuple[Problem, ...]) -> SubentryFlowResult:
        """Show the sensors again, as only now it is known how many phases there are."""
        form = self._sensors_form(self._data)
        draft = Draft(form=form, data=self._data, problems=problems)
        return self.async_show_form(step_id="sensors", **draft.shown(self))

    def _proposed(self) -> dict[str, Any]:
        """Return what holds where the user says nothing else."""
        usual = Charger(id="")
        entity_id = self._data.get(CONF_LIMIT_ENTITY)
        known = range_of(self.hass, entity_id) if entity_id else None
        low, high = known or (usual.min_a, usual.max_a)
        one_phase = self._site_phases == 1
        return {
            CONF_PHASES: self._site_phases,
            CONF_PHASE_MAP: "l1" if one_phase else "unknown",
            CONF_MIN_CURRENT: max(low, MIN_CURRENT_A),
            CONF_MAX_CURRENT: min(high, _USUAL_MAX_A),
            CONF_LINK: Link.LOCAL.value,
            CONF_BOOST_DURATION: BOOST_MIN,
        }

    @override
    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        """Store the charger."""
        surplus = CONF_CURRENT_SENSORS[data[CONF_PHASES] :]
        stored = {
            key: value
            for key, value in (self._proposed() | data).items()
            if key not in surplus and (key, value) != (CONF_PHASES_KIND, "none")
        }
        title = stored.pop(CONF_NAME)
        if stored.get(CONF_CIRCUIT) not in self._circuits():
            stored.pop(CONF_CIRCUIT, None)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=title,
                data=stored,
            )
        return self.async_create_entry(title=title, data=stored)


def _without_other_kinds(
    data: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the data without the fields of kinds that are no longer chosen."""
    dropped = {
        field
        for kind, fields in KIND_FIELDS.items()
        if data.get(kind) != before.get(kind)
        for field in fields
    }
    return {key: value for key, value in data.items() if key not in dropped}


def _by_status(meanings: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the words of each status."""
    words: dict[str, list[str]] = {}
    for status in ChargerStatus:
        chosen = [word for word, meaning in meanings.items() if meaning == status]
        if chosen:
            words[status.value] = chosen
    return words
