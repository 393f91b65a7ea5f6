"""The mode of a charger, the vehicle at it, and the strategy of a home battery."""

from typing import Any, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SUBENTRY_CHARGER, VEHICLE_AUTOMATIC
from .coordinator import AmpacityConfigEntry
from .engine.model import BatteryStrategy, Mode
from .engine.vehicle import GUEST
from .engine.vehicle_plug import choose_vehicle
from .entity import BatteryEntity, ChargerEntity, async_add_of_subentries, has_battery
from .vehicles import labels

PARALLEL_UPDATES = 0

STRATEGY = SelectEntityDescription(
    key="battery_strategy",
    entity_category=EntityCategory.CONFIG,
    options=[strategy.value for strategy in BatteryStrategy],
)
VEHICLE = SelectEntityDescription(key="vehicle")
MODE = SelectEntityDescription(key="mode", options=[mode.value for mode in Mode])


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmpacityConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the modes of a site's chargers, and the strategy of its battery."""
    if has_battery(entry):
        async_add_entities([StrategySelect(entry.runtime_data, STRATEGY)])

    def selects(subentry: ConfigSubentry) -> list[ChargerEntity]:
        return [
            ModeSelect(entry.runtime_data, subentry, MODE),
            VehicleSelect(entry.runtime_data, subentry, VEHICLE),
        ]

    async_add_of_subentries(entry, async_add_entities, SUBENTRY_CHARGER, selects)


class StrategySelect(BatteryEntity, SelectEntity):
    """Who comes first above the battery's priority charge level."""

    @property
    @override
    def current_option(self) -> str:
        """Return the strategy."""
        return self.coordinator.settings.battery_strategy.value

    @override
    async def async_select_option(self, option: str) -> None:
        """Change the strategy."""
        self.coordinator.async_update_site(battery_strategy=BatteryStrategy(option))


class ModeSelect(ChargerEntity, SelectEntity):
    """What a charger may use."""

    @property
    @override
    def current_option(self) -> str:
        """Return the mode."""
        return self.view.settings.mode.value

    @override
    async def async_select_option(self, option: str) -> None:
        """Change the mode."""
        self.coordinator.async_update_charger(self.view.id, mode=Mode(option))


class VehicleSelect(ChargerEntity, SelectEntity):
    """Which car is plugged in, or will be next, where it is not to be found out."""

    @property
    def _labels(self) -> dict[str | None, str]:
        """What can be chosen, by what the engine calls it."""
        found: dict[str | None, str] = {None: VEHICLE_AUTOMATIC}
        found.update(labels(self.coordinator.vehicles))
        return found | {GUEST: GUEST}

    @property
    @override
    def options(self) -> list[str]:
        """Return the cars by their names, none of them, and any of them."""
        return list(self._labels.values())

    @property
    @override
    def current_option(self) -> str:
        """Return what was chosen."""
        chosen_id = self.view.state.parked.chosen_id
        return self._labels.get(chosen_id, VEHICLE_AUTOMATIC)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return which car is there and how that is known."""
        parked = self.view.state.parked
        cars = labels(self.coordinator.vehicles)
        return {
            "plugged_in": cars.get(parked.vehicle_id or ""),
            "known_by": parked.known_by.value if parked.known_by else None,
        }

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose a car until it is unplugged."""
        ids = {label: key for key, label in self._labels.items()}
        coordinator = self.coordinator
        coordinator.async_request(
            choose_vehicle(coordinator.state, self.view.id, ids[option])
        )
