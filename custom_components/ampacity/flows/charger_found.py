"""The chargers that Home Assistant already has: picked by their device when one is added."""

from functools import partial
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigSubentryFlow,
    SubentryFlowResult,
)

from ..chargers.detect import FoundCharger, async_detect
from ..chargers.native import async_switch_off
from ..const import (
    CONF_CURRENT_SENSORS,
    CONF_FAILSAFE,
    CONF_MIN_CURRENT,
    CONF_PHASES,
    CONF_PROFILE,
    CONF_WATCH_NATIVE,
    SUBENTRY_CHARGER,
)
from ..engine.model import MIN_CURRENT_A
from .charger_checks import check_electrical, check_kinds
from .charger_found_forms import (
    CONF_ENABLE,
    CONF_FOUND_CHARGER,
    CONF_NATIVE_OFF,
    OTHER_CHARGER,
    check_enabled,
    device_form,
    enable,
    found_form,
    hidden,
    instead_of,
    proposed_data,
    what_is_disabled,
    what_it_can,
)
from .circuit_forms import circuit_choice
from .form import Draft, Problem, fill
from .lever_checks import check_levers, check_other_chargers
from .preview import async_charger_preview, async_words


class ChargerChoice(ConfigSubentryFlow):
    """Offers the chargers that were found, and asks only what nobody can know of the chosen one."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._chargers: list[FoundCharger] | None = None
        self._found: FoundCharger | None = None

    @property
    def _subentry_id(self) -> str | None:
        """The charger that is changed, None for a new one."""
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_subentry().subentry_id
        return None

    @property
    def _site_phases(self) -> int:
        return int(self._get_entry().data[CONF_PHASES])

    async def _async_has_chargers(self) -> bool:
        """Return whether there are chargers to choose from that were not offered yet."""
        if self._chargers is not None or self.source != SOURCE_USER:
            return False
        self._chargers = [
            found
            for found in await async_detect(self.hass)
            if found.used_by is None and found.profile.can_control
        ]
        self._chargers.sort(key=lambda found: found.profile.is_vehicle)
        return bool(self._chargers)

    async def _async_has_replacements(self) -> bool:
        """Return whether there are other chargers of the kind of the one that is changed."""
        self._chargers = [
            found
            for found in await async_detect(self.hass)
            if found.used_by is None
            and found.profile.id == self._data.get(CONF_PROFILE)
            and not found.missing
        ]
        return bool(self._chargers)

    async def async_step_device(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which of the chargers it is."""
        chargers = self._chargers or []
        other = (await async_words(self.hass)).say("other_charger", of="found")
        make = partial(device_form, chargers, other)
        draft = fill(make, {}, user_input, lambda _: ())
        if not draft.accepted:
            return self.async_show_form(step_id="device", **draft.shown(self))
        chosen = draft.data[CONF_FOUND_CHARGER]
        if chosen == OTHER_CHARGER:
            return await self.async_step_user()
        found = chargers[int(chosen)]
        self._data = proposed_data(found, self._names(), self._site_phases)
        if found.missing or self._is_wrong():
            return await self.async_step_user()
        self._found = found
        return await self.async_step_found()

    def _names(self) -> list[str]:
        """Return the names that other chargers of the site have."""
        return [
            one.title
            for one in self._get_entry().get_subentries_of_type(SUBENTRY_CHARGER)
        ]

    def _is_wrong(self) -> bool:
        """Return whether a proposal is one that the forms would refuse.

        An integration that is just not loaded, so that its actions are missing, is no reason.
        """
        levers = check_levers(self.hass, self._data)
        others = check_other_chargers(self.hass, self._data, self._subentry_id)
        return any(one.error != "action_unknown" for one in (*levers, *others))

    async def async_step_found(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what is read from the charger, and ask what is unknown."""
        found = self._found
        assert found is not None
        words = await async_words(self.hass)
        names = self._circuits()
        make = partial(
            found_form,
            found,
            site_phases=self._site_phases,
            circuits=circuit_choice(names, words) if names else None,
        )

        def check(data: dict[str, Any]) -> list[Problem]:
            known = {CONF_MIN_CURRENT: MIN_CURRENT_A, **data}
            kinds = check_kinds(known, self._get_entry(), self._subentry_id)
            return [*kinds, *check_electrical(known), *check_enabled(found, known)]

        draft = fill(make, self._data, user_input, check)  # type: ignore[arg-type]
        if draft.accepted and not (problems := await self._async_prepare(draft.data)):
            return self._finish_found(draft.data)
        if draft.accepted:
            draft = Draft(form=draft.form, data=draft.data, problems=tuple(problems))
        reading = await async_charger_preview(self.hass, draft.data, but=hidden(found))
        about = [what_it_can(words, found), what_is_disabled(self.hass, words, found)]
        placeholders = {
            "reading": reading,
            "kind": found.profile.name,
            "about": "\n".join(filter(None, about)),
        }
        return self.async_show_form(step_id="found", **draft.shown(self, placeholders))

    async def _async_prepare(self, data: dict[str, Any]) -> list[Problem]:
        """Enable what is needed and switch off what fights; return what did not work."""
        found = self._found
        assert found is not None
        if data.get(CONF_ENABLE):
            enable(self.hass, found)
        words = await async_words(self.hass)
        for native in found.native if data.get(CONF_NATIVE_OFF) else ():
            if error := await async_switch_off(self.hass, native):
                feature = words.say(native.feature, of="native_feature")
                names = {"feature": feature, "error": error}
                return [
                    Problem(
                        field=CONF_NATIVE_OFF, error="native_failed", placeholders=names
                    )
                ]
        return []

    def _finish_found(self, data: dict[str, Any]) -> SubentryFlowResult:
        """Store the charger, without what was asked for this moment only."""
        found = self._found
        assert found is not None
        data = {CONF_MIN_CURRENT: MIN_CURRENT_A, **data}
        enabled = data.pop(CONF_ENABLE, True)
        if found.native:
            data[CONF_WATCH_NATIVE] = data.pop(CONF_NATIVE_OFF, True)
        data.setdefault(CONF_FAILSAFE, False)
        if not enabled:
            off = hidden(found)
            data = {
                key: one
                for key, one in data.items()
                if not (isinstance(one, str) and one in off)
            }
        currents = CONF_CURRENT_SENSORS[: data.get(CONF_PHASES, self._site_phases)]
        if any(key not in data for key in currents):
            for key in CONF_CURRENT_SENSORS:
                data.pop(key, None)
        return self._finish(data)

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which charger of the same kind it is from now on."""
        chargers = self._chargers or []
        make = partial(device_form, chargers, None)
        draft = fill(make, {}, user_input, lambda _: ())
        if not draft.accepted:
            return self.async_show_form(step_id="replace", **draft.shown(self))
        found = chargers[int(draft.data[CONF_FOUND_CHARGER])]
        enable(self.hass, found)
        return self._finish(instead_of(self._data, found))

    def _circuits(self) -> dict[str, str]:
        """Return the names of the site's circuits, by id."""
        raise NotImplementedError

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        """Store the charger."""
        raise NotImplementedError

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the charger's entities."""
        raise NotImplementedError
