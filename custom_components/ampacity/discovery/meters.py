"""Finds the meter of the grid connection among the sensors, with what it measures per phase."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import (
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_EXPORT,
    CONF_GRID_IMPORT,
    CONF_GRID_INVERTED,
    CONF_GRID_POWER,
    CONF_GRID_POWER_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
)
from ..sources.reading import Quantity
from .meter_profiles import METERS, OPEN_PLATFORMS, READERS
from .profiles import MeterProfile
from .sensors import FoundSensor, by_group, device_model, device_name, matching

_PHASE_KINDS = (
    (CONF_GRID_CURRENT_PHASES, "currents", Quantity.CURRENT),
    (CONF_GRID_POWER_PHASES, "powers", Quantity.POWER),
    (CONF_GRID_VOLTAGE_PHASES, "voltages", Quantity.VOLTAGE),
)
_CHARGER = re.compile("charg|wallbox|evse|vehicle|cable")
"""Marks of a device that has phases, too, and is no meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMeter:
    """A meter that may be the one of the grid connection."""

    id: str
    """Device or config entry, or the place in the Energy dashboard."""
    name: str
    data: Mapping[str, Any]
    """What the site's configuration would hold of it."""
    certain: bool = True
    """It is a meter of a grid connection, whatever else the house has."""
    from_energy: bool = False
    """The Energy dashboard names it."""
    disabled: tuple[str, ...] = ()
    """Sensors of currents that it has and that are disabled in Home Assistant."""

    @property
    def has_currents(self) -> bool:
        """Whether it measures the current of each of its phases."""
        return CONF_GRID_CURRENT_PHASES[0] in self.data

    @property
    def phases(self) -> int | None:
        """Phases that it knows, None where it only tells a total."""
        for fields, _, _ in _PHASE_KINDS:
            if fields[0] in self.data:
                return 3 if fields[2] in self.data else 1
        return None

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The sensors that it would be read from."""
        return tuple(value for value in self.data.values() if isinstance(value, str))


def find_meters(
    hass: HomeAssistant, sensors: Sequence[FoundSensor]
) -> tuple[FoundMeter, ...]:
    """Return the meters that are found among the sensors, the likeliest first."""
    found: dict[str, tuple[int, list[FoundMeter]]] = {}
    for number, profile in enumerate((*METERS, *_readers())):
        for owner, meter in _of_profile(hass, profile, sensors):
            rank, meters = found.setdefault(owner, (number, []))
            if rank == number:
                meters.append(meter)
    return tuple(sorted((m for _, meters in found.values() for m in meters), key=_rank))


def meter_of_device(
    hass: HomeAssistant, sensors: Iterable[FoundSensor], sensor: FoundSensor
) -> FoundMeter | None:
    """Return the meter to which a sensor belongs, None where it belongs to none that is known."""
    own = [one for one in sensors if one.entry_id == sensor.entry_id]
    meters = find_meters(hass, own)
    by_device = [one for one in meters if one.id in (sensor.device_id, sensor.entry_id)]
    return next(iter(by_device), None)


def _rank(meter: FoundMeter) -> tuple[bool, bool, bool, str, str]:
    whole = meter.phases == len(CONF_GRID_CURRENT_PHASES)
    has_total = {CONF_GRID_POWER, CONF_GRID_IMPORT} & meter.data.keys()
    currents = meter.has_currents and whole
    return not meter.certain, not currents, not has_total, meter.name, meter.id


def _readers() -> Iterator[MeterProfile]:
    yield from READERS


def _of_profile(
    hass: HomeAssistant, profile: MeterProfile, sensors: Sequence[FoundSensor]
) -> Iterator[tuple[str, FoundMeter]]:
    """Yield the meters that a profile fits, each with the config entry that they belong to."""
    platforms = (profile.platform,) if profile.platform else OPEN_PLATFORMS
    own = [sensor for sensor in sensors if sensor.platform in platforms]
    for group, members in by_group(own, of_entry=profile.of_entry):
        device_id = members[0].device_id
        if not re.search(profile.model, device_model(hass, device_id)):
            continue
        if not profile.platform and _is_charger(members):
            continue
        data, disabled = _sensors_of(profile, members)
        if not _tells_enough(profile, data):
            continue
        name = device_name(hass, device_id) or profile.platform
        owner = members[0].entry_id if profile.platform else group
        yield (
            owner or group,
            FoundMeter(
                id=group,
                name=name,
                data=data,
                certain=profile.certain,
                disabled=disabled,
            ),
        )


def _is_charger(members: Iterable[FoundSensor]) -> bool:
    return any(_CHARGER.search(mark) for member in members for mark in member.marks)


def _tells_enough(profile: MeterProfile, data: Mapping[str, Any]) -> bool:
    """Return whether the load can be known; a guess by plain words needs all phases as well."""
    if not profile.platform and not profile.certain:
        return CONF_GRID_POWER in data and CONF_GRID_CURRENT_PHASES[2] in data
    loads = {CONF_GRID_POWER, CONF_GRID_IMPORT, *CONF_GRID_POWER_PHASES}
    return bool(loads & data.keys())


def _sensors_of(
    profile: MeterProfile, members: Sequence[FoundSensor]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what a profile finds in a device, and the sensors of currents that are disabled."""
    data: dict[str, Any] = {CONF_GRID_INVERTED: profile.inverted}
    data |= _totals(profile, members)
    disabled: tuple[str, ...] = ()
    for fields, name, quantity in _PHASE_KINDS:
        key = getattr(profile, name)
        found = [
            next(iter(matching(members, profile.pattern(key, phase), quantity)), None)
            for phase in range(len(fields))
        ]
        known = [one for one in found if one is not None]
        enabled = [one.entity_id for one in known if one.enabled]
        if len(enabled) == len(fields) or (len(known) == 1 and found[0] and enabled):
            data |= dict(zip(fields, enabled, strict=False))
        elif quantity is Quantity.CURRENT and len(known) in (1, len(fields)):
            disabled = tuple(one.entity_id for one in known if not one.enabled)
    return data, disabled


def _totals(profile: MeterProfile, members: Sequence[FoundSensor]) -> dict[str, str]:
    """Return the signed power, else the pair of import and export, else import as the total."""

    def first(key: str | None) -> str | None:
        found = matching(members, profile.pattern(key), Quantity.POWER)
        return next((one.entity_id for one in found if one.enabled), None)

    if power := first(profile.power):
        return {CONF_GRID_POWER: power}
    imported, exported = first(profile.imported), first(profile.exported)
    if imported and exported:
        return {CONF_GRID_IMPORT: imported, CONF_GRID_EXPORT: exported}
    return {CONF_GRID_POWER: imported} if imported else {}
