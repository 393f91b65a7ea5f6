"""What a charger's words are guessed to mean."""

import pytest

from custom_components.ampacity.engine.model import ChargerStatus
from custom_components.ampacity.flows.status_words import propose

MAKES: dict[str, dict[str, list[str]]] = {
    "wallbox": {
        "disconnected": ["Disconnected", "Ready", "Locked"],
        "connected": ["Waiting for car demand", "Waiting", "Locked, car connected"],
        "paused": ["Paused", "Scheduled", "Waiting in queue by Eco-Smart"],
        "charging": ["Charging", "Discharging"],
        "error": ["Error"],
        "offline": ["Updating"],
    },
    "easee": {
        "disconnected": ["disconnected"],
        "connected": ["awaiting_start", "ready_to_charge", "start_charging"],
        "paused": ["awaiting_load_balancing", "awaiting_smart_start"],
        "charging": ["charging"],
        "finished": ["completed"],
        "auth": ["awaiting_authorization", "authenticating", "de_authorizing"],
        "error": ["error", "erratic_ev", "searching_for_master"],
        "offline": ["offline"],
    },
    "ocpp": {
        "disconnected": ["Available"],
        "connected": ["Preparing", "SuspendedEV"],
        "paused": ["SuspendedEVSE"],
        "charging": ["Charging"],
        "finished": ["Finishing"],
        "error": ["Faulted"],
    },
    "peblar": {
        "disconnected": ["no_ev_connected"],
        "connected": ["suspended"],
        "charging": ["charging"],
        "error": ["error", "fault", "invalid"],
    },
    "webasto": {
        "disconnected": ["available"],
        "connected": ["preparing", "suspended_ev"],
        "paused": ["suspended", "suspended_evse"],
        "charging": ["charging"],
        "finished": ["finishing"],
    },
    "ready means plugged in": {
        "disconnected": ["no_car"],
        "connected": ["ready"],
        "charging": ["charging"],
        "paused": ["paused"],
        "finished": ["finished"],
        "error": ["error"],
    },
    "IEC 61851": {
        "disconnected": ["A"],
        "connected": ["B"],
        "charging": ["C"],
        "error": ["E", "F"],
    },
}


@pytest.mark.parametrize("make", MAKES)
def test_makes(make: str) -> None:
    """The words of common makes are sorted rightly, in whichever order they come."""
    meant = {
        word: ChargerStatus(status)
        for status, words in MAKES[make].items()
        for word in words
    }
    assert propose(meant) == meant
    assert propose(reversed(meant)) == meant


def test_unknown_words() -> None:
    """Nothing is guessed where nothing is known."""
    assert propose(["7", "blue", "", "D"]) == {}
