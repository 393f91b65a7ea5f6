"""PV surplus: what would be exported if no car charged from the sun."""

import pytest

from custom_components.ampacity.engine.model import GridReading, Mode, Reading, Site
from custom_components.ampacity.engine.surplus import surplus

from .driver import VOLT, car, running
from .test_headroom import take

SITE = Site(fuse_a=25.0)


@pytest.mark.parametrize(
    ("grid_w", "low_a", "high_a", "sure_w", "hoped_w"),
    [
        (-5000.0, 0.0, 0.0, 4900.0, 4900.0),
        (0.0, 10.0, 10.0, 6800.0, 6800.0),
        (500.0, 6.0, 10.0, 3540.0, 6300.0),
        (2000.0, 0.0, 0.0, -2100.0, -2100.0),
    ],
)
def test_surplus_is_the_export_and_what_cars_take(
    grid_w: float, low_a: float, high_a: float, sure_w: float, hoped_w: float
) -> None:
    """Less 100 W that go on being exported."""
    found = surplus(
        SITE,
        GridReading(power_w=Reading(value=grid_w)),
        [take((low_a,) * 3, (high_a,) * 3)],
    )
    assert found is not None
    assert found.sure_w == pytest.approx(sure_w)
    assert found.hoped_w == pytest.approx(hoped_w)


def test_without_a_direction_there_is_none() -> None:
    """Currents alone do not tell it."""
    grid = GridReading(current_a=(Reading(value=3.0),) * 3)
    assert surplus(SITE, grid, []) is None


def test_fast_car_is_part_of_the_house() -> None:
    """Its power is not up for the solar ones."""
    house = running(car("fast", mode=Mode.FAST), car("sun", mode=Mode.SOLAR), fuse_a=63)
    house.sun_w = 3 * VOLT * 16.0 + 3 * VOLT * 1.0 + 2000.0
    house.run(300)
    assert house.offer("sun") == 0.0
    assert house.decision("sun").reason.values["surplus_w"] == pytest.approx(1900.0)


def test_view_shows_the_house_without_the_cars() -> None:
    """Grid, sun and cars add up."""
    house = running(car(mode=Mode.FAST))
    house.solar_sensor, house.sun_w = True, 6900.0
    house.tick()
    view = house.result.view
    assert view.home_w == pytest.approx(3 * VOLT)
    assert view.grid_w == pytest.approx(3 * VOLT * 17.0 - 6900.0)
    assert view.surplus_w == pytest.approx(6900.0 - 3 * VOLT)
    assert view.headroom_a == pytest.approx((23.75 - 7.0,) * 3)
