"""How long promised cars could still wait."""

from datetime import timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.capacity import Pool
from custom_components.ampacity.engine.laxity import (
    laxities_s,
    reserve_begins,
    reserve_s,
)
from custom_components.ampacity.engine.need import Need

from .planning.scene import EVENING, outlook

EXPECTED = outlook(slots=96)


def need(firm_wh: float, hours: float, max_w: float = 11_000.0) -> Need:
    """Return a need with a deadline in so many hours."""
    return Need(
        deadline=EVENING + timedelta(hours=hours),
        firm_wh=firm_wh,
        max_w=max_w,
        min_w=1380.0,
    )


def pool(room_w: float, *members: str) -> Pool:
    """Return a limit with the same room in all slots."""
    return Pool(
        id="site", members=frozenset(members), room_w=(room_w,) * EXPECTED.slots
    )


@pytest.mark.parametrize(
    ("one", "hours"),
    [
        (need(11_000.0, 2.0), 1.0),
        (need(22_000.0, 2.0), 0.0),
        (need(33_000.0, 2.0), -1.0),
        (need(11_000.0, -1.0), -2.0),
    ],
)
def test_a_car_alone(one: Need, hours: float) -> None:
    """The time until its deadline less the time that it takes."""
    found = laxities_s({"a": one}, [], None, EVENING)
    assert found["a"] == pytest.approx(hours * 3600.0)


def test_a_limit_makes_it_slower() -> None:
    """11 kWh through 5.5 kW take two hours of three."""
    found = laxities_s(
        {"a": need(11_000.0, 3.0)}, [pool(5500.0, "a")], EXPECTED, EVENING
    )
    assert found["a"] == pytest.approx(3600.0)


def test_who_is_due_later_waits_for_those_before() -> None:
    """Two cars share 11 kW: the second needs its hour and the first one's."""
    needs = {"first": need(11_000.0, 2.0), "second": need(11_000.0, 4.0)}
    found = laxities_s(needs, [pool(11_000.0, *needs)], EXPECTED, EVENING)
    assert found["first"] == pytest.approx(3600.0)
    assert found["second"] == pytest.approx(2.0 * 3600.0)


def test_a_later_car_may_hurry_an_earlier_one() -> None:
    """When both need all until the second deadline, the first must not idle either."""
    needs = {"first": need(11_000.0, 2.0), "second": need(33_000.0, 4.0)}
    found = laxities_s(needs, [pool(11_000.0, *needs)], EXPECTED, EVENING)
    assert found["second"] == pytest.approx(0.0)
    assert found["first"] == pytest.approx(0.0)


def test_what_is_only_wanted_when_cheap_hurries_nobody() -> None:
    """A need without a firm part waits as long as its deadline allows."""
    needs = {"extra": need(0.0, 4.0), "firm": need(22_000.0, 2.0)}
    found = laxities_s(needs, [pool(11_000.0, *needs)], EXPECTED, EVENING)
    assert found["firm"] == pytest.approx(0.0)
    assert found["extra"] == pytest.approx(4.0 * 3600.0)


def test_no_room_at_all_is_late_at_once() -> None:
    """Where the house leaves nothing, no time is left either."""
    found = laxities_s({"a": need(100.0, 2.0)}, [pool(0.0, "a")], EXPECTED, EVENING)
    assert found["a"] <= 0.0


def test_the_reserve_grows_with_the_time_that_charging_takes() -> None:
    """A long charge may lose more on its way than a short one."""
    assert reserve_s(need(55_000.0, 9.0)) > reserve_s(need(5500.0, 9.0)) > 300.0


def test_a_car_that_charges_needs_less_of_a_reserve() -> None:
    """Nobody has to start it: it is followed by the sun for three minutes longer."""
    waiting = need(11_000.0, 4.0)
    assert reserve_s(waiting) == pytest.approx(300.0 + 180.0)
    assert reserve_s(waiting, is_charging=True) == pytest.approx(120.0 + 180.0)
    assert reserve_begins(waiting) == waiting.deadline - timedelta(minutes=8)
    assert reserve_begins(waiting, is_charging=True) == (
        waiting.deadline - timedelta(minutes=5)
    )


@given(
    firm=st.lists(st.floats(0.0, 50_000.0), min_size=2, max_size=5),
    hours=st.lists(st.floats(0.1, 20.0), min_size=5, max_size=5),
    more_wh=st.floats(0.0, 10_000.0),
)
def test_a_greater_need_never_gives_anyone_more_time(
    firm: list[float], hours: list[float], more_wh: float
) -> None:
    """Laxity falls, for all, when one of them needs more."""
    needs = {
        str(i): need(wh, hour)
        for i, (wh, hour) in enumerate(zip(firm, hours, strict=False))
    }
    grown = {**needs, "0": need(firm[0] + more_wh, hours[0])}
    limit = pool(14_000.0, *needs)
    before = laxities_s(needs, [limit], EXPECTED, EVENING)
    after = laxities_s(grown, [limit], EXPECTED, EVENING)
    assert all(after[key] <= before[key] + 1e-6 for key in needs)
