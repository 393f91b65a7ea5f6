"""Published prices: order, overlaps, gaps, and the mean of each quarter of an hour."""

from datetime import UTC, datetime, timedelta, timezone
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.outlook import SLOT
from custom_components.ampacity.engine.prices import PriceSeries, PriceSpan

START = datetime(2026, 3, 28, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def span(begin_h: float, end_h: float, price: float) -> PriceSpan:
    """Return a price between two hours after the start."""
    return PriceSpan(
        start=START + begin_h * HOUR, end=START + end_h * HOUR, price=price
    )


def told(series: PriceSeries) -> list[tuple[float, float, float]]:
    """Return a series as hours after the start and prices."""
    return [
        ((one.start - START) / HOUR, (one.end - START) / HOUR, one.price)
        for one in series.spans
    ]


def test_order_and_overlaps() -> None:
    """Spans are sorted, cut at the next one, and the later in the list counts."""
    series = PriceSeries.of(
        [span(2, 3, 0.3), span(0, 2, 0.1), span(1, 2, 0.2), span(2, 3, -0.3)]
    )
    assert told(series) == [(0, 1, 0.1), (1, 2, 0.2), (2, 3, -0.3)]
    assert (series.start, series.end) == (START, START + 3 * HOUR)


@pytest.mark.parametrize(
    "bad",
    [span(1, 1, 0.2), span(2, 1, 0.2), span(1, 2, math.nan), span(1, 2, math.inf)],
)
def test_what_is_no_price_is_left_out(bad: PriceSpan) -> None:
    """A span without length or without a number says nothing."""
    assert told(PriceSeries.of([bad, span(0, 1, 0.1)])) == [(0, 1, 0.1)]


def test_other_zones_are_turned_into_utc() -> None:
    """Times may come in any zone, but in one."""
    east = timezone(timedelta(hours=2))
    one = PriceSpan(
        start=START.astimezone(east), end=(START + HOUR).astimezone(east), price=0.1
    )
    (kept,) = PriceSeries.of([one]).spans
    assert kept.start.tzinfo is UTC
    naive = PriceSpan(start=datetime(2026, 1, 1), end=START, price=0.1)
    with pytest.raises(ValueError, match="time zone"):
        PriceSeries.of([naive])


@pytest.mark.parametrize(
    ("hour", "price"), [(-0.1, None), (0, 0.1), (0.99, 0.1), (1, None), (2, 0.2)]
)
def test_price_of_a_moment(hour: float, price: float | None) -> None:
    """A span begins with its start and ends before its end."""
    series = PriceSeries.of([span(0, 1, 0.1), span(2, 3, 0.2)])
    assert series.at(START + hour * HOUR) == price


def test_known_until_a_gap() -> None:
    """Known is what follows without a gap from the moment on."""
    series = PriceSeries.of([span(0, 1, 0.1), span(1, 2, 0.2), span(3, 4, 0.3)])
    assert series.known_until(START) == START + 2 * HOUR
    assert series.known_until(START + 3 * HOUR) == START + 4 * HOUR
    assert series.known_until(START + 2 * HOUR) is None
    assert PriceSeries().known_until(START) is None


def test_new_prices_count_before_old_ones() -> None:
    """What was known stays where the new says nothing."""
    older = PriceSeries.of([span(0, 4, 0.1), span(5, 6, 0.5)])
    newer = PriceSeries.of([span(1, 2, 0.2), span(3, 5, 0.3)])
    assert told(newer.over(older)) == [
        (0, 1, 0.1),
        (1, 2, 0.2),
        (2, 3, 0.1),
        (3, 5, 0.3),
        (5, 6, 0.5),
    ]
    assert told(newer.over(PriceSeries())) == told(newer)


def test_between_two_moments() -> None:
    """What reaches beyond is cut."""
    series = PriceSeries.of([span(0, 2, 0.1), span(2, 4, 0.2), span(4, 5, 0.3)])
    cut = series.within(START + HOUR, START + 3 * HOUR)
    assert told(cut) == [(1, 2, 0.1), (2, 3, 0.2)]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([span(0, 1, 0.4)], [0.4, 0.4, 0.4, 0.4, None]),
        ([span(0, 0.5, 0.1), span(0.5, 1, 0.3)], [0.1, 0.1, 0.3, 0.3, None]),
        ([span(0, 0.25, 0.1), span(0.5, 0.75, 0.3)], [0.1, None, 0.3, None, None]),
        # 5 min at 0.1 and 10 min at 0.4
        (
            [span(0, 1 / 12, 0.1), span(1 / 12, 0.25, 0.4)],
            [0.3, None, None, None, None],
        ),
        ([span(-5, 0.125, 0.2)], [0.2, None, None, None, None]),
        ([span(1, 9, -0.1)], [None, None, None, None, -0.1]),
    ],
)
def test_slots(spans: list[PriceSpan], expected: list[float | None]) -> None:
    """Each quarter of an hour has the mean over time of what is known of it."""
    slots = PriceSeries.of(spans).slots(START, 5)
    assert slots == pytest.approx(tuple(expected))


MINUTES = st.integers(min_value=1, max_value=180)
PRICES = st.floats(min_value=-5.0, max_value=5.0)


@given(
    parts=st.lists(st.tuples(MINUTES, PRICES), min_size=1, max_size=60),
    shift_min=st.integers(min_value=0, max_value=14),
)
def test_slots_keep_length_and_mean(
    parts: list[tuple[int, float]], shift_min: int
) -> None:
    """Whatever the spans, the whole of the slots costs what the whole of the spans does."""
    begin = START + timedelta(minutes=shift_min)
    spans = []
    moment = begin
    for minutes, price in parts:
        end = moment + timedelta(minutes=minutes)
        spans.append(PriceSpan(start=moment, end=end, price=price))
        moment = end
    # filled up with 1.0 to whole slots on both sides
    count = -((START - moment) // SLOT)
    last = START + count * SLOT
    edges = [
        PriceSpan(start=START, end=begin, price=1.0),
        PriceSpan(start=moment, end=last, price=1.0),
    ]
    series = PriceSeries.of([*spans, *edges])
    slots = series.slots(START, count)
    assert None not in slots
    total = sum(
        one.price * (one.end - one.start).total_seconds() for one in series.spans
    )
    in_slots = sum(price for price in slots if price is not None)
    assert in_slots * SLOT.total_seconds() == pytest.approx(total, abs=1e-6)
    length = sum((one.end - one.start for one in series.spans), timedelta())
    assert length == count * SLOT


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30), PRICES), max_size=20),
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30), PRICES), max_size=20),
)
def test_series_are_always_in_order(
    newer: list[tuple[int, int, float]], older: list[tuple[int, int, float]]
) -> None:
    """After any merge spans follow each other, and the newer prices hold."""
    new, old = (
        PriceSeries.of(
            [span(begin, begin + length, price) for begin, length, price in each]
        )
        for each in (newer, older)
    )
    merged = new.over(old)
    for one, following in zip(merged.spans, merged.spans[1:], strict=False):
        assert one.start < one.end <= following.start
    for one in new.spans:
        assert merged.at(one.start) == one.price
    for one in old.spans:
        assert merged.at(one.start) is not None
