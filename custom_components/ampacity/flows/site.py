"""The dialog that describes a site: its connection, meter, solar plant, battery, cheap hours."""

from collections.abc import Mapping
from functools import partial
from itertools import chain
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
from ..discovery import FoundHouse, async_find_house
from ..discovery.meters import FoundMeter
from ..engine.model import NOMINAL_VOLTAGE_V
from .battery import battery_form, check_battery, without_battery
from .fields import DAYS
from .form import fill
from .meter import GRID_FIELDS, flipped
from .picture import async_picture
from .preview import Words, async_site_preview, async_words
from .site_checks import check_off_peak, check_site, check_site_meter, check_solar
from .site_forms import (
    CONF_FOUND_METER,
    meter_form,
    off_peak_form,
    solar_form,
    user_form,
)
from .site_found import (
    OTHER_METER,
    limits_power,
    proposal,
    usual_phases,
    usual_sizes,
    usual_voltage,
    what_is_used,
    what_was_found,
)


class SiteFlow(ConfigFlow):
    """Describes a site, new or changed; all is kept until the user confirms it."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._previewed = False
        self._house: FoundHouse | None = None
        self._meter: FoundMeter | None = None
        self._prices: Mapping[str, Any] = {}

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
        """Ask for the connection; all else is proposed where it was found."""
        if self._entry is None:
            self._house = self._house or await async_find_house(self.hass)
        words = await async_words(self.hass)
        check = partial(check_site, entry=self._entry)
        make = partial(
            user_form,
            meters=self._meter_names(words),
            asks_power=self._entry is None and limits_power(self.hass),
        )
        draft = fill(make, self._usual() | self._data, user_input, check)
        if draft.accepted:
            return await self._propose(draft.data)
        names = {
            "found": self._found(words, draft.data.get(CONF_FOUND_METER)),
            "usual": usual_sizes(words, self.hass),
            "picture": await async_picture(self.hass),
        }
        return self.async_show_form(step_id="user", **draft.shown(self, names))

    def _usual(self) -> dict[str, Any]:
        """Return what holds where the user says nothing else."""
        if self._house is None:
            return {}
        voltage_v = usual_voltage(self.hass)
        return {
            CONF_NAME: self.hass.config.location_name,
            CONF_PHASES: usual_phases(self.hass, self._house),
            **({CONF_VOLTAGE: voltage_v} if voltage_v else {}),
        }

    def _meter_names(self, words: Words) -> dict[str, str]:
        """Return what to choose from where several meters were found."""
        meters = self._house.meters if self._house else ()
        if len(meters) < 2:
            return {}
        names = {
            one.id: words.say("from_energy", of="found", name=one.name)
            if one.from_energy
            else one.name
            for one in meters
        }
        return {**names, OTHER_METER: words.say("other_meter", of="found")}

    def _found(self, words: Words, meter_id: str | None) -> str:
        """Return what was found, nothing for a site that is changed."""
        if self._house is None:
            return ""
        meter = self._house.meter(meter_id)
        return what_was_found(words, self._house, meter, self.hass.config.currency)

    async def _propose(self, data: dict[str, Any]) -> ConfigFlowResult:
        """Go straight to what is read where a meter was found, else ask for each."""
        meter_id = data.pop(CONF_FOUND_METER, None)
        self._data = _only_own_phases(data)
        if self._house is not None:
            self._meter = self._house.meter(meter_id)
            self._prices = self._house.prices(self._meter)
            self._data |= proposal(self._house, self._meter, data[CONF_PHASES])
        if self._meter is None or self._is_wrong():
            return await self.async_step_meter()
        return await self.async_step_confirm()

    def _is_wrong(self) -> bool:
        """Return whether anything of a proposal cannot stay as it is."""
        checks = (
            check_site_meter(self.hass, self._data, self._entry),
            check_solar(self.hass, self._data),
            check_battery(self.hass, self._data),
        )
        return any(True for _ in chain(*checks))

    async def async_step_meter(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the grid meter."""
        check = partial(check_site_meter, self.hass, entry=self._entry)
        draft = fill(meter_form, self._data, user_input, check)
        if not draft.accepted:
            return self.async_show_form(step_id="meter", **draft.shown(self))
        if self._meter and not self._meter.data.items() >= _grid(draft.data).items():
            self._meter = None
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
            if self._previewed:
                return await self.async_step_confirm()
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
            if self._previewed:
                return await self.async_step_confirm()
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
        words = await async_words(self.hass)
        found = what_is_used(
            words,
            self._house or FoundHouse(),
            self._meter,
            self._data,
            self._prices,
            self.hass.config.currency,
        )
        return self.async_show_menu(
            step_id="confirm",
            menu_options=[
                "finish",
                "flip_sign",
                "meter",
                "solar",
                "battery",
                "off_peak",
            ],
            description_placeholders={
                "reading": await async_site_preview(self.hass, self._data),
                "found": found,
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
        return self.async_create_entry(title=title, data=data, options=self._prices)

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go straight on to the first charger."""
        charger = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_CHARGER),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, charger["flow_id"])
        return result


def _grid(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return which entities are the grid meter."""
    return {field: data[field] for field in GRID_FIELDS if field in data}


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
