"""What is being read right now, in a sentence of the user's language."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from ..chargers.config import ChargerConfig
from ..chargers.reader import read_charger
from ..const import DOMAIN, SUBENTRY_CHARGER
from ..engine.model import BatteryReading, Reading
from ..sources import SiteSources

_SILENT = (STATE_UNAVAILABLE, STATE_UNKNOWN)
_NEVER_TELL = ("button", "input_button")
"""A button that was never pressed is unknown, and many are unavailable while they make no sense."""


_IMPOSSIBLE_W = -300.0
"""A house that seems to use less than this has a wrong sign: sensors differ by less in time."""


class Words:
    """Sentences and numbers in the language of the installation."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Keep the translations of the selectors."""
        self._texts = texts

    def say(self, key: str, /, *, of: str = "preview", **values: str) -> str:
        """Return a sentence with its values filled in."""
        text = self._texts[f"component.{DOMAIN}.selector.{of}.options.{key}"]
        return text.format(**values)

    def power(self, value_w: float) -> str:
        """Return a power without its sign, in the unit that reads best."""
        if abs(value_w) < 1000.0:
            return f"{abs(value_w):.0f} W"
        return self.number(f"{abs(value_w) / 1000.0:.2f} kW")

    def current(self, value_a: float) -> str:
        """Return a current with its sign."""
        return self.number(f"{value_a:.1f} A")

    def price(self, value: float, currency: str) -> str:
        """Return a price of a kWh."""
        return self.number(f"{value:g} {currency}/kWh")

    def number(self, text: str) -> str:
        """Return a text with its decimal point as the language writes it."""
        return text.replace(".", self.say("decimal_point"))


async def async_words(hass: HomeAssistant) -> Words:
    """Return the words of the language that Home Assistant is set to."""
    return Words(
        await async_get_translations(
            hass, hass.config.language, "selector", integrations=[DOMAIN]
        )
    )


async def async_site_preview(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return what the site's sources say, and which of them are silent."""
    words = await async_words(hass)
    now = dt_util.utcnow()
    sources = SiteSources.from_config(data)
    grid = sources.grid.read(hass, now)
    said = [_grid_power(words, grid.power_w), _currents(words, grid.current_a)]
    solar = sources.solar.read(hass, now)
    if solar is not None and solar.ok:
        said.append(words.say("solar", power=words.power(solar.value)))
    battery = sources.battery.read(hass, now)
    said.append(_battery(words, battery))
    off_peak = sources.off_peak.read(hass, now)
    if off_peak is not None:
        said.append(words.say("off_peak" if off_peak.active else "no_off_peak"))
    if _is_impossible(grid.power_w, solar, battery):
        said.append(words.say("impossible"))
    said.append(_silent(hass, words, sources.entity_ids))
    return " ".join(filter(None, said))


def _is_impossible(
    grid: Reading | None, solar: Reading | None, battery: BatteryReading | None
) -> bool:
    """Return whether a house would give power away: grid, solar plant and battery together.

    It uses what the grid, the sun and the battery bring; less than nothing means a wrong sign.
    Without a sensor of the sun nobody can tell.
    """
    stored = battery.power_w if battery else None
    parts = [grid, solar] if stored is None else [grid, solar, stored]
    known = [part.value for part in parts if part is not None and part.ok]
    return len(known) == len(parts) and sum(known) < _IMPOSSIBLE_W


async def async_charger_preview(
    hass: HomeAssistant, data: Mapping[str, Any], *, but: Collection[str] = ()
) -> str:
    """Return what the charger says, and which of its entities are silent.

    ``but`` are entities of which nothing is expected yet.
    """
    words = await async_words(hass)
    config = ChargerConfig.from_subentry(
        ConfigSubentry(
            data=MappingProxyType(dict(data)),
            subentry_type=SUBENTRY_CHARGER,
            title="",
            unique_id=None,
        )
    )
    reading = read_charger(hass, config, dt_util.utcnow())
    status = words.say(reading.status.value, of="charger_status")
    said = [words.say("status", status=status)]
    if reading.offered_a is not None and reading.offered_a.ok:
        limit = words.current(reading.offered_a.value)
        said.append(words.say("limit", current=limit))
    if reading.power_w is not None and reading.power_w.ok:
        said.append(words.say("power", power=words.power(reading.power_w.value)))
    expected = [one for one in config.entity_ids if one not in but]
    said.append(_silent(hass, words, expected))
    return " ".join(filter(None, said))


def _grid_power(words: Words, power: Reading | None) -> str:
    if power is None or not power.ok:
        return ""
    key = "importing" if power.value >= 0.0 else "exporting"
    return words.say(key, power=words.power(power.value))


def _battery(words: Words, battery: BatteryReading | None) -> str:
    if battery is None:
        return ""
    said = []
    power = battery.power_w
    if power is not None and power.ok:
        key = "battery_discharging" if power.value > 0.0 else "battery_charging"
        said.append(words.say(key, power=words.power(power.value)))
    if battery.soc is not None and battery.soc.ok:
        said.append(words.say("battery_soc", percent=f"{battery.soc.value:.0f}"))
    return " ".join(said)


def _currents(words: Words, currents: tuple[Reading, ...]) -> str:
    said = [
        f"L{number} {words.current(current.value)}"
        for number, current in enumerate(currents, start=1)
        if current.ok
    ]
    return f"{', '.join(said)}." if said else ""


def _silent(hass: HomeAssistant, words: Words, entity_ids: Iterable[str]) -> str:
    silent = [entity_id for entity_id in entity_ids if _is_silent(hass, entity_id)]
    return words.say("nothing", entities=", ".join(silent)) if silent else ""


def _is_silent(hass: HomeAssistant, entity_id: str) -> bool:
    if (state := hass.states.get(entity_id)) is None:
        return True
    return state.domain not in _NEVER_TELL and state.state in _SILENT
