"""Hours that are cheap by their price."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import thread_time
from zoneinfo import ZoneInfo

import pytest

from custom_components.ampacity.engine.cheap import cheap_slots, off_peak_for
from custom_components.ampacity.engine.model import (
    Charger,
    GridReading,
    OffPeak,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.outlook import SLOT, Outlook

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
SITE = Site(fuse_a=25.0, time_zone=BERLIN)
CAR = Charger(id="garage")
HOUR = timedelta(hours=1)


def outlook(hours: list[float], earlier: list[float] | None = None) -> Outlook:
    """Return hourly prices from noon on, and those of the hours before."""
    prices = tuple(price for price in hours for _ in range(4))
    zeros = (0.0,) * len(prices)
    return Outlook(
        start=NOON,
        import_price=prices,
        feed_in_price=zeros,
        solar_w=zeros,
        solar_low_w=zeros,
        house_w=zeros,
        house_high_w=zeros,
        earlier_price=tuple(price for price in earlier or () for _ in range(4)),
    )


def told(
    site: Site,
    charger: Charger,
    expected: Outlook | None,
    now: datetime = NOON,
    off_peak: OffPeak | None = None,
) -> OffPeak | None:
    """Return what a charger is told."""
    snapshot = Snapshot(grid=GridReading(), outlook=expected, off_peak=off_peak)
    return off_peak_for(site, charger, snapshot, now)


def test_nothing_set_leaves_it_to_the_windows() -> None:
    """Without a limit prices have no say."""
    window = OffPeak(active=True, until=NOON + HOUR)
    assert told(SITE, CAR, outlook([0.1]), off_peak=window) is window
    assert told(SITE, CAR, outlook([0.1])) is None


@pytest.mark.parametrize(
    ("hour", "active", "until"),
    [(0, False, 1), (0.9, False, 1), (1, True, 3), (2.5, True, 3), (3, False, None)],
)
def test_below_a_limit(hour: float, active: bool, until: int | None) -> None:
    """It is cheap while the price is no higher than the limit, however long that lasts."""
    site = replace(SITE, cheap_below=0.2)
    found = told(site, CAR, outlook([0.3, 0.2, -0.1, 0.21]), NOON + hour * HOUR)
    end = None if until is None else NOON + until * HOUR
    assert found == OffPeak(active=active, until=end)


def test_a_charger_with_a_limit_goes_by_that_alone() -> None:
    """Neither the site's limit nor its windows make it cheap for it."""
    site = replace(SITE, cheap_below=0.5, cheapest_hours=24.0)
    strict = replace(CAR, price_limit=0.1)
    window = OffPeak(active=True, until=NOON + HOUR)
    found = told(site, strict, outlook([0.3, 0.1]), off_peak=window)
    assert found == OffPeak(active=False, until=NOON + HOUR)
    assert told(site, CAR, outlook([0.3, 0.1]), off_peak=window) == OffPeak(active=True)


def test_without_prices_the_windows_hold() -> None:
    """A limit says nothing while no price is expected for now."""
    strict = replace(CAR, price_limit=0.1)
    window = OffPeak(active=True, until=NOON + HOUR)
    assert told(SITE, strict, None, off_peak=window) is window
    late = NOON + 5 * HOUR
    assert told(SITE, strict, outlook([0.3]), late, window) is window


def test_windows_and_prices_add_up() -> None:
    """It is cheap while either says so, until the last of both ends."""
    site = replace(SITE, cheap_below=0.2)
    expected = outlook([0.1, 0.3, 0.3])
    window = OffPeak(active=True, until=NOON + 2 * HOUR)
    both = told(site, CAR, expected, off_peak=window)
    assert both == OffPeak(active=True, until=NOON + 2 * HOUR)
    only_window = told(site, CAR, expected, NOON + HOUR, window)
    assert only_window == OffPeak(active=True, until=NOON + 2 * HOUR)
    closed = OffPeak(active=False, until=NOON + 9 * HOUR)
    assert told(site, CAR, expected, NOON + HOUR, closed) == closed


def hours_of(site: Site, expected: Outlook) -> list[int]:
    """Return which hours from the first one on are cheap."""
    cheap = cheap_slots(site, CAR, expected)
    assert cheap is not None
    return [index // 4 for index in range(0, len(cheap), 4) if cheap[index]]


def test_the_cheapest_hours_of_the_day() -> None:
    """The hours that are over count as well: they may have been the cheap ones."""
    site = replace(SITE, cheapest_hours=3.0)
    morning = [0.5, 0.5, 0.1, 0.1] + [0.5] * 8
    rest = [0.4, 0.2] + [0.5] * 10
    assert hours_of(site, outlook(rest, morning)) == [1]
    assert hours_of(site, outlook(rest)) == [0, 1, 2]


def test_each_day_has_its_own() -> None:
    """Tomorrow's cheapest hours are found among tomorrow's, by the local day."""
    site = replace(SITE, cheapest_hours=2.0)
    morning = [0.9] * 12
    today = [0.5, 0.4, 0.3] + [0.5] * 9
    tomorrow = [0.8, 0.7] + [0.9] * 22
    assert hours_of(site, outlook(today + tomorrow, morning)) == [1, 2, 12, 13]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_the_clock_is_set(day: str, hours: int) -> None:
    """A day is from midnight to midnight, however long that is."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=BERLIN).astimezone(UTC)
    site = replace(SITE, cheapest_hours=1.0)
    prices = [0.5] * (hours - 1) + [0.1] + [0.05] + [0.5] * 23
    expected = replace(outlook(prices), start=midnight)
    assert hours_of(site, expected) == [hours - 1, hours]


def test_either_way_is_cheap() -> None:
    """Below the limit or among the cheapest."""
    site = replace(SITE, cheap_below=0.35, cheapest_hours=1.0)
    assert hours_of(site, outlook([0.3, 0.2, 0.4, 0.34])) == [0, 1, 3]
    quarter = replace(SITE, cheapest_hours=0.5)
    cheap = cheap_slots(quarter, CAR, outlook([0.3, 0.2]))
    assert cheap == (False,) * 4 + (True, True, False, False)


def test_a_hundred_chargers_ask_in_no_time() -> None:
    """The same outlook is looked through once, so that a decision stays quick."""
    site = replace(SITE, cheapest_hours=4.0)
    expected = outlook([index % 7 / 10 for index in range(72)], [0.3] * 12)
    told(site, CAR, expected)
    began = thread_time()
    for _ in range(100):
        told(site, CAR, expected, NOON + 3 * SLOT)
    assert thread_time() - began < 0.05
