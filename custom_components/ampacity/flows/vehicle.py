"""The dialog that describes a car, of which all but the name may be left open."""

from functools import partial
from typing import Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult
from homeassistant.const import CONF_NAME

from ..const import CONF_DEFAULT_CHARGER, SUBENTRY_CHARGER
from ..vehicles import vehicle_subentries
from .form import fill
from .vehicle_forms import check_vehicle, vehicle_form
from .vehicle_found import CarChoice


class VehicleFlow(CarChoice):
    """Describes a car, new or changed."""

    async def async_step_reconfigure(
        self, _: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show the same form with what is known filled in."""
        vehicle = self._get_reconfigure_subentry()
        self._data = {**vehicle.data, CONF_NAME: vehicle.title}
        return await self.async_step_user()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for all there is to know of the car."""
        if self._has_cars():
            return await self.async_step_car()
        entry = self._get_entry()
        chargers = {
            one.subentry_id: one.title
            for one in entry.get_subentries_of_type(SUBENTRY_CHARGER)
        }
        if self._data.get(CONF_DEFAULT_CHARGER) not in chargers:
            self._data.pop(CONF_DEFAULT_CHARGER, None)
        others = vehicle_subentries(entry, but=self._subentry_id)
        make = partial(vehicle_form, chargers)
        check = partial(check_vehicle, self.hass, others=others)
        draft = fill(make, self._data, user_input, check)
        if not draft.accepted:
            return self.async_show_form(step_id="user", **draft.shown(self))
        title = draft.data.pop(CONF_NAME)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                entry,
                self._get_reconfigure_subentry(),
                title=title,
                data=draft.data,
            )
        return self.async_create_entry(title=title, data=draft.data)

    @property
    def _subentry_id(self) -> str | None:
        """The car that is changed, None for a new one."""
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_subentry().subentry_id
        return None
