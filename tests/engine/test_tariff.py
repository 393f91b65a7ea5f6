"""What a kWh costs at a moment: formula, windows, seasons, holidays, and guesses."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.ampacity.engine.model import GridReading, Site, Snapshot
from custom_components.ampacity.engine.outlook import SLOT, Outlook
from custom_components.ampacity.engine.prices import PriceSeries, PriceSpan
from custom_components.ampacity.engine.tariff import (
    Formula,
    Tariff,
    TariffWindow,
    at_present_prices,
    count_slots,
    filled,
    moves,
)

BERLIN = ZoneInfo("Europe/Berlin")
HELSINKI = ZoneInfo("Europe/Helsinki")
HOUR = timedelta(hours=1)
WEEKDAYS = frozenset(range(5))
NIGHT = TariffWindow(
    formula=Formula(factor=0.0, addend=0.2),
    days=WEEKDAYS,
    start=time(22),
    end=time(6),
)
SUNDAY = TariffWindow(formula=Formula(factor=0.0, addend=0.1), days=frozenset({6}))
WINTER_EVENING = TariffWindow(
    formula=Formula(factor=1.25, addend=0.5),
    start=time(17),
    end=time(21),
    months=frozenset({11, 12, 1, 2}),
)


def local(text: str) -> datetime:
    """Return a local time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_one_price() -> None:
    """A fixed price does not care what is published."""
    tariff = Tariff.fixed(0.32)
    assert tariff.price(99.0, local("2026-03-02 12:00")) == 0.32


@pytest.mark.parametrize(
    ("formula", "published", "paid"),
    [
        (Formula(), 0.1, 0.1),
        (Formula(factor=1.19, addend=0.15), 0.1, 0.269),
        (Formula(factor=1.19, addend=0.15), -0.2, -0.088),
    ],
)
def test_formula(formula: Formula, published: float, paid: float) -> None:
    """Taxes multiply, surcharges add; prices may be below 0."""
    tariff = Tariff(formula=formula)
    assert tariff.price(published, local("2026-03-02 12:00")) == pytest.approx(paid)


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        ("2026-03-02 21:59", 0.3),  # Monday
        ("2026-03-02 22:00", 0.2),
        ("2026-03-03 05:59", 0.2),
        ("2026-03-03 06:00", 0.3),
        ("2026-03-07 05:00", 0.2),  # Saturday, Friday's night
        ("2026-03-07 23:00", 0.3),
        ("2026-03-08 00:00", 0.1),  # Sunday, all day
        ("2026-03-08 23:59", 0.1),
        ("2026-03-09 05:00", 0.3),  # Monday, after no night of a weekday
    ],
)
def test_windows_of_the_week(moment: str, price: float) -> None:
    """A window belongs to the day on which it starts; one that ends when it starts is a day."""
    tariff = Tariff(formula=Tariff.fixed(0.3).formula, windows=(NIGHT, SUNDAY))
    assert tariff.price(0.0, local(moment)) == price


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        ("2026-05-01 12:00", 0.1),  # a Friday
        ("2026-05-01 23:00", 0.1),
        ("2026-05-02 05:00", 0.3),  # no night began on the holiday
        ("2026-04-30 23:00", 0.2),
        ("2026-05-01 05:00", 0.2),  # the night of Thursday
    ],
)
def test_a_holiday_is_a_sunday(moment: str, price: float) -> None:
    """On a holiday the windows of a Sunday hold, and not those of its weekday."""
    tariff = Tariff(formula=Tariff.fixed(0.3).formula, windows=(NIGHT, SUNDAY))
    assert tariff.price(0.0, local(moment), {date(2026, 5, 1)}) == price


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        ("2026-10-31 18:00", 0.1 * 1.1 + 0.2),
        ("2026-11-01 18:00", 0.1 * 1.25 + 0.5),
        ("2026-11-01 21:00", 0.1 * 1.1 + 0.2),
    ],
)
def test_seasons_and_surcharges(moment: str, price: float) -> None:
    """In some months and hours another formula holds; the published price still counts."""
    tariff = Tariff(formula=Formula(factor=1.1, addend=0.2), windows=(WINTER_EVENING,))
    assert tariff.price(0.1, local(moment)) == pytest.approx(price)


def test_the_first_window_counts() -> None:
    """Where two overlap, the upper one holds."""
    moment = local("2026-03-08 23:00")
    windows = (SUNDAY, TariffWindow(formula=Formula(factor=0.0, addend=0.9)))
    assert Tariff(formula=Formula(), windows=windows).price(0.0, moment) == 0.1
    assert Tariff(formula=Formula(), windows=windows[::-1]).price(0.0, moment) == 0.9


@pytest.mark.parametrize(
    ("zone", "day", "hours", "dear"),
    [
        (BERLIN, "2026-03-29", 23, 1),
        (BERLIN, "2026-10-25", 25, 3),
        (BERLIN, "2026-06-01", 24, 2),
        (HELSINKI, "2026-03-29", 23, 2),
        (HELSINKI, "2026-10-25", 25, 2),
    ],
)
def test_days_on_which_the_clock_is_set(
    zone: ZoneInfo, day: str, hours: int, dear: int
) -> None:
    """A window from 1 to 3 lasts as long as the clock shows these hours."""
    window = TariffWindow(
        formula=Formula(factor=0.0, addend=1.0), start=time(1), end=time(3)
    )
    tariff = Tariff(formula=Tariff.fixed(0.0).formula, windows=(window,))
    start = datetime.fromisoformat(day).replace(tzinfo=zone)
    end = (start + timedelta(days=1)).astimezone(UTC)
    count = count_slots(end - start.astimezone(UTC))
    assert count == hours * 4
    prices = tariff.prices([0.0] * count, start.astimezone(UTC), zone)
    assert sum(prices) == dear * 4


def series(start: datetime, prices: list[float]) -> PriceSeries:
    """Return hourly prices."""
    return PriceSeries.of(
        PriceSpan(start=start + i * HOUR, end=start + (i + 1) * HOUR, price=price)
        for i, price in enumerate(prices)
    )


def test_known_prices_are_not_touched() -> None:
    """What is published stands as it is."""
    start = datetime(2026, 6, 1, tzinfo=UTC)
    known = series(start, [0.1, -0.2])
    assert filled(known, PriceSeries(), start, 8, BERLIN) == (0.1,) * 4 + (-0.2,) * 4


@pytest.mark.parametrize(
    "noon", ["2026-06-02 12:00", "2026-03-29 12:00", "2026-10-25 12:00"]
)
def test_unknown_hours_are_those_of_the_days_before(noon: str) -> None:
    """An hour without a price gets the mean of the same hour by the clock, over a clock change too."""
    now = local(noon).astimezone(UTC)
    past: list[PriceSpan] = []
    for hours in range(1, 49):
        moment = now - hours * HOUR
        price = moment.astimezone(BERLIN).hour / 100 + (0.02 if hours > 24 else 0.0)
        past.append(PriceSpan(start=moment, end=moment + HOUR, price=price))
    guessed = filled(PriceSeries(), PriceSeries.of(past), now, 48, BERLIN)
    for index in range(0, 48, 4):
        hour = (now + index * SLOT).astimezone(BERLIN).hour
        seen = [one.price for one in past if one.start.astimezone(BERLIN).hour == hour]
        assert guessed[index] == pytest.approx(sum(seen) / len(seen))


def test_older_days_no_longer_count() -> None:
    """What was more than a week ago says nothing."""
    now = datetime(2026, 6, 20, tzinfo=UTC)
    old = series(now - timedelta(days=9), [9.0] * 24)
    assert filled(PriceSeries(), old, now, 4, BERLIN, 0.25) == (0.25,) * 4


def test_hours_never_seen_are_the_mean() -> None:
    """An hour of which nothing is known costs what the others do."""
    now = datetime(2026, 6, 20, tzinfo=UTC)
    known = series(now, [0.1, 0.3])
    prices = filled(known, PriceSeries(), now, 12, BERLIN)
    assert prices[:8] == (0.1,) * 4 + (0.3,) * 4
    assert prices[8:] == pytest.approx((0.2,) * 4)


@pytest.mark.parametrize(
    ("prices", "moving"),
    [([0.3] * 24, False), ([0.3] * 12 + [0.2] * 12, False), ([0.3, 0.2, 0.3], True)],
)
def test_a_price_that_moves(prices: list[float], moving: bool) -> None:
    """One that was changed once is a contract that was changed; one that goes to and fro moves."""
    now = datetime(2026, 6, 20, tzinfo=UTC)
    assert moves(series(now - len(prices) * HOUR, prices), now) is moving


def test_present_prices() -> None:
    """The site costs what the slot does; outside of what is expected, what was configured."""
    start = datetime(2026, 6, 1, tzinfo=UTC)
    zeros = (0.0, 0.0)
    outlook = Outlook(
        start=start,
        import_price=(0.1, 0.2),
        feed_in_price=(0.05, -0.01),
        solar_w=zeros,
        solar_low_w=zeros,
        house_w=zeros,
        house_high_w=zeros,
    )
    site = Site(fuse_a=25.0, import_price=0.3, feed_in_price=0.08)
    snapshot = Snapshot(grid=GridReading(), outlook=outlook)

    def told(moment: datetime) -> tuple[float, float]:
        present = at_present_prices(site, snapshot, moment)
        return present.import_price, present.feed_in_price

    assert told(start) == (0.1, 0.05)
    assert told(start + SLOT) == (0.2, -0.01)
    assert told(start + 2 * SLOT) == (0.3, 0.08)
    assert told(start - timedelta(seconds=1)) == (0.3, 0.08)
    nothing = Snapshot(grid=GridReading())
    assert at_present_prices(site, nothing, start) is site
