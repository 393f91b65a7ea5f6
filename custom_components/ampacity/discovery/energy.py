"""What the Energy dashboard already knows: grid, prices, solar plant, home battery.

Its preferences name statistics. The statistic of an entity has the entity's id; others, whose id
contains a colon, come from a service that delivers yesterday's values and can't be read now.
Where only energies are named, the power is looked for on the device that counts them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant, valid_entity_id
from homeassistant.helpers import entity_registry as er

from ..const import (
    CONF_BATTERY_CAPACITY,
    CONF_BATTERY_CHARGE,
    CONF_BATTERY_DISCHARGE,
    CONF_BATTERY_INVERTED,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
    CONF_FEED_IN_ENTITY,
    CONF_FEED_IN_PRICE,
    CONF_GRID_EXPORT,
    CONF_GRID_IMPORT,
    CONF_GRID_INVERTED,
    CONF_GRID_POWER,
    CONF_GRID_POWER_PHASES,
    CONF_IMPORT_PRICE,
    CONF_PRICE_ENTITY,
    CONF_PRICE_KIND,
    CONF_SOLAR_POWER,
)
from ..sources.price.config import PriceKind
from .meters import FoundMeter, meter_of_device
from .phases import phases_beside
from .plants import FoundPlant, find_battery, find_solar
from .sensors import FoundSensor, device_name

type _Source = Mapping[str, Any]
_SIGNED = {CONF_GRID_POWER, CONF_GRID_IMPORT, CONF_GRID_EXPORT, CONF_GRID_INVERTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyHouse:
    """The house as the Energy dashboard describes it."""

    configured: bool = False
    meters: tuple[FoundMeter, ...] = ()
    external: tuple[str, ...] = ()
    """Statistics of the grid that no entity shows now."""
    powerless: tuple[str, ...] = ()
    """Energy counters of the grid, beside which no sensor of power was found."""
    solar: FoundPlant = field(default_factory=FoundPlant)
    battery: FoundPlant = field(default_factory=FoundPlant)
    prices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the options would hold of prices, by the id that the connection's meter has."""


async def async_energy_house(
    hass: HomeAssistant, sensors: Sequence[FoundSensor]
) -> EnergyHouse:
    """Return what the Energy dashboard says; nothing while it isn't loaded or was never set up."""
    if "energy" not in hass.config.components:
        return EnergyHouse()
    # Imported late: it needs the recorder, which an installation may do without.
    from homeassistant.components.energy.data import async_get_manager  # noqa: PLC0415

    preferences = (await async_get_manager(hass)).data
    if preferences is None:
        return EnergyHouse()
    sources: list[_Source] = [dict(one) for one in preferences["energy_sources"]]
    return read_preferences(hass, sources, sensors)


def read_preferences(
    hass: HomeAssistant, sources: Iterable[_Source], sensors: Sequence[FoundSensor]
) -> EnergyHouse:
    """Return what the sources of the Energy dashboard say of a house."""
    by_type: dict[str, list[_Source]] = {}
    for source in sources:
        by_type.setdefault(str(source.get("type")), []).append(source)
    grid = by_type.get("grid", [])
    meters: list[FoundMeter] = []
    prices: dict[str, Mapping[str, Any]] = {}
    powerless: list[str] = []
    for number, source in enumerate(grid):
        meter = _meter(hass, number, source, sensors)
        if (known := _same_meter(meter, meters)) is not None:
            prices[known.id] = _agreed(prices[known.id], _prices(source))
            continue
        prices[f"energy_{number}"] = _prices(source)
        if meter is not None:
            meters.append(meter)
        elif (counter := _entity(source.get("stat_energy_from"))) is not None:
            powerless.append(counter)
    named = [source.get(key) for source in grid for key in _ENERGIES]
    return EnergyHouse(
        configured=bool(by_type),
        meters=tuple(meters),
        external=tuple(one for one in named if one and not valid_entity_id(one)),
        powerless=tuple(powerless),
        solar=_solar(hass, by_type.get("solar", []), sensors),
        battery=_battery(hass, by_type.get("battery", []), sensors),
        prices=prices,
    )


_ENERGIES = ("stat_energy_from", "stat_energy_to")


def _entity(statistic_id: str | None) -> str | None:
    """Return the entity of a statistic, None where it has none."""
    usable = statistic_id is not None and valid_entity_id(statistic_id)
    return statistic_id if usable else None


def _meter(
    hass: HomeAssistant, number: int, source: _Source, sensors: Sequence[FoundSensor]
) -> FoundMeter | None:
    """Return one grid connection: its power as the dashboard has it, with phases from its device."""
    total = _power(source)
    counters = [_entity(source.get(key)) for key in _ENERGIES]
    device = _meter_of(hass, [*total.values(), *counters], sensors)
    if not total:
        if device is None:
            return None
        total = {key: device.data[key] for key in _SIGNED & device.data.keys()}
    if device is not None:
        beside = _beside(device, total)
    else:
        beside = phases_beside(_of_device(hass, total.values(), sensors))
    names = (*total.values(), *counters)
    return FoundMeter(
        id=f"energy_{number}",
        name=str(source.get("name") or "") or _name(hass, names),
        data=beside | total,
        from_energy=True,
        disabled=device.disabled if device else (),
    )


def _power(source: _Source) -> dict[str, Any]:
    """Return the power that the dashboard names: signed, turned, or import and export apart."""
    config: Mapping[str, str] = source.get("power_config") or {}
    imported, exported = (
        _entity(config.get(key)) for key in ("stat_rate_from", "stat_rate_to")
    )
    if imported and exported:
        return {CONF_GRID_IMPORT: imported, CONF_GRID_EXPORT: exported}
    if turned := _entity(config.get("stat_rate_inverted")):
        return {CONF_GRID_POWER: turned, CONF_GRID_INVERTED: True}
    signed = _entity(config.get("stat_rate")) or _entity(source.get("stat_rate"))
    return {CONF_GRID_POWER: signed, CONF_GRID_INVERTED: False} if signed else {}


def _same_meter(
    meter: FoundMeter | None, known: Iterable[FoundMeter]
) -> FoundMeter | None:
    """Return the meter among those known that is read from the same sensors, if any."""
    entities = set(meter.entity_ids) if meter else set()
    return next((one for one in known if entities & set(one.entity_ids)), None)


def _meter_of(
    hass: HomeAssistant, entity_ids: Iterable[object], sensors: Sequence[FoundSensor]
) -> FoundMeter | None:
    """Return the known meter to which the first of the entities belongs that belongs to any."""
    registry = er.async_get(hass)
    for entity_id in entity_ids:
        entry = registry.async_get(entity_id) if isinstance(entity_id, str) else None
        if entry is None or (entry.device_id is None and entry.config_entry_id is None):
            continue
        for sensor in sensors:
            same_device = sensor.device_id == entry.device_id is not None
            if same_device and (meter := meter_of_device(hass, sensors, sensor)):
                return meter
    return None


def _of_device(
    hass: HomeAssistant, entity_ids: Iterable[object], sensors: Sequence[FoundSensor]
) -> list[FoundSensor]:
    """Return the other sensors of the device to which the first of the entities belongs."""
    registry = er.async_get(hass)
    known = [one for one in entity_ids if isinstance(one, str)]
    entries = [entry for one in known if (entry := registry.async_get(one))]
    device_id = next((entry.device_id for entry in entries if entry.device_id), None)
    return [
        one
        for one in sensors
        if one.device_id == device_id is not None and one.entity_id not in known
    ]


def _beside(meter: FoundMeter, total: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a meter measures per phase; powers only where they have the total's sign."""
    signs = meter.data.get(CONF_GRID_INVERTED), total.get(CONF_GRID_INVERTED, False)
    left_out = {*_SIGNED, *(CONF_GRID_POWER_PHASES if signs[0] != signs[1] else ())}
    return {key: value for key, value in meter.data.items() if key not in left_out}


def _name(hass: HomeAssistant, entity_ids: Iterable[object]) -> str:
    """Return the device behind the first entity that has one, else what that entity is called."""
    known = [entity_id for entity_id in entity_ids if isinstance(entity_id, str)]
    registry = er.async_get(hass)
    for entity_id in known:
        entry = registry.async_get(entity_id)
        if entry and (name := device_name(hass, entry.device_id)):
            return name
    state = hass.states.get(known[0]) if known else None
    return state.name if state else next(iter(known), "")


def _prices(source: _Source) -> dict[str, str | float]:
    """Return the fixed prices and the price entities of a grid connection."""
    fixed = {
        CONF_IMPORT_PRICE: source.get("number_energy_price"),
        CONF_FEED_IN_PRICE: source.get("number_energy_price_export"),
    }
    entities = {
        CONF_PRICE_ENTITY: _entity(source.get("entity_energy_price")),
        CONF_FEED_IN_ENTITY: _entity(source.get("entity_energy_price_export")),
    }
    told: dict[str, str | float] = {
        key: float(value) for key, value in fixed.items() if value is not None
    }
    told |= {key: value for key, value in entities.items() if value}
    if CONF_PRICE_ENTITY in told:
        told[CONF_PRICE_KIND] = PriceKind.ENTITY.value
    return told


def _agreed(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return the prices of a meter that the dashboard has twice, as with a counter for each tariff.

    A price that differs holds at some hours only, and nobody knows at which: it is left out.
    """
    both = {**other, **one}
    agreed = {key: both[key] for key in both if other.get(key, both[key]) == both[key]}
    if CONF_PRICE_ENTITY not in agreed:
        agreed.pop(CONF_PRICE_KIND, None)
    return agreed


def _solar(
    hass: HomeAssistant, sources: Sequence[_Source], sensors: Sequence[FoundSensor]
) -> FoundPlant:
    """Return the solar plants; one without a power gets that of the device that counts its energy."""
    powers: list[str] = []
    for source in sources:
        if power := _entity(source.get("stat_rate")):
            powers.append(power)
            continue
        own = _of_same_owner(hass, source.get("stat_energy_from"), sensors)
        powers += find_solar(hass, own).data.get(CONF_SOLAR_POWER, [])
    powers = list(dict.fromkeys(powers))
    if not powers:
        return FoundPlant()
    names = tuple(dict.fromkeys(_name(hass, [power]) for power in powers))
    return FoundPlant(names=names, data={CONF_SOLAR_POWER: powers})


def _battery(
    hass: HomeAssistant, sources: Sequence[_Source], sensors: Sequence[FoundSensor]
) -> FoundPlant:
    """Return the batteries whose powers are told in the way that the first one's is."""
    parts = [_battery_part(hass, source, sensors) for source in sources]
    parts = [part for part in parts if part]
    if not parts:
        return FoundPlant()
    alike = [part for part in parts if _kind(part) == _kind(parts[0])]
    data: dict[str, Any] = {}
    for part in alike:
        for key, value in part.items():
            data[key] = (
                [*data.get(key, []), *value] if isinstance(value, list) else value
            )
    capacities = [float(one["capacity"]) for one in sources if one.get("capacity")]
    if capacities:
        data[CONF_BATTERY_CAPACITY] = sum(capacities)
    names = dict.fromkeys(
        _name(hass, [value[0] for value in part.values() if isinstance(value, list)])
        for part in alike
    )
    return FoundPlant(names=tuple(names), data=data)


def _kind(part: Mapping[str, Any]) -> tuple[bool, object]:
    return CONF_BATTERY_POWER in part, part.get(CONF_BATTERY_INVERTED)


def _battery_part(
    hass: HomeAssistant, source: _Source, sensors: Sequence[FoundSensor]
) -> dict[str, Any]:
    """Return power and charge level of one battery; empty where its power isn't known."""
    config: Mapping[str, str] = source.get("power_config") or {}
    soc = _entity(source.get("stat_soc"))
    level = {CONF_BATTERY_SOC: [soc]} if soc else {}
    out, into = (_entity(config.get(key)) for key in ("stat_rate_from", "stat_rate_to"))
    if out and into:
        return {CONF_BATTERY_DISCHARGE: [out], CONF_BATTERY_CHARGE: [into]} | level
    turned = _entity(config.get("stat_rate_inverted"))
    power = (
        turned or _entity(config.get("stat_rate")) or _entity(source.get("stat_rate"))
    )
    if power:
        inverted = turned is not None
        return {CONF_BATTERY_POWER: [power], CONF_BATTERY_INVERTED: inverted} | level
    own = _of_same_owner(hass, source.get("stat_energy_from"), sensors)
    found = find_battery(hass, own).data
    return {**found, **level} if found else {}


def _of_same_owner(
    hass: HomeAssistant, statistic_id: str | None, sensors: Sequence[FoundSensor]
) -> list[FoundSensor]:
    """Return the sensors of the device and the integration whose energy a statistic counts."""
    entity_id = _entity(statistic_id)
    entry = er.async_get(hass).async_get(entity_id) if entity_id else None
    if entry is None:
        return []
    device_id, entry_id = entry.device_id or "", entry.config_entry_id or ""
    return [
        one for one in sensors if device_id == one.device_id or entry_id == one.entry_id
    ]
