"""What a user or an automation asks for between two decisions: boosts, caps, a new mode."""

from dataclasses import replace

from .state import Boost, Cap, EngineState


def start_boost(state: EngineState, charger_id: str, boost: Boost) -> EngineState:
    """Return the state with a boost; a boost that is running is replaced."""
    charger = replace(state.charger(charger_id), boost=boost, manual=None)
    return state.with_charger(charger_id, charger)


def stop_boost(state: EngineState, charger_id: str) -> EngineState:
    """Return the state without a boost."""
    charger = replace(state.charger(charger_id), boost=None)
    return state.with_charger(charger_id, charger)


def set_cap(state: EngineState, charger_id: str | None, cap: Cap) -> EngineState:
    """Return the state with a cap on a charger, or on the site's import."""
    if charger_id is None:
        return replace(state, cap=cap)
    charger = replace(state.charger(charger_id), cap=cap)
    return state.with_charger(charger_id, charger)


def clear_cap(state: EngineState, charger_id: str | None) -> EngineState:
    """Return the state without the cap on a charger, or on the site."""
    if charger_id is None:
        return replace(state, cap=None)
    charger = replace(state.charger(charger_id), cap=None)
    return state.with_charger(charger_id, charger)


def release_manual(state: EngineState, charger_id: str) -> EngineState:
    """Return the state in which a charger is controlled again after a change by hand.

    A charger that was paused for not obeying gets another chance too.
    """
    charger = state.charger(charger_id)
    orders = replace(charger.orders, defied=False, tries=0, excesses=0)
    return state.with_charger(charger_id, replace(charger, manual=None, orders=orders))
