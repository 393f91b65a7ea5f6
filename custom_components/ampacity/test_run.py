"""The action that starts a charger's test run, or ends the one that is under way."""

import asyncio
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .engine.model import ChargerStatus
from .engine.requests import stop_trial
from .engine.trial import TrialReport
from .engine.trial_watch import LONGEST_S, start_trial
from .runtime.trial import async_report_text
from .services import DEVICE_SCHEMA, Addressee, charger_of, invalid


@callback
def async_setup_test_run(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        "test_run",
        _test_run,
        schema=DEVICE_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _test_run(call: ServiceCall) -> ServiceResponse:
    """Start a test run, or end the one that is under way.

    Who wants a response gets it when the run is over.
    """
    target = charger_of(call)
    coordinator, charger = target.coordinator, target.charger
    held = coordinator.charger_state(charger.id)
    if held.trial is not None:
        coordinator.async_request(stop_trial(coordinator.state, charger.id))
    else:
        _check(target)
        started = dt_util.utcnow()
        state = start_trial(coordinator.state, charger, started)
        coordinator.async_request(state)
    if not call.return_response:
        return None
    report = await _async_end(target)
    return None if report is None else await _answer(call.hass, target, report)


def _check(target: Addressee) -> None:
    """Raise where a test run would end before it has begun."""
    status = target.reading.status
    if status is ChargerStatus.OFFLINE:
        raise invalid("test_run_offline", name=target.name)
    if not status.is_plugged:
        raise invalid("test_run_needs_car", name=target.name)
    if not target.coordinator.site.charging_enabled:
        raise invalid("test_run_disabled")


async def _async_end(target: Addressee) -> TrialReport | None:
    """Wait for the end of the test run; return its report, None where there is none."""
    coordinator, charger_id = target.coordinator, target.charger.id
    over = asyncio.Event()

    @callback
    def look() -> None:
        if coordinator.charger_state(charger_id).trial is None:
            over.set()

    unsubscribe = coordinator.async_add_listener(look)
    look()
    try:
        async with asyncio.timeout(LONGEST_S):
            await over.wait()
    except TimeoutError:
        return None
    finally:
        unsubscribe()
    return coordinator.charger_state(charger_id).tested


async def _answer(
    hass: HomeAssistant, target: Addressee, report: TrialReport
) -> dict[str, Any]:
    return {
        "result": report.end.value,
        "steps": {
            step.value: verdict.value for step, verdict in report.verdicts.items()
        },
        "settle_time": report.settle_s,
        "phases": report.phases,
        "phase_order": [f"L{phase + 1}" for phase in report.phase_map]
        if report.phase_map
        else None,
        "text": await async_report_text(hass, report),
    }
