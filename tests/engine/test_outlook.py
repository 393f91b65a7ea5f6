"""Tests of an outlook that is used later than it was made."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.outlook import SLOT, Outlook

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)


def outlook(slots: int, earlier: int) -> Outlook:
    """Return an outlook whose values are the numbers of its slots."""
    numbers = tuple(float(n) for n in range(slots))
    return Outlook(
        start=START,
        import_price=numbers,
        feed_in_price=numbers,
        solar_w=numbers,
        solar_low_w=numbers,
        house_w=numbers,
        house_high_w=numbers,
        earlier_price=tuple(float(n) for n in range(-earlier, 0)),
    )


@given(minutes=st.integers(-100, 49 * 60))
def test_since(minutes: int) -> None:
    """What is left begins with the slot of the moment, and all values stay with their slots."""
    whole = outlook(192, 88)
    moment = START + timedelta(minutes=minutes)
    left = whole.since(moment, BERLIN)
    if not 0 <= minutes < 48 * 60:
        assert left is None
        return
    assert left is not None
    assert left.start <= moment < left.start + SLOT
    over = minutes // 15
    assert left.import_price == left.house_high_w == whole.solar_w[over:]
    assert left.end == whole.end


@pytest.mark.parametrize(
    ("hours", "earlier"),
    [(0.0, 88), (1.0, 92), (2.0, 0), (3.25, 5), (26.75, 99), (27.0, 0)],
)
def test_earlier_prices_of_the_day(hours: float, earlier: int) -> None:
    """Prices that are over belong to the local day; the one when clocks are set has 25 hours."""
    left = outlook(192, 88).since(START + timedelta(hours=hours), BERLIN)
    assert left is not None
    assert len(left.earlier_price) == earlier
    joined = (*left.earlier_price, *left.import_price)
    assert joined == tuple(float(n) for n in range(int(joined[0]), 192))
