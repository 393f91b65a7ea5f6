"""The dialog that describes a site: its connection, meter, solar plant, battery, cheap hours."""

from functools import partial
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.const import CONF_NAME

from ..const import (
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_INVERTED,
    CONF_GRID_POWER_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
    CONF_PHASES,
    CONF_VOLTAGE,
    SUBENTRY_CHARGER,
)
from ..engine.model import NOMINAL_VOLTAGE_V
from .battery import battery_form, check_battery, without_battery
from .fields import DAYS
from .form import fill
from .meter import flipped
from .preview import async_site_preview, async_words
from .site_checks import check_off_peak, check_site, check_site_meter, check_solar
from .site_forms import meter_form, off_peak_form, solar_form, user_form


class SiteFlow(ConfigFlow):
    """Describes a site, new or changed; all is kept until the user confirms it."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._previewed = False

    @property
    def _entry(self) -> ConfigEntry | None:
        """The site that is changed, None for a new one."""
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_entry()
        return None

    async def async_step_reconfigure(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go through the same steps with what is known filled in."""
        entry = self._get_reconfigure_entry()
        self._data = {**entry.data, CONF_NAME: entry.title}
        return await self.async_step_user()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the connection."""
        known = {CONF_NAME: self.hass.config.location_name} | self._data
        check = partial(check_site, entry=self._entry)
        draft = fill(user_form, known, user_input, check)
        if draft.accepted:
            self._data = _only_own_phases(draft.data)
            return await self.async_step_meter()
        return self.async_show_form(step_id="user", **draft.shown(self))

    async def async_step_meter(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the grid meter."""
        check = partial(check_site_meter, self.hass, entry=self._entry)
        draft = fill(meter_form, self._data, user_input, check)
        if not draft.accepted:
            return self.async_show_form(step_id="meter", **draft.shown(self))
        self._data = draft.data
        if self._previewed:
            return await self.async_step_confirm()
        return await self.async_step_solar()

    async def async_step_solar(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the solar sensors."""
        check = partial(check_solar, self.hass)
        draft = fill(solar_form, self._data, user_input, check)
        if draft.accepted:
            self._data = draft.data
            return await self.async_step_battery()
        return self.async_show_form(step_id="solar", **draft.shown(self))

    async def async_step_battery(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the home battery."""
        make = partial(battery_form, self.hass)
        check = partial(check_battery, self.hass)
        draft = fill(make, self._data, user_input, check)
        if draft.accepted:
            self._data = without_battery(draft.data)
            return await self.async_step_off_peak()
        return self.async_show_form(step_id="battery", **draft.shown(self))

    async def async_step_off_peak(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the cheap hours."""
        words = await async_words(self.hass)
        names = {day: words.say(day, of="days") for day in DAYS}
        make = partial(off_peak_form, names)
        draft = fill(make, self._data, user_input, check_off_peak)
        if draft.accepted:
            self._data = draft.data
            return await self.async_step_confirm()
        return self.async_show_form(step_id="off_peak", **draft.shown(self))

    async def async_step_confirm(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what is being read now, so that a wrong sign is caught here."""
        self._previewed = True
        return self.async_show_menu(
            step_id="confirm",
            menu_options=["finish", "flip_sign", "meter"],
            description_placeholders={
                "reading": await async_site_preview(self.hass, self._data)
            },
        )

    async def async_step_flip_sign(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take import for export and export for import, and show it again."""
        self._data = flipped(self._data)
        return await self.async_step_confirm()

    async def async_step_finish(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Store the site."""
        data = {
            CONF_VOLTAGE: NOMINAL_VOLTAGE_V,
            CONF_GRID_INVERTED: False,
            **self._data,
        }
        title = data.pop(CONF_NAME)
        if (entry := self._entry) is not None:
            return self.async_update_and_abort(entry, title=title, data=data)
        return self.async_create_entry(title=title, data=data)

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go straight on to the first charger."""
        charger = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_CHARGER),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, charger["flow_id"])
        return result


def _only_own_phases(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data without meters of phases that the site does not have."""
    phases = data[CONF_PHASES]
    surplus = {
        field
        for fields in (
            CONF_GRID_POWER_PHASES,
            CONF_GRID_CURRENT_PHASES,
            CONF_GRID_VOLTAGE_PHASES,
        )
        for field in fields[phases:]
    }
    return {key: value for key, value in data.items() if key not in surplus}
