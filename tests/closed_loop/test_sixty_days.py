"""Days of 2023 with real prices and sessions, forecasts as wrong as real ones: promises are kept.

The days are four times fifteen, one block in each season; the fast sample is one pair of days.
"""

from collections.abc import Callable
from datetime import date

import pytest

from bench.account import Figures
from bench.jobs import BEST, Job, local_midnight, run
from bench.table import captured

SEASONS = (date(2023, 3, 6), date(2023, 6, 5), date(2023, 9, 4), date(2023, 11, 20))
OTHERS = ("at once", "night timer", BEST)
CASE = "both"
METER_S = 10.0


def replayed(
    starts: tuple[date, ...], days: int
) -> dict[tuple[str, str, float], Figures]:
    """Return the figures of the engine and of the others over all these days."""
    sums: dict[tuple[str, str, float], Figures] = {}
    for who in ("ampacity", *OTHERS):
        found = sums.setdefault((CASE, who, METER_S), Figures())
        for start in starts:
            job = Job(case=CASE, contender=who, start=local_midnight(start), days=days)
            found.add(run(job))
    return sums


def told(
    sums: dict[tuple[str, str, float], Figures],
    record_property: Callable[[str, object], None],
) -> Figures:
    """Print what all cost; return the figures of the engine."""
    for (case, who, meter_s), figures in sums.items():
        share = captured(case, who, meter_s, sums)
        record_property(who, round(figures.total, 2))
        print(  # noqa: T201
            f"{who}: {figures.total:.2f} for {figures.charged_wh / 1000.0:.1f} kWh in "
            f"{figures.visits} stays, captured {share}, missed {figures.missed}, "
            f"unmet {figures.unmet_wh / 1000.0:.2f} kWh"
        )
    return sums[CASE, "ampacity", METER_S]


def check(ours: Figures, sums: dict[tuple[str, str, float], Figures]) -> None:
    """Promises that could be kept are, the fuse holds, and it is cheaper than without."""
    assert ours.errors == 0
    assert ours.missed == 0
    assert ours.unmet_wh < 0.001 * ours.charged_wh
    assert ours.theta_max < 0.9
    assert ours.above_fuse_s == 0.0
    best = sums[CASE, BEST, METER_S]
    assert best.total <= ours.total < sums[CASE, "at once", METER_S].total
    assert ours.total < sums[CASE, "night timer", METER_S].total


def test_two_days(record_property: Callable[[str, object], None]) -> None:
    """A pair of days in autumn, with a night, a morning and little sun."""
    sums = replayed((date(2023, 11, 7),), 2)
    ours = told(sums, record_property)
    assert ours.visits == 2
    check(ours, sums)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_sixty_days(record_property: Callable[[str, object], None]) -> None:
    """All seasons: no promise is missed that could be met."""
    sums = replayed(SEASONS, 15)
    ours = told(sums, record_property)
    assert ours.visits > 45
    check(ours, sums)
    share = captured(CASE, "ampacity", METER_S, sums)
    assert share is not None
    assert share > 0.87
