"""The home battery: one or several, their powers added up and their charge levels averaged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import (
    CONF_BATTERY_CHARGE,
    CONF_BATTERY_DISCHARGE,
    CONF_BATTERY_INVERTED,
    CONF_BATTERY_POWER,
    CONF_BATTERY_SOC,
)
from ..engine.model import BatteryReading, Reading
from .reading import Quantity, combine, read


@dataclass(frozen=True, slots=True, kw_only=True)
class BatterySource:
    """The sensors of a home battery: power with a sign, or charging and discharging apart."""

    power: tuple[str, ...] = ()
    inverted: bool = False
    """The signed sensors count charging as plus."""
    charge: tuple[str, ...] = ()
    discharge: tuple[str, ...] = ()
    soc: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, data: Mapping[str, Any]) -> BatterySource:
        """Return the source that a site's configuration describes."""
        return cls(
            power=_entities(data, CONF_BATTERY_POWER),
            inverted=bool(data.get(CONF_BATTERY_INVERTED)),
            charge=_entities(data, CONF_BATTERY_CHARGE),
            discharge=_entities(data, CONF_BATTERY_DISCHARGE),
            soc=_entities(data, CONF_BATTERY_SOC),
        )

    @property
    def is_configured(self) -> bool:
        """Whether the site has a battery."""
        return bool(self.power or (self.charge and self.discharge))

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities that are read."""
        return (*self.power, *self.charge, *self.discharge, *self.soc)

    def read(self, hass: HomeAssistant, now: datetime) -> BatteryReading | None:
        """Return power, plus while discharging, and charge level; None without a battery.

        A fault of any sensor is that of the sum or of the mean.
        """
        if not self.is_configured:
            return None
        return BatteryReading(
            power_w=self._power_w(hass, now),
            soc=self._soc(hass, now) if self.soc else None,
        )

    def _power_w(self, hass: HomeAssistant, now: datetime) -> Reading:
        if self.power:
            sign = -1.0 if self.inverted else 1.0
            parts = _read(hass, self.power, Quantity.POWER, now)
            return combine(parts, lambda *powers: sign * sum(powers))
        count = len(self.discharge)
        entity_ids = (*self.discharge, *self.charge)
        return combine(
            _read(hass, entity_ids, Quantity.POWER, now),
            lambda *powers: (
                sum(map(abs, powers[:count])) - sum(map(abs, powers[count:]))
            ),
        )

    def _soc(self, hass: HomeAssistant, now: datetime) -> Reading:
        parts = _read(hass, self.soc, Quantity.PERCENT, now)
        return combine(parts, lambda *socs: sum(socs) / len(socs))


def _entities(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(data.get(key) or ()))


def _read(
    hass: HomeAssistant, entity_ids: Iterable[str], quantity: Quantity, now: datetime
) -> list[Reading]:
    return [read(hass, entity_id, quantity, now) for entity_id in entity_ids]
