"""The grid meter, from whatever entities it has.

Any of these may be given, any of them together; what is best known is used:

* Total: one signed power; else import less export, both counted as plus; else the sum of the
  phases' powers. The first of them that can be read counts, so one may stand in for another.
  A meter with nothing but signed currents has the total that they make with the voltage.
* Current of a phase: its sensor; else its power over its voltage, which misses reactive current;
  on a single-phase site also the total over the voltage. Signs: see :mod:`.phases`.
* Voltage: measured where the sensor makes sense, else the site's nominal one. Its age does not
  count: an old voltage is at worst a tenth off.

``grid_inverted`` is for meters that count export as plus: it turns the total power, the phases'
powers and signed currents.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
import operator
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
    CONF_PHASES,
    CONF_VOLTAGE,
)
from ..engine.model import NOMINAL_VOLTAGE_V, GridReading, Reading
from .phases import PhaseSensors, phase_currents, total_of_currents
from .reading import Quantity, combine, read_optional

PLAUSIBLE_VOLTAGE = (0.5, 1.5)
"""Share of the nominal voltage within which a measured one is used."""

type _Phases = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSource:
    """The entities of the grid meter; of what is per phase, one for each, None where missing."""

    phases: int
    nominal_v: float
    inverted: bool
    power: str | None
    import_power: str | None
    export_power: str | None
    phase_powers: _Phases
    phase_currents: _Phases
    phase_voltages: _Phases

    @classmethod
    def from_config(cls, data: Mapping[str, Any]) -> GridSource:
        """Return the source that a site's configuration describes."""
        phases = int(data.get(CONF_PHASES, 3))

        def of_phases(keys: tuple[str, ...]) -> _Phases:
            return tuple(data.get(key) or None for key in keys[:phases])

        return cls(
            phases=phases,
            nominal_v=float(data.get(CONF_VOLTAGE) or NOMINAL_VOLTAGE_V),
            inverted=bool(data.get(CONF_GRID_INVERTED, False)),
            power=data.get(CONF_GRID_POWER) or None,
            import_power=data.get(CONF_GRID_IMPORT) or None,
            export_power=data.get(CONF_GRID_EXPORT) or None,
            phase_powers=of_phases(CONF_GRID_POWER_PHASES),
            phase_currents=of_phases(CONF_GRID_CURRENT_PHASES),
            phase_voltages=of_phases(CONF_GRID_VOLTAGE_PHASES),
        )

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities that are read, each once."""
        entity_ids = (
            self.power,
            self.import_power,
            self.export_power,
            *self.phase_powers,
            *self.phase_currents,
            *self.phase_voltages,
        )
        return tuple(dict.fromkeys(filter(None, entity_ids)))

    def read(self, hass: HomeAssistant, now: datetime) -> GridReading:
        """Return what the meter shows at ``now`` (aware), in the engine's signs."""
        voltages_v = self._voltages_v(hass, now)
        sensors = self._sensors(hass, voltages_v, now)
        total = self._total(hass, sensors, now)
        currents = phase_currents(sensors, total, inverted=self.inverted)
        return GridReading(
            power_w=total or total_of_currents(sensors, currents),
            current_a=currents,
            voltage_v=() if None in voltages_v else _known(voltages_v),
        )

    def _voltages_v(
        self, hass: HomeAssistant, now: datetime
    ) -> tuple[float | None, ...]:
        """Return the measured voltage of each phase, None where there is no plausible one."""
        low_v, high_v = (share * self.nominal_v for share in PLAUSIBLE_VOLTAGE)
        readings = [
            read_optional(hass, entity_id, Quantity.VOLTAGE, now)
            for entity_id in self.phase_voltages
        ]
        return tuple(
            reading.value
            if reading and reading.ok and low_v <= reading.value <= high_v
            else None
            for reading in readings
        )

    def _sensors(
        self,
        hass: HomeAssistant,
        voltages_v: tuple[float | None, ...],
        now: datetime,
    ) -> tuple[PhaseSensors, ...]:
        """Return what the meter measures on each phase."""
        return tuple(
            PhaseSensors(
                current_a=read_optional(hass, current, Quantity.CURRENT, now),
                power_w=self._signed(hass, power, now),
                voltage_v=voltage_v or self.nominal_v,
            )
            for current, power, voltage_v in zip(
                self.phase_currents, self.phase_powers, voltages_v, strict=True
            )
        )

    def _total(
        self, hass: HomeAssistant, sensors: tuple[PhaseSensors, ...], now: datetime
    ) -> Reading | None:
        """Return the first total that can be read, else the first that should be there."""
        totals = [self._signed(hass, self.power, now), self._pair(hass, now)]
        powers = [sensor.power_w for sensor in sensors]
        if None not in powers:
            totals.append(combine(_known(powers), lambda *parts: sum(parts)))
        known = _known(totals)
        return next((total for total in known if total.ok), next(iter(known), None))

    def _pair(self, hass: HomeAssistant, now: datetime) -> Reading | None:
        """Return import less export, where the meter has a sensor for each."""
        imported = read_optional(hass, self.import_power, Quantity.POWER, now)
        exported = read_optional(hass, self.export_power, Quantity.POWER, now)
        if imported is None or exported is None:
            return None
        return combine((imported, exported), operator.sub)

    def _signed(
        self, hass: HomeAssistant, entity_id: str | None, now: datetime
    ) -> Reading | None:
        """Return a signed power, import as plus."""
        power = read_optional(hass, entity_id, Quantity.POWER, now)
        if power is None or not self.inverted:
            return power
        return combine((power,), operator.neg)


def _known[T](values: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(value for value in values if value is not None)
