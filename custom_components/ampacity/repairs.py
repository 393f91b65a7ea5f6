"""Repairs that Ampacity can make itself, once somebody has confirmed them."""

from typing import override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .chargers.config import configured_phase_map, phase_map_option
from .chargers.native import async_switch_off, watched_features
from .const import CONF_PHASE_MAP, DOMAIN
from .coordinator import AmpacityConfigEntry
from .engine.learned import contradiction


class TakeOverPhaseMapFlow(ConfirmRepairFlow):
    """Configure a charger's phases as its own steps have shown them."""

    def __init__(self, entry_id: str, charger_id: str) -> None:
        """Repair a charger of an entry."""
        self._entry_id = entry_id
        self._charger_id = charger_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then take the wiring over as it is known by now."""
        if user_input is None:
            return await super().async_step_confirm()
        entry: AmpacityConfigEntry | None = self.hass.config_entries.async_get_entry(
            self._entry_id
        )
        subentry = entry.subentries.get(self._charger_id) if entry else None
        if entry is None or subentry is None:
            return self.async_abort(reason="charger_gone")
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        coordinator = entry.runtime_data
        learned = coordinator.charger_state(self._charger_id).learned
        configured = configured_phase_map(subentry.data)
        if (found := contradiction(learned, configured)) is None:
            return self.async_abort(reason="no_difference")
        self.hass.config_entries.async_update_subentry(
            entry,
            subentry,
            data={**subentry.data, CONF_PHASE_MAP: phase_map_option(found)},
        )
        return await super().async_step_confirm(user_input)


class SwitchOffFlow(ConfirmRepairFlow):
    """Switch a feature of a charger's own off, which works against Ampacity."""

    def __init__(self, entry_id: str, charger_id: str, entity_id: str) -> None:
        """Repair a charger of an entry."""
        self._entry_id = entry_id
        self._charger_id = charger_id
        self._entity_id = entity_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then switch it off."""
        if user_input is None:
            return await super().async_step_confirm()
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        subentry = entry.subentries.get(self._charger_id) if entry else None
        if subentry is None:
            return self.async_abort(reason="charger_gone")
        for feature in watched_features(self.hass, subentry.data):
            if feature.entity_id != self._entity_id:
                continue
            if error := await async_switch_off(self.hass, feature):
                names = {"error": error}
                return self.async_abort(
                    reason="native_failed", description_placeholders=names
                )
        return await super().async_step_confirm(user_input)


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow that repairs an issue; most need a person elsewhere."""
    if data is None or not issue_id.startswith(("phase_map_differs", "native_feature")):
        raise ValueError(f"{DOMAIN} cannot repair {issue_id}")
    entry_id, charger_id = str(data["entry_id"]), str(data["charger_id"])
    if issue_id.startswith("native_feature"):
        return SwitchOffFlow(entry_id, charger_id, str(data["entity_id"]))
    return TakeOverPhaseMapFlow(entry_id, charger_id)
