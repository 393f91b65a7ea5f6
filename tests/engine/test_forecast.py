"""Tests of forecast energy: what its moments mean, and how it is cut to slots."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.ampacity.engine.forecast import (
    Span,
    day_end,
    day_start,
    energy_between,
    joined,
    known_until,
    slots_w,
    spans_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime(2026, 4, 27, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def of_service(
    rise: timedelta, fall: timedelta, step: timedelta, peak_w: float, days: int = 3
) -> dict[datetime, float]:
    """Return what Forecast.Solar gives: whole Wh between sunrise and sunset, by the ends of the spans."""
    values: dict[datetime, float] = {}
    for day in range(days):
        moments = [rise]
        while (after := (moments[-1] // step + 1) * step) < fall:
            moments.append(after)
        moments.append(fall)
        # Of a parabola between sunrise and sunset
        length_h = (fall - rise) / HOUR
        parts = [(moment - rise) / (fall - rise) for moment in moments]
        summed_wh = [
            peak_w * length_h * (2 * part**2 - 4 / 3 * part**3) for part in parts
        ]
        values[DAY + timedelta(days=day) + rise] = 0.0
        for moment, before, wh in zip(
            moments[1:], summed_wh, summed_wh[1:], strict=False
        ):
            values[DAY + timedelta(days=day) + moment] = round(wh - before)
    return values


def by_begins(values: dict[datetime, float]) -> dict[datetime, float]:
    """Return it as Home Assistant passes it on since 2026.11: each value moves to the moment before."""
    moments = sorted(values)
    return {before: values[after] for before, after in pairwise(moments)}


def told(values: dict[datetime, float]) -> list[tuple[datetime, datetime, float]]:
    """Return the spans that hold energy."""
    return [
        (span.start, span.end, span.energy_wh)
        for span in spans_of(values)
        if span.energy_wh > 0.0
    ]


def test_ends_are_turned_round() -> None:
    """The first Wh of a day come from sunrise on, the last ones until sunset."""
    values = of_service(4.3 * HOUR, 19.1 * HOUR, HOUR / 2, 5000.0, days=1)
    spans = told(values)
    assert spans[0][:2] == (DAY + 4.3 * HOUR, DAY + 4.5 * HOUR)
    assert spans[-1][:2] == (DAY + 19 * HOUR, DAY + 19.1 * HOUR)
    assert sum(wh for *_, wh in spans) == sum(values.values())


@given(
    rise=st.integers(4 * 3600, 8 * 3600),
    length=st.integers(8 * 3600, 15 * 3600),
    minutes=st.sampled_from([15, 30, 60]),
    peak_w=st.sampled_from([600.0, 5000.0, 12000.0]),
)
def test_ends_and_begins_mean_the_same(
    rise: int, length: int, minutes: int, peak_w: float
) -> None:
    """Whatever the sun does, both ways to name a forecast's moments give the same spans."""
    step_s = minutes * 60
    dawn_s, dusk_s = -rise % step_s, (rise + length) % step_s
    # Within seconds of the raster at both ends, nothing tells them apart
    assume(max(dawn_s, dusk_s) > 300 and abs(dawn_s - dusk_s) > 60)
    assume(dawn_s > 0 and dusk_s > 0)
    values = of_service(
        timedelta(seconds=rise),
        timedelta(seconds=rise + length),
        timedelta(minutes=minutes),
        peak_w,
    )
    ends, begins = told(values), told(by_begins(values))
    # The very last sunset is not named where moments are begins
    assert ends[:-1] == begins[:-1]
    assert ends[-1][0] == begins[-1][0]


def test_nights_left_out_and_the_usual_step() -> None:
    """Half hours with the night left out, as Solcast gives them: begins, none lasts through the night."""
    values = {
        DAY + timedelta(days=day, minutes=minute): 100.0
        for day in (0, 1)
        for minute in range(360, 1200, 30)
    }
    spans = spans_of(values)
    assert all(span.end - span.start == timedelta(minutes=30) for span in spans)
    assert spans[0].start == DAY + 6 * HOUR
    assert energy_between(spans, DAY, DAY + timedelta(days=2)) == 2 * 28 * 100.0


@pytest.mark.parametrize(
    ("values", "spans"),
    [
        ({}, []),
        ({DAY: 500.0}, [(0.0, 1.0, 500.0)]),
        ({DAY: float("nan"), DAY + HOUR: 500.0}, [(1.0, 2.0, 500.0)]),
        ({DAY: -3.0, DAY + HOUR: 5.0}, [(0.0, 1.0, 0.0), (1.0, 2.0, 5.0)]),
        ({DAY: 800.0, DAY + 24 * HOUR: 9.0}, [(0.0, 1.0, 800.0), (24.0, 25.0, 9.0)]),
    ],
)
def test_odd_forecasts(
    values: dict[datetime, float], spans: list[tuple[float, float, float]]
) -> None:
    """What is missing or wrong is left out; sums of days are not spread over them."""
    assert [
        ((span.start - DAY) / HOUR, (span.end - DAY) / HOUR, span.energy_wh)
        for span in spans_of(values)
    ] == spans


def test_cut_to_slots() -> None:
    """A span that begins inside a slot fills its part of it only."""
    start = DAY + 4 * HOUR
    span = Span(
        start=start + timedelta(minutes=20),
        end=start + timedelta(minutes=60),
        energy_wh=400.0,
        low_wh=100.0,
    )
    other = Span(start=start + HOUR, end=start + 2 * HOUR, energy_wh=1000.0)
    cut = slots_w([span, other], start, 6)
    assert cut == pytest.approx([0.0, 400.0, 600.0, 600.0, 1000.0, 1000.0])
    low = slots_w([span, other], start, 6, low_share=0.5)
    assert low == pytest.approx([0.0, 100.0, 150.0, 150.0, 500.0, 500.0])


MINUTES = st.integers(min_value=0, max_value=3 * 1440)


@given(
    bounds=st.lists(MINUTES, min_size=2, max_size=30, unique=True).map(sorted),
    data=st.data(),
)
def test_cutting_keeps_the_energy(bounds: list[int], data: st.DataObject) -> None:
    """However spans lie, the slots hold what lies inside of them, no more and no less."""
    amounts = data.draw(
        st.lists(
            st.floats(min_value=0.0, max_value=20000.0),
            min_size=len(bounds) - 1,
            max_size=len(bounds) - 1,
        )
    )
    spans = [
        Span(
            start=DAY + timedelta(minutes=left),
            end=DAY + timedelta(minutes=right),
            energy_wh=wh,
        )
        for left, right, wh in zip(bounds, bounds[1:], amounts, strict=False)
    ]
    start, slots = DAY + 12 * HOUR, 192
    inside_wh = energy_between(spans, start, start + 48 * HOUR)
    cut = slots_w(spans, start, slots)
    assert sum(cut) / 4.0 == pytest.approx(inside_wh)
    assert min(cut) >= 0.0


@given(
    wh=st.lists(st.floats(min_value=0.0, max_value=9e3), min_size=1, max_size=72),
    minutes=st.sampled_from([15, 30, 60]),
    day=st.sampled_from([date(2026, 3, 28), date(2026, 10, 24), date(2026, 6, 1)]),
)
def test_even_steps_keep_the_energy(wh: list[float], minutes: int, day: date) -> None:
    """Hourly or finer, on the days when the clocks are set as well."""
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    step = timedelta(minutes=minutes)
    values = {(start + i * step).astimezone(BERLIN): e for i, e in enumerate(wh)}
    cut = slots_w(spans_of(values), start, 300)
    assert sum(cut) / 4.0 == pytest.approx(sum(wh))


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)]
)
def test_days_of_the_clock(day: str, hours: int) -> None:
    """A local day has as many hours as its clock makes it have."""
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BERLIN)
    assert day_end(noon, BERLIN) - day_start(noon, BERLIN) == hours * HOUR
    assert day_start(noon, BERLIN).astimezone(BERLIN).hour == 0


def test_knowledge_ends_with_the_local_day() -> None:
    """The evening after the last span is known to be dark; the next day is not known."""
    spans = spans_of({at("2026-10-24T19:00+02:00"): 5.0})
    later = spans_of({at("2026-10-25T19:00+01:00"): 5.0})
    assert known_until([spans], BERLIN) == at("2026-10-25T00:00+02:00")
    assert known_until([spans, later], BERLIN) == at("2026-10-25T00:00+02:00")
    assert known_until([later], BERLIN) == at("2026-10-26T00:00+01:00")
    assert known_until([spans, ()], BERLIN) is None
    assert known_until([], BERLIN) is None


def test_hours_that_a_source_drops_are_kept() -> None:
    """A source that forgets the past does not make today smaller."""
    before = spans_of({DAY + n * HOUR: 100.0 for n in range(24)})
    fresh = spans_of({DAY + n * HOUR: 200.0 for n in range(12, 36)})
    both = joined(before, fresh)
    assert energy_between(both, DAY, DAY + 24 * HOUR) == 12 * 100.0 + 12 * 200.0
    assert joined(before, ()) == before
