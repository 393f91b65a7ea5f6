"""What a user sets through entities, and how it makes the engine's site."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
import math
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .chargers.config import ChargerConfig
from .chargers.limit import Steps
from .circuits import CircuitConfig, engine_circuits, known_circuit
from .const import (
    CONF_BATTERY_CAPACITY,
    CONF_BATTERY_HOLD,
    CONF_BUFFER_SOC,
    CONF_CHEAP_BELOW,
    CONF_CHEAPEST_HOURS,
    CONF_FEED_IN_PRICE,
    CONF_FEEDS_CARS,
    CONF_FUSE_MARGIN,
    CONF_IMBALANCE,
    CONF_IMPORT_PRICE,
    CONF_MAIN_FUSE,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_PHASES,
    CONF_POWER_LIMIT,
    CONF_RAISE_DELAY,
    CONF_RESUME_DELAY,
    CONF_START_DELAY,
    CONF_STOP_DELAY,
    CONF_VOLTAGE,
    DOMAIN,
)
from .engine.model import (
    MIN_CURRENT_A,
    NOMINAL_VOLTAGE_V,
    Battery,
    BatteryStrategy,
    Charger,
    Circuit,
    Mode,
    Site,
)
from .grid_rules import operator_rule, peak_tariff
from .sources.battery import BatterySource
from .sources.off_peak import OffPeakSource
from .vehicles import VehicleConfig, engine_vehicles

_OPTIONS: Mapping[str, tuple[str, float]] = {
    CONF_FUSE_MARGIN: ("fuse_margin", 0.01),
    CONF_START_DELAY: ("start_delay_s", 1.0),
    CONF_STOP_DELAY: ("stop_delay_s", 1.0),
    CONF_RAISE_DELAY: ("raise_delay_s", 1.0),
    CONF_RESUME_DELAY: ("resume_delay_s", 1.0),
    CONF_IMPORT_PRICE: ("import_price", 1.0),
    CONF_FEED_IN_PRICE: ("feed_in_price", 1.0),
    CONF_CHEAP_BELOW: ("cheap_below", 1.0),
    CONF_CHEAPEST_HOURS: ("cheapest_hours", 1.0),
    CONF_IMBALANCE: ("imbalance_w", 1000.0),
}
"""Option -> field of the engine's site, and the factor between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerSettings:
    """What a user wishes of one charger, inside what its hardware can."""

    mode: Mode = Mode.SOLAR
    min_a: float = MIN_CURRENT_A
    max_a: float = 16.0
    priority: int = 2
    price_limit: float = 0.0
    """Currency per kWh below which hours count as cheap; 0 for no limit of its own."""
    target_soc: float = 0.0
    """Percent to which it charges; 0 for the target of the car."""
    target_energy_wh: float = 0.0
    """To be charged in a session at most; 0 for no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """What a user wishes of a site and its chargers, by charger id."""

    export_margin_w: float = 100.0
    charging_enabled: bool = True
    battery_priority_soc: float = 0.0
    battery_strategy: BatteryStrategy = BatteryStrategy.CAR_FIRST
    chargers: Mapping[str, ChargerSettings] = field(default_factory=dict)

    def with_charger(self, charger_id: str, **changes: Mode | float) -> SiteSettings:
        """Return the settings with some of a charger's changed.

        Raises ServiceValidationError where the minimum current would exceed the maximum.
        """
        charger = replace(self.chargers[charger_id], **changes)  # type: ignore[arg-type]
        if charger.min_a > charger.max_a:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="min_above_max",
                translation_placeholders={
                    "min": f"{charger.min_a:g}",
                    "max": f"{charger.max_a:g}",
                },
            )
        return replace(self, chargers={**self.chargers, charger_id: charger})


def hardware_range(data: Mapping[str, Any]) -> tuple[float, float]:
    """Return the lowest and highest current in A of a charger's configuration."""
    default = ChargerSettings()
    lowest_a = float(data.get(CONF_MIN_CURRENT, default.min_a))
    return lowest_a, max(lowest_a, float(data.get(CONF_MAX_CURRENT, default.max_a)))


def charger_settings(
    data: Mapping[str, Any], stored: Mapping[str, Any]
) -> ChargerSettings:
    """Return a charger's settings: what was stored, inside what its hardware can.

    ``data`` is the charger's configuration, ``stored`` what :func:`stored_charger` made. What
    makes no sense is replaced by its default.
    """
    lowest_a, highest_a = hardware_range(data)
    min_a = _number(stored.get("min_a"), lowest_a)
    min_a = min(max(min_a, lowest_a), highest_a)
    max_a = _number(stored.get("max_a"), highest_a)
    return ChargerSettings(
        mode=_mode(stored.get("mode")),
        min_a=min_a,
        max_a=max(min(max_a, highest_a), min_a),
        priority=int(_number(stored.get("priority"), 2)),
        price_limit=max(0.0, _number(stored.get("price_limit"), 0.0)),
        target_soc=min(100.0, max(0.0, _number(stored.get("target_soc"), 0.0))),
        target_energy_wh=max(0.0, _number(stored.get("target_energy_wh"), 0.0)),
    )


def site_settings(
    stored: Mapping[str, Any], chargers: Mapping[str, ChargerSettings]
) -> SiteSettings:
    """Return a site's settings: what :func:`stored_site` made, defaults for what makes no sense."""
    default = SiteSettings()
    enabled = stored.get("charging_enabled")
    return SiteSettings(
        export_margin_w=_number(stored.get("export_margin_w"), default.export_margin_w),
        charging_enabled=enabled if isinstance(enabled, bool) else True,
        battery_priority_soc=_number(
            stored.get("battery_priority_soc"), default.battery_priority_soc
        ),
        battery_strategy=_strategy(stored.get("battery_strategy")),
        chargers=chargers,
    )


def stored_site(settings: SiteSettings) -> dict[str, Any]:
    """Return a site's own settings to be stored."""
    return {
        "export_margin_w": settings.export_margin_w,
        "charging_enabled": settings.charging_enabled,
        "battery_priority_soc": settings.battery_priority_soc,
        "battery_strategy": settings.battery_strategy.value,
    }


def _mode(value: object) -> Mode:
    return next((mode for mode in Mode if mode == value), Mode.SOLAR)


def _strategy(value: object) -> BatteryStrategy:
    default = BatteryStrategy.CAR_FIRST
    return next((one for one in BatteryStrategy if one == value), default)


def _number(value: object, default: float) -> float:
    """Return a finite number, the default for anything else."""
    if isinstance(value, (int, float)) and math.isfinite(value):
        return value
    return default


def stored_charger(
    data: Mapping[str, Any], settings: ChargerSettings
) -> dict[str, Any]:
    """Return a charger's settings to be stored.

    A current that is at the end of the hardware's range is left out, so that it follows when the
    range is configured anew.
    """
    lowest_a, highest_a = hardware_range(data)
    stored: dict[str, Any] = {
        "mode": settings.mode.value,
        "priority": settings.priority,
        "price_limit": settings.price_limit,
        "target_soc": settings.target_soc,
        "target_energy_wh": settings.target_energy_wh,
    }
    if settings.min_a != lowest_a:
        stored["min_a"] = settings.min_a
    if settings.max_a != highest_a:
        stored["max_a"] = settings.max_a
    return stored


def build_site(
    data: Mapping[str, Any],
    options: Mapping[str, Any],
    settings: SiteSettings,
    configs: Iterable[tuple[ChargerConfig, Steps]],
    circuits: Mapping[str, CircuitConfig] | None = None,
    vehicles: Mapping[str, VehicleConfig] | None = None,
) -> Site:
    """Return the engine's site from the entry's data and options and the user's settings.

    ``configs`` are the chargers, each with the currents that its limit can be set to; what hangs
    on a circuit that is not among ``circuits`` hangs on the main fuse.
    """
    known = engine_circuits(circuits or {})
    chargers = [
        config.engine_charger(settings.chargers[config.id], steps)
        for config, steps in configs
    ]
    tuned = {
        name: options[key] * factor
        for key, (name, factor) in _OPTIONS.items()
        if options.get(key) is not None
    }
    power_limit_kw = data.get(CONF_POWER_LIMIT)
    return Site(
        fuse_a=float(data[CONF_MAIN_FUSE]),
        phases=int(data.get(CONF_PHASES, 3)),
        voltage_v=float(data.get(CONF_VOLTAGE, NOMINAL_VOLTAGE_V)),
        power_limit_w=None if power_limit_kw is None else power_limit_kw * 1000.0,
        export_margin_w=settings.export_margin_w,
        charging_enabled=settings.charging_enabled,
        chargers=tuple(
            _as_chosen(charger, settings.chargers[charger.id], known)
            for charger in chargers
        ),
        circuits=known,
        vehicles=engine_vehicles(
            (vehicles or {}).values(), [charger.id for charger in chargers]
        ),
        battery=_battery(data, options, settings),
        peak=peak_tariff(options),
        operator=operator_rule(options, len(chargers)),
        time_zone=_time_zone(),
        off_peak_windows=OffPeakSource.from_config(data).windows,
        **tuned,
    )


def _as_chosen(
    charger: Charger, chosen: ChargerSettings, circuits: Sequence[Circuit]
) -> Charger:
    """Return a charger with what its user has set; 0 stands for no target and no limit."""
    return replace(
        charger,
        circuit_id=known_circuit(charger.circuit_id, circuits),
        price_limit=chosen.price_limit or None,
        target_soc=chosen.target_soc or None,
        target_energy_wh=chosen.target_energy_wh or None,
    )


def _time_zone() -> ZoneInfo:
    """Return the time zone of the installation."""
    zone = dt_util.get_default_time_zone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


def _battery(
    data: Mapping[str, Any], options: Mapping[str, Any], settings: SiteSettings
) -> Battery | None:
    if not BatterySource.from_config(data).is_configured:
        return None
    default = Battery()
    capacity_kwh: float | None = data.get(CONF_BATTERY_CAPACITY)
    return Battery(
        priority_soc=settings.battery_priority_soc,
        buffer_soc=options.get(CONF_BUFFER_SOC, default.buffer_soc),
        strategy=settings.battery_strategy,
        feeds_cars=options.get(CONF_FEEDS_CARS, default.feeds_cars),
        can_hold=CONF_BATTERY_HOLD in data,
        capacity_wh=1000.0 * capacity_kwh if capacity_kwh else default.capacity_wh,
    )
