"""Sun, clouds and inverter."""

from array import array
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from simulation.clouds import Clouds, CloudsConfig
from simulation.pv import ClearSkyConfig, SeriesPvConfig, clear_sky_w_m2, pv_plant
from simulation.series import Series

MIDSUMMER = datetime(2026, 6, 21, tzinfo=UTC)


def _day_w(config: ClearSkyConfig, start: datetime, step_s: int = 300) -> list[float]:
    """Return the power over a day."""
    plant = pv_plant(config, start, Random(1))
    return [plant.power_w(float(t_s)) for t_s in range(0, 86_400, step_s)]


@pytest.mark.parametrize(
    ("month", "kwh_per_kwp"), [(6, (5.5, 8.5)), (3, (4.5, 7.0)), (12, (1.5, 4.0))]
)
def test_clear_day_yields_what_the_season_gives(
    month: int, kwh_per_kwp: tuple[float, float]
) -> None:
    """Per kWp at 50° north, 35° south."""
    day = _day_w(ClearSkyConfig(peak_w=1000.0), datetime(2026, month, 21, tzinfo=UTC))
    assert kwh_per_kwp[0] < sum(day) / 12 / 1000 < kwh_per_kwp[1]
    assert day[0] == 0


def test_noon_is_the_highest_point() -> None:
    """At 8° east it is at 11:28 UTC."""
    day = _day_w(ClearSkyConfig(), MIDSUMMER)
    assert day.index(max(day)) * 300 / 3600 == pytest.approx(11.47, abs=0.1)


def test_start_in_another_zone_is_the_same_sun() -> None:
    """The wall clock's zone does not move the sun."""
    local = datetime.fromisoformat("2026-06-21T02:00:00+02:00")
    assert _day_w(ClearSkyConfig(), local) == _day_w(ClearSkyConfig(), MIDSUMMER)


def test_inverter_limits() -> None:
    """The plant never feeds more than its inverter can."""
    assert max(_day_w(ClearSkyConfig(inverter_limit_w=5000.0), MIDSUMMER)) == 5000.0


def test_fixed_sun_stands_still() -> None:
    """For the endless noon of the demo."""
    noon = MIDSUMMER + timedelta(hours=11.5)
    day = _day_w(ClearSkyConfig(fixed_at=noon), datetime(2026, 1, 1, tzinfo=UTC))
    assert min(day) == max(day) > 7000


@pytest.mark.parametrize("latitude_deg", [-40.0, 0.0, 40.0, 65.0])
def test_irradiance_is_plausible_everywhere(latitude_deg: float) -> None:
    """Never negative, never above the sun's own."""
    for hour in range(24 * 365):
        value = clear_sky_w_m2(
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour),
            latitude_deg=latitude_deg,
            longitude_deg=0.0,
            tilt_deg=30.0,
        )
        assert 0 <= value < 1200


def test_clouds_come_and_go_as_configured() -> None:
    """Gaps, lengths and depths inside their ranges."""
    config = CloudsConfig()
    clouds = Clouds(config, Random(5))
    shaded = [clouds.transmission(t_s / 10) for t_s in range(36_000)]
    assert min(shaded) >= 1 - config.shade[1]
    runs: list[tuple[bool, int]] = []
    for value in shaded:
        cloudy = value < 1
        if runs and runs[-1][0] == cloudy:
            runs[-1] = (cloudy, runs[-1][1] + 1)
        else:
            runs.append((cloudy, 1))
    lengths = [count / 10 for cloudy, count in runs[1:-1] if cloudy]
    gaps = [count / 10 for cloudy, count in runs[1:-1] if not cloudy]
    assert len(lengths) > 25
    assert 14.8 <= min(lengths) <= max(lengths) <= 40.2
    assert 39.8 <= min(gaps) <= max(gaps) <= 90.2
    steps = [abs(b - a) for a, b in pairwise(shaded)]
    assert max(steps) < 0.8 / 3 / 10 + 1e-9


def test_hidden_clouds_keep_the_weather_of_the_seed() -> None:
    """Switching clouds off for a while does not shift those that come later."""
    seen, hidden = Clouds(CloudsConfig(), Random(5)), Clouds(CloudsConfig(), Random(5))
    for t_s in range(3600):
        hidden.enabled = not 600 <= t_s < 1800
        if hidden.enabled:
            assert hidden.transmission(t_s) == seen.transmission(t_s)
        else:
            assert hidden.transmission(t_s) == 1.0
            seen.transmission(t_s)


def test_series_plant() -> None:
    """Follows its data up to the inverter's limit."""
    series = Series(
        values=array("d", [0.0, 4000.0, 8000.0]), period_s=60.0, linear=True
    )
    config = SeriesPvConfig(power_w=series, inverter_limit_w=5000.0)
    plant = pv_plant(config, MIDSUMMER, Random(1))
    powers = [plant.power_w(t_s) for t_s in (0.0, 30.0, 60.0, 120.0)]
    assert powers == [0.0, 2000.0, 4000.0, 5000.0]
