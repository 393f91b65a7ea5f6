"""The last moment at which charging below a peak has to begin."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.outlook import Outlook
from custom_components.ampacity.engine.planning.press import USED
from custom_components.ampacity.engine.tariffs import PeakTariff

from .scene import EVENING, alone, goal, outlook, schedule

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
AFTERNOON = datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
TARIFF = PeakTariff(floor_w=4500.0, price_per_kw=4.0)
FREE_W = 4200.0
"""Beside a house of 300 W."""
RESERVE_H = 0.174
"""What is kept back of the time for 20 kWh."""


def sunny(sun_w: float = 5000.0) -> Outlook:
    """Return an outlook with sun from 9 to 16, of which half is sure."""
    return outlook(solar_w=lambda at: sun_w * (9 <= at.hour < 16))


def press(energy_wh: float, expected: Outlook, ready_by: datetime = AFTERNOON) -> float:
    """Return how many hours before the deadline charging has to begin."""
    plan = alone(expected, goal(energy_wh, ready_by), site={"peak": TARIFF})
    assert plan.press_from is not None
    return (ready_by - plan.press_from).total_seconds() / 3600.0


@pytest.mark.parametrize(
    ("energy_wh", "sun_w", "expected"),
    [
        (20_000.0, 0.0, 20_000.0 / USED / FREE_W + RESERVE_H),
        (20_000.0, 5000.0, 20_000.0 / USED / (FREE_W + 2500.0) + RESERVE_H),
        # All of the day's sun, less the reserve of three times the energy, and a part of the night
        (60_000.0, 5000.0, 7.0 + (60_000.0 - 6700.0 * USED * 6.645) / USED / FREE_W),
    ],
)
def test_backwards_from_the_deadline(
    energy_wh: float, sun_w: float, expected: float
) -> None:
    """With what is free beside the house, and half of the sun that is expected."""
    assert press(energy_wh, sunny(sun_w)) == pytest.approx(expected, abs=0.05)


def test_none_without_a_tariff() -> None:
    """Where no peak costs nothing presses."""
    assert alone(sunny(), goal(20_000.0, AFTERNOON)).press_from is None


def test_hours_that_do_not_count_carry_all() -> None:
    """From 12 to 16 the charger may take what it can: 11 kWh in one hour."""
    night = PeakTariff(hours=(16, 12), floor_w=4500.0, price_per_kw=4.0)
    plan = alone(sunny(0.0), goal(20_000.0, AFTERNOON), site={"peak": night})
    assert plan.press_from is not None
    assert AFTERNOON - timedelta(hours=2.4) < plan.press_from


def test_too_little_for_the_minimum_is_no_room() -> None:
    """Below 6 A on three phases nothing can be charged: what the plan adds to the peak is needed."""
    low = PeakTariff(floor_w=2000.0, price_per_kw=4.0)
    made = schedule(sunny(0.0), [goal(20_000.0, AFTERNOON)], site={"peak": low})
    assert made.above_peak_w > 0.0
    start = made.plans["0"].press_from
    assert start is not None
    hours = 20_000.0 / USED / (2000.0 + made.above_peak_w - 300.0) + RESERVE_H
    assert abs(AFTERNOON - timedelta(hours=hours) - start) < timedelta(minutes=5)


def test_cars_share_what_is_free() -> None:
    """One that is due at noon leaves less to the one after it, which presses both."""
    both = schedule(
        sunny(0.0),
        [goal(10_000.0, NOON), goal(30_000.0, AFTERNOON)],
        site={"peak": TARIFF},
    )
    lone = alone(sunny(0.0), goal(10_000.0, NOON), site={"peak": TARIFF})
    first, second = (both.plans[key].press_from for key in "01")
    assert first is not None
    assert second is not None
    assert lone.press_from is not None
    assert first == second
    assert first < lone.press_from


@settings(deadline=None, max_examples=40)
@given(
    energy_wh=st.floats(500.0, 90_000.0),
    sun_w=st.floats(0.0, 9000.0),
    hour=st.integers(6, 23),
)
def test_what_is_left_from_then_on_suffices(
    energy_wh: float, sun_w: float, hour: int
) -> None:
    """Minute by minute: with the sun that is sure, from that moment, unless it is past already."""
    ready_by = datetime.combine(NOON.date(), time(hour), UTC)
    made = schedule(sunny(sun_w), [goal(energy_wh, ready_by)], site={"peak": TARIFF})
    start = made.plans["0"].press_from
    assert start is not None
    assert EVENING <= start < ready_by
    free_w = FREE_W + made.above_peak_w
    left_wh, moment = 0.0, start
    while moment < ready_by:
        sure_w = sun_w / 2.0 if 9 <= moment.hour < 16 else 0.0
        left_wh += min(11_040.0, free_w + sure_w) / 60.0
        moment += timedelta(minutes=1)
    assert left_wh >= energy_wh or start == EVENING
