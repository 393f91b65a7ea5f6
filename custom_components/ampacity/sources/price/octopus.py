"""Octopus Energy, BottlecapDave/HomeAssistant-OctopusEnergy.

The rates of a day stand in the attribute ``rates`` of events, not in that of the sensor of the
present rate, as ``[{start, end, value_inc_vat}]`` in pounds per kWh
(custom_components/octopus_energy/electricity/rates_current_day.py, _docs/entities/electricity.md).
All of a meter have the same unique id but for its end.
"""

from typing import Any

from homeassistant.helpers import entity_registry as er

from .request import Request

PLATFORM = "octopus_energy"
_RATES = ("_current_day_rates", "_next_day_rates")
_ENDS = ("_current_rate", "_next_rate", "_previous_rate", *_RATES)


def rate_lists(request: Request) -> list[list[Any]]:
    """Return the rates of today and tomorrow of the meter that the entity belongs to."""
    return [
        rates
        for entity_id in _rate_entities(request)
        if (state := request.hass.states.get(entity_id)) is not None
        and isinstance(rates := state.attributes.get("rates"), list)
        and rates
    ]


def _rate_entities(request: Request) -> list[str]:
    end = next((end for end in _ENDS if request.unique_id.endswith(end)), None)
    if request.platform != PLATFORM or end is None:
        return []
    meter = request.unique_id.removesuffix(end)
    registry = er.async_get(request.hass)
    found = (
        registry.async_get_entity_id("event", PLATFORM, meter + rates)
        for rates in _RATES
    )
    return [entity_id for entity_id in found if entity_id]
