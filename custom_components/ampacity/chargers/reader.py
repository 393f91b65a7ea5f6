"""What a charger and its sensors say at one moment."""

from datetime import datetime

from homeassistant.core import HomeAssistant

from ..engine.model import ChargerReading, ChargerStatus, Fault, Reading
from ..sources.reading import Quantity, read, read_optional
from .config import ChargerConfig
from .phases import read_phases

TAKING_W = 200.0
"""More power than the charger's own electronics use."""
TAKING_A = 1.0


def read_charger(
    hass: HomeAssistant, config: ChargerConfig, now: datetime
) -> ChargerReading:
    """Return what a charger and its sensors say at ``now`` (aware).

    The offered current is that of its own sensor, else of the limit lever. A charger whose levers
    cannot be reached is ``offline``, unless it says itself that there is nothing to command: many
    hide their levers while no car is plugged in.
    """
    power_w = read_optional(hass, config.power_sensor, Quantity.POWER, now)
    current_a = _currents(hass, config, now)
    offered_a = config.read_offered(hass, now) or config.limit.read_back(hass, now)
    enabled = config.start_stop.enabled(hass, offered_a)
    if config.tells_what_flows:
        is_taking = _is_taking(power_w, current_a)
    else:
        # A charger that tells nothing is taken to charge: its load must not be anybody's guess.
        is_taking = enabled is not False
    status = config.status.read(hass, is_taking=is_taking, enabled=enabled)
    if status.is_controllable and not _is_reachable(hass, config):
        status = ChargerStatus.OFFLINE
    return ChargerReading(
        status=status,
        offered_a=offered_a,
        enabled=enabled,
        power_w=power_w,
        current_a=current_a,
        energy_wh=read_optional(hass, config.energy_sensor, Quantity.ENERGY, now),
        soc=read_optional(hass, config.soc_sensor, Quantity.PERCENT, now),
        phases=read_phases(hass, config.phase_lever, config.phases_sensor),
    )


def _currents(
    hass: HomeAssistant, config: ChargerConfig, now: datetime
) -> tuple[Reading, ...]:
    """Return the current of each phase; a phase without a sensor is a fault where others have."""
    if not any(config.current_sensors):
        return ()
    return tuple(
        read(hass, entity_id, Quantity.CURRENT, now)
        if entity_id
        else Reading(fault=Fault.MISSING)
        for entity_id in config.current_sensors
    )


def _is_taking(power_w: Reading | None, current_a: tuple[Reading, ...]) -> bool:
    if power_w is not None and power_w.ok and abs(power_w.value) > TAKING_W:
        return True
    return any(current.ok and abs(current.value) > TAKING_A for current in current_a)


def _is_reachable(hass: HomeAssistant, config: ChargerConfig) -> bool:
    return config.limit.is_reachable(hass) and config.start_stop.is_reachable(hass)
