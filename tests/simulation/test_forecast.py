"""Tests of the simulated forecasts: as wrong as they say, and no wiser than they may be."""

from array import array
from datetime import UTC, date, datetime, timedelta
from math import log
from statistics import correlation, fmean, pstdev
from typing import override
from zoneinfo import ZoneInfo

import pytest

from custom_components.ampacity.engine.forecast import Spans, energy_between
from simulation.data import site_2023
from simulation.forecast import (
    DAY_MEMORY,
    DAY_SPREAD,
    Knowledge,
    Measured,
    SimulatedOutlook,
    SunForecast,
)
from simulation.series import Series

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2023, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DAYS = 60


def plant() -> Measured:
    """Return two months of a real plant."""
    return Measured(start=START, parts=(site_2023(date(2023, 4, 1), DAYS).pv_w,))


def altered(since: datetime) -> Measured:
    """Return the same plant, with another future."""
    series = site_2023(date(2023, 4, 1), DAYS).pv_w
    first = int((since - START) / timedelta(minutes=1))
    values = array("d", series.values)
    for index in range(first, len(values)):
        values[index] = 12345.0
    pv_w = Series(values=values, period_s=series.period_s, linear=True)
    return Measured(start=START, parts=(pv_w,))


def day_wh(spans: Spans, day: int) -> float:
    """Return what is forecast for a day."""
    return energy_between(spans, START + day * DAY, START + (day + 1) * DAY)


def test_perfect_is_what_will_be() -> None:
    """For comparison, the truth."""
    truth = plant()
    spans = SunForecast(truth=truth, knowledge=Knowledge.PERFECT).spans(START + DAY)
    for span in spans[:48]:
        assert span.energy_wh == truth.hour_wh(span.start)


def test_weather_is_as_wrong_as_it_says() -> None:
    """Unbiased days that scatter as documented, alike the day before; hours off by some 37 %."""
    truth = plant()
    logs, pairs = [], []
    for seed in range(8):
        sun = SunForecast(truth=truth, knowledge=Knowledge.WEATHER, seed=seed)
        row = []
        for day in range(1, DAYS - 4):
            spans = sun.spans(START + day * DAY)
            row.append(log(day_wh(spans, day) / day_wh_true(truth, day)))
            pairs += [
                (span.energy_wh, truth.hour_wh(span.start))
                for span in spans[:24]
                if truth.hour_wh(span.start) > 50.0
            ]
        logs.append(row)
    factors = [value for row in logs for value in row]
    assert fmean(factors) == pytest.approx(-(DAY_SPREAD**2) / 2, abs=0.03)
    assert DAY_SPREAD * 0.9 < pstdev(factors) < DAY_SPREAD * 1.35
    alike = fmean(correlation(row[:-1], row[1:]) for row in logs)
    assert alike == pytest.approx(DAY_MEMORY * 0.75, abs=0.12)
    mean_wh = fmean(true for _, true in pairs)
    rmse_wh = fmean((told - true) ** 2 for told, true in pairs) ** 0.5
    assert 0.32 < rmse_wh / mean_wh < 0.45


def day_wh_true(truth: Measured, day: int) -> float:
    """Return what a day gave."""
    return sum(truth.hour_wh(START + day * DAY + h * HOUR) for h in range(24))


@pytest.mark.parametrize("hours", [30 * 24, 30 * 24 + 13])
def test_realistic_knows_nothing_of_the_future(hours: int) -> None:
    """Another future changes nothing of what is forecast, of the sun or of the house."""
    now = START + hours * HOUR
    told = []
    for truth in (plant(), altered(now)):
        outlook = SimulatedOutlook(
            sun=SunForecast(truth=truth),
            load=truth,
            prices=lambda _, slots: ((0.3,) * slots, (0.08,) * slots),
            zone=BERLIN,
        )
        told.append([outlook(now - 5 * HOUR), outlook(now)])
    assert told[0] == told[1]
    assert max(told[0][1].solar_w) > 1000.0


def test_realistic_is_worse_than_weather_but_no_nonsense() -> None:
    """Its days are off by more than those of a weather service, and right in the mean."""
    truth = plant()
    sun = SunForecast(truth=truth)
    told = [day_wh(sun.spans(START + day * DAY), day) for day in range(20, DAYS - 4)]
    true = [day_wh_true(truth, day) for day in range(20, DAYS - 4)]
    error_wh = fmean((a - b) ** 2 for a, b in zip(told, true, strict=True)) ** 0.5
    assert 0.2 < error_wh / fmean(true) < 0.6
    assert sum(told) / sum(true) == pytest.approx(1.0, abs=0.2)


def test_the_first_day_knows_nothing() -> None:
    """Without a past there is no forecast."""
    spans = SunForecast(truth=plant()).spans(START)
    assert all(span.energy_wh == 0.0 for span in spans)


def test_a_seed_is_wrong_in_the_same_way() -> None:
    """Runs can be repeated; another seed errs otherwise."""

    def told(seed: int) -> Spans:
        sun = SunForecast(truth=plant(), knowledge=Knowledge.WEATHER, seed=seed)
        return sun.spans(START + 3 * DAY)

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_the_outlook_learns() -> None:
    """A forecast that is always a quarter too high is corrected after some weeks."""
    truth = plant()
    outlook = SimulatedOutlook(
        sun=SunForecast(truth=truth, knowledge=Knowledge.PERFECT),
        load=truth,
        prices=lambda _, slots: ((0.3,) * slots, (0.08,) * slots),
        zone=BERLIN,
    )
    dirty = Measured(start=START, parts=tuple(p.scaled(0.8) for p in truth.parts))
    spans = outlook.sun.spans

    class Dirty(SunForecast):
        """The service does not know of the dirt."""

        @override
        def spans(self, now: datetime) -> Spans:
            return spans(now)

    outlook.sun = Dirty(truth=dirty)
    for day in range(1, 25):
        outlook(START + day * DAY)
    noon = START + 24 * DAY + 11 * HOUR
    expected_w = fmean(outlook(noon).solar_w[:4])
    assert expected_w == pytest.approx(dirty.hour_wh(noon), rel=0.05)
