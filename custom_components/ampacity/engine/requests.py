"""What a user or an automation asks for between two decisions: boosts, caps, promises, a new mode."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from .promise import Promise, PromiseSource
from .state import Boost, Cap, ChargerState, EngineState
from .trial import TrialEnd, report_of


def start_boost(state: EngineState, charger_id: str, boost: Boost) -> EngineState:
    """Return the state with a boost; a boost that is running is replaced."""
    state = stop_trial(state, charger_id)
    charger = replace(state.charger(charger_id), boost=boost, manual=None)
    return state.with_charger(charger_id, charger)


def stop_boost(state: EngineState, charger_id: str) -> EngineState:
    """Return the state without a boost."""
    charger = replace(state.charger(charger_id), boost=None)
    return state.with_charger(charger_id, charger)


def stop_trial(state: EngineState, charger_id: str) -> EngineState:
    """Return the state without a test run; one that was under way leaves a report."""
    charger = state.charger(charger_id)
    if charger.trial is None:
        return state
    ended = state.now or charger.trial.started
    report = report_of(charger.trial, TrialEnd.STOPPED, ended)
    charger = replace(charger, trial=None, tested=report)
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
    state = stop_trial(state, charger_id)
    charger = state.charger(charger_id)
    orders = replace(charger.orders, defied=False, tries=0, excesses=0)
    return state.with_charger(charger_id, replace(charger, manual=None, orders=orders))


def set_promise(state: EngineState, charger_id: str, promise: Promise) -> EngineState:
    """Return the state with a promise; one with the same id is replaced, and begins anew."""
    charger = state.charger(charger_id)
    others = (one for one in charger.promises if one.id != promise.id)
    charger = _without_goal(charger, {promise.id})
    charger = replace(charger, promises=(*others, promise))
    return state.with_charger(charger_id, charger)


def clear_promises(
    state: EngineState, charger_id: str, promise_id: str | None = None
) -> EngineState:
    """Return the state without a promise, or without any when ``promise_id`` is None.

    A promise of a calendar is skipped instead: its event would bring it back.
    """
    charger = state.charger(charger_id)
    cleared = {one.id for one in charger.promises if promise_id in (None, one.id)}
    left = (
        replace(one, over=one.ready_by) if one.id in cleared else one
        for one in charger.promises
        if one.id not in cleared or one.source is PromiseSource.CALENDAR
    )
    charger = replace(_without_goal(charger, cleared), promises=tuple(left))
    return state.with_charger(charger_id, charger)


def skip_once(
    state: EngineState, charger_id: str, promise_id: str, due: datetime
) -> EngineState:
    """Return the state in which a promise does not count at one time; a single one is over."""
    charger = state.charger(charger_id)
    skipped = tuple(
        replace(one, over=due, met=None, effortless=False, met_soc=None)
        if one.id == promise_id
        else one
        for one in charger.promises
    )
    charger = replace(_without_goal(charger, {promise_id}), promises=skipped)
    return state.with_charger(charger_id, charger)


def follow_calendar(
    state: EngineState, charger_id: str, promises: Iterable[Promise]
) -> EngineState:
    """Return the state with the promises that a calendar holds now, in place of its earlier ones.

    The one whose charging has begun stays as it was, and so does what is known of those whose
    time has not changed.
    """
    charger = state.charger(charger_id)
    known = {
        one.id: one for one in charger.promises if one.source is PromiseSource.CALENDAR
    }
    goal = charger.goal
    begun = known.get(goal.promise_id) if goal and goal.begun else None
    kept = [one for one in charger.promises if one.id not in known]
    kept += [begun] if begun is not None else []
    for promise in promises:
        if begun is not None and promise.id == begun.id:
            continue
        before = known.get(promise.id)
        if before is not None and before.ready_by == promise.ready_by:
            promise = replace(
                promise,
                over=before.over,
                met=before.met if _amount(before) == _amount(promise) else None,
                effortless=before.effortless,
                met_soc=before.met_soc,
                warned=before.warned,
            )
        kept.append(promise)
    if tuple(kept) == charger.promises:
        return state
    return state.with_charger(charger_id, replace(charger, promises=tuple(kept)))


def _amount(promise: Promise) -> tuple[float | None, float | None]:
    return promise.soc, promise.energy_wh


def _without_goal(charger: ChargerState, promise_ids: Iterable[str]) -> ChargerState:
    """Return the charger's state with its goal forgotten where it is one of these promises."""
    if charger.goal is None or charger.goal.promise_id not in set(promise_ids):
        return charger
    return replace(charger, goal=None)
