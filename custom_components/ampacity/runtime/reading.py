"""Everything measured, read at one moment; what fails to be read counts as missing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
import logging

from homeassistant.core import HomeAssistant

from ..chargers.commander import Commander
from ..chargers.config import ChargerConfig
from ..chargers.reader import read_charger
from ..engine.model import (
    BatteryReading,
    ChargerReading,
    ChargerStatus,
    Fault,
    GridReading,
    Reading,
    Snapshot,
    VehicleReading,
)
from ..engine.outlook import Outlook
from ..engine.tariffs import OperatorSignal
from ..sources import SiteSources

_LOGGER = logging.getLogger(__name__)

_NO_GRID = GridReading(power_w=Reading(fault=Fault.MISSING))
_NO_BATTERY: BatteryReading | None = BatteryReading(
    power_w=Reading(fault=Fault.MISSING)
)
_NO_OPERATOR: OperatorSignal | None = OperatorSignal(active=False, missing=True)
_NO_CHARGER = ChargerReading(status=ChargerStatus.OFFLINE)


class SnapshotReader:
    """Reads a site's sources and chargers; never raises."""

    def __init__(
        self,
        hass: HomeAssistant,
        sources: SiteSources,
        configs: Mapping[str, ChargerConfig],
        commanders: Mapping[str, Commander],
        outlook: Callable[[datetime], Outlook | None],
        failsafes: Mapping[str, float],
    ) -> None:
        """Read these sources and chargers, by charger id; ``outlook`` tells what is expected.

        ``failsafes`` are the currents in A to which chargers fall back by themselves.
        """
        self._outlook = outlook
        self._failsafes = failsafes
        self._hass = hass
        self.errors: dict[str, Exception] = {}
        """What went wrong in the newest reading, by what was read."""
        self.turn_to(sources, configs, commanders)

    def turn_to(
        self,
        sources: SiteSources,
        configs: Mapping[str, ChargerConfig],
        commanders: Mapping[str, Commander],
    ) -> None:
        """Read these sources and chargers from now on."""
        self._sources = sources
        self._configs = configs
        self._commanders = commanders

    def read(self, now: datetime) -> Snapshot:
        """Return everything measured; a reader that fails is logged once per streak."""
        before, self.errors = self.errors, {}
        hass, sources = self._hass, self._sources
        snapshot = Snapshot(
            grid=self._try("grid", lambda: sources.grid.read(hass, now), _NO_GRID),
            chargers={key: self._charger(key, now) for key in self._configs},
            solar_w=self._try("solar", lambda: sources.solar.read(hass, now), None),
            battery=self._try(
                "battery", lambda: sources.battery.read(hass, now), _NO_BATTERY
            ),
            off_peak=self._try(
                "off-peak", lambda: sources.off_peak.read(hass, now), None
            ),
            operator=self._try(
                "operator", lambda: sources.operator.read(hass, now), _NO_OPERATOR
            ),
            circuits={key: self._circuit(key, now) for key in sources.circuits},
            vehicles={key: self._vehicle(key, now) for key in sources.vehicles},
            outlook=self._try("outlook", lambda: self._outlook(now), None),
        )
        for what in self.errors.keys() - before.keys():
            _LOGGER.error("Could not read %s", what, exc_info=self.errors[what])
        return snapshot

    def _circuit(self, circuit_id: str, now: datetime) -> GridReading:
        meter = self._sources.circuits[circuit_id]
        return self._try(
            f"circuit {circuit_id}", lambda: meter.read(self._hass, now), _NO_GRID
        )

    def _vehicle(self, vehicle_id: str, now: datetime) -> VehicleReading:
        source = self._sources.vehicles[vehicle_id]
        return self._try(
            f"vehicle {vehicle_id}",
            lambda: source.read(self._hass, now),
            VehicleReading(),
        )

    def _charger(self, charger_id: str, now: datetime) -> ChargerReading:
        config = self._configs[charger_id]
        reading = self._try(
            f"charger {charger_id}",
            lambda: read_charger(self._hass, config, now),
            _NO_CHARGER,
        )
        return replace(
            reading,
            write_failed=self._commanders[charger_id].failed,
            failsafe_a=self._failsafes.get(charger_id),
        )

    def _try[T](self, what: str, read: Callable[[], T], fallback: T) -> T:
        try:
            return read()
        except Exception as err:  # noqa: BLE001
            self.errors[what] = err
            return fallback
