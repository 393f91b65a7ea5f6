"""A car that keeps below what it is offered: the sun that it leaves is offered to it as well."""

import pytest

from custom_components.ampacity.engine.model import Mode

from .driver import VOLT, Driver, car, running


def sunny(gap_a: float, sun_a: float, mode: Mode = Mode.SOLAR) -> Driver:
    """Return a house with so much sun on each phase for its car, after a while."""
    driver = running(car("a", mode=mode))
    driver.box.gap_a = gap_a
    driver.sun_w = (sun_a + driver.house_a[0]) * 3 * VOLT + driver.site.export_margin_w
    driver.run(1800)
    return driver


@pytest.mark.parametrize(
    ("gap_a", "sun_a", "offer_a"),
    [
        (0.0, 10.6, 10.0),
        (0.5, 10.6, 11.0),
        (0.5, 10.4, 10.0),
        (1.0, 10.2, 11.0),
        (1.5, 10.6, 10.0),
    ],
    ids=["none", "half", "half of too little", "one", "a car that tapers"],
)
def test_what_a_car_leaves_is_offered_on_top(
    gap_a: float, sun_a: float, offer_a: float
) -> None:
    """Nothing is imported all the same."""
    driver = sunny(gap_a, sun_a)
    assert driver.offer() == offer_a
    assert sum(driver.grid_a) <= 0.0


def test_the_next_car_is_taken_as_it_is() -> None:
    """What was learned of one car is forgotten with it."""
    driver = sunny(0.8, 10.6)
    assert driver.of().gap_a == pytest.approx(0.8, abs=0.05)
    driver.box.plugged = False
    driver.run(60)
    driver.box.plugged = True
    driver.box.gap_a = 0.0
    driver.run(600)
    assert driver.of().gap_a == 0.0
    assert driver.offer() == 10.0


def test_limits_count_on_what_is_offered() -> None:
    """A car may take all of its offer at any time, so no fuse is lent what it leaves."""
    driver = running(car("a", mode=Mode.FAST), fuse_a=16.0)
    driver.box.gap_a = 0.8
    driver.house_a = [5.0, 5.0, 5.0]
    driver.run(600)
    assert driver.offer() <= 16.0 * 0.95 - 5.0
