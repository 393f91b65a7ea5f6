"""What a charger or a site does right now and why, in one answer."""

from typing import Any

from homeassistant.util import dt as dt_util

from .chargers.config import phase_map_option
from .coordinator import AmpacityCoordinator
from .engine.decision import CircuitView, Reason
from .engine.learned import Learned, Watching, settle_s
from .engine.model import Reading
from .engine.state import Boost, Cap
from .runtime.announce import session_data
from .runtime.codec import Codec
from .sentence import Sentences, async_load_sentences
from .system_health import meter_age_s

_BOOST = Codec(Boost)
_CAP = Codec(Cap)


async def async_explain(
    coordinator: AmpacityCoordinator, charger_id: str | None
) -> dict[str, Any]:
    """Return the site with one charger, or with all when ``charger_id`` is None.

    Powers in W, currents in A, ages in s, times in ISO 8601; what is not known is null.
    """
    sentences = await async_load_sentences(coordinator.hass)
    answer: dict[str, Any] = {"site": _site(coordinator)}
    if charger_id is not None:
        return answer | _charger(coordinator, charger_id, sentences)
    chargers = (
        _charger(coordinator, key, sentences) for key in coordinator.charger_ids
    )
    circuits = [_circuit(coordinator, key) for key in coordinator.circuits]
    return answer | {"circuits": circuits, "chargers": list(chargers)}


def _site(coordinator: AmpacityCoordinator) -> dict[str, Any]:
    view = coordinator.data.view
    meter = coordinator.state.meter
    return {
        "name": coordinator.config_entry.title,
        "grid_w": view.grid_w,
        "home_w": view.home_w,
        "surplus_w": view.surplus_w,
        "battery_w": view.battery_w,
        "battery_soc": view.battery_soc,
        "battery_role": view.battery_role,
        "current_a": list(view.current_a),
        "headroom_a": list(view.headroom_a),
        "limiting": view.limiting,
        "limit": _CAP.encode(cap) if (cap := coordinator.state.cap) else None,
        "meter_age_s": meter_age_s(coordinator.snapshot.grid),
        "meter_lost": meter.lost,
    }


def _circuit(coordinator: AmpacityCoordinator, circuit_id: str) -> dict[str, Any]:
    view = coordinator.data.view.circuits.get(circuit_id, CircuitView())
    watch = coordinator.state.circuits.get(circuit_id)
    return {
        "name": coordinator.circuit_name(circuit_id),
        "current_a": list(view.current_a),
        "headroom_a": list(view.headroom_a),
        "limiting": view.limiting,
        "meter_lost": watch.lost if watch else None,
    }


def _charger(
    coordinator: AmpacityCoordinator, charger_id: str, sentences: Sentences
) -> dict[str, Any]:
    decision = coordinator.data.decision(charger_id)
    reading = coordinator.snapshot.chargers[charger_id]
    state = coordinator.charger_state(charger_id)
    reason = decision.reason if decision else None
    until = reason.until if reason else None
    return {
        "name": coordinator.configs[charger_id].name,
        "mode": coordinator.settings.chargers[charger_id].mode.value,
        "status": reading.status.value,
        "reason": reason.key.value if reason else None,
        "sentence": _sentence(coordinator, reason, sentences) if reason else None,
        "values": dict(reason.values) if reason else {},
        "until": dt_util.as_local(until).isoformat() if until else None,
        "offered_a": decision.offer_a if decision else None,
        "offered_by_charger_a": _value(reading.offered_a),
        "measured_a": [_value(each) for each in reading.current_a],
        "measured_w": _value(reading.power_w),
        "boost": _BOOST.encode(state.boost) if state.boost else None,
        "limit": _CAP.encode(state.cap) if state.cap else None,
        "learned": learned_data(state.learned, state.watching),
        "session": session_data(state.session) if state.session else None,
    }


def learned_data(learned: Learned, watching: Watching) -> dict[str, Any]:
    """Return what a charger's own steps have taught; null where that is not known yet."""
    wiring = learned.phase_map
    return {
        "settle_s": settle_s(learned),
        "phase_map": phase_map_option(wiring) if wiring else None,
        "car_phases": watching.car_phases,
    }


def _value(reading: Reading | None) -> float | None:
    return reading.value if reading is not None and reading.ok else None


def _sentence(
    coordinator: AmpacityCoordinator, reason: Reason, sentences: Sentences
) -> str:
    circuit = coordinator.circuit_name(reason.circuit_id)
    return sentences.render(reason, dt_util.utcnow(), circuit)
