"""What the title of a calendar event asks for: a car or charger, and how much it is to have."""

from collections.abc import Mapping
from dataclasses import dataclass
import re

_AMOUNT = re.compile(
    r"(?<![\w.,])(?P<value>\d+(?:[.,]\d+)?)\s*(?P<unit>%|kwh\b|percent\b|prozent\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_ANY_CAR = frozenset(
    {"car", "ev", "charge", "charged", "charger", "charging", "ready", "wallbox"}
    | {"auto", "e", "eauto", "elektroauto", "laden", "lade", "geladen", "bereit"}
)
"""Words for a car, a charger and what they do, with which a title names none in particular."""
_FILLERS = frozenset(
    {"the", "my", "to", "up", "at", "by"}
    | {"das", "die", "der", "mein", "meine", "auf", "bis", "zu", "mit", "am", "an"}
)
_MAX_WH = 500_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleWish:
    """What a title asks for; one of the amounts is there."""

    soc: float | None = None
    """Percent."""
    energy_wh: float | None = None
    key: str | None = None
    """Of the car or charger that it names; None where it names none in particular."""


def read_title(title: str, names: Mapping[str, str]) -> TitleWish | None:
    """Return what a title asks for; None where it is about something else.

    ``names`` are those of the cars and chargers, each with the key that stands for it. All that
    stands in the title must be understood: a word too much, and it is about something else.
    """
    amounts = list(_AMOUNT.finditer(title))
    if len(amounts) != 1:
        return None
    amount = amounts[0]
    wish = _wish(float(amount["value"].replace(",", ".")), amount["unit"].casefold())
    if wish is None:
        return None
    words = _words(f"{title[: amount.start()]} {title[amount.end() :]}")
    key, left = _named(words, names)
    if any(word not in _ANY_CAR and word not in _FILLERS for word in left):
        return None
    return TitleWish(soc=wish.soc, energy_wh=wish.energy_wh, key=key)


def _wish(value: float, unit: str) -> TitleWish | None:
    if unit == "kwh":
        energy_wh = value * 1000.0
        return TitleWish(energy_wh=energy_wh) if 0.0 < energy_wh <= _MAX_WH else None
    return TitleWish(soc=value) if 0.0 < value <= 100.0 else None


def _named(words: list[str], names: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """Return the key of the longest name among the words, and the words without it."""
    known = sorted(((_words(name), key) for name, key in names.items()), key=_length)
    for name, key in known:
        for start in range(len(words) - len(name) + 1):
            if name and words[start : start + len(name)] == name:
                return key, words[:start] + words[start + len(name) :]
    return None, words


def _length(named: tuple[list[str], str]) -> int:
    return -sum(map(len, named[0]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
