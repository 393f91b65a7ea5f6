"""How much sun cars can expect."""

from datetime import timedelta

import pytest

from custom_components.ampacity.engine.model import (
    Battery,
    BatteryReading,
    BatteryStrategy,
    GridReading,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.planning.sun import expected_sun_w
from custom_components.ampacity.engine.state import BatteryWatch, EngineState

from .scene import EVENING, outlook

NOON = EVENING + timedelta(hours=18)
SUNNY = outlook(
    NOON, 16, solar_w=lambda at: 5400.0 if at < NOON + timedelta(hours=3) else 0.0
)
SPARE_W = 5400.0 - 300.0


def expected(
    battery: Battery | None, soc: float | None, appetite_w: float | None = 2000.0
) -> list[float]:
    """Return the sun for cars of a house with a battery at this charge level."""
    reading = Reading(value=soc) if soc is not None else None
    return expected_sun_w(
        Site(fuse_a=35.0, battery=battery),
        Snapshot(
            grid=GridReading(),
            battery=BatteryReading(soc=reading) if battery else None,
        ),
        EngineState(battery=BatteryWatch(appetite_w=appetite_w)),
        SUNNY,
    )


def test_what_the_house_leaves() -> None:
    """Less the house, and never below nothing; the export margin is not kept where something is bought."""
    assert expected(None, None) == pytest.approx([SPARE_W] * 12 + [0.0] * 4)


@pytest.mark.parametrize(
    ("battery", "soc", "first_wh"),
    [
        (Battery(strategy=BatteryStrategy.BATTERY_FIRST), 80.0, 2000.0),
        (Battery(priority_soc=50.0), 40.0, 1000.0),
        (Battery(priority_soc=50.0), 60.0, 0.0),
        (Battery(priority_soc=50.0, capacity_wh=5000.0), 40.0, 500.0),
        (Battery(strategy=BatteryStrategy.BATTERY_FIRST), None, 0.0),
    ],
)
def test_what_the_battery_takes_first(
    battery: Battery, soc: float | None, first_wh: float
) -> None:
    """Up to its priority, or until it is full where it comes first, no faster than it charges."""
    found = expected(battery, soc)
    taken_w = [SPARE_W - watts for watts in found[:12]]
    assert sum(taken_w) / 4.0 == pytest.approx(first_wh)
    assert max(taken_w) <= 2000.0
    assert taken_w == sorted(taken_w, reverse=True)


def test_a_battery_that_was_never_seen_charging() -> None:
    """It is taken to charge as most do."""
    battery = Battery(strategy=BatteryStrategy.BATTERY_FIRST)
    assert expected(battery, 50.0, None)[0] == pytest.approx(SPARE_W - 3000.0)
