"""What is replayed: sessions folded onto a year, prices, sun and load."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from bench.account import possible_wh
from bench.cases import CASES, FULL_W
from bench.expect import Published, known_until
from bench.inputs import (
    ZONE,
    Contract,
    Visit,
    day_ahead,
    mean_w,
    minute_of,
    users,
    visits,
)

NOON = datetime(2023, 6, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("user", users())
def test_stays_of_a_driver_never_overlap(user: str) -> None:
    """A car is at one place at a time, and long enough to matter."""
    stays = visits(user)
    assert len(stays) > 250
    for before, after in pairwise(stays):
        assert before.unplugged + timedelta(minutes=5) <= after.plugged
    assert all(stay.plugged < stay.ready_by < stay.unplugged for stay in stays)
    assert all(stay.plugged.astimezone(ZONE).year == 2023 for stay in stays)


def test_a_stay_keeps_its_weekday_and_time() -> None:
    """The first of a driver: a Tuesday at 20:09."""
    stays = visits("OSL_S_KT143")
    found = [
        one
        for one in stays
        if one.plugged.astimezone(ZONE).strftime("%a %H:%M") == "Tue 20:09"
    ]
    assert found


def test_what_a_window_cannot_carry_is_not_missing() -> None:
    """Half an hour carries some 5 kWh, whatever is asked for."""
    stay = Visit(
        plugged=NOON, unplugged=NOON + timedelta(minutes=31), energy_wh=30_000.0
    )
    assert possible_wh(stay) == pytest.approx(FULL_W / 2.0)


def test_price_of_a_contract() -> None:
    """Fees before tax; a fixed price does not look at the exchange."""
    assert Contract().price(0.10) == pytest.approx(0.31535)
    assert Contract(fixed=0.31).price(0.10) == 0.31
    assert Contract(addend=0.0, factor=1.0).price(-0.05) == -0.05


@pytest.mark.parametrize(
    ("hour", "days"), [(12, 1), (13, 2)], ids=["before one", "from one on"]
)
def test_prices_are_published_at_one(hour: int, days: int) -> None:
    """Those of the next day are known from 13:00 local time on."""
    moment = datetime(2023, 6, 20, hour, 30, tzinfo=ZONE)
    midnight = datetime(2023, 6, 20 + days, tzinfo=ZONE)
    assert known_until(moment) == midnight


def test_what_is_not_published_is_not_known() -> None:
    """Up to the end of what is published prices are right, afterwards guessed from the past."""
    moment = datetime(2023, 6, 20, 12, 0, tzinfo=ZONE).astimezone(UTC)
    prices, feed_in = Published(case=CASES["both"]).slots(moment, 192)
    hours = [(moment + timedelta(minutes=15 * n)).replace(minute=0) for n in range(192)]
    true = [Contract().price(day_ahead()[hour]) for hour in hours]
    known = (known_until(moment) - moment) // timedelta(minutes=15)
    assert list(prices[:known]) == pytest.approx(true[:known])
    assert list(prices[known:]) != pytest.approx(true[known:])
    assert feed_in == (0.08,) * 192


def test_house_and_sun_of_a_day() -> None:
    """By night there is no sun, at noon in June there is plenty."""
    load_w, sun_w = mean_w(minute_of(NOON), minute_of(NOON) + 60)
    assert sun_w > 3000.0
    assert load_w > 0.0
    night = minute_of(NOON + timedelta(hours=13))
    assert mean_w(night, night + 60)[1] == 0.0
    assert date(2023, 6, 20) == NOON.date()
