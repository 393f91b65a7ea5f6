"""Set-up of Ampacity: a site, its options, its chargers, vehicles and circuits."""

from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigSubentryFlow, OptionsFlow
from homeassistant.core import callback

from .const import DOMAIN, SUBENTRY_CHARGER, SUBENTRY_CIRCUIT, SUBENTRY_VEHICLE
from .flows.charger import ChargerFlow
from .flows.circuit import CircuitFlow
from .flows.options import SiteOptionsFlow
from .flows.site import SiteFlow
from .flows.vehicle import VehicleFlow


class AmpacityConfigFlow(SiteFlow, domain=DOMAIN):
    """One entry for each site, a subentry for each charger, vehicle and circuit."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the dialog for how the site is controlled."""
        return SiteOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the dialogs for a charger, for a vehicle and for a circuit."""
        return {
            SUBENTRY_CHARGER: ChargerFlow,
            SUBENTRY_VEHICLE: VehicleFlow,
            SUBENTRY_CIRCUIT: CircuitFlow,
        }
