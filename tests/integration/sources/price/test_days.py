"""Every source on usual days and on those with 23 and 25 hours, before and after tomorrow's prices."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.sources.price import PriceSource

from .cases import CASES
from .market import Market, green_planet, midnight, price_at, register, serve

SET = ("2026-03-29", "2026-10-25")
"""The days on which the clock is set."""
DAYS = [
    *(("Europe/Berlin", f"2026-{day}") for day in ("01-15", "03-28", "10-24")),
    *((zone, day) for zone in ("Europe/Berlin", "Europe/Helsinki") for day in SET),
]


@pytest.mark.parametrize("published", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("zone", "local_day"), DAYS)
@pytest.mark.parametrize("name", CASES)
async def test_all_that_is_published_is_known(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    name: str,
    zone: str,
    local_day: str,
    published: bool,
) -> None:
    """Each span has its price, from midnight or from now on to the end of what is published."""
    await hass.config.async_set_time_zone(zone)
    day = date.fromisoformat(local_day)
    case = CASES[name]
    clock = time(15, 7) if published else time(11, 7)
    now = datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
    freezer.move_to(now)
    until = midnight(day + timedelta(days=2 if published else 1), case.zone or zone)
    market = Market(hass=hass, zone=case.zone or zone, step=case.step, until=until)
    source = PriceSource(case.set_up(market))
    start, end = midnight(day, zone), midnight(day + timedelta(days=4), zone)

    series = await source.async_fetch(hass, start, end)

    assert series is not None
    assert (source.problem, source.has_forecast) == (None, True)
    # the market may be ahead of the local day, which is not asked for beyond tomorrow
    last = min(until, midnight(day + timedelta(days=2), zone))
    first = market.ahead[0][0] if case.from_now else start
    moment = first
    while moment < last:
        assert series.at(moment) == pytest.approx(price_at(moment)), moment
        later = moment + case.step - timedelta(seconds=1)
        assert series.at(later) == pytest.approx(price_at(moment)), later
        moment += case.step
    known_until = series.known_until(first)
    assert known_until is not None
    assert known_until >= last
    if name != "energidataservice":
        assert series.at(until) is None


@pytest.mark.parametrize(
    ("day", "clock", "slots"),
    [
        (date(2026, 1, 15), time(15), 96),
        (date(2026, 3, 28), time(15), 92),
        (date(2026, 10, 24), time(15), 100),
    ],
)
async def test_green_planet_energy(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    day: date,
    clock: time,
    slots: int,
) -> None:
    """It counts 24 hours by the clock on the wall, whatever happens to the clock meanwhile."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    now = datetime.combine(day, clock, ZoneInfo("Europe/Berlin")).astimezone(UTC)
    freezer.move_to(now)
    until = midnight(day + timedelta(days=2), "Europe/Berlin")
    market = Market(
        hass=hass, zone="Europe/Berlin", step=timedelta(minutes=15), until=until
    )
    serve(hass, "green_planet_energy", "get_prices", lambda x: green_planet(market, x))
    entity_id = register(hass, "green_planet_energy", "gpe_price_now", "0.3")
    series = await PriceSource(entity_id).async_fetch(hass, now, until)
    assert series is not None
    assert series.known_until(now) == now + slots * timedelta(minutes=15)
    told = series.slots(now, slots)
    right = [
        price_at(now + i * timedelta(minutes=15)) == pytest.approx(price)
        for i, price in enumerate(told)
    ]
    # only the hour that comes a second time has the price of the quarter before it
    assert right.count(False) == (4 if slots == 100 else 0)
    assert dt_util.as_local(now + slots * timedelta(minutes=15)).hour == clock.hour
