"""The PV plant: clear sky with clouds, or a series, behind an inverter with a limit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, pow, radians, sin
from random import Random
from typing import Protocol

from .clouds import Clouds, CloudsConfig
from .series import Series

_KNOT_S = 60.0
_SOLAR_CONSTANT_W_M2 = 1353.0
_REFERENCE_W_M2 = 1000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearSkyConfig:
    """A plant that faces south, its place, and its clouds; None is a cloudless sky."""

    peak_w: float = 9000.0
    inverter_limit_w: float = 9000.0
    latitude_deg: float = 50.0
    longitude_deg: float = 8.0
    tilt_deg: float = 35.0
    efficiency: float = 0.92
    """What modules and inverter leave of the power at standard test conditions."""
    fixed_at: datetime | None = None
    """The sun stands where it stood at this moment; None lets it move."""
    clouds: CloudsConfig | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesPvConfig:
    """A plant that follows a series in W, with an optional inverter limit."""

    power_w: Series
    inverter_limit_w: float = float("inf")


class PvPlant(Protocol):
    """Anything that gives PV power."""

    clouds: Clouds | None

    def power_w(self, t_s: float) -> float:
        """Return the AC power at a time since the start; ask with times that don't go back."""


def pv_plant(
    config: ClearSkyConfig | SeriesPvConfig, start: datetime, random: Random
) -> PvPlant:
    """Return the plant that the configuration describes."""
    if isinstance(config, SeriesPvConfig):
        return SeriesPv(config)
    return ClearSkyPv(config, start, random)


class SeriesPv:
    """A plant that follows a series."""

    __slots__ = ("_config", "clouds")

    def __init__(self, config: SeriesPvConfig) -> None:
        """Follow the series; its clouds are in the data."""
        self._config = config
        self.clouds: Clouds | None = None

    def power_w(self, t_s: float) -> float:
        """Return the AC power at a time since the start."""
        return min(self._config.power_w.at(t_s), self._config.inverter_limit_w)


class ClearSkyPv:
    """A plant under a clear sky with clouds.

    The sun is computed once a minute, a straight line joins the minutes.
    """

    __slots__ = ("_config", "_knot", "_knot_w", "_next_w", "_start", "clouds")

    def __init__(self, config: ClearSkyConfig, start: datetime, random: Random) -> None:
        """Start under the sky of a moment."""
        self._config = config
        self._start = start.astimezone(UTC)
        self.clouds = Clouds(config.clouds, random) if config.clouds else None
        self._knot = -1
        self._knot_w = 0.0
        self._next_w = 0.0

    def power_w(self, t_s: float) -> float:
        """Return the AC power at a time since the start."""
        knot = int(t_s / _KNOT_S)
        if knot != self._knot:
            self._knot = knot
            self._knot_w = self._clear_w(knot * _KNOT_S)
            self._next_w = self._clear_w((knot + 1) * _KNOT_S)
        part = t_s / _KNOT_S - knot
        power_w = self._knot_w + (self._next_w - self._knot_w) * part
        if self.clouds:
            power_w *= self.clouds.transmission(t_s)
        return min(power_w, self._config.inverter_limit_w)

    def _clear_w(self, t_s: float) -> float:
        """Return the power under a clear sky, before the inverter's limit."""
        config = self._config
        at = config.fixed_at or self._start + timedelta(seconds=t_s)
        irradiance = clear_sky_w_m2(
            at,
            latitude_deg=config.latitude_deg,
            longitude_deg=config.longitude_deg,
            tilt_deg=config.tilt_deg,
        )
        return config.peak_w * config.efficiency * irradiance / _REFERENCE_W_M2


def clear_sky_w_m2(
    at: datetime, *, latitude_deg: float, longitude_deg: float, tilt_deg: float
) -> float:
    """Return the irradiance of a clear sky on a plane that faces south, in W/m².

    Direct beam by Meinel's air-mass formula (1353 · 0.7^(AM^0.678)) and 10 % of it as
    diffuse light. The equation of time is left out: the noon is up to 16 min off.
    """
    utc = at.astimezone(UTC)
    day = utc.timetuple().tm_yday
    solar_hour = utc.hour + utc.minute / 60 + utc.second / 3600 + longitude_deg / 15
    hour_angle = radians(15 * (solar_hour - 12))
    declination = radians(-23.44 * cos(radians(360 / 365 * (day + 10))))
    latitude, tilt = radians(latitude_deg), radians(tilt_deg)
    height = _sine_of_height(latitude, declination, hour_angle)
    if height <= 0:
        return 0.0
    air_mass = 1 / max(height, 0.02)
    beam = _SOLAR_CONSTANT_W_M2 * pow(0.7, pow(air_mass, 0.678))
    # The plane that faces south at latitude φ with tilt β sees the sun as flat ground does at φ - β.
    facing = max(0.0, _sine_of_height(latitude - tilt, declination, hour_angle))
    return beam * (facing + 0.1 * (1 + cos(tilt)) / 2)


def _sine_of_height(latitude: float, declination: float, hour_angle: float) -> float:
    """Return the sine of the sun's height over the horizon."""
    return sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(
        hour_angle
    )
