"""What a car takes: measured, expected, on its way, beyond its offer."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    Fault,
    Reading,
    Site,
)
from custom_components.ampacity.engine.state import ChargerState, Orders
from custom_components.ampacity.engine.take import Take, site_phases, take_of

SITE = Site(fuse_a=25.0)
THREE = Charger(id="a", settle_s=10.0)
NOW_S = 1000.0


def amps(*values: float, age_s: float = 0.0) -> tuple[Reading, ...]:
    """Return readings of a current on each phase."""
    return tuple(Reading(value=value, age_s=age_s) for value in values)


def taken(
    orders: Orders,
    charger: Charger = THREE,
    status: ChargerStatus = ChargerStatus.CHARGING,
    **reading: Any,
) -> Take:
    """Return what a charger with these orders and readings takes."""
    state = ChargerState(orders=orders)
    found = ChargerReading(status=status, **reading)
    return take_of(SITE, charger, found, state, NOW_S)


LONG_AGO = Orders(offer_a=16.0, at_s=NOW_S - 500.0)
"""Told 16 A, and had all the time to follow."""
JUST_NOW = Orders(
    offer_a=6.0, at_s=NOW_S - 3.0, before_low_a=(15.0,) * 3, before_high_a=(16.0,) * 3
)
"""Sent from 15 or 16 A down to 6 A three seconds ago."""


@pytest.mark.parametrize(
    ("phases", "phase_map", "site_phases_", "expected"),
    [
        (3, (1, 2, 0), 3, (1, 2, 0)),
        (3, None, 3, (0, 1, 2)),
        (1, (2,), 3, (2,)),
        (1, (2, 0, 1), 3, (2,)),
        (1, None, 3, None),
        (1, None, 1, (0,)),
        (3, (1, 2, 0), 1, (0,)),
    ],
)
def test_phases_that_a_charger_loads(
    phases: int,
    phase_map: tuple[int, ...] | None,
    site_phases_: int,
    expected: tuple[int, ...] | None,
) -> None:
    """As configured, or all of them, or nobody knows."""
    charger = Charger(id="a", phases=phases, phase_map=phase_map)
    assert site_phases(replace(SITE, phases=site_phases_), charger) == expected


def test_measured_currents_count_phase_by_phase() -> None:
    """A car of one phase on a charger of three."""
    take = taken(LONG_AGO, current_a=amps(15.2, 0.1, 0.0))
    assert take.low_a == take.high_a == (15.2, 0.1, 0.0)
    assert take.low_w == pytest.approx(15.3 * 230.0)
    assert (take.now_a, take.settled, take.measured) == (15.2, True, True)


def test_power_is_spread_when_there_are_no_currents() -> None:
    """9 kW are 13 A on each phase."""
    take = taken(LONG_AGO, power_w=Reading(value=8970.0))
    assert take.low_a == pytest.approx((13.0,) * 3)


@pytest.mark.parametrize(
    ("status", "expected_a"),
    [
        (ChargerStatus.CHARGING, 16.0),
        (ChargerStatus.CONNECTED, 0.0),
        (ChargerStatus.FINISHED, 0.0),
        (ChargerStatus.DISCONNECTED, 0.0),
    ],
)
def test_without_sensors_the_offer_counts_while_it_charges(
    status: ChargerStatus, expected_a: float
) -> None:
    """Nothing else is known."""
    take = taken(LONG_AGO, status=status)
    assert take.low_a == take.high_a == (expected_a,) * 3
    assert not take.measured


def test_unplugged_car_takes_nothing_whatever_the_sensor_says() -> None:
    """A sensor may hang on its last value."""
    take = taken(
        LONG_AGO, status=ChargerStatus.DISCONNECTED, current_a=amps(16.0, 16.0, 16.0)
    )
    assert take.high_a == (0.0,) * 3


def test_on_its_way_it_is_between_where_it_was_and_where_it_goes() -> None:
    """What raises counts on 6 A, what only holds may hope for what it still takes."""
    fresh = taken(JUST_NOW, current_a=amps(14.0, 14.0, 14.0))
    assert (fresh.low_a, fresh.high_a) == ((6.0,) * 3, (14.0,) * 3)
    old = taken(JUST_NOW, current_a=amps(15.5, 15.5, 15.5, age_s=8.0))
    assert (old.low_a, old.high_a) == ((6.0,) * 3, (16.0,) * 3)
    assert not fresh.settled


def test_reading_from_before_it_followed_is_not_trusted_alone() -> None:
    """The time is over, the sensor has not been heard since."""
    orders = replace(JUST_NOW, at_s=NOW_S - 20.0)
    take = taken(orders, current_a=amps(15.5, 15.5, 15.5, age_s=15.0))
    assert take.settled
    assert take.low_a == (6.0,) * 3


def test_very_old_sensor_may_only_tell_changes_or_be_dead() -> None:
    """Both are allowed for: what it said, and what is expected."""
    take = taken(LONG_AGO, current_a=amps(9.0, 9.0, 9.0, age_s=300.0))
    assert (take.low_a, take.high_a) == ((9.0,) * 3, (16.0,) * 3)


@pytest.mark.parametrize("offer_a", [0.0, 10.0])
def test_what_goes_beyond_the_offer_is_no_room_for_others(offer_a: float) -> None:
    """It is not given back when the charger is told to: it is load of the house."""
    take = taken(replace(LONG_AGO, offer_a=offer_a), current_a=amps(16.0, 16.0, 16.0))
    assert take.low_a == take.high_a == (offer_a,) * 3
    assert take.high_w == pytest.approx(offer_a * 690.0)
    assert (take.drawn_a, take.now_a) == (16.0, 16.0)


@pytest.mark.parametrize("value", [1600.0, -16_000.0, float("nan"), float("inf")])
def test_absurd_sensor_is_not_used(value: float) -> None:
    """A current in mA would make room for a whole street."""
    take = taken(LONG_AGO, current_a=amps(value, 16.0, 16.0))
    assert take.high_a == (16.0,) * 3
    take = taken(LONG_AGO, power_w=Reading(value=value * 1000.0))
    assert take.high_a == (16.0,) * 3


def test_sign_of_the_sensor_does_not_matter() -> None:
    """Some count what goes out as minus."""
    assert taken(LONG_AGO, current_a=amps(-8.0, -8.0, -8.0)).low_a == (8.0,) * 3
    assert taken(LONG_AGO, power_w=Reading(value=-6900.0)).low_a == pytest.approx(
        (10.0,) * 3
    )


def test_missing_phase_falls_back_to_power() -> None:
    """Two of three currents are no currents."""
    take = taken(
        LONG_AGO,
        current_a=(*amps(5.0, 5.0), Reading(fault=Fault.MISSING)),
        power_w=Reading(value=6900.0),
    )
    assert take.low_a == pytest.approx((10.0,) * 3)
