"""One charger: what it does, why, on what measurements and inside which limits."""

from typing import Any

from homeassistant.util import dt as dt_util

from ..charger_view import ChargerView
from ..chargers.config import phase_map_option
from ..engine.circuits import chain
from ..engine.decision import Reason, ReasonKey
from ..engine.headroom import BoundKind
from ..engine.learned import Learned, Watching, settle_s
from ..engine.model import Reading
from ..engine.regulate.context import LIMITED
from ..engine.state import Boost
from ..plan_view import iso
from ..runtime.announce import session_data
from ..runtime.codec import Codec
from ..sentence import Sentences
from .circuit import circuit_data
from .plan import promise_data
from .site import CAP
from .vehicle import vehicle_data

_BOOST = Codec(Boost)
_KINDS = {key: kind for kind, keys in LIMITED.items() for key in keys} | {
    ReasonKey.FUSE_RESUMING: BoundKind.FUSE
}
"""What limits a charger, by its reason."""


def charger_data(view: ChargerView, sentences: Sentences) -> dict[str, Any]:
    """Return what a charger does and why, its car, its promise, and the limits above it."""
    state, decision = view.state, view.decision
    return {
        "name": view.coordinator.configs[view.id].name,
        "mode": view.settings.mode.value,
        "status": view.status.value,
        **_why(view, sentences),
        "offered_a": decision.offer_a if decision else None,
        **_measured(view),
        "boost": _BOOST.encode(state.boost) if state.boost else None,
        "limit": CAP.encode(state.cap) if state.cap else None,
        "circuits": _circuits(view),
        "vehicle": vehicle_data(view),
        "plan": promise_data(view, sentences),
        "learned": _learned(state.learned, state.watching),
        "session": session_data(state.session) if state.session else None,
    }


def _why(view: ChargerView, sentences: Sentences) -> dict[str, Any]:
    """Return the reason, in one sentence and with its values; all null before the first decision."""
    reason = view.decision.reason if view.decision else None
    if reason is None:
        keys = ("reason", "sentence", "until", "limited_by")
        return {**dict.fromkeys(keys), "values": {}}
    circuit = view.coordinator.circuit_name(reason.circuit_id)
    return {
        "reason": reason.key.value,
        "sentence": sentences.render(reason, dt_util.utcnow(), circuit),
        "values": dict(reason.values),
        "until": iso(reason.until),
        "limited_by": _limited_by(reason, circuit),
    }


def _limited_by(reason: Reason, circuit: str | None) -> dict[str, Any] | None:
    """Return which limit holds a charger back, and on which phase; None while none does."""
    kind = _KINDS.get(reason.key)
    if kind is None:
        return None
    phase = reason.values.get("phase")
    return {
        "kind": kind.value,
        "circuit": circuit,
        "phase": None if phase is None else round(phase),
    }


def _circuits(view: ChargerView) -> list[dict[str, Any]]:
    """Return the circuits above a charger, the nearest first."""
    coordinator = view.coordinator
    above = chain(coordinator.site, view.charger)
    return [circuit_data(coordinator, one) for one in above]


def _measured(view: ChargerView) -> dict[str, Any]:
    reading = view.reading
    return {
        "offered_by_charger_a": _value(reading.offered_a) if reading else None,
        "measured_a": [_value(one) for one in reading.current_a] if reading else [],
        "measured_w": _value(reading.power_w) if reading else None,
    }


def _learned(learned: Learned, watching: Watching) -> dict[str, Any]:
    """Return what a charger's own steps have taught; null where that is not known yet."""
    wiring = learned.phase_map
    return {
        "settle_s": settle_s(learned),
        "phase_map": phase_map_option(wiring) if wiring else None,
        "car_phases": watching.car_phases,
    }


def _value(reading: Reading | None) -> float | None:
    return reading.value if reading is not None and reading.ok else None
