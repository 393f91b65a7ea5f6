"""Finds cars that Home Assistant already knows, with charge level, plug, place and capacity."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
import math
import re

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_conversion import EnergyConverter

from .sensors import device_name

_SEPARATED = r"(?:.*[-_:. ])?"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCar:
    """A car, with the entities that tell about it."""

    id: str
    """Its device, or what its integration calls it."""
    name: str
    soc: str
    """Sensor of the charge level in percent."""
    plug: str | None = None
    """Tells whether it is plugged in, anywhere."""
    location: str | None = None
    """Tells where it is."""
    capacity_kwh: float | None = None
    """Usable capacity of its battery, where its integration tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarProfile:
    """How cars of one integration show themselves: keys as in :mod:`.profiles`."""

    platform: str
    soc: str
    plug: str = "(?!)"
    location: str = "(?:location|position|device_tracker)"
    capacity: str = "(?!)"


CARS: tuple[CarProfile, ...] = (
    *(
        CarProfile(
            platform=platform,
            soc="charge_state_(?:battery_level|usable_battery_level)",
            plug="charge_state_conn_charge_cable",
        )
        for platform in ("tesla_fleet", "teslemetry", "tessie")
    ),
    CarProfile(
        platform="volkswagencarnet",
        soc="battery_level",
        plug="charging_cable_connected",
    ),
    CarProfile(
        platform="audiconnect", soc="sensor_state_of_charge", plug="plug_state"
    ),
    CarProfile(
        platform="myskoda", soc="battery_percentage", plug="charger_connected"
    ),
    CarProfile(platform="skoda", soc="battery_percentage"),
    CarProfile(
        platform="kia_uvo",
        soc="ev_battery_percentage",
        plug="ev_battery_is_plugged_in",
        capacity="ev_battery_capacity",
    ),
    CarProfile(
        platform="volvo",
        soc="battery_charge_level",
        plug="charger_connection_status",
        capacity="battery_capacity",
    ),
    CarProfile(platform="renault", soc="battery_level", plug="plugged_in"),
    CarProfile(
        platform="polestar_api",
        soc="battery_charge_level",
        plug="charger_connection_status",
    ),
    CarProfile(
        platform="abrp", soc="soc", capacity="battery_capacity"
    ),
    CarProfile(platform="mbapi2020", soc="soc"),
    CarProfile(platform="nissan_leaf", soc="soc", plug="plugstatus"),
    CarProfile(platform="subaru", soc="ev_battery_level|ev_state_of_charge_percent", plug="ev_is_plugged_in"),
    CarProfile(
        platform="cardata",
        soc=r"vehicle\.drivetrain\.batterymanagement\.header",
        plug=r"vehicle\.powertrain\.tractionbattery\.charging\.port\.anyposition\.isplugged",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entity:
    entity_id: str
    domain: str
    marks: tuple[str, ...]


def async_find_cars(hass: HomeAssistant) -> list[FoundCar]:
    """Return the cars of known integrations, by name; a car without a charge level is none."""
    profiles = {profile.platform: profile for profile in CARS}
    groups: dict[tuple[str, str], list[_Entity]] = {}
    for entry in er.async_get(hass).entities.values():
        owner = entry.device_id or entry.config_entry_id
        if entry.platform not in profiles or entry.disabled_by or owner is None:
            continue
        marks = (entry.unique_id, entry.translation_key, entry.original_name)
        groups.setdefault((entry.platform, owner), []).append(
            _Entity(
                entity_id=entry.entity_id,
                domain=entry.domain,
                marks=tuple(str(mark).lower() for mark in marks if mark),
            )
        )
    cars = (
        _car(hass, profiles[platform], owner, entities)
        for (platform, owner), entities in groups.items()
    )
    return sorted(filter(None, cars), key=lambda car: (car.name, car.id))


def _car(
    hass: HomeAssistant, profile: CarProfile, owner: str, entities: Sequence[_Entity]
) -> FoundCar | None:
    soc = _first(entities, profile.soc, Platform.SENSOR)
    if soc is None:
        return None
    capacity = _first(entities, profile.capacity, Platform.SENSOR, Platform.NUMBER)
    state = hass.states.get(soc)
    return FoundCar(
        id=owner,
        name=device_name(hass, owner) or (state.name if state else profile.platform),
        soc=soc,
        plug=_first(entities, profile.plug, Platform.BINARY_SENSOR, Platform.SENSOR),
        location=_first(entities, profile.location, Platform.DEVICE_TRACKER),
        capacity_kwh=_capacity_kwh(hass, capacity),
    )


def _first(entities: Iterable[_Entity], pattern: str, *domains: Platform) -> str | None:
    """Return the entity of the first of the domains whose mark ends with a key, the shortest one."""
    compiled = re.compile(f"{_SEPARATED}(?:{pattern})")
    found = list(_fitting(entities, compiled, domains))
    return min(found)[-1] if found else None


def _fitting(
    entities: Iterable[_Entity], compiled: re.Pattern[str], domains: Sequence[Platform]
) -> Iterator[tuple[int, int, str]]:
    for entity in entities:
        if entity.domain not in domains:
            continue
        lengths = [len(mark) for mark in entity.marks if compiled.fullmatch(mark)]
        if lengths:
            yield domains.index(Platform(entity.domain)), min(lengths), entity.entity_id


def _capacity_kwh(hass: HomeAssistant, entity_id: str | None) -> float | None:
    """Return a capacity, None while it can't be read or makes no sense for a car."""
    state = hass.states.get(entity_id) if entity_id else None
    if state is None:
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, "kWh")
    try:
        value = float(state.state)
    except ValueError:
        return None
    if unit not in EnergyConverter.VALID_UNITS or not math.isfinite(value):
        return None
    kwh = EnergyConverter.convert(value, unit, "kWh")
    return kwh if 5.0 <= kwh <= 250.0 else None
