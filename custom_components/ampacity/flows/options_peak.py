"""The section of the options that tells of a peak tariff: a known one first, then its rule."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    ObjectSelector,
    ObjectSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import (
    CONF_PEAK_ACCEPTED,
    CONF_PEAK_DISTINCT_DAYS,
    CONF_PEAK_FLOOR,
    CONF_PEAK_FROM,
    CONF_PEAK_MONTHS,
    CONF_PEAK_PRESET,
    CONF_PEAK_PRICE,
    CONF_PEAK_RANK,
    CONF_PEAK_REDUCED_FROM,
    CONF_PEAK_REDUCED_SHARE,
    CONF_PEAK_REDUCED_UNTIL,
    CONF_PEAK_STEPS,
    CONF_PEAK_UNTIL,
    CONF_PEAK_WEEKDAYS,
    CONF_PEAK_WINDOW,
    CONF_STEP_PRICE,
    CONF_UP_TO,
)
from ..engine.peak_presets import PRESETS
from ..engine.tariffs import PeakTariff
from ..grid_rules import tariff_options
from .common_checks import check_range
from .fields import DAYS, amount, choice
from .form import Form, Problem, fill
from .section import OptionsSection

PRESET_NONE = "none"
PRESET_OWN = "own"
SECTION_WINDOW = "peak_means"
SECTION_HOURS = "peak_hours"

_PRESETS = (PRESET_NONE, *PRESETS, PRESET_OWN)
_MONTHS = tuple(str(month) for month in range(1, 13))
_MAX_KW = 10_000.0
_MAX_PRICE = 1e6


class PeakOptions(OptionsSection):
    """Whether there is a peak tariff, and which."""

    _preset: str = PRESET_NONE

    async def async_step_peak(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which tariff it is; without one nothing of it is kept."""
        options = self.config_entry.options
        form = Form({vol.Required(CONF_PEAK_PRESET): _select(_PRESETS)})
        known = {CONF_PEAK_PRESET: options.get(CONF_PEAK_PRESET, PRESET_NONE)}
        draft = fill(lambda _: form, known, user_input, lambda _: ())
        if not draft.accepted:
            return self.async_show_form(step_id="peak", **draft.shown(self))
        self._preset = draft.data[CONF_PEAK_PRESET]
        if self._preset == PRESET_NONE:
            return self.async_create_entry(data=self._others())
        return await self.async_step_peak_rule()

    async def async_step_peak_rule(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the tariff's rule, filled in with that of the one that was chosen."""
        options = self.config_entry.options
        form = peak_form(self.hass.config.currency, own=self._preset == PRESET_OWN)
        known = dict(options)
        if options.get(CONF_PEAK_PRESET) != self._preset:
            tariff = PRESETS.get(self._preset, PeakTariff())
            known = self._others() | tariff_options(tariff)
            for field in (CONF_PEAK_PRICE, CONF_PEAK_ACCEPTED):
                if field in options:
                    known[field] = options[field]
        known[CONF_PEAK_PRESET] = self._preset
        draft = fill(lambda _: form, known, user_input, check_peak)
        if draft.accepted:
            return self.async_create_entry(data=draft.data)
        return self.async_show_form(step_id="peak_rule", **draft.shown(self))

    def _others(self) -> dict[str, Any]:
        """Return the options that are not about peaks."""
        fields = {CONF_PEAK_PRESET, *peak_form("").section_of}
        return {
            key: value
            for key, value in self.config_entry.options.items()
            if key not in fields
        }


def peak_form(currency: str, *, own: bool = False) -> Form:
    """Return the form of a tariff's rule; of a known one only prices are usually filled in."""
    means = {
        vol.Required(CONF_PEAK_WINDOW): choice(CONF_PEAK_WINDOW, ("15", "60")),
        vol.Required(CONF_PEAK_RANK): amount(""),
        vol.Required(CONF_PEAK_DISTINCT_DAYS, default=False): BooleanSelector(),
        vol.Optional(CONF_PEAK_FLOOR): amount("kW"),
        vol.Optional(CONF_PEAK_STEPS): _steps(),
    }
    hours = {
        vol.Required(CONF_PEAK_FROM): amount("h"),
        vol.Required(CONF_PEAK_UNTIL): amount("h"),
        vol.Required(CONF_PEAK_WEEKDAYS): _select(DAYS, "days", multiple=True),
        vol.Required(CONF_PEAK_MONTHS): _select(_MONTHS, "months", multiple=True),
        vol.Optional(CONF_PEAK_REDUCED_FROM): amount("h"),
        vol.Optional(CONF_PEAK_REDUCED_UNTIL): amount("h"),
        vol.Optional(CONF_PEAK_REDUCED_SHARE): amount("%"),
    }
    return Form(
        {
            vol.Optional(CONF_PEAK_PRICE): amount(f"{currency}/kW"),
            vol.Optional(CONF_PEAK_ACCEPTED): amount("kW"),
            vol.Optional(SECTION_WINDOW): section(
                vol.Schema(means), {"collapsed": not own}
            ),
            vol.Optional(SECTION_HOURS): section(
                vol.Schema(hours), {"collapsed": not own}
            ),
        }
    )


def _select(
    options: tuple[str, ...], key: str = CONF_PEAK_PRESET, *, multiple: bool = False
) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            mode=SelectSelectorMode.DROPDOWN if multiple else SelectSelectorMode.LIST,
            multiple=multiple,
            translation_key=key,
        )
    )


def _steps() -> ObjectSelector:
    """Return a list of steps, each with its end and its price."""
    return ObjectSelector(
        ObjectSelectorConfig(
            fields={
                CONF_UP_TO: {
                    "selector": amount("kW"),
                    "required": True,
                },
                CONF_STEP_PRICE: {"selector": amount("")},
            },
            multiple=True,
            label_field=CONF_UP_TO,
            description_field=CONF_STEP_PRICE,
            translation_key=CONF_PEAK_STEPS,
        )
    )


def check_peak(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the numbers of a tariff, each and together."""
    yield from check_range(data, CONF_PEAK_PRICE, 0.0, _MAX_PRICE, "peak_price_range")
    for field in (CONF_PEAK_ACCEPTED, CONF_PEAK_FLOOR):
        yield from check_range(data, field, 0.0, _MAX_KW, "peak_power_range")
    rank = data[CONF_PEAK_RANK]
    if rank not in (1, 2, 3, 4, 5):
        yield Problem(field=CONF_PEAK_RANK, error="peak_rank_range")
    for field in (
        CONF_PEAK_FROM,
        CONF_PEAK_UNTIL,
        CONF_PEAK_REDUCED_FROM,
        CONF_PEAK_REDUCED_UNTIL,
    ):
        if data.get(field, 0) not in range(25):
            yield Problem(field=field, error="peak_hour_range")
    for field in (CONF_PEAK_WEEKDAYS, CONF_PEAK_MONTHS):
        if not data.get(field):
            yield Problem(field=field, error="peak_days_needed")
    yield from _check_share(data)
    yield from _check_steps(data.get(CONF_PEAK_STEPS, ()))


def _check_share(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that hours that count in part are told with their part."""
    fields = (CONF_PEAK_REDUCED_FROM, CONF_PEAK_REDUCED_UNTIL, CONF_PEAK_REDUCED_SHARE)
    given = [field for field in fields if field in data]
    if given and len(given) < len(fields):
        yield Problem(field=CONF_PEAK_REDUCED_SHARE, error="peak_reduced_incomplete")
    yield from check_range(
        data, CONF_PEAK_REDUCED_SHARE, 0.0, 100.0, "peak_share_range"
    )


def _check_steps(steps: Any) -> Iterator[Problem]:
    """Check that steps rise, and that all have a price or none has."""
    ends = [step[CONF_UP_TO] for step in steps]
    prices = [step[CONF_STEP_PRICE] for step in steps if CONF_STEP_PRICE in step]
    if any(not 0.0 < end <= _MAX_KW for end in ends) or len(set(ends)) < len(ends):
        yield Problem(field=CONF_PEAK_STEPS, error="peak_steps_order")
    elif prices and len(prices) < len(ends):
        yield Problem(field=CONF_PEAK_STEPS, error="peak_steps_prices")
