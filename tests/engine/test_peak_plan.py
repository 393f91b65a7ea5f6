"""What a peak tariff shows, costs, and tells the planner."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

import pytest

from custom_components.ampacity.engine.model import GridReading
from custom_components.ampacity.engine.outlook import Outlook
from custom_components.ampacity.engine.peak import (
    LAST_S,
    cost_of,
    peak_term,
    peak_view,
    price_per_w,
)
from custom_components.ampacity.engine.state import EngineState
from custom_components.ampacity.engine.tariffs import PeakMemory, PeakTariff

from .driver import NOON
from .test_peak import BELGIUM, NIGHT, NORWAY, WINTER_DAYS, at, belgian, site


def test_view() -> None:
    """What a person sees of the month and of the running window."""
    driver = belgian(price_per_kw=4.0)
    driver.run(450)
    view = peak_view(driver.site, driver.state, driver.snapshot().grid, driver.now)
    assert view is not None
    assert view.counted_w == 7000.0
    assert view.allowed_w == 7000.0
    assert view.cost == pytest.approx(28.0)
    assert view.until == NOON + timedelta(seconds=900)
    assert view.mean_w is not None
    assert view.projected_w is not None
    assert view.mean_w < view.projected_w <= 7000.0
    assert peak_view(site(None), EngineState(), GridReading(), NOON) is None
    fresh = peak_view(site(BELGIUM), EngineState(), GridReading(), NOON)
    assert fresh is not None
    assert (fresh.counted_w, fresh.mean_w, fresh.cost) == (2500.0, None, None)


@pytest.mark.parametrize(
    ("tariff", "peak_w", "expected"),
    [
        (replace(BELGIUM, price_per_kw=4.0), 2500.0, 0.004),
        (replace(NIGHT, price_per_kw=81.0), 2500.0, 0.027),
        (NORWAY, 1000.0, 100.0 / 3000.0 / 3.0),
        (NORWAY, 3000.0, 150.0 / 5000.0 / 3.0),
        (BELGIUM, 2500.0, 0.1),
    ],
)
def test_price_of_a_watt(tariff: PeakTariff, peak_w: float, expected: float) -> None:
    """Each of three counts for a third; steps are spread over their width."""
    assert price_per_w(tariff, peak_w) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tariff", "cost"),
    [(NORWAY, 300.0), (replace(NORWAY, step_prices=()), None), (BELGIUM, None)],
)
def test_cost(tariff: PeakTariff, cost: float | None) -> None:
    """The price of the step; none where prices are not known."""
    assert cost_of(tariff, 4999.0) == cost
    if cost is not None:
        assert cost_of(tariff, 50_000.0) == 450.0


def outlook(start: datetime, slots: int) -> Outlook:
    """Return an outlook of so many slots."""
    flat = (0.0,) * slots
    return Outlook(
        start=start,
        import_price=flat,
        feed_in_price=flat,
        solar_w=flat,
        solar_low_w=flat,
        house_w=flat,
        house_high_w=flat,
    )


def test_term_for_a_plan() -> None:
    """Free means per slot, over hours that do not count and into the next month."""
    tariff = replace(WINTER_DAYS, window_s=3600.0, floor_w=2000.0, price_per_kw=60.0)
    place = site(tariff)
    state = EngineState(peak=PeakMemory(month="2026-11", peaks=(("a", 5000.0),)))
    start = at("2026-11-30T19:30")
    term = peak_term(place, state, outlook(start, 52), start)
    assert term is not None
    assert (term.window_slots, term.offset) == (4, 2)
    assert term.free_w[:2] == (5000.0, 5000.0)
    assert set(term.free_w[2:46]) == {inf}
    assert set(term.free_w[46:]) == {2000.0}
    assert term.price_per_w == pytest.approx(0.06)
    assert peak_term(site(None), state, outlook(start, 4), start) is None


def test_term_of_the_running_window() -> None:
    """What the window has used already is not there for its remaining slots."""
    place = site(replace(NIGHT, reduced_share=1.0, rank=1))
    start = at("2026-11-20T10:00")
    memory = PeakMemory(
        month="2026-11",
        peaks=(("a", 4000.0),),
        window_start=start,
        imported_wh=3000.0,
        measured_s=1800.0,
    )
    now = start + timedelta(minutes=30)
    term = peak_term(place, EngineState(peak=memory), outlook(now, 4), now)
    assert term is not None
    assert term.free_w == pytest.approx((2000.0, 2000.0, 4000.0, 4000.0))
    late = start + timedelta(minutes=59, seconds=55)
    term = peak_term(place, EngineState(peak=memory), outlook(now, 4), late)
    assert term is not None
    assert term.free_w[0] == max(0.0, 4000.0 - 1000.0 * 3600.0 / LAST_S)
