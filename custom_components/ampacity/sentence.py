"""Says a reason in one sentence, in the language of the server.

The sentences are translations of the sensor ``reason``: one for each reason, and a second one,
its key ending in ``_until``, where the moment until which it holds may be known, or in ``_past``,
for when the car was to be ready before now. They name the
reason's values as the engine does and are given them with their units, so that ``{current_a}``
becomes "8 A". A reason that lacks a value falls back to its short text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import math

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import (
    async_get_cached_translations,
    async_get_translations,
)
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .engine.decision import Reason

_PREFIX = f"component.{DOMAIN}.entity.sensor.reason."
_SHORT = f"{_PREFIX}state."
_SENTENCE = f"{_PREFIX}state_attributes.sentence.state."
_MOMENT = f"{_PREFIX}state_attributes.until.state."

_DECIMAL_COMMA = frozenset({"de"})
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one language."""

    texts: Mapping[str, str]
    """This integration's entity translations, by their flat keys."""
    language: str

    def render(self, reason: Reason, now: datetime, circuit: str | None = None) -> str:
        """Return the reason as one sentence; ``now`` decides how its end is named.

        ``circuit`` is the name of the circuit that it is about.
        """
        key = f"{_SENTENCE}{reason.key}"
        values: dict[str, str] = {}
        if circuit is not None:
            values["circuit"] = circuit
        if reason.until is not None:
            key = key_until if (key_until := f"{key}_until") in self.texts else key
            values["until"] = self.moment(reason.until, now)
        if reason.ready_by is not None:
            if reason.ready_by <= now and f"{key}_past" in self.texts:
                key = f"{key}_past"
            values["ready_by"] = self.moment(reason.ready_by, now)
        try:
            text = self.texts[key]
            values |= {
                name: self._value(name, value) for name, value in reason.values.items()
            }
            values |= self._words(text, reason.values)
            return text.format_map(values)
        except KeyError, ValueError:
            return self.texts.get(f"{_SHORT}{reason.key}", reason.key.value)

    def _words(self, text: str, values: Mapping[str, float]) -> Mapping[str, str]:
        """Return the word that an offer of 0 A is where the sentence begins with it."""
        return {
            name: self.texts[f"{_SENTENCE}{name}_zero"]
            for name in ("safe_a", "current_a")
            if values.get(name) == 0.0 and text.startswith(f"{{{name}}}")
        }

    def _value(self, name: str, value: float) -> str:
        """Return a value with its unit, which the end of its name tells; below zero is none."""
        if not math.isfinite(value):
            raise ValueError(f"{name} is not a number")
        value = max(0.0, value)
        match name.rpartition("_")[2]:
            case "a":
                return f"{self.number(value, 1)} A"
            case "w":
                return self.power(value)
            case "wh":
                return f"{self.number(value / 1000.0, 1)} kWh"
            case "s":
                return _duration(value)
            case "phase":
                return f"L{value:.0f}"
            case "soc":
                return f"{value:.0f} %"
        return self.number(value, 1)

    def power(self, power_w: float) -> str:
        """Return a power in tens of W, from 1 kW on in tenths of kW."""
        rounded_w = round(power_w, -1)
        if rounded_w < 1000.0:
            return f"{rounded_w:.0f} W"
        return f"{self.number(power_w / 1000.0, 1)} kW"

    def number(self, value: float, digits: int) -> str:
        """Return a number in the language's notation, without a needless zero behind the point."""
        text = f"{value:.{digits}f}".removesuffix("." + "0" * digits)
        return self._localized(text)

    def decimals(self, value: float, digits: int) -> str:
        """Return a number in the language's notation, with all its digits behind the point."""
        return self._localized(f"{value:.{digits}f}")

    def _localized(self, text: str) -> str:
        return text.replace(".", ",") if self.language in _DECIMAL_COMMA else text

    def moment(
        self, moment: datetime, now: datetime, after: datetime | None = None
    ) -> str:
        """Return a moment as local time, with its day unless that is today.

        ``after`` is a moment that was named before: its day need not be named again.
        """
        local = dt_util.as_local(moment)
        time = f"{local:%H:%M}"
        if after is not None and dt_util.as_local(after).date() == local.date():
            return time
        match (local.date() - dt_util.as_local(now).date()) // timedelta(days=1):
            case 0:
                return time
            case 1:
                name = "tomorrow"
            case days if 1 < days < 7:
                name = _WEEKDAYS[local.weekday()]
            case _:
                name = "other"
        return self.texts[f"{_MOMENT}{name}"].format(
            time=time, day=f"{local:%d}", month=f"{local:%m}", year=f"{local:%Y}"
        )


def _duration(seconds: float) -> str:
    """Return a duration in the one unit that says enough."""
    if seconds < 120.0:
        return f"{seconds:.0f} s"
    if seconds < 7200.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.0f} h"


async def async_load_sentences(
    hass: HomeAssistant, language: str | None = None
) -> Sentences:
    """Load the sentences of a language, the server's when none is named."""
    language = language or hass.config.language
    texts = await async_get_translations(hass, language, "entity", {DOMAIN})
    return Sentences(texts, language)


@callback
def cached_sentences(hass: HomeAssistant) -> Sentences:
    """Return the sentences in the server's language, which must have been loaded before.

    When the server's language is changed, Home Assistant loads the texts of what is running.
    """
    language = hass.config.language
    texts = async_get_cached_translations(hass, language, "entity", DOMAIN)
    return Sentences(texts, language)
