"""The cars that Home Assistant already knows, as a first choice when a vehicle is added."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import (
    CONF_CAPACITY,
    CONF_LOCATION_ENTITY,
    CONF_PLUG_ENTITY,
    CONF_SOC_ENTITY,
)
from ..discovery import FoundCar, async_find_cars
from ..vehicles import vehicle_subentries
from .form import Form, fill
from .preview import async_words

CONF_FOUND_CAR = "found_car"
"""Which of the cars that were found; asked for, never stored."""
OTHER_CAR = "other"


class CarChoice(ConfigSubentryFlow):
    """Offers the cars that were found before a new vehicle is described."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._data: dict[str, Any] = {}
        self._cars: list[FoundCar] | None = None

    def _has_cars(self) -> bool:
        """Return whether there are cars to choose from that were not offered yet."""
        if self._cars is not None or self.source != SOURCE_USER:
            return False
        self._cars = free_cars(self.hass, vehicle_subentries(self._get_entry()))
        return bool(self._cars)

    async def async_step_car(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which of the cars it is; the form that comes next is filled in with it."""
        cars = self._cars or []
        other = (await async_words(self.hass)).say("other_car", of="found")
        draft = fill(partial(car_form, cars, other), {}, user_input, lambda _: ())
        if not draft.accepted:
            return self.async_show_form(step_id="car", **draft.shown(self))
        self._data = car_data(cars, draft.data[CONF_FOUND_CAR])
        return await self.async_step_user()

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for all there is to know of the car."""
        raise NotImplementedError


def free_cars(hass: HomeAssistant, others: Iterable[ConfigSubentry]) -> list[FoundCar]:
    """Return the cars that no vehicle of the site is yet."""
    taken = {other.data.get(CONF_SOC_ENTITY) for other in others}
    return [car for car in async_find_cars(hass) if car.soc not in taken]


def car_form(cars: Sequence[FoundCar], other: str, _: Mapping[str, Any]) -> Form:
    """Return the choice among cars; ``other`` is what the last choice, none of them, is called."""
    options = [SelectOptionDict(value=car.id, label=car.name) for car in cars]
    options.append(SelectOptionDict(value=OTHER_CAR, label=other))
    field = vol.Required(CONF_FOUND_CAR, default=options[0]["value"])
    mode = SelectSelectorMode.LIST
    selector = SelectSelector(SelectSelectorConfig(options=options, mode=mode))
    return Form({field: selector})


def car_data(cars: Iterable[FoundCar], car_id: str) -> dict[str, Any]:
    """Return what the vehicle's form is filled in with; nothing for none of the cars.

    A plug that isn't on or off is left out: the form takes only such.
    """
    car = next((one for one in cars if one.id == car_id), None)
    if car is None:
        return {}
    plug = car.plug or ""
    told = {
        CONF_NAME: car.name,
        CONF_CAPACITY: car.capacity_kwh,
        CONF_SOC_ENTITY: car.soc,
        CONF_PLUG_ENTITY: plug if plug.startswith(Platform.BINARY_SENSOR) else None,
        CONF_LOCATION_ENTITY: car.location,
    }
    return {key: value for key, value in told.items() if value is not None}
