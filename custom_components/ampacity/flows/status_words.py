"""A first guess at what the words of a charger's status sensor mean.

It is only a proposal, which the user sees and corrects. The words are those that chargers show
in Home Assistant.
"""

from collections.abc import Iterable
import re

from ..engine.model import ChargerStatus

_CLEAR: tuple[tuple[ChargerStatus, str], ...] = (
    (
        ChargerStatus.ERROR,
        "error|_err|fault|fail|invalid|vent_req|ventilation|no_ground|stuck|overtemp|over_temp"
        "|overheat|overvolt|undervolt|residual|welded|safety|unconfigured|erratic|searching",
    ),
    (ChargerStatus.AUTH, "auth|rfid|approval|station_locked"),
    (ChargerStatus.OFFLINE, "offline|updating|booting|unavailable|unknown"),
    (
        ChargerStatus.FINISHED,
        "finish|complete|^charged|^full|fully|charger_end|cancelled",
    ),
    (
        ChargerStatus.DISCONNECTED,
        "disconnect|not_connected|not_plugged|unplugged|no_ev|no_car|no_vehicle|_free|cable_only",
    ),
    (
        ChargerStatus.PAUSED,
        "paus|sleep|scheduled|schedule_end|queue|smart_start|suspended_?evse|disabled|stopped"
        "|tariff|out_of_activation|load_balanc|waiting_for_sun|low_soc|charging_limit"
        "|charging_wait|force_stop",
    ),
    (ChargerStatus.CONNECTED, "(start|stop|to|preparing|vehicle|not)_charg"),
    (ChargerStatus.CHARGING, "charging|boost|^active|laden|^c$"),
    (
        ChargerStatus.CONNECTED,
        "wait|connected|plugged|insert|detected|suspended_?ev|preparing|negotiat|^starting"
        "|no_power|switching|requesting|reserved|wake|vehicle_locked|^b$",
    ),
    (ChargerStatus.DISCONNECTED, "^a$"),
    (ChargerStatus.ERROR, "^[ef]$"),
)
"""In this order: the first whose pattern is found in a word is meant."""

_FREE_OR_PLUGGED = frozenset({"ready", "available", "idle", "standby", "locked"})
"""Words that one make says of the charger and another of the car."""
_SUSPENDED = "suspended"
"""By the car or by the charger."""


def propose(words: Iterable[str]) -> dict[str, ChargerStatus]:
    """Return what each word of a sensor probably means; a word without a guess is left out."""
    words = list(dict.fromkeys(words))
    meanings = {word: status for word in words if (status := _clear(word)) is not None}
    for word in words:
        if (status := _unclear(word, set(meanings.values()))) is not None:
            meanings[word] = status
    return meanings


def _plain(word: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", word.casefold()).strip("_")


def _clear(word: str) -> ChargerStatus | None:
    plain = _plain(word)
    for status, pattern in _CLEAR:
        if re.search(pattern, plain):
            return status
    return None


def _unclear(word: str, taken: set[ChargerStatus]) -> ChargerStatus | None:
    """Return what an ambiguous word means beside the words that are clear."""
    plain = _plain(word)
    connected_is_free = ChargerStatus.CONNECTED not in taken
    if plain == _SUSPENDED:
        return ChargerStatus.CONNECTED if connected_is_free else ChargerStatus.PAUSED
    if plain not in _FREE_OR_PLUGGED:
        return None
    if connected_is_free and ChargerStatus.DISCONNECTED in taken:
        return ChargerStatus.CONNECTED
    return ChargerStatus.DISCONNECTED
