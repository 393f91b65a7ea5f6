"""What a charger or a site does right now and why, in one answer.

Powers in W, energies in kWh, currents in A, ages in s, charge levels in percent, times in ISO 8601;
what is not known is null.
"""

from typing import Any

from ..charger_view import ChargerView
from ..coordinator import AmpacityCoordinator
from ..sentence import async_load_sentences
from .charger import charger_data
from .circuit import circuit_data
from .site import site_data


async def async_explain(
    coordinator: AmpacityCoordinator, charger_id: str | None
) -> dict[str, Any]:
    """Return the site with one charger, or with all when ``charger_id`` is None."""
    sentences = await async_load_sentences(coordinator.hass)
    answer: dict[str, Any] = {"site": site_data(coordinator)}
    if charger_id is not None:
        return answer | charger_data(ChargerView(coordinator, charger_id), sentences)
    views = (ChargerView(coordinator, key) for key in coordinator.charger_ids)
    return answer | {
        "circuits": [
            circuit_data(coordinator, one) for one in coordinator.site.circuits
        ],
        "chargers": [charger_data(view, sentences) for view in views],
    }
