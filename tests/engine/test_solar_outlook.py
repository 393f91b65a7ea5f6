"""Tests of what the sun is expected to give: several plants, corrected, and without a forecast."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.ampacity.engine.forecast import Span, spans_of
from custom_components.ampacity.engine.solar_learning import (
    SolarMemory,
    remember_forecast,
    remember_measured,
)
from custom_components.ampacity.engine.solar_outlook import solar_day_wh, solar_outlook

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
NOW = datetime(2026, 5, 20, 6, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 19, 22, tzinfo=UTC)
ROOF = spans_of(
    {MIDNIGHT + n * HOUR: 1000.0 for d in (0, 24) for n in range(d + 6, d + 20)}
)
SHED = spans_of(
    {MIDNIGHT + n * HOUR: 200.0 for d in (0, 24) for n in range(d + 6, d + 20)}
)


def half_delivered() -> SolarMemory:
    """Return the memory of three weeks on which every hour gave half of its forecast."""
    memory = SolarMemory()
    for day in range(21, 0, -1):
        begin = MIDNIGHT - timedelta(days=day)
        spans = spans_of({begin + n * HOUR: 1000.0 for n in range(6, 20)})
        memory = remember_forecast(memory, [spans], begin - HOUR, BERLIN)
        hours = [(begin + n * HOUR, 500.0 * (6 <= n < 20)) for n in range(24)]
        memory = remember_measured(memory, hours, BERLIN)
    return memory


def test_plants_add_up() -> None:
    """Two plants give together what they give alone."""
    outlook = solar_outlook([ROOF, SHED], SolarMemory(), NOW, 192, BERLIN)
    assert outlook.expected_w[0] == pytest.approx(1200.0)
    assert outlook.low_w[0] == pytest.approx(600.0)
    assert solar_day_wh([ROOF, SHED], SolarMemory(), NOW, BERLIN) == pytest.approx(
        14 * 1200.0
    )


def test_corrected_by_what_was_delivered() -> None:
    """Half of the forecast was delivered so far, so half is expected."""
    memory = half_delivered()
    outlook = solar_outlook([ROOF], memory, NOW, 96, BERLIN)
    assert outlook.expected_w[0] == pytest.approx(500.0, rel=0.06)
    assert outlook.low_w[0] == pytest.approx(500.0, rel=0.06)
    assert solar_day_wh([ROOF], memory, NOW, BERLIN) == pytest.approx(7000.0, rel=0.06)
    plain = solar_outlook([ROOF], memory, NOW, 96, BERLIN, corrected=False)
    assert plain.expected_w[0] == pytest.approx(1000.0)
    assert solar_day_wh([ROOF], memory, NOW, BERLIN, corrected=False) == 14000.0


def test_low_as_the_source_says() -> None:
    """Where the source tells what is sure, that counts instead of a share."""
    told = (Span(start=NOW, end=NOW + HOUR, energy_wh=1000.0, low_wh=300.0),)
    outlook = solar_outlook([told], SolarMemory(), NOW, 4, BERLIN)
    assert outlook.low_w == pytest.approx((300.0,) * 4)


def test_after_the_last_day_the_usual_one() -> None:
    """The third day is in no forecast: it is expected to be as the days before."""
    outlook = solar_outlook([ROOF], half_delivered(), NOW, 288, BERLIN)
    noon = int((MIDNIGHT + 60 * HOUR - NOW) / HOUR * 4)
    assert outlook.expected_w[noon] == pytest.approx(500.0)
    assert outlook.expected_w[noon - 96] == pytest.approx(500.0, rel=0.06)
    night = int((MIDNIGHT + 50 * HOUR - NOW) / HOUR * 4)
    assert outlook.expected_w[night] == 0.0


@pytest.mark.parametrize("plants", [[], [()], [ROOF, ()]])
def test_no_forecast(plants: list[tuple[Span, ...]]) -> None:
    """Without any forecast, or with one of two missing, the usual day counts; or nothing."""
    outlook = solar_outlook(plants, half_delivered(), NOW, 192, BERLIN)
    assert outlook.expected_w[0] == pytest.approx(500.0)
    nothing = solar_outlook(plants, SolarMemory(), NOW, 192, BERLIN)
    assert nothing.expected_w == nothing.low_w == (0.0,) * 192
    assert solar_day_wh(plants, SolarMemory(), NOW, BERLIN) is None


def test_an_old_forecast_says_nothing_of_today() -> None:
    """A source that stopped yesterday leaves today unknown."""
    old = spans_of({MIDNIGHT - n * HOUR: 1000.0 for n in range(4, 18)})
    assert solar_day_wh([old], SolarMemory(), NOW, BERLIN) is None


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_of_the_clock(day: str, hours: int) -> None:
    """A day of 23 or 25 hours has as many hours of energy."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=BERLIN).astimezone(UTC)
    spans = spans_of({midnight + n * HOUR: 100.0 for n in range(-5, 30)})
    total_wh = solar_day_wh([spans], SolarMemory(), midnight + 12 * HOUR, BERLIN)
    assert total_wh == pytest.approx(hours * 100.0)
