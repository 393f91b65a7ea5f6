"""Shares, costs and counters, number by number."""

import pytest

from custom_components.ampacity.engine.session import (
    Prices,
    Session,
    add_energy,
    counter_step_wh,
    solar_share,
)

from .driver import NOON


@pytest.mark.parametrize(
    ("grid_w", "solar_w", "cars_w", "share"),
    [
        # With a solar sensor: spread over all that is used at home
        (0.0, 8000.0, 7000.0, 1.0),
        (-3000.0, 8000.0, 4000.0, 1.0),
        (4000.0, 4000.0, 7000.0, 0.5),
        (8000.0, 0.0, 7000.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        # Without one: what is imported goes to the cars
        (0.0, None, 7000.0, 1.0),
        (-500.0, None, 7000.0, 1.0),
        (3500.0, None, 7000.0, 0.5),
        (9000.0, None, 7000.0, 0.0),
        (100.0, None, 0.0, 0.0),
        # Without a meter nothing is promised
        (None, 8000.0, 7000.0, 0.0),
    ],
)
def test_share_of_the_sun(
    grid_w: float | None, solar_w: float | None, cars_w: float, share: float
) -> None:
    """Between 0 and 1, whatever is measured."""
    assert solar_share(grid_w, solar_w, cars_w) == pytest.approx(share)


def test_cost_is_grid_and_what_was_not_fed_in() -> None:
    """10 kWh, 60 % of it from the sun, at 0.30 and 0.08."""
    session = Session(started=NOON)
    prices = Prices(import_price=0.30, feed_in_price=0.08)
    for _ in range(10):
        session = add_energy(session, 1000.0, 0.6, prices)
    assert session.energy_wh == pytest.approx(10_000.0)
    assert session.solar_share == pytest.approx(0.6)
    assert session.cost == pytest.approx(4 * 0.30 + 6 * 0.08)


def test_empty_session_has_no_share() -> None:
    """Nothing of nothing."""
    assert Session(started=NOON).solar_share is None


@pytest.mark.parametrize(
    ("before_wh", "after_wh", "dt_s", "step_wh"),
    [
        (100.0, 130.0, 10.0, 30.0),
        (100.0, 100.0, 10.0, 0.0),
        (100.0, 99.0, 10.0, None),
        (100.0, 0.0, 10.0, None),
        (100.0, 100.0 + 139.0, 10.0, None),  # above 50 kW
        (100.0, 100.0 + 138.0, 10.0, 138.0),
        (100.0, 101.0, 0.0, 1.0),
    ],
)
def test_step_of_a_counter(
    before_wh: float, after_wh: float, dt_s: float, step_wh: float | None
) -> None:
    """Back or far ahead it tells nothing."""
    assert counter_step_wh(before_wh, after_wh, dt_s) == step_wh
