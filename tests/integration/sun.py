"""An integration that forecasts the sun, as the Energy dashboard would ask it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import Mock

from homeassistant.components.energy.data import SolarSourceType, async_get_manager
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
    mock_platform,
)


@dataclass
class Sun:
    """Answers by config entry; an exception is raised."""

    hass: HomeAssistant
    domain: str = "sunny"
    answers: dict[str, Any] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        """Put the integration and the Energy dashboard in place."""
        module = MockModule(self.domain)
        mock_integration(self.hass, module, top_level_files={"energy.py"})
        platform = Mock(spec=["async_get_solar_forecast"])
        platform.async_get_solar_forecast = self._answer
        mock_platform(self.hass, f"{self.domain}.energy", platform)
        for domain in ("energy", self.domain):
            self.hass.config.components.add(domain)

    async def _answer(self, _hass: HomeAssistant, entry_id: str) -> Any:
        self.asked += 1
        answer = self.answers[entry_id]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def forecasts(self, entry_id: str, wh_hours: Mapping[str, Any]) -> MockConfigEntry:
        """Return a loaded entry of the integration that forecasts this."""
        entry = MockConfigEntry(domain=self.domain, entry_id=entry_id, title=entry_id)
        entry.add_to_hass(self.hass)
        entry.mock_state(self.hass, ConfigEntryState.LOADED)
        self.answers[entry_id] = {"wh_hours": wh_hours}
        return entry


async def use_in_dashboard(
    hass: HomeAssistant, *entry_ids: str, solar: str = "sensor.solar_energy"
) -> None:
    """Let the Energy dashboard take its solar forecast from these entries."""
    source = SolarSourceType(
        type="solar",
        stat_energy_from=solar,
        config_entry_solar_forecast=list(entry_ids),
    )
    manager = await async_get_manager(hass)
    await manager.async_update({"energy_sources": [source], "device_consumption": []})
